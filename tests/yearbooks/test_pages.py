"""The pages: closing, the official figures, a person's line, what came later, reopening; and who sees what."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from lms import jobs
from lms.access import Role
from lms.db import db
from lms.yearbooks import queries
from tests.page import Visitor
from tests.yearbooks import story
from tests.yearbooks.conftest import Stage, signed_in


def test_a_coordinator_closes_a_year_and_a_late_class_arrives(stage: Stage, coordinator: Visitor) -> None:
    with story.on(2027, 1, 31):
        coordinator.sign_in("dieu-phoi")
        page = coordinator.visit(f"/units/{stage.province}").click("Sổ năm").click("Khóa sổ năm 2026, dx")
        page = page.submit("Khóa sổ")
        assert "Đang ghi từng người vào sổ" in page.text
        assert page.response.headers["Refresh"]
        address = page.url
        jobs.run_pending()
        page = coordinator.visit(address)
        assert "Số chính thức: đạt 0,0 %" in page.text.replace("\u00a0", " ")
        assert "Chưa có điều chỉnh nào" in page.text
    story.learn_late(stage.who, 8)
    with story.on(2027, 4, 1):
        coordinator.sign_in("dieu-phoi")
        page = coordinator.visit(address)
        assert "Chưa đạt, 36 trên 40 tiết" in page.text
        assert "Đạt, 44 trên 40 tiết" in page.text
        assert "8 tiết, học xong ngày 20/11/2026" in page.text
        assert "Sau điều chỉnh: 1 người đạt, 0 người chưa đạt" in page.text
        line = page.click("Xem từng người").submit("Tìm", q="nguyen muoi").click("Nguyễn Văn Muoi-Mot")
        assert "365 ngày chuyên trách × 40/365" in line.text
        assert "Sau điều chỉnh: Đạt, 44 trên 40 tiết" in line.text

        refused = page.click("Mở lại sổ").submit("Mở lại sổ", reason="", authority="12/QĐ", authority_on="01/04/2027")
        assert refused.status == 422
        page = refused.submit("Mở lại sổ", reason="Sót một lớp", authority="12/QĐ", authority_on="01/04/2027")
        assert "Quyết định 12/QĐ ngày 01/04/2027" in page.text
        page.click("Chốt lại sổ").submit("Khóa sổ")
        jobs.run_pending()
        page = coordinator.visit(address)
        assert "Số chính thức: đạt 100,0 %" in page.text.replace("\u00a0", " ")
        differences = page.click("Bản 2 khác bản trước ở ai")
        assert "Chưa đạt, 36 trên 40 tiết" in differences.text
        page.submit("Kiểm tra sổ")
        jobs.run_pending()
        assert "Sổ nguyên vẹn" in coordinator.visit(address).text


def test_a_book_is_taken_out_as_tables(stage: Stage, coordinator: Visitor) -> None:
    book = story.close(stage.province)
    page = coordinator.visit(f"/year-books/{book.id}")
    people_csv = coordinator.download(page, "Tải danh sách người (CSV)").get_data(as_text=True)
    assert "muoi-mot" in people_csv and "365 ngày chuyên trách" in people_csv
    assert coordinator.download(page, "Tải danh sách người (Excel)").data.startswith(b"PK")
    assert "Phường Hai" in coordinator.download(page, "Tải số liệu đơn vị (CSV)").get_data(as_text=True)


def test_a_refusal_says_why_at_the_form(stage: Stage, coordinator: Visitor) -> None:
    story.close(stage.province)
    page = coordinator.visit(f"/units/{stage.commune}/year-books/close?policy=dx&year=2026")
    with story.on(2027, 2, 1):
        coordinator.sign_in("dieu-phoi")
        refused = page.submit("Khóa sổ")
    assert refused.status == 422
    assert "Đơn vị cấp trên đã chốt sổ của năm này" in refused.text


def test_a_closing_that_failed_goes_on_at_the_press_of_a_button(stage: Stage, coordinator: Visitor) -> None:
    version = story.begin(stage.province)
    page = coordinator.visit(f"/year-books/{version.book_id}")
    assert "Việc khóa sổ bị dừng giữa chừng" in page.text
    page.submit("Tiếp tục khóa sổ")
    jobs.run_pending()
    assert story.fresh(stage.province).state == "closed"


def test_hr_of_the_unit_reads_its_book_and_nobody_reads_another_ones(
    app: Flask, stage: Stage, visitor: Visitor
) -> None:
    whole = story.close(stage.commune)
    signed_in(stage.other, visitor, Role.UNIT_HR, "nhan-su")
    assert visitor.visit(f"/year-books/{whole.id}").status == 404
    assert visitor.visit(f"/year-books/{whole.id}/lines/1").status == 404
    signed_in(stage.commune, visitor, Role.UNIT_HR, "nhan-su-2")
    page = visitor.visit(f"/year-books/{whole.id}")
    assert page.status == 200
    assert "Mở lại sổ" not in page.links()
    assert visitor.visit(f"/year-books/{whole.id}/reopen").status == 403
    assert visitor.visit(f"/year-books/{whole.id}/lines?version=9").status == 404


def test_a_long_list_of_adjustments_has_pages(stage: Stage, coordinator: Visitor) -> None:
    book = story.close(stage.province)
    with story.on(2027, 3, 1):
        late = [story.serve(f"muon-{n:02}", stage.other, 40) for n in range(51)]
        story.goals.refresh(person_ids=[who.id for who in late])
        db.session.commit()
    assert len(queries.adjustments(book.id)) == 51
    page = coordinator.visit(f"/year-books/{book.id}")
    assert "muon-49" in page.text and "muon-50" not in page.text
    assert "muon-50" in page.click("Trang sau").text
    assert date(2027, 3, 1) == story.clock.local_day(queries.adjustments(book.id)[0].at)


def test_a_page_asks_the_database_as_often_for_many_as_for_one(stage: Stage, coordinator: Visitor) -> None:
    book = story.close(stage.province)
    pages = [f"/units/{stage.province}/year-books", f"/year-books/{book.id}", f"/year-books/{book.id}/lines"]
    few = [statements(coordinator, page) for page in pages]
    with story.on(2027, 3, 1):
        late = [story.serve(f"muon-{n:02}", stage.other, 40) for n in range(10)]
        story.goals.refresh(person_ids=[who.id for who in late])
        db.session.commit()
    story.reopen(story.fresh(stage.province))
    story.close(stage.province, day=date(2027, 4, 2))
    assert [statements(coordinator, page) for page in pages] == few
    assert max(few) <= 12


def statements(visitor: Visitor, address: str) -> int:
    """How many statements a page takes."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT")):
            said.append(statement)

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.visit(address).status == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(said)
