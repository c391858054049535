"""What a survey found: drawings with their numbers, and the same as a file."""

from flask import render_template, request

from lms import clock, downloads
from lms.language import gettext, role_words
from lms.surveys import actions, audience, queries
from lms.surveys import export as exporting
from lms.surveys.desks import Desk, Page
from lms.surveys.models import Survey
from lms.surveys.results import REST, Results, measures
from lms.surveys.rules import Division

CSV, XLSX = "csv", "xlsx"
SHOWN = 200
"""So many texts of a question, or people of a named survey, stand on the page; the table holds all of them."""


def results(desk: Desk, survey_id: int) -> Page:
    """What was answered, for groups that are large enough."""
    found = queries.survey(survey_id)
    told, people = queries.results(found), queries.named_answers(found, SHOWN + 1)
    return render_template(
        "surveys/results.html",
        desk=desk,
        survey=found,
        stage=found.stage(clock.today()),
        results=told,
        names=group_words(found, told),
        bar_words=exporting.bar_words,
        answer_words=exporting.answer_words,
        measures=measures(told.questionnaire),
        asked=audience.asked(found),
        answered=queries.answered(found.id),
        people=people[:SHOWN],
        most=SHOWN,
        is_cut=max(len(people), *(len(line.texts) for line in told.lines), 0) > SHOWN,
    )


def export(desk: Desk, survey_id: int) -> Page:
    """The results as a file, with the same left out as on the page."""
    found = queries.survey(survey_id)
    told = queries.results(found)
    rows = list(exporting.rows(told, group_words(found, told)))
    if found.is_named:
        rows += exporting.named_rows(queries.questionnaire(found), queries.named_answers(found))
    ending = CSV if request.form.get("form") == CSV else XLSX
    actions.export(survey=found, form=ending, rows=len(rows))
    name = gettext("surveys.file", title=found.title)
    return downloads.table(ending, f"{name}.{ending}", exporting.COLUMNS, rows)


def group_words(survey: Survey, results: Results) -> dict[str, str]:
    """The groups of the results in words."""
    names = queries.group_names(survey, results.groups) if results.groups else {}
    by_role = survey.division == Division.ROLE
    words = {group: role_words(group) if by_role else names.get(group, group) for group in results.groups}
    return words | {REST: gettext("surveys.rest")}
