"""Pages of claims: one's own, those to review, and what waits for a coordinator's decision."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.clock import today
from lms.goals import queries as goals
from lms.goals.rules import HUNDREDTHS
from lms.language import gettext
from lms.network import queries as network
from lms.pages import asked_id, page_of
from lms.recognition import actions, evidence, queries
from lms.recognition.forms import ACCEPT, AppealForm, ClaimForm, ConfirmForm, DecisionForm
from lms.recognition.models import Claim
from lms.recognition.rules import Refused

recognition = Blueprint("recognition", __name__)

Page = str | Response | tuple[str, int]


@recognition.get("/my/claims")
@allow(Permission.OWN)
def my_claims() -> str:
    """One's own claims and exemptions."""
    return render_template(
        "recognition/my_claims.html",
        claims=queries.claims_of(current_user.person_id),
        exemptions=queries.exemptions_of(current_user.person_id),
        titles=titles(),
        hundredths=HUNDREDTHS,
    )


@recognition.route("/my/claims/new", methods=["GET", "POST"])
@allow(Permission.OWN)
def new_claim() -> Page:
    """Hand in evidence of learning elsewhere, of an event, of teaching."""
    form = ClaimForm()
    if not form.validate_on_submit():
        return render_template("recognition/new_claim.html", form=form), 422 if form.errors else 200
    claim, is_new = actions.submit(
        person_id=current_user.person_id,
        kind=form.kind.data,
        title=form.title.data,
        provider=form.provider.data,
        category=form.category.data,
        periods=form.periods.data,
        completed_on=form.completed_on.data,
        module=form.module.data or None,
        papers=form.papers.papers,
        paper_number=form.paper_number.data or None,
    )
    flash(gettext("recognition.submitted" if is_new else "recognition.submitted-before"), "success")
    return redirect(url_for("recognition.my_claim", claim_id=claim.id))


@recognition.get("/my/claims/<int:claim_id>")
@allow(Permission.OWN)
def my_claim(claim_id: int) -> Page:
    """One's own claim: what became of it, and the way to appeal."""
    return _own_page(queries.claim(claim_id), AppealForm())


@recognition.post("/my/claims/<int:claim_id>/withdraw")
@allow(Permission.OWN)
def withdraw(claim_id: int) -> Response:
    """Take back what nobody has decided on."""
    actions.withdraw(claim=queries.claim(claim_id, is_locked=True))
    return redirect(url_for("recognition.my_claims"))


@recognition.post("/my/claims/<int:claim_id>/appeal")
@allow(Permission.OWN)
def appeal(claim_id: int) -> Page:
    """Ask a coordinator to look again."""
    claim, form = queries.claim(claim_id, is_locked=True), AppealForm()
    if not form.validate_on_submit():
        return _own_page(claim, form), 422
    try:
        actions.appeal(claim=claim, text=form.text.data)
    except Refused as refused:
        form.form_errors.append(words(refused))
        return _own_page(claim, form), 422
    return redirect(url_for("recognition.my_claim", claim_id=claim_id))


@recognition.get("/my/claims/<int:claim_id>/files/<int:number>")
@allow(Permission.OWN)
def my_file(claim_id: int, number: int) -> Response:
    """A file of one's own claim."""
    return _file(claim_id, number)


@recognition.get("/claims")
@allow(Permission.REVIEW_EVIDENCE)
def claims() -> str:
    """Claims that wait for a review, and those that wait for a second person, oldest first."""
    shown, more = page_of(queries.claims_to_review(current_user, asked_id("after")), queries.PAGE)
    again, more_again = page_of(queries.claims_to_confirm(current_user, asked_id("after-second")), queries.PAGE)
    return render_template(
        "recognition/claims.html",
        claims=shown,
        more=more,
        to_confirm=again,
        more_to_confirm=more_again,
        hundredths=HUNDREDTHS,
    )


@recognition.route("/claims/<int:claim_id>", methods=["GET", "POST"])
@allow(Permission.REVIEW_EVIDENCE)
def claim(claim_id: int) -> Page:
    """Look at the evidence and decide."""
    found = queries.claim(claim_id, is_locked=request.method == "POST")
    form = DecisionForm(found)
    if not form.validate_on_submit():
        return _review_page(found, form), 422 if form.errors else 200
    try:
        actions.review(claim=found, by_id=current_user.account_id, **_decision(form))
    except Refused as refused:
        form.form_errors.append(words(refused))
        return _review_page(found, form), 422
    flash(gettext("recognition.reviewed"), "success")
    return redirect(url_for("recognition.claims"))


@recognition.post("/claims/<int:claim_id>/confirm")
@allow(Permission.REVIEW_EVIDENCE)
def confirm(claim_id: int) -> Page:
    """Agree with what another one accepted, or not."""
    found, form = queries.claim(claim_id, is_locked=True), ConfirmForm()
    if not form.validate_on_submit():
        return _review_page(found, DecisionForm(found, formdata=None), form), 422
    try:
        is_confirmed = form.verdict.data == ACCEPT
        actions.confirm(
            claim=found, is_confirmed=is_confirmed, reason=form.reason.data or "", by_id=current_user.account_id
        )  # fmt: skip
    except Refused as refused:
        form.form_errors.append(words(refused))
        return _review_page(found, DecisionForm(found, formdata=None), form), 422
    flash(gettext("recognition.reviewed"), "success")
    return redirect(url_for("recognition.claims"))


@recognition.get("/claims/<int:claim_id>/files/<int:number>")
@allow(Permission.REVIEW_EVIDENCE)
def claim_file(claim_id: int, number: int) -> Response:
    """A file of a claim to be reviewed."""
    return _file(claim_id, number)


@recognition.get("/decisions")
@allow(Permission.DECIDE)
def decisions() -> str:
    """What waits for a coordinator: appeals, and exemptions that were asked for."""
    appeals, more_appeals = page_of(queries.appeals(current_user, asked_id("after")), queries.PAGE)
    asked = queries.exemptions_to_decide(current_user, asked_id("after-exemption"))
    exemptions, more_exemptions = page_of(asked, queries.PAGE)
    return render_template(
        "recognition/decisions.html",
        appeals=appeals,
        more_appeals=more_appeals,
        exemptions=exemptions,
        more_exemptions=more_exemptions,
        titles=titles(),
    )


@recognition.route("/decisions/claims/<int:claim_id>", methods=["GET", "POST"])
@allow(Permission.DECIDE)
def appealed_claim(claim_id: int) -> Page:
    """Decide on an appeal: accept more, or uphold the decision."""
    found = queries.claim(claim_id, is_locked=request.method == "POST")
    form = DecisionForm(found)
    if not form.validate_on_submit():
        return _appeal_page(found, form), 422 if form.errors else 200
    try:
        actions.decide_appeal(claim=found, by_id=current_user.account_id, **_decision(form))
    except Refused as refused:
        form.form_errors.append(words(refused))
        return _appeal_page(found, form), 422
    flash(gettext("recognition.appeal-decided"), "success")
    return redirect(url_for("recognition.decisions"))


@recognition.get("/decisions/claims/<int:claim_id>/files/<int:number>")
@allow(Permission.DECIDE)
def appealed_file(claim_id: int, number: int) -> Response:
    """A file of a claim that was appealed."""
    return _file(claim_id, number)


def words(refused: Refused) -> str:
    """Why something was refused, for the form."""
    return gettext(f"recognition.refused.{refused.refusal}")


def titles() -> dict[str, str]:
    """The titles of courses by slug, as the reader knows them."""
    return catalogue.titles(catalogue.offered())


def _decision(form: DecisionForm) -> dict[str, Any]:
    """What a form decides; what is refused stays as it was before: nothing, or what the review accepted."""
    before, reason = form.claim.decision, form.reason.data or ""
    if form.is_accepting:
        given = form.periods.data, form.category.data, form.module.data or None
    elif before:
        given = before.periods, before.category, before.module
    else:
        given = 0, form.claim.category, form.claim.module
    return dict(zip(("periods", "category", "module", "reason"), (*given, reason), strict=True))


def _file(claim_id: int, number: int) -> Response:
    found = queries.claim_file(claim_id, number)
    return evidence.download(found.type, found.sha256, f"evidence-{claim_id}-{number}")


def _own_page(claim: Claim, form: AppealForm) -> str:
    return render_template(
        "recognition/my_claim.html",
        claim=claim,
        form=form,
        may_appeal=queries.may_be_appealed(claim),
        titles=titles(),
        hundredths=HUNDREDTHS,
    )


def _review_page(claim: Claim, form: DecisionForm, second: ConfirmForm | None = None) -> str:
    return render_template(
        "recognition/claim.html",
        **_claim_facts(claim, form),
        second=second or ConfirmForm(formdata=None),
        has_decided=current_user.account_id in {decision.account_id for decision in claim.decisions},
    )


def _appeal_page(claim: Claim, form: DecisionForm) -> str:
    return render_template("recognition/appealed_claim.html", **_claim_facts(claim, form))


def _claim_facts(claim: Claim, form: DecisionForm) -> dict[str, object]:
    """What whoever decides should see: the claim, the person's unit, and what the ledger of that year holds already."""
    return {
        "claim": claim,
        "form": form,
        "unit": network.unit_line(claim.person_id, today()),
        "credits": goals.credits(claim.person_id, claim.completed_on.year),
        "same": queries.same_papers(current_user, claim),
        "titles": dict(form.module.choices),
        "hundredths": HUNDREDTHS,
    }
