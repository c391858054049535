"""Reads of attempts."""

from collections.abc import Sequence

import sqlalchemy as sa

from lms.db import db
from lms.quizzes.models import Answer, Attempt


def attempts(person_id: int, course_id: int) -> Sequence[Attempt]:
    """A person's attempts at a course's quiz, first to last."""
    mine = sa.select(Attempt).where(Attempt.person_id == person_id, Attempt.course_id == course_id)
    return db.session.scalars(mine.order_by(Attempt.number)).all()


def attempt(person_id: int, course_id: int, number: int, *, lock: bool = False) -> Attempt:
    """One of a person's attempts. Raises NoResultFound. `lock` keeps others from changing it until the transaction ends."""
    mine = sa.select(Attempt).where(
        Attempt.person_id == person_id, Attempt.course_id == course_id, Attempt.number == number
    )
    return db.session.scalars(mine.with_for_update() if lock else mine).one()


def responses(attempt_id: int) -> dict[str, list[str]]:
    """The stored responses of an attempt by question."""
    stored = sa.select(Answer.question, Answer.response).where(Answer.attempt_id == attempt_id)
    return dict(db.session.execute(stored).all())
