"""When reports are due, how they are numbered, on which days a year is cut off. Pure."""

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

NUMBER = "#"
NO_NUMBER = "\u2026\u2026\u2026"
QUARTERS = (1, 4, 7, 10)
DECEMBER = (12, 15)
DAY_OF_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})")
ROMANS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Every(StrEnum):
    """How often a report is sent: on the first day of a month or of a quarter, or on 15 December."""

    MONTH = "month"
    QUARTER = "quarter"
    DECEMBER = "december"


class Source(StrEnum):
    """Where the numbers of a report come from: a year book, closed for good or for the time being, or the system itself."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    LIVE = "live"


def last_due(every: str, today: date) -> date:
    """The latest day, today or before, on which a report is sent."""
    if every == Every.DECEMBER:
        this = date(today.year, *DECEMBER)
        return this if this <= today else date(today.year - 1, *DECEMBER)
    if every == Every.MONTH:
        return today.replace(day=1)
    return date(today.year, max(month for month in QUARTERS if month <= today.month), 1)


def year_told(due_on: date) -> int:
    """The year on which a report that is due on a day reports: on 1 January the one that has just ended."""
    return (due_on - timedelta(days=1)).year


def dispatch(pattern: str, number: str) -> str:
    """«15/BC-SKHCN» from «#/BC-SKHCN» and 15; without a number its place is left open, to be written by hand."""
    return pattern.replace(NUMBER, number or NO_NUMBER, 1) if NUMBER in pattern else f"{number or NO_NUMBER}{pattern}"


def day_of(written: str, year: int) -> date | None:
    """A day of a year from «15/12»; None when it is none."""
    match = DAY_OF_YEAR.fullmatch(written.strip())
    day, month = map(int, match.groups()) if match else (0, 0)
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def roman(number: int) -> str:
    """I, II, III, IV …, up to 39."""
    found = ""
    for value, sign in ROMANS:
        found += sign * (number // value)
        number %= value
    return found


def missing_points(met: int, counted: int) -> float:
    """How many points of a hundred are missing, to a tenth as it is printed."""
    return round(100 - 100 * met / counted, 1) if counted else 0.0
