"""Reads for the trainer's desk."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_login import current_user

from lms import files
from lms.access import Permission, reach
from lms.authoring.models import Draft, DraftRevision
from lms.catalogue.models import Course
from lms.catalogue.package import Package, read_files
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


def draft(draft_id: int, *, lock: bool = False) -> Draft:
    """A draft. Raises NoResultFound."""
    return db.session.get_one(Draft, draft_id, with_for_update=lock or None, populate_existing=lock)


def open_draft(slug: str) -> Draft | None:
    """The draft of a course that is being written."""
    return db.session.scalar(sa.select(Draft).where(Draft.slug == slug, Draft.closed_at.is_(None)))


def revision(draft: Draft, number: int) -> DraftRevision:
    """A draft as it was at a revision. Raises NoResultFound."""
    found = sa.select(DraftRevision).where(DraftRevision.draft_id == draft.id, DraftRevision.number == number)
    return db.session.scalars(found).one()


def current(draft: Draft) -> DraftRevision:
    """A draft as it is."""
    return revision(draft, draft.revision)


def current_files(draft: Draft) -> dict[str, str]:
    """The texts of a draft by path."""
    return dict(current(draft).files)


def package(draft: Draft) -> Package:
    """A draft as it is, read and checked."""
    return package_of(draft.slug, current(draft))


def package_of(slug: str, revision: DraftRevision) -> Package:
    """A revision of a draft, read and checked."""
    texts = {path: content.encode() for path, content in revision.files.items()}
    return read_files(slug, texts | {path: files.read(digest) for path, digest in revision.media.items()})


def may_write(unit_id: int | None) -> bool:
    """Whether the reader writes courses of a unit; those of nobody (None) are written by who teaches everywhere."""
    if unit_id is None:
        return bool(current_user.scope(Permission.TEACH) is None)
    return bool(current_user.reaches_unit(Permission.TEACH, unit_id))


@reach("draft_id", Permission.TEACH)
def _reaches_draft(_permission: Permission, draft_id: int) -> bool:
    found = db.session.get(Draft, draft_id)
    return found is not None and may_write(found.unit_id)


@reach("course")
def _reaches_course(permission: Permission, course: str) -> bool:
    """Courses are open to all who learn; their desk to who teaches where they belong, those of nobody to all who teach.

    What changes a course of nobody asks `may_write` besides.
    """
    if permission is not Permission.TEACH:
        return True
    unit_id = db.session.scalar(sa.select(Course.unit_id).where(Course.slug == course))
    return unit_id is None or may_write(unit_id)
