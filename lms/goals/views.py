"""Pages of the annual goal: one's own, a person's, a unit's."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.goals import facts, figures, queries, rules, trace
from lms.goals.models import Credit
from lms.goals.rules import HUNDREDTHS, CreditState, Policy
from lms.language import gettext, locale
from lms.network import queries as network
from lms.pages import after_key

goals = Blueprint("goals", __name__)

BEHIND = ("overdue", "at-risk", "not-met")
COUNTED = ("met", "on-track", "at-risk", "overdue", "not-met")
CALL_LIST = 20


@goals.get("/my/goal")
@allow(Permission.OWN)
def mine() -> str:
    """One's own year under each policy, with the reasons."""
    return _person_page(current_user.person_id, "goals/mine.html")


@goals.get("/people/<int:person_id>/goal")
@allow(Permission.READ_PEOPLE)
def person(person_id: int) -> str:
    """A person's year under each policy, with the reasons."""
    return _person_page(person_id, "goals/person.html")


@goals.get("/units/<int:unit_id>/goal")
@allow(Permission.READ_PEOPLE)
def unit(unit_id: int) -> str:
    """How much of a unit has met the goal, who is behind, and the units below."""
    year, policy = _year(), _policy()
    day = min(clock.today(), date(year, 12, 31))
    below = network.children(unit_id, day)
    counts = figures.of_unit(unit_id, policy.code, year)
    behind = queries.people_of(unit_id, policy.code, year, statuses=BEHIND, after=after_key(), limit=CALL_LIST + 1)
    return render_template(
        "goals/unit.html",
        unit=network.unit(unit_id, day),
        path=network.path(unit_id, day),
        policy=policy,
        policies=queries.policies(),
        year=year,
        years=queries.years(),
        counts=counts,
        rate=rate(counts),
        behind=behind[:CALL_LIST],
        more=behind[CALL_LIST - 1] if len(behind) > CALL_LIST else None,
        below=_below(below, policy.code, year),
        day=day,
    )


def rate(counts: dict[str, int]) -> float | None:
    """met ÷ (met + not met); None when nobody is counted. Exempt and not-applicable people stand beside it."""
    all_counted = sum(counts.get(status, 0) for status in COUNTED)
    return counts.get("met", 0) / all_counted if all_counted else None


def _below(units: Any, code: str, year: int) -> list[tuple[Any, dict[str, int], float | None]]:
    counts = figures.of_units([row.UnitVersion.unit_id for row in units], code, year)
    found = [(row.UnitVersion, counts.get(row.UnitVersion.unit_id, {})) for row in units]
    return [(version, count, rate(count)) for version, count in found]


def _person_page(person_id: int, template: str) -> str:
    year = _year()
    as_of = min(clock.today(), date(year, 12, 31))
    policies = queries.policies(year)
    known = dict(facts.of([person_id], with_units=True)).get(person_id)
    entries = queries.credits(person_id, year)
    titles = _titles(policies, (entry.activity for entry in entries))
    judged = []
    for policy in policies:
        judgement = rules.evaluate(policy, known, year, as_of.toordinal()) if known else None
        if judgement:
            judged.append((policy, judgement, trace.reasons(judgement, titles)))
    return render_template(
        template,
        person=network.person(person_id),
        judged=judged,
        credits=entries,
        titles=titles,
        months=_months(entries, year),
        year=year,
        years=queries.years(),
        hundredths=HUNDREDTHS,
    )


def _titles(policies: Iterable[Policy], activities: Iterable[str]) -> dict[str, str]:
    """The titles of courses, by slug, as the reader knows them."""
    modules = {module for policy in policies for rule in policy.rules for module in rule.modules}
    found = catalogue.by_slug(sorted(modules | set(activities)))
    return {slug: published.content.words_in(locale())[0] for slug, published in found.items()}


def _months(entries: Any, year: int) -> list[dict[str, Any]]:
    """What was earned in each month, for the strip."""
    today = clock.today()

    def month(entry: Credit) -> int:
        return entry.completed_on.month

    counted = [entry for entry in entries if entry.state == CreditState.APPROVED and entry.reverses_id is None]
    earned = {m: sum(entry.periods for entry in group) for m, group in groupby(counted, month)}
    return [
        {
            "label": gettext("month.short", number=number),
            "periods": earned.get(number, 0) / HUNDREDTHS,
            "is_past": (year, number) < (today.year, today.month),
            "is_current": (year, number) == (today.year, today.month),
        }
        for number in range(1, 13)
    ]


def _year() -> int:
    asked = request.args.get("year", type=int) or clock.today().year
    if not 1990 <= asked <= 2200:
        abort(404)
    return asked


def _policy() -> Policy:
    policies = queries.policies()
    wanted = request.args.get("policy", "dx")
    chosen = next((policy for policy in policies if policy.code == wanted), policies[0] if policies else None)
    if chosen is None:
        abort(404)
    return chosen
