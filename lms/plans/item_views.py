"""Pages of a plan's items: adding one, changing or removing one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.access import Permission, allow
from lms.language import gettext
from lms.plans import actions, queries, rules
from lms.plans.forms import ItemForm
from lms.plans.models import PlanItem, TrainingPlan
from lms.plans.rules import Refusal, Refused
from lms.plans.views import Page, plans


@plans.route("/plans/<int:plan_id>/items/new", methods=["GET", "POST"])
@allow(Permission.DRAFT_PLANS)
def new_item(plan_id: int) -> Page:
    """Add an item; a line of the needs fills it in."""
    found = _draft(plan_id)
    form = ItemForm(found, **_asked(found))
    if not form.validate_on_submit():
        return _page(found, None, form)
    actions.add(plan=found, key=form.key.data, values=form.values())
    return _back(plan_id, gettext("plans.added"))


@plans.route("/plans/<int:plan_id>/items/<int:item_id>", methods=["GET", "POST"])
@allow(Permission.DRAFT_PLANS)
def item(plan_id: int, item_id: int) -> Page:
    """Change an item, or remove it."""
    found = _draft(plan_id)
    one = queries.item(found, item_id)
    if request.method == "POST" and request.form.get("step") == "remove":
        actions.remove(plan=found, item=one)
        return _back(plan_id, gettext("plans.removed"))
    form = ItemForm(found, one)
    if not form.validate_on_submit():
        return _page(found, one, form)
    actions.change(plan=found, item=one, values=form.values())
    return _back(plan_id, gettext("plans.saved"))


def _draft(plan_id: int) -> TrainingPlan:
    """A plan that can be changed, locked for a write. Raises `Refused`."""
    found = queries.plan(plan_id, is_locked=request.method == "POST")
    if not found.is_draft:
        raise Refused(Refusal.DECIDED)
    return found


def _asked(plan: TrainingPlan) -> dict[str, Any]:
    """What an item for a line of the needs begins with: seats for all who have none."""
    role, competency = request.args.get("role", ""), request.args.get("competency", "")
    if request.method == "POST" or not competency:
        return {}
    lines = queries.needs(plan, queries.reached(plan))
    people = next((n.uncovered for n in lines if (n.role, n.competency) == (role, competency)), 0)
    classes = rules.classes_for(people, plan.class_size)
    return {"competency": competency, "roles": [role], "seats": people or None, "classes": classes or None}


def _page(plan: TrainingPlan, item: PlanItem | None, form: ItemForm) -> Page:
    template = "plans/item.html" if item else "plans/new_item.html"
    return render_template(template, plan=plan, item=item, form=form), 422 if form.errors else 200


def _back(plan_id: int, told: str) -> Response:
    flash(told, "success")
    return redirect(url_for("plans.plan", plan_id=plan_id))
