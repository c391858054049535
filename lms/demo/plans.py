"""The training plans of Đà Nẵng: this year's in force, next year's a draft that begins with the same items."""

from datetime import date, timedelta
from typing import Any

from lms import clock
from lms.demo import data
from lms.network import queries as network
from lms.plans import actions
from lms.plans.models import TrainingPlan


class NoUnit(Exception):
    """The demo's network has not the unit that plans."""


def draw_up(today: date, by_id: int) -> None:
    """Both plans are there."""
    told = data.document("plans.toml")["plan"]
    unit_id = network.unit_id_by_code(told["unit"], today)
    if unit_id is None:
        raise NoUnit(told["unit"])
    signed = min(_day(told["signed"], today.year), today)
    with clock.stopped(clock.at(signed, 9)):
        _approve(_drafted(unit_id, today.year, by_id), told, signed, by_id)
    actions.take_over(plan=_drafted(unit_id, today.year + 1, by_id))


def _drafted(unit_id: int, year: int, by_id: int) -> TrainingPlan:
    told = data.document("plans.toml")["plan"]
    plan = actions.draft(unit_id=unit_id, year=year, policy=told["policy"], by_id=by_id)
    basis = told["legal_basis"].strip()
    actions.set_terms(plan=plan, policy=told["policy"], class_size=told["class_size"], legal_basis=basis)
    return plan


def _approve(plan: TrainingPlan, told: dict[str, Any], signed: date, by_id: int) -> None:
    for number, item in enumerate(data.document("plans.toml")["item"], 1):
        days = {
            "from_on": _day(item["from"], plan.year),
            "to_on": _day(item["last"], plan.year) + timedelta(days=1),
        }
        values = {name: value for name, value in item.items() if name not in ("from", "last")}
        actions.add(plan=plan, key=f"demo-{number}", values=values | days | {"unit_id": None})
    actions.approve(
        plan=plan,
        decision_number=told["decision_number"],
        approved_on=signed,
        signatory_name=told["signatory_name"],
        signatory_title=told["signatory_title"],
        legal_basis=plan.legal_basis,
        by_id=by_id,
    )


def _day(month_and_day: str, year: int) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")
