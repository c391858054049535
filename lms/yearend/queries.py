"""Reads of the December pack."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from lms import clock, jobs
from lms.access import GRANTS, Permission
from lms.accounts.models import Account, RoleGrant
from lms.certificates import queries as certificates
from lms.db import AnyRow, db
from lms.goals import queries as goals
from lms.goals.figures import DIVISIONS
from lms.jobs import Job
from lms.network import queries as network
from lms.network.models import Person, UnitAncestor
from lms.yearend import findings
from lms.yearend.closed import closed
from lms.yearend.findings import Counting, Findings
from lms.yearend.live import Live
from lms.yearend.models import YearEndDelivery, YearEndIssue, YearEndReport, YearEndSchedule, YearEndSetting

SHOWN = 20


def counting(unit_id: int, policy: str, year: int) -> Counting:
    """Where the numbers of a report come from: the year book where one is closed, else the system itself."""
    return closed(unit_id, policy, year) or Live(unit_id, policy, year)


def found(source: Counting, unit_id: int, policy: str, year: int) -> Findings:
    """All that a report says in numbers."""
    now, last = findings.compared(unit_id, policy, year)
    issued, revoked = findings.issued(unit_id, year)
    return Findings(
        unit=network.unit(unit_id, source.told.as_of).name,
        year=year,
        policy=goals.policy(policy, year).title,
        told=source.told,
        whole=source.whole(),
        divisions={dimension: source.divided(dimension) for dimension in DIVISIONS},
        below=source.below(),
        lacking=source.lacking(),
        this_year=now,
        last_year=last,
        exemptions=findings.exemptions(unit_id, policy, year),
        absences=findings.absences(unit_id, policy, year),
        planned=findings.planned(unit_id, policy, year),
        courses=findings.courses(unit_id, policy, year),
        issued=issued,
        revoked=revoked,
    )


def setting(unit_id: int) -> YearEndSetting | None:
    """What is set for a unit."""
    return db.session.scalar(sa.select(YearEndSetting).where(YearEndSetting.unit_id == unit_id))


def suggested(unit_id: int) -> YearEndSetting:
    """What is set for a unit; where nothing is, a beginning made of its name and of who issues certificates."""
    if kept := setting(unit_id):
        return kept
    issuer = certificates.issuer()
    above = network.path(unit_id, clock.today())
    return YearEndSetting(
        unit_id=unit_id,
        superior=above[-1].name if above else "",
        body=network.unit(unit_id, clock.today()).name,
        number_pattern="",
        place=issuer.place if issuer else "",
        ranks=issuer.signatory_title if issuer else "",
        signatory="",
        recipients="",
        legal_basis="",
        until_day="",
        reported_day="",
    )


def letterhead(unit_id: int) -> YearEndSetting:
    """What is set for a unit, or for the nearest one above for which something is; else a beginning."""
    way = [unit_id, *(unit.unit_id for unit in reversed(network.path(unit_id, clock.today())))]
    found = db.session.scalars(sa.select(YearEndSetting).where(YearEndSetting.unit_id.in_(way))).all()
    return min(found, key=lambda one: way.index(one.unit_id), default=None) or suggested(unit_id)


def report(unit_id: int, policy: str, year: int) -> YearEndReport | None:
    """The report of a unit on a year, when somebody has begun it."""
    mine = {"unit_id": unit_id, "policy": policy, "year": year}
    return db.session.scalars(sa.select(YearEndReport).filter_by(**mine)).one_or_none()


def issues(report_id: int) -> Sequence[YearEndIssue]:
    """What was produced of a report, the latest first."""
    mine = sa.select(YearEndIssue).where(YearEndIssue.report_id == report_id)
    return db.session.scalars(mine.order_by(YearEndIssue.number.desc()).limit(SHOWN)).all()


def issue(report_id: int, number: int) -> YearEndIssue | None:
    """What was produced under a number."""
    mine = sa.select(YearEndIssue).where(YearEndIssue.report_id == report_id, YearEndIssue.number == number)
    return db.session.scalars(mine).one_or_none()


def job_of(report_id: int) -> Job | None:
    """The latest work on a report."""
    return jobs.latest(f"year-end:{report_id}:")


def schedule(unit_id: int) -> YearEndSchedule | None:
    """When a unit's report is sent."""
    return db.session.scalar(sa.select(YearEndSchedule).where(YearEndSchedule.unit_id == unit_id))


def running_schedules() -> Sequence[YearEndSchedule]:
    """The schedules that are not paused."""
    return db.session.scalars(
        sa.select(YearEndSchedule).where(YearEndSchedule.is_paused.is_(False)).order_by(YearEndSchedule.id)
    ).all()


def deliveries(schedule_id: int) -> Sequence[YearEndDelivery]:
    """What a schedule sent, the latest first."""
    mine = sa.select(YearEndDelivery).where(YearEndDelivery.schedule_id == schedule_id)
    return db.session.scalars(mine.order_by(YearEndDelivery.due_on.desc()).limit(SHOWN)).all()


def is_delivered(schedule: YearEndSchedule, due_on: date) -> bool:
    """Whether a day of a schedule is done."""
    same = YearEndDelivery.schedule_id == schedule.id, YearEndDelivery.due_on == due_on
    return bool(db.session.scalar(sa.select(sa.exists().where(*same))))


def readers(unit_id: int) -> Sequence[AnyRow]:
    """Who may take out reports of a unit today: account id, person id, full_name, email; with an address, by name."""
    today = clock.today()
    above = sa.select(UnitAncestor.ancestor_id).where(UnitAncestor.unit_id == unit_id, UnitAncestor.on(today))
    roles = [role.value for role, held in GRANTS.items() if Permission.EXPORT in held]
    people = (
        sa.select(Account.id, Person.id.label("person_id"), Person.full_name, Person.email, Person.sort_key)
        .join(Person, Person.id == Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.on(today), RoleGrant.role.in_(roles), Account.is_disabled.is_(False), Person.email.is_not(None)
        )
        .where(sa.or_(RoleGrant.unit_id.is_(None), RoleGrant.unit_id.in_(above)))
        .distinct()
        .order_by(Person.sort_key, Person.id)
    )
    return db.session.execute(people).all()
