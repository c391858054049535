"""When marks by hand are a result. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from lms.catalogue.content import Question

APART = Fraction(1, 5)
"""Two people who differ by more than this share of the points are apart, and a third one decides."""
FINE_UP_TO = 5
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Marked:
    """What one person gave: points and a comment for each criterion, and a comment on the whole."""

    points: tuple[float, ...]
    comments: tuple[str, ...]
    comment: str = ""

    @property
    def total(self) -> Fraction:
        return sum((Fraction(str(points)) for points in self.points), Fraction(0))


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many people have to mark in all, and what they gave in the end: None while somebody is missing."""

    wanted: int
    points: Fraction | None


def verdict(question: Question, marked: Sequence[Marked], markers: int) -> Verdict:
    """One mark stands alone; of two near each other the mean counts; where they are apart a third one decides."""
    if len(marked) < markers:
        return Verdict(markers, None)
    if markers == 1:
        return Verdict(1, marked[0].total)
    first, second, *third = marked
    if third:
        return Verdict(3, third[0].total)
    if abs(first.total - second.total) > APART * Fraction(str(question.points)):
        return Verdict(3, None)
    return Verdict(2, (first.total + second.total) / 2)


def remarks(question: Question, marked: Sequence[Marked]) -> dict[str, Any]:
    """What the learner reads: the points of each criterion that make up the result, and what everybody said about it."""
    counted = marked[2:3] or marked
    criteria = []
    for number in range(len(question.rubric)):
        points = [Fraction(str(one.points[number])) for one in counted]
        said = [one.comments[number] for one in marked if one.comments[number]]
        criteria.append({"points": float(sum(points) / len(points)), "comments": said})
    return {"criteria": criteria, "comments": [one.comment for one in marked if one.comment]}


def steps(points: float) -> list[float]:
    """The points that one may give for a criterion: halves up to five points, else whole ones, and all of them."""
    step = HALF if points <= FINE_UP_TO else 1.0
    below = [number * step for number in range(int(points / step) + 1)]
    return below if below[-1] == points else [*below, points]


def is_fitting(question: Question, marked: Marked) -> bool:
    """Whether a mark says something of each criterion, and nothing above its points."""
    pairs = list(zip_longest(marked.points, question.rubric))
    return len(marked.comments) == len(question.rubric) and all(
        points is not None and criterion is not None and 0 <= points <= criterion.points for points, criterion in pairs
    )
