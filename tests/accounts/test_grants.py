"""Roles given to others: only roles that one may give, only where one may, never to oneself, and all of it on record."""

from datetime import timedelta

import sqlalchemy as sa

from lms import clock
from lms.access import Role
from lms.accounts.models import RoleGrant
from lms.accounts.queries import accounts_of
from lms.audit import AuditEntry
from lms.db import OPEN_END, db
from lms.language import format_date
from tests.page import Page, Visitor
from tests.people import LONG_AGO, Cast

HAI_CHAU, HUE, DA_NANG, NATION = "20242", "46", "48", "00"
BEYOND = (
    ("em", "unit-hr", HUE),
    ("em", "unit-hr", ""),
    ("em", "trainer", NATION),
    ("em", "trainer", "no such unit"),
    ("em", "coordinator", HAI_CHAU),
    ("em", "administrator", HAI_CHAU),
    ("em", "auditor", HAI_CHAU),
    ("em", "no such role", HAI_CHAU),
    ("dieu", "unit-hr", HAI_CHAU),
    ("nobody", "unit-hr", HAI_CHAU),
    ("dung", "unit-hr", HAI_CHAU),
)
"""What the coordinator of Đà Nẵng may not give: places, roles and people out of reach, and anything to oneself."""


def give(visitor: Visitor, login: str, role: str, unit_code: str, **more: str) -> Page:
    filled_in = {"login": login, "role": role, "unit_code": unit_code, "reason": "QĐ 12/2026"} | more
    return visitor.visit("/grants").submit("Giao vai trò", **filled_in)


def grants_of(who: int) -> list[RoleGrant]:
    holder = accounts_of([who])[who]
    return list(
        db.session.scalars(sa.select(RoleGrant).where(RoleGrant.account_id == holder.id).order_by(RoleGrant.id))
    )


def test_a_coordinator_gives_a_role_in_scope(cast: Cast, dieu: Visitor) -> None:
    last = clock.today() + timedelta(days=30)
    assert give(dieu, "em", "unit-hr", HAI_CHAU, last_on=format_date(last)).status == 200
    given = grants_of(cast.em.id)[0]
    assert (given.role, given.unit_id, given.from_on) == ("unit-hr", cast.hai_chau, clock.today())
    assert given.to_on == last + timedelta(days=1), "the last day is included"
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accounts.grant")).one()
    assert (line.actor, line.detail["role"], line.detail["reason"]) == ("dieu", "unit-hr", "QĐ 12/2026")

    em = Visitor(dieu.app)
    em.sign_in("em")
    assert em.fetch(f"/units/{cast.hai_chau}/accounts").status_code == 200
    assert em.fetch(f"/units/{cast.thanh_khe}/accounts").status_code == 404


def test_a_coordinator_gives_nothing_else(cast: Cast, dieu: Visitor) -> None:
    before = db.session.scalar(sa.select(sa.func.count(RoleGrant.id)))
    for login, role, unit_code in BEYOND:
        page = give(dieu, login, role, unit_code)
        assert (page.status, page.main.find(".//p[@class='error']") is not None) == (422, True), (
            login,
            role,
            unit_code,
        )
    assert db.session.scalar(sa.select(sa.func.count(RoleGrant.id))) == before


def test_somebody_of_another_province_cannot_be_told_from_nobody(cast: Cast, dieu: Visitor) -> None:
    unknown, foreign = (give(dieu, login, "unit-hr", HAI_CHAU).text for login in ("nobody", "dung"))
    assert unknown == foreign


def test_a_role_needs_a_reason_and_days_that_make_sense(cast: Cast, dieu: Visitor) -> None:
    for more in ({"reason": ""}, {"last_on": "01/01/2020"}, {"from_on": "31/02/2026"}):
        assert give(dieu, "em", "unit-hr", HAI_CHAU, **more).status == 422
    assert not grants_of(cast.em.id)


def test_two_roles_do_not_add_up_to_more(cast: Cast, dieu: Visitor) -> None:
    who = accounts_of([db.session.scalar(sa.text("SELECT id FROM person WHERE code = 'dieu'"))]).popitem()[1]
    role = RoleGrant(account_id=who.id, role=Role.ADMINISTRATOR, unit_id=cast.hai_chau, from_on=LONG_AGO, reason="test")
    db.session.add(role)
    db.session.commit()
    assert give(dieu, "em", "coordinator", HAI_CHAU).status == 200
    assert give(dieu, "em", "coordinator", DA_NANG).status == 422


def test_a_role_is_ended_with_a_reason(cast: Cast, dieu: Visitor) -> None:
    give(dieu, "em", "unit-hr", HAI_CHAU)
    page = dieu.visit(f"/grants/{grants_of(cast.em.id)[0].id}/end")
    assert page.submit("Thu hồi", reason="").status == 422
    assert page.submit("Thu hồi", reason="chuyển công tác").status == 200
    assert grants_of(cast.em.id)[0].to_on == clock.today()
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accounts.end-grant")).one()
    assert (line.detail["old"], line.detail["reason"]) == (str(OPEN_END), "chuyển công tác")
    em = Visitor(dieu.app)
    em.sign_in("em")
    assert em.fetch("/people").status_code == 403


def test_a_coordinator_cannot_end_what_was_given_from_above(cast: Cast, dieu: Visitor) -> None:
    own = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.COORDINATOR)).one()
    assert dieu.fetch(f"/grants/{own.id}/end").status_code == 404
    assert f"/grants/{own.id}/end" not in dieu.visit("/grants").html


def test_an_administrator_gives_every_role_everywhere_but_not_to_oneself(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("giang")
    assert give(visitor, "dung", "coordinator", HUE).status == 200
    assert give(visitor, "dung", "auditor", "").status == 200
    assert give(visitor, "giang", "coordinator", HUE).status == 422
