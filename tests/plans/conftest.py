"""Đà Nẵng under the network's goal, and items for a plan."""

from datetime import date
from typing import Any

import pytest

from lms import clock
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Credit
from lms.network.models import Person
from lms.plans import actions
from lms.plans.models import TrainingPlan
from tests.architecture.source import ROOT
from tests.page import Visitor
from tests.people import Cast

YEAR = clock.today().year
ITEM: dict[str, Any] = {
    "title": "Tập huấn an toàn thông tin", "competency": "security", "roles": [], "unit_id": None, "delivery": "own",
    "owner": "Sở Khoa học và Công nghệ", "from_on": date(YEAR, 1, 1), "to_on": date(YEAR + 1, 1, 1), "seats": 10,
    "classes": 1, "budget": 45_000_000, "budget_source": "", "legal_basis": "", "task_group": 5,
}  # fmt: skip
DECISION: dict[str, Any] = {
    "decision_number": "131/KH-UBND", "approved_on": date(YEAR, 1, 2), "signatory_name": "Lê Quang Nam",
    "signatory_title": "Phó Chủ tịch", "legal_basis": "Quyết định 1690/QĐ-TTg",
}  # fmt: skip


@pytest.fixture
def city(cast: Cast) -> Cast:
    """Everybody is judged under the goal `dx`."""
    goals.publish(source=(ROOT / "courses/goals/dx.toml").read_text("utf-8"), by_id=None)
    goals.refresh(person_ids=None)
    db.session.commit()
    return cast


@pytest.fixture
def plan(city: Cast) -> TrainingPlan:
    """A draft of this year's plan of Đà Nẵng, without items."""
    made = actions.draft(unit_id=city.da_nang, year=YEAR, policy="dx", by_id=None)
    db.session.commit()
    return made


@pytest.fixture
def approved(plan: TrainingPlan) -> TrainingPlan:
    """The plan with one item, in force."""
    item(plan)
    actions.approve(plan=plan, by_id=None, **DECISION)
    db.session.commit()
    return plan


@pytest.fixture
def binh(city: Cast, visitor: Visitor) -> Visitor:
    """HR of Đà Nẵng, signed in."""
    visitor.sign_in("binh")
    return visitor


def item(plan: TrainingPlan, key: str = "one", **values: Any) -> int:
    """An item of a draft; its id; committed."""
    made = actions.add(plan=plan, key=key, values=ITEM | values)
    db.session.commit()
    return made.id


def learns(who: Person, category: str = "security", on: date = date(YEAR, 1, 1), **more: Any) -> Credit:
    """An approved credit; committed."""
    values = {"activity": f"{category} {on}", "periods": 800, "source": "internal", "state": "approved", **more}
    made = Credit(person_id=who.id, category=category, completed_on=on, recorded_at=clock.now(), **values)
    db.session.add(made)
    db.session.commit()
    return made
