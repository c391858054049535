"""What is known of people's training in a year: for their sheets, and for the civil-servant record."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms.catalogue import queries as catalogue
from lms.catalogue.models import Course
from lms.certificates.models import Certificate
from lms.certificates.rules import Kind
from lms.db import AnyRow, AnySelect, db, is_among
from lms.goals import trace
from lms.goals.models import Credit, Exemption, Standing
from lms.goals.rules import HUNDREDTHS, CreditState
from lms.language import format_date, format_number, gettext, role_words
from lms.learning.models import Completion
from lms.network import queries as network
from lms.network.models import Absence, Person, UnitVersion
from lms.quizzes.models import Attempt
from lms.recognition.rules import ExemptionState
from lms.yearend import live

CHUNK = 500
COLUMNS = (
    "code", "full-name", "unit", "employment", "role", "position", "year", "due", "earned", "status", "courses", "results",
    "certificates", "exemptions", "absences",
)  # fmt: skip
USUAL = ("code", "full-name", "unit", "year", "due", "earned", "status", "courses", "certificates")


@dataclass(frozen=True)
class Record:
    """A person's year: the standing with the person's name, and what was learnt, issued, waived and missed."""

    standing: AnyRow
    year: int
    credits: Sequence[AnyRow] = field(default_factory=list)
    results: Sequence[AnyRow] = field(default_factory=list)
    certificates: Sequence[AnyRow] = field(default_factory=list)
    exemptions: Sequence[AnyRow] = field(default_factory=list)
    absences: Sequence[AnyRow] = field(default_factory=list)


def of_person(person_id: int, policy: str, year: int) -> Record | None:
    """One person's year; None when the policy does not concern them."""
    return next(of_people([person_id], policy, year), None)


def of_unit(unit_id: int, policy: str, year: int) -> Iterator[Record]:
    """The years of all people counted in a unit or below it, by given name."""
    waiting: list[int] = []
    for standing in live.standings(unit_id, policy, year):
        waiting.append(standing.person_id)
        if len(waiting) == CHUNK:
            yield from of_people(waiting, policy, year)
            waiting = []
    yield from of_people(waiting, policy, year)


def of_people(person_ids: Collection[int], policy: str, year: int) -> Iterator[Record]:
    """The years of some people in their order, by a fixed number of statements."""
    if not person_ids:
        return
    start, end = date(year, 1, 1), date(year, 12, 31)
    standings = {row.person_id: row for row in db.session.execute(_standings(person_ids, policy, year))}
    parts = [
        _by_person(statement)
        for statement in (
            _credits(person_ids, start, end),
            _results(person_ids, start, end),
            _certificates(person_ids, start, end),
            _exemptions(person_ids, policy, year),
            _absences(person_ids, start, end),
        )
    ]
    for person_id in person_ids:
        if standing := standings.get(person_id):
            yield Record(standing, year, *(part.get(person_id, []) for part in parts))


def rows(records: Iterator[Record], columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    """One row a person, with the chosen columns only."""
    titles, positions = catalogue.all_titles(), network.post_titles("position")
    for record in records:
        told = _told(record, titles, positions)
        yield [told[column] for column in columns]


def activity(entry: Any, titles: Mapping[str, str]) -> str:
    """What was learnt, in words."""
    return titles.get(entry.activity, entry.activity)


def _told(record: Record, titles: Mapping[str, str], positions: Mapping[str, str]) -> dict[str, Any]:
    one = record.standing
    return {
        "code": one.code,
        "full-name": one.full_name,
        "unit": one.unit,
        "employment": gettext(f"employment.{one.employment}"),
        "role": role_words(one.role),
        "position": positions.get(one.position, one.position),
        "year": record.year,
        "due": one.due,
        "earned": one.earned / HUNDREDTHS,
        "status": gettext(f"status.{one.status}"),
        "courses": "; ".join(_course(entry, titles) for entry in record.credits),
        "results": "; ".join(f"{row.title}: {score(row)}" for row in record.results),
        "certificates": "; ".join(row.label for row in record.certificates if row.revoked_at is None),
        "exemptions": "; ".join(scope(row.scope) for row in record.exemptions),
        "absences": "; ".join(gettext(f"absence.type.{row.type}") for row in record.absences),
    }


def score(row: Any) -> str:
    """«9,5/10» from an attempt."""
    if not row.points_of or row.points is None:
        return "–"
    return gettext("certificate.score", share=format_number(10 * row.points / row.points_of, 1))


def scope(code: str) -> str:
    """From what somebody is exempt, in words."""
    return gettext(f"yearend.exempt.{code}")


def _course(entry: Any, titles: Mapping[str, str]) -> str:
    values = {
        "title": activity(entry, titles),
        "periods": trace.periods(entry.periods),
        "day": format_date(entry.completed_on),
    }
    return gettext("yearend.course", **values)


def _by_person(statement: AnySelect) -> Mapping[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.person_id].append(row)
    return found


def _standings(person_ids: Collection[int], policy: str, year: int) -> AnySelect:
    named = sa.and_(UnitVersion.unit_id == Standing.unit_id, UnitVersion.on(Standing.reference_on))
    found: AnySelect = (
        sa.select(
            Standing.person_id, Standing.status, Standing.due, Standing.earned, Standing.effective_days, Standing.detail,
            Standing.role, Standing.position, Standing.unit_id, Person.code, Person.full_name, Person.employment,
            UnitVersion.name.label("unit"),
        )
        .join(Person, Person.id == Standing.person_id)
        .join(UnitVersion, named)
        .where(is_among(Standing.person_id, person_ids), Standing.policy == policy, Standing.year == year)
    )  # fmt: skip
    return found


def _credits(person_ids: Collection[int], start: date, end: date) -> AnySelect:
    """Approved entries that nothing reverses."""
    undone = aliased(Credit)
    columns = Credit.person_id, Credit.activity, Credit.category, Credit.periods, Credit.completed_on, Credit.source
    stands = (
        Credit.state == CreditState.APPROVED,
        Credit.reverses_id.is_(None),
        ~sa.exists().where(undone.reverses_id == Credit.id),
    )
    found: AnySelect = sa.select(*columns).where(is_among(Credit.person_id, person_ids), *stands)
    return found.where(Credit.completed_on.between(start, end)).order_by(Credit.completed_on, Credit.id)


def _results(person_ids: Collection[int], start: date, end: date) -> AnySelect:
    found: AnySelect = (
        sa.select(Completion.person_id, Course.title, Completion.completed_on, Attempt.points, Attempt.points_of)
        .join(Course, Course.id == Completion.course_id)
        .outerjoin(Attempt, Attempt.id == Completion.attempt_id)
        .where(is_among(Completion.person_id, person_ids), Completion.withdrawn_at.is_(None))
    )
    return found.where(Completion.completed_on.between(start, end)).order_by(Completion.completed_on, Completion.id)


def _certificates(person_ids: Collection[int], start: date, end: date) -> AnySelect:
    title = sa.func.coalesce(Course.title, Certificate.printed["paper"]["course"].as_string()).label("title")
    columns = Certificate.person_id, Certificate.label, Certificate.issued_on, Certificate.revoked_at, title
    found: AnySelect = sa.select(*columns).outerjoin(Course, Course.id == Certificate.course_id)
    mine = is_among(Certificate.person_id, person_ids), Certificate.issued_on.between(start, end)
    stands = Certificate.successor_id.is_(None), Certificate.kind != Kind.CONFIRMATION
    return found.where(*mine, *stands).order_by(Certificate.id)


def _exemptions(person_ids: Collection[int], policy: str, year: int) -> AnySelect:
    holds = Exemption.state == ExemptionState.APPROVED, Exemption.revoked_on.is_(None)
    found: AnySelect = sa.select(Exemption.person_id, Exemption.scope, Exemption.target)
    mine = is_among(Exemption.person_id, person_ids), Exemption.policy == policy, Exemption.year == year
    return found.where(*mine, *holds).order_by(Exemption.id)


def _absences(person_ids: Collection[int], start: date, end: date) -> AnySelect:
    found: AnySelect = sa.select(Absence.person_id, Absence.type, Absence.from_on, Absence.to_on)
    mine = is_among(Absence.person_id, person_ids), Absence.from_on <= end, Absence.to_on > start
    return found.where(*mine).order_by(Absence.from_on)
