"""Reads for the trainer's desk."""

from collections.abc import Sequence
from datetime import date
from itertools import chain, count

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from lms import clock, files, text
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.authoring import rules
from lms.authoring.models import Draft, DraftRevision, ReviewComment
from lms.catalogue import queries as catalogue
from lms.catalogue import writing
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.package import Package, read_files
from lms.db import AnyRow, db
from lms.learning.models import Completion, Enrolment
from lms.network import queries as network
from lms.network.models import Assignment, Person, UnitVersion
from lms.quizzes.models import Attempt

MOST_CODE = 60


def numbers(course: Course) -> AnyRow:
    """How a course does: started, completed, handed_in, passed."""
    columns = sa.select(
        _count(Enrolment.course_id == course.id).label("started"),
        _count(Completion.course_id == course.id, Completion.withdrawn_at.is_(None)).label("completed"),
        _count(Attempt.course_id == course.id, Attempt.submitted_at.is_not(None)).label("handed_in"),
        _count(Attempt.course_id == course.id, Attempt.is_passed.is_(True)).label("passed"),
    )
    return db.session.execute(columns).one()


def _count(*conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*conditions).scalar_subquery()


def drafts(*, is_open: bool, limit: int = 100) -> Sequence[AnyRow]:
    """The drafts that the reader may write, the latest change first: Draft, name of who changed it."""
    scope = current_user.scope(Permission.TEACH)
    found = sa.select(Draft, Person.full_name).outerjoin(Account, Account.id == Draft.changed_by_id)
    found = found.outerjoin(Person, Person.id == Account.person_id)
    if scope is not None:
        found = found.where(Draft.unit_id.in_(network.subtree(scope, clock.today())))
    closed = Draft.closed_at.is_(None) if is_open else Draft.closed_at.is_not(None)
    return db.session.execute(found.where(closed).order_by(Draft.changed_at.desc(), Draft.id).limit(limit)).all()


def due_drafts(day: date) -> Sequence[Draft]:
    """Open drafts that are to be published by a day, locked lest somebody writes on while they are published."""
    found = sa.select(Draft).where(Draft.closed_at.is_(None), Draft.publish_on <= day)
    return db.session.scalars(found.order_by(Draft.id).with_for_update()).all()


def draft(draft_id: int, *, lock: bool = False) -> Draft:
    """A draft. Raises NoResultFound."""
    return db.session.get_one(Draft, draft_id, with_for_update=lock or None, populate_existing=lock)


def open_draft(slug: str) -> Draft | None:
    """The draft of a course that is being written."""
    return db.session.scalar(sa.select(Draft).where(Draft.slug == slug, Draft.closed_at.is_(None)))


def begun(*, title: str, unit_id: int | None, by_id: int, based_on_id: int | None) -> Draft | None:
    """The draft that somebody has just begun in the same way, and that nobody has written on yet."""
    same = {"title": title, "unit_id": unit_id, "created_by_id": by_id, "based_on_id": based_on_id, "revision": 1}
    return db.session.scalars(sa.select(Draft).filter_by(closed_at=None, **same).order_by(Draft.id)).first()


def revision(draft: Draft, number: int) -> DraftRevision:
    """A draft as it was at a revision. Raises NoResultFound."""
    found = sa.select(DraftRevision).where(DraftRevision.draft_id == draft.id, DraftRevision.number == number)
    return db.session.scalars(found).one()


def revision_before(draft: Draft, number: int) -> DraftRevision | None:
    """The revision before one; None for the first."""
    return _newest_below(draft, number)


def base(draft: Draft, number: int) -> DraftRevision:
    """The revision from which somebody wrote on; the one before it, when it is no longer kept. Raises NoResultFound."""
    found = _newest_below(draft, number + 1)
    if found is None:
        raise NoResultFound
    return found


def _newest_below(draft: Draft, number: int) -> DraftRevision | None:
    found = sa.select(DraftRevision).where(DraftRevision.draft_id == draft.id, DraftRevision.number < number)
    return db.session.scalars(found.order_by(DraftRevision.number.desc()).limit(1)).first()


def revisions(draft: Draft, limit: int = 200) -> Sequence[AnyRow]:
    """The revisions of a draft, newest first: number, act, made_at, made_by_id, files, media."""
    columns = (getattr(DraftRevision, name) for name in ("number", "act", "made_at", "made_by_id", "files", "media"))
    found = sa.select(*columns).where(DraftRevision.draft_id == draft.id)
    return db.session.execute(found.order_by(DraftRevision.number.desc()).limit(limit)).all()


def writers(draft: Draft) -> set[int | None]:
    """The accounts that wrote on a draft."""
    return set(db.session.scalars(sa.select(DraftRevision.made_by_id).where(DraftRevision.draft_id == draft.id)))


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


def files_of(version: CourseVersion) -> dict[str, str]:
    """The texts of a published version by path."""
    return writing.files(catalogue.version(version.id).content)


def comments(draft: Draft) -> Sequence[ReviewComment]:
    """What was said about a draft, oldest first."""
    found = sa.select(ReviewComment).where(ReviewComment.draft_id == draft.id)
    return db.session.scalars(found.order_by(ReviewComment.id)).all()


def comment(comment_id: int) -> ReviewComment:
    """A comment or an answer. Raises NoResultFound."""
    return db.session.get_one(ReviewComment, comment_id)


def same_comment(
    draft_id: int, path: str, block: str, text: str, by_id: int, parent_id: int | None
) -> ReviewComment | None:
    """What somebody has said already in the same words."""
    said = sa.select(ReviewComment).filter_by(draft_id=draft_id, path=path, block=block, text=text, by_id=by_id)
    return db.session.scalars(said.where(ReviewComment.parent_id.is_not_distinct_from(parent_id))).first()


def places() -> Sequence[UnitVersion]:
    """The units for which the reader may begin a course: those where they teach, or, who teaches everywhere, where they serve."""
    scope = current_user.scope(Permission.TEACH)
    if scope is None:
        serving = sa.select(Assignment.unit_id).where(
            Assignment.person_id == current_user.person_id, Assignment.on(clock.today())
        )
        scope = frozenset(db.session.scalars(serving))
    return network.roots(scope, clock.today())


def free_slug(title: str) -> str:
    """A code for a new course: the words of its title, with a number when they are taken."""
    plain = text.slug(title)[:MOST_CODE].strip("-") or "khoa-hoc"
    begins = [Course.slug, Draft.slug]
    taken = {
        slug for column in begins for slug in db.session.scalars(sa.select(column).where(column.startswith(plain)))
    }
    taken |= rules.RESERVED
    return next(code for code in chain([plain], (f"{plain}-{n}" for n in count(2))) if code not in taken)


def may_write(unit_id: int | None) -> bool:
    """Whether the reader writes courses of a unit; those of nobody (None) are written by who teaches everywhere."""
    if unit_id is None:
        return bool(current_user.scope(Permission.TEACH) is None)
    return bool(current_user.reaches_unit(Permission.TEACH, unit_id))


@reach("draft_id", Permission.TEACH)
def _reaches_draft(_permission: Permission, draft_id: int) -> bool:
    found = db.session.get(Draft, draft_id)
    return found is not None and may_write(found.unit_id)


@reach("comment_id")
def _reaches_comment(permission: Permission, comment_id: int) -> bool:
    found = db.session.get(ReviewComment, comment_id)
    return found is not None and _reaches_draft(permission, found.draft_id)


@reach("course")
def reaches_course(permission: Permission, course: str) -> bool:
    """Courses are open to all who learn; their desk to who teaches where they belong, those of nobody to all who teach.

    What changes a course of nobody asks `may_write` besides.
    """
    if permission is not Permission.TEACH:
        return True
    unit_id = db.session.scalar(sa.select(Course.unit_id).where(Course.slug == course))
    return unit_id is None or may_write(unit_id)
