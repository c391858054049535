"""Pages of federation: sending one's own closed year, receiving those of others, and what they report."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock, files
from lms.access import Permission, allow
from lms.accounts import queries as accounts
from lms.federation import actions, board, checking, package, packing, queries, rules, words
from lms.federation.board import Board
from lms.federation.checking import Checked
from lms.federation.forms import PackageForm, RefuseForm
from lms.federation.models import ReportedYear
from lms.federation.rules import Difference, Faulty, Refused, State
from lms.goals import queries as goals
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.yearbooks import queries as yearbooks
from lms.yearbooks.rules import rate

federation = Blueprint("federation", __name__)

ZIP = "application/zip"
LISTED = 200

Page = str | Response | tuple[str, int]


@federation.get("/year-books/<int:book_id>/package")
@allow(Permission.EXPORT)
def outgoing(book_id: int) -> Page:
    """What the package of a closed year holds, and the way to it."""
    book = yearbooks.book(book_id)
    if not book.versions:
        abort(404)
    return render_template(
        "federation/outgoing.html",
        book=book,
        version=book.shown,
        is_ready=_is_ready(book),
        with_names=queries.setting().sends_names,
        fingerprint=rules.fingerprint(packing.own_public()),
    )


@federation.post("/year-books/<int:book_id>/package")
@allow(Permission.EXPORT)
def pack(book_id: int) -> Response:
    """The signed package, as a file."""
    try:
        content, version = actions.pack(book=yearbooks.book(book_id))
    except Refused as refused:
        flash(words.of_refusal(refused), "danger")
        return redirect(url_for("federation.outgoing", book_id=book_id))
    name = packing.file_name(version)
    return send_file(BytesIO(content), mimetype=ZIP, as_attachment=True, download_name=name)


@federation.route("/reported/new", methods=["GET", "POST"])
@allow(Permission.CLOSE_YEAR)
def incoming() -> Page:
    """Upload a package; it is checked wholly before anything is kept."""
    form = PackageForm()
    problems: list[str] = []
    if form.validate_on_submit():
        content = form.content()
        try:
            return _received(checking.checked(content), content)
        except Faulty as faulty:
            problems = [words.of_problem(problem) for problem in faulty.problems]
    page = render_template(
        "federation/incoming.html", form=form, problems=problems, waiting=queries.waiting(current_user)
    )
    return page, 422 if form.errors or problems else 200


@federation.get("/reported/<int:report_id>")
@allow(Permission.READ_PEOPLE)
def report(report_id: int) -> Page:
    """A package: what it says beside what is here, and what was decided."""
    return _report_page(queries.report(report_id), RefuseForm(formdata=None))


@federation.post("/reported/<int:report_id>/take")
@allow(Permission.CLOSE_YEAR)
def take(report_id: int) -> Page:
    """Let it count."""
    found = queries.report(report_id)
    try:
        is_new = actions.take(report=found, by_id=current_user.account_id)
    except Faulty as faulty:
        problems = [words.of_problem(problem) for problem in faulty.problems]
        return _report_page(found, RefuseForm(formdata=None), problems), 422
    flash(gettext("federation.taken" if is_new else "federation.taken-before"), "success")
    return redirect(url_for("federation.report", report_id=report_id))


@federation.post("/reported/<int:report_id>/refuse")
@allow(Permission.CLOSE_YEAR)
def refuse(report_id: int) -> Page:
    """Let it not count, with a reason."""
    found, form = queries.report(report_id), RefuseForm()
    if not form.validate_on_submit():
        return _report_page(found, form), 422
    if actions.refuse(report=found, reason=form.reason.data or "", by_id=current_user.account_id):
        flash(gettext("federation.refused"), "success")
    return redirect(url_for("federation.report", report_id=report_id))


@federation.get("/reported/<int:report_id>/people")
@allow(Permission.READ_PEOPLE)
def people(report_id: int) -> str:
    """The people of a package that was taken with names."""
    found = queries.report(report_id)
    if not found.with_names:
        abort(404)
    shown, more = page_of(queries.people(report_id, asked_id("after") or 0), queries.PAGE)
    return render_template(
        "federation/people.html", report=found, people=shown, more=more, hundredths=HUNDREDTHS
    )  # fmt: skip


@federation.get("/units/<int:unit_id>/reported")
@allow(Permission.READ_FIGURES)
def reported(unit_id: int) -> str:
    """What the units below have reported for a year: own + reported = total, who has sent, who is late."""
    year, policies = _asked_year(), goals.policies()
    wanted = request.args.get("policy", "dx")
    policy = next((each for each in policies if each.code == wanted), policies[0] if policies else None) or abort(404)
    is_hidden = not current_user.reaches_unit(Permission.READ_PEOPLE, unit_id)
    return render_template(
        "federation/reported.html",
        unit=network.unit(unit_id, clock.today()),
        board=Board(unit_id, policy.code, year, is_hidden=is_hidden),
        policy=policy,
        policies=policies,
        year=year,
        years=range(clock.today().year - 1, clock.today().year - 5, -1),
        rate=rate,
    )


def _is_ready(book: Any) -> bool:
    try:
        packing.official(book)
    except Refused:
        return False
    return True


def _received(found: Checked, content: bytes) -> Response:
    if not current_user.reaches_unit(Permission.CLOSE_YEAR, found.unit_id):
        raise Faulty([rules.Problem("out-of-reach", values={"name": found.sealed.manifest.unit_name})])
    kept, is_new = actions.receive(found=found, content=content, by_id=current_user.account_id)
    flash(gettext("federation.received" if is_new else f"federation.known.{kept.state}"), "success")
    return redirect(url_for("federation.report", report_id=kept.id))


def _report_page(found: ReportedYear, form: RefuseForm, problems: list[str] | None = None) -> str:
    history = queries.history(found)
    holds = next((one for one in history if one.state == State.TAKEN), None)
    lines = _differences(found, holds) if found.state in (State.WAITING, State.REFUSED) else []
    return render_template(
        "federation/report.html",
        report=found,
        form=form,
        problems=problems or [],
        holds=holds if holds is not found else None,
        history=history,
        names=accounts.names([one.decided_by_id for one in history] + [found.received_by_id]),
        figures=queries.figures(found.id)[:LISTED] if found.state in (State.TAKEN, State.REPLACED) else [],
        differing=[line for line in lines if not line.is_same][:LISTED],
        number_differing=sum(not line.is_same for line in lines),
        number_same=sum(line.is_same for line in lines),
        rate=rate,
    )


def _differences(found: ReportedYear, holds: ReportedYear | None) -> list[Difference]:
    """A package beside what was taken before, else beside what this installation knows itself of those units."""
    said = package.read(package.opened(files.read(found.sha256)))
    sent = [(line.code, line.name, rules.figures(said.figures.get(line.number, {}))) for line in said.units]
    if holds is not None:
        before = [(one.code, one.name, board.figures_of(one)) for one in queries.figures(holds.id)]
        return board.beside(sent, before)
    names = {line.code: line.name for line in said.units}
    here = board.known_here(checking.unit_ids(said), names, found.policy, found.year)
    return board.beside(sent, here)


def _asked_year() -> int:
    """The year in the address, else the one that ended last."""
    year = request.args.get("year", default=clock.today().year - 1, type=int)
    if not 1990 <= year <= 2200:
        abort(404)
    return year
