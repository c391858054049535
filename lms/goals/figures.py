"""How many people of a unit and all below it are so judged: kept for every unit, in every division that pages show.

A figure is a sum of rows. Whoever changes a person's standing adds rows for the change (`add`), in the same transaction, to
the person's unit and to all above it; nobody waits for a row that another is writing. `fold` adds rows up behind them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, Self

import sqlalchemy as sa

from lms.db import AnyRow, among, bare_rows, chunks, db, hold, insert_rows, is_among, ordinal, rows
from lms.goals.models import Figure, Standing
from lms.network.actions import TREE
from lms.network.models import Assignment, UnitAncestor, UnitHeir

WAS, TODAY = "was", "today"
WHOLE = ""
DIVISIONS = ("role", "employment", "position", "title")
MET_IN, LACKING, ACTIVE = "met-in", "lacking", "active"
FOLDED_AT_ONCE = 500
MANY = 1_000

Key = tuple[int, str, int, str, str, str, str]  # unit, policy, year, map, dimension, value, status
Part = tuple[str, int, str, str, str, str]  # the same without the unit
Way = tuple[int, ...]  # a unit and those above it, the nearest first
Counts = dict[str, int]  # people by status

COLUMNS = ("unit_id", "policy", "year", "map", "dimension", "value", "status")
TALLIED = (
    Standing.policy, Standing.year, Standing.unit_id, Standing.reference_on, Standing.role, Standing.employment,
    Standing.position, Standing.title, Standing.status, Standing.met_on, Standing.lacking, Standing.is_active,
)  # fmt: skip


class Tallied(NamedTuple):
    """What of a standing is counted."""

    policy: str
    year: int
    unit_id: int
    reference_on: date
    role: str
    employment: str
    position: str
    title: str
    status: str
    met_on: date | None
    lacking: str
    is_active: bool


_ABOVE = sa.select(
    UnitAncestor.unit_id, UnitAncestor.depth, ordinal(UnitAncestor.from_on).label("from_day"),
    ordinal(UnitAncestor.to_on).label("to_day"), UnitAncestor.ancestor_id,
)  # fmt: skip
_ABOVE_HEIRS = sa.select(
    UnitHeir.unit_id, UnitAncestor.depth, sa.null(), sa.null(), UnitAncestor.ancestor_id
).join(UnitAncestor, sa.and_(UnitAncestor.unit_id == UnitHeir.heir_id, UnitAncestor.on(UnitHeir.drawn_on)))  # fmt: skip


_served = sa.select(Assignment.unit_id).where(among(Assignment.person_id))
_of_units = among(UnitAncestor.unit_id), among(UnitHeir.unit_id)
_of_people = UnitAncestor.unit_id.in_(_served), UnitHeir.unit_id.in_(_served)


def _ways(as_it_was: sa.ColumnElement[bool] = sa.true(), as_of_today: sa.ColumnElement[bool] = sa.true()) -> Any:
    found = _ABOVE.where(as_it_was).union_all(_ABOVE_HEIRS.where(as_of_today))
    return found.order_by("unit_id", "depth")


_all_ways, _ways_of_units, WAYS_OF_PEOPLE = _ways(), _ways(*_of_units), _ways(*_of_people)


class Tree:
    """The units at or above units, the nearest first: on the days of reference, and on the map of today."""

    def __init__(self, unit_ids: Collection[int] | None = None) -> None:
        if unit_ids is None:
            self._take(bare_rows(_all_ways))
        else:
            self._take(bare_rows(_ways_of_units, ids=list(unit_ids)))

    @classmethod
    def of(cls, ways: Iterable[tuple[Any, ...]]) -> Self:
        """From the rows of `WAYS_OF_PEOPLE`: what is needed to count some people, over the units in which they serve or served."""
        tree = cls.__new__(cls)
        tree._take(ways)
        return tree

    def _take(self, ways: Iterable[tuple[Any, ...]]) -> None:
        self._above: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._ways: dict[tuple[int, date], Way] = {}
        self._today: dict[int, Way] = defaultdict(tuple)
        for unit_id, _, start, end, ancestor in ways:
            if end is None:
                self._today[unit_id] += (ancestor,)
            else:
                self._above[unit_id].append((start, end, ancestor))

    def was(self, unit_id: int, day: date) -> Way:
        """The units at or above a unit on a day: most people of a unit are counted on the same one."""
        way = self._ways.get((unit_id, day))
        if way is None:
            number, above = day.toordinal(), self._above.get(unit_id, ())
            way = tuple([ancestor for start, end, ancestor in above if start <= number < end])
            self._ways[unit_id, day] = way
        return way

    def today(self, unit_id: int) -> Way:
        """The units at or above the one that carries a unit today."""
        return self._today.get(unit_id, ())


def tally(standings: Iterable[Tallied], tree: Tree, sign: int = 1) -> Counter[Key]:
    """What standings add to the figures, or with `sign` -1 take from them."""
    at: dict[Way, Counter[Part]] = defaultdict(Counter)
    for one in standings:
        here = at[tree.was(one.unit_id, one.reference_on)]
        for part in parts(one):
            here[part] += sign
        at[tree.today(one.unit_id)][one.policy, one.year, TODAY, WHOLE, "", one.status] += sign
    return _carried_up(at)


def _carried_up(at: dict[Way, Counter[Part]]) -> Counter[Key]:
    """What is counted at units, counted at all above them as well: a level after the other, each sum carried once."""
    found: Counter[Key] = Counter()
    for length in range(max(map(len, at), default=0), 0, -1):
        for way in [way for way in at if len(way) == length]:
            counts = at.pop(way)
            for part, people in counts.items():
                found[way[0], *part] += people
            at[way[1:]].update(counts)
    return found


def parts(one: Tallied) -> Iterator[Part]:
    """Everything under which a standing is counted, on the map of its own day. Who has no position or title is the rest."""
    goal, status = (one.policy, one.year, WAS), one.status
    yield *goal, WHOLE, "", status
    yield *goal, "role", one.role, status
    yield *goal, "employment", one.employment, status
    if one.position:
        yield *goal, "position", one.position, status
    if one.title:
        yield *goal, "title", one.title, status
    if one.met_on:
        yield *goal, MET_IN, f"{one.met_on.month:02}", status
    if one.is_active:
        yield *goal, ACTIVE, "", status
    for code in one.lacking.split():
        yield *goal, LACKING, f"{one.role} {code}", status


def add(changes: Mapping[Key, int]) -> None:
    """Write changes of figures. What has none yet needs no folding: with very many changes that is worth a question."""
    places = {key[0] for key in changes} if len(changes) > MANY else set()
    if places:
        places -= set(db.session.scalars(sa.select(Figure.unit_id).where(is_among(Figure.unit_id, places)).distinct()))
    _insert((*key, people, key[0] not in places) for key, people in changes.items() if people)


def _insert(figures: Iterable[tuple[Any, ...]]) -> None:
    insert_rows(Figure.__table__, (*COLUMNS, "people", "is_change"), figures)


@contextmanager
def moving(unit_ids: set[int]) -> Iterator[None]:
    """Inside the block the tree changes for these units: their people are counted where they stand afterwards."""
    shift = tally(_standings_in(unit_ids), Tree(unit_ids), -1)
    yield
    shift.update(tally(_standings_in(unit_ids), Tree(unit_ids)))
    add(shift)


def _standings_in(unit_ids: Collection[int]) -> Iterator[Tallied]:
    inside = sa.select(*TALLIED).where(is_among(Standing.unit_id, unit_ids))
    streamed = db.session.connection().execute(inside, execution_options={"yield_per": 10_000})
    return (Tallied._make(row) for row in streamed)


def fold() -> int:
    """Add up the rows of changed figures; the number of units that had any."""
    changed = sa.select(Figure.unit_id).where(Figure.is_change).distinct()
    units = db.session.scalars(changed.order_by(Figure.unit_id)).all()
    for some in chunks(units, FOLDED_AT_ONCE):
        gone = sa.delete(Figure).where(is_among(Figure.unit_id, some))
        columns = [getattr(Figure, name) for name in COLUMNS]
        sums: Counter[Key] = Counter()
        for *key, people in db.session.connection().execute(gone.returning(*columns, Figure.people)):
            sums[tuple(key)] += people
        _insert((*key, people, False) for key, people in sums.items() if people)
        db.session.commit()
    return len(units)


def recount(unit_ids: Collection[int], years: Collection[int]) -> None:
    """Write the figures of units anew from the standings below them, while nobody else counts."""
    hold(TREE)
    wanted = set(unit_ids)
    below = sa.select(UnitAncestor.unit_id).where(is_among(UnitAncestor.ancestor_id, wanted))
    carried = sa.select(UnitHeir.unit_id).where(UnitHeir.heir_id.in_(below))
    places = set(db.session.scalars(below.union(carried)))
    standings = (one for one in _standings_in(places) if one.year in years)
    counts = tally(standings, Tree(places))
    db.session.execute(sa.delete(Figure).where(is_among(Figure.unit_id, wanted), Figure.year.in_(years)))
    add({key: people for key, people in counts.items() if key[0] in wanted})


_counts = (
    sa.select(
        Figure.unit_id, Figure.year, Figure.map, Figure.dimension, Figure.value, Figure.status, sa.func.sum(Figure.people)
    )
    .where(
        Figure.policy.in_(sa.bindparam("policies", expanding=True)),
        Figure.year.in_(sa.bindparam("years", expanding=True)),
        Figure.dimension.in_(sa.bindparam("dimensions", expanding=True)),
    )
    .group_by(Figure.unit_id, Figure.year, Figure.map, Figure.dimension, Figure.value, Figure.status)
)  # fmt: skip
_of_one = _counts.where(Figure.unit_id == sa.bindparam("unit_id"))


class Place(NamedTuple):
    """Where counts belong."""

    unit_id: int
    year: int
    map: str
    dimension: str
    value: str


def of_unit(unit_id: int, policy: str, year: int, *, on: str = WAS) -> Counts:
    """How many people of a unit and all below it have each status. Each is counted once."""
    return divided(unit_id, policy, year, WHOLE, on=on).get("", {})


def divided(unit_id: int, policy: str, year: int, dimension: str, *, on: str = WAS) -> dict[str, Counts]:
    """The same by value of a dimension, such as role."""
    found = places(unit_id, [policy], [year], [dimension])
    return {place.value: counts for place, counts in found.items() if place.map == on}


def places(
    unit_id: int, policies: Collection[str], years: Collection[int], dimensions: Collection[str]
) -> dict[Place, Counts]:
    """A unit's counts of several years and dimensions, on both maps, by one statement.

    Places do not name their policy: no two of the policies have a year and dimension in common.
    """
    asked = {"policies": list(policies), "years": list(years), "dimensions": list(dimensions)}
    return _by_place(rows(_of_one, unit_id=unit_id, **asked))


def of_units(unit_ids: Collection[int], policy: str, years: Collection[int]) -> dict[Place, Counts]:
    """The whole counts of several units and years, on the map of today."""
    if not unit_ids:
        return {}
    several = _counts.where(is_among(Figure.unit_id, unit_ids), Figure.map == TODAY)
    return _by_place(rows(several, policies=[policy], years=list(years), dimensions=[WHOLE]))


def _by_place(found: Iterable[AnyRow]) -> dict[Place, Counts]:
    by_place: dict[Place, Counts] = {}
    for *place, status, people in found:
        if people:
            by_place.setdefault(Place(*place), {})[status] = int(people)
    return by_place


def fingerprints(parts: Iterable[tuple[Any, ...]]) -> dict[int, int]:
    """A number for each unit, from rows (key …, people): equal when all its figures are equal, however they are split.

    Sums of people times a hash of the key, so that neither the rows nor their order need to be held.
    """
    found: dict[int, int] = defaultdict(int)
    for row in parts:
        found[row[0]] += row[-1] * _hash(row[1:-1])
    return {unit_id: number for unit_id, number in found.items() if number}


def stored(years: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """All stored figures of years, streamed: (key …, people)."""
    columns = [getattr(Figure, name) for name in COLUMNS]
    select = sa.select(*columns, Figure.people).where(Figure.year.in_(years))
    streamed = db.session.connection().execute(select, execution_options={"yield_per": 10_000})
    return (tuple(row) for row in streamed)


@lru_cache(maxsize=1 << 16)
def _hash(part: Part) -> int:
    return int.from_bytes(blake2b(repr(part).encode(), digest_size=8).digest())
