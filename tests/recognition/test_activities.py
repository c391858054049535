"""Events and teaching: a roll is checked line by line, looked through, recorded once, and taken back by reversing."""

from typing import Any

import pytest
import sqlalchemy as sa

from lms import clock
from lms.db import db
from lms.goals.models import Credit
from lms.network.models import Assignment
from lms.recognition.models import Activity
from lms.recognition.roll import Line, Problem, Trouble, check, read
from tests.page import Page, Visitor
from tests.people import Cast, post
from tests.recognition.papers import earned, entries, publish_goal


@pytest.fixture(autouse=True)
def goal(cast: Cast) -> None:
    publish_goal()


def typed(visitor: Visitor, unit_id: int, people: str, **values: Any) -> Page:
    """HR types a conference of two periods and who was there."""
    form = {"kind": "event", "title": "Hội nghị", "held_on": "20/05/2026", "periods": "2", "category": "digital"}
    page = visitor.visit(f"/units/{unit_id}").click("Sự kiện").click("Ghi sự kiện")
    return page.submit("Kiểm tra", people=people, step="check", **(form | values))


def activities() -> list[Activity]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Activity).order_by(Activity.id)))


def test_names_are_shown_before_anything_is_written(binh: Visitor, cast: Cast) -> None:
    page = typed(binh, cast.da_nang, "an\nCHI;1,5\n")
    assert "Trần Văn An" in page.text
    assert "Phạm Thị Chi" in page.text
    assert not activities()
    page.submit("Ghi vào sổ", step="record")
    assert (entries(cast.an.id), entries(cast.chi.id)) == ([(2, False)], [(1.5, False)])
    assert earned(cast.an.id) == 2
    credit = db.session.scalars(sa.select(Credit).where(Credit.person_id == cast.an.id)).one()
    assert (credit.source, credit.evidence) == ("event", {"activity": activities()[0].id})
    assert "Hội nghị" in binh.visit(f"/units/{cast.da_nang}/activities").links()


def test_a_wrong_line_is_named_and_nothing_typed_is_lost(binh: Visitor, cast: Cast) -> None:
    people = "an\nkhong-co\nchi;0,3\ndung\nan;4\nbinh"
    page = typed(binh, cast.da_nang, people)
    assert page.status == 422
    for advice in ("Dòng 2: không có mã khong-co", "Dòng 3 (chi): «0,3»", "Dòng 4: không có mã dung",
                   "Dòng 5: an đã có ở dòng 1", "Dòng 6 (binh)"):  # fmt: skip
        assert advice in page.text
    assert people in page.html
    assert "Hội nghị" in page.html
    assert not activities()


def test_the_list_may_be_changed_after_looking_through(binh: Visitor, cast: Cast) -> None:
    page = typed(binh, cast.da_nang, "an\nchi").submit("Sửa lại", step="edit")
    page = page.submit("Kiểm tra", people="an", step="check")
    page.submit("Ghi vào sổ", step="record")
    assert (len(entries(cast.an.id)), len(entries(cast.chi.id))) == (1, 0)


def test_pressing_twice_records_once(binh: Visitor, cast: Cast) -> None:
    page = typed(binh, cast.da_nang, "an")
    page.submit("Ghi vào sổ", step="record")
    again = page.submit("Ghi vào sổ", step="record")
    assert (again.status, again.title.startswith("Hội nghị")) == (200, True)
    assert (len(activities()), entries(cast.an.id)) == (1, [(2, False)])


def test_who_has_it_already_gets_it_once(binh: Visitor, cast: Cast) -> None:
    typed(binh, cast.da_nang, "an").submit("Ghi vào sổ", step="record")
    page = typed(binh, cast.da_nang, "an\nchi")
    assert "Dòng 1: Trần Văn An (an) đã được ghi" in page.text


def test_people_of_another_unit_are_unknown_to_a_unit(binh: Visitor, cast: Cast) -> None:
    assert "không có mã em" in typed(binh, cast.thanh_khe, "em").text
    today = clock.today()
    db.session.query(Assignment).filter_by(person_id=cast.em.id).update({"to_on": today})
    post(cast.em, cast.hue, "focal-point", today)
    db.session.commit()
    assert "không có mã em" in typed(binh, cast.da_nang, "em").text, "who moved away is somebody else's"


def test_taking_back_reverses_every_entry_once(binh: Visitor, cast: Cast) -> None:
    typed(binh, cast.da_nang, "an\nchi", kind="teaching").submit("Ghi vào sổ", step="record")
    page = binh.visit("/activities/1").click("Gỡ khỏi sổ")
    assert page.submit("Gỡ khỏi sổ").status == 422
    page.submit("Gỡ khỏi sổ", reason="Nhầm ngày")
    page.submit("Gỡ khỏi sổ", reason="Lần nữa")
    assert entries(cast.an.id) == entries(cast.chi.id) == [(2, False), (2, True)]
    assert earned(cast.an.id) == 0
    assert "Nhầm ngày" in binh.visit("/activities/1").text
    typed(binh, cast.da_nang, "an", kind="teaching").submit("Ghi vào sổ", step="record")
    assert entries(cast.an.id) == [(2, False), (2, True), (2, False)]


def test_a_sheet_to_sign_has_everybody_of_the_unit(binh: Visitor, cast: Cast) -> None:
    page = binh.visit(f"/units/{cast.hai_chau}/activities/sheet")
    assert "Trần Văn An" in page.text
    assert "Phạm Thị Chi" not in page.text
    assert "Ký tên" in page.text


def test_a_roll_is_read_line_by_line() -> None:
    lines, problems = read(" CB-1 \n\nCB-2; 1,5\nCB-3;\ncb-1\nCB-4;x", 200)
    assert lines == [Line(1, "CB-1", 200), Line(3, "CB-2", 150), Line(4, "CB-3", 200)]
    assert [(problem.number, problem.trouble) for problem in problems] == [(5, Trouble.TWICE), (6, Trouble.BAD_PERIODS)]
    assert check(lines[:1], {}, entered=[], oneself=1) == [Problem(1, Trouble.UNKNOWN, {"code": "CB-1"})]
    assert read("\n".join(f"CB-{number}" for number in range(1001)), 200)[1][0].trouble is Trouble.TOO_MANY
