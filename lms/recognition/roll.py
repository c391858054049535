"""The roll of an activity: who took part, a staff code a line, `code;periods` where somebody's periods differ."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from lms import cells, text
from lms.cells import BadCell
from lms.recognition import rules

MOST_LINES = 1000


class Trouble(StrEnum):
    """Why a line is not taken; words: message `activity.line.<trouble>`."""

    BAD_PERIODS = "bad-periods"
    TWICE = "twice"
    UNKNOWN = "unknown"
    ONESELF = "oneself"
    ENTERED = "entered"
    TOO_MANY = "too-many"


class Line(NamedTuple):
    """A line of the roll; `periods` in hundredths."""

    number: int
    code: str
    periods: int


class Problem(NamedTuple):
    """What is wrong with a line."""

    number: int
    trouble: Trouble
    values: Mapping[str, Any]


def read(written: str, periods: int) -> tuple[list[Line], list[Problem]]:
    """The lines of a roll, `periods` for those that name none, and the lines that cannot be read."""
    lines: list[Line] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for number, line in enumerate(written.split("\n"), 1):
        code, _, own = map(text.clean, line.partition(";"))
        if not code:
            continue
        if code.casefold() in first:
            problems.append(Problem(number, Trouble.TWICE, {"code": code, "first": first[code.casefold()]}))
        elif (counted := _periods(own) if own else periods) is None:
            problems.append(Problem(number, Trouble.BAD_PERIODS, {"code": code, "value": own}))
        else:
            lines.append(Line(number, code, counted))
        first.setdefault(code.casefold(), number)
    if len(lines) > MOST_LINES:
        problems.append(Problem(MOST_LINES + 1, Trouble.TOO_MANY, {"limit": MOST_LINES}))
    return lines, problems


def check(lines: Sequence[Line], known: Mapping[str, Any], *, entered: Collection[int], oneself: int) -> list[Problem]:
    """What is wrong with lines that could be read: `known` has people by folded code, `entered` whom the ledger has."""
    found = []
    for line in lines:
        person = known.get(line.code.casefold())
        if person is None:
            found.append(Problem(line.number, Trouble.UNKNOWN, {"code": line.code}))
        elif person.id == oneself:
            found.append(Problem(line.number, Trouble.ONESELF, {"code": line.code}))
        elif person.id in entered:
            found.append(Problem(line.number, Trouble.ENTERED, {"code": line.code, "name": person.full_name}))
    return found


def _periods(cell: str) -> int | None:
    try:
        periods = cells.hundredths(cell)
    except BadCell:
        return None
    return periods if rules.is_countable(periods) else None
