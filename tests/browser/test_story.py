"""A trainer's whole year in one go: a Word file, a course, a colleague's approval, a learner, statistics, a mended key."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from lms import jobs
from lms.catalogue import queries as catalogue
from lms.db import db
from lms.network.models import Person
from lms.quizzes import actions as quizzes
from lms.quizzes import rules
from tests.browser.conftest import DESK, SignedIn, inside
from tests.browser.test_accessibility import faults
from tests.browser.test_import import WORDS
from tests.exchange.documents import word

CLASS = 14
TITLE = "Giữ mật khẩu của mình"
RIGHT = {
    "Ai được biết mật khẩu của anh chị?": "Chỉ riêng mình",
    "Mật khẩu nào chắc hơn?": "Một câu dài dễ nhớ",
    "Mã OTP đến khi không làm gì, nên làm gì?": "Không đọc cho ai",
}
FILE = (
    "# Bài 1. Mật khẩu là chìa khóa nhà", "Mật khẩu mở tài khoản của mình, như chìa khóa mở cửa nhà. Không ai khác cần biết.",
    "Câu 1. Ai được biết mật khẩu của anh chị?", "A. Chỉ riêng mình", "B. Người quen ở ngân hàng", "Đáp án: A",
    "Câu 2. Mật khẩu nào chắc hơn?", "A. Ngày sinh của mình", "B. Một câu dài dễ nhớ", "Đáp án: A",
    "Câu 3. Mã OTP đến khi không làm gì, nên làm gì?", "A. Đọc cho người gọi đến", "B. Không đọc cho ai", "Đáp án: B",
)  # fmt: skip
"""The key of the second question is wrong, as happens."""


def work(app: Flask) -> None:
    """The worker's turn."""

    def do() -> None:
        jobs.queue_regular()
        db.session.commit()
        jobs.run_pending()

    inside(app, do)


def sent_for_review(page: Page) -> str:
    """The draft that Chi makes of her file, handed to a colleague; its address."""
    page.goto("/teach/imports")
    page.set_input_files("#upload", {"name": "mat-khau.docx", "mimeType": WORDS, "buffer": word(*FILE)})
    page.get_by_role("button", name="Đọc tệp").click()
    page.fill("#title", TITLE)
    page.get_by_role("button", name="Đưa vào bản nháp").click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    draft = page.url.partition("?")[0]
    page.goto(f"{draft}/publishing")
    page.get_by_role("button", name="Gửi đi đọc lại").click()
    return draft


def answered(page: Page, slug: str) -> None:
    """All lessons read and all questions answered as they ought to be."""
    page.goto(f"/courses/{slug}")
    page.click("text=Bắt đầu học")
    page.get_by_role("button", name="Học xong, sang bài kiểm tra").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    for position in range(1, len(RIGHT) + 1):
        expect(page.locator("h1")).to_have_text(f"Câu {position} trong {len(RIGHT)}")
        asked = next(words for words in RIGHT if words in page.locator("main").inner_text())
        page.get_by_label(RIGHT[asked]).check()
        page.locator("button[value=on]").click()
    page.get_by_role("button", name="Nộp bài").click()
    page.locator("dialog button", has_text="Nộp bài").click()


def classmates_answer(slug: str) -> None:
    """A class of others hands in: all choose what is right, but for the key."""
    published = catalogue.current(slug)
    people = db.session.scalars(sa.select(Person.id).order_by(Person.id).offset(100).limit(CLASS)).all()
    for person_id in people:
        attempt = quizzes.start(person_id=person_id, published=published)
        for shown in rules.draw(published.content.quiz, attempt.seed):
            texts = [option.text for option in shown.question.options]
            chosen = rules.as_shown(shown, [str(texts.index(RIGHT[shown.question.text]))])
            quizzes.save(attempt=attempt, shown=shown, values=chosen)
        quizzes.hand_in(attempt=attempt, published=published)
    db.session.commit()


@pytest.mark.usefixtures("another_trainer")
def test_a_word_file_becomes_a_course_whose_wrong_key_is_mended(demo: Flask, signed_in: SignedIn) -> None:
    chi, lan, an = signed_in("chi", size=DESK), signed_in("lan", size=DESK), signed_in("an")
    draft = sent_for_review(chi)
    lan.goto(f"{draft}/review")
    lan.get_by_role("button", name="Duyệt, cho xuất bản").click()
    lan.get_by_role("button", name="Xuất bản").click()
    expect(lan.locator("h1")).to_have_text(f"Phiên bản 1: {TITLE}")

    course = lan.url.partition("/teach/")[2].partition("/")[0]

    answered(an, course)
    expect(an.locator("main")).to_contain_text("Chưa đạt")

    inside(demo, lambda: classmates_answer(course))
    work(demo)
    chi.goto(f"/teach/{course}/statistics")
    assert not faults(chi, chi.url)
    expect(chi.locator("main")).to_contain_text("Nên xem lại")
    chi.get_by_role("link", name="Câu 2", exact=True).first.click()
    expect(chi.locator("main")).to_contain_text("Một câu dài dễ nhớ")
    chi.get_by_role("link", name="Sửa đáp án hoặc hủy câu này").click()
    chi.get_by_label("Đáp án đúng là khác").check()
    chi.get_by_label("Một câu dài dễ nhớ").check()
    chi.get_by_label("Lý do").fill("Đánh nhầm đáp án trong tệp Word.")
    chi.get_by_role("button", name="Xem ai thay đổi").click()
    work(demo)
    chi.reload()
    expect(chi.locator("main")).to_contain_text(f"{CLASS + 1} người thay đổi")
    chi.get_by_role("button", name="Áp dụng đúng như đã xem").click()
    chi.locator("dialog button", has_text="Áp dụng").click()
    work(demo)

    an.goto("/my/certificates")
    expect(an.locator("main")).to_contain_text(TITLE)
