"""Writes of plans: drafting, items, copying, revising, approving. What is approved is never written again."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lms import audit, clock
from lms.competencies.rules import Closing
from lms.db import db, insert
from lms.plans import queries, rules
from lms.plans.models import WORDING, PlanItem, TrainingPlan
from lms.plans.rules import MODULE, WORKFORCE, Delivery, PlanState, Refusal, Refused


def draft(*, unit_id: int, year: int, policy: str, by_id: int | None) -> TrainingPlan:
    """The plan of a unit for a year: its last revision, or a first draft where there is none."""
    if existing := queries.latest(unit_id, year):
        return existing
    return _draft(by_id, unit_id=unit_id, year=year, revision=1, policy=policy)


def revise(*, plan: TrainingPlan, by_id: int | None) -> TrainingPlan:
    """A draft that says what the approved plan says, to be changed; the one that there is already. Raises `Refused`."""
    newest = queries.latest(plan.unit_id, plan.year)
    if newest and newest.is_draft:
        return newest
    if plan.state != PlanState.APPROVED:
        raise Refused(Refusal.NOT_APPROVED)
    same = {name: getattr(plan, name) for name in ("unit_id", "year", "policy", "class_size", "legal_basis")}
    revision = _draft(by_id, **same, revision=plan.revision + 1)
    _copy(plan.items, revision)
    return revision


def take_over(*, plan: TrainingPlan) -> int:
    """Add the items of last year's approved plan, a year later; those that are here are left out. Raises `Refused`."""
    _must_be_draft(plan)
    before = queries.approved(plan.unit_id, plan.year - 1)
    if before is None:
        raise Refused(Refusal.NOTHING_TO_COPY)
    copied = _copy(before.items, plan)
    audit.record("plans.take-over", plan, source=before.id, items=copied)
    return copied


def set_terms(*, plan: TrainingPlan, policy: str, class_size: int, legal_basis: str) -> None:
    """Set what holds for the whole plan. Raises `Refused`."""
    _must_be_draft(plan)
    plan.policy, plan.class_size, plan.legal_basis = policy, class_size, legal_basis
    db.session.flush()
    audit.record("plans.set-terms", plan, policy=policy, class_size=class_size)


def add(*, plan: TrainingPlan, key: str, values: dict[str, Any]) -> PlanItem:
    """Add an item; `values` are its columns of `WORDING`. Sent twice it is added once. Raises `Refused`."""
    _must_be_draft(plan)
    if existing := next((item for item in plan.items if item.key == key), None):
        return existing
    position = max((item.position for item in plan.items), default=0) + 1
    item = PlanItem(key=key, position=position, **values)
    plan.items.append(item)
    db.session.flush()
    audit.record("plans.add", item, plan=plan.id, title=item.title, seats=item.seats, budget=item.budget)
    return item


def take_gaps(
    *, plan: TrainingPlan, closings: Iterable[Closing], titles: Mapping[str, str], owner: str, today: date
) -> int:
    """Add an item for each course that closes gaps; those that are here are left out. The number added. Raises `Refused`."""
    before = len(plan.items)
    for closing in closings:
        title = titles.get(closing.course, closing.course)
        add(plan=plan, key=f"gap-{closing.course}", values=_closing_item(plan, closing, title, owner, today))
    return len(plan.items) - before


def change(*, plan: TrainingPlan, item: PlanItem, values: dict[str, Any]) -> None:
    """Change an item of a draft. Raises `Refused`."""
    _must_be_draft(plan)
    for name, value in values.items():
        setattr(item, name, value)
    db.session.flush()
    audit.record("plans.change", item, plan=plan.id, title=item.title, seats=item.seats, budget=item.budget)


def remove(*, plan: TrainingPlan, item: PlanItem) -> None:
    """Remove an item of a draft. Raises `Refused`."""
    _must_be_draft(plan)
    audit.record("plans.remove", item, plan=plan.id, title=item.title)
    plan.items.remove(item)
    db.session.flush()


def approve(
    *,
    plan: TrainingPlan,
    decision_number: str,
    approved_on: date,
    signatory_name: str,
    signatory_title: str,
    legal_basis: str,
    by_id: int | None,
) -> None:
    """Put a plan in force in the place of the revision before it. Raises `Refused`."""
    _must_be_draft(plan)
    if not plan.items:
        raise Refused(Refusal.EMPTY)
    if before := queries.approved(plan.unit_id, plan.year):
        before.state = PlanState.REPLACED
    plan.state, plan.decision_number, plan.approved_on = PlanState.APPROVED, decision_number, approved_on
    plan.signatory_name, plan.signatory_title, plan.legal_basis = signatory_name, signatory_title, legal_basis
    plan.approved_by_id, plan.approved_at = by_id, clock.now()
    db.session.flush()
    audit.record("plans.approve", plan, number=decision_number, on=approved_on.isoformat(), items=len(plan.items))


def _closing_item(plan: TrainingPlan, closing: Closing, title: str, owner: str, today: date) -> dict[str, Any]:
    """What an item says for a course that closes gaps: held from today, or the beginning of its year, to the year's end."""
    return {
        "title": title,
        "competency": f"{MODULE}{closing.course}",
        "roles": list(closing.roles),
        "unit_id": None,
        "delivery": Delivery.OWN.value,
        "owner": owner,
        "from_on": max(today, date(plan.year, 1, 1)),
        "to_on": date(plan.year + 1, 1, 1),
        "seats": closing.seats,
        "classes": rules.classes_for(closing.seats, plan.class_size),
        "budget": 0,
        "budget_source": "",
        "legal_basis": "",
        "task_group": WORKFORCE,
    }


def _draft(by_id: int | None, **values: Any) -> TrainingPlan:
    """A new revision; when somebody else has just made it, theirs."""
    new = {"drafted_by_id": by_id, "drafted_at": clock.now(), **values}
    added = db.session.execute(
        insert(TrainingPlan).values(new).on_conflict_do_nothing().returning(TrainingPlan.id)
    ).scalar()
    same = {name: values[name] for name in ("unit_id", "year", "revision")}
    plan = db.session.scalars(sa.select(TrainingPlan).filter_by(**same)).one()
    if added:
        audit.record("plans.draft", plan, unit=plan.unit_id, year=plan.year, revision=plan.revision)
    return plan


def _copy(items: Iterable[PlanItem], plan: TrainingPlan) -> int:
    """Add the items that a plan does not have yet, on the same days of its year; their number."""
    there = {item.key for item in plan.items}
    position = max((item.position for item in plan.items), default=0)
    copied = [item for item in items if item.key not in there]
    for place, item in enumerate(copied, position + 1):
        values = {name: getattr(item, name) for name in WORDING}
        values["from_on"] = rules.same_day(item.from_on, plan.year)
        values["to_on"] = rules.same_day(item.to_on - timedelta(days=1), plan.year) + timedelta(days=1)
        plan.items.append(PlanItem(key=item.key, position=place, **values))
    db.session.flush()
    return len(copied)


def _must_be_draft(plan: TrainingPlan) -> None:
    if not plan.is_draft:
        raise Refused(Refusal.DECIDED)
