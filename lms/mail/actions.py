"""Writes of the outbox: posting, delivering, sending again. The acts that post leave the lines in the audit."""

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import current_app

from lms import clock, text
from lms.db import AnyRow, db, insert, writing
from lms.mail import rules, senders
from lms.mail.models import Message
from lms.mail.queries import quiet_hours
from lms.mail.rules import Reason, State
from lms.mail.senders import NotSent, Sender, Unsure

LEASE = timedelta(minutes=10)
ROUND = timedelta(minutes=1)
KEPT = timedelta(days=180)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be posted; the same `key` is posted once."""

    key: str
    kind: str
    to_address: str
    to_person_id: int | None
    subject: str
    body: str


def post(*, drafts: Sequence[Draft]) -> int:
    """Put messages into the outbox, to leave at the next open hour; how many were new."""
    now = clock.now()
    due = rules.next_open(now, quiet_hours())
    common = {"created_at": now, "due_at": due, "not_before": due}
    rows = [_row(draft) | common for draft in drafts]
    if not rows:
        return 0
    added = insert(Message).on_conflict_do_nothing(index_elements=["key"]).returning(Message.id)
    return len(db.session.execute(added, rows).all())


def send_again(*, message: Message) -> bool:
    """A human wants a message tried again that is not tried any more; False when it is under way or has left."""
    due = rules.next_open(clock.now(), quiet_hours())
    anew = {"state": State.QUEUED, "attempts": 0, "leased_until": None, "due_at": due, "not_before": due}
    stuck = Message.id == message.id, Message.state.in_(rules.STUCK)
    done = db.session.execute(sa.update(Message).where(*stuck).values(anew).returning(Message.id)).all()
    return bool(done)


def forget() -> None:
    """Delete what ended half a year ago: texts about people are not kept longer than they are of use."""
    ended = Message.created_at < clock.now() - KEPT, Message.state.not_in((State.QUEUED, State.SENDING))
    db.session.execute(sa.delete(Message).where(*ended))


def deliver() -> Counter[str]:
    """Hand over what is due, for a minute at most; how many messages ended in each state.

    Each step is a transaction of its own. Stops at a trouble that the next message would meet as well.
    """
    now, done = clock.now(), Counter[str]()
    _put_aside(now)
    if rules.is_quiet(now, quiet_hours()):
        return done
    with closing(senders.sender()) as sender:
        while clock.now() < now + ROUND and (message := _claimed()):
            state, reason = _hand_over(sender, message)
            done[state] += 1
            if reason in rules.OF_SERVER:
                break
    return done


def _row(draft: Draft) -> dict[str, Any]:
    domain = parseaddr(current_app.config["MAIL_FROM"])[1].rpartition("@")[2]
    cleaned = {"to_address": text.clean(draft.to_address), "subject": text.clean(draft.subject)}
    message_id = f"<{sha256(draft.key.encode()).hexdigest()[:32]}@{domain}>"
    return asdict(draft) | cleaned | {"message_id": message_id}


def _put_aside(now: datetime) -> None:
    """What a worker left behind half-way, and what grew too old, waits for a human."""
    is_left = Message.state == State.SENDING, Message.leased_until < now
    is_old = Message.state == State.QUEUED, Message.due_at < now - rules.OLDEST
    with writing() as connection:
        connection.execute(sa.update(Message).where(*is_left).values(state=State.UNSURE, reason=Reason.CUT_OFF))
        connection.execute(sa.update(Message).where(*is_old).values(state=State.HELD, reason=Reason.OLD))


def _claimed() -> AnyRow | None:
    """The next message, held for this worker. While it is only held it is still queued: it cannot have left."""
    now = clock.now()
    is_free = sa.or_(Message.leased_until.is_(None), Message.leased_until < now)
    waiting = Message.state == State.QUEUED, Message.not_before <= now, is_free
    first = sa.select(Message.id).where(*waiting).order_by(Message.not_before, Message.id).limit(1)
    with writing() as connection:
        message_id = connection.scalar(first.with_for_update(skip_locked=True))
        lease = {"leased_until": now + LEASE, "attempts": Message.attempts + 1}
        mine = sa.update(Message).where(Message.id == message_id).values(lease).returning(*Message.__table__.c)
        return connection.execute(mine).one() if message_id else None


def _hand_over(sender: Sender, message: AnyRow) -> tuple[State, Reason | None]:
    try:
        letter = senders.letter(
            to_address=message.to_address, subject=message.subject, body=message.body, message_id=message.message_id
        )
        sender.connect()
        if not _is_mine_to_send(message):
            return State.QUEUED, None
        sender.send(letter)
    except NotSent as trouble:
        state = rules.state_after(trouble.reason, message.attempts)
        later = rules.next_open(clock.now() + rules.pause(message.attempts), quiet_hours())
        return _settle(message, state, trouble.reason, trouble.detail, not_before=later)
    except Unsure as trouble:
        return _settle(message, State.UNSURE, Reason.CUT_OFF, str(trouble))
    return _settle(message, State.SENT, sent_at=clock.now())


def _is_mine_to_send(message: AnyRow) -> bool:
    """Mark that from here on the bytes may be on the way; False when the lease ran out and another worker came."""
    mine = Message.id == message.id, Message.state == State.QUEUED, Message.leased_until == message.leased_until
    with writing() as connection:
        marked = sa.update(Message).where(*mine).values(state=State.SENDING).returning(Message.id)
        return connection.scalar(marked) is not None


def _settle(
    message: AnyRow, state: State, reason: Reason | None = None, error: str = "", **more: datetime
) -> tuple[State, Reason | None]:
    """Note how a delivery ended."""
    log.info("message %s (%s): %s %s", message.id, message.kind, state, error)
    values = {"state": state, "reason": reason, "last_error": error[:500] or None, "leased_until": None}
    with writing() as connection:
        now = {"tried_at": clock.now()}
        connection.execute(sa.update(Message).where(Message.id == message.id).values(values | now | more))
    return state, reason
