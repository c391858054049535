"""What the people of a unit lack of what their pathways demand: counts by post and component, and the people themselves.

The people are those of the standings of a year, as in the goal and in the training plan.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from lms.catalogue import queries as catalogue
from lms.catalogue.queries import Published
from lms.competencies import pathway, queries, rules
from lms.competencies.frame import Component, Frame
from lms.competencies.models import ClaimCompetency
from lms.competencies.pathway import Pathway
from lms.competencies.rules import Closing, Demand, Lack, Offer
from lms.db import AnyRow, AnySelect, db
from lms.goals import hiding
from lms.goals.models import Standing
from lms.goals.selectors import Kind
from lms.language import gettext, role_words
from lms.learning.models import Completion
from lms.network import queries as network
from lms.network.models import Person, UnitAncestor, UnitVersion
from lms.recognition.models import Claim

COUNT_COLUMNS = ("pathway", "role", "component", "level", "people", "shown", "missing")
PERSON_COLUMNS = ("person-code", "full-name", "unit", "role", "pathway", "component", "level", "shown-level")


@dataclass(frozen=True)
class Demands:
    """What the pathways lead to in a frame, and what shows it."""

    frame: Frame
    pathways: Sequence[Pathway]
    offered: Sequence[Published]
    versions: Mapping[int, Offer]

    @classmethod
    def read(cls, frame: Frame) -> "Demands":
        return cls(frame, queries.pathways(), catalogue.offered(), queries.versions_building(frame.code))

    @cached_property
    def offers(self) -> list[Offer]:
        """What the courses on offer build."""
        return [queries.offer(published, self.frame.code) for published in self.offered]

    @cached_property
    def of(self) -> Mapping[str, frozenset[Demand]]:
        """What each pathway demands, by its code."""
        known = self.frame.components
        demanded = {each.code: rules.demands(each.courses, self.offers) for each in self.pathways}
        return {code: frozenset(d for d in found if d.component in known) for code, found in demanded.items()}

    @cached_property
    def all(self) -> list[Demand]:
        """Every demand that there is, in order."""
        return sorted({demand for found in self.of.values() for demand in found})

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The pathways' titles in the reader's language."""
        return {each.code: each.words for each in self.pathways}

    def showing(self, demand: Demand) -> list[int]:
        """The versions of courses that show what is demanded."""
        return [
            key
            for key, offer in self.versions.items()
            if demand.component in offer.components and offer.level >= demand.level
        ]


@dataclass(frozen=True)
class Total:
    """Over all pathways: so many people are to show a component, so many have not; None where it is not told."""

    component: Component
    people: int | None
    missing: int | None

    @property
    def share(self) -> float | None:
        """The share who have shown it."""
        if self.missing is None or not self.people:
            return None
        return 1 - self.missing / self.people


@dataclass(frozen=True)
class Report:
    """The gaps of a unit in a year."""

    demands: Demands
    lacks: Sequence[Lack]

    @property
    def totals(self) -> list[Total]:
        """The components that somebody is to show, the largest gap first."""
        groups = _totals(self.lacks)
        found = [Total(self.demands.frame.components[c], people, missing) for c, (people, missing) in groups.items()]
        return sorted(found, key=lambda total: (-(total.missing or 0), total.component.code))

    @property
    def closings(self) -> list[Closing]:
        """The courses that close most gaps first."""
        courses_of = {each.code: each.courses for each in self.demands.pathways}
        return rules.closings(self.lacks, self.demands.offers, courses_of)

    def rows(self) -> Iterator[Sequence[Any]]:
        """One row a pathway, role and component, as `COUNT_COLUMNS` says."""
        frame = self.demands.frame
        for lack in self.lacks:
            component, level = frame.components[lack.demand.component], frame.level_words(lack.demand.level)
            yield (
                self.demands.titles[lack.pathway], role_words(lack.role), f"{component.code} {component.words}", level,
                lack.people, lack.people - lack.missing, lack.missing,
            )  # fmt: skip


def report(unit_id: int, policy: str, year: int, frame: Frame) -> Report:
    """The gaps of a unit and all below it."""
    demands = Demands.read(frame)
    found = _counts(demands, policy, year, UnitAncestor.ancestor_id == unit_id)
    return Report(demands, found.get(unit_id, []))


def told_totals(way: Sequence[int], policy: str, year: int, frame: Frame, day: Any) -> list[Total]:
    """The totals of the last unit on a way from the root down, for who may see no names.

    As with the goal: no group under five, nor one that its sisters, or the unit above, give away.
    """
    demands, sisters = Demands.read(frame), network.children_of(way, day)
    every = {*way, *(unit_id for below in sisters.values() for unit_id in below)}
    found = _counts(demands, policy, year, UnitAncestor.ancestor_id.in_(every))
    totals = {unit_id: _totals(found.get(unit_id, [])) for unit_id in every}
    components = sorted(totals[way[-1]])
    return [_told(frame.components[code], way, sisters, totals) for code in components]


def people(unit_id: int, policy: str, year: int, frame: Frame) -> Iterator[Sequence[Any]]:
    """One row a person and component that they lack, as `PERSON_COLUMNS` says."""
    demands = Demands.read(frame)
    levels = _levels(demands, unit_id, policy, year)
    for row in db.session.execute(_people(unit_id, policy, year)):
        found = pathway.meant(demands.pathways, Kind(role=row.role, level=row.level, position=row.position))
        for demand in sorted(demands.of[found.code]) if found else ():
            level = levels.get(row.id, {}).get(demand.component, rules.NOT_SHOWN)
            if level < demand.level:
                component = frame.components[demand.component]
                yield (
                    row.code, row.full_name, row.unit, role_words(row.role), demands.titles[found.code if found else ""],
                    f"{component.code} {component.words}", frame.level_words(demand.level),
                    frame.level_words(level) if level else "",
                )  # fmt: skip


def _told(
    component: Component,
    way: Sequence[int],
    sisters: Mapping[int, Sequence[int]],
    totals: Mapping[int, Mapping[str, tuple[int, int]]],
) -> Total:
    def group(unit_id: int) -> hiding.Group:
        people, missing = totals[unit_id].get(component.code, (0, 0))
        return people - missing, missing

    told = {way[0]} if hiding.is_safe(group(way[0])) else set()
    for unit_id in way:
        if unit_id in told:
            told |= hiding.told({below: group(below) for below in sisters.get(unit_id, ())})
    if way[-1] not in told:
        return Total(component, None, None)
    shown, missing = group(way[-1])
    return Total(component, shown + missing, missing)


def _totals(lacks: Collection[Lack]) -> dict[str, tuple[int, int]]:
    """(people, missing) by component."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for lack in lacks:
        people, missing = found[lack.demand.component]
        found[lack.demand.component] = people + lack.people, missing + lack.missing
    return dict(found)


def _counts(demands: Demands, policy: str, year: int, units: sa.ColumnElement[bool]) -> dict[int, list[Lack]]:
    """What is lacking, by unit: one pass over the people."""
    if not demands.all:
        return {}
    evidence = _evidence(demands.frame)
    shown = [sa.func.max(sa.case((_shows(demands, each, evidence), 1), else_=0)) for each in demands.all]
    each = (
        sa.select(
            UnitAncestor.ancestor_id, Standing.role, UnitVersion.level, Standing.position,
            *(column.label(f"d{n}") for n, column in enumerate(shown)),
        )
        .select_from(Standing)
        .join(UnitAncestor, sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on)))
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Standing.unit_id, UnitVersion.on(Standing.reference_on)))
        .outerjoin(evidence, evidence.c.person_id == Standing.person_id)
        .where(units, Standing.policy == policy, Standing.year == year)
        .group_by(UnitAncestor.ancestor_id, Standing.person_id, Standing.role, UnitVersion.level, Standing.position)
        .subquery()
    )  # fmt: skip
    sums = [sa.func.sum(each.c[f"d{n}"]) for n in range(len(shown))]
    kinds = (each.c.ancestor_id, each.c.role, each.c.level, each.c.position)
    found = db.session.execute(sa.select(*kinds, sa.func.count(), *sums).group_by(*kinds))
    return _lacks(demands, found.all())


def _lacks(demands: Demands, found: Sequence[AnyRow]) -> dict[int, list[Lack]]:
    """Posts of one pathway and role together."""
    added: dict[tuple[int, str, str, Demand], list[int]] = defaultdict(lambda: [0, 0])
    for unit_id, role, level, position, people, *shown in found:
        meant = pathway.meant(demands.pathways, Kind(role=role, level=level, position=position))
        for demand, having in zip(demands.all, shown, strict=True):
            if meant and demand in demands.of[meant.code]:
                counts = added[unit_id, meant.code, role, demand]
                counts[0] += people
                counts[1] += people - int(having)
    lacks: dict[int, list[Lack]] = defaultdict(list)
    for (unit_id, code, role, demand), (people, missing) in sorted(added.items()):
        lacks[unit_id].append(Lack(code, role, demand, people, missing))
    return lacks


def _evidence(frame: Frame) -> sa.Subquery:
    """(person, version of a completed course, component, level): the last two of accepted claims."""
    nothing = sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), sa.Integer)
    courses = sa.select(
        Completion.person_id, Completion.version_id, nothing[0].label("component"), nothing[1].label("level")
    ).where(Completion.withdrawn_at.is_(None))
    claims = (
        sa.select(Claim.person_id, sa.cast(sa.null(), sa.Integer), ClaimCompetency.component, ClaimCompetency.level)
        .join(ClaimCompetency, ClaimCompetency.claim_id == Claim.id)
        .where(Claim.credit_id.is_not(None), ClaimCompetency.frame == frame.code)
    )
    return sa.union_all(courses, claims).subquery("evidence")


def _shows(demands: Demands, demand: Demand, evidence: sa.Subquery) -> sa.ColumnElement[bool]:
    """The condition that a piece of evidence shows what is demanded."""
    named = sa.and_(evidence.c.component == demand.component, evidence.c.level >= demand.level)
    return sa.or_(evidence.c.version_id.in_(demands.showing(demand)), named)


def _levels(demands: Demands, unit_id: int, policy: str, year: int) -> Mapping[int, Mapping[str, int]]:
    """The levels that the people of a unit have shown, by person and component."""
    evidence = _evidence(demands.frame)
    found = (
        sa.select(evidence.c.person_id, evidence.c.version_id, evidence.c.component, evidence.c.level)
        .join(Standing, Standing.person_id == evidence.c.person_id)
        .join(UnitAncestor, sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on)))
        .where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy, Standing.year == year)
    )
    levels: dict[int, dict[str, int]] = defaultdict(dict)
    for person_id, version_id, component, level in db.session.execute(found):
        offer = demands.versions[version_id] if version_id else Offer("", level, frozenset([component]))
        for code in offer.components:
            levels[person_id][code] = max(levels[person_id].get(code, rules.NOT_SHOWN), offer.level)
    return levels


def _people(unit_id: int, policy: str, year: int) -> AnySelect:
    """The people of a unit in Vietnamese order, with what they are."""
    return (
        sa.select(
            Person.id, Person.code, Person.full_name, Standing.role, Standing.position, UnitVersion.level,
            UnitVersion.name.label("unit"),
        )
        .select_from(Standing)
        .join(Person, Person.id == Standing.person_id)
        .join(UnitAncestor, sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on)))
        .join(UnitVersion, sa.and_(UnitVersion.unit_id == Standing.unit_id, UnitVersion.on(Standing.reference_on)))
        .where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy, Standing.year == year)
        .order_by(Person.sort_key, Person.id)
    )  # fmt: skip


def titles(columns: Sequence[str]) -> list[str]:
    """What stands over columns."""
    return [gettext(f"competencies.column.{column}") for column in columns]
