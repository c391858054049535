"""Who takes Chi's course: how they answer by what they can do, essays and marks, and more time for one of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa

from lms import clock
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Question
from lms.db import db
from lms.demo import answers, chance, year
from lms.demo.learners import Learner
from lms.demo.stage import Stage, told
from lms.demo.year import ONE_DAY, Moment
from lms.marking import actions as marking
from lms.marking.rules import Marked
from lms.quizzes import actions as quizzes
from lms.quizzes import overrides
from lms.quizzes import rules as quiz_rules
from lms.quizzes.models import Answer, Attempt
from lms.quizzes.rules import Allowance, Shown
from lms.study import actions as study

LESSONS = 3
TIRES = 0.25
MARKED_AFTER = timedelta(days=2, hours=6)
LAZY = "late"


def moments(stage: Stage) -> Iterator[Moment]:
    """All that learners do in the course, and what Chi does for them."""
    tale, pupils = told()["learners"], iter(_pupils(stage))
    first = list(islice(pupils, tale["first"]))
    span = tale["from_days_ago"] - tale["to_days_ago"]
    for place, learner in enumerate(first):
        yield from _takes(learner, stage.day(tale["from_days_ago"] - place * span // len(first)))
    for essay, learner in zip(told()["essay"], pupils, strict=False):
        yield from _writes(stage, learner, essay)
    for learner in islice(pupils, tale["stuck"]):
        yield _reads(learner, stage.day(tale["stuck_days_ago"]), 1)
    yield from _needs_time(stage, next(pupils))


def _pupils(stage: Stage) -> list[Learner]:
    """The people of the community teams of Đà Nẵng as chance orders them; who is told by hand has no part."""
    found = [learner for code, learner in stage.people.items() if code[:3] == "48." and learner.habit != LAZY]
    return sorted(found, key=lambda learner: chance.share(learner.code, told()["course"]))


def _takes(learner: Learner, day: date) -> Iterator[Moment]:
    yield _reads(learner, day, LESSONS)
    for number in range(2 if ability(learner) > TIRES else 1):
        yield Moment(year.hour(day + (LESSONS + number) * ONE_DAY, learner), learner, partial(sit, learner))


def _writes(stage: Stage, learner: Learner, essay: Mapping[str, Any]) -> Iterator[Moment]:
    day = stage.day(essay["days_ago"])
    yield _reads(learner, day - LESSONS * ONE_DAY, LESSONS)
    at = year.hour(day, learner)
    yield Moment(at, learner, partial(sit, learner, essay["text"]))
    if "mark" in essay:
        yield Moment(at + MARKED_AFTER, stage.chi, partial(_mark, stage.chi, learner, essay["mark"]))


def _needs_time(stage: Stage, learner: Learner) -> Iterator[Moment]:
    days_ago = told()["learners"]["extra_days_ago"]
    yield _reads(learner, stage.day(days_ago), LESSONS)
    yield stage.moment({"days_ago": days_ago - LESSONS}, partial(_grant, learner))


def _reads(learner: Learner, day: date, lessons: int) -> Moment:
    times = [year.hour(day + number * ONE_DAY, learner) for number in range(lessons)]
    return Moment(times[0], learner, lambda: year.read(learner, catalogue.current(told()["course"]), times))


def sit(learner: Learner, essay: str = "") -> None:
    """An attempt from its start to handing it in, question by question; nothing when the quiz is passed."""
    published = catalogue.current(told()["course"])
    try:
        attempt = quizzes.start(person_id=learner.person_id, published=published)
    except quizzes.NotNow:
        return
    at = clock.now()
    for shown in quiz_rules.draw(published.content.quiz, attempt.seed):
        at += timedelta(seconds=_seconds(learner, shown.question))
        with clock.stopped(at):
            response = [essay] if shown.question.is_marked_by_hand else given(learner, shown, attempt.number)
            quizzes.save(attempt=attempt, shown=shown, values=quiz_rules.as_shown(shown, response))
    with clock.stopped(at + timedelta(minutes=1)):
        study.hand_in(attempt=attempt, published=published)


def given(learner: Learner, shown: Shown, number: int) -> Sequence[str]:
    """What a learner answers to a question: right by what they can do and how hard it is, better at each attempt."""
    question, mistaken, right = shown.question, told()["learners"]["mistaken"], told()["learners"]["right"]
    luck = chance.share(learner.code, question.id, number)
    if question.id == mistaken["question"]:
        likely = mistaken["least"] + mistaken["spread"] * ability(learner)
        others = [str(place) for place in range(len(question.options)) if str(place) != mistaken["choice"]]
        return [mistaken["choice"] if luck < likely else chance.pick(others, learner.code, question.id)]
    likely = right[question.difficulty] + right["spread"] * (ability(learner) - 0.5) + 0.1 * (number - 1)
    return answers.RIGHT[question.type](question) if luck < likely else _wrong(learner, question)


def ability(learner: Learner) -> float:
    """What a learner can do, from 0 to 1."""
    return chance.share(learner.code, "ability")


def _wrong(learner: Learner, question: Question) -> list[str]:
    wrong = [str(place) for place, option in enumerate(question.options) if not option.right]
    if question.type == "single":
        return [chance.pick(wrong, learner.code, question.id, "wrong")]
    if typed := told()["learners"]["typed"].get(question.type):
        return [chance.pick(typed, learner.code, question.id, "wrong")]
    return answers.MISSED[question.type](question)


def _seconds(learner: Learner, question: Question) -> int:
    slow = {"easy": 1, "medium": 2, "hard": 3}[question.difficulty] + 6 * question.is_marked_by_hand
    return chance.whole(20, 45, learner.code, question.id, "seconds") * slow


def _mark(chi: Learner, learner: Learner, mark: Mapping[str, Any]) -> None:
    waiting = sa.select(Answer.id).join(Attempt).where(Attempt.person_id == learner.person_id)
    answer_id = db.session.scalars(waiting.where(Answer.marks_wanted.is_not(None))).one()
    marked = Marked(tuple(mark["points"]), tuple(mark["comments"]), mark["comment"])
    marking.mark(answer_id=answer_id, marker_id=chi.person_id, marked=marked)


def _grant(learner: Learner, chi: Learner) -> None:
    extra = told()["extra"]
    overrides.grant(
        person_id=learner.person_id,
        course_id=catalogue.current(told()["course"]).course_id,
        granted=Allowance(percent=extra["percent"]),
        ends_cool_down=False,
        reason=extra["reason"],
        to_on=clock.today() + timedelta(days=extra["for_days"]),
        by_id=chi.account_id,
    )
