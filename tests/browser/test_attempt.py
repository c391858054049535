"""A connection that is lost, and two windows on one attempt: nothing is lost, and nothing is written over unseen."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, Route, expect

from lms.catalogue.content import Draw
from lms.catalogue.models import Course
from lms.db import db
from lms.network import queries as network
from lms.quizzes.models import Answer
from tests.browser.conftest import SignedIn, inside
from tests.quizzes.bank import question, quiz
from tests.quizzes.course import publish, take

SLUG = "khoa-mot-cau"
RECEIPT, FIELD = "[data-receipt]", "[name=answer]"


@pytest.fixture
def course(demo: Flask) -> Iterator[str]:
    """A course whose quiz is one question, which An may answer."""

    def make() -> None:
        published = publish(quiz(Draw(1), questions=(question("short", "q1", answers=("một cửa",)),)), slug=SLUG)
        an = network.person_by_code("an")
        assert an is not None
        take(an.id, published)
        db.session.commit()

    inside(demo, make)
    yield f"/courses/{SLUG}/quiz"
    inside(demo, hide)


def hide() -> None:
    """Other tests count the courses on offer."""
    db.session.execute(sa.update(Course).where(Course.slug == SLUG).values(is_retired=True))
    db.session.commit()


def stored() -> list[str]:
    return db.session.scalars(sa.select(Answer.response).order_by(Answer.id.desc()).limit(1)).one()


def open_question(page: Page, course: str) -> None:
    page.goto(course)
    page.locator("main form button.button-primary").click()
    expect(page.locator("h1")).to_have_text("Câu 1 trong 1")


def test_what_is_written_without_a_connection_is_kept_and_an_older_window_is_told(
    demo: Flask, signed_in: SignedIn, course: str
) -> None:
    page = signed_in("an")
    open_question(page, course)
    page.context.set_offline(True)
    page.fill(FIELD, "viết khi mất mạng")
    expect(page.locator(RECEIPT)).to_contain_text("đang giữ trên máy", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator(RECEIPT)).to_contain_text("Đã lưu lúc", timeout=15_000)
    assert inside(demo, stored) == ["viết khi mất mạng"]

    other, slow = signed_in("an"), list[Route]()
    other.route("**/autosave*", lambda route: slow.append(route))
    open_question(other, course)
    other.fill(FIELD, "từ máy kia")  # before the script has come
    slow.pop().continue_()
    expect(other.locator(RECEIPT)).to_contain_text("Đã lưu lúc", timeout=15_000)
    page.fill(FIELD, "từ trang cũ")
    expect(page.locator(FIELD)).to_have_value("từ máy kia", timeout=15_000)
    assert inside(demo, stored) == ["từ máy kia"]
    page.get_by_role("button", name="Lấy lại câu trả lời trên trang này").click()
    expect(page.locator(RECEIPT)).to_contain_text("Đã lưu lúc", timeout=15_000)
    assert inside(demo, stored) == ["từ trang cũ"]
