"""Pages of plans: a unit's plans, one of them, what holds for it, its approval, taking it out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import audit, clock, downloads
from lms.access import Permission, allow
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.plans import actions, progress, queries, rules
from lms.plans.forms import ApprovalForm, TermsForm, YearForm
from lms.plans.models import TrainingPlan
from lms.plans.rules import Refused

plans = Blueprint("plans", __name__)

Page = str | Response | tuple[str, int]
DEFAULT_POLICY = "dx"


@plans.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Why an act is not done, on the page of the plan."""
    flash(words(error), "warning")
    plan_id = (request.view_args or {})["plan_id"]
    return redirect(url_for("plans.plan", plan_id=plan_id))


@plans.get("/units/<int:unit_id>/plans")
@allow(Permission.READ_PEOPLE)
def unit_plans(unit_id: int) -> str:
    """The plans of a unit by year and revision."""
    return _unit_page(unit_id, YearForm())


@plans.post("/units/<int:unit_id>/plans")
@allow(Permission.DRAFT_PLANS)
def draft(unit_id: int) -> Page:
    """Begin the plan of a year, or go on with it."""
    form = YearForm()
    if not form.validate_on_submit():
        return _unit_page(unit_id, form), 422
    codes = [policy.code for policy in goals.policies(form.year.data)]
    policy = codes[0] if codes and DEFAULT_POLICY not in codes else DEFAULT_POLICY
    found = actions.draft(unit_id=unit_id, year=form.year.data, policy=policy, by_id=current_user.account_id)
    return redirect(url_for("plans.plan", plan_id=found.id))


@plans.get("/plans/<int:plan_id>")
@allow(Permission.READ_PEOPLE)
def plan(plan_id: int) -> str:
    """A plan: the document, how far its items have come, and what is still needed."""
    found = queries.plan(plan_id)
    reached = queries.reached(found)
    needs = queries.needs(found, reached)
    names = progress.words(found, needs)
    lines = progress.lines(found, reached, names)
    return render_template(
        "plans/plan.html",
        plan=found,
        unit=names.units[found.unit_id],
        lines=lines,
        share=progress.share(lines),
        needs=needs,
        names=names,
        basis=rules.basis_year(found.year, clock.today().year),
        policy=_policy_title(found),
        may=queries.powers(found.unit_id),
    )


@plans.route("/plans/<int:plan_id>/terms", methods=["GET", "POST"])
@allow(Permission.DRAFT_PLANS)
def terms(plan_id: int) -> Page:
    """What holds for the whole plan: the goal, the size of a class, the legal basis."""
    found = queries.plan(plan_id, is_locked=request.method == "POST")
    form = TermsForm(found)
    if not form.validate_on_submit():
        return _form_page("plans/terms.html", found, form)
    actions.set_terms(
        plan=found, policy=form.policy.data, class_size=form.class_size.data, legal_basis=form.legal_basis.data
    )
    flash(gettext("plans.saved"), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@plans.post("/plans/<int:plan_id>/take-over")
@allow(Permission.DRAFT_PLANS)
def take_over(plan_id: int) -> Response:
    """Copy the items of last year's plan."""
    copied = actions.take_over(plan=queries.plan(plan_id, is_locked=True))
    flash(gettext("plans.taken-over", items=copied), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@plans.post("/plans/<int:plan_id>/revise")
@allow(Permission.DRAFT_PLANS)
def revise(plan_id: int) -> Response:
    """Begin a new revision of an approved plan."""
    revision = actions.revise(plan=queries.plan(plan_id, is_locked=True), by_id=current_user.account_id)
    return redirect(url_for("plans.plan", plan_id=revision.id))


@plans.route("/plans/<int:plan_id>/approve", methods=["GET", "POST"])
@allow(Permission.DECIDE)
def approve(plan_id: int) -> Page:
    """Enter the decision that approves a plan."""
    found = queries.plan(plan_id, is_locked=request.method == "POST")
    form = ApprovalForm(legal_basis=found.legal_basis)
    if not form.validate_on_submit():
        return _form_page("plans/approve.html", found, form)
    try:
        actions.approve(plan=found, by_id=current_user.account_id, **form.decision())
    except Refused as error:
        form.form_errors.append(words(error))
        return _form_page("plans/approve.html", found, form)
    flash(gettext("plans.approved"), "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))


@plans.post("/plans/<int:plan_id>/export")
@allow(Permission.EXPORT)
def export(plan_id: int) -> Response:
    """The items with their progress, as a file."""
    found = queries.plan(plan_id)
    names = progress.words(found)
    lines = progress.lines(found, queries.reached(found), names)
    ending = "csv" if request.form.get("form") == "csv" else "xlsx"
    audit.record("plans.export", found, form=ending, items=len(lines))
    name = gettext("plans.file", unit=names.units[found.unit_id], year=found.year)
    return downloads.table(ending, f"{name}.{ending}", progress.COLUMNS, progress.rows(lines))


def words(error: Refused) -> str:
    """Why something was refused."""
    return gettext(f"plans.refused.{error.refusal}")


def _unit_page(unit_id: int, form: YearForm) -> str:
    found = queries.plans_of(unit_id)
    return render_template(
        "plans/unit_plans.html",
        unit=network.unit(unit_id, clock.today()),
        plans=found,
        form=form,
        planned={one.id: _planned(one) for one in found},
        may=queries.powers(unit_id),
    )


def _form_page(template: str, plan: TrainingPlan, form: TermsForm | ApprovalForm) -> Page:
    return render_template(template, plan=plan, form=form), 422 if form.errors else 200


def _planned(plan: TrainingPlan) -> tuple[int, int]:
    """Seats and đồng of a plan."""
    return sum(item.seats for item in plan.items), sum(item.budget for item in plan.items)


def _policy_title(plan: TrainingPlan) -> str:
    return next((policy.title for policy in goals.policies(plan.year) if policy.code == plan.policy), plan.policy)
