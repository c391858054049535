"""Trainers of Đà Nẵng: Chi, and Lan, who reads what Chi wrote."""

import pytest

from lms.access import Role
from lms.accounts.models import Account
from lms.db import db
from tests.page import Visitor
from tests.people import Cast, account, person


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    """Signed in."""
    visitor.sign_in("chi")
    return visitor


@pytest.fixture
def lan(cast: Cast) -> Account:
    """Not signed in."""
    made = account(person("Đỗ Thị Lan", "lan"), Role.TRAINER, cast.da_nang)
    db.session.commit()
    return made
