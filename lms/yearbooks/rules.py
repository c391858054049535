"""When a year may be closed, and how lines are chained. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from lms.goals.rules import Status

NOTHING_BEFORE = "0" * 64
"""From here the chain of a book's first version goes on."""
EARLIEST_MONTH = 12
COLUMNS: Mapping[str, str] = {Status.MET: "met", Status.EXEMPT: "exempt", Status.NOT_APPLICABLE: "not_applicable"}
FIGURES = ("people", "met", "not_met", "exempt", "not_applicable")


class State(StrEnum):
    """Open → closing → provisional or closed; closed → reopened → closing → closed."""

    OPEN = "open"
    CLOSING = "closing"
    PROVISIONAL = "provisional"
    CLOSED = "closed"
    REOPENED = "reopened"


class Kind(StrEnum):
    PROVISIONAL = "provisional"
    FINAL = "final"


class Step(StrEnum):
    """What a version is: being written, or done for good."""

    WRITING = "writing"
    DONE = "done"


class Refusal(StrEnum):
    """Why a book is not closed or reopened; words: message `book.refused.<refusal>`."""

    TOO_EARLY = "too-early"
    YEAR_RUNS = "year-runs"
    DAY_TO_COME = "day-to-come"
    DAY_OF_OTHER_YEAR = "day-of-other-year"
    IS_CLOSING = "is-closing"
    IS_CLOSED = "is-closed"
    IS_REOPENED = "is-reopened"
    NOT_CLOSED = "not-closed"
    CLOSED_ABOVE = "closed-above"
    NO_POLICY = "no-policy"
    NO_UNIT = "no-unit"


class Refused(Exception):
    """An act that its rules do not allow."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class Line(NamedTuple):
    """What is hashed of a line, in this order."""

    number: int
    kind: str
    subject_id: int
    code: str
    name: str
    unit_id: int | None
    unit_code: str
    unit_name: str
    reference_on: str
    status: str
    due: int
    earned: int
    content: str


def refusal_to_close(state: str, kind: Kind, year: int, as_of: date, today: date) -> Refusal | None:
    """Why a book in this state may not be closed so today; None when it may."""
    if state == State.CLOSING:
        return Refusal.IS_CLOSING
    if state == State.CLOSED:
        return Refusal.IS_CLOSED
    if kind is Kind.FINAL:
        return Refusal.YEAR_RUNS if today.year <= year else None
    if state == State.REOPENED:
        return Refusal.IS_REOPENED
    if today < date(year, EARLIEST_MONTH, 1):
        return Refusal.TOO_EARLY
    if as_of > today:
        return Refusal.DAY_TO_COME
    return Refusal.DAY_OF_OTHER_YEAR if as_of.year != year else None


def as_of_day(kind: Kind, year: int, asked: date | None, today: date) -> date:
    """The day as of which a book is closed: the year's last, and before its end today, unless another one is asked for."""
    last = date(year, 12, 31)
    return last if kind is Kind.FINAL else asked or min(last, today)


def canonical(value: Any) -> str:
    """JSON in one spelling: keys in order, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(previous_hash: str, line: Line) -> str:
    """The hash of a line: SHA-256 of the hash before it and of the line's canonical JSON."""
    return sha256(f"{previous_hash}{canonical(line)}".encode()).hexdigest()


def seal(version: Mapping[str, Any]) -> str:
    """The hash of what a version's row says."""
    return sha256(canonical(version).encode()).hexdigest()


def counted(statuses: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Figures from numbers of people by status. `not_met` are all who are counted and have not met the goal yet."""
    found = dict.fromkeys(FIGURES, 0)
    for status, people in statuses:
        found["people"] += people
        found[COLUMNS.get(status, "not_met")] += people
    return found


def added(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of figures."""
    found = dict.fromkeys(FIGURES, 0)
    for part in parts:
        for name in FIGURES:
            found[name] += part[name]
    return found


def rate(figures: Mapping[str, int]) -> float | None:
    """met ÷ (met + not met); None when nobody is counted."""
    everybody = figures["met"] + figures["not_met"]
    return figures["met"] / everybody if everybody else None


def is_other_outcome(said: Sequence[Any], now: Sequence[Any]) -> bool:
    """Whether two outcomes (status, due, earned) differ."""
    return tuple(said) != tuple(now)
