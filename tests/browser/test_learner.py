"""A learner on a phone: from the start page to a certificate that a stranger verifies."""

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from lms.catalogue import queries as catalogue
from lms.certificates.models import Certificate
from lms.db import db
from lms.network import queries as network
from lms.quizzes import queries as quizzes
from lms.quizzes import rules
from lms.quizzes.rules import Shown
from tests.browser.conftest import SignedIn, inside
from tests.study.test_to_certificate import right_answer

COURSE = "tu-bao-ve-tren-khong-gian-mang"


def answer(page: Page, shown: Shown) -> None:
    """Give the right answer as a hand would."""
    values = rules.as_shown(shown, right_answer(shown.question))
    kind = shown.question.type
    if kind in ("single", "multiple", "true-false"):
        for value in values:
            page.check(f"input[name=answer][value='{value}']")
    elif kind in ("short", "numeric"):
        page.fill("input[name=answer]", values[0])
    else:
        for number, value in enumerate(values):
            field = page.locator(f"[name=answer-{number}]")
            field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)


def drawn(app: Flask, code: str) -> tuple[Shown, ...]:
    """What the open attempt of a person asks."""

    def draw() -> tuple[Shown, ...]:
        published, person = catalogue.current(COURSE), network.person_by_code(code)
        assert person is not None
        return rules.draw(published.content.quiz, quizzes.attempts(person.id, published.course_id)[-1].seed)

    return inside(app, draw)


def test_em_learns_passes_and_holds_a_certificate_that_anyone_can_verify(demo: Flask, signed_in: SignedIn) -> None:
    page = signed_in("em")
    expect(page.locator("h1")).to_have_text("Chào Em")
    page.goto(f"/courses/{COURSE}")
    page.click("text=Bắt đầu học")
    while page.get_by_role("button", name="Học xong, sang bài tiếp").count():
        page.get_by_role("button", name="Học xong, sang bài tiếp").click()
    page.get_by_role("button", name="Học xong, sang bài kiểm tra").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for position, shown in enumerate(drawn(demo, "em"), start=1):
        expect(page.locator("h1")).to_have_text(f"Câu {position} trong 10")
        answer(page, shown)
        page.locator("button[value=on]").click()
    page.get_by_role("button", name="Nộp bài").click()
    page.locator("dialog button", has_text="Nộp bài").click()
    expect(page.locator("main")).to_contain_text("Đạt: 10 trên 10 điểm")
    label = page.locator("main").inner_text().split("Giấy chứng nhận số ")[1].split(" ")[0]
    link = page.get_by_role("link", name="Mở giấy chứng nhận").get_attribute("href")
    assert page.request.get(str(link)).body().startswith(b"%PDF")

    code = inside(demo, lambda: db.session.scalar(sa.select(Certificate.code).where(Certificate.label == label)))
    stranger = signed_in()
    stranger.goto("/verify")
    stranger.fill("[name=number]", label)
    stranger.fill("[name=code]", code)
    stranger.get_by_role("button", name="Kiểm tra").click()
    expect(stranger.locator("h1")).to_have_text("Giấy này là thật và còn giá trị")
    expect(stranger.locator("main")).to_contain_text("Đặng Thị Em")


def test_an_answer_is_saved_without_leaving_the_question(signed_in: SignedIn) -> None:
    page = signed_in("an")
    page.goto("/courses/dich-vu-cong-truc-tuyen/quiz")
    page.locator("main form button.button-primary").click()
    page.locator("nav.positions a:not(.is-answered)").first.click()
    field = page.locator("main fieldset :is(input, select)").first
    kind = field.evaluate("e => e.tagName + ':' + e.type")
    if kind.startswith("SELECT"):
        field.select_option(index=1)
    elif kind in ("INPUT:radio", "INPUT:checkbox"):
        field.check()
    else:
        field.fill("12")
    expect(page.locator("[data-receipt]")).to_contain_text("Đã lưu lúc", timeout=8000)


def test_a_lesson_can_be_taken_in_small_parts(signed_in: SignedIn) -> None:
    page = signed_in("an")
    page.goto(f"/courses/{COURSE}")
    page.locator(".lessons a").first.click()
    page.get_by_role("button", name="Xem từng phần").click()
    expect(page.get_by_role("button", name="Phần sau")).to_be_visible()


def test_the_text_grows_on_request_and_stays_grown(signed_in: SignedIn) -> None:
    page = signed_in("an")
    page.get_by_role("button", name="A++").click()
    page.goto("/courses")
    assert page.locator("html").get_attribute("data-text-size") == "3"
