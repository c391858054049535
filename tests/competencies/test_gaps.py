"""A unit's gaps: counted once each, hidden where groups are small, exported, and planned."""

import io

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from lms import clock
from lms.audit import AuditEntry
from lms.catalogue.queries import Published
from lms.competencies import gaps
from lms.competencies.rules import Demand, Lack
from lms.db import db
from lms.goals import actions as goals
from lms.plans.models import PlanItem, TrainingPlan
from tests.competencies.conftest import FRAME, completes
from tests.page import Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast, account, person, post

YEAR = clock.today().year


@pytest.fixture
def crowd(cast: Cast, courses: dict[str, Published]) -> list:  # type: ignore[type-arg]
    """Twelve more members of Hải Châu's team, six of whom have completed the first course."""
    people = [person(f"Người {n}", f"n{n}", "volunteer") for n in range(12)]
    for who in people:
        post(who, cast.team, "community-member")
    goals.refresh(person_ids=[who.id for who in people])
    for who in people[:6]:
        completes(who, courses["tim-kiem"])
    db.session.commit()
    return people


def lacks(unit_id: int) -> dict[Demand, tuple[int, int]]:
    found = gaps.report(unit_id, "dx", YEAR, FRAME).lacks
    assert all(isinstance(each, Lack) and each.pathway == "thanh-vien" for each in found)
    return {each.demand: (each.people, each.missing) for each in found}


def test_people_are_counted_against_what_their_pathway_demands(
    cast: Cast,
    courses: dict[str, Published],
    crowd: list,  # type: ignore[type-arg]
) -> None:
    assert lacks(cast.da_nang) == {Demand("1.1", 2): (13, 13), Demand("1.2", 1): (13, 7), Demand("2.1", 2): (13, 13)}
    completes(crowd[0], courses["an-toan"])
    completes(cast.an, courses["an-toan"])
    assert lacks(cast.hai_chau) == {Demand("1.1", 2): (13, 11), Demand("1.2", 1): (13, 7), Demand("2.1", 2): (13, 11)}
    assert lacks(cast.thanh_khe) == {}


def test_a_report_leads_to_items_of_the_plan_once(
    cast: Cast,
    courses: dict[str, Published],
    crowd: list,
    binh: Visitor,  # type: ignore[type-arg]
) -> None:
    page = binh.visit(f"/units/{cast.da_nang}/competencies")
    assert len(statements(binh, f"/units/{cast.da_nang}/competencies")) <= MOST
    assert "2.1 Giữ 13 13" in page.text and "1.2 Xét 13 7" in page.text
    assert "Khóa an-toan 13 chỗ" in page.text
    for _ in range(2):
        plan = page.submit("Đưa vào kế hoạch", course=["an-toan", "tim-kiem"])
    assert "Khóa an-toan" in plan.text
    items = db.session.scalars(sa.select(PlanItem).order_by(PlanItem.position)).all()
    assert [(i.competency, i.roles, i.seats) for i in items] == [
        ("module:an-toan", ["community-member"], 13), ("module:tim-kiem", ["community-member"], 7)
    ]  # fmt: skip
    assert db.session.scalar(sa.select(sa.func.count(TrainingPlan.id))) == 1


def test_choosing_nothing_plans_nothing(cast: Cast, binh: Visitor, crowd: list) -> None:  # type: ignore[type-arg]
    page = binh.visit(f"/units/{cast.da_nang}/competencies").submit("Đưa vào kế hoạch", course="khong-co")
    assert "Chưa chọn khóa học nào" in page.html


def test_small_groups_are_hidden_from_who_may_see_no_names(
    cast: Cast,
    courses: dict[str, Published],
    crowd: list,
    visitor: Visitor,  # type: ignore[type-arg]
) -> None:
    visitor.sign_in("an")
    page = visitor.visit(f"/units/{cast.da_nang}/competencies")
    assert len(statements(visitor, f"/units/{cast.da_nang}/competencies")) <= MOST
    assert "1.2 Xét 13 7" in page.text
    assert "Ai còn thiếu gì" not in page.text and "Đưa vào kế hoạch" not in page.text
    completes(crowd[7], courses["an-toan"])
    hidden = visitor.visit(f"/units/{cast.da_nang}/competencies").text
    assert "2.1 Giữ không hiện không hiện" in hidden and "1.2 Xét 13 7" in hidden
    assert "2.1 Giữ không hiện không hiện" in visitor.visit(f"/units/{cast.hai_chau}/competencies").text


def test_the_gaps_are_taken_out_as_counts_and_as_people(
    cast: Cast,
    binh: Visitor,
    crowd: list,  # type: ignore[type-arg]
) -> None:
    page = binh.visit(f"/units/{cast.da_nang}/competencies")
    counts, people = (
        CalamineWorkbook.from_filelike(io.BytesIO(binh.download(page, button).data)).get_sheet_by_index(0).to_python()
        for button in ("Tải số liệu", "Tải danh sách người")
    )
    assert counts[0][-3:] == ["Số người cần có", "Đã có", "Còn thiếu"]
    assert [row[-3:] for row in counts[1:]] == [[13, 0, 13], [13, 6, 7], [13, 0, 13]]
    assert len(people) == 1 + 13 + 7 + 13
    assert {row[0] for row in people[1:]} == {"an", *(f"n{n}" for n in range(12))}
    acts = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "competencies.export")).all()
    assert sorted(act.detail["form"] for act in acts) == ["counts", "people"]


def test_a_page_without_a_frame_says_so(cast: Cast, visitor: Visitor) -> None:
    account(person("Không Khung", "khong"))
    db.session.commit()
    visitor.sign_in("khong")
    assert "Chưa có khung năng lực" in visitor.visit(f"/units/{cast.da_nang}/competencies").text
    assert "Chưa có khung năng lực" in visitor.visit("/my/competencies").text
    assert "Chưa nạp khung" in visitor.visit("/competencies").text
