"""Writes of attempts: start, save an answer, hand in."""

import secrets
from collections.abc import Sequence

from lms import audit, clock
from lms.catalogue.queries import Published
from lms.db import db, insert
from lms.quizzes import queries, rules
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.rules import Refusal, Shown


class NotNow(Exception):
    """An attempt may not start; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class Ended(Exception):
    """The attempt was handed in, or its time is over; nothing more is taken."""


def start(*, person_id: int, published: Published) -> Attempt:
    """The open attempt of a person, or a new one. Raises `NotNow`.

    Two starts at once give one attempt: the unique index on open attempts refuses the second.
    """
    attempts = queries.attempts(person_id, published.course_id)
    for attempt in attempts:
        if attempt.submitted_at is None:
            return attempt
    ended = [(a.submitted_at, bool(a.is_passed)) for a in attempts if a.submitted_at]
    if refusal := rules.refusal(published.content.quiz, ended, clock.now()):
        raise NotNow(refusal)
    now = clock.now()
    new = {
        "person_id": person_id,
        "course_id": published.course_id,
        "version_id": published.version_id,
        "number": len(attempts) + 1,
        "seed": secrets.token_hex(8),
        "started_at": now,
        "deadline_at": rules.deadline(published.content.quiz, now),
    }
    db.session.execute(insert(Attempt).values(new).on_conflict_do_nothing())
    attempt = queries.attempt(person_id, published.course_id, len(attempts) + 1)
    audit.record("quizzes.start", attempt)
    return attempt


def save(*, attempt: Attempt, shown: Shown, values: Sequence[str]) -> list[str]:
    """Store the answer to one question as the page sent it; the stored response. Raises `Ended`."""
    now = clock.now()
    if attempt.submitted_at is not None or rules.is_late(attempt.deadline_at, now):
        raise Ended
    response = rules.as_authored(shown, values)
    saved = insert(Answer).values(attempt_id=attempt.id, question=shown.question.id, response=response, saved_at=now)
    same = [Answer.attempt_id, Answer.question]
    db.session.execute(
        saved.on_conflict_do_update(index_elements=same, set_={"response": saved.excluded.response, "saved_at": now})
    )
    return response


def hand_in(*, attempt: Attempt, published: Published) -> Attempt:
    """End an attempt and score it from its stored answers. Once: a second call changes nothing."""
    if attempt.submitted_at is not None:
        return attempt
    quiz = published.content.quiz
    score = rules.score(quiz, rules.draw(quiz, attempt.seed), queries.responses(attempt.id))
    attempt.submitted_at = clock.now()
    attempt.points, attempt.points_of, attempt.is_passed = float(score.points), float(score.of), score.is_passed
    db.session.flush()
    audit.record("quizzes.hand-in", attempt, points=attempt.points, of=attempt.points_of, passed=attempt.is_passed)
    return attempt
