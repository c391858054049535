"""A coordinator of the whole nation, and focal points of communes under the shipped policy."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from lms import clock
from lms.access import Role
from lms.db import db
from lms.goals import actions as goals
from tests.goals.facts import DX_TEXT
from tests.page import Visitor
from tests.people import Cast, account, person, post


@pytest.fixture(autouse=True)
def spring() -> Iterator[None]:
    """It is May 2026: the year is open, and the first of July has not come."""
    with clock.stopped(datetime(2026, 5, 20, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def quyen(spring: None, cast: Cast, visitor: Visitor) -> Visitor:
    """The coordinator of the nation, signed in; `dx` is in force, and two focal points serve in communes all year."""
    account(person("Lương Thị Quyên", "quyen"), Role.COORDINATOR)
    for number, commune in enumerate((cast.hai_chau, cast.thanh_khe), 1):
        post(person(f"Nguyễn Đầu Mối {number}", f"xa-{number}"), commune, "focal-point")
    goals.publish(source=DX_TEXT, by_id=None)
    goals.refresh(person_ids=None)
    db.session.commit()
    visitor.sign_in("quyen")
    return visitor
