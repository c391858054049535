"""Results as rows of a table: one for each bar of each question and group."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lms.db import AnyRow
from lms.language import format_number, gettext
from lms.surveys.questionnaire import CHOSEN, Questionnaire, Type
from lms.surveys.results import Counted, Line, Measure, Results, measures

COLUMNS = (
    "survey-question",
    "survey-row",
    "survey-group",
    "survey-answer",
    "survey-people",
    "survey-share",
    "survey-mean",
)

Row = list[Any]


def rows(results: Results, names: Mapping[str, str]) -> Iterator[Row]:
    """What may be told; a question of which nothing may be told says so."""
    for line in results.lines:
        if line.whole is None:
            yield [*_head(line.measure), "", gettext("surveys.too-few-answers"), None, None, None]
            continue
        yield from _bars(line, gettext("surveys.everybody"), line.whole)
        for group, counted in line.groups.items():
            yield from _bars(line, names[group], counted)
        for words in line.texts:
            yield [*_head(line.measure), gettext("surveys.everybody"), words, None, None, None]


def named_rows(questionnaire: Questionnaire, people: Sequence[AnyRow]) -> Iterator[Row]:
    """Who answered what, in a survey that says so to those who answer."""
    for person in people:
        for measure in measures(questionnaire):
            if (value := measure.value(person.answers)) is not None:
                yield [
                    *_head(measure),
                    f"{person.full_name} ({person.code})",
                    answer_words(measure, value),
                    1,
                    None,
                    None,
                ]


def answer_words(measure: Measure, value: Any) -> str:
    """One answer in words."""
    if measure.item.type in CHOSEN:
        chosen = value if measure.item.type is Type.MULTIPLE else [value]
        return "; ".join(measure.item.options[number] for number in chosen)
    return value if isinstance(value, str) else format_number(value)


def bar_words(line: Line) -> list[str]:
    """What the bars of a measure stand for."""
    item = line.measure.item
    if item.type in CHOSEN:
        return list(item.options)
    if item.type is Type.NUMBER:
        return [gettext("surveys.bar", start=format_number(start), end=format_number(end)) for start, end in line.bars]
    ends = {1: item.low, len(item.points): item.high}
    return [f"{point}: {ends[point]}" if ends.get(point) else str(point) for point in item.points]


def _bars(line: Line, group: str, counted: Counted) -> Iterator[Row]:
    words = bar_words(line) if counted.counts else [gettext("surveys.wrote")]
    counts = counted.counts or (counted.people,)
    for bar, people in zip(words, counts, strict=True):
        share = round(people / counted.people, 4) if counted.people else None
        mean = None if counted.mean is None else round(counted.mean, 2)
        yield [*_head(line.measure), group, bar, people, share, mean]


def _head(measure: Measure) -> Row:
    return [measure.item.text, measure.text if measure.row is not None else ""]
