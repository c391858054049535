"""Reads of learning."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lms.catalogue.models import CourseVersion
from lms.db import AnyRow, db, rows
from lms.learning.models import Completion, Enrolment, LessonDone, VersionMove
from lms.quizzes.models import Attempt


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is in one course: the finished lessons' slugs, and where they last were."""

    enrolment_id: int
    course_id: int
    version_id: int
    place: str | None
    done: frozenset[str]
    is_completed: bool


_columns = (
    sa.select(
        Enrolment.id, Enrolment.course_id, Enrolment.version_id, Enrolment.place, LessonDone.lesson,
        Completion.id.label("completion_id"),
    )
    .outerjoin(LessonDone, LessonDone.enrolment_id == Enrolment.id)
    .outerjoin(
        Completion,
        sa.and_(
            Completion.person_id == Enrolment.person_id, Completion.course_id == Enrolment.course_id,
            Completion.withdrawn_at.is_(None),
        ),
    )
    .order_by(Enrolment.id)
)  # fmt: skip
_progress = _columns.where(Enrolment.person_id == sa.bindparam("person_id"))
_progress_in = _progress.where(Enrolment.course_id == sa.bindparam("course_id"))
_progress_of = _columns.add_columns(Enrolment.person_id).where(
    Enrolment.person_id.in_(sa.bindparam("person_ids", expanding=True))
)


_completion = sa.select(Completion).where(
    Completion.person_id == sa.bindparam("person_id"),
    Completion.course_id == sa.bindparam("course_id"),
    Completion.withdrawn_at.is_(None),
)


def progress(person_id: int, course_id: int) -> Progress | None:
    """A person's progress in a course, or None when they have not started it."""
    found = _grouped(rows(_progress_in, person_id=person_id, course_id=course_id))
    return found[0] if found else None


def all_progress(person_id: int) -> list[Progress]:
    """A person's progress in all courses that they have started, oldest first."""
    return _grouped(rows(_progress, person_id=person_id))


def progress_of(person_ids: Sequence[int]) -> dict[int, list[Progress]]:
    """`all_progress` of several people at once, by person id; who has not started anything is left out."""
    found: dict[int, list[Any]] = defaultdict(list)
    for *columns, person_id in rows(_progress_of, person_ids=person_ids):
        found[person_id].append(columns)
    return {person_id: _grouped(lines) for person_id, lines in found.items()}


def completions(person_id: int) -> Sequence[Completion]:
    """What a person has completed, latest first."""
    mine = sa.select(Completion).where(Completion.person_id == person_id, Completion.withdrawn_at.is_(None))
    return db.session.scalars(mine.order_by(Completion.completed_at.desc())).all()


def completion(person_id: int, course_id: int) -> Completion | None:
    return db.session.scalar(_completion, {"person_id": person_id, "course_id": course_id})


def movable(course_id: int, version_id: int) -> sa.ColumnElement[bool]:
    """The condition that somebody is under way in an earlier version of a course than this one, and not before an answer."""
    return sa.and_(_under_way(course_id, version_id), ~_in_attempt())


def under_way(course_id: int, version_id: int) -> Sequence[AnyRow]:
    """Who is under way in earlier versions than this one: version number, people, those in an attempt; oldest first."""
    sitting = sa.func.sum(sa.case((_in_attempt(), 1), else_=0))
    found = sa.select(CourseVersion.number, sa.func.count().label("people"), sitting.label("in_attempt"))
    found = found.join(Enrolment, Enrolment.version_id == CourseVersion.id).where(_under_way(course_id, version_id))
    return db.session.execute(found.group_by(CourseVersion.number).order_by(CourseVersion.number)).all()


def lessons_under_way(course_id: int, version_id: int) -> Sequence[AnyRow]:
    """What they have finished: lesson, people."""
    done = sa.select(LessonDone.lesson, sa.func.count().label("people")).join(
        Enrolment, LessonDone.enrolment_id == Enrolment.id
    )
    found = done.where(_under_way(course_id, version_id)).group_by(LessonDone.lesson).order_by(LessonDone.lesson)
    return db.session.execute(found).all()


def moves(course_id: int) -> Sequence[AnyRow]:
    """The changes of version of a course's learners, latest first: VersionMove, number of the version."""
    found = sa.select(VersionMove, CourseVersion.number).join(CourseVersion, CourseVersion.id == VersionMove.version_id)
    return db.session.execute(found.where(VersionMove.course_id == course_id).order_by(VersionMove.id.desc())).all()


def _under_way(course_id: int, version_id: int) -> sa.ColumnElement[bool]:
    completed = sa.exists().where(
        Completion.person_id == Enrolment.person_id,
        Completion.course_id == Enrolment.course_id,
        Completion.withdrawn_at.is_(None),
    )
    # The versions of a course get their ids in order. Nobody goes back when a newer one comes before a move has ended.
    return sa.and_(Enrolment.course_id == course_id, Enrolment.version_id < version_id, ~completed)


def _in_attempt() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Attempt.person_id == Enrolment.person_id,
        Attempt.course_id == Enrolment.course_id,
        Attempt.submitted_at.is_(None),
    )


def _grouped(found: Sequence[Any]) -> list[Progress]:
    done: dict[int, set[str]] = {}
    heads: dict[int, tuple[int, int, str | None, bool]] = {}
    for enrolment_id, course_id, version_id, place, lesson, completion_id in found:
        heads[enrolment_id] = course_id, version_id, place, completion_id is not None
        done.setdefault(enrolment_id, set()).update([lesson] if lesson else [])
    return [Progress(key, *head[:3], frozenset(done[key]), head[3]) for key, head in heads.items()]
