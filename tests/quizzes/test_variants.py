"""A question with parameters: each attempt fills all its texts from one variant, and marks what it showed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.catalogue.content import Gap, Option, Question
from lms.catalogue.variants import filled
from lms.quizzes.rules import mark, shown
from tests.quizzes.bank import question

VARIANTS = tuple((("a", str(n)), ("tong", str(n + 5))) for n in range(4))
SUM = replace(
    question("numeric", answer="{{tong}}", variants=VARIANTS), text="{{a}} + 5 = ?", right_feedback="Vì {{a}} + 5 = {{tong}}."
)  # fmt: skip
ALL_TEXTS = replace(
    question(
        "cloze",
        options=(Option("{{a}}", True, "vì {{a}}"),),
        answers=("{{a}} ngày",),
        pairs=(("{{a}}", "x{{a}}"),),
        extra=("y{{a}}",),
        items=("z{{a}}",),
        gaps=(Gap("g", ("{{a}}",), (), ("o{{a}}",)),),
        variants=((("a", "7"),),),
    ),
    text="[[g]] {{a}} {{khac}}",
    wrong_feedback="{{a}}",
)


@given(st.text(max_size=8))
def test_what_is_shown_is_what_is_marked(seed: str) -> None:
    asked = shown(SUM, seed).question
    number = int(asked.text.split(" ")[0])
    assert asked.answer == number + 5
    assert mark(asked, [str(number + 5)]) == 1
    assert mark(asked, [str(number + 6)]) == 0
    assert asked.right_feedback == f"Vì {number} + 5 = {number + 5}."
    assert not asked.variants


def test_every_variant_has_its_turn_and_a_seed_has_one_for_ever() -> None:
    texts = [shown(SUM, str(seed)).question.text for seed in range(60)]
    assert set(texts) == {f"{n} + 5 = ?" for n in range(4)}
    assert texts == [shown(SUM, str(seed)).question.text for seed in range(60)]


def test_all_texts_are_filled_and_what_no_variant_names_stays() -> None:
    whole = shown(ALL_TEXTS, "seed").question
    assert whole.text == "[[g]] 7 {{khac}}"
    assert whole.options == (Option("7", True, "vì 7"),)
    assert (whole.answers, whole.pairs, whole.extra, whole.items) == (("7 ngày",), (("7", "x7"),), ("y7",), ("z7",))
    assert whole.gaps == (Gap("g", ("7",), (), ("o7",)),)
    assert whole.wrong_feedback == "7"


@pytest.mark.parametrize(("text", "number"), [("184", 184), ("34,74", 34.74), ("-0.5", -0.5), ("nhiều", "nhiều")])
def test_a_number_may_be_written_as_vietnamese_people_do(text: str, number: float | str) -> None:
    assert filled(question("numeric", answer="{{x}}"), (("x", text),)).answer == number


def test_a_question_without_variants_is_left_alone() -> None:
    plain: Question = replace(question("short", answers=("x",)), text="{{a}}")
    assert shown(plain, "seed").question is plain
