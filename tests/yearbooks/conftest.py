"""A province whose coordinator closes its years."""

from dataclasses import dataclass

import pytest
from flask import Flask

from lms.access import Role
from lms.db import db
from tests import people
from tests.page import Visitor
from tests.yearbooks import story


@dataclass
class Stage:
    """The units, and somebody who lacks four periods."""

    province: int
    commune: int
    other: int
    who: people.Person


@pytest.fixture
def stage(app: Flask) -> Stage:
    """A province with two communes, of which one has somebody with 36 of 40 periods; everybody is judged."""
    province, commune, other = story.place()
    story.publish()
    who = story.serve("muoi-mot", commune, 36)
    story.judge()
    return Stage(province, commune, other, who)


@pytest.fixture
def coordinator(stage: Stage, visitor: Visitor) -> Visitor:
    """The coordinator of the province, signed in."""
    signed_in(stage.province, visitor, Role.COORDINATOR, "dieu-phoi")
    return visitor


def signed_in(unit_id: int, visitor: Visitor, role: Role, code: str) -> None:
    """Somebody with a role over a unit opens the browser."""
    who = people.person("Phan Quang Điều", code)
    people.account(who, role, unit_id)
    db.session.commit()
    visitor.sign_in(code)
