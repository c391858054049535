"""When a survey can be answered, and which groups of people are large enough to be told of. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

FEWEST = 5
"""No survey tells of fewer people; a survey may ask for more."""
MOST_FEWEST = 100
RECENT_DAYS = 90
"""Whoever completed a course so many days before its evaluation opened is still asked."""

Key = TypeVar("Key", bound=str)


class Purpose(StrEnum):
    """What a survey is for: a trainer has a course evaluated, HR asks what people need."""

    COURSE = "course"
    NEEDS = "needs"


class State(StrEnum):
    """Draft → open → closed; never open again, because what was told after the close would tell who came later."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Stage(StrEnum):
    """The state on a day: what is open waits for its first day, and is over after its last."""

    DRAFT = "draft"
    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class Division(StrEnum):
    """By what the results are divided: by one thing alone, since two divisions side by side can single out a person."""

    NOTHING = "nothing"
    UNIT = "unit"
    ROLE = "role"


class Refusal(StrEnum):
    """Why an act is not done; words: message `surveys.refused.<refusal>`."""

    NOT_DRAFT = "not-draft"
    NOT_OPEN = "not-open"
    TOO_FEW = "too-few"
    NO_COURSE = "no-course"
    NO_QUESTIONS = "no-questions"
    TOO_EARLY = "too-early"


class Refused(Exception):
    """An act that its rules do not allow."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def stage(state: str, from_on: date | None, to_on: date | None, day: date) -> Stage:
    """Where a survey stands on a day; it can be answered on the days `[from_on, to_on)` while it is open."""
    if state != State.OPEN or from_on is None or to_on is None:
        return Stage(state)
    if day < from_on:
        return Stage.WAITING
    return Stage.OPEN if day < to_on else Stage.CLOSED


def told(groups: Mapping[Key, int], fewest: int) -> set[Key]:
    """Those of some groups that may be told of beside their sum.

    Each has `fewest` people or more. What is left out must not be worked out from the sum: it is nobody, or several
    groups that are large enough together; the next smallest are left out with it until it is. Compare `goals.hiding`.
    """
    shown = {key for key, people in groups.items() if people >= fewest}
    left = [people for key, people in groups.items() if people and key not in shown]
    for key in sorted(shown, key=lambda each: (groups[each], each)):
        if not left or (len(left) > 1 and sum(left) >= fewest):
            break
        shown.remove(key)
        left.append(groups[key])
    return shown


def may_gather(waiting: int, fewest: int, *, is_named: bool) -> bool:
    """Whether answers that wait join the results: of an anonymous survey only in rounds that are large enough.

    Otherwise whoever looks at the results twice would see what one person answered in between.
    """
    return waiting > 0 and (is_named or waiting >= fewest)
