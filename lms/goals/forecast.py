"""Where a unit will stand on 31 December if people go on as they did last year. Pure.

Of those who had not met the goal by this day of last year, a share met it by the end: the same share is expected of those
who have not met it today. Without a last year, people go on at the pace of this year so far. Back-tested by
`python -m bench.forecast`.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

FEWEST = 20
"""A last year of fewer counted people says too little."""


class Past(NamedTuple):
    """A year at its end: how many were counted, and how many met the goal in each month (1 to 12)."""

    counted: int
    met_in: Mapping[int, int]

    @property
    def met(self) -> int:
        return sum(self.met_in.values())


class Forecast(NamedTuple):
    """What is expected on 31 December: people who have met the goal of those counted. `by_last_year` names the method."""

    met: int
    counted: int
    by_last_year: bool

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.met, self.counted) if self.counted else None

    @property
    def short(self) -> int:
        """People who will not have met it."""
        return self.counted - self.met


def expected(met: int, counted: int, day: date, last: Past | None) -> Forecast:
    """The forecast on a day of the year."""
    if last and last.counted >= FEWEST:
        return Forecast(met + _share_of(counted - met, conversion(last, day)), counted, True)
    elapsed, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return Forecast(min(met + _share_of(met, Fraction(length - elapsed, elapsed)), counted), counted, False)


def conversion(last: Past, day: date) -> Fraction:
    """The share of those who had not met the goal by this day of last year, and met it by its end."""
    by_then = met_by(last, day)
    left = last.counted - by_then
    return (last.met - by_then) / left if left > 0 else Fraction(1)


def met_by(last: Past, day: date) -> Fraction:
    """How many had met the goal by a day, a month's share taken as even over its days."""
    whole = sum(last.met_in.get(month, 0) for month in range(1, day.month))
    return whole + Fraction(last.met_in.get(day.month, 0) * day.day, monthrange(day.year, day.month)[1])


def classes(people: int, seats: int) -> int:
    """How many classes seat these people."""
    return -(-people // seats)


def _share_of(people: int, share: Fraction) -> int:
    return round(people * share)
