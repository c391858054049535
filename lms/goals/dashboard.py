"""What the page of a unit shows: the figures of one policy and year, read by a fixed number of statements."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lms.goals import coverage, figures, hiding
from lms.goals.figures import ACTIVE, MET_IN, TODAY, WAS, WHOLE, Counts, Place
from lms.goals.forecast import Forecast, Past, classes, expected
from lms.goals.rules import Status
from lms.goals.standings import COUNTED
from lms.network import queries as network

LISTED = 500
"""Up to so many people a unit's page lists who is behind."""
ORDER = tuple(Status)[2:] + tuple(Status)[:2]
"""Statuses as they are shown: first those who are counted, then those who stand beside."""


@dataclass(frozen=True)
class Shown:
    """Counts by status as a reader may see them; who may see no names sees those that are told, as met and not met alone."""

    counts: Mapping[str, int]
    is_told: bool = True

    @property
    def people(self) -> list[tuple[str, int]]:
        """(status, people) in order, of those that are not empty."""
        return [(status.value, self.counts[status]) for status in ORDER if self.counts.get(status)]

    @property
    def met(self) -> int | None:
        return self.counts.get(Status.MET, 0) if self.is_told else None

    @cached_property
    def counted(self) -> int | None:
        return counted(self.counts) if self.is_told else None

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def rate(self) -> float | None:
        """met ÷ (met + not met); None when nobody is counted, or when it is not told."""
        return self.met / self.counted if self.counted and self.met is not None else None


@dataclass(frozen=True)
class Line:
    """A unit directly below, this year and last year on the map of today."""

    unit: Any
    now: Shown
    last: Shown
    short: int


class Dashboard:
    """The figures of a unit in a year of a policy, as of a day.

    `told` holds the units whose figures a reader may see who may see no names (`told_on`); None when names may be seen.
    """

    def __init__(
        self, unit_id: int, policy: str, year: int, day: date, *, by: str = "", told: Collection[int] | None = None
    ) -> None:
        self.unit_id, self.policy, self.year, self.day, self.by, self.told = unit_id, policy, year, day, by, told
        wanted = [WHOLE, MET_IN, ACTIVE, coverage.DIMENSION, *([by] if by else [])]
        policies, years = (policy, coverage.EVERY_POLICY), (year, year - 1, coverage.ANY_YEAR)
        self._places = figures.places(unit_id, policies, years, wanted)

    @property
    def is_open(self) -> bool:
        """Whether the reader may see names, and so every number."""
        return self.told is None

    @cached_property
    def now(self) -> Shown:
        """This year: as it was for who may see names, else on the map on which all figures are told."""
        return Shown(self._counts(self.year, WAS if self.is_open else TODAY, WHOLE), self._is_told(self.unit_id))

    @property
    def divisions(self) -> list[tuple[str, Shown]]:
        """The counts by value of the division asked for, the largest first; who has no value is the rest."""
        found = {p.value: c for p, c in self._places.items() if p[1:4] == (self.year, WAS, self.by) and self.by}
        rest = Counter(self.now.counts)
        for counts in found.values():
            rest.subtract(counts)
        found[""] = {status: people for status, people in rest.items() if people}
        largest = sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        return [(value, Shown(counts)) for value, counts in largest if counts]

    @property
    def is_small(self) -> bool:
        """Whether its people can be listed by name at once; of a larger unit, the units below are."""
        return self.now.all <= LISTED

    @property
    def active(self) -> int:
        """People who have signed in this year."""
        return sum(self._counts(self.year, WAS, ACTIVE).values())

    @property
    def is_running(self) -> bool:
        """Whether the year has days left."""
        return self.day < date(self.year, 12, 31)

    @cached_property
    def forecast(self) -> Forecast:
        now = self.now.counts
        return expected(now.get(Status.MET, 0), counted(now), self.day, self._past)

    @property
    def coverage(self) -> Counts:
        """How many organisations are covered, are not, or are vacant."""
        return self._counts(coverage.ANY_YEAR, TODAY, coverage.DIMENSION)

    def below(self, units: Sequence[Any]) -> list[Line]:
        """The units directly below, the ones with most people still to be brought there first known by `short`."""
        found = figures.of_units([unit.unit_id for unit in units], self.policy, (self.year, self.year - 1))
        return [self._line(unit, found) for unit in units]

    def classes(self, lines: Collection[Line], seats: int) -> list[tuple[Any, int, int]]:
        """Where classes are needed most: (unit, people, classes)."""
        most = sorted((line for line in lines if line.short), key=lambda line: -line.short)
        return [(line.unit, line.short, classes(line.short, seats)) for line in most[:3]]

    def _line(self, unit: Any, found: Mapping[Place, Counts]) -> Line:
        now = found.get(Place(unit.unit_id, self.year, TODAY, WHOLE, ""), {})
        last = found.get(Place(unit.unit_id, self.year - 1, TODAY, WHOLE, ""), {})
        left = counted(now) - now.get(Status.MET, 0)
        short = round(left * self._stays)
        return Line(unit, Shown(now, self._is_told(unit.unit_id)), Shown(last, self.is_open), short)

    @cached_property
    def _stays(self) -> float:
        """The share of those who have not met the goal yet that is expected not to by the end of the year."""
        left = counted(self.now.counts) - self.now.counts.get(Status.MET, 0)
        return self.forecast.short / left if left else 0.0

    @cached_property
    def _past(self) -> Past | None:
        before = self._counts(self.year - 1, WAS, WHOLE)
        months = {
            int(p.value): sum(c.values()) for p, c in self._places.items() if p[1:4] == (self.year - 1, WAS, MET_IN)
        }
        return Past(counted(before), months) if before else None

    def _is_told(self, unit_id: int) -> bool:
        return self.told is None or unit_id in self.told

    def _counts(self, year: int, on: str, dimension: str) -> Counts:
        return self._places.get(Place(self.unit_id, year, on, dimension, ""), {})


def counted(counts: Mapping[str, int]) -> int:
    """The people in the denominator."""
    return sum(counts.get(status, 0) for status in COUNTED)


def told_on(way: Sequence[int], policy: str, year: int, day: date) -> set[int]:
    """Of the units on a way from the root down, and of those directly below each, the ones whose figures all may see."""
    sisters = network.children_of(way, day)
    every = {*way, *(unit_id for below in sisters.values() for unit_id in below)}
    found = figures.of_units(sorted(every), policy, [year])
    groups = {unit_id: _group(found.get(Place(unit_id, year, TODAY, WHOLE, ""), {})) for unit_id in every}
    told = {way[0]} if hiding.is_safe(groups[way[0]]) else set()
    for unit_id in way:
        if unit_id in told:
            told |= hiding.told({below: groups[below] for below in sisters.get(unit_id, ())})
    return told


def _group(counts: Mapping[str, int]) -> hiding.Group:
    met = counts.get(Status.MET, 0)
    return met, counted(counts) - met
