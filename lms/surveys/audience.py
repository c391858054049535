"""Whom a survey asks, and with which group each is counted."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lms import clock
from lms.db import db, ordinal
from lms.learning.models import Completion, Enrolment
from lms.network import queries as network
from lms.network.models import Assignment, UnitAncestor
from lms.surveys import rules
from lms.surveys.models import Survey
from lms.surveys.rules import Division, State


def asked(survey: Survey) -> int:
    """How many people a survey asks today."""
    people = sa.select(sa.func.count(sa.distinct(Assignment.person_id))).where(*_serving(survey, ""))
    return db.session.scalar(people) or 0


def group_of(survey: Survey, person_id: int) -> str:
    """The group with which a person's answers are counted; empty when it is none, or one of too few people."""
    if survey.division == Division.NOTHING:
        return ""
    post = sa.select(Assignment.unit_id, Assignment.role).where(
        Assignment.person_id == person_id, *_serving(survey, "")
    )
    found = db.session.execute(post.order_by(Assignment.is_primary.desc(), Assignment.from_on, Assignment.id)).first()
    if found is None:
        return ""
    group = found.role if survey.division == Division.ROLE else str(_unit_below(survey.unit_id, found.unit_id))
    some = sa.select(Assignment.person_id).distinct().where(*_serving(survey, group)).limit(survey.fewest).subquery()
    people = db.session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
    return group if survey.is_named or people >= survey.fewest else ""


def is_open(day: Any) -> sa.ColumnElement[bool]:
    """The condition that the survey of a row can be answered on a day."""
    return sa.and_(Survey.state == State.OPEN, Survey.from_on <= day, Survey.to_on > day)


def asks(person_id: Any, day: Any) -> sa.ColumnElement[bool]:
    """The condition that the survey of a row asks a person: `_serving` for many surveys at once."""
    below = sa.exists().where(
        UnitAncestor.unit_id == Assignment.unit_id,
        UnitAncestor.ancestor_id == Survey.unit_id,
        UnitAncestor.from_on <= day,
        UnitAncestor.to_on > day,
    )
    serves = sa.exists().where(
        Assignment.person_id == person_id,
        Assignment.from_on <= day,
        Assignment.to_on > day,
        sa.or_(Survey.unit_id.is_(None), below),
        sa.or_(Survey.role.is_(None), Survey.role == Assignment.role),
    )
    enrolled = sa.exists().where(Enrolment.person_id == person_id, Enrolment.course_id == Survey.course_id)
    completed = sa.exists().where(
        Completion.person_id == person_id,
        Completion.course_id == Survey.course_id,
        ordinal(Completion.completed_on) >= ordinal(Survey.from_on) - rules.RECENT_DAYS,
    )
    return sa.and_(
        serves,
        sa.or_(
            Survey.course_id.is_(None),
            sa.and_(Survey.is_after_completion.is_(False), enrolled),
            sa.and_(Survey.is_after_completion.is_(True), completed),
        ),
    )


def _serving(survey: Survey, group: str) -> list[sa.ColumnElement[bool]]:
    """The conditions that a post makes its holder one of those whom a survey asks, or of one of its groups."""
    day = clock.today()
    asked: list[sa.ColumnElement[bool]] = [Assignment.on(day)]
    if survey.unit_id is not None:
        asked.append(Assignment.unit_id.in_(network.subtree(survey.unit_id, day)))
    if survey.role:
        asked.append(Assignment.role == survey.role)
    if group and survey.division == Division.ROLE:
        asked.append(Assignment.role == group)
    elif group:
        unit_id = int(group)
        is_top = unit_id == survey.unit_id or not network.path(unit_id, day)
        below = Assignment.unit_id.in_(network.subtree(unit_id, day))
        asked.append(Assignment.unit_id == unit_id if is_top else below)
    if survey.course_id is not None:
        asked.append(_takes(survey, day))
    return asked


def _takes(survey: Survey, day: date) -> sa.ColumnElement[bool]:
    if not survey.is_after_completion:
        return sa.exists().where(Enrolment.person_id == Assignment.person_id, Enrolment.course_id == survey.course_id)
    since = (survey.from_on or day) - timedelta(days=rules.RECENT_DAYS)
    return sa.exists().where(
        Completion.person_id == Assignment.person_id,
        Completion.course_id == survey.course_id,
        Completion.completed_on >= since,
    )


def _unit_below(top: int | None, unit_id: int) -> int:
    """The unit directly below the one that asks (of the whole network: below its root) in which somebody serves."""
    line = [version.unit_id for version in network.path(unit_id, clock.today())] + [unit_id]
    place = line.index(top) + 1 if top in line else 1
    return line[min(place, len(line) - 1)]
