"""Issuing papers to many: a job that is safe to stop and to repeat."""

from collections.abc import Callable
from datetime import date

from lms import audit, clock, jobs
from lms.awarding import queries
from lms.awarding.source import Source
from lms.catalogue import queries as catalogue
from lms.certificates import actions as certificates
from lms.certificates import queries as register
from lms.certificates.actions import NoIssuer
from lms.certificates.models import Issuer
from lms.certificates.register import Entry
from lms.certificates.rules import Kind
from lms.certificates.wording import Award
from lms.db import AnyRow, db
from lms.fonts import UnprintableText
from lms.goals import queries as goals
from lms.goals.rules import HUNDREDTHS
from lms.network import queries as network
from lms.recognition import queries as recognition

CHUNK = 20
HOURS_OF_A_PERIOD = 0.75

AwardOf = Callable[[AnyRow], Award]


def issue_to_all(source: Source, *, reason: str, by_id: int, progress: jobs.Progress) -> dict[str, int]:
    """The task: a chunk is a transaction, so whoever is killed loses no number. Raises `NoIssuer`."""
    issuer = register.issuer_of_unit(source.unit_id)
    if issuer is None:
        raise NoIssuer
    total, after, done, issued = queries.counts(source)["ready"], 0, 0, 0
    award = _award_of(source)
    while some := queries.ready(source, after=after, limit=CHUNK):
        issued += sum(_issue(source, row, award(row), issuer, reason, by_id) for row in some)
        after, done = some[-1].id, done + len(some)
        db.session.commit()
        progress(done, total)
    return {"issued": issued, "refused": done - issued}


def _issue(source: Source, row: AnyRow, award: Award, issuer: Issuer, reason: str, by_id: int) -> bool:
    """Whether a paper could be issued: not to a name that no font can set."""
    entry = Entry(
        kind=source.kind,
        subject=f"{source.prefix}{row.id}",
        person_id=row.id,
        name=row.full_name,
        unit=network.unit_line(row.id, _day_of(source, row)),
        award=award,
    )
    try:
        certificates.issue_for(entry=entry, issuer=issuer, reason=reason, by_id=by_id)
    except UnprintableText as trouble:
        audit.record("certificates.not-issued", f"person:{row.id}", reason=type(trouble).__name__)
        return False
    return True


def _day_of(source: Source, row: AnyRow) -> date:
    """The day whose unit is printed."""
    if source.kind is Kind.GOAL:
        return min(clock.today(), date(source.year, 12, 31))
    return row.done_on if source.kind is Kind.ATTENDANCE else clock.today()


def _award_of(source: Source) -> AwardOf:
    return {Kind.GOAL: _goal, Kind.PATH: _path, Kind.ATTENDANCE: _attendance}[source.kind](source)


def _goal(source: Source) -> AwardOf:
    title = goals.policy(source.code, source.year).title
    return lambda row: Award(title, periods=row.earned / HUNDREDTHS, completed_on=row.done_on, year=source.year)


def _path(source: Source) -> AwardOf:
    path = queries.pathway(source.code)
    periods = sum(course.content.periods for course in catalogue.by_slug(path.courses).values())
    return lambda row: Award(path.title, path.en_title, periods=periods, completed_on=row.done_on)


def _attendance(source: Source) -> AwardOf:
    event = recognition.activity(source.activity_id)
    return lambda row: Award(
        event.title,
        hours=row.earned / HUNDREDTHS * HOURS_OF_A_PERIOD,
        started_on=row.done_on,
        completed_on=row.done_on,
    )
