"""Pages of a draft: the form and the text, each of which rewrites the other, and the questions as they will be seen."""

from typing import Any

from flask import flash, redirect, render_template, request

from lms.language import gettext
from lms.surveys import actions, document, layout, queries
from lms.surveys.actions import Overtaken
from lms.surveys.desks import Desk, Page
from lms.surveys.document import BadSurvey
from lms.surveys.models import Survey
from lms.surveys.question_forms import QuestionnaireForm, TextForm
from lms.surveys.questionnaire import Type


def edit(desk: Desk, survey_id: int) -> Page:
    """A draft as a form, beside its text; a button that changes the list of questions saves nothing."""
    found = queries.survey(survey_id, is_locked=request.method == "POST")
    if not found.is_draft:
        return redirect(desk.to("preview", found))
    if request.method == "GET":
        return _page(desk, found)
    form = QuestionnaireForm()
    if act := request.form.get("do"):
        return _page(desk, found, form=_changed(form, act))
    meant = form.questionnaire()
    if meant is None:
        return _page(desk, found, form=form), 422
    return _save(desk, found, document.write(meant), form.revision.data, form=form)


def save_text(desk: Desk, survey_id: int) -> Page:
    """Save the text."""
    found, form = queries.survey(survey_id, is_locked=True), TextForm()
    if not form.validate_on_submit():
        return _page(desk, found, text_form=form), 422
    try:
        document.parse(form.source.data)
    except BadSurvey as problem:
        form.source.errors = [_where(problem, form.source.data)]
        return _page(desk, found, text_form=form), 422
    return _save(desk, found, form.source.data, form.revision.data, text_form=form)


def preview(desk: Desk, survey_id: int) -> Page:
    """The questions as those who answer see them."""
    found = queries.survey(survey_id)
    return render_template(
        "surveys/preview.html", desk=desk, survey=found, questionnaire=queries.questionnaire(found), sent={}, wrong={}
    )


def _save(desk: Desk, found: Survey, source: str, revision: str | None, **forms: Any) -> Page:
    """Save a text; when somebody else was faster, show theirs and what was typed."""
    number = int(revision) if revision and revision.isascii() and revision.isdigit() else 0
    try:
        actions.save(survey=found, source=source, revision=number)
    except Overtaken:
        for form in forms.values():
            form.revision.raw_data, form.revision.data = None, str(found.revision)
        return _page(desk, found, mine=source, **forms), 409
    flash(gettext("surveys.saved"), "success")
    return redirect(desk.to("edit", found))


def _changed(form: QuestionnaireForm, act: str) -> QuestionnaireForm:
    data = dict(form.data)
    data["items"] = layout.changed(data["items"], act)
    return QuestionnaireForm(formdata=None, data=data)


def _where(problem: BadSurvey, source: str) -> str:
    """What is wrong with a text, and on which line."""
    line, lines = document.line_of(problem, source), source.splitlines()
    if not 0 < line <= len(lines):
        return str(problem)
    return gettext("surveys.on-line", line=line, text=lines[line - 1].strip()[:200], problem=str(problem))


def _page(
    desk: Desk,
    found: Survey,
    *,
    form: QuestionnaireForm | None = None,
    text_form: TextForm | None = None,
    mine: str = "",
) -> str:
    kept = {"revision": found.revision}
    questionnaire = queries.questionnaire(found)
    return render_template(
        "surveys/edit.html",
        desk=desk,
        survey=found,
        form=form or QuestionnaireForm(formdata=None, data=layout.shown(questionnaire) | kept),
        text_form=text_form or TextForm(formdata=None, data={"source": found.source} | kept),
        types=list(Type),
        is_changed=form is not None,
        mine=mine,
    )
