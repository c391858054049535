"""Writes of what is derived from attempts: sheets, and findings. Nothing here is a fact, so the audit does not tell of it."""

import sqlalchemy as sa

from lms import clock
from lms.analysis import advice, queries
from lms.analysis.models import AnswerSheet, CourseFinding
from lms.analysis.queries import Wanted
from lms.catalogue.queries import Published
from lms.db import db, insert

CHUNK = 1000


def write_sheets() -> int:
    """Write the sheets of some attempts that have none; how many. Ask again until it is 0."""
    attempts = queries.without_sheet(CHUNK)
    lines = queries.written(attempts) if attempts else []
    new = [
        {"attempt_id": attempt.id, "answers": answers, "seconds": seconds}
        for attempt, (answers, seconds) in zip(attempts, lines, strict=True)
    ]
    if new:
        db.session.execute(insert(AnswerSheet).on_conflict_do_nothing(), new)
    return len(new)


def forget_sheets() -> None:
    """Forget all sheets, so that they are written anew."""
    db.session.execute(sa.delete(AnswerSheet))


def find(*, published: Published, attempts: int) -> None:
    """Find the advice on a course's questions, and keep it for the trainer's home."""
    statistics = queries.statistics(published, Wanted())
    new = {
        "course_id": published.course_id,
        "attempts": attempts,
        "advice": [one.as_data() for one in advice.advice(statistics)],
        "found_at": clock.now(),
    }
    kept = insert(CourseFinding).values(new)
    db.session.execute(kept.on_conflict_do_update(index_elements=[CourseFinding.course_id], set_=new))
