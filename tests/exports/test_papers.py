"""What leaves the house: papers that fit their manifest, a book for the printer, a register whose texts stay texts."""

import csv
import io
import zipfile
from hashlib import sha256

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lms import clock, files
from lms.certificates.models import Certificate
from lms.db import db
from lms.exports.rules import file_name
from lms.network.models import Person
from tests.certificates.standards import faults_of_archive
from tests.exports.conftest import Made, ask, latest
from tests.page import Visitor
from tests.people import Cast
from tests.reports.conftest import HOSTILE

YEAR = clock.today().year
ZIP, BOOK, WORKBOOK, TABLE = "các tệp PDF", "một tệp PDF", "sổ cấp (Excel)", "sổ cấp (CSV)"


def papers() -> list[Certificate]:
    """The certificates of Đà Nẵng in the register's order."""
    here = sa.select(Certificate).join(Person).where(Person.code != "dung").order_by(Certificate.number)
    return list(db.session.scalars(here))


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert all(entry.flag_bits & 0x800 for entry in archive.infolist() if not entry.filename.isascii())
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(content: bytes) -> list[dict[str, object]]:
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_the_archive_fits_its_manifest_and_its_sums(cast: Cast, made: Made) -> None:
    contents = unzipped(made(cast.da_nang, ZIP))
    manifest = list(csv.DictReader(io.StringIO(contents["manifest.csv"].decode("utf-8-sig"))))
    sums = dict(reversed(line.split("  ", 1)) for line in contents["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(content).hexdigest() for name, content in contents.items() if name != "SHA256SUMS"}
    assert {line["file"]: line["sha256"] for line in manifest}.items() <= sums.items()
    assert [line["label"] for line in manifest] == [paper.label for paper in papers()]
    assert [line["state"] for line in manifest].count("revoked") == 1
    assert f"{YEAR}-000001 Trần Văn An.pdf" in contents
    assert len(contents) == len(papers()) + 2
    stored = {files.read(str(paper.sha256)) for paper in papers()}
    assert {content for name, content in contents.items() if name.endswith(".pdf")} == stored


def test_the_same_papers_give_the_same_archive(cast: Cast, made: Made) -> None:
    assert made(cast.da_nang, ZIP) == made(cast.da_nang, ZIP)


def test_the_book_is_an_archive_of_all_valid_papers_in_the_registers_order(cast: Cast, made: Made) -> None:
    content = made(cast.da_nang, BOOK)
    valid = [paper for paper in papers() if paper.revoked_at is None]
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) == len(valid)
    for page, paper in zip(pages, valid, strict=True):
        assert paper.label in page
        assert paper.printed["wording"]["issuer"] in page
    assert len({paper.printed["wording"]["issuer"] for paper in valid}) == 2, "papers of two wordings stand in one file"
    assert faults_of_archive(content) == []


@pytest.mark.parametrize("button", [WORKBOOK, TABLE])
def test_the_register_lists_every_number_and_its_texts_stay_texts(cast: Cast, made: Made, button: str) -> None:
    content = made(cast.hai_chau, button)
    if button == TABLE:
        lines: list[dict[str, object]] = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))  # type: ignore[arg-type]
        assert not [cell for line in lines for cell in line.values() if str(cell).startswith(("=", "+", "-", "@"))]
    else:
        lines = workbook(content)
    assert [line["Số"] for line in lines] == [paper.label for paper in papers()]
    [revoked] = [line for line in lines if line["Trạng thái"] == "Đã thu hồi"]
    assert [str(revoked[name]).removeprefix("'") for name in ("Họ và tên", "Lý do")] == ["=1+1", "=Cấp nhầm"]
    assert {str(line["Họ và tên"]).removeprefix("'") for line in lines} >= set(HOSTILE)


def test_only_what_was_chosen_is_exported(cast: Cast, binh: Visitor, made: Made) -> None:
    early, other = papers()[0], papers()[-1]
    early.issued_on = early.issued_on.replace(month=1, day=1)
    db.session.commit()
    asked = {"start": f"01/01/{YEAR}", "last": f"01/01/{YEAR}"}
    page = binh.visit(f"/units/{cast.da_nang}/exports", query=asked)
    assert "Có 1 giấy cấp từ" in page.text
    assert [line["Số"] for line in workbook(made(cast.da_nang, WORKBOOK, **asked))] == [early.label]
    asked = {"state": "revoked"}
    assert len(workbook(made(cast.da_nang, WORKBOOK, **asked))) == 1
    asked = {
        "role": "community-member",
        "issuer": str(other.issuer_id),
        "kind": "course",
        "course": str(other.course_id),
    }
    assert len(workbook(made(cast.da_nang, WORKBOOK, **asked))) == len(papers())
    assert "Không có giấy nào như vậy" in binh.visit(f"/units/{cast.da_nang}/exports", query={"role": "leader"}).text
    for wrong in (
        {"last": "32/01/2026"},
        {"role": "king"},
        {"course": "9999"},
        {"start": "02/01/2026", "last": "01/01/2026"},
    ):
        assert binh.visit(f"/units/{cast.da_nang}/exports", query=wrong).status == 422


def test_what_is_issued_after_asking_waits_for_the_next_time(cast: Cast, binh: Visitor) -> None:
    ask(binh, cast.da_nang, WORKBOOK)
    assert latest().wanted["last_id"] == db.session.scalar(sa.select(sa.func.max(Certificate.id)))


def test_a_book_of_nothing_valid_is_not_begun(cast: Cast, binh: Visitor) -> None:
    page = ask(binh, cast.da_nang, BOOK, state="revoked")
    assert (page.status, "không có giấy nào còn giá trị" in page.response.get_data(as_text=True).lower()) == (
        422,
        True,
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2026-000123 Nguyễn Thị Thuỳ Dương", "2026-000123 Nguyễn Thị Thuỳ Dương.pdf"),
        ("../../Đào", "Đào.pdf"),
        ('a<b>c:d"e/f\\g|h?i*j\x07k', "a b c d e f g h i j k.pdf"),
        ("CON", "_CON.pdf"),
        ("com1.x", "_com1.x.pdf"),
        ("CONG Vinh", "CONG Vinh.pdf"),
        ("Tổ số. . ", "Tổ số.pdf"),
        ("... ", "_.pdf"),
        ("E\u0302", "Ê.pdf"),
    ],
)
def test_a_files_name_is_safe_on_every_system(words: str, name: str) -> None:
    assert file_name(words, "pdf") == name


def test_a_long_name_is_cut_between_letters_and_keeps_its_ending() -> None:
    name = file_name("Ở" * 100 + "x̣̂" * 50, "pdf", 12)
    assert len(name.encode()) <= 255
    assert name.endswith(" (12).pdf")
    assert len(file_name("ế" * 300, "zip").encode()) == 3 * ((255 - 4) // 3) + 4
