"""The pages: the delivery log, a unit's reminders, one's own choice, the alarm."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lms import clock, jobs
from lms.access import Role
from lms.audit import AuditEntry
from lms.db import db
from lms.mail import actions as mail
from lms.mail.rules import WAITS_TOO_LONG
from tests.page import Visitor
from tests.pages.test_statements import counted
from tests.people import Cast, account, person, post
from tests.reminders.conftest import MONDAY
from tests.reminders.people import behind, message, messages, posted
from tests.reminders.post_office import PostOffice


def test_who_looks_after_a_unit_sees_who_would_be_reminded_and_sends(school: Cast, visitor: Visitor) -> None:
    behind(school.an, school.team, status="overdue")
    behind(school.em, school.hai_chau)
    school.em.email = None
    db.session.commit()
    visitor.sign_in("binh")
    page = visitor.visit(f"/units/{school.da_nang}").click("Nhắc việc")
    assert "1 người sẽ nhận thư nếu nhắc bây giờ" in page.text
    assert "Gọi điện: không có e-mail" in page.text
    assert "Chào anh chị An," in page.text
    page = page.submit("Gửi nhắc việc bây giờ")
    assert "Hôm nay đã yêu cầu nhắc" in page.text
    jobs.run_pending()
    assert "Đã soạn 1 thư" in visitor.visit(f"/units/{school.da_nang}/reminders").text
    assert [letter.to_person_id for letter in messages("digest")] == [school.an.id]
    assert db.session.scalar(sa.select(AuditEntry.subject).where(AuditEntry.action == "reminders.ask"))


def test_who_was_reminded_today_is_not_reminded_by_another_hand(school: Cast, visitor: Visitor) -> None:
    behind(school.an, school.team)
    for code, unit in (("binh", school.da_nang), ("binh", school.hai_chau)):
        visitor.sign_in(code)
        page = visitor.visit(f"/units/{unit}/reminders")
        if unit == school.da_nang:
            page.submit("Gửi nhắc việc bây giờ")
            jobs.run_pending()
    assert "0 người sẽ nhận thư" in page.text
    assert "Hôm nay đã nhắc" in page.text
    assert len(messages("digest")) == 1


def test_an_auditor_reads_but_does_not_write(school: Cast, visitor: Visitor) -> None:
    behind(school.an, school.team)
    account(person("Bùi Thị Kiểm", "kiem"), Role.AUDITOR)
    db.session.commit()
    visitor.sign_in("kiem")
    page = visitor.visit(f"/units/{school.da_nang}/reminders")
    assert "1 người sẽ nhận thư" in page.text
    assert not page.forms()


def test_somebody_says_no_and_yes_again(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    page = visitor.visit("/my/account").submit("Thôi nhận thư nhắc việc")
    assert "Anh chị đang không nhận thư nhắc việc" in page.text
    assert "Thôi nhận thư nhắc việc" in page.submit("Nhận lại thư nhắc việc").text


def test_the_log_shows_what_left_and_what_failed_and_hides_addresses(
    school: Cast, visitor: Visitor, office: PostOffice
) -> None:
    office.refused.add("sai.ten@example.vn")
    posted("bad", to="sai.ten@example.vn", subject="Thư hỏng", body="Nội dung riêng")
    posted("good", to="an@example.vn")
    mail.deliver()
    visitor.sign_in("giang")
    page = visitor.visit("/reminders")
    assert "s…@example.vn: Thư hỏng" in page.text
    assert "Máy chủ trả lời: 550 5.1.1 No such user here" in page.text
    assert "sai.ten" not in page.html and "Nội dung riêng" not in page.html
    office.refused.clear()
    page = page.submit("Gửi lại")
    assert "sẽ rời hệ thống từ 05/10/2026 09:00" in page.html
    mail.deliver()
    assert message("bad").state == "sent"
    assert len(office.letters) == 2


def test_an_administrator_tries_mail_out(school: Cast, visitor: Visitor, office: PostOffice) -> None:
    visitor.sign_in("giang")
    assert "chưa có e-mail" in visitor.visit("/reminders").submit("Gửi thử cho tôi").html
    school.giang.email = "giang@example.vn"
    db.session.commit()
    page = visitor.visit("/reminders").submit("Gửi thử cho tôi").submit("Gửi thử cho tôi")
    assert page.status == 200
    assert mail.deliver() == {"sent": 1}, "two presses within a minute are one message"
    assert office.letters[0]["Subject"] == "Thư thử của Thạo Số"


def test_the_log_goes_on_page_by_page_and_costs_the_same(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("giang")
    posted("first")
    visitor.fetch("/reminders")
    with counted() as few:
        visitor.fetch("/reminders")
    for number in range(60):
        posted(f"k{number}")
    with counted() as many:
        page = visitor.visit("/reminders")
    assert len(few) == len(many) <= 12
    assert len(page.click("Trang sau").tree.findall(".//tbody/tr")) == 11


def test_a_units_page_costs_the_same_for_one_and_for_fifty(school: Cast, visitor: Visitor) -> None:
    visitor.sign_in("binh")
    behind(school.an, school.team)
    address = f"/units/{school.da_nang}/reminders"
    visitor.fetch(address)
    with counted() as few:
        visitor.fetch(address)
    for number in range(50):
        who = person(f"Người {number}", f"n{number}")
        post(who, school.team, "focal-point")
        behind(who, school.team)
    with counted() as many:
        visitor.fetch(address)
    assert len(few) == len(many) <= 12, "\n".join(many)


def test_the_alarm_is_on_the_start_page_of_those_who_can_act_and_in_doctor(
    app: Flask, school: Cast, dieu: Visitor
) -> None:
    posted()
    others = {code: Visitor(app) for code in ("giang", "an")}
    for code, other in others.items():
        other.sign_in(code)
    with clock.stopped(MONDAY + WAITS_TOO_LONG + timedelta(minutes=5)):
        assert "Thư không rời hệ thống" in dieu.visit("/").text
        assert "Nhật ký gửi thư" in others["giang"].visit("/").click("Xem nhật ký gửi thư").title
        assert "Thư không rời hệ thống" not in others["an"].visit("/").text
        db.session.rollback()
        result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "Thư đã chờ hơn một giờ" in result.output


@pytest.mark.parametrize("address", ["/reminders?before=x", "/reminders?before=1"])
def test_a_strange_place_in_the_log_is_no_trouble(school: Cast, visitor: Visitor, address: str) -> None:
    visitor.sign_in("giang")
    assert visitor.visit(address).status == 200
