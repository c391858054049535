"""Jobs of reminders and of mail. Each page of people is a transaction; keys make all of it safe to repeat."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import current_app

from lms import clock, jobs
from lms.db import chunks, db
from lms.mail import actions as mail
from lms.reminders import actions, queries, rules

PAUSE = timedelta(seconds=30)
UNITS = 50


@jobs.task("mail.send", every=PAUSE)
def send_mail(progress: jobs.Progress) -> dict[str, Any]:
    """Hand over what is due."""
    return dict(mail.deliver())


@jobs.task("reminders.daily", daily=True)
def daily(progress: jobs.Progress) -> dict[str, Any]:
    """Forget old messages; begin the week's reminders when they are due."""
    mail.forget()
    if rules.is_due(clock.today(), current_app.config["REMINDER_WEEKDAY"]):
        return {"job": actions.begin_week().id}
    return {}


@jobs.task(actions.WEEKLY)
def weekly(progress: jobs.Progress, week: str) -> dict[str, Any]:
    """A digest for everybody who is behind, a call list for everybody who is responsible."""
    digests = _remind(progress, None, week, f"week:{week}")
    return {"digests": digests, "call-lists": _send_call_lists(week)}


@jobs.task(actions.SEND)
def send(progress: jobs.Progress, unit_id: int, by_id: int) -> dict[str, Any]:
    """Digests for the people of a unit, if who asked for them may still ask."""
    if not queries.may_remind(by_id, unit_id):
        return {"digests": 0, "refused": True}
    return {"digests": _remind(progress, unit_id, clock.today().isoformat(), f"unit:{unit_id}")}


def _remind(progress: jobs.Progress, unit_id: int | None, occasion: str, subject: str) -> int:
    total, done, posted = queries.number_of_learners(unit_id), 0, 0
    for learners in queries.learners(unit_id):
        posted += actions.remind(learners=learners, occasion=occasion, subject=subject)
        db.session.commit()
        done += len(learners)
        progress(done, max(total, done))
    return posted


def _send_call_lists(week: str) -> int:
    posted, units = 0, [list(group) for _, group in groupby(queries.responsible(), key=lambda row: row.unit_id)]
    for some in chunks(units, UNITS):
        people = [person for group in some for person in group]
        posted += actions.send_call_lists(people=people, occasion=week)
        db.session.commit()
    return posted
