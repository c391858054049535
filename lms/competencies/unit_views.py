"""Pages of a unit's gaps: counts for everybody, names and files for who may see them."""

from collections.abc import Sequence

from flask import abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import audit, clock, downloads
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.competencies import gaps, queries
from lms.competencies.frame import Frame
from lms.competencies.views import competencies
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_year

DEFAULT_POLICY = "dx"
FORMS = ("counts", "people")
SUGGESTED = 5


@competencies.get("/units/<int:unit_id>/competencies")
@allow(Permission.READ_FIGURES)
def unit(unit_id: int) -> str:
    """Who lacks what of what the pathways demand, and the courses that close most of it."""
    day, year = clock.today(), asked_year()
    frame, frames = queries.chosen(request.args.get("frame", ""))
    path = network.path(unit_id, day)
    is_open = bool(current_user.reaches_unit(Permission.READ_PEOPLE, unit_id))
    report, totals = None, []
    if frame and is_open:
        report = gaps.report(unit_id, _policy(year), year, frame)
        totals = report.totals
    elif frame:
        way = [*(above.unit_id for above in path), unit_id]
        totals = gaps.told_totals(way, _policy(year), year, frame, day)
    return render_template(
        "competencies/unit.html",
        unit=network.unit(unit_id, day),
        path=path,
        year=year,
        years=goals.years(),
        frame=frame,
        frames=frames,
        report=report,
        totals=totals,
        closings=report.closings[: 2 * SUGGESTED] if report else [],
        suggested=SUGGESTED,
        titles=catalogue.titles(report.demands.offered) if report else {},
        may_draft=current_user.holds(Permission.DRAFT_PLANS)
        and current_user.reaches_unit(Permission.DRAFT_PLANS, unit_id),
        may_export=current_user.holds(Permission.EXPORT) and current_user.reaches_unit(Permission.EXPORT, unit_id),
    )


@competencies.post("/units/<int:unit_id>/competencies/<form>")
@allow(Permission.EXPORT)
def export(unit_id: int, form: str) -> Response:
    """The gaps as a workbook: counts, or people."""
    year, frame = asked_year(), _frame(request.form.get("frame", ""))
    if form not in FORMS:
        abort(404)
    audit.record("competencies.export", f"unit:{unit_id}", form=form, year=year, frame=frame.code)
    name = gettext(f"competencies.file.{form}", unit=network.unit(unit_id, clock.today()).name, year=year)
    columns: Sequence[str] = gaps.PERSON_COLUMNS if form == "people" else gaps.COUNT_COLUMNS
    if form == "people":
        rows = gaps.people(unit_id, _policy(year), year, frame)
    else:
        rows = gaps.report(unit_id, _policy(year), year, frame).rows()
    return downloads.table("xlsx", f"{name}.xlsx", columns, rows, titles=gaps.titles(columns))


def _frame(code: str) -> Frame:
    found, _ = queries.chosen(code)
    if found is None:
        abort(404)
    return found


def _policy(year: int) -> str:
    """The goal whose people are counted, as a plan does it."""
    codes = [policy.code for policy in goals.policies(year)]
    return codes[0] if codes and DEFAULT_POLICY not in codes else DEFAULT_POLICY
