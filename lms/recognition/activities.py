"""Writes of activities: an event or a teaching duty and all its credits at once; taking it back."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from lms import audit, clock
from lms.db import db
from lms.goals import actions as goals
from lms.recognition import ledger
from lms.recognition.ledger import Entry
from lms.recognition.models import Activity, Attendance


def note(
    *,
    key: str,
    unit_id: int,
    kind: str,
    title: str,
    category: str,
    held_on: date,
    periods: Mapping[int, int],
    by_id: int,
) -> Activity:
    """Record who took part in an activity: hundredths of periods by person. Each gets a credit."""
    activity = Activity(
        key=key,
        unit_id=unit_id,
        kind=kind,
        title=title,
        category=category,
        held_on=held_on,
        noted_at=clock.now(),
        noted_by_id=by_id,
    )
    db.session.add(activity)
    db.session.flush()
    credits = ledger.enter(entry_of(activity), periods)
    db.session.add_all(
        Attendance(activity_id=activity.id, person_id=person_id, periods=periods[person_id], credit_id=credit_id)
        for person_id, credit_id in credits.items()
    )
    db.session.flush()
    audit.record("recognition.note-activity", activity, unit=unit_id, title=title, people=len(periods))
    goals.refresh(person_ids=list(periods))
    return activity


def take_back(*, activity: Activity, reason: str, by_id: int) -> None:
    """The activity was recorded wrongly: reverse all its credits."""
    if activity.taken_back_at is not None:
        return
    activity.taken_back_at, activity.taken_back_by_id, activity.taken_back_reason = clock.now(), by_id, reason
    of_activity = sa.select(Attendance.credit_id).where(Attendance.activity_id == activity.id)
    people = ledger.reverse(db.session.scalars(of_activity).all(), {"activity": activity.id, "taken-back": True})
    audit.record("recognition.take-back-activity", activity, people=len(people), reason=reason)
    goals.refresh(person_ids=people)


def entry_of(activity: Activity) -> Entry:
    """What the credits of an activity say."""
    return Entry(
        activity=activity.title,
        category=activity.category,
        day=activity.held_on,
        source=activity.kind,
        evidence={"activity": activity.id},
    )
