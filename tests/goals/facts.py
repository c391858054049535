"""Facts of one person in a line each, and what the rules and the command line make of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count

from flask import Flask

from lms import clock
from lms.config import ROOT
from lms.db import db
from lms.goals import actions, models
from lms.goals import policy as policy_text
from lms.goals.rules import HUNDREDTHS, Away, Credit, Facts, Policy, Service, Waiver
from lms.network.models import Absence
from tests import people

MODULE = "mang-luoi-chuyen-doi-so"
DX_TEXT = (ROOT / "courses/goals/dx.toml").read_text("utf-8")
DX = policy_text.parse(DX_TEXT)
LEGAL40_TEXT = (ROOT / "courses/goals/legal40.toml").read_text("utf-8")
LEGAL40 = policy_text.parse(LEGAL40_TEXT)
YEAR_END = "2026-12-31"

_numbers = count(1)


def day(iso: str) -> int:
    """The ordinal of a day written 2026-07-01."""
    return date.fromisoformat(iso).toordinal()


def serves(
    role: str,
    start: str = "2020-01-01",
    end: str = "9999-12-31",
    *,
    unit: int = 1,
    is_primary: bool = True,
    **kind: str,
) -> Service:
    """A post on `[start, end)`."""
    return Service(day(start), day(end), role, unit, is_primary=is_primary, **kind)


def away(start: str, end: str, *, suspends: bool = True) -> Away:
    """An absence on `[start, end)`."""
    return Away(day(start), day(end), suspends)


def learns(
    periods: float,
    category: str = "digital",
    on: str = "2026-06-01",
    source: str = "internal",
    **more: str | int | None,
) -> Credit:
    """An approved entry of the ledger, with a number of its own."""
    number = next(_numbers)
    entry = {"activity": f"activity-{number}", "id": number} | more
    return Credit(category=category, periods=int(periods * HUNDREDTHS), day=day(on), source=source, **entry)


def reverses(entry: Credit) -> Credit:
    """The entry that takes another one back."""
    return Credit(entry.activity, entry.category, entry.periods, entry.day, id=next(_numbers), reverses=entry.id)


def finished_module(on: str = "2020-02-01") -> Credit:
    """The course of the network itself, finished long ago: it brings nothing to the year, but is not missing."""
    return learns(4, on=on, activity=MODULE, equivalence=MODULE, module=MODULE)


def exempt(year: int, scope: str = "goal", target: str = "", start: str = "2020-01-01", **more: str | int) -> Waiver:
    return Waiver(year, scope, target, day(start), **more)


def with_caps(caps: str) -> Policy:
    """The policy `dx` with other caps."""
    shipped = "caps = { external = 0.5, event = 0.25, teaching = 0.5 }"
    assert shipped in DX_TEXT
    return policy_text.parse(DX_TEXT.replace(shipped, f"caps = {caps}"))


def store(code: str, facts: Facts, units: Mapping[int, int], policy: str = "dx") -> None:
    """The same facts as rows of the tables; `units` gives the unit's id in the database for its number in the facts."""
    who = people.person(f"Nguyễn Văn {code}", code)
    for service in facts.services:
        start, end = date.fromordinal(service.from_day), date.fromordinal(service.to_day)
        people.post(who, units[service.unit_id], service.role, start, end, service.is_primary)
    for away in facts.absences:
        start, end = date.fromordinal(away.from_day), date.fromordinal(away.to_day)
        absence = Absence(person_id=who.id, type="sickness", from_on=start, to_on=end, suspends=away.suspends)
        absence.recorded_at = clock.now()
        db.session.add(absence)
    _store_credits(who.id, facts.credits)
    for waiver in facts.waivers:
        revoked = date.fromordinal(waiver.revoked_day) if waiver.revoked_day else None
        exemption = models.Exemption(
            person_id=who.id, policy=waiver.policy or policy, year=waiver.year, scope=waiver.scope, target=waiver.target,
            reason="test", from_on=date.fromordinal(waiver.from_day), revoked_on=revoked, recorded_at=clock.now(),
        )  # fmt: skip
        db.session.add(exemption)
    db.session.commit()


def _store_credits(person_id: int, credits: Sequence[Credit]) -> None:
    stored: dict[int, models.Credit] = {}
    for entry, credit in enumerate(credits):
        stored[credit.id] = models.Credit(
            person_id=person_id, activity=credit.activity, category=credit.category, periods=credit.periods,
            completed_on=date.fromordinal(credit.day), source=credit.source, equivalence=credit.equivalence,
            module=credit.module, state=credit.state, entry=entry, recorded_at=clock.now(),
            reverses_id=stored[credit.reverses].id if credit.reverses else None,
        )  # fmt: skip
        db.session.add(stored[credit.id])
        db.session.flush()


def publish(source: str = DX_TEXT) -> None:
    actions.publish(source=source, by_id=None)
    db.session.commit()


def told(app: Flask, command: str, **options: str | int) -> list[dict[str, str]]:
    """The rows that `flask goals COMMAND --option value …` prints."""
    db.session.rollback()
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    result = app.test_cli_runner(catch_exceptions=False).invoke(args=["goals", command, *words])
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.output)))
