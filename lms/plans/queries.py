"""Reads of plans: revisions, needs from the figures, progress from the ledger of credits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import aliased, joinedload, selectinload

from lms import clock
from lms.access import Permission, reach
from lms.accounts.models import Account
from lms.db import db
from lms.goals import figures
from lms.goals.models import Credit, Standing
from lms.goals.rules import CreditState
from lms.network.models import UnitAncestor
from lms.plans import rules
from lms.plans.models import PlanItem, TrainingPlan
from lms.plans.rules import MODULE, PERIODS, Gap, Need, Offer, PlanState

Reached = dict[int, int]  # people by item


def plan(plan_id: int, *, is_locked: bool = False) -> TrainingPlan:
    """A plan with its items, locked for a write when asked. Raises NoResultFound."""
    found = sa.select(TrainingPlan).where(TrainingPlan.id == plan_id).options(selectinload(TrainingPlan.items))
    if is_locked:
        return db.session.scalars(found.with_for_update(), execution_options={"populate_existing": True}).one()
    with_approver = joinedload(TrainingPlan.approved_by).joinedload(Account.person)
    return db.session.scalars(found.options(with_approver)).one()


def item(plan: TrainingPlan, item_id: int) -> PlanItem:
    """An item of this plan and no other. Raises NoResultFound."""
    mine = sa.select(PlanItem).where(PlanItem.id == item_id, PlanItem.plan_id == plan.id)
    return db.session.scalars(mine).one()


def latest(unit_id: int, year: int) -> TrainingPlan | None:
    """The last revision of a unit's plan for a year."""
    found = sa.select(TrainingPlan).where(TrainingPlan.unit_id == unit_id, TrainingPlan.year == year)
    return db.session.scalars(found.order_by(TrainingPlan.revision.desc()).limit(1)).one_or_none()


def approved(unit_id: int, year: int) -> TrainingPlan | None:
    """The revision that is in force."""
    same = {"unit_id": unit_id, "year": year, "state": PlanState.APPROVED}
    return db.session.scalars(sa.select(TrainingPlan).filter_by(**same)).one_or_none()


def plans_of(unit_id: int) -> Sequence[TrainingPlan]:
    """All revisions of a unit's plans with their items, latest year first."""
    found = sa.select(TrainingPlan).where(TrainingPlan.unit_id == unit_id).options(selectinload(TrainingPlan.items))
    return db.session.scalars(found.order_by(TrainingPlan.year.desc(), TrainingPlan.revision.desc())).all()


def needs(plan: TrainingPlan, reached: Reached) -> list[Need]:
    """Who lacks what in the plan's unit, and for how many of them there is a seat."""
    year = rules.basis_year(plan.year, clock.today().year)
    lacking = figures.divided(plan.unit_id, plan.policy, year, figures.LACKING)
    gaps = [_gap(value, sum(counts.values())) for value, counts in lacking.items()]
    return rules.needs([gap for gap in gaps if gap.people > 0], [_offer(item, reached) for item in plan.items])


def reached(plan: TrainingPlan) -> Reached:
    """How many people of each item's audience have learnt what it is about: one pass over the people of the year.

    For a course a credit of the year for it; otherwise a credit of the category, or any, from the item's days.
    """
    if not plan.items:
        return {}
    counted, undone = sa.func.max, aliased(Credit)
    learnt = [sa.and_(_audience(item), _credit(item)) for item in plan.items]
    people = (
        sa.select(*(counted(sa.case((hit, 1), else_=0)).label(f"i{n}") for n, hit in enumerate(learnt)))
        .select_from(Standing)
        .join(UnitAncestor, sa.and_(UnitAncestor.unit_id == Standing.unit_id, UnitAncestor.on(Standing.reference_on)))
        .join(Credit, Credit.person_id == Standing.person_id)
        .where(
            UnitAncestor.ancestor_id == plan.unit_id,
            Standing.policy == plan.policy,
            Standing.year == plan.year,
            *_of_year(plan.year),
            Credit.state == CreditState.APPROVED,
            Credit.reverses_id.is_(None),
            sa.or_(*map(_credit, plan.items)),
            ~sa.exists().where(undone.reverses_id == Credit.id),
        )
        .group_by(Standing.person_id)
        .subquery()
    )
    [row] = db.session.execute(sa.select(*(sa.func.sum(column) for column in people.c)))
    return {item.id: int(number or 0) for item, number in zip(plan.items, row, strict=True)}


def powers(unit_id: int) -> frozenset[Permission]:
    """What the reader may do with the plans of a unit. Permissions over the same units are asked about once."""
    asked: dict[frozenset[int] | None, bool] = {}
    found = set()
    for permission in (Permission.DRAFT_PLANS, Permission.DECIDE, Permission.EXPORT):
        scope = current_user.scope(permission)
        if scope not in asked:
            asked[scope] = current_user.reaches_unit(permission, unit_id)
        if asked[scope]:
            found.add(permission)
    return frozenset(found)


def _gap(value: str, people: int) -> Gap:
    """From a value of the figures: a role and what is lacking."""
    role, _, competency = value.partition(" ")
    return Gap(role, competency, people)


def _offer(item: PlanItem, reached: Reached) -> Offer:
    seats = rules.open_seats(item.seats, reached.get(item.id, 0), item.to_on, clock.today())
    return Offer(item.competency, frozenset(item.roles), seats)


def _of_year(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Credit.completed_on >= date(year, 1, 1), Credit.completed_on < date(year + 1, 1, 1)


def _credit(item: PlanItem) -> sa.ColumnElement[bool]:
    """The condition that a credit is one for the item."""
    if item.competency.startswith(MODULE):
        return Credit.module == item.competency.removeprefix(MODULE)
    within = sa.and_(Credit.completed_on >= item.from_on, Credit.completed_on < item.to_on)
    return within if item.competency == PERIODS else sa.and_(within, Credit.category == item.competency)


def _audience(item: PlanItem) -> sa.ColumnElement[bool]:
    """The condition that a person, counted in the plan's unit, is one whom the item is for."""
    conditions: list[Any] = [Standing.role.in_(item.roles)] if item.roles else []
    if item.unit_id is not None:
        line = aliased(UnitAncestor)
        conditions.append(
            sa.exists().where(
                line.unit_id == Standing.unit_id, line.ancestor_id == item.unit_id, line.on(Standing.reference_on)
            )
        )
    return sa.and_(sa.true(), *conditions)


def _reaches(permission: Permission, unit_id: int | None) -> bool:
    return unit_id is not None and bool(current_user.reaches_unit(permission, unit_id))


@reach("plan_id")
def reaches_plan(permission: Permission, plan_id: int) -> bool:
    """Of a unit within the reach of the permission."""
    return _reaches(permission, db.session.scalar(sa.select(TrainingPlan.unit_id).where(TrainingPlan.id == plan_id)))


@reach("item_id")
def reaches_item(permission: Permission, item_id: int) -> bool:
    """Of a plan within reach; that it is the one of the URL is asked by `item`."""
    of_item = sa.select(TrainingPlan.unit_id).join(PlanItem, PlanItem.plan_id == TrainingPlan.id)
    return _reaches(permission, db.session.scalar(of_item.where(PlanItem.id == item_id)))
