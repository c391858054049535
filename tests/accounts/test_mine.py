"""One's own account: the password and the open sessions. A session that has ended is worth nothing."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from lms import clock
from lms.accounts.models import SignInSession
from lms.accounts.queries import accounts_of
from lms.db import db
from tests.page import Visitor
from tests.people import PASSWORD, Cast

NEW = "mot-cau-de-nho"


def signed_in(app: Flask, code: str = "an") -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in_by_form(code)
    return visitor


def is_in(visitor: Visitor) -> bool:
    return visitor.fetch("/").status_code == 200


def test_after_signing_out_the_old_cookie_is_worth_nothing(cast: Cast, visitor: Visitor) -> None:
    page = visitor.sign_in_by_form("an")
    kept = visitor.client.get_cookie("thaoso")
    assert kept is not None
    token = page.tree.find(".//input[@name='csrf_token']")
    assert token is not None
    assert visitor.post("/sign-out", {"csrf_token": token.get("value")}).title.startswith("Đăng nhập")
    assert not is_in(visitor)
    visitor.client.set_cookie("thaoso", kept.value)
    assert not is_in(visitor)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in_by_form("an")
    cookie = visitor.client.get_cookie("thaoso")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    stored = db.session.scalars(sa.select(SignInSession.token_hash)).one()
    assert stored not in cookie.value, "what the database holds does not open a session"


def test_a_new_password_ends_all_other_sessions(cast: Cast, app: Flask) -> None:
    here, elsewhere = signed_in(app), signed_in(app)
    page = here.visit("/my/account").submit("Đổi mật khẩu", present=PASSWORD, password=NEW, again=NEW)
    assert page.status == 200
    assert is_in(here)
    assert not is_in(elsewhere)
    assert here.sign_in_by_form("an", PASSWORD).status == 422
    assert here.sign_in_by_form("an", NEW).status == 200


def test_a_password_is_changed_only_by_who_knows_it(cast: Cast, app: Flask) -> None:
    here = signed_in(app)
    page = here.visit("/my/account").submit("Đổi mật khẩu", present="a guess at it", password=NEW, again=NEW)
    assert page.status == 422
    page = here.visit("/my/account").submit("Đổi mật khẩu", present=PASSWORD, password=NEW, again=f"{NEW}!")
    assert page.status == 422
    assert Visitor(app).sign_in_by_form("an", NEW).status == 422


def test_another_device_can_be_signed_out(cast: Cast, app: Flask) -> None:
    here, elsewhere = signed_in(app), signed_in(app)
    page = here.visit("/my/account").submit("Đăng xuất thiết bị này")
    assert page.status == 200
    assert is_in(here)
    assert not is_in(elsewhere)


def test_nobody_ends_the_sessions_of_others(cast: Cast, app: Flask) -> None:
    binh, an = signed_in(app, "binh"), signed_in(app)
    theirs = db.session.scalar(sa.select(SignInSession.id).order_by(SignInSession.id))
    form = an.visit("/my/account").tree.find(".//input[@name='csrf_token']")
    assert form is not None
    assert an.post(f"/my/sessions/{theirs}/end", {"csrf_token": form.get("value")}).status == 404
    assert is_in(binh)


def test_a_disabled_account_is_out_at_once(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in_by_form("an")
    accounts_of([cast.an.id])[cast.an.id].is_disabled = True
    db.session.commit()
    assert not is_in(visitor)


def test_a_session_ends_by_itself(cast: Cast, app: Flask, visitor: Visitor) -> None:
    visitor.sign_in_by_form("an")
    with clock.stopped(clock.now() + timedelta(days=app.config["SESSION_DAYS"], minutes=1)):
        assert not is_in(visitor)
