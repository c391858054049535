"""Pages of exemptions: a person's, a unit's, asking for one, deciding, revoking."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.clock import today
from lms.goals import queries as goals
from lms.goals.models import Exemption
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.recognition import evidence, exemptions, queries
from lms.recognition.forms import ACCEPT, ExemptionDecisionForm, ExemptionForm, RevocationForm
from lms.recognition.rules import Refused
from lms.recognition.views import Page, recognition, titles, words

YEARS = range(2015, 2200)


@recognition.get("/people/<int:person_id>/exemptions")
@allow(Permission.REVIEW_EVIDENCE)
def person_exemptions(person_id: int) -> str:
    """A person's exemptions, with who asked and who decided."""
    return render_template(
        "recognition/person_exemptions.html",
        person=network.person(person_id),
        exemptions=queries.exemptions_of(person_id),
        titles=titles(),
    )


@recognition.route("/people/<int:person_id>/exemptions/new", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def request_exemption(person_id: int) -> Page:
    """Ask a coordinator to exempt a person."""
    form = ExemptionForm(from_on=today())
    if form.validate_on_submit() and _request(person_id, form):
        flash(gettext("exemption.requested"), "success")
        return redirect(url_for("recognition.person_exemptions", person_id=person_id))
    page = render_template("recognition/request_exemption.html", person=network.person(person_id), form=form)
    return page, 422 if form.errors else 200


@recognition.get("/exemptions/<int:exemption_id>/evidence")
@allow(Permission.REVIEW_EVIDENCE)
def requested_evidence(exemption_id: int) -> Response:
    """The evidence, for those who ask."""
    return _evidence(exemption_id)


@recognition.route("/decisions/exemptions/<int:exemption_id>", methods=["GET", "POST"])
@allow(Permission.DECIDE)
def exemption(exemption_id: int) -> Page:
    """Approve or refuse what was asked for."""
    found, form = queries.exemption(exemption_id, is_locked=request.method == "POST"), ExemptionDecisionForm()
    if not form.validate_on_submit():
        return _decision_page(found, form), 422 if form.errors else 200
    try:
        exemptions.decide(
            exemption=found,
            is_approved=form.verdict.data == ACCEPT,
            reason=form.reason.data or "",
            by_id=current_user.account_id,
        )
    except Refused as refused:
        form.form_errors.append(words(refused))
        return _decision_page(found, form), 422
    flash(gettext("exemption.decided"), "success")
    return redirect(url_for("recognition.decisions"))


@recognition.get("/decisions/exemptions/<int:exemption_id>/evidence")
@allow(Permission.DECIDE)
def exemption_evidence(exemption_id: int) -> Response:
    """The evidence, for those who decide."""
    return _evidence(exemption_id)


@recognition.route("/decisions/exemptions/<int:exemption_id>/revoke", methods=["GET", "POST"])
@allow(Permission.DECIDE)
def revoke_exemption(exemption_id: int) -> Page:
    """End an exemption from a day on, with a reason."""
    found = queries.exemption(exemption_id, is_locked=request.method == "POST")
    form = RevocationForm(found.from_on, data={"on": today()})
    if not form.validate_on_submit():
        page = render_template("recognition/revoke_exemption.html", form=form, **_facts(found))
        return page, 422 if form.errors else 200
    exemptions.revoke(exemption=found, on=form.on.data, reason=form.reason.data, by_id=current_user.account_id)
    flash(gettext("exemption.revoked"), "success")
    return redirect(url_for("recognition.exemption", exemption_id=exemption_id))


@recognition.get("/units/<int:unit_id>/exemptions")
@allow(Permission.READ_PEOPLE)
def unit_exemptions(unit_id: int) -> str:
    """All exemptions of a unit's year: who asked, who approved, for which days."""
    year = request.args.get("year", type=int) or today().year
    if year not in YEARS:
        abort(404)
    shown, more = page_of(queries.exemptions_of_unit(current_user, unit_id, year, asked_id("before")), queries.PAGE)
    return render_template(
        "recognition/unit_exemptions.html",
        unit=network.unit(unit_id, today()),
        year=year,
        years=goals.years(),
        exemptions=shown,
        more=more and more.Exemption.id,
        titles=titles(),
    )


def _request(person_id: int, form: ExemptionForm) -> bool:
    scope, _, target = form.what.data.partition(":")
    try:
        exemptions.request(
            person_id=person_id,
            policy=form.policy.data,
            year=form.year.data,
            scope=scope,
            target=target,
            reason=form.reason.data,
            from_on=form.from_on.data,
            evidence=evidence.keep(form.papers.papers[0]),
            by_id=current_user.account_id,
        )
    except Refused as refused:
        form.form_errors.append(words(refused))
        return False
    return True


def _decision_page(found: Exemption, form: ExemptionDecisionForm) -> str:
    return render_template("recognition/exemption.html", form=form, **_facts(found))


def _facts(found: Exemption) -> dict[str, object]:
    rows = queries.exemptions_of(found.person_id)
    row = next(row for row in rows if row.Exemption.id == found.id)
    return {"exemption": found, "row": row, "person": network.person(found.person_id), "titles": titles()}


def _evidence(exemption_id: int) -> Response:
    kept = queries.exemption(exemption_id).evidence or abort(404)
    return evidence.download(kept["type"], kept["sha256"], f"exemption-{exemption_id}")
