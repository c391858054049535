"""Pages of reports. Every export is a POST, because it leaves a line in the audit."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from lms import audit as audit_trail
from lms import clock, downloads, text
from lms.access import Permission, allow
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, asked_year, page_of
from lms.reports import queries

reports = Blueprint("reports", __name__)

FORMS = ("people.xlsx", "people.csv")


@reports.get("/units/<int:unit_id>/reports")
@allow(Permission.EXPORT)
def unit(unit_id: int) -> str:
    """What can be taken out for a unit and a year."""
    return render_template(
        "reports/unit.html",
        unit=network.unit(unit_id, clock.today()),
        year=asked_year(),
        years=goals.years(),
        policies=goals.policies(),
    )


@reports.post("/units/<int:unit_id>/reports/<form>")
@allow(Permission.EXPORT)
def export(unit_id: int, form: str) -> Response:
    """The people of a policy, as a file."""
    year, code = asked_year(), request.form.get("policy", "dx")
    if form not in FORMS or code not in {policy.code for policy in goals.policies()}:
        abort(404)
    audit_trail.record("reports.export", f"unit:{unit_id}", form=form, year=year, policy=code)
    ending = form.rpartition(".")[2]
    name = f"{gettext('export.people')} {network.unit(unit_id, clock.today()).name} {year}.{ending}"
    return downloads.table(ending, name, queries.PEOPLE_COLUMNS, queries.people(unit_id, code, year))


@reports.get("/audit")
@allow(Permission.READ_AUDIT)
def audit() -> str:
    """Who did what to whom."""
    subject = text.clean(request.args.get("subject", ""))[:60]
    shown, more = page_of(queries.audit(subject, asked_id("before")), queries.PAGE)
    return render_template("reports/audit.html", lines=shown, more=more, subject=subject)


@reports.app_template_filter()
def detail(values: dict[str, Any]) -> str:
    """The details of an audit line, for reading."""
    return "; ".join(f"{key}: {value}" for key, value in values.items())
