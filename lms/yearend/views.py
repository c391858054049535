"""Pages of the December pack: a unit's report of a year, what the officer writes, what is set, producing, files."""

from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import audit, clock, files
from lms.access import Permission, allow
from lms.goals import queries as goals
from lms.goals.rules import Policy
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_year
from lms.yearend import actions, queries, rules
from lms.yearend.forms import ReportForm, TermsForm
from lms.yearend.models import YearEndReport
from lms.yearend.producing import FORMS

yearend = Blueprint("yearend", __name__)

Page = str | Response | tuple[str, int]
REFRESH_SECONDS = "2"
DEFAULT_POLICY = "dx"


class Asked(NamedTuple):
    """The unit, the year and the policy of a page, and as arguments of its address."""

    unit: Any
    year: int
    policy: Policy
    here: dict[str, Any]

    @property
    def goal(self) -> tuple[int, str, int]:
        """Unit, policy and year."""
        return self.unit.unit_id, self.policy.code, self.year


@yearend.get("/units/<int:unit_id>/year-end")
@allow(Permission.EXPORT)
def unit(unit_id: int) -> Page:
    """A unit's report of a year: where its numbers will come from, what is missing, what was produced."""
    where = asked(unit_id)
    report = queries.report(*where.goal)
    job = queries.job_of(report.id) if report else None
    source = queries.counting(*where.goal)
    setting = queries.setting(unit_id)
    until = rules.day_of(setting.until_day, where.year) if setting else None
    page = render_template(
        "yearend/unit.html",
        **where._asdict(),
        years=goals.years(),
        policies=goals.policies(where.year),
        told=source.told,
        whole=source.whole(),
        setting=setting,
        report=report,
        job=job,
        issues=queries.issues(report.id) if report else (),
        until=until,
        may_write=current_user.reaches_unit(Permission.WRITE_REPORTS, unit_id),
        is_past_until=bool(until and source.told.source == rules.Source.LIVE and until < source.told.as_of),
        reported=rules.day_of(setting.reported_day, where.year) if setting else None,
    )
    is_running = job is not None and not job.is_ended
    return make_response(page, {"Refresh": REFRESH_SECONDS} if is_running else {})


@yearend.route("/units/<int:unit_id>/year-end/terms", methods=["GET", "POST"])
@allow(Permission.WRITE_REPORTS)
def terms(unit_id: int) -> Page:
    """What is set once for all reports of a unit."""
    where = asked(unit_id)
    form = TermsForm(obj=queries.suggested(unit_id))
    if not form.validate_on_submit():
        return render_template("yearend/terms.html", **where._asdict(), form=form), 422 if form.errors else 200
    actions.set_terms(unit_id=unit_id, values={field.name: field.data for field in form if field.name != "csrf_token"})
    flash(gettext("yearend.saved"), "success")
    return redirect(url_for("yearend.unit", **where.here))


@yearend.route("/units/<int:unit_id>/year-end/report", methods=["GET", "POST"])
@allow(Permission.WRITE_REPORTS)
def report(unit_id: int) -> Page:
    """What the officer writes in the report."""
    where = asked(unit_id)
    form = ReportForm(obj=queries.report(*where.goal))
    if not form.validate_on_submit():
        return render_template("yearend/report.html", **where._asdict(), form=form), 422 if form.errors else 200
    actions.write(report=_begun(where), values=form.data)
    flash(gettext("yearend.saved"), "success")
    return redirect(url_for("yearend.unit", **where.here))


@yearend.post("/units/<int:unit_id>/year-end/produce")
@allow(Permission.WRITE_REPORTS)
def produce(unit_id: int) -> Response:
    """Have the report and its annexes produced."""
    where = asked(unit_id)
    actions.produce(report=_begun(where), account_id=current_user.account_id, actor=current_user.login)
    return redirect(url_for("yearend.unit", **where.here))


@yearend.post("/units/<int:unit_id>/year-end/<int:number>/<form>")
@allow(Permission.EXPORT)
def download(unit_id: int, number: int, form: str) -> Response:
    """A file as it was produced; who asks for what is not there is sent to the report."""
    where = asked(unit_id)
    begun = queries.report(*where.goal)
    found = queries.issue(begun.id, number) if begun else None
    if found is None or form not in FORMS:
        return redirect(url_for("yearend.unit", **where.here))
    audit.record("yearend.download", found, unit=unit_id, year=where.year, form=form, sha256=found.files[form])
    kind = gettext("yearend.file.annexes" if form == "xlsx" else "yearend.file.report")
    name = f"{kind} {where.unit.name} {where.year}-{number}.{form}"
    return send_file(files.path_of(found.files[form]), as_attachment=True, download_name=name)


def asked(unit_id: int) -> Asked:
    """What an address asks for."""
    year = asked_year()
    policies = goals.policies(year) or abort(404)
    wanted = request.values.get("policy", DEFAULT_POLICY)
    policy = next((one for one in policies if one.code == wanted), policies[0])
    here = {"unit_id": unit_id, "year": year, "policy": policy.code}
    return Asked(network.unit(unit_id, clock.today()), year, policy, here)


def _begun(where: Asked) -> YearEndReport:
    unit_id, policy, year = where.goal
    return actions.begin(unit_id=unit_id, policy=policy, year=year)
