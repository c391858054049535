"""What a trainer sees of a quiz, from the page of a course to one question."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, jobs
from lms.access import Role
from lms.accounts.models import Account, RoleGrant
from lms.analysis import queries
from lms.analysis.models import AnswerSheet
from lms.analysis.queries import Wanted
from lms.catalogue.content import Draw
from lms.db import db
from lms.network.models import Person
from lms.quizzes.corrections import Kind
from lms.regrading import actions as regrading
from tests.analysis.classroom import QUIZ, A, answers, hold, learners, sit
from tests.page import Visitor
from tests.pages.test_statements import MOST, counted
from tests.people import LONG_AGO, Cast
from tests.quizzes.bank import question, quiz
from tests.quizzes.course import SLUG, publish

PAGE = f"/teach/{SLUG}/statistics"


def teaches_everywhere(who: Person) -> None:
    """A course of nobody is written by who teaches everywhere."""
    account = db.session.scalars(sa.select(Account).where(Account.person_id == who.id)).one()
    db.session.add(RoleGrant(account_id=account.id, role=Role.TRAINER, unit_id=None, from_on=LONG_AGO, reason="test"))
    db.session.commit()


@pytest.fixture
def chi(cast: Cast, visitor: Visitor) -> Visitor:
    """The trainer, signed in; the class has sat the quiz."""
    hold(cast)
    teaches_everywhere(cast.chi)
    visitor.sign_in("chi")
    return visitor


def test_the_page_begins_with_the_question_whose_key_is_wrong(chi: Visitor) -> None:
    page = chi.visit(PAGE)
    assert "Câu 3 77,5 % chọn C, chỉ 22,5 % chọn đáp án: kiểm tra lại đáp án" in page.text.replace("\u00a0", " ")
    assert "40 bài làm được tính" in page.text
    question = page.click("Câu 3")
    assert "đáp án" in question.text and "Nhóm điểm thấp và nhóm điểm cao chọn gì" in question.text
    assert "Sửa đáp án hoặc hủy câu này" in question.links()


def test_pages_make_few_statements_however_many_attempts(chi: Visitor) -> None:
    job = jobs.enqueue("analysis.keep", key="t", account_id=None, actor="system")
    db.session.commit()
    jobs.run_pending()
    assert db.session.get_one(jobs.Job, job.id).state == "done"
    for address in (PAGE, f"{PAGE}/q3"):
        with counted() as made:
            chi.visit(address)
        assert len(made) <= MOST


def test_before_there_is_enough_nothing_is_said(cast: Cast, visitor: Visitor) -> None:
    published = publish(QUIZ)
    for who in learners(cast, 9):
        sit(who.id, published, answers(9))
    db.session.commit()
    visitor.sign_in("chi")
    assert "Chưa đủ số liệu: cần ít nhất 10 bài" in visitor.visit(PAGE).text
    assert "chưa đủ số liệu" in visitor.visit(f"{PAGE}/q1").text


def test_sheets_give_what_the_attempts_themselves_give(cast: Cast) -> None:
    published, people = hold(cast)
    with clock.stopped(clock.now()):
        sit(people[0].id, published, dict.fromkeys(answers(0), A))
    fresh = queries.statistics(published, Wanted()), queries.statistics(published, Wanted(only_first=False))
    db.session.commit()
    assert jobs.TASKS["analysis.keep"](progress=lambda done, total: None) == {"sheets": 41, "courses": 1}
    kept = queries.statistics(published, Wanted()), queries.statistics(published, Wanted(only_first=False))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AnswerSheet)) == 41
    for one, other in zip(fresh, kept, strict=True):
        assert (one.quiz, [form.figures for form in one.present]) == (
            other.quiz,
            [form.figures for form in other.present],
        )
    assert [statistics.quiz.n for statistics in kept] == [40, 41]


def test_the_trainers_home_is_told_what_needs_a_look(cast: Cast) -> None:
    hold(cast)
    assert queries.needs([SLUG]) == []
    jobs.TASKS["analysis.keep"](progress=lambda done, total: None)
    first = queries.needs([SLUG, "khac"])[0]
    assert (first.course, first.code, first.question, first.number) == (SLUG, "key", "q3", 3)
    assert jobs.TASKS["analysis.keep"](progress=lambda done, total: None) == {"sheets": 0, "courses": 0}


def test_what_was_mended_no_longer_stands_on_the_trainers_home(cast: Cast) -> None:
    published, _ = hold(cast)
    jobs.TASKS["analysis.keep"](progress=lambda done, total: None)
    correction = regrading.correct(
        published=published, question="q3", kind=Kind.KEY, key={"right": [2]}, reason="Sai", by_id=1, actor="t"
    )
    regrading.apply(correction=correction, by_id=1, actor="t")
    db.session.commit()
    assert jobs.TASKS["analysis.keep"](progress=lambda done, total: None) == {"sheets": 0, "courses": 1}
    assert "key" not in {need.code for need in queries.needs([SLUG])}


def test_a_version_that_is_not_there_has_no_statistics(chi: Visitor) -> None:
    assert chi.visit(f"{PAGE}?version=1").status == 200
    assert [chi.visit(f"{PAGE}{place}?version=99").status for place in ("", "/q3")] == [404, 404]


def test_rebuilding_writes_all_sheets_anew(app: Flask, cast: Cast) -> None:
    hold(cast)
    runner = app.test_cli_runner(catch_exceptions=False)
    assert "40" in runner.invoke(args=["analysis", "rebuild"]).output
    assert "40" in runner.invoke(args=["analysis", "rebuild"]).output


def test_the_table_can_be_taken_out(chi: Visitor) -> None:
    page = chi.visit(PAGE)
    lines = chi.download(page, "Tải bảng CSV").get_data(as_text=True).splitlines()
    assert len(lines) == 6 and lines[3].startswith("3,q3,") and "kiểm tra lại đáp án" in lines[3]
    assert chi.download(page, "Tải bảng Excel").data.startswith(b"PK")
    assert chi.client.get(f"{PAGE}.xlsx").status_code == 405


def test_what_few_have_typed_stands_on_no_page(cast: Cast, visitor: Visitor) -> None:
    short = replace(question("short", "q1", answers=("một cửa",)), text="Ở đâu?")
    published = publish(quiz(Draw(1), questions=(short,)))
    for n, who in enumerate(learners(cast, 12)):
        sit(who.id, published, {"q1": ["một cửa" if n > 5 else "0905123456" if n == 0 else "bưu điện"]})
    db.session.commit()
    visitor.sign_in("chi")
    text = visitor.visit(f"{PAGE}/q1").text
    assert "«bưu điện»" in text and "0905123456" not in text


def test_a_learner_sees_no_statistics(cast: Cast, visitor: Visitor) -> None:
    hold(cast)
    visitor.sign_in("an")
    assert visitor.visit(PAGE).status == 403
