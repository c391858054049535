"""People who are behind, and messages that wait."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from lms import clock
from lms.db import db
from lms.goals.models import Standing
from lms.mail import actions as mail
from lms.mail import queries
from lms.mail.models import Message
from lms.mail.rules import Trouble
from lms.network.models import Person


def behind(who: Person, unit_id: int, status: str = "at-risk", due: int = 8, **more: Any) -> None:
    """A standing of this year that says so, and an address to write to."""
    day = clock.today()
    detail = {"minima": more.pop("minima", []), "missing": more.pop("missing", [])}
    values: dict[str, Any] = {
        "person_id": who.id, "policy": "dx", "year": day.year, "unit_id": unit_id, "reference_on": date(day.year, 12, 31),
        "role": "focal-point", "employment": "", "position": "", "title": "", "status": status, "due": due, "earned": 0,
        "effective_days": 365, "lacking": "", "is_active": False, "detail": detail, "judged_on": day, "digest": 0,
    }  # fmt: skip
    who.email = who.email or f"{who.code}@example.vn"
    db.session.add(Standing(**(values | more)))
    db.session.commit()


def posted(key: str = "k", to: str = "an@example.vn", subject: str = "Xin chào", body: str = "Một dòng.\n") -> int:
    """A message in the outbox, committed; how many were new."""
    new = mail.post(drafts=[mail.Draft(key, "test", to, None, subject, body)])
    db.session.commit()
    return new


def message(key: str = "k") -> Message:
    """The message as the database has it now; no transaction stays open, which would keep a worker waiting."""
    db.session.rollback()
    read = db.session.scalars(sa.select(Message).where(Message.key == key)).one()
    db.session.expunge(read)
    db.session.rollback()
    return read


def trouble() -> Trouble | None:
    """Whether mail counts as broken."""
    found = queries.health()
    db.session.rollback()
    return found


def messages(kind: str) -> Sequence[Message]:
    """All messages of a kind, oldest first."""
    return db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)).all()
