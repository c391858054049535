"""Answers as tables: one row a person, one row a unit. The columns are those of docs/goal.md."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from lms.db import db
from lms.goals import queries, trace
from lms.goals.rules import HUNDREDTHS, Judgement, Policy, Status
from lms.network.models import Person, UnitAncestor, UnitCode, UnitVersion
from lms.network.queries import OFFICIAL

PERSON_COLUMNS = (
    "person_id", "unit_code", "effective_days", "due", "earned", "status", "minima", "modules_missing", "duplicates",
    "overflow", "trace",
)  # fmt: skip
UNIT_COLUMNS = ("code", "name", "met", "not_met", "exempt", "not_applicable", "rate")
BESIDE = {Status.EXEMPT: 2, Status.NOT_APPLICABLE: 3}

Row = Sequence[str | int]


class Asked(NamedTuple):
    """A question: a year of a policy as of a day (what was true then), by what was known at an instant (None: now)."""

    policy: Policy
    year: int
    as_of: date
    known_at: datetime | None = None

    def judgements(self) -> Iterator[tuple[int, Judgement]]:
        """The judgement on everybody whom the policy concerns, by person id."""
        return queries.judge(self.policy, None, self.year, self.as_of, self.known_at)


def people(asked: Asked) -> Iterator[Row]:
    """One row a person whom the policy concerns, in the order of their codes."""
    judged = dict(asked.judgements())
    codes = sa.select(Person.id, Person.code).order_by(Person.code)
    units = _unit_codes()
    for person_id, code in db.session.execute(codes):
        if person_id in judged:
            yield _person_row(code, judged[person_id], units)


def units(asked: Asked) -> Iterator[Row]:
    """One row a unit of the year, with all below it; `not_met` are all who are counted and have not met the goal yet.

    A rate is met ÷ (met + not met) in per cent, empty when nobody is counted; a parent's figures are its children's sums.
    """
    counts: dict[int, list[int]] = {}
    above = _above()
    for _, judgement in asked.judgements():
        column = BESIDE.get(judgement.status, 0 if judgement.status is Status.MET else 1)
        day = date.fromordinal(judgement.reference_day)
        for start, end, ancestor in above.get(judgement.unit_id, ()):
            if start <= day < end:
                counts.setdefault(ancestor, [0, 0, 0, 0])[column] += 1
    known = _units_of(asked.year)
    for unit_id, (code, name) in sorted(known.items(), key=lambda item: item[1]):
        met, not_met, exempt, not_applicable = counts.get(unit_id, [0, 0, 0, 0])
        rate = f"{100 * met / (met + not_met):.1f}" if met + not_met else ""
        yield code, name, met, not_met, exempt, not_applicable, rate


def _person_row(code: str, judgement: Judgement, units: dict[int, list[tuple[date, date, str]]]) -> Row:
    day = date.fromordinal(judgement.reference_day)
    unit_codes = [value for start, end, value in units.get(judgement.unit_id, ()) if start <= day < end]
    return (
        code,
        unit_codes[0] if unit_codes else "",
        judgement.demand.effective_days,
        judgement.due,
        _plain(judgement.earned),
        judgement.status.value,
        ";".join(f"{category}={_plain(earned)}/{floor}" for category, earned, floor in judgement.minima),
        ";".join(duty.module for duty in judgement.missing),
        ";".join(credit.activity for credit in judgement.ledger.duplicates),
        "; ".join(trace.overflow(judgement)),
        trace.sentence(judgement.demand, judgement.due),
    )


def _plain(hundredths: int) -> str:
    """36.5 for 3650, 40 for 4000: as machines read it."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def _unit_codes() -> dict[int, list[tuple[date, date, str]]]:
    found: dict[int, list[tuple[date, date, str]]] = {}
    columns = sa.select(UnitCode.unit_id, UnitCode.from_on, UnitCode.to_on, UnitCode.value)
    for unit_id, start, end, value in db.session.execute(columns.where(UnitCode.scheme == OFFICIAL)):
        found.setdefault(unit_id, []).append((start, end, value))
    return found


def _above() -> dict[int, list[tuple[date, date, int]]]:
    found: dict[int, list[tuple[date, date, int]]] = {}
    columns = sa.select(UnitAncestor.unit_id, UnitAncestor.from_on, UnitAncestor.to_on, UnitAncestor.ancestor_id)
    for unit_id, start, end, ancestor in db.session.execute(columns):
        found.setdefault(unit_id, []).append((start, end, ancestor))
    return found


def _units_of(year: int) -> dict[int, tuple[str, str]]:
    """Code and name of every unit that existed in a year, as they were last in it."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    names = sa.select(UnitVersion.unit_id, UnitVersion.name).where(UnitVersion.during(start, end))
    codes = sa.select(UnitCode.unit_id, UnitCode.value).where(UnitCode.scheme == OFFICIAL, UnitCode.during(start, end))
    code_of = dict(db.session.execute(codes.order_by(UnitCode.from_on)).all())
    found = dict(db.session.execute(names.order_by(UnitVersion.from_on)).all())
    return {unit_id: (code_of.get(unit_id, ""), name) for unit_id, name in found.items()}
