"""Jobs of the December pack."""

from typing import Any

from flask import current_app

from lms import clock, jobs
from lms.db import db
from lms.yearend import actions, letters, producing, queries, rules
from lms.yearend.models import YearEndSchedule


class NotDelivered(Exception):
    """Schedules, by their ids, that could not be served."""


@jobs.task("yearend.produce")
def produce(progress: jobs.Progress, report_id: int, number: int) -> dict[str, Any]:
    """Produce a report under a number."""
    return {"number": producing.carry_out(report_id, number, progress).number}


@jobs.task("yearend.deliver", daily=True)
def deliver(progress: jobs.Progress) -> dict[str, Any]:
    """Produce and announce what is due; a day that passed while no worker ran is made up for.

    Raises NotDelivered when all others are served.
    """
    done, failed = 0, []
    for schedule in queries.running_schedules():
        due_on, schedule_id = rules.last_due(schedule.every, clock.today()), schedule.id
        if due_on < schedule.since or queries.is_delivered(schedule, due_on):
            continue
        try:
            _deliver(schedule, progress)
            done += 1
        except Exception:
            db.session.rollback()
            current_app.logger.exception("schedule %d is not delivered", schedule_id)
            failed.append(schedule_id)
    if failed:
        raise NotDelivered(failed)
    return {"deliveries": done}


def _deliver(schedule: YearEndSchedule, progress: jobs.Progress) -> None:
    """Rights are asked again: who may not read the report any more gets no message."""
    due_on = rules.last_due(schedule.every, clock.today())
    wanted = [one for one in queries.readers(schedule.unit_id) if one.id in schedule.account_ids]
    issue_id = None
    if wanted:
        year = rules.year_told(due_on)
        report = actions.begin(unit_id=schedule.unit_id, policy=schedule.policy, year=year)
        latest = queries.issues(report.id)
        db.session.commit()
        number = latest[0].number + 1 if latest else 1
        issue_id = producing.carry_out(report.id, number, progress).id
    messages = letters.post(schedule, due_on, wanted)
    actions.note_delivery(schedule=schedule, due_on=due_on, issue_id=issue_id, messages=messages)
    db.session.commit()
