"""Drawing, showing and marking questions. Pure: no clock, no database, no chance but the attempt's seed.

A response is a list of texts in the *author's* order: option numbers for `single` and `multiple`, `true`/`false`, the typed
text, for `matching` the number of the chosen right side per pair, for `ordering` the place (1, 2, …) per item, for `cloze`
the typed text or option number per gap. A page shows everything shuffled and sends the numbers as shown; `as_authored`
turns them back, so that nothing in a page tells the right answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise

from lms import text
from lms.catalogue.content import Draw, Gap, Question, Quiz

GRACE = timedelta(seconds=30)
THOUSANDS_VI = re.compile(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$")
THOUSANDS_EN = re.compile(r"^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$")

Response = Sequence[str]
Order = tuple[int, ...]


class Refusal(StrEnum):
    """Why an attempt may not start."""

    PASSED = "passed"
    LIMIT = "limit"
    COOL_DOWN = "cool-down"


@dataclass(frozen=True, slots=True)
class Shown:
    """A question as one attempt shows it: `orders` are permutations of its options, sides, items or gap options."""

    question: Question
    orders: tuple[Order, ...]

    @property
    def options(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the options of a single or multiple choice."""
        return [(n, self.question.options[i].text) for n, i in enumerate(self.orders[0])]

    @property
    def rows(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the left sides of a matching, or of the items to order."""
        texts = [left for left, _ in self.question.pairs] or list(self.question.items)
        return [(n, texts[i]) for n, i in enumerate(self.orders[0])]

    @property
    def targets(self) -> list[tuple[int, str]]:
        """(number as shown, text) of the right sides of a matching."""
        return [(n, _targets(self.question)[i]) for n, i in enumerate(self.orders[1])]

    def gap_options(self, number: int) -> list[tuple[int, str]]:
        """(number as shown, text) of the choices of a gap; empty when it is typed."""
        gap = self.question.gaps[number]
        return [(n, gap.options[i]) for n, i in enumerate(self.orders[number])]


@dataclass(frozen=True, slots=True)
class Score:
    """The points of an attempt."""

    points: Fraction
    of: Fraction
    is_passed: bool


def draw(quiz: Quiz, seed: str) -> tuple[Shown, ...]:
    """The questions of an attempt in their order, each as shown. The same seed gives the same, for ever.

    Chance is SHA-256 of the seed and what is drawn, because no library promises the same shuffle in its next version.
    """
    places = [rule for rule in sorted(quiz.draws, key=_narrowest_first) for _ in range(rule.count)]
    shuffled = sorted(quiz.questions, key=lambda q: _chance(seed, "draw", q.id))
    place_of: dict[str, int] = {}
    for place in range(len(places)):
        _fill(place, places, shuffled, place_of, set())
    chosen = [q for q in quiz.questions if q.id in place_of]
    return tuple(shown(q, seed) for q in sorted(chosen, key=lambda q: _chance(seed, "order", q.id)))


def shown(question: Question, seed: str) -> Shown:
    """A question as the attempt with this seed shows it."""
    sizes = {
        "single": (len(question.options),),
        "multiple": (len(question.options),),
        "matching": (len(question.pairs), len(_targets(question))),
        "ordering": (len(question.items),),
        "cloze": tuple(len(gap.options) for gap in question.gaps),
    }.get(question.type, ())
    return Shown(question, tuple(_permutation(size, seed, f"{question.id}/{n}") for n, size in enumerate(sizes)))


def as_authored(shown: Shown, values: Response) -> list[str]:
    """A response as a page sent it, in the author's order. Numbers out of range are read as no answer."""
    return AS_AUTHORED[shown.question.type](shown, values)


def as_shown(shown: Shown, response: Response) -> list[str]:
    """A stored response in the numbers of the page: the inverse of `as_authored`."""
    turn = AS_SHOWN.get(shown.question.type)
    return turn(shown, response) if turn else list(response)


def mark(question: Question, response: Response) -> Fraction:
    """The share of a question's points that a response earns, 0 to 1."""
    return MARKS[question.type](question, response) if response else Fraction(0)


def score(quiz: Quiz, drawn: Sequence[Shown], responses: Mapping[str, Response]) -> Score:
    """The points of an attempt and whether they pass."""
    of = sum((Fraction(str(s.question.points)) for s in drawn), Fraction(0))
    points = sum(
        (Fraction(str(s.question.points)) * mark(s.question, responses.get(s.question.id, ())) for s in drawn),
        Fraction(0),
    )
    return Score(points, of, bool(of) and points >= Fraction(str(quiz.passing)) * of)


def refusal(quiz: Quiz, ended: Sequence[tuple[datetime, bool]], now: datetime) -> Refusal | None:
    """Why another attempt may not start now, after these ended ones (when handed in, whether passed)."""
    if any(is_passed for _, is_passed in ended):
        return Refusal.PASSED
    if quiz.attempts and len(ended) >= quiz.attempts:
        return Refusal.LIMIT
    if ended and now < max(at for at, _ in ended) + timedelta(minutes=quiz.cool_down_minutes):
        return Refusal.COOL_DOWN
    return None


def deadline(quiz: Quiz, started_at: datetime) -> datetime | None:
    """When an attempt ends by itself."""
    return started_at + timedelta(minutes=quiz.time_limit_minutes) if quiz.time_limit_minutes else None


def is_late(deadline_at: datetime | None, now: datetime) -> bool:
    """Whether an answer comes after the deadline and its grace."""
    return deadline_at is not None and now > deadline_at + GRACE


def readings(typed: str) -> set[Fraction]:
    """The numbers that a typed text may mean: `1.234,5`, `1234.5`, `1,234.5`; `1.234` is both 1234 and 1,234."""
    plain = typed.replace(" ", "").replace("−", "-")
    spellings = {plain.replace(",", ".")}
    if THOUSANDS_VI.match(plain):
        spellings.add(plain.replace(".", "").replace(",", "."))
    if THOUSANDS_EN.match(plain):
        spellings.add(plain.replace(",", ""))
    return {Fraction(spelling) for spelling in spellings if re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", spelling)}


def is_accepted(typed: str, answers: Sequence[str], forgive: Sequence[str]) -> bool:
    """Whether a typed text is one of the answers, as forgivingly as the author says."""
    return _forgiven(typed, forgive) in {_forgiven(answer, forgive) for answer in answers}


def _forgiven(value: str, forgive: Sequence[str]) -> str:
    value = text.clean(value)
    if "accents" in forgive:
        value = text.unaccented(value)
    if "case" in forgive:
        value = value.casefold()
    return value.replace(" ", "") if "spaces" in forgive else value


def _single(question: Question, response: Response) -> Fraction:
    right = [str(n) for n, option in enumerate(question.options) if option.right]
    return Fraction(list(response) == right)


def _multiple(question: Question, response: Response) -> Fraction:
    right = {str(n) for n, option in enumerate(question.options) if option.right}
    chosen = set(response)
    return max(Fraction(len(chosen & right) - len(chosen - right), len(right)), Fraction(0))


def _true_false(question: Question, response: Response) -> Fraction:
    return Fraction(response[0] == str(question.answer).lower())


def _short(question: Question, response: Response) -> Fraction:
    return Fraction(is_accepted(response[0], question.answers, question.forgive))


def _numeric(question: Question, response: Response) -> Fraction:
    wanted, tolerance = Fraction(str(question.answer)), Fraction(str(question.tolerance))
    return Fraction(any(abs(number - wanted) <= tolerance for number in readings(response[0])))


def _matching(question: Question, response: Response) -> Fraction:
    right = sum(value == str(n) for n, value in enumerate(response))
    return Fraction(right, len(question.pairs))


def _ordering(question: Question, response: Response) -> Fraction:
    places = [int(value) if value else None for value in response]
    in_order = sum(a is not None and b is not None and a < b for a, b in pairwise(places))
    return Fraction(in_order, len(question.items) - 1)


def _cloze(question: Question, response: Response) -> Fraction:
    right = sum(_gap_is_right(gap, value) for gap, value in zip(question.gaps, response, strict=False))
    return Fraction(right, len(question.gaps))


def _gap_is_right(gap: Gap, value: str) -> bool:
    return value == "0" if gap.options else is_accepted(value, gap.answers, gap.forgive)


MARKS: Mapping[str, Callable[[Question, Response], Fraction]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
}


def _true_false_authored(_shown: Shown, values: Response) -> list[str]:
    return [value for value in values[:1] if value in ("true", "false")]


def _typed_authored(_shown: Shown, values: Response) -> list[str]:
    return _or_nothing([_typed(value, 500) for value in values[:1]])


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
}
AS_SHOWN: Mapping[str, Callable[[Shown, Response], list[str]]] = {
    "single": _choices_shown,
    "multiple": _choices_shown,
    "matching": _matching_shown,
    "ordering": _ordering_shown,
    "cloze": _cloze_shown,
}


def _targets(question: Question) -> list[str]:
    return [right for _, right in question.pairs] + list(question.extra)


def _number(value: str, order: Order) -> str:
    """The author's number of what was shown under a number; empty when there is none."""
    return {str(shown): str(authored) for shown, authored in enumerate(order)}.get(value, "")


def _typed(value: str, longest: int) -> str:
    return text.clean(value)[:longest].rstrip()


def _or_nothing(values: list[str]) -> list[str]:
    return values if any(values) else []


def _narrowest_first(rule: Draw) -> int:
    return (not rule.topic) + (not rule.difficulty)


def _fill(
    place: int, places: Sequence[Draw], questions: Sequence[Question], place_of: dict[str, int], tried: set[str]
) -> bool:
    """Put a question that the place admits there: the first free one, or one whose place can be filled otherwise."""
    fitting = [q.id for q in questions if places[place].admits(q)]
    for question in sorted(fitting, key=place_of.__contains__):
        if question not in tried:
            tried.add(question)
            if question not in place_of or _fill(place_of[question], places, questions, place_of, tried):
                place_of[question] = place
                return True
    return False


def _permutation(size: int, seed: str, label: str) -> Order:
    return tuple(sorted(range(size), key=lambda n: _chance(seed, label, str(n))))


def _chance(*parts: str) -> bytes:
    return sha256("\x1f".join(parts).encode()).digest()
