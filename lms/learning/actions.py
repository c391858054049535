"""Writes of learning."""

from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.db import built_once, db, hold, insert
from lms.learning import queries, rules
from lms.learning.models import Completion, Enrolment, LessonDone, VersionMove


def enrol(*, person_id: int, published: Published) -> int:
    """Start a course with this version, once; the enrolment's id."""
    new = {
        "person_id": person_id,
        "course_id": published.course_id,
        "version_id": published.version_id,
        "started_at": clock.now(),
    }
    added = db.session.connection().scalar(_enrolling(), new)
    if added:
        audit.record("learning.enrol", f"enrolment:{added}", course=published.content.slug, version=published.number)
        return int(added)
    mine = sa.select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.course_id == published.course_id)
    return db.session.scalars(mine).one()


@built_once
def _enrolling() -> Any:
    """The statement that enrols a person unless they are."""
    return insert(Enrolment).on_conflict_do_nothing().returning(Enrolment.id)


def remember_place(*, enrolment_id: int, place: str) -> None:
    """Where the learner last was: a lesson's slug and, after `#`, a heading in it."""
    db.session.execute(sa.update(Enrolment).where(Enrolment.id == enrolment_id).values(place=place[:200]))


def finish_lesson(*, enrolment_id: int, lesson: str) -> None:
    """A lesson is finished, once."""
    new = {"enrolment_id": enrolment_id, "lesson": lesson, "done_at": clock.now()}
    db.session.connection().execute(_finishing(), new)


@built_once
def _finishing() -> Any:
    """The statement that finishes a lesson unless it is."""
    return insert(LessonDone).on_conflict_do_nothing()


def complete(*, person_id: int, published: Published, attempt_id: int | None) -> Completion | None:
    """A new completion of a course when all lessons of the version are finished; None when they are not, or it was complete.

    The caller has seen to it that the quiz is passed.
    """
    progress = queries.progress(person_id, published.course_id)
    if progress is None or progress.is_completed or not progress.done.issuperset(published.content.lesson_by_slug):
        return None
    completion = Completion(
        person_id=person_id,
        course_id=published.course_id,
        version_id=published.version_id,
        attempt_id=attempt_id,
        completed_at=clock.now(),
        completed_on=clock.today(),
    )
    db.session.add(completion)
    db.session.flush()
    audit.record("learning.complete", completion, course=published.content.slug, person=person_id)
    return completion


def move(*, published: Published, by_id: int | None) -> VersionMove:
    """Those under way in earlier versions of a course change to this one; who sits in an attempt follows when it ends.

    What they have finished stays finished, wherever the lesson is still there (`rules.successors`).
    """
    hold(f"move:{published.course_id}")
    is_open = VersionMove.course_id == published.course_id, VersionMove.ended_at.is_(None)
    found = db.session.scalar(sa.select(VersionMove).where(*is_open, VersionMove.version_id == published.version_id))
    if found is None:
        db.session.execute(sa.update(VersionMove).where(*is_open).values(ended_at=clock.now()))
        found = VersionMove(
            course_id=published.course_id,
            version_id=published.version_id,
            made_at=clock.now(),
            made_by_id=by_id,
            moved=0,
        )
        db.session.add(found)
        db.session.flush()
        audit.record("learning.move", found, course=published.content.slug, version=published.number)
    follow(move=found)
    return found


def follow(*, move: VersionMove) -> int:
    """Those who may move now do so; how many did. The move ends when nobody is left."""
    movable = queries.movable(move.course_id, move.version_id)
    finished = [row.lesson for row in queries.lessons_under_way(move.course_id, move.version_id)]
    there = catalogue.version(move.version_id).content.lesson_by_slug
    for lesson, successor in rules.successors(finished, list(there)).items():
        _finish_also(movable, lesson, successor)
    change = sa.update(Enrolment).where(movable).values(version_id=move.version_id)
    moved = db.session.execute(change.returning(Enrolment.id)).all()
    move.moved += len(moved)
    if not queries.under_way(move.course_id, move.version_id):
        move.ended_at = clock.now()
    db.session.flush()
    return len(moved)


def _finish_also(whose: sa.ColumnElement[bool], lesson: str, successor: str) -> None:
    """Who has finished a lesson has finished the one that took its place, since the same instant."""
    done = sa.select(LessonDone.enrolment_id, sa.literal(successor), LessonDone.done_at)
    done = done.join(Enrolment, Enrolment.id == LessonDone.enrolment_id).where(LessonDone.lesson == lesson, whose)
    added = insert(LessonDone).from_select(["enrolment_id", "lesson", "done_at"], done)
    db.session.execute(added.on_conflict_do_nothing())
