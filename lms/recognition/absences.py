"""Writes of absences: noting one, and correcting on which day it ends."""

from datetime import date

import sqlalchemy as sa

from lms import audit, clock, history
from lms.db import db
from lms.goals import actions as goals
from lms.network.models import Absence
from lms.recognition.actions import refuse_oneself
from lms.recognition.rules import Refusal, Refused


def add(*, person_id: int, type: str, from_on: date, to_on: date, suspends: bool, by_id: int) -> Absence:
    """Note that a person is away on `[from_on, to_on)`. Absences may overlap. Raises `Refused`."""
    refuse_oneself(person_id, by_id)
    same = sa.select(Absence).where(Absence.person_id == person_id, Absence.type == type, Absence.from_on == from_on)
    absence = db.session.scalar(same)
    if absence and (absence.to_on, absence.suspends) == (to_on, suspends):
        return absence
    if absence:
        raise Refused(Refusal.AWAY_ALREADY)
    absence = Absence(
        person_id=person_id, type=type, from_on=from_on, to_on=to_on, suspends=suspends, recorded_at=clock.now()
    )
    db.session.add(absence)
    db.session.flush()
    audit.record("recognition.add-absence", absence, person=person_id, days=[from_on.isoformat(), to_on.isoformat()])
    goals.refresh(person_ids=[person_id])
    return absence


def correct_end(*, absence: Absence, to_on: date, by_id: int) -> None:
    """Say on which day an absence ends. Raises `Refused`."""
    refuse_oneself(absence.person_id, by_id)
    if absence.to_on == to_on:
        return
    history.keep(Absence.__table__, Absence.id == absence.id)
    before, absence.to_on, absence.recorded_at = absence.to_on, to_on, clock.now()
    db.session.flush()
    audit.record("recognition.correct-absence", absence, before=before.isoformat(), after=to_on.isoformat())
    goals.refresh(person_ids=[absence.person_id])
