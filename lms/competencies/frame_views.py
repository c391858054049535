"""Pages of a frame's settings: the official text from a table, tried first."""

import orjson
from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from lms import tables
from lms.access import Permission, allow
from lms.competencies import actions, queries, sheet
from lms.competencies.document import BadDocument
from lms.competencies.forms import SheetForm, TakeForm
from lms.competencies.frame import Area, Component, Frame
from lms.competencies.sheet import Problem
from lms.competencies.views import Page, competencies
from lms.language import gettext


@competencies.route("/settings/competencies/<code>", methods=["GET", "POST"])
@allow(Permission.CHANGE_SETTINGS)
def setting(code: str) -> Page:
    """A frame's versions; a file with its components is read and compared, and nothing is changed yet."""
    found, form = queries.frame(code), SheetForm()
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        read = sheet.read(form.sheet.data.filename or "", form.content)
    except tables.UnreadableTable as error:
        form.form_errors.append(gettext(error.key, **error.values))
        return _page(found, form), 422
    if read.problems:
        return _page(found, form, problems=[words(problem) for problem in read.problems]), 422
    try:
        after = found.with_areas(read.areas)
    except BadDocument as error:
        form.form_errors.append(str(error))
        return _page(found, form), 422
    return _page(found, SheetForm(formdata=None), after=after)


@competencies.post("/settings/competencies/<code>/take")
@allow(Permission.CHANGE_SETTINGS)
def take(code: str) -> Page:
    """Take what the dry run showed as the next version."""
    found, form = queries.frame(code), TakeForm()
    target = redirect(url_for("competencies.setting", code=code))
    if not form.validate_on_submit() or form.before.data != found.sha256:
        flash(gettext("competencies.changed-meanwhile"), "warning")
        return target
    try:
        taken = actions.load_frame(frame=found.with_areas(_areas(form.areas.data or "")), by_id=current_user.account_id)
    except (BadDocument, ValueError, TypeError, KeyError) as error:
        flash(str(error) if isinstance(error, BadDocument) else gettext("competencies.changed-meanwhile"), "warning")
        return target
    flash(gettext("competencies.taken", number=taken.number) if taken else gettext("competencies.same"), "success")
    return target


def words(problem: Problem) -> str:
    """What is wrong of a line."""
    return gettext(
        "competencies.at-line", line=problem.line, wrong=gettext(f"competencies.wrong.{problem.key}", **problem.values)
    )


def _areas(written: str) -> list[Area]:
    found = orjson.loads(written)
    return [
        Area(area["code"], area["name"], area["en"], tuple(Component(**one) for one in area["components"]))
        for area in found
    ]


def _page(frame: Frame, form: SheetForm, *, problems: list[str] | None = None, after: Frame | None = None) -> str:
    carried = orjson.dumps(after.as_data()["areas"]).decode() if after else ""
    return render_template(
        "competencies/setting.html",
        frame=frame,
        form=form,
        take=TakeForm(formdata=None, areas=carried, before=frame.sha256),
        problems=problems or [],
        after=after,
        difference=sheet.difference(frame, after.areas) if after else None,
        history=queries.history(frame.code),
    )
