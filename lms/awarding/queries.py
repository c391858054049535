"""Who gets a paper, who has one, who cannot."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound

from lms import clock
from lms.awarding.source import Source
from lms.catalogue.models import Course
from lms.certificates.models import Certificate
from lms.certificates.rules import Kind
from lms.competencies import queries as competencies
from lms.competencies.pathway import Pathway
from lms.db import AnyRow, AnySelect, db
from lms.goals.models import Standing
from lms.goals.rules import Status
from lms.learning.models import Completion
from lms.network import queries as network
from lms.network.models import Assignment, Person, UnitAncestor
from lms.recognition.models import Activity, Attendance
from lms.yearbooks import queries as yearbooks
from lms.yearbooks.models import BookLine, BookVersion

PAGE = 50


class Chance(StrEnum):
    """Whether somebody gets a paper now, has one already, or cannot get one."""

    READY = "ready"
    HAS = "has"
    CANNOT = "cannot"


def pathway(code: str) -> Pathway:
    """A pathway in its last version. Raises NoResultFound."""
    for found in competencies.pathways():
        if found.code == code:
            return found
    raise NoResultFound


def closed(source: Source) -> BookVersion | None:
    """The final version of the year book that speaks of a unit's year, of the unit itself or of one above."""
    if source.kind is not Kind.GOAL:
        return None
    end = date(source.year, 12, 31)
    above = [source.unit_id, *(unit.unit_id for unit in reversed(network.path(source.unit_id, end)))]
    books = {book.unit_id: book for book in yearbooks.books(policy=source.code, year=source.year)}
    found = (books[unit_id].shown for unit_id in above if unit_id in books)
    return next((version for version in found if version and version.is_final), None)


def counts(source: Source) -> dict[str, int]:
    """How many people have which chance."""
    lines = _lines(source).subquery()
    found = db.session.execute(sa.select(lines.c.chance, sa.func.count()).group_by(lines.c.chance)).all()
    return {chance.value: 0 for chance in Chance} | dict(found)


def people(source: Source, chance: Chance, after: int | None) -> Sequence[AnyRow]:
    """Those of one chance by given name, a page and one more: id, code, full_name, why, certificate_id, label."""
    lines = _lines(source).subquery()
    found = sa.select(lines).where(lines.c.chance == chance).order_by(lines.c.sort_key, lines.c.id)
    if after is not None:
        last = network.person(after)
        found = found.where(sa.tuple_(lines.c.sort_key, lines.c.id) > sa.tuple_(sa.literal(last.sort_key), last.id))
    return db.session.execute(found.limit(PAGE + 1)).all()


def ready(source: Source, *, after: int, limit: int) -> Sequence[AnyRow]:
    """Those who get a paper, by id: id, full_name, earned (hundredths), done_on."""
    lines = _lines(source).subquery()
    found = sa.select(lines).where(lines.c.chance == Chance.READY, lines.c.id > after)
    return db.session.execute(found.order_by(lines.c.id).limit(limit)).all()


def _lines(source: Source) -> AnySelect:
    pool = POOLS[source.kind](source).subquery()
    subject = sa.literal(source.prefix, sa.Text) + sa.cast(pool.c.person_id, sa.Text)
    has = Certificate.id.is_not(None)
    chance = sa.case((has, Chance.HAS.value), (pool.c.may, Chance.READY.value), else_=Chance.CANNOT.value)
    found: AnySelect = (
        sa.select(
            Person.id, Person.code, Person.full_name, Person.sort_key, chance.label("chance"), pool.c.why, pool.c.earned,
            pool.c.done_on, Certificate.id.label("certificate_id"), Certificate.label,
        )
        .join(pool, pool.c.person_id == Person.id)
        .outerjoin(Certificate, Certificate.subject == subject)
    )  # fmt: skip
    return found


def _goal(source: Source) -> AnySelect:
    """By the closed book where there is one, else by what is judged today."""
    version = closed(source)
    table = BookLine if version else Standing
    within = UnitAncestor.unit_id == table.unit_id, UnitAncestor.on(table.reference_on)
    found: AnySelect = sa.select(
        (BookLine.subject_id if version else Standing.person_id).label("person_id"),
        (table.status == Status.MET.value).label("may"),
        table.status.label("why"),
        table.earned,
        (BookLine.reference_on if version else Standing.met_on).label("done_on"),
    ).join(UnitAncestor, sa.and_(*within))
    found = found.where(UnitAncestor.ancestor_id == source.unit_id)
    if version:
        return found.where(BookLine.version_id == version.id, BookLine.kind == "person")
    return found.where(Standing.policy == source.code, Standing.year == source.year)


def _path(source: Source) -> AnySelect:
    """Those who serve today and have completed a course of the pathway; `why` is how many courses are missing."""
    courses, today = pathway(source.code).courses, clock.today()
    done = sa.func.count(sa.distinct(Completion.course_id))
    serving = sa.select(Assignment.person_id).where(
        Assignment.on(today), Assignment.unit_id.in_(network.subtree(source.unit_id, today))
    )
    found: AnySelect = (
        sa.select(
            Completion.person_id,
            (done == len(courses)).label("may"),
            sa.cast(len(courses) - done, sa.Text).label("why"),
            sa.literal(0).label("earned"),
            sa.func.max(Completion.completed_on).label("done_on"),
        )
        .join(Course, Course.id == Completion.course_id)
        .where(
            Course.slug.in_(courses), Completion.withdrawn_at.is_(None), Completion.person_id.in_(serving)
        )
        .group_by(Completion.person_id)
    )  # fmt: skip
    return found


def _attendance(source: Source) -> AnySelect:
    """Those on the roll, while the event stands."""
    found: AnySelect = (
        sa.select(
            Attendance.person_id,
            Activity.taken_back_at.is_(None).label("may"),
            sa.literal("").label("why"),
            Attendance.periods.label("earned"),
            Activity.held_on.label("done_on"),
        )
        .join(Activity, Activity.id == Attendance.activity_id)
        .where(Activity.id == source.activity_id)
    )
    return found


POOLS = {Kind.GOAL: _goal, Kind.PATH: _path, Kind.ATTENDANCE: _attendance}
