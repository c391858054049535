"""Between the page's numbers and the author's: nothing is lost on the way, and junk is no answer."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.catalogue.content import Question
from lms.quizzes.rules import Shown, as_authored, as_shown, mark, shown
from tests.quizzes.bank import (
    CLOZE,
    EVERY_TYPE,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    RIGHT,
    SHORT,
    SINGLE,
    TRUE,
)

questions = st.sampled_from(EVERY_TYPE)
seeds = st.text(max_size=8)
junk = st.sampled_from(("", "-1", "00", "+1", " 1", "1 ", "²", "１", "1e0", "9" * 5_000, "true", "\x00")) | st.text()
sent = st.lists(st.integers(-1, 7).map(str) | junk, max_size=8)


@given(questions, seeds, sent)
@example(SINGLE, "", ["9" * 5_000])
def test_whatever_a_page_sends_becomes_a_response_that_can_be_marked(
    asked: Question, seed: str, values: list[str]
) -> None:
    response = as_authored(shown(asked, seed), values)
    assert 0 <= mark(asked, response) <= 1


@given(questions, seeds, sent)
def test_a_stored_response_is_shown_and_sent_back_unchanged(asked: Question, seed: str, values: list[str]) -> None:
    page = shown(asked, seed)
    stored = as_authored(page, values)
    assert as_authored(page, as_shown(page, stored)) == stored


@given(questions, seeds)
def test_the_right_response_comes_back_as_it_was(asked: Question, seed: str) -> None:
    page = shown(asked, seed)
    assert as_authored(page, as_shown(page, RIGHT[asked.type])) == RIGHT[asked.type]


@given(questions, seeds)
def test_orders_are_permutations(asked: Question, seed: str) -> None:
    for order in shown(asked, seed).orders:
        assert sorted(order) == list(range(len(order)))


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        (SINGLE, ["4"]),
        (SINGLE, ["-1"]),
        (SINGLE, ["01"]),
        (SINGLE, ["a"]),
        (SINGLE, []),
        (MULTIPLE, ["5", "17", ""]),
        (TRUE, [""]),
        (TRUE, ["maybe"]),
        (TRUE, ["True"]),
        (SHORT, [""]),
        (SHORT, [" \u200b "]),
        (NUMERIC, ["  "]),
        (MATCHING, ["", "", "", ""]),
        (MATCHING, ["6", "7", "x", "-1"]),
        (ORDERING, ["0", "5", "", "x"]),
        (CLOZE, ["", "", ""]),
        (CLOZE, [" ", "3", "\x00"]),
        (CLOZE, []),
    ],
)
def test_nothing_and_junk_are_read_as_no_answer(asked: Question, values: list[str]) -> None:
    assert as_authored(shown(asked, "seed"), values) == []


def test_what_is_right_among_junk_is_kept() -> None:
    unshuffled = Shown(MATCHING, ((0, 1, 2, 3), (0, 1, 2, 3, 4, 5)))
    assert as_authored(unshuffled, ["0", "9", "5"]) == ["0", "", "5", ""]
    assert as_authored(Shown(ORDERING, ((0, 1, 2, 3),)), ["1", "9", "3"]) == ["1", "", "3", ""]
    assert as_authored(Shown(MULTIPLE, ((0, 1, 2, 3, 4),)), ["4", "9", "0", "4"]) == ["0", "4"]


def test_numbers_of_the_page_are_turned_into_the_author_s() -> None:
    turned = Shown(MATCHING, ((3, 2, 1, 0), (5, 4, 3, 2, 1, 0)))
    assert [words for _, words in turned.rows] == ["4", "3", "2", "1"]
    assert [words for _, words in turned.targets] == ["sáu", "năm", "bốn", "ba", "hai", "một"]
    assert as_authored(turned, ["2", "3", "4", "5"]) == ["0", "1", "2", "3"]


def test_long_texts_are_cut() -> None:
    assert as_authored(shown(SHORT, ""), ["a" * 499 + " " + "b" * 99]) == ["a" * 499]
    assert as_authored(shown(CLOZE, ""), ["a" * 300])[0] == "a" * 200


def test_options_are_shown_in_another_order_from_one_attempt_to_the_next() -> None:
    assert len({shown(MULTIPLE, str(seed)).orders for seed in range(50)}) > 20
    assert len({tuple(shown(CLOZE, str(seed)).gap_options(1)) for seed in range(50)}) == 6
    assert shown(CLOZE, "0").gap_options(0) == []
    assert sorted(words for _, words in shown(SINGLE, "0").options) == ["a", "b", "c", "d"]
