"""Signing in: by what, after how many tries, to where, and what a stranger learns (nothing)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.accounts import passwords
from lms.accounts.queries import accounts_of
from lms.audit import AuditEntry
from lms.db import db
from lms.pages import local_target
from tests.page import Visitor
from tests.people import PASSWORD, Cast

REFUSED, TOO_MANY = 422, 429
STRANGER_ADDRESS = "203.0.113.99"
LOGINS = ("an", "AN", "  an ", "0900000001", "0900.000.001", "0900 000 001", "+84 900 000 001", "An@DaNang.gov.vn")
ON_THIS_SITE = ("/my/goal", "/courses?q=dvc", "/a//b", "/phường")
ELSEWHERE = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example",
    "javascript:alert(1)", "//[", "http://[", " //evil.example", "\u2028//evil.example", "my/goal", "", None,
)  # fmt: skip


def is_in(visitor: Visitor) -> bool:
    return visitor.fetch("/").status_code == 200


def test_a_person_signs_in_with_staff_code_phone_or_email(cast: Cast, app: Flask) -> None:
    cast.an.email = "an@danang.gov.vn"
    db.session.commit()
    for login in LOGINS:
        assert "Chào An" in Visitor(app).sign_in_by_form(login).text, login
    lines = db.session.scalars(sa.select(AuditEntry.subject).where(AuditEntry.action == "accounts.sign-in")).all()
    assert lines == [f"account:{accounts_of([cast.an.id])[cast.an.id].id}"] * len(LOGINS)


def test_a_wrong_password_an_unknown_name_and_a_closed_account_get_one_answer(
    cast: Cast, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts_of([cast.em.id])[cast.em.id].is_disabled = True
    db.session.commit()
    work = Counted(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", work)
    answers = [visitor.sign_in_by_form(*tried) for tried in (("an", "wrong"), ("nobody", "wrong"), ("em", PASSWORD))]
    assert {(page.status, page.text) for page in answers} == {(REFUSED, answers[0].text)}
    assert work.verified == 3, "each costs the same work"
    assert not is_in(visitor)


def test_the_eleventh_try_for_a_name_is_refused_and_waiting_helps(cast: Cast, visitor: Visitor) -> None:
    for number, login in enumerate(["0900000001", "0900.000.001", "+84900000001", "0900 000 001", "0900-000-001"] * 2):
        visitor.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        assert visitor.sign_in_by_form(login, "wrong").status == REFUSED
    visitor.client.environ_base["REMOTE_ADDR"] = STRANGER_ADDRESS
    page = visitor.sign_in_by_form("0900000001")
    assert page.status == TOO_MANY
    assert "5 phút" in page.text
    with clock.stopped(clock.now() + timedelta(minutes=5, seconds=1)):
        assert visitor.sign_in_by_form("0900000001").status == 200
        assert is_in(visitor)


def test_the_eleventh_try_from_an_address_is_refused_whatever_the_name(cast: Cast, visitor: Visitor) -> None:
    for number in range(10):
        assert visitor.sign_in_by_form(f"name-{number}", "wrong").status == REFUSED
    assert visitor.sign_in_by_form("an").status == TOO_MANY
    elsewhere = Visitor(visitor.app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = STRANGER_ADDRESS
    assert elsewhere.sign_in_by_form("an").status == 200


def test_a_whole_office_signs_in_from_one_address(cast: Cast, app: Flask) -> None:
    statuses = [Visitor(app).sign_in_by_form(code).status for code in ("an", "binh", "chi", "em") * 3]
    assert statuses == [200] * 12


def test_who_is_signed_in_may_sign_in_again(cast: Cast, visitor: Visitor) -> None:
    page = visitor.visit("/sign-in")
    visitor.sign_in_by_form("an")
    assert "Chào Bình" in page.submit("Đăng nhập", login="binh", secret=PASSWORD).text


def test_an_empty_form_says_what_is_missing(cast: Cast, visitor: Visitor) -> None:
    page = visitor.visit("/sign-in").submit("Đăng nhập")
    assert page.status == REFUSED
    assert "Chưa lưu được" in page.text


def test_a_redirect_stays_on_this_site(app: Flask) -> None:
    with app.test_request_context():
        assert [local_target(target) for target in ON_THIS_SITE] == list(ON_THIS_SITE)
        assert {local_target(target) for target in ELSEWHERE} == {"/"}


def test_after_signing_in_one_is_where_one_wanted_to_be(cast: Cast, visitor: Visitor) -> None:
    page = visitor.visit("/my/account")
    assert page.title.startswith("Đăng nhập")
    token = page.forms()[0].find(".//input[@name='csrf_token']")
    assert token is not None
    sent = {"login": "an", "secret": PASSWORD, "csrf_token": token.get("value")}
    for target, reached in (("/my/account", "/my/account"), ("/\t/evil.example", "/"), ("//[", "/")):
        response = visitor.client.post("/sign-in", query_string={"next": target}, data=sent)
        assert (response.status_code, response.location) == (302, reached)


def test_a_page_for_members_remembers_where_one_wanted_to_be(app: Flask, visitor: Visitor) -> None:
    assert visitor.fetch("/my/account").location == "/sign-in?next=%2Fmy%2Faccount"


def test_a_form_without_its_token_is_refused_with_words(cast: Cast, visitor: Visitor) -> None:
    visitor.speak("en")
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
        page = visitor.post("/sign-in", {"login": "an", "secret": PASSWORD} | token)
        assert page.status == 400
        assert page.tree.get("lang") == "en"
    assert not is_in(visitor)


class Counted:
    """A hasher that counts how often it checks."""

    def __init__(self, hasher: Any) -> None:
        self.hasher, self.verified = hasher, 0

    def verify(self, stored: str, password: str) -> Any:
        self.verified += 1
        return self.hasher.verify(stored, password)
