"""First sign-in: accounts and codes for a whole unit in one click, each code once, and a password before anything else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.accounts import actions, passwords
from lms.accounts.models import Account
from lms.audit import AuditEntry
from lms.db import db
from lms.network.models import Person
from tests.page import Page, Visitor
from tests.people import PASSWORD, Cast, person, post

GOOD = "hoa phuong do 2026"


@pytest.fixture
def newcomers(cast: Cast) -> list[Person]:
    """Two people of a team without accounts, and one of another province."""
    people = [person("Ngô Thị Ga", "ga", phone="0900000009"), person("Đinh Văn Hà", "ha"), person("Lý Văn Ích", "ich")]
    for who, unit in zip(people, (cast.team, cast.team, cast.hue), strict=True):
        post(who, unit, "community-member")
    db.session.commit()
    return people


@pytest.fixture
def sheet(newcomers: list[Person], visitor: Visitor, cast: Cast) -> Page:
    """The sheet of codes of Hải Châu, made by Bình."""
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{cast.hai_chau}/accounts")
    assert "2 người" in page.text
    return page.submit("Tạo tài khoản")


def codes(sheet: Page) -> dict[str, str]:
    """Code by staff code, as printed."""
    rows = [[cell.text or "" for cell in row.iter("td")] + [code.text or "" for code in row.iter("code")]
            for row in sheet.main.iter("tr")]  # fmt: skip
    return {row[0]: row[-1] for row in rows if row}


def test_one_click_makes_accounts_and_codes_for_all_below_a_unit(sheet: Page) -> None:
    found = codes(sheet)
    assert set(found) == {"ga", "ha"}, "those who cannot sign in yet, of this unit and below"
    assert all(len(code) == 9 and code[4] == "-" for code in found.values())
    line = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "accounts.issue-codes")).one()
    assert (line.actor, line.detail) == ("binh", {"people": 2})


def test_codes_are_shown_once_and_never_stored(sheet: Page, visitor: Visitor, cast: Cast) -> None:
    code = codes(sheet)["ga"]
    again = visitor.visit(f"/units/{cast.hai_chau}/accounts")
    assert code not in again.html
    stored = db.session.scalars(sa.select(Account.first_code_hash).where(Account.first_code_hash.is_not(None))).all()
    assert len(set(stored)) == 2
    assert code.replace("-", "") not in "".join(filter(None, stored))


def test_a_code_opens_the_way_to_a_password_and_to_nothing_else(sheet: Page, app: Flask) -> None:
    code = codes(sheet)["ga"]
    for typed in (code, f"{code} ", code.replace("-", ""), code.lower()):
        ga = Visitor(app)
        page = ga.sign_in_by_form("0900000009", typed)
        assert page.title.startswith("Đặt mật khẩu"), typed
    for address in ("/", "/courses", "/my/account", "/my/goal"):
        assert ga.visit(address).title.startswith("Đặt mật khẩu")
    assert "Chào Ga" in page.submit("Lưu mật khẩu", password=GOOD, again=GOOD).text
    assert ga.fetch("/first-sign-in").status_code == 302, "only once"


def test_a_code_is_used_up_by_the_password(sheet: Page, app: Flask) -> None:
    code = codes(sheet)["ga"]
    first, thief = Visitor(app), Visitor(app)
    page = first.sign_in_by_form("ga", code)
    thief.sign_in_by_form("ga", code)
    page.submit("Lưu mật khẩu", password=GOOD, again=GOOD)
    assert thief.fetch("/first-sign-in").status_code == 302, "the other session has ended"
    assert Visitor(app).sign_in_by_form("ga", code).status == 422
    assert Visitor(app).sign_in_by_form("ga", GOOD).status == 200


def test_a_new_sheet_makes_the_old_one_void(sheet: Page, app: Flask, visitor: Visitor, cast: Cast) -> None:
    old = codes(sheet)["ga"]
    new = codes(visitor.visit(f"/units/{cast.hai_chau}/accounts").submit("Tạo tài khoản"))["ga"]
    assert Visitor(app).sign_in_by_form("ga", old).status == 422
    assert Visitor(app).sign_in_by_form("ga", new).status == 200


def test_an_expired_code_is_refused(sheet: Page, app: Flask) -> None:
    with clock.stopped(clock.now() + timedelta(days=actions.CODE_DAYS, seconds=1)):
        assert Visitor(app).sign_in_by_form("ga", codes(sheet)["ga"]).status == 422


def test_a_code_opens_no_other_account(sheet: Page, app: Flask) -> None:
    assert Visitor(app).sign_in_by_form("ha", codes(sheet)["ga"]).status == 422
    assert Visitor(app).sign_in_by_form("an", codes(sheet)["ga"]).status == 422


def test_a_weak_password_is_refused_with_words(sheet: Page, app: Flask) -> None:
    page = Visitor(app).sign_in_by_form("ga", codes(sheet)["ga"])
    for password in (
        "",
        "ngan",
        "12345678",
        "matkhau123",
        "chuyendoiso",
        "aaaaaaaa",
        "Ngô Thị Ga",
        "ngo thi ga",
        "x" * 129,
    ):
        page = page.submit("Lưu mật khẩu", password=password, again=password)
        assert (page.status, page.main.find(".//p[@class='error']") is not None) == (422, True), password
    assert page.visitor.visit("/").title.startswith("Đặt mật khẩu")


@pytest.mark.parametrize(
    "password", ["abcdefgh", "mưa rơi trên phố Huế", "🌸🌸🌸🌻🌻🌻🌷🌷", "correct horse battery staple " * 4]
)
def test_a_good_password_may_be_a_sentence(password: str) -> None:
    assert passwords.weakness(password, "ga", "Ngô Thị Ga") is None
    assert passwords.is_right(password, passwords.hash_password(password))


def test_who_has_a_password_keeps_it(sheet: Page, app: Flask) -> None:
    assert Visitor(app).sign_in_by_form("an", PASSWORD).status == 200
