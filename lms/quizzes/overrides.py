"""Writes of overrides: what a trainer grants to one person in one course, and takes back."""

from datetime import date

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.quizzes import queries, rules
from lms.quizzes.models import Attempt, Override
from lms.quizzes.rules import Allowance


def grant(
    *, person_id: int, course_id: int, granted: Allowance, ends_cool_down: bool, reason: str, to_on: date, by_id: int
) -> Override:
    """Grant more time, more attempts, an end of waiting, to the day `to_on`; an attempt under way gets its time at once.

    Saying the same twice on a day grants it once.
    """
    said = {
        "person_id": person_id,
        "course_id": course_id,
        "extra_percent": granted.percent,
        "extra_minutes": granted.minutes,
        "extra_attempts": granted.attempts,
        "ends_cool_down": ends_cool_down,
        "reason": reason,
        "to_on": to_on,
    }
    if before := _said_today(said):
        return before
    override = Override(**said, granted_at=clock.now(), granted_by_id=by_id)
    db.session.add(override)
    db.session.flush()
    audit.record("quizzes.grant-override", override, **{**said, "to_on": to_on.isoformat()})
    _set_deadline(person_id, course_id)
    return override


def end(*, override: Override) -> None:
    """Take an override back; an attempt under way keeps its time."""
    if override.ended_at is None:
        override.ended_at = clock.now()
        audit.record("quizzes.end-override", override, person=override.person_id)


def _said_today(said: dict[str, object]) -> Override | None:
    same = sa.select(Override).filter_by(**said).where(Override.ended_at.is_(None))
    return db.session.scalar(same.where(Override.granted_at >= clock.at(clock.today())).limit(1))


def _set_deadline(person_id: int, course_id: int) -> None:
    mine = sa.select(Attempt).where(Attempt.person_id == person_id, Attempt.course_id == course_id)
    attempt = db.session.scalar(mine.where(Attempt.submitted_at.is_(None)).with_for_update())
    if attempt is None or attempt.deadline_at is None:
        return
    quiz = catalogue.version(attempt.version_id).content.quiz
    granted = queries.allowance(person_id, course_id)
    longer = rules.deadline(quiz, attempt.started_at, granted)
    attempt.deadline_at = max(attempt.deadline_at, longer) if longer else None
