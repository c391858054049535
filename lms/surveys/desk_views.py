"""Pages of a desk: its surveys, a new one, one of them from draft to close."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask_login import current_user

from lms import clock
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.surveys import actions, audience, forms, queries, shipped
from lms.surveys.desks import Desk, Page
from lms.surveys.forms import EndForm, NewForm, OpeningForm, TermsForm
from lms.surveys.models import Survey
from lms.surveys.rules import Division, Purpose


def index(desk: Desk) -> Page:
    """The surveys within reach."""
    shown, more = page_of(queries.surveys(current_user, desk.purpose, asked_id("before")), queries.PAGE)
    return render_template(
        "surveys/index.html",
        desk=desk,
        surveys=shown,
        units=_unit_names([row.Survey for row in shown]),
        more=more and more.Survey.id,
        today=clock.today(),
    )


def new(desk: Desk) -> Page:
    """Begin a survey, with the questions that come with the product or with none."""
    form = NewForm(desk.purpose, **_proposed(desk))
    if not form.validate_on_submit():
        return render_template("surveys/new.html", desk=desk, form=form), 422 if form.errors else 200
    source = shipped.source(desk.purpose, form.title.data, is_empty=form.start.data == forms.EMPTY)
    survey = actions.begin(purpose=desk.purpose, source=source, terms=form.terms(), by_id=current_user.account_id)
    return redirect(desk.to("edit", survey))


def survey(desk: Desk, survey_id: int) -> Page:
    """Where a survey stands, and what can be done with it next."""
    found = queries.survey(survey_id)
    return _survey_page(desk, found, OpeningForm(from_on=clock.today()), EndForm())


def terms(desk: Desk, survey_id: int) -> Page:
    """Whom a draft asks, and what will be told."""
    found = queries.survey(survey_id, is_locked=request.method == "POST")
    form = TermsForm(desk.purpose, found)
    if not form.validate_on_submit():
        return render_template("surveys/terms.html", desk=desk, survey=found, form=form), 422 if form.errors else 200
    actions.set_terms(survey=found, terms=form.terms())
    flash(gettext("surveys.saved"), "success")
    return redirect(desk.to("survey", found))


def release(desk: Desk, survey_id: int) -> Page:
    """Open a draft for answers."""
    found, form = queries.survey(survey_id, is_locked=True), OpeningForm()
    if not form.validate_on_submit():
        return _survey_page(desk, found, form, EndForm(formdata=None)), 422
    actions.release(survey=found, **form.days)
    flash(gettext("surveys.released"), "success")
    return redirect(desk.to("survey", found))


def end(desk: Desk, survey_id: int) -> Page:
    """Another last day."""
    found, form = queries.survey(survey_id, is_locked=True), EndForm()
    if not form.validate_on_submit():
        return _survey_page(desk, found, OpeningForm(formdata=None), form), 422
    actions.move_end(survey=found, to_on=form.to_on)
    flash(gettext("surveys.saved"), "success")
    return redirect(desk.to("survey", found))


def close(desk: Desk, survey_id: int) -> Page:
    """End a survey now, for good."""
    found = queries.survey(survey_id, is_locked=True)
    actions.close(survey=found)
    return redirect(desk.to("results", found))


def copy(desk: Desk, survey_id: int) -> Page:
    """Begin the next run."""
    made = actions.copy(survey=queries.survey(survey_id), by_id=current_user.account_id)
    flash(gettext("surveys.copied"), "success")
    return redirect(desk.to("survey", made))


def discard(desk: Desk, survey_id: int) -> Page:
    """Throw a draft away."""
    actions.discard(survey=queries.survey(survey_id, is_locked=True))
    flash(gettext("surveys.discarded"), "success")
    return redirect(desk.to("index"))


def _survey_page(desk: Desk, found: Survey, opening: OpeningForm, ending: EndForm) -> str:
    return render_template(
        "surveys/survey.html",
        desk=desk,
        survey=found,
        stage=found.stage(clock.today()),
        questionnaire=queries.questionnaire(found),
        units=_unit_names([found]),
        course=queries.course_title(found),
        asked=audience.asked(found),
        answered=queries.answered(found.id),
        opening=opening,
        ending=ending,
    )


def _unit_names(found: Sequence[Survey]) -> dict[int, str]:
    ids = {each.unit_id for each in found if each.unit_id is not None}
    return network.names(ids) if ids else {}


def _proposed(desk: Desk) -> dict[str, Any]:
    """What a new survey begins with: the unit asked for in `?unit=`, else the first of one's own."""
    scope = current_user.scope(desk.permission)
    unit = request.args.get("unit", "")
    if not unit and scope:
        unit = forms.unit_wording(min(scope))
    division = Division.UNIT if desk.purpose is Purpose.NEEDS else Division.NOTHING
    return {"unit": unit, "title": gettext(f"surveys.title.{desk.purpose}"), "division": division.value}
