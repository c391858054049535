"""Writes that go over several packages at once: each is one act, in one transaction."""

from collections.abc import Sequence

from lms.catalogue.queries import Published
from lms.certificates import actions as certificates
from lms.db import hold
from lms.goals import actions as goals
from lms.learning import actions as learning
from lms.learning.models import Completion
from lms.quizzes import actions as quizzes
from lms.quizzes import queries as quizzed
from lms.quizzes.models import Attempt
from lms.quizzes.rules import Shown
from lms.study.queries import Sheet


def finish_lesson(*, person_id: int, published: Published, lesson: str) -> Completion | None:
    """A lesson is finished; the completion, when it was the last thing missing."""
    enrolment_id = learning.enrol(person_id=person_id, published=published)
    learning.finish_lesson(enrolment_id=enrolment_id, lesson=lesson)
    return complete(person_id=person_id, published=published)


def hand_in(*, attempt: Attempt, published: Published) -> Completion | None:
    """An attempt is handed in and scored; the completion, when it was the last thing missing."""
    quizzes.hand_in(attempt=attempt, published=published)
    return _complete(published, attempt) if attempt.is_passed else None


def complete(*, person_id: int, published: Published) -> Completion | None:
    """When all lessons are finished and the quiz is passed: completion, credit and certificate, each once.

    The last lesson and the attempt may end at the same moment: who comes second sees what the first has written.
    """
    hold(f"completion:{person_id}:{published.course_id}")
    attempts: Sequence[Attempt] = quizzed.attempts(person_id, published.course_id)
    passed = next((attempt for attempt in attempts if attempt.is_passed), None)
    return _complete(published, passed) if passed else None


def save_answer(*, sheet: Sheet, shown: Shown, values: Sequence[str], base: int | None) -> int:
    """Store one answer; its revision. Raises `quizzes.actions.Ended` and `Overtaken`."""
    grace = sheet.published.content.quiz.grace_seconds
    return quizzes.save(attempt=sheet.attempt, shown=shown, values=values, base=base, grace_seconds=grace)


def settle(*, attempt: Attempt, published: Published) -> Completion | None:
    """People have marked an answer; when it was the last one, the score is final and what follows from it follows."""
    quizzes.settle(attempt=attempt, published=published)
    return _complete(published, attempt) if attempt.is_passed else None


def _complete(published: Published, passed: Attempt) -> Completion | None:
    completion = learning.complete(person_id=passed.person_id, published=published, attempt_id=passed.id)
    if completion:
        goals.credit_completion(completion=completion, published=published)
        certificates.issue_if_possible(completion=completion, published=published)
    return completion
