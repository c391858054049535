"""What stands in a workbook is what was told to it, whatever it is."""

import gc
import io
import zipfile
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lms import workbook_rows, workbooks
from lms.workbooks import Page, Sheet

MAIN = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def book(*sheets: Sheet) -> bytes:
    """A workbook with these sheets."""
    target = io.BytesIO()
    workbooks.sheets(target, sheets)
    return target.getvalue()


def told(content: bytes) -> list[list[list[Any]]]:
    """The cells of each sheet, as an independent reader understands them."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [found.get_sheet_by_name(name).to_python() for name in found.sheet_names]


def rows(content: bytes) -> list[ElementTree.Element]:
    """The rows of the first sheet as XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml")).findall(".//row", MAIN)


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=20), max_size=6))
def test_every_text_is_a_text_and_keeps_its_letters(texts: list[str]) -> None:
    (cells,) = (
        [cell.findtext("is/t", namespaces=MAIN) or "" for cell in row]
        for row in rows(book(Sheet("x", "abcdef", [texts])))[1:]
    )
    assert cells == [workbook_rows.ESCAPED.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text) for text in texts if text]


@pytest.mark.parametrize(
    "text", ["<r>An & Bình</r>", "<r><t>An</t></r>", "</t></is>", "_x0041_", "a\nb", " An ", "Kđăm", "\N{PILE OF POO}"]
)
def test_what_looks_like_markup_is_read_as_it_was_written(text: str) -> None:
    assert told(book(Sheet("x", [text], [[text]]))) == [[[text], [text]]]
    assert told(book(Page("x", [text], [[text]]))) == [[[text], [text]]]


def test_days_and_numbers_are_days_and_numbers() -> None:
    values = [date(1900, 2, 28), date(1900, 3, 1), date(2026, 12, 31), 7, -1, 0, 62.5, 1e-7, True, None, ""]
    (_, row), *_ = told(book(Sheet("x", "abcdefghijk", [values])))
    assert row == [*values[:8], 1, "", ""]


def test_a_number_that_is_none_and_a_text_that_is_too_long_do_not_break_the_book() -> None:
    ((_, row),) = told(book(Sheet("x", "ab", [[float("nan"), "a" * 40_000]])))
    assert row == ["nan", "a" * workbook_rows.LONGEST_CELL]


def test_a_row_is_as_high_as_its_longest_text_and_may_be_wider_than_the_heads() -> None:
    content = book(Sheet("x", ["a", "b"], [["An", "b" * 200], ["An", "b", "more"]]))
    assert [row.get("ht") for row in rows(content)] == [None, "60", None]
    assert told(content)[0][2] == ["An", "b", "more"]
    assert [row.get("ht") for row in rows(book(Page("x", ["a"], [["b" * 30, "more " * 99]])))] == [None, "45"]


def test_a_book_that_breaks_off_leaves_nothing_open() -> None:
    with pytest.raises(LookupError), io.BytesIO() as target:
        workbooks.xlsx(target, "x", ["a"], (broken[n] for n, broken in enumerate([["x"], []])))
    gc.collect()


def test_a_book_has_as_many_sheets_as_it_was_given_and_only_the_first_is_open() -> None:
    content = book(Sheet("Một", ["a"], [["x"]]), Sheet("Hai", ["b"], []), Page("Ba", ["c"], [["z"]], is_hidden=True))
    assert told(content) == [[["a"], ["x"]], [["b"]], [["c"], ["z"]]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        opened = [b"tabSelected" in archive.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2, 3)]
        assert archive.testzip() is None
    assert opened == [True, False, False]
