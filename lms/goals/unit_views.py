"""Pages of a unit's annual goal: the dashboard, the people behind its numbers, the wall screen, and past days."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import audit, clock
from lms.access import Permission, allow
from lms.db import AnyRow
from lms.goals import coverage, dashboard, figures, past, queries
from lms.goals.dashboard import Dashboard, Line
from lms.goals.figures import DIVISIONS
from lms.goals.forecast import classes
from lms.goals.forms import PastForm, SeatsForm
from lms.goals.rules import Policy, Status
from lms.goals.views import goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import after_key, asked_year, page_of

BEHIND = ("overdue", "at-risk", "not-met")
CALL_LIST, PAGE = 20, 50
SORTED_AT_ONCE = 2_000
"""Up to so many people are sorted for each page of them."""
WALL_SECONDS = "60"

Page = str | Response | tuple[str, int]


class Goal(NamedTuple):
    """A year under a policy; the other policies that judge the year, and the years that are judged."""

    year: int
    policy: Policy
    policies: Sequence[Policy]
    years: Sequence[int]


@goals.get("/units/<int:unit_id>/goal")
@allow(Permission.READ_FIGURES)
def unit(unit_id: int) -> Page:
    """How much of a unit has met the goal, who is behind, what is to be expected, and the units below."""
    goal = _goal()
    year, policy = goal.year, goal.policy
    form = SeatsForm(request.args)
    seats = form.seats.data if form.validate() and form.seats.data else SeatsForm().seats.default
    board, lines, head = _board(unit_id, policy, year)
    behind: Sequence[AnyRow] = ()
    if board.is_open and board.is_small:
        behind = queries.people_of(unit_id, policy.code, year, statuses=BEHIND, after=after_key(), limit=CALL_LIST + 1)
    listed, more = page_of(behind, CALL_LIST)
    page = render_template(
        "goals/unit.html",
        **head,
        board=board,
        policy=policy,
        policies=goal.policies,
        years=goal.years,
        divisions=DIVISIONS,
        behind=listed,
        more=more,
        lines=lines,
        form=form,
        seats=seats,
        classes=board.classes(lines, seats),
        classes_in_all=classes(board.forecast.short, seats),
    )
    return page, 422 if form.errors else 200


@goals.get("/units/<int:unit_id>/goal/people")
@allow(Permission.READ_PEOPLE)
def people(unit_id: int) -> str:
    """The people behind a number: those of a status, and of one value of a division."""
    goal = _goal()
    year, policy = goal.year, goal.policy
    status, by, value = (request.args.get(name, "")[:80] for name in ("status", "by", "value"))
    if (status and status not in set(Status)) or (by and by not in DIVISIONS):
        abort(404)
    counts = figures.of_unit(unit_id, policy.code, year)
    number = counts.get(status, 0) if status else sum(counts.values())
    listed = queries.people_of if number <= SORTED_AT_ONCE else queries.people_in_order
    found = listed(
        unit_id, policy.code, year, statuses=[status] if status else (), division=(by, value) if by else None,
        after=after_key(), limit=PAGE + 1,
    )  # fmt: skip
    shown, more = page_of(found, PAGE)
    return render_template(
        "goals/people.html",
        **_head(unit_id, _day(year), year),
        policy=policy,
        people=shown,
        more=more,
        status=status,
        by=by,
        value=value,
    )


@goals.get("/units/<int:unit_id>/wall")
@allow(Permission.READ_FIGURES)
def wall(unit_id: int) -> tuple[str, dict[str, str]]:
    """The dashboard for a screen on the wall: large, without menus, drawn anew each minute."""
    goal = _goal()
    year, policy = goal.year, goal.policy
    board, lines, head = _board(unit_id, policy, year)
    page = render_template("goals/wall.html", **head, board=board, policy=policy, lines=lines)
    return page, {"Refresh": WALL_SECONDS}


@goals.get("/units/<int:unit_id>/coverage")
@allow(Permission.READ_PEOPLE)
def uncovered(unit_id: int) -> str:
    """The organisations without a focal point, and since when."""
    shown, more = page_of(coverage.missing(unit_id, after=after_key(), limit=PAGE + 1), PAGE)
    day = clock.today()
    return render_template(
        "goals/uncovered.html",
        unit=network.unit(unit_id, day),
        path=network.path(unit_id, day),
        counts=coverage.counts(unit_id),
        missing=shown,
        more=more,
    )


@goals.get("/units/<int:unit_id>/goal/past")
@allow(Permission.READ_PEOPLE)
def past_day(unit_id: int) -> tuple[str, int, dict[str, str]]:
    """A report as of a past day, and as known then: the question, its progress, its answer."""
    goal = _goal()
    year, policy = goal.year, goal.policy
    form = PastForm(request.args)
    is_asked = bool(request.args.get("known-at")) and form.validate()
    question = _question(unit_id, policy, year, form) if is_asked else None
    job = past.job_of(question) if question else None
    page = render_template(
        "goals/past_day.html",
        **_head(unit_id, _day(year), year),
        policy=policy,
        policies=goal.policies,
        years=goal.years,
        form=form,
        question=question,
        job=job,
        answer=past.answer(job),
    )
    return page, 422 if form.errors else 200, {"Refresh": "2"} if job and not job.is_ended else {}


@goals.post("/units/<int:unit_id>/goal/past")
@allow(Permission.READ_PEOPLE)
def ask_past_day(unit_id: int) -> Page:
    """Have a report made."""
    goal = _goal()
    year, policy = goal.year, goal.policy
    form = PastForm(request.form)
    is_valid = form.validate()
    if is_valid and form.as_of.data and form.as_of.data.year != year:
        form.as_of.errors = [gettext("goals.not-in-year", year=year)]
    elif is_valid and form.known_on.data and not _was_known(policy, year, form.known_on.data):
        form.known_on.errors = [gettext("goals.no-policy-then")]
    if form.errors:
        page = render_template(
            "goals/past_day.html", **_head(unit_id, _day(year), year), policy=policy,
            policies=goal.policies, years=goal.years, form=form, question=None, job=None, answer=None,
        )  # fmt: skip
        return page, 422
    question = _question(unit_id, policy, year, form)
    past.ask(question, account_id=current_user.account_id, actor=current_user.login)
    return redirect(url_for("goals.past_day", unit_id=unit_id, **question.address))


@goals.post("/units/<int:unit_id>/goal/past.csv")
@allow(Permission.EXPORT)
def past_people(unit_id: int) -> Response:
    """The people of a past report, with the reasons; who has not asked yet is sent to the question."""
    form = PastForm(request.args)
    if not form.validate() or not request.args.get("known-at"):
        return redirect(url_for("goals.past_day", unit_id=unit_id))
    goal = _goal()
    question = _question(unit_id, goal.policy, goal.year, form)
    found = past.answer(past.job_of(question))
    if found is None:
        return redirect(url_for("goals.past_day", unit_id=unit_id, **question.address))
    audit.record("goals.export-past", f"unit:{unit_id}", **question.address)
    return past.download(question, found)


def _question(unit_id: int, policy: Policy, year: int, form: PastForm) -> past.Question:
    as_of = form.as_of.data or _day(year)
    given = request.args.get("known-at", "")
    if given:
        try:
            known_at = clock.instant(given)
        except ValueError:
            abort(404)
        if known_at > clock.now():
            abort(404)
    else:
        known_at = clock.end_of(form.known_on.data) if form.known_on.data else clock.now()
        known_at = min(known_at, clock.now()).replace(microsecond=0)
    return past.Question(unit_id, policy.code, year, as_of, known_at, form.map.data)


def _was_known(policy: Policy, year: int, day: date) -> bool:
    return any(known.code == policy.code for known in queries.policies(year, clock.end_of(day)))


def _board(unit_id: int, policy: Policy, year: int) -> tuple[Dashboard, list[Line], dict[str, Any]]:
    by, day = request.args.get("by", ""), _day(year)
    if by and by not in DIVISIONS:
        abort(404)
    head = _head(unit_id, day, year)
    told: set[int] | None = None
    if not current_user.reaches_unit(Permission.READ_PEOPLE, unit_id):
        way = [*(above.unit_id for above in head["path"]), unit_id]
        told, by = dashboard.told_on(way, policy.code, year, day), ""
    board = Dashboard(unit_id, policy.code, year, day, by=by, told=told)
    return board, board.below(network.below(unit_id, day)), head


def _head(unit_id: int, day: date, year: int) -> dict[str, Any]:
    return {
        "unit": network.unit(unit_id, day),
        "path": network.path(unit_id, day),
        "year": year,
        "day": day,
        "now": clock.now(),
    }


def _day(year: int) -> date:
    return min(clock.today(), date(year, 12, 31))


def _goal() -> Goal:
    """What the address asks for, and what there is to choose from."""
    year, judged = asked_year(), queries.by_year()
    policies = [policy for policy, kept in judged if kept == year] or queries.policies(year)
    wanted = request.values.get("policy", "dx")
    chosen = next((policy for policy in policies if policy.code == wanted), policies[0] if policies else None)
    if chosen is None:
        abort(404)
    return Goal(year, chosen, policies, sorted({clock.today().year, *(kept for _, kept in judged)}, reverse=True))
