"""Forty learners and a quiz of five questions; in the third the author has marked the wrong option as right."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lms import clock
from lms.catalogue.content import Draw, Option, Question
from lms.catalogue.queries import Published
from lms.db import db, insert_many
from lms.network.models import Person
from lms.quizzes import actions as quizzes
from lms.quizzes import rules
from lms.quizzes.models import Answer, Attempt
from lms.study import actions as study
from tests.people import Cast, person, post
from tests.quizzes.bank import question, quiz
from tests.quizzes.course import publish, take

LEARNERS = 40
HOUR = timedelta(hours=1)
A, B, C = ["0"], ["1"], ["2"]
ODD_ONE = 39
"""Who is good, yet chose what the author thought right."""


def asked(id_: str, right: int = 0) -> Question:
    options = tuple(Option(f"{id_} phương án {letter}", n == right) for n, letter in enumerate("ABCD"))
    return replace(question("single", id_, options=options), text=f"Câu hỏi {id_}?")


QUESTIONS = tuple(asked(f"q{n}") for n in range(1, 6))
QUIZ = quiz(Draw(5), questions=QUESTIONS, attempts=0)


def answers(ability: int) -> dict[str, list[str]]:
    """What a learner gives: the good ones see that C is right in the third question."""
    knows = {"q1": 8, "q2": 16, "q4": 24, "q5": 30}
    given = {code: A if ability >= least else B for code, least in knows.items()}
    if ability == ODD_ONE:
        return given | {"q3": A, "q5": B}
    return given | {"q3": C if ability >= 8 else A}


def sit(who: int, published: Published, given: Mapping[str, Sequence[str]], seconds: int = 30) -> Attempt:
    """Somebody sits the quiz, an answer each so many seconds, and hands in."""
    attempt = quizzes.start(person_id=who, published=published)
    insert_many(Answer.__table__, _answers(attempt.id, given, attempt.started_at, seconds))
    study.hand_in(attempt=attempt, published=published)
    return attempt


def learners(cast: Cast, number: int = LEARNERS) -> list[Person]:
    """People of Hải Châu."""
    people = [person(f"Người Học {n:02}", f"hv{n:02}") for n in range(number)]
    for who in people:
        post(who, cast.hai_chau, "community-member")
    return people


def hold(cast: Cast) -> tuple[Published, list[Person]]:
    """The quiz is published, and everybody has handed in; who passed has completed the course."""
    published, people, now = publish(QUIZ), learners(cast), clock.now()
    for ability, who in enumerate(people):
        take(who.id, published)
        score = rules.score(QUIZ, rules.draw(QUIZ, who.code), answers(ability))
        attempt = Attempt(
            person_id=who.id, course_id=published.course_id, version_id=published.version_id, number=1, seed=who.code,
            started_at=now - HOUR, submitted_at=now, points=float(score.points), points_of=float(score.of),
            is_passed=score.is_passed,
        )  # fmt: skip
        db.session.add(attempt)
        db.session.flush()
        insert_many(Answer.__table__, _answers(attempt.id, answers(ability), attempt.started_at, 30))
        study.complete(person_id=who.id, published=published)
    db.session.commit()
    return published, people


def _answers(
    attempt_id: int, given: Mapping[str, Sequence[str]], start: datetime, seconds: int
) -> list[dict[str, object]]:
    return [
        {
            "attempt_id": attempt_id,
            "question": code,
            "response": list(response),
            "saved_at": start + timedelta(seconds=n * seconds),
        }
        for n, (code, response) in enumerate(given.items(), 1)
    ]
