"""When something goes wrong, a person reads what and what to do, and a helper gets a number to look for."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from lms.access import Permission, allow
from lms.db import db
from tests.page import Page, Visitor
from tests.people import Cast


@pytest.fixture
def outage(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The database goes away when this is called."""
    monkeypatch.setitem(app.config, "TESTING", False)

    def refuse(*_args: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the database is away"))

    def begin() -> None:
        event.listen(db.engine, "before_cursor_execute", refuse)

    yield begin
    if event.contains(db.engine, "before_cursor_execute", refuse):
        event.remove(db.engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_an_error_page_has_words_and_a_number(cast: Cast, visitor: Visitor, locale: str) -> None:
    visitor.speak(locale)
    page = visitor.visit("/no-such-page")
    assert (page.status, page.tree.get("lang")) == (404, locale)
    assert page.response.headers["X-Request-Id"] in page.text
    assert "404" in page.text


def test_a_page_that_one_may_not_open_says_so(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    assert visitor.visit("/audit").status == 403
    assert visitor.visit("/units/1").status == 403
    assert visitor.post("/", {}).status == 405


def test_while_the_database_is_away_pages_say_so(cast: Cast, visitor: Visitor, outage: Any) -> None:
    visitor.sign_in("an")
    outage()
    for address in ("/", "/courses", "/no-such-page"):
        page = visitor.visit(address)
        assert (page.status, bool(page.text)) == (503, True), address
    guest = Visitor(visitor.app)
    assert guest.fetch("/health").status_code == 200
    assert guest.visit("/sign-in").status == 200


def test_a_failure_tells_nothing_of_the_inside(
    cast: Cast, visitor: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "pages.health", fail)
    page = Page(visitor, visitor.fetch("/health")).lint()
    assert page.status == 500
    assert "secret detail" not in page.html
    assert page.response.headers["X-Request-Id"] in page.text


@allow(Permission.PUBLIC)
def fail() -> str:
    raise RuntimeError("secret detail")
