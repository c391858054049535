"""Writes of the December pack: what is set, what the officer writes, producing, and what was sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from lms import audit, clock, jobs
from lms.db import db, insert
from lms.jobs import Job
from lms.yearend import queries
from lms.yearend.models import YearEndDelivery, YearEndIssue, YearEndReport, YearEndSchedule, YearEndSetting

WRITTEN = ("dispatch_number", "obstacles", "proposals")


def set_terms(*, unit_id: int, values: Mapping[str, Any]) -> YearEndSetting:
    """Set how a unit's reports begin and end; what was produced keeps its words."""
    empty = {column.name: "" for column in YearEndSetting.__table__.columns if column.name not in ("id", "unit_id")}
    db.session.execute(insert(YearEndSetting).values({"unit_id": unit_id, **empty}).on_conflict_do_nothing())
    setting = queries.setting(unit_id)
    assert setting is not None
    for name, value in values.items():
        setattr(setting, name, value)
    db.session.flush()
    audit.record("yearend.set-terms", setting, unit=unit_id, body=setting.body, signatory=setting.signatory)
    return setting


def begin(*, unit_id: int, policy: str, year: int) -> YearEndReport:
    """The report of a unit on a year, begun when there is none."""
    same = {"unit_id": unit_id, "policy": policy, "year": year}
    new = {**same, "dispatch_number": "", "obstacles": "", "proposals": "", "changed_at": clock.now()}
    added = db.session.execute(
        insert(YearEndReport).values(new).on_conflict_do_nothing().returning(YearEndReport.id)
    ).scalar()
    report = db.session.scalars(sa.select(YearEndReport).filter_by(**same)).one()
    if added:
        audit.record("yearend.begin", report, unit=unit_id, policy=policy, year=year)
    return report


def write(*, report: YearEndReport, values: Mapping[str, Any]) -> None:
    """Keep what the officer wrote."""
    for name in WRITTEN:
        setattr(report, name, values[name] or "")
    report.signed_on, report.changed_at = values["signed_on"], clock.now()
    db.session.flush()
    audit.record("yearend.write", report, unit=report.unit_id, year=report.year, number=report.dispatch_number)


def produce(*, report: YearEndReport, account_id: int | None, actor: str) -> Job:
    """Have a report produced: once, however often the button is pressed; again under the next number, when that is done."""
    last = queries.job_of(report.id)
    if last is not None and not last.is_ended:
        return last
    number = (queries.issues(report.id)[0].number if queries.issues(report.id) else 0) + 1
    key = f"year-end:{report.id}:{number}:{last.id if last else 0}"
    audit.record("yearend.produce", report, unit=report.unit_id, year=report.year, number=number)
    return jobs.enqueue(
        "yearend.produce", key=key, account_id=account_id, actor=actor, report_id=report.id, number=number
    )


def keep(*, report: YearEndReport, number: int, values: Mapping[str, Any]) -> YearEndIssue:
    """Keep what was produced, for good; what is there under the number stays."""
    if kept := queries.issue(report.id, number):
        return kept
    made = YearEndIssue(
        report_id=report.id, number=number, made_at=clock.now(), made_by=audit.present_actor()[1], **values
    )
    db.session.add(made)
    db.session.flush()
    audit.record("yearend.keep", made, unit=report.unit_id, year=report.year, files=made.files)
    return made


def set_schedule(
    *, unit_id: int, policy: str, every: str, account_ids: Sequence[int], is_paused: bool
) -> YearEndSchedule:
    """Say how often a unit's report is sent, and to whom; days before today are not made up for."""
    values = {
        "policy": policy, "every": every, "account_ids": list(account_ids), "is_paused": is_paused, "since": clock.today()
    }  # fmt: skip
    new = insert(YearEndSchedule).values({"unit_id": unit_id, **values})
    db.session.execute(new.on_conflict_do_update(index_elements=["unit_id"], set_=values))
    db.session.expire_all()
    schedule = queries.schedule(unit_id)
    assert schedule is not None
    audit.record("yearend.schedule", schedule, unit=unit_id, every=every, accounts=len(account_ids), paused=is_paused)
    return schedule


def note_delivery(*, schedule: YearEndSchedule, due_on: date, issue_id: int | None, messages: int) -> None:
    """Note that a day of a schedule is done."""
    db.session.add(
        YearEndDelivery(
            schedule_id=schedule.id, due_on=due_on, issue_id=issue_id, messages=messages, done_at=clock.now()
        )
    )
    db.session.flush()
    audit.record("yearend.deliver", schedule, unit=schedule.unit_id, due_on=due_on.isoformat(), messages=messages)
