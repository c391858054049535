"""Reads of attempts, answers and overrides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import joinedload

from lms import clock
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.accounts.user import SignedIn
from lms.catalogue.queries import Published
from lms.db import db, rows
from lms.quizzes import rules
from lms.quizzes.corrections import Change, Kind
from lms.quizzes.models import Answer, Attempt, CorrectedVersion, Correction, Override
from lms.quizzes.rules import Allowance, Ended, Shown


@dataclass(frozen=True, slots=True)
class Given:
    """A stored answer, as `models.Answer` describes it."""

    response: list[str]
    revision: int
    is_kept: bool
    points: float | None
    remarks: dict[str, Any] | None


MOST_OVERRIDES = 200

_of_person = sa.select(Attempt).where(
    Attempt.person_id == sa.bindparam("person_id"), Attempt.course_id == sa.bindparam("course_id")
)
_attempts = _of_person.order_by(Attempt.number)
_attempt = _of_person.where(Attempt.number == sa.bindparam("number"))
_locked_attempt = _attempt.with_for_update()

_answers = sa.select(
    Answer.question, Answer.response, Answer.revision, Answer.is_kept, Answer.points, Answer.remarks
).where(Answer.attempt_id == sa.bindparam("attempt_id"))

_granted = sa.select(
    Override.extra_percent,
    Override.extra_minutes,
    Override.extra_attempts,
    Override.ends_cool_down,
    Override.granted_at,
).where(
    Override.person_id == sa.bindparam("person_id"),
    Override.course_id == sa.bindparam("course_id"),
    Override.to_on >= sa.bindparam("day"),
    Override.ended_at.is_(None),
)

_changes = (
    sa.select(CorrectedVersion.version_id, Correction.question, Correction.kind, Correction.key)
    .join(Correction, Correction.id == CorrectedVersion.correction_id)
    .where(
        CorrectedVersion.version_id.in_(sa.bindparam("version_ids", expanding=True)), Correction.holds_from.is_not(None)
    )
    .order_by(Correction.holds_from, Correction.id)
)


def attempts(person_id: int, course_id: int) -> Sequence[Attempt]:
    """A person's attempts at a course's quiz, first to last."""
    return db.session.scalars(_attempts, {"person_id": person_id, "course_id": course_id}).all()


def attempt(person_id: int, course_id: int, number: int, *, lock: bool = False) -> Attempt:
    """One of a person's attempts. Raises NoResultFound. `lock` keeps others from changing it until the transaction ends."""
    which = {"person_id": person_id, "course_id": course_id, "number": number}
    return db.session.scalars(_locked_attempt if lock else _attempt, which).one()


def ended(attempts: Sequence[Attempt]) -> list[Ended]:
    """Of attempts that were handed in: when, and whether they passed."""
    return [(attempt.submitted_at, attempt.is_passed) for attempt in attempts if attempt.submitted_at]


def overdue() -> Sequence[int]:
    """Open attempts whose time is over, not counting the grace."""
    over = sa.select(Attempt.id).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < clock.now())
    return db.session.scalars(over.order_by(Attempt.deadline_at)).all()


def open_attempt(attempt_id: int) -> Attempt | None:
    """An attempt that is still open, held until the transaction ends; None when another worker holds or has ended it."""
    still = sa.select(Attempt).where(Attempt.id == attempt_id, Attempt.submitted_at.is_(None))
    return db.session.scalar(still.with_for_update(skip_locked=True))


@lru_cache(maxsize=4096)
def drawn(published: Published, seed: str) -> tuple[Shown, ...]:
    """The questions of an attempt at a version: an attempt asks for them at every step."""
    return rules.draw(published.content.quiz, seed)


def answers(attempt_id: int) -> dict[str, Given]:
    """The stored answers of an attempt by question."""
    return {row[0]: Given(*row[1:]) for row in rows(_answers, attempt_id=attempt_id)}


def responses(attempt_id: int) -> dict[str, list[str]]:
    """The stored responses of an attempt by question."""
    return {question: given.response for question, given in answers(attempt_id).items()}


def allowance(person_id: int, course_id: int) -> Allowance:
    """What is granted to a person in a course today."""
    found = rows(_granted, person_id=person_id, course_id=course_id, day=clock.today())
    return rules.allowance(
        Allowance(percent, minutes, attempts, granted_at if ends_cool_down else None)
        for percent, minutes, attempts, ends_cool_down, granted_at in found
    )


def overrides(user: SignedIn, course_id: int) -> Sequence[Override]:
    """What was granted in a course to people whom the reader teaches, newest first."""
    found = sa.select(Override).where(
        Override.course_id == course_id, user.within_reach(Permission.TEACH, Override.person_id)
    )
    with_names = found.options(joinedload(Override.person), joinedload(Override.granted_by).joinedload(Account.person))
    return db.session.scalars(with_names.order_by(Override.id.desc()).limit(MOST_OVERRIDES)).all()


@reach("override_id")
def reaches_override(permission: Permission, override_id: int) -> bool:
    """Granted to a person within reach."""
    whose = db.session.scalar(sa.select(Override.person_id).where(Override.id == override_id))
    return whose is not None and bool(current_user.reaches_person(permission, whose))


def changes(version_id: int) -> list[Change]:
    """The corrections by which attempts at a version are marked, oldest first."""
    return changes_of([version_id]).get(version_id, [])


def changes_of(version_ids: Iterable[int]) -> dict[int, list[Change]]:
    """`changes` of several versions, by version id; those without any are left out."""
    found: dict[int, list[Change]] = {}
    for version_id, question, kind, key in rows(_changes, version_ids=list(version_ids)):
        found.setdefault(version_id, []).append(Change(question, Kind(kind), key))
    return found
