"""Search over courses, lessons, kits and topics: accents forgiven, abbreviations known, exact accents and titles first."""

import pytest
import sqlalchemy as sa
from flask import Flask

from lms.catalogue import actions, queries, search
from lms.catalogue.models import Course, SearchPage
from lms.catalogue.wording import Entry, Page, Query, excerpt, find, marked
from lms.db import db
from tests.catalogue.packages import COURSE, LESSON, QUIZ, publish

OTP = LESSON.replace("## Tình huống", "## Tình huống\nMã OTP chỉ mình bạn đọc. Cơ quan lo ATTT của phường.\n")


def lesson(title: str, text: str = "") -> str:
    return LESSON.replace("Bài một", title).replace("## Tình huống", f"## Tình huống\n{text}\n")


def found(typed: str) -> list[tuple[str, str]]:
    return [
        (hit.kind, "".join(part.text for part in hit.title)) for hit in search.search(typed, queries.offered()).hits
    ]


def entry(title: str, text: str = "", kind: str = "lesson") -> Entry:
    return Entry.of(*Page(kind, "s", title, text).row)


def shown(typed: str, text: str) -> str:
    parts = excerpt(Query(typed), entry("Bài", text))
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


def test_all_that_a_course_says_is_found(app: Flask) -> None:
    publish(
        **{
            "course.toml": COURSE.replace("[[outcome]]", 'wants = ["trả tiền chợ bằng điện thoại"]\n\n[[outcome]]', 1),
            "01-bai-mot.md": OTP,
            "quiz.toml": QUIZ.replace("Chủ đề", "Quét mã an toàn"),
        }
    )
    assert found("khóa học thử") == [("course", "Khóa học thử")]
    assert found("tra tien cho") == [("course", "Khóa học thử")], "a need"
    assert found("otp") == found("mã OTP") == [("lesson", "Bài một")], "a text"
    assert found("quet ma") == [("topic", "Quét mã an toàn")]
    assert found("nấu ăn") == found("%") == found("") == found("' OR 1=1 --") == []


def test_abbreviations_are_the_words_that_they_stand_for(app: Flask) -> None:
    publish(**{"01-bai-mot.md": OTP})
    for typed in ("ATTT", "attt", "an toàn thông tin", "an toan thong tin"):
        assert found(typed) == [("lesson", "Bài một")], typed


@pytest.mark.parametrize(
    ("typed", "best"),
    [
        ("mạng", "Xem mạng"),
        ("mang", "Mang máy đi sửa"),
        ("may tinh", "Máy tính"),
        ("AI", "Hỏi AI"),
    ],
)
def test_titles_come_first_and_in_them_the_accents_as_typed(typed: str, best: str) -> None:
    entries = [
        entry("Mang máy đi sửa", "ai đi cùng"), entry("Xem mạng"), entry("Máy tính"), entry("Hỏi AI"),
        entry("Khác", "mạng, máy tính và AI"), entry("Tính tiền máy bay"),
    ]  # fmt: skip
    hits = find(Query(typed), [(0, one) for one in entries])
    assert hits[0].entry.title == best
    assert {hit.entry.title for hit in hits[:-1]} <= {one.title for one in entries if one.title != "Khác"}


def test_a_part_of_the_text_shows_what_was_found() -> None:
    long = "chữ " * 30 + "Đừng đọc mã OTP cho ai. " + "chữ " * 30
    assert shown("mã otp", long).count("[mã OTP]") == 1
    assert shown("ma otp", long).startswith("… chữ")
    assert shown("CĐS", "Ngày CĐS, tức chuyển đổi số.") == "Ngày [CĐS], tức [chuyển đổi số]."
    assert shown("lừa đảo qua mạng", "Qua đêm. Kẻ lừa đảo trên mạng.") == "Qua đêm. Kẻ [lừa đảo] trên mạng."
    assert [part for part in marked(Query("mang"), "«Xem mạng»") if part.is_marked] == [("mạng", True)]


def test_the_index_follows_publishing_retiring_and_bringing_back(app: Flask) -> None:
    publish(**{"01-bai-mot.md": lesson("Mật khẩu")})
    assert found("mật khẩu") == [("lesson", "Mật khẩu")]
    publish(**{"01-bai-mot.md": lesson("Cụm chữ", "dài")})
    assert found("mật khẩu") == []
    assert found("cụm chữ") == [("lesson", "Cụm chữ")]
    course = db.session.scalars(sa.select(Course)).one()
    actions.retire(course=course, reason="luật đã thay")
    db.session.flush()
    assert found("cụm chữ") == []
    actions.bring_back(course=course)
    db.session.flush()
    assert found("cụm chữ") == [("lesson", "Cụm chữ")]


def test_one_command_makes_the_index_anew(app: Flask) -> None:
    publish()
    kept = db.session.scalars(sa.select(SearchPage.fold).order_by(SearchPage.position)).all()
    db.session.execute(sa.delete(SearchPage))
    db.session.commit()
    assert "1" in app.test_cli_runner().invoke(args=["courses", "reindex"]).output
    assert db.session.scalars(sa.select(SearchPage.fold).order_by(SearchPage.position)).all() == kept


def test_a_long_answer_comes_in_pages(app: Flask) -> None:
    publish(**{f"{number:02}-bai.md": lesson(f"Bài {number}") for number in range(2, 14)})
    first, second = (search.search("bài", queries.offered(), page) for page in (1, 2))
    assert (len(first.hits), len(second.hits), first.total) == (10, 3, 13)
    assert not {hit.slug for hit in first.hits} & {hit.slug for hit in second.hits}
