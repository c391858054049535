"""Reads of the outbox."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from lms import clock
from lms.db import db
from lms.mail import rules
from lms.mail.models import Message
from lms.mail.rules import Figures, Hours, State, Trouble

PAGE = 50
COUNTED = timedelta(days=30)


def quiet_hours() -> Hours:
    """The quiet hours of this installation."""
    hours: Hours = current_app.config["MAIL_HOURS"]
    return hours


def counts() -> dict[str, int]:
    """How many messages of the last thirty days are in each state."""
    recent = sa.select(Message.state, sa.func.count()).where(Message.created_at > clock.now() - COUNTED)
    return dict(db.session.execute(recent.group_by(Message.state)).all())


def messages(*, before: int | None = None, limit: int = PAGE) -> Sequence[Message]:
    """The messages, newest first; their texts are not read."""
    found = sa.select(Message).options(sa.orm.defer(Message.body)).order_by(Message.id.desc()).limit(limit)
    return db.session.scalars(found.where(Message.id < before) if before else found).all()


def stuck(limit: int = PAGE) -> Sequence[Message]:
    """What has not left, or may not have left, and is not tried any more; newest first."""
    found = sa.select(Message).options(sa.orm.defer(Message.body)).where(Message.state.in_(rules.STUCK))
    return db.session.scalars(found.order_by(Message.id.desc()).limit(limit)).all()


def figures() -> Figures:
    """Since when the oldest message has been due, and how the last deliveries went, the latest first."""
    waiting = Message.state.in_((State.QUEUED, State.SENDING))
    tried = sa.select(Message.state).where(Message.tried_at.is_not(None)).order_by(Message.tried_at.desc())
    last = db.session.scalars(tried.limit(rules.DELIVERIES)).all()
    oldest = db.session.scalar(sa.select(sa.func.min(Message.due_at)).where(waiting))
    return Figures(oldest, [state == State.SENT for state in last])


def health() -> Trouble | None:
    """Whether mail has stopped working, and how one sees it."""
    return rules.trouble(figures(), clock.now(), quiet_hours())
