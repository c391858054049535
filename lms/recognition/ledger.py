"""Entries of the ledger for what was recognised: written once, taken back by entries that reverse them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import clock
from lms.db import db
from lms.goals.models import Credit
from lms.goals.rules import CreditState


@dataclass(frozen=True, slots=True)
class Entry:
    """What a credit says beside whose it is and how many periods. A module also stands for its course's class."""

    activity: str
    category: str
    day: date
    source: str
    evidence: dict[str, Any]
    module: str | None = None


def enter(entry: Entry, periods: Mapping[int, int]) -> dict[int, int]:
    """Write a credit for each person, of so many hundredths of a period; the credits' ids by person."""
    numbers = _next_numbers(_same(entry.activity, entry.day, entry.source), periods)
    credits = [
        Credit(
            person_id=person_id,
            activity=entry.activity,
            category=entry.category,
            periods=amount,
            completed_on=entry.day,
            source=entry.source,
            equivalence=entry.module,
            module=entry.module,
            state=CreditState.APPROVED,
            entry=numbers.get(person_id, 0),
            evidence=entry.evidence,
            recorded_at=clock.now(),
        )
        for person_id, amount in periods.items()
    ]
    db.session.add_all(credits)
    db.session.flush()
    return {credit.person_id: credit.id for credit in credits}


def reverse(credit_ids: Collection[int], evidence: dict[str, Any]) -> list[int]:
    """Take credits for one thing back by reversing entries; whose they were. What is reversed already stays so."""
    undone = aliased(Credit)
    standing = sa.select(Credit).where(Credit.id.in_(credit_ids), ~sa.exists().where(undone.reverses_id == Credit.id))
    credits = db.session.scalars(standing).all()
    people = [credit.person_id for credit in credits]
    if credits:
        numbers = _next_numbers(_same(credits[0].activity, credits[0].completed_on, credits[0].source), people)
        db.session.add_all(_reversing(credit, numbers[credit.person_id], evidence) for credit in credits)
        db.session.flush()
    return people


def entered(activity: str, day: date, source: str, person_ids: Iterable[int]) -> set[int]:
    """Which of these people the ledger already counts, or may come to count, for the same thing."""
    undone = aliased(Credit)
    found = sa.select(Credit.person_id).where(
        *_same(activity, day, source),
        Credit.person_id.in_(list(person_ids)),
        Credit.reverses_id.is_(None),
        Credit.state.in_([CreditState.APPROVED, CreditState.PENDING]),
        ~sa.exists().where(undone.reverses_id == Credit.id),
    )
    return set(db.session.scalars(found))


def _reversing(credit: Credit, number: int, evidence: dict[str, Any]) -> Credit:
    return Credit(
        person_id=credit.person_id,
        activity=credit.activity,
        category=credit.category,
        periods=credit.periods,
        completed_on=credit.completed_on,
        source=credit.source,
        equivalence=credit.equivalence,
        module=credit.module,
        state=CreditState.APPROVED,
        entry=number,
        reverses_id=credit.id,
        evidence=evidence,
        recorded_at=clock.now(),
    )


def _same(activity: str, day: date, source: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a credit is about the same thing."""
    return Credit.activity == activity, Credit.completed_on == day, Credit.source == source


def _next_numbers(same: tuple[sa.ColumnElement[bool], ...], person_ids: Iterable[int]) -> dict[int, int]:
    """The next free number of an entry about the same thing, by person; people without any are left out."""
    last = sa.select(Credit.person_id, sa.func.max(Credit.entry) + 1).where(
        *same, Credit.person_id.in_(list(person_ids))
    )
    return dict(db.session.execute(last.group_by(Credit.person_id)).all())
