"""What was answered, counted for groups that are large enough, and for no others. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from statistics import median
from typing import Any

from lms.surveys import rules
from lms.surveys.questionnaire import CHOSEN, WRITTEN, Item, Questionnaire, Type

REST = "rest"
MOST_BARS = 8
STEPS = (1, 2, 5, 10)

Response = tuple[str, Mapping[str, Any]]
"""The group that an answer is counted with, and the answers by item."""


@dataclass(frozen=True)
class Measure:
    """One thing that is counted: an item, or a row of a matrix."""

    item: Item
    row: int | None = None

    @property
    def text(self) -> str:
        return self.item.text if self.row is None else self.item.rows[self.row]

    @property
    def identity(self) -> tuple[Any, ...]:
        """What is the same in two runs of a survey: the words, not the place."""
        return self.item.type, self.item.text, self.text, self.item.options

    def value(self, answers: Mapping[str, Any]) -> Any:
        """What was answered to it, None when nothing was."""
        found = answers.get(self.item.id)
        if self.row is None or found is None:
            return found
        return found[self.row] if self.row < len(found) else None


@dataclass(frozen=True)
class Counted:
    """How many answered, and how many of them chose each bar; of points and numbers also the mean and the median."""

    people: int
    counts: tuple[int, ...] = ()
    mean: float | None = None
    median: float | None = None

    @property
    def shares(self) -> list[float]:
        """The share of each bar among those who answered."""
        return [count / self.people if self.people else 0.0 for count in self.counts]


@dataclass(frozen=True)
class Line:
    """What may be told of a measure: `whole` is None when too few answered; `groups` are those told, the rest as one.

    `bars` are the bounds of the bars of a number, each `[from, to)`; `before` the whole of the run before.
    """

    measure: Measure
    people: int
    whole: Counted | None
    groups: Mapping[str, Counted] = field(default_factory=dict)
    bars: Sequence[tuple[float, float]] = ()
    texts: Sequence[str] = ()
    before: Counted | None = None


def measures(questionnaire: Questionnaire) -> list[Measure]:
    """What is counted, in order."""
    found = []
    for item in questionnaire.questions:
        rows: Iterable[int | None] = range(len(item.rows)) if item.type is Type.MATRIX else [None]
        found += [Measure(item, row) for row in rows]
    return found


class Results:
    """The results of a survey as its readers may see them."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        responses: Sequence[Response],
        fewest: int,
        *,
        is_divided: bool = False,
        before: Mapping[tuple[Any, ...], Counted] | None = None,
    ) -> None:
        self.questionnaire, self.responses, self.fewest = questionnaire, responses, fewest
        self.is_divided, self.before = is_divided, before or {}

    @property
    def people(self) -> int:
        return len(self.responses)

    @property
    def is_told(self) -> bool:
        """Whether anything may be told."""
        return self.people >= self.fewest

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(measure) for measure in measures(self.questionnaire)]

    @cached_property
    def groups(self) -> list[str]:
        """The groups that are told of anywhere, the rest last."""
        found = {group for line in self.lines for group in line.groups}
        return sorted(found, key=lambda group: (group == REST, group))

    def counted(self) -> dict[tuple[Any, ...], Counted]:
        """The wholes by what was asked: for the run after this one."""
        return {line.measure.identity: line.whole for line in self.lines if line.whole}

    def _line(self, measure: Measure) -> Line:
        given = [(group, value) for group, answers in self.responses if (value := measure.value(answers)) is not None]
        values = [value for _, value in given]
        if len(given) < self.fewest:
            return Line(measure, len(given), None)
        if measure.item.type in WRITTEN:
            return Line(measure, len(given), Counted(len(given)), texts=unordered(values))
        bars = bounds(values) if measure.item.type is Type.NUMBER else ()
        groups = self._groups(measure, given, bars) if self.is_divided else {}
        whole = count(measure, values, bars)
        return Line(measure, len(given), whole, groups, bars, before=self.before.get(measure.identity))

    def _groups(self, measure: Measure, given: list[tuple[str, Any]], bars: Sequence[Any]) -> dict[str, Counted]:
        by_group: dict[str, list[Any]] = {}
        for group, value in given:
            by_group.setdefault(group, []).append(value)
        shown = rules.told({group: len(values) for group, values in by_group.items()}, self.fewest) - {""}
        rest = [value for group, values in by_group.items() if group not in shown for value in values]
        counted = {group: count(measure, by_group[group], bars) for group in sorted(shown)}
        return counted | ({REST: count(measure, rest, bars)} if rest and shown else {})


def count(measure: Measure, values: Sequence[Any], bars: Sequence[tuple[float, float]] = ()) -> Counted:
    """The bars of a measure over some answers."""
    kind = measure.item.type
    if kind in CHOSEN:
        chosen = Counter(number for value in values for number in (value if kind is Type.MULTIPLE else [value]))
        return Counted(len(values), tuple(chosen[number] for number in range(len(measure.item.options))))
    if kind is Type.NUMBER:
        counts = tuple(sum(start <= value < end for value in values) for start, end in bars)
        return Counted(len(values), counts, sum(values) / len(values), median(values))
    points = Counter(values)
    return Counted(
        len(values), tuple(points[point] for point in measure.item.points), sum(values) / len(values), median(values)
    )


def bounds(values: Sequence[float]) -> list[tuple[float, float]]:
    """Bars of equal width from round number to round number, so that no bound tells a single answer."""
    low, high = min(values), max(values)
    step = _round_step((high - low) / MOST_BARS)
    first = math.floor(low / step)
    return [(number * step, (number + 1) * step) for number in range(first, math.floor(high / step) + 1)]


def unordered(texts: Iterable[str]) -> list[str]:
    """Texts in an order that tells nothing of who wrote first, nor of who wrote what elsewhere."""
    return sorted(texts, key=lambda words: sha256(words.encode()).digest())


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 … that is no smaller than this one; at least 1."""
    if least <= 1:
        return 1
    ten = 10 ** math.floor(math.log10(least))
    return float(next(step * ten for step in STEPS if step * ten >= least))
