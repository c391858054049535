"""Pages of surveys: one's own, and those of the two desks at which surveys are made."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.db import AnyRow
from lms.language import format_instant, format_number, gettext
from lms.pages import local_target
from lms.surveys import actions, audience, desk_views, draft_views, forms, queries, result_views
from lms.surveys.desks import COURSES, NEEDS, Line, Page
from lms.surveys.models import Survey
from lms.surveys.questionnaire import Sent, Wrong
from lms.surveys.questionnaire import answers as read_answers
from lms.surveys.rules import Division, Refused

surveys = Blueprint("surveys", __name__)
needs = Blueprint("needs", __name__)

HAND_IN = "hand-in"

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
DESK: tuple[Line, ...] = (
    ("", GET, desk_views.index),
    ("/new", BOTH, desk_views.new),
    ("/<int:survey_id>", GET, desk_views.survey),
    ("/<int:survey_id>/terms", BOTH, desk_views.terms),
    ("/<int:survey_id>/release", POST, desk_views.release),
    ("/<int:survey_id>/end", POST, desk_views.end),
    ("/<int:survey_id>/close", POST, desk_views.close),
    ("/<int:survey_id>/copy", POST, desk_views.copy),
    ("/<int:survey_id>/discard", POST, desk_views.discard),
    ("/<int:survey_id>/edit", BOTH, draft_views.edit),
    ("/<int:survey_id>/text", POST, draft_views.save_text),
    ("/<int:survey_id>/preview", GET, draft_views.preview),
    ("/<int:survey_id>/results", GET, result_views.results),
    ("/<int:survey_id>/results/export", POST, result_views.export),
)

COURSES.lay(surveys, DESK)
NEEDS.lay(needs, DESK)


@surveys.get("/surveys")
@allow(Permission.OWN)
def mine() -> str:
    """What one is asked."""
    return render_template("surveys/mine.html", waiting=queries.open_for(current_user.person_id))


@surveys.get("/surveys/<code>")
@allow(Permission.OWN)
def answer(code: str) -> Page:
    """Answer a survey, or go on with it."""
    found = queries.survey_asked(code, current_user.person_id)
    if queries.has_answered(found.id, current_user.person_id):
        flash(gettext("surveys.answered-already"), "info")
        return redirect(url_for("surveys.mine"))
    return _answer_page(found, queries.unfinished(found.id, current_user.person_id), {})


@surveys.post("/surveys/<code>")
@allow(Permission.OWN)
def save_answer(code: str) -> Page:
    """Keep what is answered so far, to a script with a receipt; or hand it in."""
    found = queries.survey_asked(code, current_user.person_id, is_locked=True)
    if request.form.get("go") == HAND_IN:
        return _hand_in(found, forms.sent())
    is_kept = actions.keep(survey=found, person_id=current_user.person_id, sent=forms.sent())
    receipt = gettext("surveys.kept" if is_kept else "surveys.answered-already", at=format_instant(clock.now()))
    if request.accept_mimetypes.best == "application/json":
        return Response(receipt, mimetype="text/plain")
    flash(receipt, "success")
    return redirect(url_for("surveys.answer", code=code))


@surveys.app_template_global()
def surveys_waiting() -> list[tuple[AnyRow, int]]:
    """What the reader is asked now, each with its minutes: for the start page."""
    return [(row, queries.minutes(row.source)) for row in queries.open_for(current_user.person_id)]


def _hand_in(found: Survey, sent: Sent) -> Page:
    given, wrong = read_answers(queries.questionnaire(found), sent)
    if wrong:
        return _answer_page(found, sent, wrong), 422
    is_new = actions.hand_in(survey=found, person_id=current_user.person_id, answers=given)
    flash(gettext("surveys.handed-in" if is_new else "surveys.answered-already"), "success" if is_new else "info")
    return redirect(url_for("surveys.mine"))


def _answer_page(found: Survey, sent: Sent, wrong: dict[str, Wrong]) -> str:
    group = audience.group_of(found, current_user.person_id) if found.division != Division.NOTHING else ""
    return render_template(
        "surveys/answer.html",
        survey=found,
        questionnaire=queries.questionnaire(found),
        sent=sent,
        wrong={item: _words(each) for item, each in wrong.items()},
        group=group,
        group_name=queries.group_names(found, [group]).get(group, ""),
    )


def _words(wrong: Wrong) -> str:
    values = {name: format_number(value) for name, value in wrong.values.items()}
    return gettext(f"surveys.wrong.{wrong.problem}", **values)


@surveys.app_errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Why an act is not done, on the page of the survey."""
    flash(gettext(f"surveys.refused.{error.refusal}"), "warning")
    return redirect(local_target(request.path.rpartition("/")[0]))
