"""Reads for the trainer's desk."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from lms.catalogue.models import Course
from lms.db import AnyRow, db
from lms.learning.models import Completion, Enrolment
from lms.quizzes.models import Attempt


def courses() -> Sequence[AnyRow]:
    """Every course with the numbers of its learners: Course, started, completed, handed_in, passed."""
    started = _count(Enrolment.course_id)
    completed = _count(Completion.course_id)
    handed_in = _count(Attempt.course_id, Attempt.submitted_at.is_not(None))
    passed = _count(Attempt.course_id, Attempt.is_passed.is_(True))
    columns = sa.select(
        Course,
        started.label("started"),
        completed.label("completed"),
        handed_in.label("handed_in"),
        passed.label("passed"),
    )
    return db.session.execute(columns.order_by(Course.sort_key)).all()


def _count(course_id: Any, *conditions: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(course_id == Course.id, *conditions).correlate(Course).scalar_subquery()
