"""Reads of the network. Everything is asked for a day."""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import text
from lms.db import AnyRow, db, is_among, rows
from lms.network import lineage
from lms.network.models import (
    Assignment,
    NetworkRole,
    Person,
    Post,
    Succession,
    UnitAncestor,
    UnitCode,
    UnitVersion,
)

OFFICIAL = "official"
PAGE = 50


def unit(unit_id: int, day: date) -> UnitVersion:
    """What a unit is on a day; when it is not, what it was last. Raises NoResultFound for an unknown unit."""
    present = sa.case((UnitVersion.on(day), 0), else_=1)
    versions = sa.select(UnitVersion).where(UnitVersion.unit_id == unit_id)
    return db.session.scalars(versions.order_by(present, UnitVersion.to_on.desc()).limit(1)).one()


def unit_id_by_code(code: str, day: date, scheme: str = OFFICIAL) -> int | None:
    """The unit that has a code on a day, else the one that had it last."""
    present = sa.case((UnitCode.on(day), 0), else_=1)
    found = sa.select(UnitCode.unit_id).where(UnitCode.scheme == scheme, UnitCode.value == code)
    return db.session.scalar(found.order_by(present, UnitCode.to_on.desc()).limit(1))


def code_of(wording: str, day: date) -> str | None:
    """The official code of the unit that somebody means by its code, or by a name that only one unit has on a day."""
    held = sa.select(UnitCode.value).where(UnitCode.scheme == OFFICIAL, UnitCode.on(day))
    if code := db.session.scalar(held.where(UnitCode.value == wording).limit(1)):
        return code
    named = held.join(UnitVersion, UnitVersion.unit_id == UnitCode.unit_id).where(UnitVersion.on(day))
    found = db.session.scalars(named.where(UnitVersion.fold == text.fold(wording)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def codes(unit_ids: Collection[int], day: date) -> dict[int, str]:
    """The official codes of units on a day."""
    found = sa.select(UnitCode.unit_id, UnitCode.value).where(UnitCode.scheme == OFFICIAL, UnitCode.on(day))
    return dict(db.session.execute(found.where(UnitCode.unit_id.in_(unit_ids))).all())


def subtree(unit_ids: int | Collection[int], day: date) -> sa.Select[int]:
    """A subquery of the units at or below these on a day."""
    roots = [unit_ids] if isinstance(unit_ids, int) else list(unit_ids)
    return sa.select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id.in_(roots), UnitAncestor.on(day))


def subtree_during(unit_id: int, start: date, end: date) -> sa.Select[int]:
    """A subquery of the units that stood at or below this one on some day of `[start, end)`."""
    return sa.select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id == unit_id, UnitAncestor.during(start, end))


def path(unit_id: int, day: date) -> Sequence[UnitVersion]:
    """The units above a unit on a day, the highest first, itself left out."""
    above = (
        sa.select(UnitVersion)
        .join(UnitAncestor, UnitAncestor.ancestor_id == UnitVersion.unit_id)
        .where(UnitAncestor.unit_id == unit_id, UnitAncestor.on(day), UnitAncestor.depth > 0, UnitVersion.on(day))
        .order_by(UnitAncestor.depth.desc())
    )
    return db.session.scalars(above).all()


def children(unit_id: int | None, day: date) -> Sequence[AnyRow]:
    """The units directly below one (the roots for None) on a day: version, number of units directly below each."""
    lower = aliased(UnitVersion)
    below = sa.select(sa.func.count()).where(lower.parent_id == UnitVersion.unit_id, lower.on(day)).scalar_subquery()
    parent = UnitVersion.parent_id.is_(None) if unit_id is None else UnitVersion.parent_id == unit_id
    units = sa.select(UnitVersion, below.label("units")).where(parent, UnitVersion.on(day))
    return db.session.execute(units.order_by(UnitVersion.sort_key, UnitVersion.unit_id)).all()


def below(unit_id: int, day: date) -> Sequence[UnitVersion]:
    """What the units directly below one are on a day, in Vietnamese order."""
    units = sa.select(UnitVersion).where(UnitVersion.parent_id == unit_id, UnitVersion.on(day))
    return db.session.scalars(units.order_by(UnitVersion.sort_key, UnitVersion.unit_id)).all()


def children_of(unit_ids: Collection[int], day: date) -> dict[int, list[int]]:
    """The units directly below several units on a day, by the unit above."""
    below = sa.select(UnitVersion.parent_id, UnitVersion.unit_id).where(is_among(UnitVersion.parent_id, unit_ids))
    found: dict[int, list[int]] = {}
    for parent_id, unit_id in db.session.execute(below.where(UnitVersion.on(day))):
        found.setdefault(parent_id or 0, []).append(unit_id)
    return found


def roots(unit_ids: Collection[int], day: date) -> Sequence[UnitVersion]:
    """These units as they are on a day, in Vietnamese order."""
    found = sa.select(UnitVersion).where(UnitVersion.unit_id.in_(unit_ids), UnitVersion.on(day))
    return db.session.scalars(found.order_by(UnitVersion.sort_key)).all()


def history(unit_id: int) -> Sequence[UnitVersion]:
    """All versions of a unit, oldest first."""
    versions = sa.select(UnitVersion).where(UnitVersion.unit_id == unit_id)
    return db.session.scalars(versions.order_by(UnitVersion.from_on)).all()


def successions(unit_id: int) -> Sequence[Succession]:
    """The acts by which a unit came from others or became others."""
    touching = sa.or_(Succession.from_unit_id == unit_id, Succession.to_unit_id == unit_id)
    return db.session.scalars(sa.select(Succession).where(touching).order_by(Succession.on)).all()


def within(unit_ids: Collection[int], scope: frozenset[int] | None) -> set[int]:
    """Those of some units that stood, on some day, at or below the units of a scope; all of them for None."""
    if scope is None:
        return set(unit_ids)
    below = sa.select(UnitAncestor.unit_id).where(UnitAncestor.ancestor_id.in_(scope))
    return set(db.session.scalars(below.where(UnitAncestor.unit_id.in_(unit_ids))))


def heirs(day: date) -> dict[int, int]:
    """For every unit the one that carries it on a day, through all acts since: «on the map of that day»."""
    latest = sa.func.row_number().over(partition_by=UnitVersion.unit_id, order_by=UnitVersion.from_on.desc())
    ranked = sa.select(UnitVersion.unit_id, UnitVersion.parent_id, UnitVersion.to_on, latest.label("rank")).subquery()
    lives = sa.select(ranked.c.unit_id, ranked.c.parent_id, ranked.c.to_on).where(ranked.c.rank == 1)
    acts = sa.select(
        Succession.id, Succession.from_unit_id, Succession.to_unit_id, Succession.type, Succession.on
    ).where(Succession.on <= day)
    return lineage.heirs(
        [lineage.Life(*row) for row in db.session.execute(lives)],
        [lineage.Succeeded(*row) for row in db.session.execute(acts)],
        day,
    )


def post_titles(kind: str) -> dict[str, str]:
    """The latest title of each job position or title standard, by code."""
    found = sa.select(Post.code, Post.title).where(Post.kind == kind).order_by(Post.from_on)
    return {row.code: row.title for row in db.session.execute(found)}


def names(unit_ids: Collection[int]) -> dict[int, str]:
    """The latest names of units."""
    versions = sa.select(UnitVersion.unit_id, UnitVersion.name).where(UnitVersion.unit_id.in_(unit_ids))
    return dict(db.session.execute(versions.order_by(UnitVersion.from_on)).all())


def people(
    scope: frozenset[int] | None,
    day: date,
    *,
    query: str = "",
    unit_id: int | None = None,
    role: str = "",
    employment: str = "",
    after: tuple[str, int] | None = None,
    limit: int = PAGE,
) -> Sequence[AnyRow]:
    """People in scope who serve on a day, by given name: id, code, full_name, employment, role, unit_id, unit.

    `query` is matched without accents, word by word; `after` is the (sort_key, id) of the last person of the page before.
    """
    post = _shown_post(day)
    found = (
        sa.select(
            Person.id, Person.code, Person.full_name, Person.employment, Person.sort_key,
            Assignment.role, Assignment.unit_id, UnitVersion.name.label("unit"),
        )
        .select_from(Person)
        .join(Assignment, Assignment.id == post)
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Assignment.unit_id, UnitVersion.on(day)))
        .order_by(Person.sort_key, Person.id)
        .limit(limit)
    )  # fmt: skip
    found = found.where(*_name_matches(query), *_within(scope, unit_id, day))
    if role:
        held = aliased(Assignment)
        found = found.where(sa.exists().where(held.person_id == Person.id, held.role == role, held.on(day)))
    if employment:
        found = found.where(Person.employment == employment)
    if after:
        found = found.where(sa.tuple_(Person.sort_key, Person.id) > sa.tuple_(*map(sa.literal, after)))
    return db.session.execute(found).all()


def assignments(person_id: int) -> Sequence[AnyRow]:
    """A person's posts, latest first: Assignment, unit name at its start, position, title."""
    position, title = aliased(Post), aliased(Post)
    posts = (
        sa.select(
            Assignment, UnitVersion.name.label("unit"), position.title.label("position"), title.title.label("title")
        )
        .outerjoin(UnitVersion, sa.and_(UnitVersion.unit_id == Assignment.unit_id, UnitVersion.on(Assignment.from_on)))
        .outerjoin(position, position.id == Assignment.position_id)
        .outerjoin(title, title.id == Assignment.title_id)
        .where(Assignment.person_id == person_id)
        .order_by(Assignment.from_on.desc())
    )
    return db.session.execute(posts).all()


_last_post = (
    sa.select(Assignment.unit_id)
    .where(Assignment.person_id == sa.bindparam("person_id"), Assignment.from_on <= sa.bindparam("day"))
    .order_by(Assignment.to_on.desc(), Assignment.is_primary.desc(), Assignment.from_on)
    .limit(1)
)
_two_names = (
    sa.select(UnitAncestor.depth, UnitVersion.name)
    .join(UnitVersion, UnitVersion.unit_id == UnitAncestor.ancestor_id)
    .where(
        UnitAncestor.unit_id == _last_post.scalar_subquery(),
        UnitAncestor.from_on <= sa.bindparam("day"),
        UnitAncestor.to_on > sa.bindparam("day"),
        UnitVersion.from_on <= sa.bindparam("day"),
        UnitVersion.to_on > sa.bindparam("day"),
    )
    .order_by(UnitAncestor.depth)
    .limit(2)
)


def unit_line(person_id: int, day: date) -> str:
    """The unit in which a person serves on a day, with the unit above it: as printed under a name."""
    names = [row.name for row in rows(_two_names, person_id=person_id, day=day)]
    if names:
        return ", ".join(names)
    posts = rows(_last_post, person_id=person_id, day=day)
    return unit(posts[0].unit_id, day).name if posts else ""


def person(person_id: int) -> Person:
    """Raises NoResultFound."""
    return db.session.get_one(Person, person_id)


def person_by_code(code: str) -> Person | None:
    """The person with a staff code."""
    return db.session.scalar(sa.select(Person).where(Person.code == code))


def role_codes() -> Sequence[str]:
    """The roles of the network in their order."""
    return db.session.scalars(sa.select(NetworkRole.code).order_by(NetworkRole.rank)).all()


def _shown_post(day: date) -> sa.ScalarSelect[int]:
    """The post under which a person is listed: the primary one of the day, else the one that started first."""
    inner = aliased(Assignment)
    return (
        sa.select(inner.id)
        .where(inner.person_id == Person.id, inner.from_on <= day, inner.to_on > day)
        .order_by(inner.is_primary.desc(), inner.from_on, inner.id)
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )


def _name_matches(query: str) -> list[sa.ColumnElement[bool]]:
    terms = text.fold(query).split()
    by_name = [Person.fold.contains(term, autoescape=True) for term in terms]
    return [sa.or_(sa.and_(*by_name), sa.func.lower(Person.code) == query.strip().lower())] if terms else []


def _within(scope: frozenset[int] | None, unit_id: int | None, day: date) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if scope is not None:
        conditions.append(Assignment.unit_id.in_(subtree(scope, day)))
    if unit_id is not None:
        conditions.append(Assignment.unit_id.in_(subtree(unit_id, day)))
    return conditions
