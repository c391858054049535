"""Surveys in the demo: two evaluations of courses, one of them open, and what the province needs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from lms import clock
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.demo import chance, data
from lms.demo.learners import Learner
from lms.demo.stage import Stage
from lms.demo.year import ONE_DAY, Moment
from lms.surveys import actions, queries, shipped
from lms.surveys.models import Survey
from lms.surveys.questionnaire import Item, Type
from lms.surveys.rules import FEWEST, Purpose

Told = Mapping[str, Any]
OPTIONAL = 0.9
WRITES = 0.5


def moments(stage: Stage) -> Iterator[Moment]:
    """Each survey from its opening to the count of what was answered."""
    for survey in data.document("surveys.toml")["survey"]:
        opens, ends = survey["opens_days_ago"], survey["ends_days_ago"]
        yield stage.moment({"by": survey["by"], "days_ago": opens, "hour": 7}, partial(_open, stage, survey))
        yield stage.moment({"by": survey["by"], "days_ago": max(ends, 0) + 1, "hour": 20}, partial(_all, stage, survey))
        yield stage.moment({"by": survey["by"], "days_ago": max(ends, 1), "hour": 21}, partial(_count, survey))


def _open(stage: Stage, told: Told, actor: Learner) -> None:
    purpose = Purpose(told["purpose"])
    terms = {
        "unit_id": stage.unit_id,
        "course_id": catalogue.current(told["course"]).course_id if "course" in told else None,
        "fewest": FEWEST,
        "division": told["division"],
    }
    source = shipped.source(purpose, told["title"])
    survey = actions.begin(purpose=purpose, source=source, terms=terms, by_id=actor.account_id)
    actions.release(survey=survey, from_on=clock.today(), to_on=_ends(stage, told))


def _ends(stage: Stage, told: Told) -> date:
    return stage.day(told["ends_days_ago"]) + ONE_DAY


def _answering(stage: Stage, told: Told) -> list[Learner]:
    """Those who would answer, were they asked."""
    waiting = told.get("waits", ())
    return [
        learner
        for code, learner in stage.people.items()
        if code not in waiting and chance.share(code, told["title"]) < told["answered"]
    ]


def _all(stage: Stage, told: Told, _actor: Learner) -> None:
    """All who answer do it in one evening: nothing of a survey without names says when."""
    survey, answering = _survey(told), {learner.person_id: learner for learner in _answering(stage, told)}
    for person_id, asking in queries.open_for_people(answering).items():
        if told["title"] in {each.title for each in asking}:
            _answer(survey, answering[person_id], told["given"])


def _answer(survey: Survey, learner: Learner, given: Told) -> None:
    said = {item.id: _said(item, learner, given) for item in queries.questionnaire(survey).questions}
    kept = {name: answer for name, answer in said.items() if answer not in (None, [])}
    actions.hand_in(survey=survey, person_id=learner.person_id, answers=kept)


def _said(item: Item, learner: Learner, given: Told) -> Any:
    """The answer of a person to an item; None when they leave it out."""
    about = learner.code, item.id
    if item.type is Type.MATRIX:
        return [_point(given["points"], *about, row) for row in range(len(item.rows))]
    if item.type is Type.SCALE:
        return _point(given["points"], *about)
    if item.type is Type.SINGLE:
        return _one_of(given[item.id], *about)
    if item.type is Type.MULTIPLE:
        return [place for place, likely in enumerate(given[item.id]) if chance.share(*about, place) < likely]
    if chance.share(*about, "left out") > (OPTIONAL if item.type is Type.NUMBER else WRITES):
        return None
    return (
        float(chance.pick(given[item.id], *about)) if item.type is Type.NUMBER else chance.pick(given[item.id], *about)
    )


def _point(shares: Sequence[float], *about: object) -> int:
    return _one_of(shares, *about) + 1


def _one_of(shares: Sequence[float], *about: object) -> int:
    """A place, each as likely as its share."""
    at = chance.share(*about)
    return next((place for place, end in enumerate(accumulate(shares)) if at < end), len(shares) - 1)


def _count(told: Told, _actor: Learner) -> None:
    """What was answered is counted; a survey that is over is closed."""
    survey = _survey(told)
    if told["ends_days_ago"] > 0:
        actions.close(survey=survey)
    else:
        actions.gather(survey=survey)


def _survey(told: Told) -> Survey:
    return db.session.scalars(sa.select(Survey).where(Survey.title == told["title"])).one()
