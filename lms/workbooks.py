"""The one safe way to write tables for Excel: streamed, and text never becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count, islice
from typing import IO, Any, NamedTuple, Self

import xlsxwriter

from lms.workbook_rows import PATTERNS, Book, Row

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BEGINNING = r"""(\A{mark}(?='*[=+\-@\t\r])|[;\t\r\n]"*{mark}(?='*[=+\-@\t\r]))"""
"""Where a formula would begin: at a text's start, and where a Vietnamese Excel, which divides at semicolons, begins a cell."""
SUSPECT = re.compile(r"\A['=+\-@]|[;\t\r\n]")
"""What every text has in which one begins: most have none of it."""
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
LONGEST_TITLE = 31
OPTIONS = {"in_memory": True, "default_format_properties": {"font_name": "Calibri", "font_size": 11, "valign": "top"}}
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
        xlsx(target, title, columns, rows)


def xlsx(target: IO[bytes], title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a workbook of one sheet into an open binary file, a row at a time."""
    sheets(target, [Sheet(title, columns, rows)])


@dataclass(frozen=True)
class Sheet:
    """A sheet of values: texts, numbers and days. `heading` stands over each page that is printed."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    heading: str = ""


@dataclass(frozen=True)
class Page(Sheet):
    """A sheet of texts to fill in; `choices` are the words that a column offers, by its position, `widths` in letters."""

    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[int, int] = field(default_factory=dict)
    is_hidden: bool = False


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

    @classmethod
    def of_page(cls, page: Page) -> Self:
        """As wide as it says, with every text broken into lines."""
        widths = [page.widths.get(column, USUAL) for column in range(len(page.columns))]
        return cls(widths, frozenset(range(len(widths))))

    def line(self, row: Sequence[Any]) -> Row:
        """A row, as high as its texts in lines."""
        return Row(row, self._height(row, self.long)) if self.long else Row(row)

    def head(self, names: Sequence[str]) -> Row:
        """The heads of the columns, all of them broken into lines."""
        return Row(names, self._height(names, range(len(names))))

    def _height(self, row: Sequence[Any], columns: Iterable[int]) -> int | None:
        texts = ((str(row[column]), self.widths[column]) for column in columns if column < len(row) and row[column])
        lines = max((sum(-(-len(line) // width) or 1 for line in text.split("\n")) for text, width in texts), default=1)
        return min(LINE * lines, TALLEST) if lines > 1 else None


class Part(NamedTuple):
    """What a sheet of a workbook shows: all of one of ours, or as much as a sheet can hold."""

    of: Sheet
    shape: Shape
    number: int

    @property
    def title(self) -> str:
        tail = f" ({self.number})" if self.number > 1 else ""
        return f"{self.of.title[: LONGEST_TITLE - len(tail)]}{tail}"


def sheets(target: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook of one sheet or more into an open file, a row at a time; what a sheet cannot hold goes on in the next."""
    parts: list[Part] = []
    with Book(target) as book:
        for each in sheets:
            lines, shape = _shaped(each)
            for number in count(1):
                parts.append(Part(each, shape, number))
                frame = _frame(parts)
                book.fill(frame, shape.head(each.columns), lines, long=shape.long, most=MOST_ROWS - 1)
                if not (following := list(islice(lines, 1))):
                    break
                lines = chain(following, lines)
        book.finish(frame)


def _shaped(sheet: Sheet) -> tuple[Iterator[Row], Shape]:
    """The rows of a sheet, and what they need."""
    rows = iter(sheet.rows)
    if isinstance(sheet, Page):
        shape = Shape.of_page(sheet)
    else:
        first = list(islice(rows, MEASURED_ROWS))
        shape, rows = Shape.of(sheet.columns, first), chain(first, rows)
    return map(shape.line, rows), shape


def _frame(parts: Iterable[Part]) -> io.BytesIO:
    """The book without its rows."""
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        day, fraction = (book.add_format({"num_format": format}) for format in ("dd/mm/yyyy", "0.0##"))
        lines, entry = book.add_format({"text_wrap": True}), book.add_format({"text_wrap": True, "num_format": "@"})
        for part in parts:
            text, long = (entry, entry) if isinstance(part.of, Page) else (None, lines)
            sheet = _begun(book, part, text)
            for place, style in zip(PATTERNS, (head, text, long, day, fraction), strict=True):
                sheet.write_number(place, 0, 1, style)
    return frame


def _begun(book: Any, part: Part, text: Any) -> Any:
    sheet, page = book.add_worksheet(part.title), part.of
    sheet.freeze_panes(1, 0)
    for column, width in enumerate(part.shape.widths):
        sheet.set_column(column, column, width, text)
    _set_for_print(sheet, page.title if isinstance(page, Page) else page.heading, width=sum(part.shape.widths))
    if isinstance(page, Page):
        for column, words in page.choices.items():
            offered = {"validate": "list", "source": list(words), "error_type": "warning"}
            sheet.data_validation(1, column, OFFERED_ROWS, column, offered)
        if page.is_hidden:
            sheet.hide()
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


def _harmless(value: Any) -> Any:
    return UNMARKED.sub(r"\1'", value) if isinstance(value, str) and SUSPECT.search(value) else value


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
