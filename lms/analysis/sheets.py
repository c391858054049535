"""An attempt as lines that can be counted without being understood. Pure.

A line is `question TAB variant TAB response as JSON`, one for each question that was asked, an empty response where nothing
was answered. Of essays and files it is the share of the points that people gave. Beside it stand the seconds on each question,
a space between, empty where they cannot be known.

What can be known of time is when each answer was saved last: the time on a question is the time since the answer saved before
it (since the start, for the first). Who comes back to a question seems to have spent the time there; a gap of more than half an
hour is a pause, and says nothing. Seconds are rounded, so that equal ones can be counted together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from lms.catalogue.content import Question, Quiz
from lms.catalogue.variants import filled
from lms.quizzes.rules import Shown

PAUSE = 1800
STEPS = ((60, 1), (300, 5), (PAUSE, 30))
"""Up to so many seconds, time is rounded to so many."""


class Given(NamedTuple):
    """An answer as it is stored; `points` are those that people gave."""

    response: Sequence[str]
    saved_at: datetime
    points: float | None = None


class Line(NamedTuple):
    """One line of a sheet, understood."""

    question: str
    variant: int
    response: tuple[str, ...]


def answers(quiz: Quiz, asked: Sequence[Shown], given: Mapping[str, Given]) -> str:
    """The lines of an attempt."""
    return "\n".join(_line(quiz.by_id[s.question.id], s.question, given.get(s.question.id)) for s in asked)


def seconds(asked: Sequence[Shown], given: Mapping[str, Given], started_at: datetime) -> str:
    """The seconds on each question of an attempt, in the order of its lines."""
    spent: dict[str, str] = {}
    before = started_at
    for question, answer in sorted(given.items(), key=lambda item: item[1].saved_at):
        spent[question] = _rounded((answer.saved_at - before).total_seconds())
        before = answer.saved_at
    return " ".join(spent.get(s.question.id, "") for s in asked)


def read(line: str) -> Line:
    """What a line says."""
    question, variant, response = line.split("\t", 2)
    return Line(question, int(variant), tuple(orjson.loads(response)))


def _line(question: Question, asked: Question, answer: Given | None) -> str:
    response = list(answer.response) if answer else []
    if answer and response and question.is_marked_by_hand:
        response = [f"{(answer.points or 0) / question.points:.4g}"]
    return f"{question.id}\t{_variant(question, asked)}\t{orjson.dumps(response).decode()}"


@lru_cache(maxsize=1 << 12)
def _variant(question: Question, asked: Question) -> int:
    """Which variant was asked, from 1; 0 for a question without any."""
    fitting = (n for n, variant in enumerate(question.variants, 1) if filled(question, variant) == asked)
    return next(fitting, 0)


def _rounded(spent: float) -> str:
    for limit, step in STEPS:
        if 0 <= spent <= limit:
            return str(max(round(spent / step) * step, 1))
    return ""
