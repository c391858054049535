"""Which organisations have a focal point: yes, no, or vacant since a day (Decision 1690/QĐ-TTg: each has one).

An organisation is a unit at the head of its level or directly below such a unit (a province and its departments, a
commune); community teams are none. It is covered while somebody serves as focal point or dedicated officer in it or in
its own offices, which are the units of its level below it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from lms import clock
from lms.db import AnyRow, db, insert_many, is_among
from lms.goals import figures
from lms.goals.figures import Key
from lms.goals.models import Coverage
from lms.network.models import Assignment, Level, UnitAncestor, UnitVersion

ROLES = ("focal-point", "dedicated")
YES, NO, VACANT = "yes", "no", "vacant"
EVERY_POLICY, ANY_YEAR = "", 0
DIMENSION = "coverage"
DEEPEST = 1


class Unit(NamedTuple):
    """A unit as it is today."""

    parent_id: int | None
    level: str


class Cover(NamedTuple):
    """Whether an organisation is covered; `since` is the first day of a vacancy."""

    state: str
    since: date | None = None


class Differences(NamedTuple):
    """What stored cover and figures must become: organisations whose cover changed (None: gone), and changes of figures."""

    covers: dict[int, Cover | None]
    shift: Counter[Key]


def refresh() -> int:
    """Find out anew who is covered today, and keep the figures with it; the number of organisations that changed."""
    return write(differences())


def differences() -> Differences:
    """How today's cover differs from what is stored. Reads much, writes nothing."""
    day = clock.today()
    units = {
        unit_id: Unit(parent_id, level)
        for unit_id, parent_id, level in db.session.execute(
            sa.select(UnitVersion.unit_id, UnitVersion.parent_id, UnitVersion.level).where(UnitVersion.on(day))
        )
    }
    served = sa.select(Assignment.unit_id, sa.func.max(Assignment.to_on)).where(
        Assignment.role.in_(ROLES), Assignment.from_on <= day
    )
    until = dict(db.session.execute(served.group_by(Assignment.unit_id)).all())
    return _compare(covered(units, until, day), _above(day))


def covered(units: Mapping[int, Unit], until: Mapping[int, date], day: date) -> dict[int, Cover]:
    """The cover of each organisation; `until` is the end of the last such post in each unit. Pure."""
    last: dict[int, date] = {}
    for unit_id, end in until.items():
        for above in _within_level(units, unit_id):
            last[above] = max(end, last.get(above, date.min))
    found = {}
    for unit_id in units:
        if is_organisation(units, unit_id):
            found[unit_id] = _cover(last.get(unit_id), day)
    return found


def _cover(end: date | None, day: date) -> Cover:
    """What the end of the last such post says."""
    if end is None:
        return Cover(NO)
    return Cover(YES) if end > day else Cover(VACANT, end)


def is_organisation(units: Mapping[int, Unit], unit_id: int) -> bool:
    """Whether a unit must have a focal point."""
    return units[unit_id].level != Level.VILLAGE_TEAM and len(list(_within_level(units, unit_id))) - 1 <= DEEPEST


def _within_level(units: Mapping[int, Unit], unit_id: int) -> Iterator[int]:
    """A unit and those above it that are of its level."""
    level = units[unit_id].level if unit_id in units else ""
    at: int | None = unit_id
    while at is not None and at in units and units[at].level == level:
        yield at
        at = units[at].parent_id


def counts(unit_id: int) -> dict[str, int]:
    """How many organisations at and below a unit are covered, are not, or are vacant."""
    return figures.divided(unit_id, EVERY_POLICY, ANY_YEAR, DIMENSION, on=figures.TODAY).get("", {})


def missing(unit_id: int, *, after: tuple[str, int] | None, limit: int) -> list[AnyRow]:
    """The organisations at and below a unit that are not covered: unit_id, name, sort_key, state, since."""
    day = clock.today()
    found = (
        sa.select(Coverage.unit_id, UnitVersion.name, UnitVersion.sort_key, Coverage.state, Coverage.since)
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Coverage.unit_id, UnitVersion.on(day)))
        .join(UnitAncestor, sa.and_(UnitAncestor.unit_id == Coverage.unit_id, UnitAncestor.on(day)))
        .where(UnitAncestor.ancestor_id == unit_id, Coverage.state != YES)
        .order_by(UnitVersion.sort_key, Coverage.unit_id)
        .limit(limit)
    )
    if after:
        found = found.where(sa.tuple_(UnitVersion.sort_key, Coverage.unit_id) > sa.tuple_(*map(sa.literal, after)))
    return list(db.session.execute(found).all())


def _above(day: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for unit_id, ancestor in db.session.execute(
        sa.select(UnitAncestor.unit_id, UnitAncestor.ancestor_id).where(UnitAncestor.on(day))
    ):
        found.setdefault(unit_id, []).append(ancestor)
    return found


def _compare(new: Mapping[int, Cover], above: Mapping[int, list[int]]) -> Differences:
    """The figures are counted anew, because the tree may have changed as well."""
    old = {row.unit_id: Cover(row.state, row.since) for row in db.session.scalars(sa.select(Coverage))}
    shift: Counter[Key] = Counter()
    for unit_id, cover in new.items():
        for ancestor in above.get(unit_id, ()):
            shift[ancestor, EVERY_POLICY, ANY_YEAR, figures.TODAY, DIMENSION, "", cover.state] += 1
    for *key, people in figures.stored([ANY_YEAR]):
        shift[tuple(key)] -= people
    changed = {unit_id: new.get(unit_id) for unit_id in old.keys() | new.keys() if old.get(unit_id) != new.get(unit_id)}
    return Differences(changed, shift)


def write(found: Differences) -> int:
    """Store differences; the number of organisations that changed."""
    changed = sorted(found.covers)
    db.session.execute(sa.delete(Coverage).where(is_among(Coverage.unit_id, changed)))
    rows = [{"unit_id": unit_id, **cover._asdict()} for unit_id, cover in found.covers.items() if cover]
    insert_many(Coverage.__table__, rows)
    figures.add(found.shift)
    return len(changed)
