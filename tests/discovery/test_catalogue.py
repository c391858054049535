"""The catalogue by need: what counts towards one's year, courses for one's roles, needs as links, where to go next."""

import pytest
import sqlalchemy as sa

from lms.catalogue.content import Content
from lms.catalogue.queries import current
from lms.db import db
from lms.discovery.rules import Counting, Reason, counting
from lms.goals import actions as goals
from tests.architecture.source import ROOT
from tests.catalogue.packages import COURSE, package, publish
from tests.discovery.packages import publish_with_kit
from tests.goals.standing import standing
from tests.page import Visitor
from tests.people import Cast


@pytest.fixture
def course() -> Content:
    content = package().content
    assert content
    return content


def test_a_course_counts_as_a_module_then_for_its_category_then_at_all(course: Content) -> None:
    module = standing(missing=[["khoa-thu", "2026-11-30"], ["khac", "2026-10-01"]], minima=[["digital", 0, 8]])
    category = standing(minima=[["digital", 700, 8], ["security", 0, 4]])
    assert counting(course, [category, module]) == Counting(Reason.MODULE, "2026-11-30")
    assert counting(course, [category]) == Counting(Reason.CATEGORY)
    assert counting(course, [standing(minima=[["digital", 800, 8]])]) == Counting(Reason.YEAR)
    assert counting(course, []) is None
    assert counting(course, [standing(earned=4000)]) is None, "the year has what it needs"
    assert counting(course, [standing(status="exempt")]) is None


def for_role(role: str) -> str:
    return COURSE.replace("[[outcome]]", f'audience = ["{role}"]\n\n[[outcome]]', 1)


def test_the_reader_sees_first_what_is_for_them(cast: Cast, visitor: Visitor) -> None:
    for policy in ("dx", "legal40"):
        goals.publish(source=(ROOT / f"courses/goals/{policy}.toml").read_text(), by_id=None)
    goals.refresh(person_ids=None)
    publish("cua-to", title="Cho tổ", **{"course.toml": for_role("community-member").replace("Khóa học thử", "Cho tổ")})
    publish(
        "lanh-dao", title="Cho lãnh đạo", **{"course.toml": for_role("leader").replace("Khóa học thử", "Cho lãnh đạo")}
    )
    visitor.sign_in("an")
    page = visitor.visit("/courses")
    mine, others = page.text.split("Các khóa khác")
    assert "Cho tổ" in mine and "Cho lãnh đạo" in others, "preset to one's own role"
    assert "1,5 tiết · 5 phút" in mine
    assert "Tính vào năm nay của bạn" in mine or "Bù nhóm còn thiếu" in mine
    chosen = visitor.visit("/courses?role=leader").text.split("Các khóa khác")
    assert "Cho lãnh đạo" in chosen[0] and "Cho tổ" in chosen[1]
    assert "Các khóa khác" not in visitor.visit("/courses?role=all").text


def test_needs_are_links_and_a_course_names_those_that_follow(cast: Cast, visitor: Visitor) -> None:
    publish_with_kit()
    publish("khoa-sau", title="Khóa sau")
    visitor.sign_in("an")
    overview = visitor.visit("/courses").click("làm được ngay")
    assert overview.title.startswith("Khóa học thử")
    assert overview.click("Khóa sau").title.startswith("Khóa sau")


def test_the_page_makes_as_many_statements_for_many_courses_as_for_one(cast: Cast, visitor: Visitor) -> None:
    visitor.sign_in("an")
    told = []
    for number in (1, 4):
        for one in range(number):
            publish(f"khoa-{one}")
            visitor.post(f"/courses/khoa-{one}/start", {"csrf_token": _token(visitor)})
            current(f"khoa-{one}")
        visitor.visit("/courses")
        statements: list[str] = []
        listen = lambda *event: statements.append(event[2])  # noqa: B023, E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        visitor.visit("/courses")
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        told.append(len([one for one in statements if one.startswith("SELECT")]))
    assert told[0] == told[1] <= 12


def _token(visitor: Visitor) -> str:
    form = visitor.visit("/courses").tree.find(".//input[@name='csrf_token']")
    return str(form.get("value")) if form is not None else ""
