"""Who may try again, how long, and what may be seen when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms.catalogue.content import Quiz
from lms.quizzes.rules import (
    NO_ALLOWANCE,
    Allowance,
    Feedback,
    Refusal,
    allowance,
    deadline,
    feedback,
    is_late,
    refusal,
)
from tests.quizzes.bank import EVERY_TYPE, quiz

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
STRICT: Quiz = quiz(questions=EVERY_TYPE, attempts=2, cool_down_minutes=60, time_limit_minutes=40)


def ended(*passed: bool | None) -> list[tuple[datetime, bool | None]]:
    """Attempts handed in ten minutes ago and each ten minutes before."""
    return [(NOON - timedelta(minutes=10 * (len(passed) - n)), one) for n, one in enumerate(passed)]


def test_several_grants_are_the_most_time_and_all_the_attempts() -> None:
    grants = [Allowance(25, 0, 1), Allowance(10, 15, 2, NOON), Allowance(rested_at=NOON - timedelta(1))]
    assert allowance(grants) == Allowance(25, 15, 3, NOON)
    assert allowance([]) == NO_ALLOWANCE


@pytest.mark.parametrize(
    ("granted", "minutes"), [(NO_ALLOWANCE, 40), (Allowance(25), 50), (Allowance(0, 15), 55), (Allowance(50, 5), 65)]
)
def test_more_time_moves_the_deadline(granted: Allowance, minutes: int) -> None:
    assert deadline(STRICT, NOON, granted) == NOON + timedelta(minutes=minutes)
    assert deadline(replace(STRICT, time_limit_minutes=0), NOON, granted) is None


def test_the_author_sets_how_long_late_answers_are_taken() -> None:
    assert is_late(NOON, NOON + timedelta(seconds=11), 10)
    assert not is_late(NOON, NOON + timedelta(seconds=60), 60)


def test_more_attempts_lift_the_limit_and_a_rest_ends_the_waiting() -> None:
    assert refusal(STRICT, ended(False, False), NOON) == Refusal.LIMIT
    assert refusal(STRICT, ended(False, False), NOON, Allowance(attempts=1)) == Refusal.COOL_DOWN
    assert refusal(STRICT, ended(False, False), NOON, Allowance(attempts=1, rested_at=NOON)) is None
    assert refusal(STRICT, ended(False), NOON, Allowance(rested_at=NOON - timedelta(minutes=30))) == Refusal.COOL_DOWN


def test_nobody_tries_again_while_the_last_attempt_is_marked() -> None:
    assert refusal(STRICT, ended(None), NOON + timedelta(1)) == Refusal.WAITING


@pytest.mark.parametrize(
    ("settings", "attempts", "seen"),
    [
        ({}, (False,), Feedback.AFTER),
        ({"feedback": "score"}, (False,), Feedback.SCORE),
        ({"feedback": "nothing"}, (True,), Feedback.NOTHING),
        ({"feedback_when": "done"}, (False,), Feedback.NOTHING),
        ({"feedback_when": "done"}, (False, False), Feedback.AFTER),
        ({"feedback_when": "done"}, (True,), Feedback.AFTER),
        ({"feedback_when": "done", "feedback": "score"}, (False, True), Feedback.SCORE),
        ({"feedback_when": "done", "attempts": 0}, (False,) * 9, Feedback.NOTHING),
        ({"feedback_when": "done"}, (False, None), Feedback.NOTHING),
        ({"retry": "wrong"}, (False,), Feedback.SCORE),
        ({"retry": "wrong"}, (False, False), Feedback.AFTER),
        ({"retry": "wrong", "feedback": "nothing"}, (False,), Feedback.NOTHING),
    ],
)
def test_what_may_be_seen(settings: dict[str, object], attempts: tuple[bool | None, ...], seen: Feedback) -> None:
    assert feedback(replace(STRICT, **settings), ended(*attempts)) == seen  # type: ignore[arg-type]


def test_another_attempt_granted_is_one_that_is_left() -> None:
    test = replace(STRICT, feedback_when="done")
    assert feedback(test, ended(False, False), Allowance(attempts=1)) == Feedback.NOTHING
