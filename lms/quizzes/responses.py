"""Between what a page sends and what is stored. Pure.

A response is a list of texts in the *author's* order: option numbers for `single` and `multiple`, `true`/`false`, the typed
text, for `matching` the number of the chosen right side per pair, for `ordering` the place (1, 2, …) per item, for `cloze`
the typed text or option number per gap, for `file` one line per file. A page shows everything shuffled and sends the numbers
as shown; `as_authored` turns them back, so that nothing in a page tells the right answer.
"""

from collections.abc import Callable, Mapping, Sequence

from lms import text
from lms.quizzes.drawing import Order, Shown

LONGEST_ESSAY = 20_000

Response = Sequence[str]


def as_authored(shown: Shown, values: Response) -> list[str]:
    """A response as a page sent it, in the author's order. Numbers out of range are read as no answer."""
    return AS_AUTHORED[shown.question.type](shown, values)


def as_shown(shown: Shown, response: Response) -> list[str]:
    """A stored response in the numbers of the page: the inverse of `as_authored`."""
    turn = AS_SHOWN.get(shown.question.type)
    return turn(shown, response) if turn else list(response)


def words_in(essay: str) -> int:
    """How many words an essay has; Vietnamese syllables count as words, as they do in every word processor."""
    return len(essay.split())


def _true_false_authored(_shown: Shown, values: Response) -> list[str]:
    return [value for value in values[:1] if value in ("true", "false")]


def _typed_authored(_shown: Shown, values: Response) -> list[str]:
    return _or_nothing([_typed(value, 500) for value in values[:1]])


def _essay_authored(_shown: Shown, values: Response) -> list[str]:
    return _or_nothing([text.clean_lines(value)[:LONGEST_ESSAY].rstrip() for value in values[:1]])


def _choices_authored(shown: Shown, values: Response) -> list[str]:
    return sorted({found for value in values if (found := _number(value, shown.orders[0]))}, key=int)


def _choices_shown(shown: Shown, response: Response) -> list[str]:
    return sorted((str(shown.orders[0].index(int(value))) for value in response), key=int)


def _matching_authored(shown: Shown, values: Response) -> list[str]:
    rows, targets = shown.orders
    chosen = {row: _number(value, targets) for row, value in zip(rows, values, strict=False)}
    return _or_nothing([chosen.get(row, "") for row in range(len(rows))])


def _matching_shown(shown: Shown, response: Response) -> list[str]:
    rows, targets = shown.orders
    return [str(targets.index(int(response[row]))) if response and response[row] else "" for row in rows]


def _ordering_authored(shown: Shown, values: Response) -> list[str]:
    allowed = {str(place) for place in range(1, len(shown.orders[0]) + 1)}
    chosen = {row: value if value in allowed else "" for row, value in zip(shown.orders[0], values, strict=False)}
    return _or_nothing([chosen.get(row, "") for row in range(len(shown.orders[0]))])


def _ordering_shown(shown: Shown, response: Response) -> list[str]:
    return [response[row] if response else "" for row in shown.orders[0]]


def _cloze_authored(shown: Shown, values: Response) -> list[str]:
    filled = []
    for number, gap in enumerate(shown.question.gaps):
        value = values[number] if number < len(values) else ""
        filled.append(_number(value, shown.orders[number]) if gap.options else _typed(value, 200))
    return _or_nothing(filled)


def _cloze_shown(shown: Shown, response: Response) -> list[str]:
    return [
        str(shown.orders[number].index(int(value))) if gap.options and value else value
        for number, (gap, value) in enumerate(zip(shown.question.gaps, response, strict=False))
    ]


AS_AUTHORED: Mapping[str, Callable[[Shown, Response], list[str]]] = {
    "single": lambda shown, values: _choices_authored(shown, values[:1]),
    "multiple": _choices_authored,
    "true-false": _true_false_authored,
    "short": _typed_authored,
    "numeric": _typed_authored,
    "matching": _matching_authored,
    "ordering": _ordering_authored,
    "cloze": _cloze_authored,
    "essay": _essay_authored,
    "file": lambda _shown, values: list(values),
}
AS_SHOWN: Mapping[str, Callable[[Shown, Response], list[str]]] = {
    "single": _choices_shown,
    "multiple": _choices_shown,
    "matching": _matching_shown,
    "ordering": _ordering_shown,
    "cloze": _cloze_shown,
}


def _number(value: str, order: Order) -> str:
    """The author's number of what was shown under a number; empty when there is none."""
    return {str(shown): str(authored) for shown, authored in enumerate(order)}.get(value, "")


def _typed(value: str, longest: int) -> str:
    return text.clean(value)[:longest].rstrip()


def _or_nothing(values: list[str]) -> list[str]:
    return values if any(values) else []
