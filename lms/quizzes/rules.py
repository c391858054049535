"""Judgements on attempts: points, limits, time, and what may be seen when. Pure: no clock, no database.

How questions are drawn and shown is in `drawing`, what a page sends in `responses`, what a response earns in `marks`;
all of it is said here too, so that others need to know one module.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from lms.catalogue.content import Question, Quiz
from lms.quizzes.corrections import Change, Kind, marking
from lms.quizzes.drawing import Order, Shown, draw, shown
from lms.quizzes.marks import is_accepted, mark, readings
from lms.quizzes.responses import Response, as_authored, as_shown, words_in

__all__ = [
    "NO_ALLOWANCE", "Allowance", "Ended", "Feedback", "Order", "Refusal", "Response", "Score", "Shown", "allowance",
    "as_authored", "as_shown", "deadline", "draw", "feedback", "has_attempts_left", "is_accepted", "is_late",
    "is_to_be_marked", "kept", "mark", "readings", "refusal", "score", "share", "shown", "waiting", "words_in",
    "worth",
]  # fmt: skip

Ended = tuple[datetime, bool | None]
"""When an attempt was handed in and whether it passed; None while people mark it."""


class Refusal(StrEnum):
    """Why an attempt may not start."""

    PASSED = "passed"
    LIMIT = "limit"
    COOL_DOWN = "cool-down"
    WAITING = "waiting"


class Feedback(StrEnum):
    """What a learner may see of an attempt: only whether it passed; the points; right answers and comments too."""

    NOTHING = "nothing"
    SCORE = "score"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Score:
    """The points of an attempt. `is_passed` is None while people have to mark some of it."""

    points: Fraction
    of: Fraction
    is_passed: bool | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is granted to one person in a course: more time, more attempts, no waiting after attempts before `rested_at`."""

    percent: int = 0
    minutes: int = 0
    attempts: int = 0
    rested_at: datetime | None = None


NO_ALLOWANCE = Allowance()


def allowance(granted: Iterable[Allowance]) -> Allowance:
    """Several as one: the most time of them, all their attempts, the latest rest."""
    all_of = list(granted)
    rests = [one.rested_at for one in all_of if one.rested_at]
    return Allowance(
        max((one.percent for one in all_of), default=0),
        max((one.minutes for one in all_of), default=0),
        sum(one.attempts for one in all_of),
        max(rests, default=None),
    )


def score(
    quiz: Quiz,
    drawn: Sequence[Shown],
    responses: Mapping[str, Response],
    by_hand: Mapping[str, float | None] | None = None,
    changes: Sequence[Change] = (),
) -> Score:
    """The points of an attempt after corrections, and whether they pass; `by_hand` are the points that people gave."""
    given = by_hand or {}
    of = sum((worth(s.question, changes) for s in drawn), Fraction(0))
    points = sum(
        (
            worth(s.question, changes)
            * share(s.question, responses.get(s.question.id, ()), given.get(s.question.id), changes)
            for s in drawn
        ),
        Fraction(0),
    )
    if waiting(drawn, responses, given, changes):
        return Score(points, of, None)
    return Score(points, of, bool(of) and points >= Fraction(str(quiz.passing)) * of)


def share(
    question: Question, response: Response, by_hand: float | None = None, changes: Sequence[Change] = ()
) -> Fraction:
    """The share of a question's points, 0 to 1: by itself (by the best of its keys), or of the points that people gave."""
    corrected = marking(question, changes)
    if corrected.void == Kind.FULL:
        return Fraction(1)
    if not question.is_marked_by_hand:
        return max(mark(key, response) for key in corrected.keys)
    return min(Fraction(str(by_hand or 0)) / _points(question), Fraction(1))


def worth(question: Question, changes: Sequence[Change] = ()) -> Fraction:
    """The points that a question can give: none when a correction took it out of the sum."""
    return Fraction(0) if marking(question, changes).void == Kind.OUT else _points(question)


def is_to_be_marked(question: Question, response: Response) -> bool:
    """Whether people have to look at it; what was left empty earns nothing without them."""
    return question.is_marked_by_hand and bool(response)


def waiting(
    drawn: Sequence[Shown],
    responses: Mapping[str, Response],
    by_hand: Mapping[str, float | None],
    changes: Sequence[Change] = (),
) -> list[Question]:
    """The questions of an attempt that people have still to mark; what was voided waits for nobody."""
    return [
        s.question
        for s in drawn
        if is_to_be_marked(s.question, responses.get(s.question.id, ()))
        and by_hand.get(s.question.id) is None
        and marking(s.question, changes).void is None
    ]


def kept(
    drawn: Sequence[Shown],
    responses: Mapping[str, Response],
    by_hand: Mapping[str, float | None],
    changes: Sequence[Change] = (),
) -> list[str]:
    """The questions of an attempt that were fully right: with `retry = "wrong"` they are not asked again, and count on."""
    return [
        s.question.id
        for s in drawn
        if share(s.question, responses.get(s.question.id, ()), by_hand.get(s.question.id), changes) == 1
    ]


def refusal(quiz: Quiz, ended: Sequence[Ended], now: datetime, granted: Allowance = NO_ALLOWANCE) -> Refusal | None:
    """Why another attempt may not start now, after these ended ones."""
    if any(is_passed for _, is_passed in ended):
        return Refusal.PASSED
    if any(is_passed is None for _, is_passed in ended):
        return Refusal.WAITING
    if not has_attempts_left(quiz, len(ended), granted):
        return Refusal.LIMIT
    last = max((at for at, _ in ended), default=None)
    is_rested = last is None or (granted.rested_at is not None and last <= granted.rested_at)
    if not is_rested and last is not None and now < last + timedelta(minutes=quiz.cool_down_minutes):
        return Refusal.COOL_DOWN
    return None


def has_attempts_left(quiz: Quiz, ended: int, granted: Allowance = NO_ALLOWANCE) -> bool:
    """Whether the limit allows another attempt after so many."""
    return not quiz.attempts or ended < quiz.attempts + granted.attempts


def feedback(quiz: Quiz, ended: Sequence[Ended], granted: Allowance = NO_ALLOWANCE) -> Feedback:
    """What may be seen of an attempt now, after these ended ones.

    `done` waits until the quiz is passed or no attempt is left. Where wrong questions are asked again, right answers wait
    for that in any case: else they would be copied.
    """
    is_done = any(passed for _, passed in ended) or not (
        any(passed is None for _, passed in ended) or has_attempts_left(quiz, len(ended), granted)
    )
    if not is_done and quiz.feedback_when == "done":
        return Feedback.NOTHING
    if not is_done and quiz.retry == "wrong" and quiz.feedback == Feedback.AFTER:
        return Feedback.SCORE
    return Feedback(quiz.feedback)


def deadline(quiz: Quiz, started_at: datetime, granted: Allowance = NO_ALLOWANCE) -> datetime | None:
    """When an attempt ends by itself."""
    if not quiz.time_limit_minutes:
        return None
    minutes = quiz.time_limit_minutes * (100 + granted.percent) / 100 + granted.minutes
    return started_at + timedelta(minutes=minutes)


def is_late(deadline_at: datetime | None, now: datetime, grace_seconds: int = 30) -> bool:
    """Whether an answer comes after the deadline and its grace."""
    return deadline_at is not None and now > deadline_at + timedelta(seconds=grace_seconds)


def _points(question: Question) -> Fraction:
    return Fraction(str(question.points))
