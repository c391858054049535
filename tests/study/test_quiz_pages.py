"""The pages of a quiz: what they say, what they never tell too early, and what they take."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from lms import clock
from lms.catalogue import queries as catalogue
from lms.catalogue.content import Draw, Gap, Option, Quiz
from lms.catalogue.queries import Published
from lms.db import db
from lms.language import format_instant
from lms.quizzes import papers, queries, rules
from lms.quizzes.models import Answer, Attempt
from tests.page import Page, Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast
from tests.quizzes.bank import question, quiz
from tests.quizzes.course import SLUG, essay, file, publish, take

KEY = replace(
    question("single", "q1", options=(Option("CHỌN", True, "khen-ngợi"), Option("KHÁC", False, "nhắc-nhở"))),
    text="Câu một?",
    right_feedback="LỜI-GIẢI-ĐÚNG",
    wrong_feedback="LỜI-GIẢI-SAI",
)
OTHER = question("true-false", "q2", answer=True)
SECRETS = ("LỜI-GIẢI", "khen-ngợi", "nhắc-nhở", "Phương án đúng", "Đã chọn, đúng", "Đã chọn, chưa đúng")
TWO: Quiz = quiz(Draw(2), questions=(KEY, OTHER), passing=1, attempts=2)
QUIZ = f"/courses/{SLUG}/quiz"
JSON = {"Accept": "application/json"}

Ready = Callable[[Quiz], Published]


@pytest.fixture
def ready(cast: Cast, visitor: Visitor) -> Ready:
    """A published quiz for An, who has read all lessons and is signed in."""

    def make(test: Quiz) -> Published:
        published = publish(test)
        take(cast.an.id, published)
        db.session.commit()
        visitor.sign_in("an")
        return published

    return make


def start(visitor: Visitor) -> Page:
    return visitor.visit(QUIZ).submit("Bắt đầu làm bài")


def finish(page: Page, *, only: str = "") -> Page:
    """Answer every question that the open attempt asks, rightly (of others than `only`: not at all), and hand in."""
    for shown in asked():
        wanted = not only or shown.question.id == only
        page = page.submit("Lưu, ", **right(shown)) if wanted else page.submit("Lưu, ")
    return page.submit("Nộp bài")


def asked() -> Sequence[rules.Shown]:
    attempt = db.session.scalars(sa.select(Attempt).order_by(Attempt.id.desc())).first()
    assert attempt is not None
    published = catalogue.version(attempt.version_id)
    kept = {id_ for id_, given in queries.answers(attempt.id).items() if given.is_kept}
    drawn = rules.draw(published.content.quiz, attempt.seed)
    db.session.rollback()
    return [shown for shown in drawn if shown.question.id not in kept]


def right(shown: rules.Shown) -> dict[str, str]:
    if shown.question.type == "single":
        return {"answer": rules.as_shown(shown, ["0"])[0]}
    return {"answer": "true"}


def send(visitor: Visitor, position: int, number: int = 1, **fields: object) -> TestResponse:
    """What the page's script sends."""
    token = visitor.visit(f"{QUIZ}/{number}/{position}").html.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, **fields}
    return visitor.client.post(
        f"{QUIZ}/{number}/{position}", data=data, headers=JSON, content_type="multipart/form-data"
    )


def test_pictures_of_questions_are_seen_and_named_by_who_takes_the_quiz_and_by_no_stranger(
    cast: Cast, visitor: Visitor
) -> None:
    options = (Option("![Hình đĩa mềm](media/dia.svg)", True, "Đúng: ![Đĩa](media/dia.svg)"), Option("Không có"))
    single = replace(question("single", "q1", options=options), text="Nút nào? ![Màn hình thư](media/man-hinh.svg)")
    gap = Gap("a", answers=("Lưu",))
    cloze = replace(question("cloze", "q2", gaps=(gap,)), text="![Thanh nút](media/thanh.svg)\nNút [[a]] ở đầu.")
    media = {f"media/{name}.svg": f"<svg>{name}</svg>".encode() for name in ("dia", "man-hinh", "thanh")}
    take(cast.an.id, publish(quiz(Draw(2), questions=(single, cloze)), media=media))
    db.session.commit()
    address = f"/media/{SLUG}/1/man-hinh.svg"
    assert visitor.fetch(address).status_code == 302, "for members only"
    visitor.sign_in("an")
    page = start(visitor).lint()
    seen = [page, visitor.visit(f"{QUIZ}/1/2").lint()]
    expected = {"man-hinh": "Màn hình thư", "dia": "Hình đĩa mềm", "thanh": "Thanh nút"}
    pictures = {f"/media/{SLUG}/1/{name}.svg": words for name, words in expected.items()}
    assert pictures.items() <= {(img.get("src"), img.get("alt")) for each in seen for img in each.tree.iter("img")}
    assert all("media/" not in each.text for each in seen), "no reference is left as text"
    assert visitor.fetch(address).data == media["media/man-hinh.svg"]
    assert visitor.fetch(f"/media/{SLUG}/1/khac.svg").status_code == 404
    for shown in asked():
        values = {"answer": rules.as_shown(shown, ["0"])[0]} if shown.question.type == "single" else {"answer-0": "x"}
        page = page.submit("Lưu, ", **values)
    result = page.submit("Nộp bài").lint()
    assert {img.get("src") for img in result.tree.iter("img")} >= pictures.keys()
    assert "media/" not in result.text


@pytest.mark.parametrize(
    ("settings", "failed", "points", "told"),
    [
        ({}, 1, True, True),
        ({"feedback": "score"}, 1, True, False),
        ({"feedback": "nothing"}, 2, False, False),
        ({"feedback_when": "done"}, 1, False, False),
        ({"feedback_when": "done"}, 2, True, True),
        ({"retry": "wrong"}, 1, True, False),
        ({"retry": "wrong"}, 2, True, True),
    ],
)
def test_no_page_tells_an_answer_or_a_score_before_its_time(
    ready: Ready, visitor: Visitor, settings: dict[str, str], failed: int, points: bool, told: bool
) -> None:
    ready(replace(TWO, **settings))  # type: ignore[arg-type]
    for _ in range(failed):
        page = start(visitor)
        assert not [secret for secret in SECRETS if secret in page.html]
        last = fail(page)
    seen = [last, *(visitor.visit(a) for a in (QUIZ, f"/courses/{SLUG}", f"{QUIZ}/1/result", f"{QUIZ}/1/review"))]
    everything = " ".join(page.html for page in seen)
    assert ("trên 2 điểm" in everything) == points
    assert bool([secret for secret in SECRETS if secret in everything]) == told


def test_who_has_failed_reads_what_to_learn_again_and_when_the_next_try_is(ready: Ready, visitor: Visitor) -> None:
    ready(replace(TWO, cool_down_minutes=10))
    failed = fail(start(visitor))
    lesson = next(words for words, address in failed.links().items() if "/lessons/" in address)
    assert "Bài nên đọc lại" in failed.text and lesson
    attempt = db.session.scalars(sa.select(Attempt)).one()
    assert attempt.submitted_at is not None
    again = f"Bạn làm lại được từ {format_instant(attempt.submitted_at + timedelta(minutes=10))}."
    db.session.rollback()
    assert again in failed.text
    assert again in visitor.visit(QUIZ).text


def fail(page: Page) -> Page:
    """Answer everything wrongly, and hand in."""
    for shown in asked():
        values = (
            {"answer": "false"} if shown.question.type == "true-false" else {"answer": rules.as_shown(shown, ["1"])[0]}
        )
        page = page.submit("Lưu, ", **values)
    return page.submit("Nộp bài")


def test_the_next_attempt_asks_the_wrong_question_only_and_the_right_one_counts_on(
    ready: Ready, visitor: Visitor
) -> None:
    ready(replace(TWO, retry="wrong", attempts=0))
    failed = finish(start(visitor), only="q1")
    assert "Chưa đạt: 1 trên 2 điểm" in failed.text
    page = start(visitor)
    assert page.title.startswith("Câu 1 trong 1")
    passed = finish(page)
    assert "Đạt: 2 trên 2 điểm" in passed.text
    assert "đúng từ lần trước" in passed.text


def test_a_script_gets_a_receipt_and_an_older_window_the_newer_answer(ready: Ready, visitor: Visitor) -> None:
    ready(quiz(Draw(1), questions=(question("short", "q1", answers=("x",)),)))
    start(visitor)
    first = send(visitor, 1, answer="một", base="0")
    assert (first.status_code, first.json["revision"]) == (200, 1)
    assert "Đã lưu lúc" in first.json["receipt"]
    second = send(visitor, 1, answer="hai", base="1", go="on")
    assert second.json["next"].endswith("/quiz/1/review")
    older = send(visitor, 1, answer="cũ", base="1")
    assert (older.status_code, older.json["values"], older.json["revision"]) == (409, ["hai"], 2)
    assert db.session.scalars(sa.select(Answer.response)).all() == [["hai"]]


def test_without_a_script_an_older_window_is_told_on_its_page(ready: Ready, visitor: Visitor) -> None:
    ready(quiz(Draw(1), questions=(question("short", "q1", answers=("x",)),)))
    older = start(visitor)
    older.submit("Lưu, ", answer="mới hơn")
    page = older.submit("Lưu, ", answer="của trang cũ")
    assert page.status == 409
    assert "Có câu trả lời mới hơn" in page.text and "của trang cũ" in page.text
    assert 'value="mới hơn"' in page.html
    assert "Xem lại trước khi nộp" in page.submit("Lưu, ", answer="của trang cũ").title


def test_when_the_time_is_over_nothing_more_is_taken_and_what_was_saved_counts(ready: Ready, visitor: Visitor) -> None:
    ready(replace(TWO, time_limit_minutes=30, passing=0.5))
    page = start(visitor)
    assert 'data-left="1800"' in page.html or 'data-left="1799"' in page.html
    for shown in asked()[:1]:
        page = page.submit("Lưu, ", **right(shown))
    db.session.execute(sa.update(Attempt).values(deadline_at=clock.now() - timedelta(minutes=1)))
    db.session.commit()
    visitor.visit(f"{QUIZ}/1/2")
    response = visitor.client.post(
        f"{QUIZ}/1/2", data={"csrf_token": page.html.split('name="csrf_token" value="')[1].split('"')[0]}, headers=JSON
    )
    assert (response.status_code, response.json["next"]) == (410, f"{QUIZ}/1/result")
    result = page.submit("Lưu, ", answer="true")
    assert "Đạt: 1 trên 2 điểm" in result.text


def test_an_essay_is_written_handed_in_and_waits(ready: Ready, visitor: Visitor) -> None:
    ready(quiz(Draw(1), questions=(essay(),)))
    page = start(visitor)
    assert "Nêu đủ ý (6 điểm)" in page.text and "Không quá 50 chữ" in page.text
    text = "Đoạn một.\n\nĐoạn <b>hai</b>."
    again = page.submit("Lưu, ", answer=text)
    assert text.replace("<", "&lt;").replace(">", "&gt;") in visitor.visit(f"{QUIZ}/1/1").html
    result = again.submit("Nộp bài")
    assert "Bài đang chờ chấm" in result.text and "<b>hai" not in result.html
    assert "Lần làm trước đang chờ chấm" in visitor.visit(QUIZ).text


def docx(*names: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *names):
            archive.writestr(name, "<x/>")
    return made.getvalue()


def upload(page: Page, *files: tuple[str, bytes], button: str = "Tải tệp lên", **more: object) -> Page:
    return page.submit(button, files=[(BytesIO(content), name) for name, content in files], **more)


def test_files_are_taken_shown_left_out_and_only_downloaded(ready: Ready, visitor: Visitor) -> None:
    ready(quiz(Draw(1), questions=(file(),)))
    page = upload(start(visitor), ("../bài làm.PDF", b"%PDF-1.7 x"), ("tờ trình.docx", docx()))
    assert {"bài làm.pdf", "tờ trình.docx"} <= set(page.links())
    got = visitor.fetch(page.links()["bài làm.pdf"])
    assert got.data == b"%PDF-1.7 x"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    digest = page.links()["bài làm.pdf"].rsplit("/", 1)[1]
    page = upload(page, button="Lưu, ", drop=digest)
    assert "bài làm.pdf" not in visitor.visit(f"{QUIZ}/1/1").links()
    assert "tờ trình.docx" in page.submit("Nộp bài").text
    assert visitor.fetch(f"{QUIZ}/1/files/{digest}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("xau.exe", b"MZ\x90", "không thuộc loại nhận được"),
        ("trang.pdf", b"<html><script>", "không thuộc loại nhận được"),
        ("macro.docx", docx("word/vbaProject.bin"), "không thuộc loại nhận được"),
        ("hong.docx", b"PK\x03\x04 broken", "không thuộc loại nhận được"),
        ("to.pdf", b"%PDF-" + b"0" * 2000, "lớn hơn 10 MB"),
    ],
)
def test_what_could_do_harm_is_refused_with_a_reason(
    ready: Ready, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, told: str
) -> None:
    monkeypatch.setattr(papers, "MOST_BYTES", 1000)
    ready(quiz(Draw(1), questions=(file(),)))
    page = upload(start(visitor), (name, content))
    assert page.status == 422
    assert told in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 0


def test_what_a_page_claims_to_be_a_stored_file_is_not_believed(ready: Ready, visitor: Visitor) -> None:
    ready(quiz(Draw(1), questions=(file(),)))
    start(visitor)
    send(visitor, 1, answer="0" * 64 + " 1 text/html x.html")
    assert db.session.scalars(sa.select(Answer.response)).all() == [[]]


def test_a_page_of_a_question_asks_little_of_the_database(ready: Ready, visitor: Visitor) -> None:
    ready(replace(TWO, retry="wrong", time_limit_minutes=30))
    start(visitor)
    for address in (f"{QUIZ}/1/1", f"{QUIZ}/1/review", QUIZ):
        assert len(statements(visitor, address)) <= MOST
