"""What is known of people, as the rules want it: read from the tables, a chunk of people at a time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import history
from lms.db import AnySelect, among, bare_rows, chunks, db, is_among, ordinal, rows_together
from lms.goals.models import Credit, Exemption
from lms.goals.rules import Away, CreditState, Facts, Policy, Service, Waiver
from lms.goals.rules import Credit as Entry
from lms.goals.selectors import NOTHING
from lms.network.models import Absence, Assignment, Person, Post, UnitAncestor, UnitCode, UnitVersion

CHUNK = 1000
APPROVED = "approved"
TABLES: tuple[Any, ...] = (Assignment, Absence, Credit, Exemption)
"""The facts about people, each with the instant at which it was recorded."""
KEPT = [model.__tablename__ for model in TABLES]

Spans = dict[int, list[tuple[int, int, str]]]

_position, _title = aliased(Post), aliased(Post)
_services = (
    sa.select(
        Assignment.person_id, ordinal(Assignment.from_on), ordinal(Assignment.to_on), Assignment.role, Assignment.unit_id,
        Person.employment, _position.code, _title.code, Assignment.is_primary,
    )
    .join(Person, Person.id == Assignment.person_id)
    .outerjoin(_position, _position.id == Assignment.position_id)
    .outerjoin(_title, _title.id == Assignment.title_id)
    .where(among(Assignment.person_id))
    .order_by(Assignment.id)  # of posts that ask for the same the first recorded is named, however they are read
)  # fmt: skip
_absences = sa.select(
    Absence.person_id, ordinal(Absence.from_on), ordinal(Absence.to_on), Absence.suspends
).where(among(Absence.person_id))  # fmt: skip
_credits = sa.select(
    Credit.person_id, Credit.activity, Credit.category, Credit.periods, ordinal(Credit.completed_on), Credit.source,
    Credit.equivalence, Credit.module, Credit.state, Credit.id, Credit.reverses_id,
).where(among(Credit.person_id), Credit.state == CreditState.APPROVED)  # fmt: skip
_waivers = sa.select(
    Exemption.person_id, Exemption.year, Exemption.scope, Exemption.target, ordinal(Exemption.from_on),
    ordinal(Exemption.revoked_on), Exemption.policy,
).where(among(Exemption.person_id), Exemption.state == APPROVED)  # fmt: skip
_spans_of_levels = sa.select(
    UnitVersion.unit_id, ordinal(UnitVersion.from_on), ordinal(UnitVersion.to_on), UnitVersion.level
).order_by(UnitVersion.from_on)  # fmt: skip
_levels = _spans_of_levels.where(among(UnitVersion.unit_id))
_levels_around = _spans_of_levels.where(
    UnitVersion.unit_id.in_(sa.select(Assignment.unit_id).where(among(Assignment.person_id)))
)
_codes_above = sa.select(
    UnitAncestor.unit_id, ordinal(UnitAncestor.from_on), ordinal(UnitAncestor.to_on), UnitCode.value
).join(UnitCode, UnitCode.unit_id == UnitAncestor.ancestor_id).where(among(UnitAncestor.unit_id))  # fmt: skip

ASKED: dict[Any, AnySelect] = {
    Assignment: _services, Absence: _absences, Credit: _credits, Exemption: _waivers, UnitVersion: _levels_around,
}  # fmt: skip
"""All that is asked about people as they are."""


def everybody() -> Sequence[int]:
    """The people who hold or held a post, those of one unit after each other."""
    first = sa.select(Assignment.person_id).group_by(Assignment.person_id)
    return db.session.scalars(first.order_by(sa.func.max(Assignment.unit_id), Assignment.person_id)).all()


def recorded_after(at: datetime) -> set[int]:
    """The people about whom facts were recorded, changed or taken away after an instant."""
    found = set(db.session.scalars(history.people_changed(at).distinct()))
    for table in TABLES:
        found |= set(db.session.scalars(sa.select(table.person_id).where(table.recorded_at > at).distinct()))
    return found


def of(
    person_ids: Collection[int] | None, *, with_units: bool = False, known_at: datetime | None = None,
    whose: Callable[[Sequence[Service]], bool] | None = None,
) -> Iterator[tuple[int, Facts]]:  # fmt: skip
    """Everything known of these people (of all, when None), of those who hold or held a post.

    `with_units` also loads the codes of the units above each post, which only policies that select on units ask for.
    `known_at` gives what was known at an instant: posts, absences, credits and exemptions as they were recorded then.
    `whose`: only the people whose posts pass; of the others nothing else is read.
    """
    wanted = everybody() if person_ids is None else sorted(person_ids)
    for chunk in chunks(wanted, CHUNK):
        yield from _Known(chunk, known_at).facts(with_units, whose)


def needs_units(policies: Iterable[Policy]) -> bool:
    """Whether some rule selects on units."""
    return any(part.unit for policy in policies for rule in policy.rules for part in rule.who.parts())


class _Known:
    """The rows about a chunk of people: as they are, or as they were known at an instant."""

    def __init__(self, person_ids: Sequence[int], known_at: datetime | None) -> None:
        self.person_ids, self.known_at = person_ids, known_at
        self._changed = history.changed(KEPT, person_ids, known_at) if known_at else {}
        self._read: dict[Any, Sequence[tuple[Any, ...]]] = {}

    def facts(
        self, with_units: bool, whose: Callable[[Sequence[Service]], bool] | None
    ) -> Iterator[tuple[int, Facts]]:  # fmt: skip
        if not (whose or self.known_at):
            self._read_at_once()
        services = self._services(with_units)
        if whose:
            services = {person_id: held for person_id, held in services.items() if whose(held)}
            self.person_ids = [person_id for person_id in self.person_ids if person_id in services]
        if not services:
            return
        absences = self._grouped(_absences, Absence, Away._make)
        credits = self._grouped(_credits, Credit, Entry._make)
        waivers = self._grouped(_waivers, Exemption, Waiver._make)
        for person_id in self.person_ids:
            if person_id in services:
                yield (
                    person_id,
                    Facts(
                        services[person_id],
                        absences.get(person_id, ()),
                        credits.get(person_id, ()),
                        waivers.get(person_id, ()),
                    ),
                )

    def _read_at_once(self) -> None:
        ids = {"ids": list(self.person_ids)}
        self._read = dict(zip(ASKED, rows_together(*((statement, ids) for statement in ASKED.values())), strict=True))

    def _rows(self, statement: AnySelect, model: Any) -> Sequence[Sequence[Any]]:
        if model in self._read:
            return self._read[model]
        changed: Collection[int] = self._changed.get(model.__tablename__, ())
        if self.known_at:
            statement = statement.where(model.recorded_at <= self.known_at)
        as_before = [person_id for person_id in self.person_ids if person_id not in changed]
        found = bare_rows(statement, ids=as_before)
        return [*found, *_as_known(model, changed, self.known_at)] if self.known_at and changed else found

    def _grouped(self, statement: AnySelect, model: Any, make: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self._rows(statement, model):
            found[row[0]].append(make(row[1:]))
        return found

    def _services(self, with_units: bool) -> dict[int, list[Service]]:
        rows = self._rows(_services, Assignment)
        units = {row[4] for row in rows}
        levels = _spans(self._read.get(UnitVersion) or bare_rows(_levels, ids=list(units)))
        above = _spans(bare_rows(_codes_above, ids=list(units))) if with_units else {}
        found: dict[int, list[Service]] = {}
        for person_id, start, end, role, unit_id, employment, position, title, is_primary in rows:
            parts = pieces(start, end, levels.get(unit_id, ()))
            for first, last, level in parts:
                within = (
                    frozenset(c for a, b, c in above.get(unit_id, ()) if a < last and b > first) if above else NOTHING
                )
                since = 0 if first == start else start
                service = Service(
                    first,
                    last,
                    role,
                    unit_id,
                    level,
                    employment,
                    position or "",
                    title or "",
                    within,
                    is_primary,
                    since,
                )
                found.setdefault(person_id, []).append(service)
        return found


def pieces(start: int, end: int, versions: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """A post's days cut where its unit changed its level; a post that outlives its unit keeps the last level."""
    if len(versions) == 1:
        return [(start, end, versions[0][2])]
    overlapping = [v for v in versions if v[0] < end and v[1] > start] or list(versions[-1:])
    if len({level for _, _, level in overlapping}) < 2:
        return [(start, end, overlapping[0][2] if overlapping else "")]
    cuts = [start, *(v[0] for v in overlapping[1:]), end]
    return [(a, b, v[2]) for a, b, v in zip(cuts, cuts[1:], overlapping, strict=False)]


def _spans(rows: Iterable[tuple[Any, ...]]) -> Spans:
    found: Spans = defaultdict(list)
    for unit_id, start, end, value in rows:
        found[unit_id].append((start, end, value))
    return found


def _as_known(model: Any, person_ids: Collection[int], at: datetime) -> Iterator[Sequence[Any]]:
    """What the statement about a table would have given at an instant, of people about whom it said something else then."""
    known = history.known(model.__table__, person_ids, at)
    codes: dict[int, str] = {}
    employments: dict[int, str] = {}
    if model is Assignment:
        posts = {row[name] for row in known for name in ("position_id", "title_id") if row[name]}
        codes = dict(db.session.execute(sa.select(Post.id, Post.code).where(is_among(Post.id, posts))).all())
        people = sa.select(Person.id, Person.employment).where(is_among(Person.id, person_ids))
        employments = dict(db.session.execute(people).all())
    for row in known:
        if row.get("state", APPROVED) == APPROVED:
            yield _LAYOUT[model](row, codes, employments)


def _day(value: date | None) -> int | None:
    return value.toordinal() if value else None


_LAYOUT: dict[Any, Any] = {
    Assignment: lambda row, codes, employments: (
        row["person_id"], _day(row["from_on"]), _day(row["to_on"]), row["role"], row["unit_id"],
        employments.get(row["person_id"], ""), codes.get(row["position_id"]), codes.get(row["title_id"]), row["is_primary"],
    ),
    Absence: lambda row, *_: (row["person_id"], _day(row["from_on"]), _day(row["to_on"]), row["suspends"]),
    Credit: lambda row, *_: (
        row["person_id"], row["activity"], row["category"], row["periods"], _day(row["completed_on"]), row["source"],
        row["equivalence"], row["module"], row["state"], row["id"], row["reverses_id"],
    ),
    Exemption: lambda row, *_: (
        row["person_id"], row["year"], row["scope"], row["target"], _day(row["from_on"]), _day(row["revoked_on"]),
        row["policy"],
    ),
}  # fmt: skip
