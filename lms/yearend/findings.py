"""What a report says in numbers, wherever they come from, and the reads that all sources share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from lms.catalogue.models import Course
from lms.certificates import queries as certificates
from lms.certificates.queries import Filter
from lms.certificates.rules import State
from lms.db import db
from lms.goals import figures
from lms.goals.dashboard import Shown
from lms.goals.figures import TODAY
from lms.goals.models import Exemption, Standing
from lms.learning.models import Completion
from lms.network.models import Absence, UnitAncestor
from lms.plans import progress
from lms.plans import queries as plans
from lms.plans.models import TrainingPlan
from lms.plans.progress import Line as PlanLine
from lms.recognition.rules import ExemptionState
from lms.yearend.rules import Source

Divided = Sequence[tuple[str, Shown]]


class Told(NamedTuple):
    """Where the numbers come from: as of a day, as known at an instant; of a year book its version and last hash."""

    source: Source
    as_of: date
    known_at: datetime
    version: int = 0
    seal: str = ""


class Listed(NamedTuple):
    """A person as the annex lists them; periods in hundredths where they were earned."""

    code: str
    full_name: str
    unit: str
    status: str
    due: int
    earned: int
    reasons: str


class Below(NamedTuple):
    """A unit directly below."""

    name: str
    shown: Shown


class Counting(Protocol):
    """A source of numbers: live standings, or a year book."""

    told: Told

    def whole(self) -> Shown: ...
    def divided(self, dimension: str) -> Divided: ...
    def below(self) -> Sequence[Below]: ...
    def lacking(self) -> Mapping[str, int]: ...
    def people(self) -> Iterator[Listed]: ...


@dataclass(frozen=True)
class Planned:
    """The plan in force, its items with what was reached, and the share of all seats that was used."""

    plan: TrainingPlan
    lines: Sequence[PlanLine]
    share: Fraction | None


@dataclass(frozen=True)
class Findings:
    """The numbers of a report. `lacking` are people by what they lack, `courses` completions by title."""

    unit: str
    year: int
    policy: str
    told: Told
    whole: Shown
    divisions: Mapping[str, Divided]
    below: Sequence[Below]
    lacking: Mapping[str, int]
    this_year: Shown
    last_year: Shown
    exemptions: Mapping[str, int]
    absences: Mapping[str, int]
    planned: Planned | None
    courses: Sequence[tuple[str, int]]
    issued: int
    revoked: int


def compared(unit_id: int, policy: str, year: int) -> tuple[Shown, Shown]:
    """The unit's whole counts of this year and the last, both on the map of today."""
    found = figures.places(unit_id, [policy], (year, year - 1), [figures.WHOLE])
    now, last = (found.get(figures.Place(unit_id, y, TODAY, figures.WHOLE, ""), {}) for y in (year, year - 1))
    return Shown(now), Shown(last)


def exemptions(unit_id: int, policy: str, year: int) -> dict[str, int]:
    """Approved exemptions of the year's people by scope, those revoked left out."""
    holds = Exemption.state == ExemptionState.APPROVED, Exemption.revoked_on.is_(None)
    found = (
        sa.select(Exemption.scope, sa.func.count())
        .where(*holds, Exemption.policy == policy, Exemption.year == year)
        .where(Exemption.person_id.in_(_counted(unit_id, policy, year)))
        .group_by(Exemption.scope)
    )
    return dict(db.session.execute(found.order_by(Exemption.scope)).all())


def absences(unit_id: int, policy: str, year: int) -> dict[str, int]:
    """The year's people who were away for days that do not count as service, by kind of absence."""
    found = (
        sa.select(Absence.type, sa.func.count(Absence.person_id.distinct()))
        .where(Absence.during(date(year, 1, 1), date(year + 1, 1, 1)), Absence.suspends)
        .where(Absence.person_id.in_(_counted(unit_id, policy, year)))
        .group_by(Absence.type)
    )
    return dict(db.session.execute(found.order_by(Absence.type)).all())


def planned(unit_id: int, policy: str, year: int) -> Planned | None:
    """The plan in force, where it is one for this policy."""
    plan = plans.approved(unit_id, year)
    if plan is None or plan.policy != policy:
        return None
    lines = progress.lines(plan, plans.reached(plan), progress.words(plan))
    return Planned(plan, lines, progress.share(lines))


def courses(unit_id: int, policy: str, year: int) -> Sequence[tuple[str, int]]:
    """Completions of the year by the year's people, by the title of the course, most first."""
    number = sa.func.count().label("number")
    found = (
        sa.select(Course.title, number)
        .join(Completion, Completion.course_id == Course.id)
        .where(Completion.withdrawn_at.is_(None), Completion.completed_on.between(date(year, 1, 1), date(year, 12, 31)))
        .where(Completion.person_id.in_(_counted(unit_id, policy, year)))
        .group_by(Course.id, Course.title)
        .order_by(number.desc(), Course.title)
    )
    return [(title, people) for title, people in db.session.execute(found)]


def issued(unit_id: int, year: int) -> tuple[int, int]:
    """Certificates issued in the year to the unit's people, and how many of them were revoked: as the register counts."""
    wanted = Filter(unit_id, date(year, 1, 1), date(year + 1, 1, 1))
    revoked = replace(wanted, state=State.REVOKED)
    return certificates.number_of(wanted), certificates.number_of(revoked)


def _counted(unit_id: int, policy: str, year: int) -> Any:
    """A subquery of the people counted in a unit or below it."""
    above = sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on))
    found = sa.select(Standing.person_id).join(UnitAncestor, above)
    return found.where(UnitAncestor.ancestor_id == unit_id, Standing.policy == policy, Standing.year == year)
