"""The one safe way to write tables for Excel: streamed, and text never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import IO, Any, NamedTuple, Self, cast

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BEGINNING = r"""(\A{mark}(?='*[=+\-@\t\r])|[;\t\r\n]"*{mark}(?='*[=+\-@\t\r]))"""
"""Where a formula would begin: at a text's start, and where a Vietnamese Excel, which divides at semicolons, begins a cell."""
UNMARKED, MARKED = re.compile(BEGINNING.format(mark="")), re.compile(BEGINNING.format(mark="'"))
NARROWEST, USUAL, WIDEST, MARGIN = 6, 14, 66, 2
"""Of columns, in letters: what is longer is broken into lines."""
ACROSS, LARGE = 95, 200
"""Of whole tables, in letters: what is wider is printed on sheets that lie, and on larger ones."""
MEASURED_ROWS = 300
LINE, TALLEST = 15, 409
"""Heights in points: of a line, and the greatest that Excel knows."""
MOST_ROWS = 1_048_576
OFFERED_ROWS = 5000
LONGEST_CELL = 32_767
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": "Calibri", "font_size": 11, "valign": "top"},
}
A4_PAPER, A3_PAPER = 9, 8


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
    """A sheet of values: texts, numbers and days. `heading` stands over each page that is printed."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    heading: str = ""


def sheets(target: io.IOBase, sheets: Sequence[Sheet]) -> None:
    """Write a workbook of several sheets of values into an open binary file, a row at a time."""
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        formats = Formats(
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            day=book.add_format({"num_format": "dd/mm/yyyy"}),
            part=book.add_format({"num_format": "0.0##"}),
            long=book.add_format({"text_wrap": True}),
        )
        for each in sheets:
            rows, part = iter(each.rows), 1
            first = list(islice(rows, MEASURED_ROWS))
            shape, rows = Shape.of(each.columns, first), chain(first, rows)
            while not _fill(_begun(book, each, part, formats.head, shape), rows, formats, shape):
                part += 1


class Formats(NamedTuple):
    """How heads, days, numbers that are not whole and texts that are broken into lines look."""

    head: Any
    day: Any
    part: Any
    long: Any


class Shape(NamedTuple):
    """The widths of columns, and those of them whose texts are broken into lines."""

    widths: Sequence[int]
    long: frozenset[int]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Self:
        """As wide as what stands in a column, as far as it was measured; a head is broken between its words."""
        longest = [max(len(name) // 2, *map(len, name.split()), 0) + MARGIN for name in columns]
        for row in rows:
            for column, value in enumerate(row[: len(columns)]):
                longest[column] = max(longest[column], _length(value) + MARGIN)
        widths = [max(NARROWEST, min(WIDEST, letters)) for letters in longest]
        return cls(widths, frozenset(column for column, letters in enumerate(longest) if letters > WIDEST))

    def height(self, texts: Iterable[tuple[int, str]]) -> int:
        """Of a row with these texts in these columns, in points."""
        lines = (sum(-(-len(line) // self.widths[column]) or 1 for line in text.split("\n")) for column, text in texts)
        return min(LINE * max(lines, default=1), TALLEST)


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
            widths = [page.widths.get(column, USUAL) for column in range(len(page.columns))]
            shape = Shape(widths, frozenset(range(len(widths))))
            _set_for_print(sheet, page.title, width=sum(widths))
            sheet.set_row(0, shape.height(enumerate(page.columns)))
            for column, name in enumerate(page.columns):
                sheet.set_column(column, column, widths[column], plain)
                sheet.write_string(0, column, name, head)
            for number, row in enumerate(page.rows, start=1):
                sheet.set_row(number, shape.height(enumerate(row)))
                for column, value in enumerate(row):
                    if value:
                        sheet.write_string(number, column, value, plain)
            for column, words in page.choices.items():
                offered = {"validate": "list", "source": list(words), "error_type": "warning"}
                sheet.data_validation(1, column, OFFERED_ROWS, column, offered)
            if page.is_hidden:
                sheet.hide()


def _begun(book: Any, each: Sheet, part: int, head: Any, shape: Shape) -> Any:
    """A sheet with its head; what one sheet of Excel cannot hold goes on in the next."""
    tail = f" ({part})" if part > 1 else ""
    sheet = book.add_worksheet(f"{each.title[: 31 - len(tail)]}{tail}")
    sheet.freeze_panes(1, 0)
    _set_for_print(sheet, each.heading, width=sum(shape.widths))
    sheet.set_row(0, shape.height(enumerate(each.columns)))
    for column, (name, width) in enumerate(zip(each.columns, shape.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    return sheet


def _set_for_print(sheet: Any, heading: str, *, width: int) -> None:
    """At the width of the paper, ruled, with the head of the table and a number on each page."""
    if width > ACROSS:
        sheet.set_landscape()
    sheet.set_paper(A3_PAPER if width > LARGE else A4_PAPER)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(0)
    if heading:
        sheet.set_header(f"&C{heading.replace('&', '&&')}")
    sheet.set_footer("&C&P/&N")


def _length(value: Any) -> int:
    """The letters that a value takes."""
    if isinstance(value, date):
        return len("31/12/2026")
    return 0 if value is None else len(str(value))


def _fill(sheet: Any, rows: Iterator[Sequence[Any]], formats: Formats, shape: Shape) -> bool:
    """Write rows until a sheet is full; whether that was all."""
    number = 0
    for number, row in enumerate(islice(rows, MOST_ROWS - 1), start=1):
        if shape.long:
            sheet.set_row(number, shape.height((column, str(row[column] or "")) for column in shape.long))
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats, is_long=column in shape.long)
    return number < MOST_ROWS - 1


def _write(sheet: Any, row: int, column: int, value: Any, formats: Formats, *, is_long: bool) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.day)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, formats.part if isinstance(value, float) else None)
    elif value is not None:
        sheet.write_string(row, column, str(value), formats.long if is_long else None)


def _harmless(value: Any) -> Any:
    return UNMARKED.sub(r"\1'", value) if isinstance(value, str) else value


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
