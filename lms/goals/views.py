"""Pages of a person's annual goal: the year under each policy, and the derivation of each answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.goals import facts, queries, rules, trace
from lms.goals.derivation import Derivation
from lms.goals.forms import AsOfForm
from lms.goals.models import Credit
from lms.goals.rules import HUNDREDTHS, CreditState, Facts, Policy
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_year

goals = Blueprint("goals", __name__)

Page = str | tuple[str, int]


@goals.get("/my/goal")
@allow(Permission.OWN)
def mine() -> Page:
    """One's own year under each policy, with the reasons."""
    return _person_page(current_user.person_id, "goals/mine.html")


@goals.get("/my/goal/<code>")
@allow(Permission.OWN)
def my_derivation(code: str) -> Page:
    """Why one's own year is judged as it is."""
    return _derivation_page(current_user.person_id, code, "goals/my_derivation.html")


@goals.get("/people/<int:person_id>/goal")
@allow(Permission.READ_PEOPLE)
def person(person_id: int) -> Page:
    """A person's year under each policy, with the reasons."""
    return _person_page(person_id, "goals/person.html")


@goals.get("/people/<int:person_id>/goal/<code>")
@allow(Permission.READ_PEOPLE)
def derivation(person_id: int, code: str) -> Page:
    """Why a person's year is judged as it is."""
    return _derivation_page(person_id, code, "goals/derivation.html")


def _person_page(person_id: int, template: str) -> Page:
    year = asked_year()
    form, as_of, known_at = _asked(year)
    policies = queries.policies(year, known_at)
    known = _known(person_id, known_at)
    entries = queries.credits(person_id, year, known_at)
    titles = _titles(policies, (entry.activity for entry in entries))
    judged = []
    for policy in policies:
        judgement = rules.evaluate(policy, known, year, as_of.toordinal()) if known else None
        if judgement:
            judged.append((policy, judgement, trace.reasons(trace.told(judgement), titles)))
    page = render_template(
        template,
        person=network.person(person_id),
        judged=judged,
        credits=entries,
        titles=titles,
        months=_months(entries, year),
        year=year,
        years=queries.years(),
        hundredths=HUNDREDTHS,
        form=form,
        asked=form.asked(),
        unit_id=judged[0][1].unit_id if judged else None,
    )
    return page, 422 if form.errors else 200


def _derivation_page(person_id: int, code: str, template: str) -> Page:
    year = asked_year()
    form, as_of, known_at = _asked(year)
    policy, known = queries.policy(code, year, known_at), _known(person_id, known_at)
    judgement = rules.evaluate(policy, known, year, as_of.toordinal()) if known else None
    if judgement is None or known is None:
        abort(404)
    entries = queries.credits(person_id, year, known_at)
    titles = _titles([policy], (entry.activity for entry in entries))
    found = Derivation(policy, known, judgement, entries, year, as_of.toordinal())
    units = {service.unit_id for service in known.services}
    page = render_template(
        template,
        person=network.person(person_id),
        found=found,
        policy=policy,
        judgement=judgement,
        reasons=trace.reasons(trace.told(judgement), titles),
        titles=titles,
        units=network.names(units),
        absence_types=queries.absence_types(person_id),
        exemptions=queries.exemptions(person_id, code, year, known_at),
        months=_month_labels(),
        year=year,
        as_of=as_of,
        known_at=known_at,
        hundredths=HUNDREDTHS,
        form=form,
        asked=form.asked(),
    )
    return page, 422 if form.errors else 200


def _asked(year: int) -> tuple[AsOfForm, date, datetime | None]:
    """The form, the day as of which is asked, and the instant at whose end was known what counts (None: now)."""
    form = AsOfForm(request.args)
    is_valid = form.validate()
    latest = min(clock.today(), date(year, 12, 31))
    as_of = (form.as_of.data if is_valid else None) or latest
    known_on = form.known_on.data if is_valid else None
    return form, as_of, clock.end_of(known_on) if known_on else None


def _known(person_id: int, known_at: datetime | None) -> Facts | None:
    return dict(facts.of([person_id], with_units=True, known_at=known_at)).get(person_id)


def _titles(policies: Iterable[Policy], activities: Iterable[str]) -> dict[str, str]:
    """The titles of courses, by slug, as the reader knows them."""
    modules = {module for policy in policies for rule in policy.rules for module in rule.modules}
    return catalogue.titles(catalogue.by_slug(sorted(modules | set(activities))).values())


def _months(entries: Sequence[Credit], year: int) -> list[Mapping[str, Any]]:
    """What was earned in each month, for the strip."""
    today = clock.today()

    def month(entry: Credit) -> int:
        return entry.completed_on.month

    undone = {entry.reverses_id for entry in entries}
    counted = [
        entry
        for entry in entries
        if entry.state == CreditState.APPROVED and entry.reverses_id is None and entry.id not in undone
    ]
    earned = {m: sum(entry.periods for entry in group) for m, group in groupby(counted, month)}
    return [
        {
            "label": label,
            "periods": earned.get(number, 0) / HUNDREDTHS,
            "is_past": (year, number) < (today.year, today.month),
            "is_current": (year, number) == (today.year, today.month),
        }
        for number, label in enumerate(_month_labels(), start=1)
    ]


def _month_labels() -> list[str]:
    return [gettext("month.short", number=number) for number in range(1, 13)]
