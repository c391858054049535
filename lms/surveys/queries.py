"""Reads of surveys: who is asked, who has answered, and the answers that may be counted."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_login import current_user

from lms import clock
from lms.access import Permission, reach
from lms.accounts.user import SignedIn
from lms.catalogue.models import Course
from lms.db import AnyRow, AnySelect, db, is_among, rows
from lms.network import queries as network
from lms.network.models import Person
from lms.surveys import audience, document
from lms.surveys.models import Answered, Survey, Turnout, Unfinished
from lms.surveys.questionnaire import Questionnaire
from lms.surveys.results import Results
from lms.surveys.rules import Division, Purpose, Stage, State, may_gather

PAGE = 30
PERMISSIONS = {Purpose.COURSE: Permission.TEACH, Purpose.NEEDS: Permission.DRAFT_PLANS}
"""Who makes surveys of which purpose, each for the units of their reach."""


def survey(survey_id: int, *, is_locked: bool = False) -> Survey:
    """A survey, locked for a write when asked. Raises NoResultFound."""
    return db.session.get_one(Survey, survey_id, with_for_update=is_locked or None, populate_existing=is_locked)


def survey_asked(code: str, person_id: int, *, is_locked: bool = False) -> Survey:
    """The survey of a code, when it asks this person now or they have answered it. Raises NoResultFound."""
    answered = sa.exists().where(Turnout.survey_id == Survey.id, Turnout.person_id == person_id)
    is_open = sa.and_(audience.is_open(clock.today()), audience.asks(person_id, clock.today()))
    found = sa.select(Survey).where(Survey.code == code, sa.or_(is_open, answered))
    return db.session.scalars(found.with_for_update(read=True) if is_locked else found).one()


def questionnaire(survey: Survey) -> Questionnaire:
    """What a survey asks."""
    return _parsed(survey.source)


def surveys(user: SignedIn, purpose: Purpose, before: int | None = None) -> Sequence[AnyRow]:
    """The surveys of a purpose within reach, latest first: Survey, course, answered; a page and one more."""
    answered = sa.select(sa.func.count()).where(Turnout.survey_id == Survey.id).scalar_subquery()
    found = (
        sa.select(Survey, Course.title.label("course"), answered.label("answered"))
        .outerjoin(Course, Course.id == Survey.course_id)
        .where(Survey.purpose == purpose, user.covers(PERMISSIONS[purpose], Survey.unit_id))
        .order_by(Survey.id.desc())
        .limit(PAGE + 1)
    )
    return db.session.execute(found.where(Survey.id < before) if before else found).all()


def course_title(survey: Survey) -> str:
    """The title of the course that a survey is about; empty when it is about none."""
    course = db.session.get(Course, survey.course_id) if survey.course_id else None
    return course.title if course else ""


def ending(user: SignedIn, purpose: Purpose, until: date) -> Sequence[Survey]:
    """The surveys of a purpose within reach that are open and end before a day, the next first."""
    day = clock.today()
    found = sa.select(Survey).where(Survey.purpose == purpose, audience.is_open(day), Survey.to_on <= until)
    within_reach = user.covers(PERMISSIONS[purpose], Survey.unit_id)
    return db.session.scalars(found.where(within_reach).order_by(Survey.to_on)).all()


def open_for(person_id: int) -> Sequence[AnyRow]:
    """The surveys that ask a person now and that they have not answered: code, title, source, to_on, is_named."""
    return rows(_open_for, person_id=person_id, day=clock.today())


def open_for_people(person_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """`open_for` of several people, by person id; who has none is left out."""
    day = clock.today()
    waiting = sa.select(Person.id.label("person_id"), Survey.title, Survey.to_on, Survey.source)
    waiting = waiting.join(Survey, sa.and_(audience.is_open(day), audience.asks(Person.id, day), ~_answered(Person.id)))
    found: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(waiting.where(is_among(Person.id, person_ids)).order_by(Survey.to_on, Survey.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def minutes(source: str) -> int:
    """How long the questionnaire of a text takes."""
    return _parsed(source).minutes


def has_answered(survey_id: int, person_id: int) -> bool:
    """Whether somebody has answered a survey."""
    return db.session.get(Turnout, (survey_id, person_id)) is not None


def unfinished(survey_id: int, person_id: int) -> dict[str, list[str]]:
    """What somebody has answered so far, as their form held it."""
    kept = db.session.get(Unfinished, (survey_id, person_id))
    return dict(kept.sent) if kept else {}


def answered(survey_id: int) -> int:
    """How many have answered."""
    return db.session.scalar(sa.select(sa.func.count()).where(Turnout.survey_id == survey_id)) or 0


def waiting(survey_id: int) -> int:
    """How many answers are not counted yet."""
    found = sa.select(sa.func.count()).where(Answered.survey_id == survey_id, Answered.round.is_(None))
    return db.session.scalar(found) or 0


def results(survey: Survey) -> Results:
    """What may be told of a survey now: groups only once no more answers come, not even such as wait for the next round."""
    is_over = survey.stage(clock.today()) is Stage.CLOSED and not may_gather(
        waiting(survey.id), survey.fewest, is_named=False
    )
    is_divided = survey.division != Division.NOTHING and (survey.is_named or is_over)
    before = _results(db.session.get_one(Survey, survey.before_id)).counted() if survey.before_id else None
    return _results(survey, is_divided=is_divided, before=before)


def named_answers(survey: Survey, limit: int | None = None) -> Sequence[AnyRow]:
    """Who answered what in a named survey, by given name: code, full_name, answers. Nobody in an anonymous one."""
    found = sa.select(Person.code, Person.full_name, Answered.answers).join(Person, Person.id == Answered.person_id)
    found = found.where(Answered.survey_id == survey.id, sa.true() if survey.is_named else sa.false())
    return db.session.execute(found.order_by(Person.sort_key, Person.id).limit(limit)).all()


def group_names(survey: Survey, groups: Collection[str]) -> dict[str, str]:
    """The names of the units among the groups of a survey that is divided by unit."""
    ids = [int(group) for group in groups if group.isdecimal()] if survey.division == Division.UNIT else []
    return {str(unit_id): name for unit_id, name in network.names(ids).items()} if ids else {}


def to_gather() -> Sequence[Survey]:
    """The surveys with answers that are not counted yet, locked."""
    pending = sa.select(Answered.survey_id).where(Answered.round.is_(None))
    return db.session.scalars(
        sa.select(Survey).where(Survey.id.in_(pending)).order_by(Survey.id).with_for_update()
    ).all()


def over(day: date) -> AnySelect:
    """A subquery of the surveys that nobody can answer any more."""
    return sa.select(Survey.id).where(sa.or_(Survey.state == State.CLOSED, Survey.to_on <= day))


def _results(survey: Survey, **options: Any) -> Results:
    found = sa.select(Answered.group, Answered.answers).where(
        Answered.survey_id == survey.id, Answered.round.is_not(None)
    )
    responses = [(row.group, row.answers) for row in db.session.execute(found)]
    return Results(questionnaire(survey), responses, 1 if survey.is_named else survey.fewest, **options)


def _answered(person_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Turnout.survey_id == Survey.id, Turnout.person_id == person_id)


_person, _day = sa.bindparam("person_id", type_=sa.Integer), sa.bindparam("day", type_=sa.Date)
_open_for = (
    sa.select(Survey.code, Survey.title, Survey.source, Survey.to_on, Survey.is_named)
    .where(audience.is_open(_day), audience.asks(_person, _day), ~_answered(_person))
    .order_by(Survey.to_on, Survey.id)
)
_parsed = lru_cache(maxsize=512)(document.parse)


@reach("survey_id")
def reaches_survey(permission: Permission, survey_id: int) -> bool:
    """Of a purpose that the permission is about, for units of its reach; for everybody only who holds it everywhere."""
    found = db.session.get(Survey, survey_id)
    if found is None or permission is not PERMISSIONS[Purpose(found.purpose)]:
        return False
    if found.unit_id is None:
        return current_user.scope(permission) is None
    return bool(current_user.reaches_unit(permission, found.unit_id))
