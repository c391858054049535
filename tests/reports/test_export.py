"""What HR takes out at once: the right rows, text that stays text, and a line in the audit."""

import csv
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import perf_counter
from urllib.parse import unquote

import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from werkzeug.test import Client, TestResponse

from lms import audit, clock
from lms.audit import AuditEntry
from lms.db import db
from lms.network.models import UnitVersion
from tests.page import Visitor
from tests.people import Cast
from tests.reports.conftest import HOSTILE

YEAR = clock.today().year


def taken_out(visitor: Visitor, unit_id: int, button: str) -> TestResponse:
    return visitor.download(visitor.visit(f"/units/{unit_id}/reports"), button)


def workbook(answer: TestResponse) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def rows(answer: TestResponse) -> list[list[str]]:
    assert answer.data.startswith(b"\xef\xbb\xbf"), "the mark by which Excel knows UTF-8"
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_table_of_people_has_one_row_each_and_no_formula(cast: Cast, binh: Visitor) -> None:
    excel, plain = (taken_out(binh, cast.da_nang, button) for button in ("Tải bảng Excel", "Tải CSV"))
    header, *below = workbook(excel)
    names = [row[1] for row in below]
    assert set(HOSTILE) | {"Trần Văn An", "Lê Thị Bình", "Đặng Thị Em"} <= set(names)
    assert "Hoàng Văn Dũng" not in names
    an = dict(zip(header, next(row for row in below if row[1] == "Trần Văn An"), strict=True))
    assert (an["Phải học (tiết)"], an["Đã học (tiết)"]) == (8, 0)
    with zipfile.ZipFile(io.BytesIO(excel.data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert not [name for name in archive.namelist() if "externalLink" in name or "rels/sheet" in name]

    assert [row[1].removeprefix("'") for row in rows(plain)[1:]] == names
    assert not [cell for row in rows(plain) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_every_export_leaves_a_line_in_the_audit(cast: Cast, binh: Visitor) -> None:
    for button in ("Tải bảng Excel", "Tải CSV"):
        taken_out(binh, cast.hai_chau, button)
    exports = sa.select(AuditEntry).where(AuditEntry.action == "reports.export").order_by(AuditEntry.id)
    lines = db.session.scalars(exports).all()
    assert {(line.actor, line.subject) for line in lines} == {("binh", f"unit:{cast.hai_chau}")}
    assert [line.detail["form"] for line in lines] == ["people.xlsx", "people.csv"]


def test_a_file_has_a_name_that_every_browser_reads_and_nobody_keeps_it(cast: Cast, binh: Visitor) -> None:
    name = 'Tổ "số" 1/2; Thuận Phước'
    db.session.execute(sa.update(UnitVersion).where(UnitVersion.unit_id == cast.team).values(name=name))
    db.session.commit()
    for button in ("Tải bảng Excel", "Tải CSV"):
        headers = taken_out(binh, cast.team, button).headers
        disposition = headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert disposition.isascii()
        assert name in unquote(disposition.partition("filename*=")[2])
        assert headers["Cache-Control"] == "no-store"


def test_an_unknown_form_policy_or_year_is_not_found(cast: Cast, binh: Visitor) -> None:
    page = binh.visit(f"/units/{cast.da_nang}/reports")
    token = page.main.find(".//input[@name='csrf_token']")
    assert token is not None
    base = {"csrf_token": token.get("value")}
    wrong = (("people.exe", {}), ("people.csv", {"policy": "x"}), ("people.csv", {"year": "9999"}), ("audit.csv", {}))
    for form, more in wrong:
        assert binh.post(f"/units/{cast.da_nang}/reports/{form}", base | more).status == 404
    assert not db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "reports.export")).all()


def test_a_slow_download_keeps_nobody_from_writing(cast: Cast, binh: Visitor) -> None:
    page = binh.visit(f"/units/{cast.da_nang}/reports")
    token, cookie = page.main.find(".//input[@name='csrf_token']"), binh.client.get_cookie("thaoso")
    assert token is not None
    assert cookie is not None
    form = {"csrf_token": token.get("value"), "year": YEAR}
    has_begun, may_go_on = Event(), Event()

    def download() -> int:
        client = Client(binh.app)
        client.set_cookie("thaoso", cookie.value)
        pieces = client.post(f"/units/{cast.da_nang}/reports/people.csv", data=form).iter_encoded()
        size = len(next(pieces))
        has_begun.set()
        may_go_on.wait(20)
        return size + sum(len(piece) for piece in pieces)

    with ThreadPoolExecutor(1) as pool:
        downloaded = pool.submit(download)
        assert has_begun.wait(20)
        began = perf_counter()
        audit.record("test.written", "unit:1")
        db.session.commit()
        waited = perf_counter() - began
        may_go_on.set()
        assert downloaded.result() > 500
    assert waited < 5
