"""Where a unit will stand on 31 December if people go on as they do. Pure.

Last year tells when in a year people meet the goal, this year how fast they are: of those who have not met it yet, a share
meets it each day, so many times last year's share of that day as has been seen this year (proportional hazards; a pace seen
on few people is drawn towards last year's). Without a last year, people go on at the pace of this year so far.
Back-tested by `python -m bench.forecast`.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import log
from typing import NamedTuple

FEWEST = 20
"""A last year of fewer counted people says too little."""
DOUBT = 10
"""How many people at last year's pace the pace of this year is mixed with."""


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
        return Forecast(met + _share_of(counted - met, conversion(met, counted, day, last)), counted, True)
    elapsed, length = day.timetuple().tm_yday, date(day.year, 12, 31).timetuple().tm_yday
    return Forecast(min(met + _share_of(met, Fraction(length - elapsed, elapsed)), counted), counted, False)


def conversion(met: int, counted: int, day: date, last: Past) -> float:
    """The share of those who have not met the goal by this day that will have met it by the end of the year."""
    by_then = met_by(last, day)
    left = last.counted - by_then
    if left <= 0:
        return 1.0
    went_on = (last.counted - last.met) / left
    return float(1 - float(went_on) ** _pace(met, counted, float(by_then / last.counted)))


def _pace(met: int, counted: int, share_then: float) -> float:
    """How many times as fast as last year people meet the goal; 1 when nothing is known."""
    if not counted or not 0 < share_then < 1:
        return 1.0
    seen = log(max(1 - met / counted, 1 / (2 * counted))) / log(1 - share_then)
    return (met * seen + DOUBT) / (met + DOUBT)


def met_by(last: Past, day: date) -> Fraction:
    """How many had met the goal by a day, a month's share taken as even over its days."""
    whole = sum(last.met_in.get(month, 0) for month in range(1, day.month))
    return whole + Fraction(last.met_in.get(day.month, 0) * day.day, monthrange(day.year, day.month)[1])


def classes(people: int, seats: int) -> int:
    """How many classes seat these people."""
    return -(-people // seats)


def _share_of(people: int, share: Fraction | float) -> int:
    return round(people * share)
