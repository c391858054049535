"""Random attempts against a second marker, written from courses/README.md in the plainest way and sharing no code."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.catalogue.content import Draw, Question
from lms.quizzes.rules import as_authored, draw, score
from tests.quizzes.bank import bank, quiz

TYPED = (
    "Một cửa",
    "mot cua",
    "MỘT  CỬA",
    "năm",
    "nam",
    "Năm",
    "Đà Nẵng",
    "da nang",
    "1.234,5",
    "1234.5",
    "1,234.5",
    "184",
    "x",
    "",
)
texts = st.sampled_from(TYPED) | st.text(max_size=4)
sent = st.lists(st.integers(0, 6).map(str) | texts | st.sampled_from(("true", "false")), max_size=6)


def plain(text: str) -> str:
    return "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(c)
    )


def same(typed: str, answers: Sequence[str], forgive: Sequence[str]) -> bool:
    def form(text: str) -> str:
        text = " ".join(unicodedata.normalize("NFC", text).split())
        text = plain(text) if "accents" in forgive else text
        text = text.casefold() if "case" in forgive else text
        return text.replace(" ", "") if "spaces" in forgive else text

    return form(typed) in [form(answer) for answer in answers]


def reference(q: Question, response: list[str]) -> Fraction:
    """What courses/README.md says a response earns."""
    if not response:
        return Fraction(0)
    if q.type == "single":
        return Fraction(len(response) == 1 and q.options[int(response[0])].right)
    if q.type == "multiple":
        right = sum(o.right for o in q.options)
        chosen = {int(n) for n in response}
        good = sum(q.options[n].right for n in chosen)
        return max(Fraction(good - (len(chosen) - good), right), Fraction(0))
    if q.type == "true-false":
        return Fraction((response[0] == "true") == q.answer)
    if q.type == "short":
        return Fraction(same(response[0], q.answers, q.forgive))
    if q.type == "numeric":
        return Fraction(response[0] in ("1.234,5", "1234.5", "1,234.5"))
    if q.type == "matching":
        return Fraction(sum(value == str(n) for n, value in enumerate(response)), len(q.pairs))
    if q.type == "ordering":
        return Fraction(sum(bool(a and b) and int(a) < int(b) for a, b in pairwise(response)), len(q.items) - 1)
    right = 0
    for gap, value in zip(q.gaps, response, strict=True):
        right += value == "0" if gap.options else same(value, gap.answers, gap.forgive)
    return Fraction(right, len(q.gaps))


@given(st.text(max_size=6), st.lists(sent, min_size=12, max_size=12), st.sampled_from((0.25, 0.5, 0.7, 1.0)))
@settings(max_examples=60)
def test_random_attempts_score_as_the_format_says(seed: str, pages: list[list[str]], passing: float) -> None:
    test = quiz(Draw(12), questions=bank(), passing=passing)
    drawn = draw(test, seed)
    responses = {shown.question.id: as_authored(shown, values) for shown, values in zip(drawn, pages, strict=True)}
    points = sum((reference(s.question, responses[s.question.id]) for s in drawn), Fraction(0))
    found = score(test, drawn, responses)
    assert (found.points, found.of) == (points, 12)
    assert found.is_passed == (points / 12 >= Fraction(str(passing)))
