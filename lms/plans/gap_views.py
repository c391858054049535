"""From the gaps of a unit's competencies to the items of its plan."""

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms import clock
from lms.access import Permission, allow
from lms.catalogue import queries as catalogue
from lms.competencies import gaps
from lms.competencies import queries as competencies
from lms.goals import queries as goals
from lms.language import gettext
from lms.network import queries as network
from lms.plans import actions, queries
from lms.plans.models import TrainingPlan
from lms.plans.rules import PlanState
from lms.plans.views import DEFAULT_POLICY, plans


@plans.post("/units/<int:unit_id>/plans/gaps")
@allow(Permission.DRAFT_PLANS)
def take_gaps(unit_id: int) -> Response:
    """Plan the chosen courses for those whose gaps they close; what is planned already stays as it is."""
    asked, this = request.form.get("year", type=int) or 0, clock.today().year
    year = asked if asked in (this, this + 1) else this
    frame, _ = competencies.chosen(request.form.get("frame", ""))
    codes = [policy.code for policy in goals.policies(year)]
    policy = codes[0] if codes and DEFAULT_POLICY not in codes else DEFAULT_POLICY
    wanted = set(request.form.getlist("course"))
    found = gaps.report(unit_id, policy, min(year, this), frame).closings if frame else []
    chosen = [closing for closing in found if closing.course in wanted]
    if not chosen:
        flash(gettext("plans.no-gaps-chosen"), "warning")
        return redirect(url_for("competencies.unit", unit_id=unit_id))
    plan = _draft(unit_id, year, policy)
    added = actions.take_gaps(
        plan=plan, closings=chosen, titles=catalogue.titles(catalogue.offered()),
        owner=network.names([unit_id])[unit_id], today=clock.today(),
    )  # fmt: skip
    flash(gettext("plans.gaps-taken", items=added), "success")
    return redirect(url_for("plans.plan", plan_id=plan.id))


def _draft(unit_id: int, year: int, policy: str) -> TrainingPlan:
    """The draft of a year's plan: the one that there is, the first, or the next revision of what is approved."""
    by_id = current_user.account_id
    plan = queries.plan(actions.draft(unit_id=unit_id, year=year, policy=policy, by_id=by_id).id, is_locked=True)
    return actions.revise(plan=plan, by_id=by_id) if plan.state == PlanState.APPROVED else plan
