"""November 2026, the goal in force, and visitors who are signed in."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from lms import clock
from lms.access import Role
from lms.accounts.models import RoleGrant
from lms.db import db
from tests.page import Visitor
from tests.people import LONG_AGO, Cast, account, person, post
from tests.recognition.papers import publish_goal, signed_in


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.stopped(datetime(2026, 11, 20, 2, tzinfo=UTC)):
        yield


@pytest.fixture
def an(cast: Cast, app: Flask) -> Visitor:
    """An, who learns; the goal of the network is in force."""
    publish_goal()
    return signed_in(app, "an")


@pytest.fixture
def binh(cast: Cast, app: Flask) -> Visitor:
    """Bình, who reviews for Đà Nẵng."""
    return signed_in(app, "binh")


@pytest.fixture
def dung(cast: Cast, app: Flask) -> Visitor:
    """Dũng of another province."""
    return signed_in(app, "dung")


@pytest.fixture
def both(cast: Cast, app: Flask) -> Visitor:
    """Somebody who reviews and decides for Đà Nẵng."""
    who = person("Ngô Văn Cả", "ca")
    post(who, cast.da_nang, "leader")
    held = account(who, Role.UNIT_HR, cast.da_nang)
    more = RoleGrant(account_id=held.id, role=Role.COORDINATOR, unit_id=cast.da_nang, from_on=LONG_AGO, reason="test")
    db.session.add(more)
    db.session.commit()
    return signed_in(app, "ca")
