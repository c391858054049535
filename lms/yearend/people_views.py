"""Pages about people: the training sheet of one, the sheets of a unit as one file, the civil-servant record."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import audit, downloads
from lms.access import Permission, allow
from lms.exports import actions as export_actions
from lms.exports import queries as exports
from lms.exports import rules as export_rules
from lms.goals import queries as goals
from lms.language import gettext, locale
from lms.pages import asked_year
from lms.yearend import queries, record_file, records, sheets
from lms.yearend.forms import RecordForm
from lms.yearend.views import DEFAULT_POLICY, Asked, Page, asked, yearend

PDF = "application/pdf"


@yearend.get("/my/training-sheet.pdf")
@allow(Permission.OWN)
def my_sheet() -> Response:
    """One's own training sheet of a year."""
    return _sheet(current_user.person_id) or redirect(url_for("goals.mine"))


@yearend.post("/people/<int:person_id>/training-sheet")
@allow(Permission.EXPORT)
def sheet(person_id: int) -> Response:
    """The training sheet of a person within reach."""
    audit.record("yearend.sheet", f"person:{person_id}", year=asked_year())
    return _sheet(person_id) or redirect(url_for("network.person", person_id=person_id))


@yearend.route("/units/<int:unit_id>/year-end/records", methods=["GET", "POST"])
@allow(Permission.EXPORT)
def unit_records(unit_id: int) -> Page:
    """What goes into the record of each civil servant: first the columns are chosen, then the file is made."""
    where, form = asked(unit_id), RecordForm()
    if not form.validate_on_submit():
        return _records_page(where, form, 422 if form.errors else 200)
    wanted = {"columns": form.chosen}
    return _export(where, f"records.{form.ending.data}", gettext("yearend.file.records"), wanted) or _records_page(
        where, form, 422
    )


@yearend.post("/units/<int:unit_id>/year-end/sheets")
@allow(Permission.EXPORT)
def print_sheets(unit_id: int) -> Response:
    """Have the training sheets of all people of a unit made."""
    where = asked(unit_id)
    back = redirect(url_for("yearend.unit_records", **where.here))
    return _export(where, "sheets.pdf", gettext("yearend.file.sheets"), {}) or back


def _export(where: Asked, form: str, words: str, wanted: dict[str, Any]) -> Response | None:
    """Ask for a file about all people of a unit, and go where it will be; None when it is refused."""
    total, under_way = record_file.number_of(*where.goal), exports.under_way(current_user.account_id)
    if refusal := export_rules.refusal(form, found=total, valid=total, under_way=under_way):
        flash(gettext(f"exports.refused.{refusal}", **export_rules.LIMITS), "warning")
        return None
    made = export_actions.ask(
        unit_id=where.unit.unit_id,
        form=form,
        wanted={"policy": where.policy.code, "year": where.year, **wanted},
        total=total,
        name=export_rules.file_name(f"{words} {where.unit.name} {where.year}", form.partition(".")[2]),
        language=locale(),
        account_id=current_user.account_id,
        actor=current_user.login,
    )
    return redirect(url_for("exports.export", export_id=made.id))


def _records_page(where: Asked, form: RecordForm, status: int) -> Page:
    return render_template("yearend/unit_records.html", **where._asdict(), form=form), status


def _sheet(person_id: int) -> Response | None:
    """A person's sheet; None when the year's policy does not concern them."""
    year = asked_year()
    codes = [policy.code for policy in goals.policies(year)]
    wanted = request.values.get("policy", DEFAULT_POLICY)
    record = records.of_person(person_id, wanted if wanted in codes else DEFAULT_POLICY, year)
    if record is None:
        return None
    made = sheets.sheet(record, queries.letterhead(record.standing.unit_id))
    name = f"{gettext('yearend.file.sheet')} {record.standing.full_name} {year}.pdf"
    return downloads.attachment(iter([made]), PDF, name)
