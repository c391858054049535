"""Pages of activities: what a unit recorded, recording another, taking one back, a sheet to sign."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from lms.access import Permission, allow
from lms.clock import today
from lms.db import AnyRow
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.recognition import activities, ledger, queries, roll
from lms.recognition.forms import ActivityForm, TakeBackForm
from lms.recognition.roll import Line, Problem
from lms.recognition.views import Page, recognition

MOST_ON_SHEET = 1000

Taken = list[tuple[Line, AnyRow]]


@recognition.get("/units/<int:unit_id>/activities")
@allow(Permission.READ_PEOPLE)
def unit_activities(unit_id: int) -> str:
    """Events and teaching that a unit recorded."""
    shown, more = page_of(queries.activities_of(unit_id, asked_id("before")), queries.PAGE)
    return render_template(
        "recognition/unit_activities.html",
        unit=network.unit(unit_id, today()),
        activities=shown,
        more=more and more.Activity.id,
    )


@recognition.route("/units/<int:unit_id>/activities/new", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def new_activity(unit_id: int) -> Page:
    """Type who took part, look through the names, then record them all at once."""
    form = ActivityForm()
    taken: Taken = []
    if form.validate_on_submit():
        if recorded := queries.activity_by_key(form.key.data):
            return redirect(url_for("recognition.activity", activity_id=recorded.id))
        taken, problems = _read(unit_id, form)
        form.people.errors = [_words(problem) for problem in problems] or ([] if taken else [gettext("form.required")])
    step = request.form.get("step") if taken and not form.errors else None
    if step == "record":
        activity_id = _note(unit_id, form, taken)
        flash(gettext("activity.noted", people=len(taken)), "success")
        return redirect(url_for("recognition.activity", activity_id=activity_id))
    page = render_template(
        "recognition/new_activity.html",
        unit=network.unit(unit_id, today()),
        form=form,
        taken=taken if step == "check" else [],
        hundredths=HUNDREDTHS,
    )
    return page, 422 if form.errors else 200


@recognition.get("/units/<int:unit_id>/activities/sheet")
@allow(Permission.REVIEW_EVIDENCE)
def activity_sheet(unit_id: int) -> str:
    """An attendance sheet of a unit's people, to be printed and signed."""
    people = network.people(None, today(), unit_id=unit_id, limit=MOST_ON_SHEET + 1)
    return render_template(
        "recognition/activity_sheet.html",
        unit=network.unit(unit_id, today()),
        people=people[:MOST_ON_SHEET],
        is_cut=len(people) > MOST_ON_SHEET,
    )


@recognition.get("/activities/<int:activity_id>")
@allow(Permission.READ_PEOPLE)
def activity(activity_id: int) -> str:
    """Who took part in an activity."""
    found = queries.activity(activity_id)
    return render_template(
        "recognition/activity.html",
        activity=found,
        unit=network.unit(found.unit_id, today()),
        people=queries.attendances(activity_id),
        hundredths=HUNDREDTHS,
    )


@recognition.route("/activities/<int:activity_id>/take-back", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def take_back_activity(activity_id: int) -> Page:
    """Take an activity back that was recorded wrongly, with a reason."""
    found, form = queries.activity(activity_id), TakeBackForm()
    if not form.validate_on_submit():
        page = render_template("recognition/take_back_activity.html", activity=found, form=form)
        return page, 422 if form.errors else 200
    activities.take_back(activity=found, reason=form.reason.data, by_id=current_user.account_id)
    flash(gettext("activity.taken-back"), "success")
    return redirect(url_for("recognition.activity", activity_id=activity_id))


def _read(unit_id: int, form: ActivityForm) -> tuple[Taken, list[Problem]]:
    """The people of a roll, and what is wrong with its lines."""
    lines, problems = roll.read(form.people.data, form.periods.data)
    known = queries.people_by_code(unit_id, [line.code for line in lines])
    people = [person.id for person in known.values()]
    entered = ledger.entered(form.title.data, form.held_on.data, form.kind.data, people)
    problems += roll.check(lines, known, entered=entered, oneself=current_user.person_id)
    taken = [(line, known[line.code.casefold()]) for line in lines if line.code.casefold() in known]
    return taken, sorted(problems, key=lambda problem: problem.number)


def _note(unit_id: int, form: ActivityForm, taken: Taken) -> int:
    activity = activities.note(
        key=form.key.data,
        unit_id=unit_id,
        kind=form.kind.data,
        title=form.title.data,
        category=form.category.data,
        held_on=form.held_on.data,
        periods={person.id: line.periods for line, person in taken},
        by_id=current_user.account_id,
    )
    return activity.id


def _words(problem: Problem) -> str:
    return gettext(f"activity.line.{problem.trouble}", number=problem.number, **problem.values)
