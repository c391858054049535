"""Forty learners and a quiz of five questions; in the third the author has marked the wrong option as right."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from lms import clock
from lms.catalogue.content import Draw, Option, Question
from lms.catalogue.queries import Published
from lms.db import OPEN_END, db, insert_many
from lms.network.models import Assignment, Person
from lms.quizzes import actions as quizzes
from lms.quizzes import rules
from lms.quizzes.models import Answer, Attempt
from lms.study import actions as study
from tests.people import LONG_AGO, Cast
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
    names = [(f"hv{n:02}", f"Người Học {n:02}") for n in range(number)]
    keys = {"fold": "", "sort_key": "", "employment": "volunteer"}
    insert_many(Person.__table__, [{"code": code, "full_name": name, **keys} for code, name in names])
    people = db.session.scalars(sa.select(Person).where(Person.code.startswith("hv")).order_by(Person.code)).all()
    service = {"unit_id": cast.hai_chau, "role": "community-member", "nature": "full-time", "is_primary": True}
    dates = {"from_on": LONG_AGO, "to_on": OPEN_END, "recorded_at": clock.now()}
    insert_many(Assignment.__table__, [{"person_id": who.id, **service, **dates} for who in people])
    return list(people)


def hold(cast: Cast, *, to_the_end: bool = False) -> tuple[Published, list[Person]]:
    """The quiz is published, and everybody has handed in; `to_the_end`: who passed has completed the course."""
    published, people, now = publish(QUIZ), learners(cast), clock.now()
    scores = [rules.score(QUIZ, rules.draw(QUIZ, who.code), answers(n)) for n, who in enumerate(people)]
    sat = {"course_id": published.course_id, "version_id": published.version_id, "number": 1, "deadline_at": None}
    attempts = [
        {
            "person_id": who.id,
            "seed": who.code,
            "started_at": now - HOUR,
            "submitted_at": now,
            "points": float(score.points),
            "points_of": float(score.of),
            "is_passed": score.is_passed,
            **sat,
        }
        for who, score in zip(people, scores, strict=True)
    ]
    insert_many(Attempt.__table__, attempts)
    ids = db.session.scalars(sa.select(Attempt.id).order_by(Attempt.person_id)).all()
    given = [line for n, attempt_id in enumerate(ids) for line in _answers(attempt_id, answers(n), now - HOUR, 30)]
    insert_many(Answer.__table__, given)
    for who, score in zip(people, scores, strict=True):
        if to_the_end and (score.is_passed or answers(int(who.code[2:]))["q4"] == A):
            take(who.id, published)
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
