"""Writes of attempts: start, save an answer, hand in, settle what people have marked."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.catalogue.queries import Published
from lms.db import built_once, db, hold, insert, insert_many
from lms.quizzes import queries, rules
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.queries import Given
from lms.quizzes.rules import Refusal, Score, Shown


class NotNow(Exception):
    """An attempt may not start; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal


class Ended(Exception):
    """The attempt was handed in, or its time is over; nothing more is taken."""


class Overtaken(Exception):
    """The answer was changed elsewhere after the page that sends this one was shown; `given` is the newer one."""

    def __init__(self, given: Given) -> None:
        self.given = given


def start(*, person_id: int, published: Published) -> Attempt:
    """The open attempt of a person, or a new one. Raises `NotNow`.

    However many start at once, there is one: its number is counted, and person, course and number are unique, as is the
    open attempt of a person in a course.
    """
    attempts = queries.attempts(person_id, published.course_id)
    running = next((attempt for attempt in attempts if attempt.submitted_at is None), None)
    if running:
        return running
    quiz, now = published.content.quiz, clock.now()
    granted = queries.allowance(person_id, published.course_id)
    if refusal := rules.refusal(quiz, queries.ended(attempts), now, granted):
        raise NotNow(refusal)
    again = _asked_again(attempts, published)
    new = {
        "person_id": person_id,
        "course_id": published.course_id,
        "version_id": published.version_id,
        "number": len(attempts) + 1,
        "seed": again.seed if again else secrets.token_hex(8),
        "started_at": now,
        "deadline_at": rules.deadline(quiz, now, granted),
    }
    added = db.session.connection().scalar(_starting(), new)
    attempt = queries.attempt(person_id, published.course_id, len(attempts) + 1)
    if added and again:
        _keep(attempt, again, published)
    if added:
        audit.record("quizzes.start", attempt)
    return attempt


@built_once
def _starting() -> Any:
    """The statement that starts an attempt unless it is there."""
    return insert(Attempt).on_conflict_do_nothing().returning(Attempt.id)


def save(
    *, attempt: Attempt, shown: Shown, values: Sequence[str], base: int | None = None, grace_seconds: int = 30
) -> int:
    """Store the answer to one question as the page sent it; its revision. Raises `Ended`, `Overtaken`.

    `base` is the revision that the page knew, 0 for none: a newer answer of another window is never written over unseen.
    """
    now = clock.now()
    if attempt.submitted_at is not None or rules.is_late(attempt.deadline_at, now, grace_seconds):
        raise Ended
    stored = _storing(base is not None)
    given = {"in_attempt": attempt.id, "to": shown.question.id, "given": rules.as_authored(shown, values), "now": now}
    revision = db.session.connection().scalar(stored, {**given, "base": base} if base is not None else given)
    if revision is None:
        raise Overtaken(queries.answers(attempt.id)[shown.question.id])
    return int(revision)


@built_once
def _storing(knows_base: bool) -> Any:
    """The statement that stores an answer, which most people run."""
    new = insert(Answer).values(
        attempt_id=sa.bindparam("in_attempt"),
        question=sa.bindparam("to"),
        response=sa.bindparam("given", type_=Answer.response.type),
        saved_at=sa.bindparam("now", type_=Answer.saved_at.type),
    )
    is_same = sa.cast(Answer.response, sa.Text) == sa.cast(new.excluded.response, sa.Text)
    stored = new.on_conflict_do_update(
        index_elements=[Answer.attempt_id, Answer.question],
        set_={
            "response": new.excluded.response,
            "saved_at": new.excluded.saved_at,
            "revision": sa.case((is_same, Answer.revision), else_=Answer.revision + 1),
        },
        where=sa.or_(is_same, Answer.revision == sa.bindparam("base")) if knows_base else None,
    )
    return stored.returning(Answer.revision)


def hand_in(*, attempt: Attempt, published: Published) -> Attempt:
    """End an attempt and score it from its stored answers. Once: a second call changes nothing.

    Essays and files that were answered wait for people; until then the attempt has neither passed nor failed.
    """
    if attempt.submitted_at is not None:
        return attempt
    attempt.submitted_at = clock.now()
    answers = queries.answers(attempt.id)
    score = _score(attempt, published, answers)
    if score.is_passed is None:
        _ask_for_marks(attempt, published, answers)
    audit.record("quizzes.hand-in", attempt, points=attempt.points, of=attempt.points_of, passed=attempt.is_passed)
    return attempt


def settle(*, attempt: Attempt, published: Published) -> bool:
    """Score an attempt again after people have marked an answer; whether it is final now."""
    score = _score(attempt, published, queries.answers(attempt.id))
    if score.is_passed is not None:
        audit.record("quizzes.settle", attempt, points=attempt.points, of=attempt.points_of, passed=attempt.is_passed)
    return score.is_passed is not None


def rescore(*, attempt: Attempt, published: Published) -> None:
    """Score what was handed in again, after a correction of a question."""
    _score(attempt, published, queries.answers(attempt.id))


def hold_scores(course_id: int, *, shared: bool = False) -> None:
    """Keep others from scoring attempts at a course until the transaction ends, but for those who share it.

    Who scores shares it; a correction begins to hold alone: no attempt is scored without it and committed after it.
    """
    hold(f"scores:{course_id}", shared=shared)


def _score(attempt: Attempt, published: Published, answers: Mapping[str, Given]) -> Score:
    hold_scores(attempt.course_id, shared=True)
    drawn, changes = queries.drawn(published, attempt.seed), queries.changes(attempt.version_id)
    score = rules.score(published.content.quiz, drawn, *_parts(answers), changes)
    attempt.points, attempt.points_of, attempt.is_passed = float(score.points), float(score.of), score.is_passed
    db.session.flush()
    return score


def _ask_for_marks(attempt: Attempt, published: Published, answers: Mapping[str, Given]) -> None:
    """Put the essays and files of an attempt into the queue of those who mark."""
    quiz, drawn = published.content.quiz, queries.drawn(published, attempt.seed)
    questions = [q.id for q in rules.waiting(drawn, *_parts(answers), queries.changes(attempt.version_id))]
    mine = Answer.attempt_id == attempt.id, Answer.question.in_(questions)
    db.session.execute(sa.update(Answer).where(*mine).values(marks_wanted=quiz.markers))


def _asked_again(attempts: Sequence[Attempt], published: Published) -> Attempt | None:
    """The attempt whose wrong questions the next one asks again: the last one, when the author says so."""
    last = attempts[-1] if attempts and published.content.quiz.retry == "wrong" else None
    return last if last and last.version_id == published.version_id else None


def _keep(attempt: Attempt, before: Attempt, published: Published) -> None:
    """Take over what was fully right in the attempt before."""
    answers = queries.answers(before.id)
    changes = queries.changes(before.version_id)
    right = rules.kept(queries.drawn(published, before.seed), *_parts(answers), changes)
    taken = [
        {
            "attempt_id": attempt.id,
            "question": question,
            "response": answers[question].response,
            "saved_at": attempt.started_at,
            "is_kept": True,
            "points": answers[question].points,
            "remarks": answers[question].remarks,
        }
        for question in right
    ]
    insert_many(Answer.__table__, taken)


def _parts(answers: Mapping[str, Given]) -> tuple[dict[str, list[str]], dict[str, float | None]]:
    """The responses, and the points that people gave."""
    responses = {question: given.response for question, given in answers.items()}
    return responses, {question: given.points for question, given in answers.items()}
