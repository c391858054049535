"""What a response earns. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from lms import text
from lms.catalogue.content import Gap, Question
from lms.quizzes.responses import Response

THOUSANDS_VI = re.compile(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$")
THOUSANDS_EN = re.compile(r"^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$")


def mark(question: Question, response: Response) -> Fraction:
    """The share of a question's points that a response earns by itself, 0 to 1; essays and files earn theirs from people."""
    return MARKS[question.type](question, response) if response else Fraction(0)


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
    right = sum(value == str(target) for target, value in zip(question.places, response, strict=False))
    return Fraction(right, len(question.pairs))


def _ordering(question: Question, response: Response) -> Fraction:
    given = dict(zip(question.places, response, strict=False))
    places = [int(given[place]) if given[place] else None for place in sorted(given)]
    in_order = sum(a is not None and b is not None and a < b for a, b in pairwise(places))
    return Fraction(in_order, len(question.items) - 1)


def _cloze(question: Question, response: Response) -> Fraction:
    filled = zip(question.gaps, question.places, response, strict=False)
    right = sum(_gap_is_right(gap, place, value) for gap, place, value in filled)
    return Fraction(right, len(question.gaps))


def _by_hand(_question: Question, _response: Response) -> Fraction:
    return Fraction(0)


def _gap_is_right(gap: Gap, place: int, value: str) -> bool:
    return value == str(place) if gap.options else is_accepted(value, gap.answers, gap.forgive)


MARKS: Mapping[str, Callable[[Question, Response], Fraction]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _by_hand,
    "file": _by_hand,
}
