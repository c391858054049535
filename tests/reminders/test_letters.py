"""Who gets what: a digest with one next step and one link, a call list of one's own people, nothing twice."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, jobs
from lms.access import Role
from lms.accounts.models import RoleGrant
from lms.accounts.queries import accounts_of
from lms.audit import AuditEntry
from lms.catalogue import queries as catalogue
from lms.db import OPEN_END, db
from lms.jobs import Job
from lms.learning import actions as learning
from lms.network.models import Assignment
from lms.reminders import actions, queries
from tests.catalogue.packages import COURSE, publish
from tests.pages.test_statements import counted
from tests.people import LONG_AGO, Cast, person, post
from tests.reminders.conftest import MONDAY
from tests.reminders.people import behind, messages

LINK = re.compile(r"https?://\S+")


def remind_all() -> None:
    """The week's reminders, as the worker writes them."""
    actions.begin_week()
    db.session.commit()
    jobs.run_pending()


def body_to(code: str, kind: str = "digest") -> str:
    [found] = [message for message in messages(kind) if message.to_address.startswith(f"{code}@")]
    return found.body


def test_a_digest_says_what_is_missing_and_the_one_next_step(school: Cast) -> None:
    minima = [["security", 100, 4]]
    behind(school.an, school.team, due=32, earned=2000, missing=[["khoa-thu", "2026-09-30"]], minima=minima)
    remind_all()
    [digest] = messages("digest")
    assert digest.subject == "Năm 2026 anh chị còn thiếu 12 tiết"
    for part in (
        "Chào anh chị An,",
        "còn thiếu 12 tiết (đã có 20 trên 32)",
        "Nhóm an toàn thông tin: còn thiếu 3 tiết",
        "Khóa bắt buộc «Khóa học thử», đã quá hạn từ 30/09/2026",
        "Việc tiếp theo: bắt đầu khóa «Khóa học thử», 1,5 tiết.",
        "31/12/2026",
        "Thôi nhận thư nhắc việc",
    ):
        assert part in digest.body
    assert LINK.findall(digest.body) == ["http://127.0.0.1:8000/courses/khoa-thu"]


def test_the_next_step_is_the_open_lesson_of_what_was_begun_else_a_course_of_the_missing_category(school: Cast) -> None:
    behind(school.an, school.team)
    behind(school.em, school.hai_chau, minima=[["security", 0, 4]])
    course = COURSE.replace('"digital"', '"security"').replace("Khóa học thử", "An toàn")
    publish("an-toan", **{"course.toml": course})
    learning.enrol(person_id=school.an.id, published=catalogue.current("khoa-thu"))
    remind_all()
    assert "học bài «Bài một» của khóa «Khóa học thử», khoảng 5 phút" in body_to("an")
    assert LINK.findall(body_to("an")) == ["http://127.0.0.1:8000/courses/khoa-thu/lessons/01-bai-mot"]
    assert "bắt đầu khóa «An toàn»" in body_to("em")


def test_who_is_on_track_has_no_address_left_or_said_no_gets_nothing(school: Cast) -> None:
    behind(school.em, school.hai_chau, status="on-track")
    behind(school.chi, school.da_nang)
    school.chi.email = None
    behind(school.dung, school.hue)
    db.session.query(Assignment).filter_by(person_id=school.dung.id).update({"to_on": clock.today()})
    behind(school.an, school.team)
    actions.choose(person_id=school.an.id, wants=False)
    behind(school.giang, school.nation)
    remind_all()
    assert not messages("digest")
    actions.choose(person_id=school.an.id, wants=True)
    found = [learner.full_name for chunk in queries.learners(None) for learner in chunk]
    assert found == [school.an.full_name]


def test_once_a_week_however_often_it_is_begun(school: Cast) -> None:
    behind(school.an, school.team)
    behind(school.dung, school.hue)
    for day in (0, 1, 5):
        with clock.stopped(MONDAY + timedelta(days=day)):
            db.session.execute(sa.delete(Job))
            remind_all()
    assert len(messages("digest")) == 2
    with clock.stopped(MONDAY + timedelta(days=7)):
        remind_all()
    assert len(messages("digest")) == 4


def test_the_week_begins_with_the_daily_job_of_its_weekday_or_the_first_after(
    app: Flask, school: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "REMINDER_WEEKDAY", 3)
    behind(school.an, school.team)
    for day, number in ((1, 0), (3, 1), (4, 1)):
        with clock.stopped(MONDAY + timedelta(days=day)):
            jobs.enqueue("reminders.daily", key=f"daily-{day}", account_id=None, actor="system")
            db.session.commit()
            jobs.run_pending()
            assert len(messages("digest")) == number
            db.session.rollback()


def test_who_is_responsible_gets_their_own_people_and_nobody_elses(school: Cast) -> None:
    school.binh.email = "binh@example.vn"
    behind(school.an, school.team, status="overdue")
    behind(school.em, school.hai_chau, due=24)
    behind(school.dung, school.hue)
    remind_all()
    [calls] = messages("calls")
    assert (calls.to_address, calls.subject) == ("binh@example.vn", "2 người cần được gọi: Thành phố Đà Nẵng")
    assert "1 người quá hạn, 1 người có nguy cơ" in calls.body
    first, second = (line for line in calls.body.splitlines() if re.match(r"\d\. ", line))
    assert first == ("1. Trần Văn An (Tổ công nghệ số cộng đồng Thuận Phước 1): 0900000001; còn thiếu 8 tiết; Quá hạn")
    assert "Đặng Thị Em" in second and "còn thiếu 24 tiết" in second
    assert "Dũng" not in calls.body
    assert LINK.findall(calls.body) == [f"http://127.0.0.1:8000/units/{school.da_nang}/goal"]


def test_no_call_list_where_nobody_is_behind_nor_for_a_role_that_has_ended(school: Cast) -> None:
    school.binh.email = "binh@example.vn"
    behind(school.dung, school.hue)
    remind_all()
    assert not messages("calls")
    behind(school.an, school.team)
    db.session.query(RoleGrant).update({"to_on": clock.today()})
    db.session.execute(sa.delete(Job))
    remind_all()
    assert not messages("calls")


def test_a_long_list_is_cut_and_one_over_everything_names_the_network(school: Cast) -> None:
    school.binh.email = "binh@example.vn"
    account = accounts_of([school.binh.id])[school.binh.id]
    role = {"role": Role.COORDINATOR, "unit_id": None, "from_on": LONG_AGO, "to_on": OPEN_END}
    db.session.query(RoleGrant).filter_by(account_id=account.id).update(role)
    for number in range(queries.LISTED + 2):
        who = person(f"Người {number}", f"n{number}")
        post(who, school.hue, "focal-point")
        behind(who, school.hue)
    remind_all()
    [calls] = messages("calls")
    assert calls.subject == "32 người cần được gọi: Toàn mạng lưới"
    assert "30. Người" in calls.body and "31. " not in calls.body
    assert "… và 2 người nữa" in calls.body


def test_the_worker_asks_again_whether_one_may(school: Cast) -> None:
    behind(school.an, school.team)
    account = accounts_of([school.binh.id])[school.binh.id]
    actions.ask(unit_id=school.hue, account_id=account.id, login="binh")
    actions.ask(unit_id=school.team, account_id=account.id, login="binh")
    db.session.commit()
    jobs.run_pending()
    results = db.session.scalars(sa.select(Job.result).order_by(Job.id)).all()
    assert results == [{"digests": 0, "refused": True}, {"digests": 1}]
    account.is_disabled = True
    assert not queries.may_remind(account.id, school.team)


def test_writing_leaves_a_line_with_the_number_of_messages(school: Cast) -> None:
    behind(school.an, school.team)
    remind_all()
    [line] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reminders.remind"))
    assert (line.subject, line.detail) == ("week:2026-W41", {"occasion": "2026-W41", "messages": 1})


def test_learners_come_in_chunks_with_few_statements_each(school: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 20)
    for number in range(45):
        who = person(f"Người {number}", f"n{number}")
        post(who, school.team, "focal-point")
        behind(who, school.team)
    with counted() as sent:
        chunks = list(queries.learners(school.da_nang))
    assert [len(chunk) for chunk in chunks] == [20, 20, 5]
    assert len(sent) <= 8 * len(chunks) + 1
