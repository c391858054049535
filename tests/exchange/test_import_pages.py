"""A trainer sends a file, sees it beside what it becomes, and takes it into a draft: all of it, or nothing."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.authoring import importing, queries
from lms.authoring.models import Draft, DraftRevision
from lms.catalogue.content import Content, Option, Question
from lms.db import db
from lms.exchange import word
from lms.exchange.carried import Carried
from tests.exchange.documents import word as document
from tests.page import Page, Visitor
from tests.people import Cast

GOOD = (
    "# Bài 1. Mạng lưới", "Mạng lưới nối những người đang làm chuyển đổi số.", "Câu 1. Mạng lưới có từ năm nào?",
    "A. 2021\tB. 2022", "C. 2023\tD. 2024", "Đáp án: C", "Câu 2. Đầu mối ở đâu?", "A. Xã", "B. Tỉnh", "Đáp án: A",
)  # fmt: skip
BAD = (*GOOD, "Câu 3. Câu này thiếu đáp án?", "A. Một", "B. Hai")


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    visitor.sign_in("chi")
    return visitor


def send(visitor: Visitor, content: bytes, name: str = "bai.docx", address: str = "/teach/imports") -> Page:
    return visitor.visit(address).submit("Đọc tệp", upload=(io.BytesIO(content), name))


def draft() -> Draft:
    return db.session.scalars(sa.select(Draft)).one()


def content() -> Content:
    found = queries.package(draft()).content
    assert found is not None
    return found


def drafts() -> int:
    return db.session.scalar(sa.select(sa.func.count(Draft.id))) or 0


def test_pictures_of_questions_are_seen_and_taken_under_a_name_that_is_free(chi: Visitor) -> None:
    for number, colour in enumerate((b"do", b"xanh"), start=1):
        options = (Option("một", True), Option("![Nút Lưu](media/nut.png)"))
        asked = Question("q01", "single", "", "", "easy", f"Nút nào số {number}?", options=options)
        png = b"\x89PNG\r\n\x1a\n" + colour
        page = send(chi, word.write(Carried((asked,), media={"media/nut.png": png}))[0]).lint()
        (shown,) = [str(img.get("src")) for img in page.tree.iter("img") if img.get("alt") == "Nút Lưu"]
        assert chi.fetch(shown).data == png and chi.fetch(f"{shown}x").status_code == 404
        target = {"target": str(draft().id)} if drafts() else {"title": "Nút"}
        page.submit("Đưa vào bản nháp", **target)
    first, second = content().quiz.questions
    assert (first.options[1].text, second.options[1].text) == (
        "![Nút Lưu](media/nut.png)",
        "![Nút Lưu](media/nut-2.png)",
    )


def test_what_was_read_is_shown_before_it_is_taken(chi: Visitor) -> None:
    page = send(chi, document(*GOOD))
    assert page.status == 200
    assert "Mạng lưới có từ năm nào?" in page.text
    assert "Sẽ thành" in page.text
    assert drafts() == 0
    page = page.submit("Đưa vào bản nháp", title="Mạng lưới")
    assert "Đã đưa vào bản nháp 2 câu hỏi và 1 bài học." in page.html
    read = content()
    assert [q.text for q in read.quiz.questions] == ["Mạng lưới có từ năm nào?", "Đầu mối ở đâu?"]
    assert [lesson.title for lesson in read.lessons] == ["Mạng lưới"]
    assert read.quiz.draws[0].count == 2


def test_a_file_with_mistakes_is_taken_only_by_who_leaves_them_out(chi: Visitor) -> None:
    page = send(chi, document(*BAD))
    assert "Câu 3 chưa có đáp án đúng" in page.text
    refused = page.submit("Đưa vào bản nháp", title="Mạng lưới")
    assert refused.status == 422
    assert "Bỏ qua các câu lỗi" in refused.text
    assert drafts() == 0
    page.submit("Đưa vào bản nháp", title="Mạng lưới", skips_errors="y")
    assert len(content().quiz.questions) == 2


def test_taking_it_twice_takes_it_once(chi: Visitor) -> None:
    page = send(chi, document(*GOOD))
    page.submit("Đưa vào bản nháp", title="Mạng lưới")
    again = page.submit("Đưa vào bản nháp", title="Mạng lưới")
    assert "đã có sẵn" in again.html
    assert (drafts(), len(content().quiz.questions), len(content().lessons)) == (1, 2, 1)


def test_an_open_draft_takes_what_it_does_not_have(chi: Visitor) -> None:
    send(chi, document(*GOOD)).submit("Đưa vào bản nháp", title="Mạng lưới")
    more = document(*GOOD[2:6], "Câu 2. Câu mới?", "A. Có", "*B. Không", "C. Chưa rõ")
    page = send(chi, more, address=f"/teach/imports?draft={draft().id}")
    assert "Trùng với câu q01" in page.text
    page.submit("Đưa vào bản nháp")
    questions = content().quiz.questions
    assert [q.id for q in questions] == ["q01", "q02", "q03"]
    assert questions[2].options[1].right
    acts = db.session.scalars(sa.select(DraftRevision.act).order_by(DraftRevision.number)).all()
    assert acts == ["begin", "import", "import"]


def test_only_the_sender_opens_what_was_sent(chi: Visitor, app: Flask) -> None:
    page = send(chi, document(*GOOD))
    address = f"/teach/imports/check?{page.response.request.query_string.decode()}"
    assert chi.visit(address).status == 200
    assert chi.visit(address + "x").status == 404
    ticket, key = page.response.request.args["file"], app.config["SECRET_KEY"]
    with pytest.raises(FileNotFoundError):
        importing.sent(ticket, account_id=0, key=key)


def test_what_is_taken_out_as_word_comes_back_the_same(chi: Visitor) -> None:
    send(chi, document(*GOOD)).submit("Đưa vào bản nháp", title="Mạng lưới")
    page = chi.visit(f"/teach/drafts/{draft().id}/export?form=word")
    assert "mang theo được tất cả" in page.text
    sent = chi.fetch(f"/teach/drafts/{draft().id}/export/word")
    back, read = word.read("a.docx", sent.data), content()
    assert (back.questions, back.lessons) == (read.quiz.questions, read.lessons)
    assert chi.fetch(f"/teach/drafts/{draft().id}/export/strange").status_code == 400


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_the_sample_is_read_without_a_remark(chi: Visitor, ending: str) -> None:
    name = f"mau-ngan-hang-cau-hoi.{ending}"
    page = send(chi, chi.fetch(f"/teach/imports/samples/{name}").data, name)
    assert "Cần sửa" not in page.text
    page.submit("Đưa vào bản nháp", title="Mẫu")
    assert len({q.type for q in content().quiz.questions}) == 10
