"""The one safe way to write tables for Excel: streamed, and text never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Any, cast

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BEGINNING = r"""(\A{mark}(?='*[=+\-@\t\r])|[;\t\r\n]"*{mark}(?='*[=+\-@\t\r]))"""
"""Where a formula would begin: at a text's start, and where a Vietnamese Excel, which divides at semicolons, begins a cell."""
UNMARKED, MARKED = re.compile(BEGINNING.format(mark="")), re.compile(BEGINNING.format(mark="'"))
WIDEST = 60
MOST_ROWS = 1_048_576
OFFERED_ROWS = 5000
LONGEST_CELL = 32_767
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV in pieces, with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(map(_harmless, columns))
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
        if buffer.tell() > 1 << 16:
            yield _emptied(buffer)
    yield _emptied(buffer)


def plain(cell: str) -> str:
    """The text of a cell that `csv_lines` wrote, without the marks that keep it from becoming a formula."""
    return MARKED.sub(lambda found: found[1][:-1], cell)


def write(target: IO[bytes], ending: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table as `xlsx` or `csv` into an open binary file, a row at a time."""
    if ending == "csv":
        target.writelines(piece.encode() for piece in csv_lines(columns, rows))
    else:
        xlsx(cast(io.IOBase, target), title, columns, rows)


def xlsx(target: io.IOBase, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook of one sheet into an open binary file, a row at a time."""
    sheets(target, [Sheet(title, columns, rows)])


@dataclass(frozen=True)
class Sheet:
    """A sheet of values: texts, numbers and days."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def sheets(target: io.IOBase, sheets: Sequence[Sheet]) -> None:
    """Write a workbook of several sheets of values into an open binary file, a row at a time."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for each in sheets:
            rows, part = iter(each.rows), 1
            while not _fill(_begun(book, each, part, head), rows, day):
                part += 1


@dataclass(frozen=True)
class Page:
    """A sheet of a workbook; `choices` are the words that a column offers, by its position, `widths` in letters."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[str]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[int, int] = field(default_factory=dict)
    is_hidden: bool = False


def pages(target: io.IOBase, pages: Sequence[Page]) -> None:
    """Write a workbook of several sheets of text, with drop-downs where a column offers words."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for page in pages:
            sheet = book.add_worksheet(page.title[:31])
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(page.columns):
                sheet.set_column(column, column, page.widths.get(column, 14), plain)
                sheet.write_string(0, column, name, head)
            for number, row in enumerate(page.rows, start=1):
                for column, value in enumerate(row):
                    if value:
                        sheet.write_string(number, column, value, plain)
            for column, words in page.choices.items():
                offered = {"validate": "list", "source": list(words), "error_type": "warning"}
                sheet.data_validation(1, column, OFFERED_ROWS, column, offered)
            if page.is_hidden:
                sheet.hide()


def _begun(book: Any, each: Sheet, part: int, head: Any) -> Any:
    """A sheet with its head; what one sheet of Excel cannot hold goes on in the next."""
    tail = f" ({part})" if part > 1 else ""
    sheet = book.add_worksheet(f"{each.title[: 31 - len(tail)]}{tail}")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(each.columns):
        sheet.set_column(column, column, min(max(len(name) + 2, 12), WIDEST))
        sheet.write_string(0, column, name, head)
    return sheet


def _fill(sheet: Any, rows: Iterator[Sequence[Any]], day: Any) -> bool:
    """Write rows until a sheet is full; whether that was all."""
    number = 0
    for number, row in enumerate(islice(rows, MOST_ROWS - 1), start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, day)
    return number < MOST_ROWS - 1


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))


def _harmless(value: Any) -> Any:
    return UNMARKED.sub(r"\1'", value) if isinstance(value, str) else value


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
