"""Statistics as a table: a line for each question."""

from collections.abc import Iterator
from typing import Any

from lms.analysis import advice
from lms.analysis.rules import Estimate
from lms.analysis.tally import FormTally, Statistics
from lms.analysis.words import seen_and_done
from lms.catalogue.pictures import in_words
from lms.language import gettext

COLUMNS = (
    "question-number", "question-id", "question", "answers", "facility", "facility-low", "facility-high", "discrimination",
    "discrimination-low", "discrimination-high", "upper-lower", "omitted", "seconds-low", "seconds-median", "seconds-high",
    "advice",
)  # fmt: skip


def lines(statistics: Statistics) -> Iterator[tuple[Any, ...]]:
    """The questions of the newest version in their order; what is not known is empty."""
    found = advice.advice(statistics)
    for number, tally in enumerate(statistics.present, 1):
        yield _line(number, tally, "; ".join(seen_and_done(one) for one in found if one.number == number))


def _line(number: int, tally: FormTally, words: str) -> tuple[Any, ...]:
    figures, seconds = tally.figures, tally.figures.seconds
    return (
        number,
        tally.question.id,
        in_words(tally.question.text),
        figures.n,
        *_estimate(figures.facility),
        *_estimate(figures.discrimination),
        _rounded(figures.upper_lower),
        _rounded(figures.omitted.value if figures.omitted else None),
        *((seconds.low, seconds.median, seconds.high) if seconds else (None, None, None)),
        words or (gettext("analysis.too-few") if figures.facility is None else ""),
    )


def _estimate(found: Estimate | None) -> tuple[float | None, ...]:
    if found is None:
        return None, None, None
    return _rounded(found.value), _rounded(found.interval.low), _rounded(found.interval.high)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
