"""Pages of reports. Every export is a POST, because it leaves a line in the audit."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file, stream_with_context
from werkzeug.wrappers import Response

from lms import audit as audit_trail
from lms import clock, downloads, text
from lms.access import Permission, allow
from lms.certificates import printing
from lms.certificates import queries as certificates
from lms.certificates.queries import Filter
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, asked_year, page_of
from lms.reports import papers, queries
from lms.reports.forms import PeriodForm

reports = Blueprint("reports", __name__)

FORMS = ("people.xlsx", "people.csv", "register.xlsx", "certificates.zip", "certificates.pdf")


@reports.get("/units/<int:unit_id>/reports")
@allow(Permission.EXPORT)
def unit(unit_id: int) -> tuple[str, int]:
    """What can be taken out for a unit, a year, and, of certificates, a period."""
    year = asked_year()
    form = PeriodForm(request.args)
    wanted = _period(form, unit_id, year)
    page = render_template(
        "reports/unit.html",
        form=form,
        period=wanted,
        unit=network.unit(unit_id, clock.today()),
        path=network.path(unit_id, clock.today()),
        year=year,
        years=goals.years(),
        policies=goals.policies(),
        certificates=certificates.number_of(wanted),
    )
    return page, 422 if form.errors else 200


@reports.post("/units/<int:unit_id>/reports/<form>")
@allow(Permission.EXPORT)
def export(unit_id: int, form: str) -> Response:
    """One of the exports, as a file."""
    year, code = asked_year(), request.form.get("policy", "dx")
    if form not in FORMS or code not in {policy.code for policy in goals.policies()}:
        abort(404)
    wanted = _period(PeriodForm(request.form), unit_id, year)
    if form.endswith(".zip"):
        while printing.print_missing(*certificates.conditions(wanted)):
            pass
    period = f"{wanted.start} – {wanted.end}"
    audit_trail.record("reports.export", f"unit:{unit_id}", form=form, year=year, policy=code, period=period)
    kind, _, ending = form.partition(".")
    name = f"{gettext(f'export.{kind}')} {network.unit(unit_id, clock.today()).name} {year}.{ending}"
    if kind == "people":
        return downloads.table(ending, name, queries.PEOPLE_COLUMNS, queries.people(unit_id, code, year))
    if kind == "register":
        return downloads.table(ending, name, queries.REGISTER_COLUMNS, queries.register(wanted))
    if ending == "pdf":
        if not certificates.number_of(wanted, only_valid=True):
            abort(404)
        return send_file(papers.book(wanted), mimetype="application/pdf", as_attachment=True, download_name=name)
    return downloads.attachment(stream_with_context(papers.archive(wanted)), "application/zip", name)


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


def _period(form: PeriodForm, unit_id: int, year: int) -> Filter:
    """The certificates of the days asked for, both included; of the whole year where the form says nothing, or nonsense."""
    whole = queries.year_of(unit_id, year)
    if not form.validate():
        return whole
    start = form.start.data or whole.start
    end = form.last.data + timedelta(days=1) if form.last.data else whole.end
    return Filter(unit_id, start, end)
