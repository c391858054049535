"""Writes of reminders: what goes into the outbox, and who wants none of it."""

from collections.abc import Sequence
from itertools import groupby

import sqlalchemy as sa

from lms import audit, clock, jobs
from lms.db import AnyRow, db, insert
from lms.jobs import Job
from lms.mail import actions as mail
from lms.mail.models import Message
from lms.reminders import letters, queries, rules
from lms.reminders.models import Refusal
from lms.reminders.queries import Learner

SEND = "reminders.send"
WEEKLY = "reminders.weekly"


def begin_week() -> Job:
    """Queue this week's reminders, once a week."""
    week = rules.week(clock.today())
    return jobs.enqueue(WEEKLY, key=f"{WEEKLY}:{week}", account_id=None, actor="system", week=week)


def ask(*, unit_id: int, account_id: int, login: str) -> Job:
    """Queue reminders for the people of a unit who are behind, once a day."""
    job = jobs.enqueue(
        SEND, key=send_key(unit_id), account_id=account_id, actor=login, unit_id=unit_id, by_id=account_id
    )
    audit.record("reminders.ask", f"unit:{unit_id}", job=job.id)
    return job


def send_key(unit_id: int) -> str:
    """The key of today's job for a unit."""
    return f"{SEND}:{unit_id}:{clock.today()}"


def remind(*, learners: list[Learner], occasion: str, subject: str) -> int:
    """Post a digest to each of these people, once an occasion; how many were new."""
    posted = mail.post(drafts=letters.digests(learners, occasion))
    if posted:
        audit.record("reminders.remind", subject, occasion=occasion, messages=posted)
    return posted


def send_call_lists(*, people: Sequence[AnyRow], occasion: str) -> int:
    """Post to those responsible whom to call, unit by unit; nothing where nobody is behind. How many were new."""
    drafts = []
    for unit_id, holders in groupby(people, key=lambda person: person.unit_id):
        found = queries.call_list(unit_id)
        drafts += [letters.call_list(person, found, occasion) for person in holders if found.all]
    posted = mail.post(drafts=drafts)
    if posted:
        audit.record("reminders.call-lists", f"week:{occasion}", messages=posted)
    return posted


def choose(*, person_id: int, wants: bool) -> None:
    """Somebody wants reminders, or does not want them any more."""
    if wants:
        db.session.execute(sa.delete(Refusal).where(Refusal.person_id == person_id))
    else:
        new = {"person_id": person_id, "since": clock.now()}
        db.session.execute(insert(Refusal).values(new).on_conflict_do_nothing())
    audit.record("reminders.choose", f"person:{person_id}", wants=wants)


def send_test(*, person_id: int, address: str) -> None:
    """Post a test message to oneself."""
    mail.post(drafts=[letters.test(person_id, address)])
    audit.record("reminders.test", f"person:{person_id}")


def send_again(*, message: Message) -> bool:
    """Have a message tried again that was given up; False when it is under way or has left."""
    is_done = mail.send_again(message=message)
    if is_done:
        audit.record("reminders.send-again", message, kind=message.kind)
    return is_done
