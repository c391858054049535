"""The officer's way: what is set, what is written, producing, files; only within reach, and each time in the audit."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from lms import jobs
from lms.audit import AuditEntry
from lms.db import db
from tests import people
from tests.page import Page, Visitor
from tests.yearend.conftest import Stage

TERMS = {
    "superior": "", "body": "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "number_pattern": "#/BC-SKHCN", "place": "Đà Nẵng",
    "ranks": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "signatory": "Nguyễn Thị Minh Tâm", "recipients": "Sở Nội vụ\nLưu: VT",
    "legal_basis": "Quyết định 1690/QĐ-TTg", "until_day": "15/12", "reported_day": "20/12",
}  # fmt: skip


def test_an_officer_sets_writes_produces_and_takes_out(stage: Stage, dieu: Visitor) -> None:
    page = dieu.visit(f"/units/{stage.province}/reports?year=2026").click("Lập báo cáo cuối năm")
    page = page.lint().click("Thông tin văn bản").lint().submit("Lưu", **TERMS)
    page = page.click("Viết khó khăn").lint()
    page = page.submit("Lưu", obstacles="Thiếu máy <tính>", dispatch_number="215", signed_on="05/01/2027")
    page = page.lint().submit("Tạo báo cáo")
    assert "Đang tạo báo cáo" in page.text
    assert page.response.headers["Refresh"]
    jobs.run_pending()
    page = dieu.visit(f"/units/{stage.province}/year-end?year=2026").lint()
    assert "Bản 1" in page.text
    answer = dieu.download(page, "Tải báo cáo (PDF)")
    text = " ".join(PdfReader(BytesIO(answer.get_data())).pages[0].extract_text().split())
    for wanted in ("Số: 215/BC-SKHCN", "Đà Nẵng, ngày 05 tháng 01 năm 2027", "Căn cứ Quyết định 1690/QĐ-TTg."):
        assert wanted in text
    acts = set(db.session.scalars(sa.select(AuditEntry.action)))
    assert {"yearend.set-terms", "yearend.write", "yearend.produce", "yearend.keep", "yearend.download"} <= acts


@pytest.mark.parametrize(
    ("field", "typed", "told"), [("until_day", "30/2", "15/12"), ("signatory", "Tâm 🙂", "🙂"), ("body", "", "")]
)
def test_what_cannot_be_printed_or_read_is_said_at_the_field(
    stage: Stage, dieu: Visitor, field: str, typed: str, told: str
) -> None:
    page = dieu.visit(f"/units/{stage.province}/year-end/terms?year=2026").submit("Lưu", **{**TERMS, field: typed})
    assert page.status == 422
    assert told in page.lint().text


def test_pressing_twice_produces_once(stage: Stage, dieu: Visitor) -> None:
    page = dieu.visit(f"/units/{stage.province}/year-end?year=2026")
    for _ in range(2):
        page.submit("Tạo báo cáo")
    assert jobs.run_pending() == 1


def test_the_sheet_of_a_person_is_one_page_and_ones_own_needs_no_officer(
    stage: Stage, dieu: Visitor, visitor: Visitor
) -> None:
    answer = dieu.download(dieu.visit(f"/people/{stage.met}/goal?year=2026"), "Tải phiếu đào tạo")
    [page] = PdfReader(BytesIO(answer.get_data())).pages
    assert "Phải học 40 tiết; được tính 44 tiết; tình trạng: Đạt." in " ".join(page.extract_text().split())
    people.account(db.session.get_one(people.Person, stage.met))
    db.session.commit()
    visitor.sign_in("dat")
    own = visitor.fetch("/my/training-sheet.pdf?year=2026")
    assert own.mimetype == "application/pdf"
    assert visitor.fetch(f"/units/{stage.province}/year-end").status_code == 403


def test_the_sheets_of_a_unit_are_one_file_with_a_page_each(stage: Stage, dieu: Visitor) -> None:
    waiting = dieu.visit(f"/units/{stage.province}/year-end/records?year=2026").lint().submit("Lập phiếu")
    jobs.run_pending()
    answer = dieu.download(dieu.visit(waiting.url).lint(), "Tải tệp")
    pages = PdfReader(BytesIO(answer.get_data())).pages
    assert [name in page.extract_text() for name, page in zip(("Dat", "Mien", "Thieu"), pages, strict=True)] == [
        True
    ] * 3


def record_of(page: Page, **values: Any) -> str:
    """The record with the chosen columns, once the worker has made it."""
    waiting = page.submit("Xuất dữ liệu", **values)
    jobs.run_pending()
    return page.visitor.download(page.visitor.visit(waiting.url), "Tải tệp").get_data(as_text=True)


def test_the_record_has_the_chosen_columns_and_no_others(stage: Stage, dieu: Visitor) -> None:
    page = dieu.visit(f"/units/{stage.province}/year-end/records?year=2026")
    head, *lines = record_of(page, columns=["code", "year", "courses"], ending="csv").lstrip("\ufeff").splitlines()
    assert head == 'Mã cán bộ,Năm,"Khóa học, số tiết, ngày"'
    assert [line.split(",")[0] for line in lines] == ["dat", "mien", "thieu"]
    assert "Lớp digital 36" in lines[0]
    assert page.submit("Xuất dữ liệu", columns=[]).status == 422


def test_texts_in_the_record_never_become_formulas(stage: Stage, dieu: Visitor) -> None:
    db.session.get_one(people.Person, stage.met).full_name = "=1+1"
    db.session.commit()
    page = dieu.visit(f"/units/{stage.province}/year-end/records?year=2026")
    assert "'=1+1" in record_of(page, columns=["full-name"], ending="csv")
