"""Who did what to whom, and when: an append-only table, one line for each write of consequence."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from flask_login import current_user
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.db import Base, db

_actor: ContextVar[tuple[int | None, str]] = ContextVar("actor", default=(None, "system"))


class AuditEntry(Base):
    """One act. `action` is a code such as `goals.credit`; its words are the message `audit.goals.credit`."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str | None]


_adding = sa.insert(AuditEntry).inline()


def record(action: str, subject: object, **detail: Any) -> None:
    """Add a line to the audit. `subject` is a model instance, or a text such as `unit:12`."""
    actor_id, actor = present_actor()
    line = {
        "at": clock.now(),
        "actor_id": actor_id,
        "actor": actor,
        "action": action,
        "subject": subject if isinstance(subject, str) else name_of(subject),
        "detail": detail,
        "request_id": g.get("request_id") if has_request_context() else None,
    }
    db.session.connection().execute(_adding, line)


def name_of(subject: object) -> str:
    """`person:12` for the person with id 12."""
    return f"{type(subject).__tablename__}:{subject.id}"  # type: ignore[attr-defined]


@contextmanager
def acting(actor_id: int | None, actor: str) -> Iterator[None]:
    """Inside the block, acts are recorded as done by this account: for jobs and commands."""
    token = _actor.set((actor_id, actor))
    try:
        yield
    finally:
        _actor.reset(token)


def present_actor() -> tuple[int | None, str]:
    """The account that acts, and its name: the reader's, or that of a job or command."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return current_user.account_id, current_user.login
    return _actor.get()
