"""What is listed lies in reach too: no page, search or second door names somebody from elsewhere."""

from datetime import timedelta

import pytest

from lms import clock
from lms.access import Role
from lms.accounts.models import RoleGrant
from lms.accounts.queries import accounts_of
from lms.db import db
from lms.network.models import Assignment
from tests.architecture.world import World
from tests.page import Visitor
from tests.people import LONG_AGO, post


@pytest.mark.parametrize(
    ("reader", "seen", "unseen"),
    [
        ("binh", {"An", "Bình", "Em", "Khê"}, {"Dũng", "Ương"}),
        ("em", {"An", "Em"}, {"Bình", "Khê", "Dũng", "Ương"}),
        ("kiem", {"An", "Bình", "Dũng", "Khê", "Ương"}, set()),
    ],
)
def test_lists_name_those_in_reach_and_nobody_else(
    world: World, visitor: Visitor, reader: str, seen: set[str], unseen: set[str]
) -> None:
    visitor.sign_in(reader)
    assert _named(visitor.visit("/people").text, seen | unseen) == seen
    assert _named(visitor.visit("/people?q=dung").text, {"Dũng"}) == seen & {"Dũng"}
    assert _named(visitor.visit("/people?q=dung&after=~1").text, {"Dũng"}) == seen & {"Dũng"}
    visible = {"Huế"} & set(visitor.visit("/units").text.split())
    assert bool(visible) == ("Dũng" in seen and reader != "kiem")


def test_who_moved_away_is_out_of_reach_of_the_old_place_and_in_reach_of_the_new(
    world: World, visitor: Visitor
) -> None:
    today = clock.today()
    db.session.query(Assignment).filter_by(person_id=world.cast.em.id).update({"to_on": today})
    db.session.commit()
    visitor.sign_in("binh")
    assert visitor.fetch(f"/people/{world.cast.em.id}").status_code == 200, (
        "who left is still known where they served last"
    )

    post(world.cast.em, world.cast.hue, "focal-point", today)
    db.session.commit()
    assert visitor.fetch(f"/people/{world.cast.em.id}").status_code == 404


def test_a_role_counts_on_its_days_only(world: World, visitor: Visitor) -> None:
    today = clock.today()
    account = accounts_of([world.cast.an.id])[world.cast.an.id]
    grant = RoleGrant(
        account_id=account.id,
        role=Role.UNIT_HR,
        unit_id=world.cast.hai_chau,
        from_on=LONG_AGO,
        to_on=today,
        reason="test",
    )
    db.session.add(grant)
    db.session.commit()
    visitor.sign_in("an")
    assert visitor.fetch("/people").status_code == 403, "it ended this morning"
    grant.to_on = today + timedelta(days=1)
    db.session.commit()
    assert visitor.fetch("/people").status_code == 200, "today is its last day"


@pytest.mark.parametrize(("role", "page"), [(Role.AUDITOR, "/audit"), (Role.ADMINISTRATOR, "/settings/issuers")])
def test_a_role_over_some_units_gives_nothing_over_the_installation(
    world: World, visitor: Visitor, role: Role, page: str
) -> None:
    account = accounts_of([world.cast.an.id])[world.cast.an.id]
    grant = RoleGrant(account_id=account.id, role=role, unit_id=world.cast.hai_chau, from_on=LONG_AGO, reason="test")
    db.session.add(grant)
    db.session.commit()
    visitor.sign_in("an")
    assert visitor.fetch(page).status_code == 403
    assert visitor.fetch("/people").status_code == 200


def _named(text: str, names: set[str]) -> set[str]:
    return names & set(text.replace(",", " ").split())
