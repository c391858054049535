"""A questionnaire as data: what is asked, and what an answer to it may be. Pure."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from lms import text

POINTS = 5
LONGEST = {"short": 300, "long": 3000}
MOST_ITEMS, MOST_CHOICES = 100, 40
LARGEST = 10**12
NUMBER = re.compile(r"-?[0-9]{1,13}(?:[.,][0-9]{1,6})?")

Sent = Mapping[str, Sequence[str]]
"""What a form holds: values by the name of their field."""


class Type(StrEnum):
    """What a line is: the head of a section, or a question and how it is answered."""

    SECTION = "section"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    MATRIX = "matrix"
    SHORT = "short"
    LONG = "long"
    NUMBER = "number"


CHOSEN = (Type.SINGLE, Type.MULTIPLE)
RATED = (Type.SCALE, Type.MATRIX)
WRITTEN = (Type.SHORT, Type.LONG)
SECONDS = {Type.SINGLE: 10, Type.MULTIPLE: 15, Type.SCALE: 8, Type.SHORT: 20, Type.LONG: 45, Type.NUMBER: 10}
SECONDS_A_ROW = 8


class Wrong(ValueError):
    """An answer that cannot be taken; words: message `surveys.wrong.<problem>`."""

    def __init__(self, problem: str, **values: Any) -> None:
        super().__init__(problem)
        self.problem, self.values = problem, values


@dataclass(frozen=True)
class Item:
    """One line. `options` are of single and multiple, `rows` of a matrix; `low` and `high` are the words at both ends.

    Answers: single and scale a number (options from 0, a scale from 1 to 5), multiple a list of them, a matrix a list with
    a number or None for each row, short and long a text, number a float.
    """

    type: Type
    text: str
    id: str = ""
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    least: float | None = None
    most: float | None = None
    unit: str = ""

    @property
    def is_question(self) -> bool:
        return self.type is not Type.SECTION

    @property
    def fields(self) -> list[str]:
        """The names of its fields in a form."""
        if self.type is Type.MATRIX:
            return [f"{self.id}-{number}" for number in range(len(self.rows))]
        return [self.id] if self.is_question else []

    @property
    def seconds(self) -> int:
        return SECONDS_A_ROW * len(self.rows) if self.type is Type.MATRIX else SECONDS.get(self.type, 0)

    @property
    def points(self) -> range:
        """The points of a scale."""
        return range(1, POINTS + 1)


@dataclass(frozen=True)
class Questionnaire:
    """What a survey asks, in order."""

    title: str
    items: tuple[Item, ...]
    intro: str = ""

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_question)

    @property
    def minutes(self) -> int:
        """How long answering takes."""
        return max(1, math.ceil(sum(item.seconds for item in self.items) / 60))

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(name for item in self.items for name in item.fields)


def answers(questionnaire: Questionnaire, sent: Sent) -> tuple[dict[str, Any], dict[str, Wrong]]:
    """The answers in a form by item, and what is wrong with it by item."""
    given, wrong = {}, {}
    for item in questionnaire.questions:
        try:
            answer = read(item, sent)
        except Wrong as problem:
            wrong[item.id] = problem
            continue
        if answer is not None:
            given[item.id] = answer
        elif item.is_required:
            wrong[item.id] = Wrong("required")
    return given, wrong


def read(item: Item, sent: Sent) -> Any:
    """The answer to an item, None when there is none. Raises `Wrong`."""
    values = [[value for value in sent.get(name, ()) if value.strip()] for name in item.fields]
    if not any(values):
        return None
    if item.type is Type.MATRIX:
        points = [_whole(row[0], 1, POINTS) if row else None for row in values]
        if item.is_required and None in points:
            raise Wrong("every-row")
        return points
    [found] = values
    if item.type is Type.SCALE:
        return _whole(found[0], 1, POINTS)
    if item.type is Type.SINGLE:
        return _whole(found[0], 0, len(item.options) - 1)
    if item.type is Type.MULTIPLE:
        return sorted({_whole(value, 0, len(item.options) - 1) for value in found})
    return _number(item, found[0]) if item.type is Type.NUMBER else _words(item, found[0])


def unfinished(questionnaire: Questionnaire, sent: Sent) -> dict[str, list[str]]:
    """What of a form is worth keeping until it is handed in: known fields, as they were typed."""
    longest, most = LONGEST["long"], MOST_CHOICES
    kept = {
        name: [text.clean_lines(value)[:longest] for value in sent[name][:most]] for name in _held(questionnaire, sent)
    }
    return {name: values for name, values in kept.items() if any(values)}


def _held(questionnaire: Questionnaire, sent: Sent) -> Iterator[str]:
    return (name for item in questionnaire.items for name in item.fields if name in sent)


def _whole(value: str, least: int, most: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 4 and least <= int(value) <= most):
        raise Wrong("not-offered")
    return int(value)


def _number(item: Item, value: str) -> float:
    typed = text.clean(value)
    if not NUMBER.fullmatch(typed):
        raise Wrong("not-a-number")
    number = float(typed.replace(",", "."))
    least, most = -LARGEST if item.least is None else item.least, LARGEST if item.most is None else item.most
    if not least <= number <= most:
        raise Wrong("out-of-range", least=least, most=most)
    return number


def _words(item: Item, value: str) -> str | None:
    words = text.clean(value) if item.type is Type.SHORT else text.clean_lines(value)
    if len(words) > LONGEST[item.type]:
        raise Wrong("too-long", limit=LONGEST[item.type])
    return words or None
