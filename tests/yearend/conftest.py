"""A province with two communes whose year is judged: one who has met the goal, one who lacks periods, one exempt."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from lms import clock
from lms.access import Role
from lms.accounts.models import Account
from lms.db import db
from lms.goals.models import Exemption
from tests import people
from tests.page import Visitor
from tests.yearbooks import story

TODAY = (2027, 1, 30)


@dataclass
class Stage:
    """The units, their people, and the officer of the province with an address."""

    province: int
    commune: int
    other: int
    met: int
    behind: int
    officer: Account


@pytest.fixture
def stage(app: Flask) -> Iterator[Stage]:
    """It is 30 January 2027; the year 2026 is judged."""
    province, commune, other = story.place()
    story.publish()
    met = story.serve("dat", commune, 44)
    behind = story.serve("thieu", commune, 36)
    exempt = story.serve("mien", other, 10, role="focal-point")
    with story.on(*TODAY):
        free = Exemption(
            person_id=exempt.id, policy="dx", year=story.YEAR, scope="goal", target="", reason="Nghỉ", state="approved",
            from_on=clock.today().replace(year=2026, month=1), recorded_at=clock.now(),
        )  # fmt: skip
        db.session.add(free)
        who = people.person("Phan Quang Điều", "dieu")
        who.email = "dieu@example.vn"
        officer = people.account(who, Role.COORDINATOR, province)
        db.session.commit()
        story.judge()
        yield Stage(province, commune, other, met.id, behind.id, officer)


@pytest.fixture
def dieu(stage: Stage, visitor: Visitor) -> Visitor:
    """The officer, signed in."""
    visitor.sign_in("dieu")
    return visitor
