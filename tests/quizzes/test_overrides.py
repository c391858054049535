"""The page of overrides: to whom, what, why, until when; and the end of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lms import clock
from lms.db import db
from lms.language import format_date
from lms.quizzes import queries
from lms.quizzes.rules import NO_ALLOWANCE
from tests.page import Page, Visitor
from tests.people import Cast
from tests.quizzes.bank import SINGLE, quiz
from tests.quizzes.course import SLUG, publish

ADDRESS = f"/teach/{SLUG}/overrides"


@pytest.fixture
def page(cast: Cast, visitor: Visitor) -> Page:
    publish(replace(quiz(questions=(SINGLE,)), time_limit_minutes=20, attempts=1))
    db.session.commit()
    visitor.sign_in("chi")
    return visitor.visit(ADDRESS)


def test_a_trainer_grants_more_time_and_takes_it_back(page: Page, cast: Cast) -> None:
    shown = page.submit("Cho phép", person="an", extra_percent="25", extra_attempts="1", reason="Khiếm thị")
    assert "Trần Văn An (an)" in shown.text and "thêm 25 % thời gian" in shown.text and "Khiếm thị" in shown.text
    course_id = publish(quiz(questions=(SINGLE,))).course_id
    assert queries.allowance(cast.an.id, course_id).percent == 25
    assert "Đã thôi" in shown.submit("Thôi cho phép").text
    assert queries.allowance(cast.an.id, course_id) == NO_ALLOWANCE


@pytest.mark.parametrize(
    ("person", "fields", "told"),
    [
        ("dung", {"extra_minutes": "5"}, "Không có ai mã này trong phạm vi của bạn"),
        ("khong-ai", {"extra_minutes": "5"}, "Không có ai mã này"),
        ("chi", {"extra_minutes": "5"}, "không cho phép chính mình"),
        ("an", {}, "Hãy nhập ít nhất một điều"),
        ("an", {"extra_minutes": "5", "reason": ""}, "Hãy"),
        ("an", {"extra_minutes": "9999"}, "Hãy nhập số từ 0 đến 600"),
        ("an", {"extra_attempts": "hai"}, "Hãy nhập số từ 0 đến 20"),
        ("an", {"extra_minutes": "5", "to_on": format_date(clock.today() - timedelta(days=1))}, "Hãy chọn hôm nay"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(page: Page, person: str, fields: dict[str, str], told: str) -> None:
    answered = page.submit("Cho phép", **({"person": person, "reason": "Mất điện"} | fields))
    assert answered.status == 422
    assert told in answered.text


def test_who_does_not_teach_sees_no_overrides(page: Page, visitor: Visitor) -> None:
    other = Visitor(visitor.app)
    other.sign_in("em")
    assert other.client.get(ADDRESS).status_code == 403
