"""Reads of year books."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import aliased, selectinload

from lms import jobs, text
from lms.access import Permission, reach
from lms.db import AnyRow, db, is_among
from lms.goals.models import PolicyVersion
from lms.jobs import Job
from lms.network.models import UnitAncestor
from lms.yearbooks.models import Adjustment, BookLine, BookVersion, YearBook
from lms.yearbooks.rules import Kind, State

PAGE = 50


def book(book_id: int) -> YearBook:
    """A book with its versions. Raises NoResultFound."""
    return db.session.scalars(_books().where(YearBook.id == book_id)).one()


def book_of(unit_id: int, policy: str, year: int) -> YearBook | None:
    """The book of a unit, policy and year; None when nobody has begun to close it."""
    mine = YearBook.unit_id == unit_id, YearBook.policy == policy, YearBook.year == year
    return db.session.scalars(_books().where(*mine)).one_or_none()


def books(
    unit_id: int | None = None, policy: str | None = None, year: int | None = None, limit: int | None = None
) -> Sequence[YearBook]:
    """Books, those of the newest year first; of one unit, policy or year where these are told."""
    found = _books().order_by(YearBook.year.desc(), YearBook.policy, YearBook.unit_id).limit(limit)
    asked = {YearBook.unit_id: unit_id, YearBook.policy: policy, YearBook.year: year}
    return db.session.scalars(found.where(*[column == value for column, value in asked.items() if value])).all()


def closed_above(found: YearBook) -> YearBook | None:
    """A book of the same year and policy, of a unit above, that is closed or about to be."""
    end = date(found.year, 12, 31)
    above = sa.select(UnitAncestor.ancestor_id).where(
        UnitAncestor.unit_id == found.unit_id, UnitAncestor.depth > 0, UnitAncestor.on(end)
    )
    is_final = sa.exists().where(BookVersion.book_id == YearBook.id, BookVersion.kind == Kind.FINAL)
    same = YearBook.policy == found.policy, YearBook.year == found.year, YearBook.unit_id.in_(above)
    settled = sa.or_(YearBook.state == State.CLOSED, sa.and_(YearBook.state == State.CLOSING, is_final))
    return db.session.scalars(sa.select(YearBook).where(*same, settled).limit(1)).first()


def judging_version(policy: str, year: int, known_at: datetime) -> PolicyVersion | None:
    """The version of a policy that judges a year, as it was known at an instant."""
    found = sa.select(PolicyVersion).where(
        PolicyVersion.code == policy,
        PolicyVersion.first_year <= year,
        PolicyVersion.published_at <= known_at,
        sa.or_(PolicyVersion.withdrawn_at.is_(None), PolicyVersion.withdrawn_at > known_at),
    )
    return db.session.scalars(found.order_by(PolicyVersion.number.desc()).limit(1)).first()


def first_open_year(policy: str) -> int:
    """The year after the last closed one of a policy, in whatever unit; 0 when nothing is closed."""
    settled = YearBook.state.in_((State.CLOSED, State.CLOSING))
    last = db.session.scalar(sa.select(sa.func.max(YearBook.year)).where(YearBook.policy == policy, settled))
    return last + 1 if last else 0


def blocker() -> str | None:
    """Why the map must not change now, as a message key: a book is being closed."""
    is_closing = sa.select(sa.exists().where(YearBook.state == State.CLOSING))
    return "reorganise.book-is-closing" if db.session.scalar(is_closing) else None


def lines(
    version_id: int, *, query: str = "", after: int = 0, limit: int | None = PAGE + 1, kind: str = "person"
) -> Sequence[BookLine]:
    """Lines of a version by number, those whose name or code has the words of a query."""
    found = sa.select(BookLine).where(BookLine.version_id == version_id, BookLine.kind == kind, BookLine.number > after)
    for term in text.fold(query).split():
        pattern = BookLine.fold.contains(term, autoescape=True)
        found = found.where(sa.or_(pattern, sa.func.lower(BookLine.code) == term))
    return db.session.scalars(found.order_by(BookLine.number).limit(limit)).all()


def line(version_id: int, number: int) -> BookLine:
    """One line of a version. Raises NoResultFound."""
    found = sa.select(BookLine).where(BookLine.version_id == version_id, BookLine.number == number)
    return db.session.scalars(found).one()


def units(version_id: int, parent_id: int | None) -> Sequence[BookLine]:
    """The lines of units below one."""
    below = BookLine.version_id == version_id, BookLine.kind == "unit", BookLine.unit_id == parent_id
    return db.session.scalars(sa.select(BookLine).where(*below).order_by(BookLine.number)).all()


def adjustments(book_id: int, *, after: int = 0, limit: int | None = None) -> Sequence[Adjustment]:
    """The adjustments of a book by number."""
    found = sa.select(Adjustment).where(Adjustment.book_id == book_id, Adjustment.number > after)
    return db.session.scalars(found.order_by(Adjustment.number).limit(limit)).all()


def last_adjustments(version_id: int, person_ids: Sequence[int]) -> dict[int, Adjustment]:
    """The last adjustment of each of some people to a version."""
    of_people = Adjustment.version_id == version_id, is_among(Adjustment.person_id, person_ids)
    found = db.session.scalars(sa.select(Adjustment).where(*of_people).order_by(Adjustment.number))
    return {row.person_id: row for row in found}


def after_adjustments(version: BookVersion) -> dict[str, int]:
    """How many people have moved from one status to another by adjustments: what is added, by status (may be below 0)."""
    newest = sa.select(sa.func.max(Adjustment.id)).where(Adjustment.version_id == version.id)
    last = Adjustment.id.in_(newest.group_by(Adjustment.person_id))
    columns = Adjustment.before_status, Adjustment.now_status
    moved = db.session.execute(sa.select(*columns, sa.func.count()).where(last).group_by(*columns))
    found: dict[str, int] = {}
    for before, now, people in moved:
        for status, sign in ((before, -1), (now, 1)):
            if status:
                found[status] = found.get(status, 0) + sign * people
    return found


def differing(old_id: int, new_id: int, *, after: int = 0, limit: int = PAGE + 1) -> Sequence[AnyRow]:
    """The people of whom two versions say different things, by id: person_id, and each version's name, status, due, earned."""
    old, new = aliased(BookLine), aliased(BookLine)
    both = _beside(old, new, old_id, new_id, sa.or_(new.id.is_(None), *[
        getattr(old, name) != getattr(new, name) for name in ("status", "due", "earned", "unit_id")
    ]))  # fmt: skip
    added = _beside(new, old, new_id, old_id, old.id.is_(None), is_turned=True)
    found = sa.union_all(both, added).subquery()
    return db.session.execute(
        sa.select(found).where(found.c.person_id > after).order_by(found.c.person_id).limit(limit)
    ).all()


def job_of(version: BookVersion) -> Job | None:
    """The latest long work on a version."""
    return jobs.latest(f"year-book:{version.id}:")


def verification_of(found: YearBook) -> Job | None:
    """The latest check of a book."""
    return jobs.latest(f"verify-book:{found.id}:")


@reach("book_id")
def reaches_book(permission: Permission, book_id: int) -> bool:
    """The books of units in reach."""
    found = db.session.get(YearBook, book_id)
    return found is not None and bool(current_user.reaches_unit(permission, found.unit_id))


def _books() -> sa.Select[YearBook]:
    return sa.select(YearBook).options(selectinload(YearBook.versions))


def _beside(
    left: Any, right: Any, left_id: int, right_id: int,
    which: sa.ColumnElement[bool], is_turned: bool = False,
) -> Any:  # fmt: skip
    """People of one version beside the same people of another; `is_turned` puts the other one first."""
    same = right.version_id == right_id, right.kind == "person", right.subject_id == left.subject_id
    old, new = (right, left) if is_turned else (left, right)
    columns = [
        column.label(f"{when}_{name}")
        for when, side in (("old", old), ("new", new))
        for name, column in (("status", side.status), ("due", side.due), ("earned", side.earned))
    ]
    people = sa.select(left.subject_id.label("person_id"), left.code, left.name, *columns)
    return (
        people.outerjoin(right, sa.and_(*same))
        .where(left.version_id == left_id, left.kind == "person", which)
    )  # fmt: skip
