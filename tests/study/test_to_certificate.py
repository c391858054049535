"""The learner's story, from the start page to a certificate that counts."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from lms.catalogue import actions as catalogue
from lms.catalogue import queries as published
from lms.catalogue.content import Question
from lms.catalogue.package import read
from lms.certificates import actions as certificates
from lms.certificates.models import Certificate
from lms.db import db
from lms.goals import actions as goals
from lms.goals.models import Credit
from lms.quizzes import rules
from lms.quizzes.models import Attempt
from tests.page import Page, Visitor
from tests.people import Cast

COURSE = "mang-luoi-chuyen-doi-so"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast, with a published course, both policies and an issuer."""
    catalogue.publish(package=read(ROOT / "courses" / COURSE), by_id=None)
    for code in ("dx", "legal40"):
        goals.publish(source=(ROOT / f"courses/goals/{code}.toml").read_text(), by_id=None)
    certificates.set_issuer(
        code="GCN-KHCN", name="SỞ KHOA HỌC VÀ CÔNG NGHỆ", superior="", place="Đà Nẵng", signatory_title="GIÁM ĐỐC",
        signatory_name="",
    )  # fmt: skip
    goals.refresh(person_ids=None)
    db.session.commit()
    return cast


def right_answer(question: Question) -> list[str]:
    """The right response in the author's order."""
    return {
        "single": [str(n) for n, o in enumerate(question.options) if o.right],
        "multiple": [str(n) for n, o in enumerate(question.options) if o.right],
        "true-false": [str(question.answer).lower()],
        "short": list(question.answers[:1]),
        "numeric": [str(question.answer)],
        "matching": [str(n) for n in range(len(question.pairs))],
        "ordering": [str(n + 1) for n in range(len(question.items))],
        "cloze": ["0" if gap.options else gap.answers[0] for gap in question.gaps],
    }[question.type]


def fields(shown: rules.Shown, response: list[str]) -> dict[str, object]:
    """What a page would send for a response."""
    values = rules.as_shown(shown, response)
    if shown.question.type in ("matching", "ordering", "cloze"):
        return {f"answer-{n}": value for n, value in enumerate(values)}
    return {"answer": values}


def read_all_lessons(page: Page) -> Page:
    page = page.submit("Bắt đầu học")
    while "Học xong, sang bài tiếp" in page.text:
        page = page.submit("Học xong, sang bài tiếp")
    return page.submit("Học xong, sang bài kiểm tra")


def answer_all(page: Page, *, right: bool = True) -> Page:
    quiz = published.current(COURSE).content.quiz
    seed = db.session.scalars(sa.select(Attempt.seed).order_by(Attempt.id.desc())).first()
    for shown in rules.draw(quiz, str(seed)):
        response = right_answer(shown.question) if right else []
        page = page.submit("Lưu, ", **fields(shown, response))
    return page


def test_a_volunteer_reads_passes_and_gets_a_certificate_that_counts(school: Cast, visitor: Visitor) -> None:
    home = visitor.sign_in_by_form("an")
    assert "Còn 8 tiết" in home.text
    course = home.click("Bắt đầu học")
    page = read_all_lessons(course).submit("Bắt đầu làm bài")
    result = answer_all(page).submit("Nộp bài")
    assert "Đạt: 10 trên 10 điểm" in result.text

    certificate = db.session.scalars(sa.select(Certificate)).one()
    credit = db.session.scalars(sa.select(Credit)).one()
    assert (certificate.person_id, certificate.number) == (school.an.id, 1)
    assert (credit.person_id, credit.periods, credit.module) == (school.an.id, 600, COURSE)
    assert "Còn 2 tiết" in visitor.visit("/").text
    assert visitor.fetch(f"/my/certificates/{certificate.id}.pdf").data.startswith(b"%PDF")
    assert "là thật" in Visitor(visitor.app).visit(f"/verify/{certificate.code}").title


def test_handing_in_twice_gives_one_certificate(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    page = read_all_lessons(visitor.visit(f"/courses/{COURSE}")).submit("Bắt đầu làm bài")
    review = answer_all(page)
    assert "Đạt:" in review.submit("Nộp bài").text
    assert "Đạt:" in review.submit("Nộp bài").text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 1


def test_who_fails_sees_what_was_right_and_waits_before_trying_again(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    page = read_all_lessons(visitor.visit(f"/courses/{COURSE}")).submit("Bắt đầu làm bài")
    result = answer_all(page, right=False).submit("Nộp bài")
    assert "Chưa đạt" in result.text
    assert "Bạn làm lại được từ" in result.click("Về bài kiểm tra").text


def test_the_page_of_a_question_does_not_tell_the_answer(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    page = read_all_lessons(visitor.visit(f"/courses/{COURSE}")).submit("Bắt đầu làm bài")
    feedback = {q.right_feedback[:40] for q in published.current(COURSE).content.quiz.questions}
    assert not [words for words in feedback if words and words in page.html]
