"""From a need to an approved plan and its revision; what is approved stays as it is."""

import csv
import io
from datetime import date

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from lms.audit import AuditEntry
from lms.db import db
from lms.demo import plans as told
from lms.plans import actions, queries
from lms.plans.models import PlanItem, TrainingPlan
from lms.plans.rules import PlanState, Refusal, Refused
from tests.page import Visitor
from tests.pages.test_statements import MOST, statements
from tests.people import Cast
from tests.plans.conftest import DECISION, ITEM, YEAR, item

TYPED = {
    "title": "Lớp mới", "owner": "Sở Nội vụ", "from_on": f"01/03/{YEAR}", "last_on": f"31/03/{YEAR}", "seats": "20",
    "classes": "2", "budget": "45.000.000",
}  # fmt: skip
SIGNED = DECISION | {"approved_on": f"02/01/{YEAR}"}


def states(unit_id: int) -> list[tuple[int, str]]:
    found = sa.select(TrainingPlan.revision, TrainingPlan.state).filter_by(unit_id=unit_id)
    return [(row.revision, row.state) for row in db.session.execute(found.order_by(TrainingPlan.revision))]


def acts() -> list[str]:
    kept = sa.select(AuditEntry.action).where(AuditEntry.action.startswith("plans."))
    return list(db.session.scalars(kept.order_by(AuditEntry.id)))


def test_a_need_becomes_an_item_with_seats_for_all_who_have_none(city: Cast, binh: Visitor) -> None:
    page = binh.visit(f"/units/{city.da_nang}").click("Kế hoạch bồi dưỡng").submit("Lập kế hoạch")
    assert "chưa có mục nào" in page.text
    form = page.click("Đưa vào kế hoạch: chuyên trách, an toàn thông tin")
    page = form.submit("Thêm vào kế hoạch", **{name: TYPED[name] for name in ("title", "owner", "from_on", "last_on")})
    made = db.session.scalars(sa.select(PlanItem)).one()
    assert (made.competency, made.roles, made.seats, made.classes) == ("security", ["dedicated"], 1, 1)
    assert made.to_on == date(YEAR, 4, 1)
    assert "Lớp mới" in page.text
    assert acts() == ["plans.draft", "plans.add"]


def test_drafting_and_adding_twice_is_doing_it_once(city: Cast, binh: Visitor) -> None:
    for _ in range(2):
        page = binh.visit(f"/units/{city.da_nang}/plans").submit("Lập kế hoạch", year=YEAR + 1)
    form = page.click("Thêm mục")
    typed = TYPED | {name: TYPED[name].replace(str(YEAR), str(YEAR + 1)) for name in ("from_on", "last_on")}
    for _ in range(2):
        form.submit("Thêm vào kế hoạch", **typed)
    assert states(city.da_nang) == [(1, PlanState.DRAFT)]
    assert db.session.scalar(sa.select(sa.func.count(PlanItem.id))) == 1


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("title", "", "Hãy nhập mục này."),
        ("seats", "0", "Nhập một số từ 1 đến"),
        ("seats", "mười", "Nhập một số nguyên."),
        ("classes", "99999999999999999999", "Nhập một số từ 1 đến"),
        ("budget", "1,5 triệu", "Nhập số đồng nguyên"),
        ("budget", "99999999999999999999", "Nhập số đồng nguyên"),
        ("from_on", "31/12/2019", "Chọn một ngày của năm"),
        ("last_on", f"01/01/{YEAR}", "Ngày kết thúc phải sau ngày bắt đầu."),
        ("competency", "module:khong-co", "Chọn một trong các mục đã cho."),
        ("roles", "emperor", "'emperor'"),
        ("unit_id", "999999", "Chọn một trong các mục đã cho."),
        ("task_group", "8", "Chọn một trong các mục đã cho."),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost(
    plan: TrainingPlan, binh: Visitor, name: str, value: str, told: str
) -> None:
    page = binh.visit(f"/plans/{plan.id}/items/new").submit("Thêm vào kế hoạch", **TYPED | {name: value})
    assert page.status == 422
    assert told in page.text
    field = page.tree.find(f".//*[@id='{name}']")
    assert field is not None
    assert f"{name}-error" in field.get("aria-describedby", "")
    kept = "owner" if name != "owner" else "title"
    assert page.tree.find(f".//input[@name='{kept}']").get("value") == TYPED[kept]  # type: ignore[union-attr]


def test_a_coordinator_approves_by_number_day_and_signatory(plan: TrainingPlan, dieu: Visitor) -> None:
    item(plan)
    form = dieu.visit(f"/plans/{plan.id}").click("Phê duyệt")
    missing = form.submit("Phê duyệt", **SIGNED | {"signatory_name": "", "approved_on": f"02/01/{YEAR + 5}"})
    assert missing.status == 422
    assert "Ngày ký không được sau hôm nay." in missing.text
    page = form.submit("Phê duyệt", **SIGNED)
    for words in (
        "131/KH-UBND",
        f"02/01/{YEAR}",
        "Lê Quang Nam",
        "Phó Chủ tịch",
        "Quyết định 1690/QĐ-TTg",
        "đã phê duyệt",
    ):
        assert words in page.text
    again = form.submit("Phê duyệt", **SIGNED | {"decision_number": "132"})
    assert "131/KH-UBND" in dieu.visit(f"/plans/{plan.id}").text
    assert again.status == 422


def test_an_empty_plan_is_not_approved(plan: TrainingPlan, dieu: Visitor) -> None:
    page = dieu.visit(f"/plans/{plan.id}/approve").submit("Phê duyệt", **SIGNED)
    assert page.status == 422
    assert "chưa có mục nào" in page.text
    assert states(plan.unit_id) == [(1, PlanState.DRAFT)]


def test_what_is_approved_is_never_written_again(approved: TrainingPlan) -> None:
    one = approved.items[0]
    for write in (
        lambda: actions.add(plan=approved, key="two", values=ITEM),
        lambda: actions.change(plan=approved, item=one, values={"seats": 99}),
        lambda: actions.remove(plan=approved, item=one),
        lambda: actions.set_terms(plan=approved, policy="dx", class_size=9, legal_basis=""),
        lambda: actions.take_over(plan=approved),
        lambda: actions.approve(plan=approved, by_id=None, **DECISION | {"decision_number": "other"}),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.refusal is Refusal.DECIDED
    assert (one.seats, approved.class_size, approved.decision_number) == (10, 150, "131/KH-UBND")


def test_pages_of_an_approved_plan_offer_no_writing_and_refuse_it_in_words(
    approved: TrainingPlan, binh: Visitor
) -> None:
    page = binh.visit(f"/plans/{approved.id}")
    assert not {"Thêm mục", "Thông tin chung"} & set(page.links())
    sent = binh.visit(f"/plans/{approved.id}/items/{approved.items[0].id}")
    assert sent.url == f"/plans/{approved.id}"
    token = page.tree.find(".//input[@name='csrf_token']").get("value")  # type: ignore[union-attr]
    answer = binh.post(f"/plans/{approved.id}/items/new", TYPED | {"csrf_token": token}, lint=False)
    assert "đã được phê duyệt nên không sửa được" in answer.html
    assert db.session.scalar(sa.select(sa.func.count(PlanItem.id))) == 1


def test_a_revision_replaces_the_plan_only_when_it_is_approved(approved: TrainingPlan, binh: Visitor) -> None:
    page = binh.visit(f"/plans/{approved.id}")
    for _ in range(2):
        draft = page.submit("Điều chỉnh kế hoạch")
    unit_id, first_id = approved.unit_id, approved.id
    assert states(unit_id) == [(1, PlanState.APPROVED), (2, PlanState.DRAFT)]
    changed = draft.click("1. Tập huấn an toàn thông tin").submit("Lưu mục này", seats="77")
    assert "77" in changed.text
    second = queries.latest(unit_id, YEAR)
    assert second is not None
    assert "Phê duyệt" not in changed.links(), "HR of a unit drafts, a coordinator decides"
    actions.approve(plan=second, by_id=None, **DECISION | {"decision_number": "200/KH-UBND"})
    db.session.commit()
    assert states(unit_id) == [(1, PlanState.REPLACED), (2, PlanState.APPROVED)]
    assert [one.seats for one in queries.plan(first_id).items] == [10]
    with pytest.raises(Refused, match="not-approved"):
        actions.revise(plan=queries.plan(first_id), by_id=None)


def test_last_years_items_are_copied_once_and_a_year_later(city: Cast, plan: TrainingPlan, binh: Visitor) -> None:
    assert (
        "chưa có kế hoạch được phê duyệt"
        in binh.visit(f"/plans/{plan.id}").submit("Chép từ năm trước", lint=False).html
    )
    before = actions.draft(unit_id=city.da_nang, year=YEAR - 1, policy="dx", by_id=None)
    item(before, from_on=date(YEAR - 1, 3, 1), to_on=date(YEAR, 1, 1))
    actions.approve(plan=before, by_id=None, **DECISION)
    db.session.commit()
    for _ in range(2):
        binh.visit(f"/plans/{plan.id}").submit("Chép từ năm trước")
    [copied] = queries.plan(plan.id).items
    assert (copied.from_on, copied.to_on, copied.budget) == (date(YEAR, 3, 1), date(YEAR + 1, 1, 1), 45_000_000)


def test_an_item_is_removed_from_a_draft(plan: TrainingPlan, binh: Visitor) -> None:
    gone = item(plan)
    page = binh.visit(f"/plans/{plan.id}/items/{gone}").submit("Bỏ khỏi kế hoạch")
    assert "chưa có mục nào" in page.text
    assert binh.fetch(f"/plans/{plan.id}/items/{gone}").status_code == 404


def test_an_item_is_found_under_its_own_plan_only(city: Cast, plan: TrainingPlan, binh: Visitor) -> None:
    other = actions.draft(unit_id=city.hai_chau, year=YEAR, policy="dx", by_id=None)
    foreign = item(other)
    assert binh.fetch(f"/plans/{other.id}/items/{foreign}").status_code == 200
    assert binh.fetch(f"/plans/{plan.id}/items/{foreign}").status_code == 404


def test_terms_set_the_size_of_a_class(plan: TrainingPlan, binh: Visitor) -> None:
    form = binh.visit(f"/plans/{plan.id}").click("Thông tin chung")
    assert form.submit("Lưu thông tin chung", class_size="0").status == 422
    form.submit("Lưu thông tin chung", class_size="30", legal_basis="Quyết định 1690/QĐ-TTg")
    db.session.expire_all()
    assert queries.plan(plan.id).class_size == 30


def test_exports_hold_progress_text_stays_text_and_leave_a_line(plan: TrainingPlan, binh: Visitor) -> None:
    item(plan, title="=1+1", roles=["dedicated"])
    page = binh.visit(f"/plans/{plan.id}")
    table = binh.download(page, "Tải CSV").data.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(table))
    assert dict(zip(head, row, strict=True))["Tên mục"] == "'=1+1"
    book = CalamineWorkbook.from_filelike(io.BytesIO(binh.download(page, "Tải bảng Excel").data))
    cells = dict(zip(*book.get_sheet_by_index(0).to_python(), strict=True))
    assert (cells["Tên mục"], cells["Số chỗ"], cells["Kinh phí (đồng)"]) == ("=1+1", 10, 45_000_000)
    assert (cells["Dành cho"], cells["Đã học xong (người)"]) == ("chuyên trách", 0)
    assert acts()[-2:] == ["plans.export", "plans.export"]


def test_a_plans_pages_make_few_statements_and_as_many_with_fifty_items(
    plan: TrainingPlan, city: Cast, binh: Visitor
) -> None:
    pages = (f"/plans/{plan.id}", f"/units/{city.da_nang}/plans")
    item(plan, unit_id=city.hai_chau)
    few = [statements(binh, page) for page in pages]
    for number in range(50):
        actions.add(plan=plan, key=f"more-{number}", values=ITEM | {"competency": f"module:khoa-{number}"})
    db.session.commit()
    for page, before in zip(pages, few, strict=True):
        many = statements(binh, page)
        assert len(many) == len(before), sorted(set(many) - set(before))
        assert len(many) <= MOST, "\n".join(many)


def test_the_pages_speak_english_too(approved: TrainingPlan, binh: Visitor) -> None:
    binh.speak("en")
    assert "Items and progress" in binh.visit(f"/plans/{approved.id}").text


def test_the_demo_has_a_plan_in_force_and_a_draft_for_next_year(city: Cast, binh: Visitor) -> None:
    told.draw_up(date(YEAR, 11, 20), by_id=1)
    db.session.commit()
    this, following = queries.approved(city.da_nang, YEAR), queries.latest(city.da_nang, YEAR + 1)
    assert this is not None
    assert following is not None
    assert [len(plan.items) for plan in (this, following)] == [5, 5]
    assert following.is_draft
    for plan_id in (this.id, following.id):
        assert "xã hội hóa" in binh.visit(f"/plans/{plan_id}").text
