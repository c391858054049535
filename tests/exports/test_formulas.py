"""Whatever people write, no cell of any table that leaves the house becomes a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from lms import workbooks
from lms.catalogue.models import Course
from lms.certificates.models import Certificate
from lms.competencies import actions as frames
from lms.db import db
from lms.network.models import Person, Post, UnitVersion
from tests.competencies.conftest import FRAME
from tests.exports.conftest import Made
from tests.exports.test_papers import TABLE, WORKBOOK, ZIP, unzipped
from tests.page import Visitor, held_by
from tests.people import Cast

STARTS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "An;=1+1", 'An;"=1+1')


def dangerous(content: bytes) -> list[str]:
    """The cells of a CSV that a spreadsheet would take for formulas, by whichever sign it divides cells."""
    text = content.decode("utf-8-sig")
    return [
        cell
        for sign in (",", ";")
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        for cell in row
        if cell.startswith(workbooks.FORMULA_STARTS)
    ]


def formulas(content: bytes) -> list[str]:
    """What is not plain in a workbook: formulas, links outside, external parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        links = [name for name in archive.namelist() if "externalLink" in name or "worksheets/_rels" in name]
    return [*links, *(found.decode() for sheet in sheets for found in re.findall(rb"<f>[^<]*|<hyperlink [^>]*", sheet))]


@given(st.text(alphabet="a'\"=+-@;\t\r\n", max_size=12))
def test_a_text_comes_back_from_a_csv_as_it_was_and_is_no_formula_on_the_way(text: str) -> None:
    written = "".join(workbooks.csv_lines(["x"], [[text, "end"]])).encode()
    assert not dangerous(written)
    (_, (cell, _)) = csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert workbooks.plain(cell) == text


def test_the_writers_of_tables_let_no_text_become_a_formula() -> None:
    rows = [[start, f"{start} x", -1, 1.5, None] for start in STARTS]
    assert dangerous("".join(workbooks.csv_lines([STARTS[0], *"abcd"], rows)).encode()) == ["-1"] * len(rows)
    book = io.BytesIO()
    workbooks.sheets(book, [workbooks.Sheet("x", [STARTS[0], *"abcd"], rows)])
    told = CalamineWorkbook.from_filelike(io.BytesIO(book.getvalue())).get_sheet_by_index(0).to_python()
    assert formulas(book.getvalue()) == []
    assert [row[0] for row in told[1:5]] == list(STARTS[:4])
    pages = io.BytesIO()
    workbooks.sheets(pages, [workbooks.Page("x", list(STARTS), [list(STARTS)], choices={0: STARTS[:4]})])
    assert formulas(pages.getvalue()) == []


def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    for number, sizes in ((0, [0]), (2, [2]), (3, [2, 1])):
        book = io.BytesIO()
        workbooks.xlsx(book, "Dữ liệu", ["n"], ([n] for n in range(number)))
        found = CalamineWorkbook.from_filelike(io.BytesIO(book.getvalue()))
        assert [len(found.get_sheet_by_name(name).to_python()) - 1 for name in found.sheet_names] == sizes


@pytest.fixture
def hostile(cast: Cast, binh: Visitor) -> None:
    """Everything that people name is named so that a careless table would calculate."""
    frames.load_frame(frame=FRAME, by_id=None)
    for table, column in ((UnitVersion, "name"), (Course, "title"), (Post, "title")):
        db.session.execute(sa.update(table).values({column: "=cmd|' /C calc'!A0"}))
    db.session.execute(sa.update(Person).values(full_name=sa.literal("@An;=") + Person.full_name))
    for paper in db.session.scalars(sa.select(Certificate)):
        words = paper.printed
        named = {"name": "+An", "unit": "-Đội", "course": "@Khóa"}
        paper.printed = {
            **words,
            "paper": {**words["paper"], **named},
            "wording": {**words["wording"], "issuer": "=SỞ"},
        }
        paper.revoked_reason = "\t=1" if paper.revoked_at else None
    db.session.commit()


@pytest.mark.usefixtures("hostile")
def test_names_and_texts_stay_texts_wherever_they_leave(cast: Cast, binh: Visitor, made: Made) -> None:
    taken = dict(_taken_at_once(cast, binh))
    taken["register.xlsx"], taken["register.csv"] = made(cast.da_nang, WORKBOOK), made(cast.da_nang, TABLE)
    taken["manifest.csv"] = unzipped(made(cast.da_nang, ZIP))["manifest.csv"]
    assert len(taken) >= 7, list(taken)
    for name, content in taken.items():
        found = formulas(content) if name.endswith("xlsx") else dangerous(content)
        assert not found, (name, found[:3])
        assert "cmd" in str(content) or name.endswith("xlsx") or "An" in content.decode("utf-8-sig"), name


def _taken_at_once(cast: Cast, binh: Visitor) -> Iterator[tuple[str, bytes]]:
    """The tables that are answered in the request, as their pages offer them."""
    for address in ("reports", "competencies", "year-end/records"):
        page = binh.visit(f"/units/{cast.da_nang}/{address}")
        for form in page.forms():
            target = form.get("action") or page.url
            if form.get("method") == "post" and re.search(r"\.(?:csv|xlsx)$|competencies/", target):
                answer: TestResponse = binh.client.post(target, data=held_by(form), buffered=True)
                if answer.mimetype == "text/csv" or "spreadsheet" in answer.mimetype:
                    ending = "csv" if answer.mimetype == "text/csv" else "xlsx"
                    yield f"{target}-{len(answer.data)}.{ending}", answer.data
