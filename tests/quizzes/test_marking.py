"""What a response earns: one line a promise of courses/README.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from lms.catalogue.content import Draw, Question, Quiz
from lms.quizzes.rules import Refusal, deadline, draw, is_late, mark, refusal, score
from tests.quizzes.bank import (
    ABOUT,
    CLOZE,
    EVERY_TYPE,
    FALSE,
    MATCHING,
    MULTIPLE,
    NUMERIC,
    ORDERING,
    RIGHT,
    SHORT,
    SINGLE,
    STRICT,
    TRUE,
    question,
    quiz,
)

NFD_ANSWER = "Mo\u0323\u0302t cu\u031b\u0309a"
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "response", "share"),
    [
        (SINGLE, ["0"], 1),
        (SINGLE, ["1"], 0),
        (SINGLE, ["0", "1"], 0),
        (MULTIPLE, ["0", "1", "2"], 1),
        (MULTIPLE, ["2", "1", "0"], 1),
        (MULTIPLE, ["0", "1"], Fraction(2, 3)),
        (MULTIPLE, ["0", "1", "3"], Fraction(1, 3)),
        (MULTIPLE, ["0", "3"], 0),
        (MULTIPLE, ["3", "4"], 0),  # never below nothing
        (MULTIPLE, ["0", "1", "2", "3", "4"], Fraction(1, 3)),  # choosing everything does not pay
        (MULTIPLE, ["0", "0", "0"], Fraction(1, 3)),
        (TRUE, ["true"], 1),
        (TRUE, ["false"], 0),
        (FALSE, ["false"], 1),
        (FALSE, ["true"], 0),
        (SHORT, ["Một cửa"], 1),
        (SHORT, ["bộ phận một cửa"], 1),
        (SHORT, ["mot cua"], 1),
        (SHORT, ["MỘTCỬA"], 1),
        (SHORT, ["  một \u00a0 cửa "], 1),
        (SHORT, [NFD_ANSWER], 1),
        (SHORT, ["hai cửa"], 0),
        (SHORT, [""], 0),
        (STRICT, ["Một cửa"], 1),
        (STRICT, ["Một  cửa"], 1),
        (STRICT, [NFD_ANSWER], 1),
        (STRICT, ["một cửa"], 0),
        (STRICT, ["Mot cua"], 0),
        (STRICT, ["Mộtcửa"], 0),
        (NUMERIC, ["1234,5"], 1),
        (NUMERIC, ["1.234,5"], 1),
        (NUMERIC, ["1234.5"], 1),
        (NUMERIC, ["1,234.5"], 1),
        (NUMERIC, ["1 234,50"], 1),
        (NUMERIC, ["1234"], 0),
        (NUMERIC, ["một nghìn"], 0),
        (ABOUT, ["182"], 1),
        (ABOUT, ["186"], 1),
        (ABOUT, ["186,01"], 0),
        (ABOUT, ["181"], 0),
        (MATCHING, ["0", "1", "2", "3"], 1),
        (MATCHING, ["0", "2", "1", "3"], Fraction(1, 2)),
        (MATCHING, ["0", "", "", ""], Fraction(1, 4)),
        (MATCHING, ["0", "0", "0", "0"], Fraction(1, 4)),
        (MATCHING, ["4", "5", "4", "5"], 0),  # the distractors
        (ORDERING, ["1", "2", "3", "4"], 1),
        (ORDERING, ["2", "1", "3", "4"], Fraction(2, 3)),
        (ORDERING, ["4", "3", "2", "1"], 0),
        (ORDERING, ["1", "2", "", "4"], Fraction(1, 3)),
        (ORDERING, ["1", "1", "1", "1"], 0),
        (CLOZE, ["năm", "0", "Đà Nẵng"], 1),
        (CLOZE, ["nam", "0", "da nang"], 1),
        (CLOZE, ["Năm", "0", "thành phố Đà Nẵng"], Fraction(2, 3)),
        (CLOZE, ["năm", "1", ""], Fraction(1, 3)),
        (CLOZE, ["", "", "Huế"], 0),
    ],
)
def test_a_response_earns(asked: Question, response: list[str], share: Fraction) -> None:
    assert mark(asked, response) == share


@pytest.mark.parametrize("asked", EVERY_TYPE, ids=lambda asked: asked.type)
def test_the_right_response_earns_all_and_none_earns_nothing(asked: Question) -> None:
    assert mark(asked, RIGHT[asked.type]) == 1
    assert mark(asked, []) == 0


def paper(passing: float = 0.7, **points: float) -> Quiz:
    """A quiz of true-false questions worth these points, all of which are drawn."""
    questions = tuple(question("true-false", id_, answer=True, points=worth) for id_, worth in points.items())
    return quiz(Draw(len(questions)), questions=questions, passing=passing)


@pytest.mark.parametrize(
    ("right", "passing", "points", "is_passed"),
    [
        ("abc", 1, Fraction(6), True),
        ("bc", 0.8, Fraction(5), True),
        ("bc", 0.84, Fraction(5), False),
        ("b", 0.25, Fraction("1.5"), True),  # exactly a quarter passes
        ("b", 0.2501, Fraction("1.5"), False),
        ("", 0, Fraction(0), True),
    ],
)
def test_points_add_up_and_their_share_decides(right: str, passing: float, points: Fraction, is_passed: bool) -> None:
    test = paper(passing, a=1, b=1.5, c=3.5)
    found = score(test, draw(test, "seed"), {id_: ["true"] for id_ in right})
    assert (found.points, found.of, found.is_passed) == (points, 6, is_passed)


def test_tenths_are_exact() -> None:
    test = paper(0.3, a=0.1, b=0.2, c=0.7)
    assert score(test, draw(test, "seed"), {"a": ["true"], "b": ["true"]}).is_passed


def test_an_attempt_without_questions_is_not_passed() -> None:
    empty = quiz(questions=())
    assert not score(empty, draw(empty, "seed"), {}).is_passed


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ([], None),
        ([(20, True)], Refusal.PASSED),
        ([(60, True), (20, False)], Refusal.PASSED),
        ([(9, False)], Refusal.COOL_DOWN),
        ([(10, False)], None),
        ([(10, False), (30, False)], None),
        ([(30, False), (9, False)], Refusal.COOL_DOWN),
        ([(10, False), (30, False), (50, False)], Refusal.LIMIT),
    ],
)
def test_another_attempt_is_refused(ended: list[tuple[int, bool]], expected: Refusal | None) -> None:
    test = replace(quiz(questions=EVERY_TYPE), attempts=3, cool_down_minutes=10)
    assert refusal(test, [(NOON - timedelta(minutes=ago), passed) for ago, passed in ended], NOON) == expected


def test_without_limits_one_may_try_for_ever() -> None:
    assert refusal(quiz(questions=EVERY_TYPE), [(NOON, False)] * 100, NOON) is None


def test_an_answer_is_taken_until_half_a_minute_after_the_deadline() -> None:
    ends = deadline(replace(quiz(questions=EVERY_TYPE), time_limit_minutes=15), NOON)
    assert ends == NOON + timedelta(minutes=15)
    assert not is_late(ends, NOON + timedelta(minutes=15, seconds=30))
    assert is_late(ends, NOON + timedelta(minutes=15, seconds=31))
    assert deadline(quiz(questions=EVERY_TYPE), NOON) is None
    assert not is_late(None, NOON)
