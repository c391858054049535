"""What the page of a unit shows: the figures of one policy and year, read by a fixed number of statements."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from lms.goals import coverage, figures
from lms.goals.figures import ACTIVE, MET_IN, TODAY, WAS, WHOLE, Counts, Place
from lms.goals.forecast import Forecast, Past, classes, expected
from lms.goals.hiding import hidden
from lms.goals.rules import Status
from lms.goals.standings import COUNTED
from lms.network import queries as network

LISTED = 2_000
"""Up to so many people a unit's page lists who is behind."""
ORDER = tuple(Status)[2:] + tuple(Status)[:2]
"""Statuses as they are shown: first those who are counted, then those who stand beside."""


@dataclass(frozen=True)
class Shown:
    """Counts as a reader may see them: all of them, or with small groups left out (None)."""

    counts: Mapping[str, int]
    is_open: bool

    @cached_property
    def people(self) -> list[tuple[str, int | None]]:
        """(status, people) in order, of those that are not empty."""
        told = dict(self.counts) if self.is_open else hidden(self.counts)
        return [(status.value, told[status]) for status in ORDER if status in told]

    @property
    def met(self) -> int | None:
        return dict(self.people).get(Status.MET.value, 0)

    @property
    def counted(self) -> int:
        return counted(self.counts)

    @property
    def all(self) -> int:
        return sum(self.counts.values())

    @property
    def rate(self) -> float | None:
        """met ÷ (met + not met); None when nobody is counted, or the number of those who met it is not told."""
        return self.met / self.counted if self.counted and self.met is not None else None


@dataclass(frozen=True)
class Line:
    """A unit directly below, this year and last year on the map of today."""

    unit: Any
    now: Shown
    last: Shown
    short: int

    @property
    def change(self) -> float | None:
        """By how much the rate differs from last year's."""
        if self.now.rate is None or self.last.rate is None:
            return None
        return self.now.rate - self.last.rate


class Dashboard:
    """The figures of a unit in a year of a policy, as of a day; `is_open` when the reader may see names."""

    def __init__(self, unit_id: int, policy: str, year: int, day: date, *, by: str = "", is_open: bool = True) -> None:
        self.unit_id, self.policy, self.year, self.day, self.by, self.is_open = unit_id, policy, year, day, by, is_open
        wanted = [WHOLE, MET_IN, ACTIVE, *([by] if by else [])]
        self._places = figures.places(unit_id, policy, (year, year - 1), wanted)

    @property
    def now(self) -> Shown:
        return self._shown(self.year)

    @property
    def last(self) -> Shown:
        """Last year, on the map of today."""
        return self._shown(self.year - 1, on=TODAY)

    @property
    def now_on_todays_map(self) -> Shown:
        return self._shown(self.year, on=TODAY)

    @property
    def divisions(self) -> list[tuple[str, Shown]]:
        """The counts by value of the division asked for, the largest first; who has no value is the rest."""
        found = {p.value: c for p, c in self._places.items() if p[1:4] == (self.year, WAS, self.by) and self.by}
        rest = Counter(self.now.counts)
        for counts in found.values():
            rest.subtract(counts)
        found[""] = {status: people for status, people in rest.items() if people}
        largest = sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        return [(value, Shown(counts, self.is_open)) for value, counts in largest if counts]

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

    @cached_property
    def coverage(self) -> dict[str, int]:
        return coverage.counts(self.unit_id)

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
        return Line(unit, Shown(now, self.is_open), Shown(last, self.is_open), short)

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

    def _shown(self, year: int, on: str = WAS) -> Shown:
        return Shown(self._counts(year, on, WHOLE), self.is_open)

    def _counts(self, year: int, on: str, dimension: str) -> Counts:
        return self._places.get(Place(self.unit_id, year, on, dimension, ""), {})


def counted(counts: Mapping[str, int]) -> int:
    """The people in the denominator."""
    return sum(counts.get(status, 0) for status in COUNTED)


def children(unit_id: int, day: date) -> list[Any]:
    """The units directly below one on a day."""
    return [row.UnitVersion for row in network.children(unit_id, day)]
