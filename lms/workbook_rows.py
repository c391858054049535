"""The rows of a workbook, written by hand (ECMA-376, 18.3.1) into sheets that xlsxwriter has made without them.

A row costs a third of what it costs there, memory stays the same however many there are, and no text is taken for markup:
xlsxwriter writes `<r>…</r>` as it comes.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import chain, count, islice, product, repeat
from math import isfinite
from string import ascii_uppercase
from typing import IO, Any, NamedTuple, Self
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

HEAD, TEXT, LONG, DAY, PART = PATTERNS = range(5)
"""Whose styles the first cells of a frame's column A show: a head, a text, one broken into lines, a day, a fraction."""
LONGEST_CELL, MOST_COLUMNS = 32_767, 16_384
MOST_BYTES = 2_000_000_000
"""Of the rows of a sheet: what is larger takes a form of ZIP that not every Excel reads."""
AT_ONCE = 500
EXTENT, DATA = re.compile(rb"<dimension [^>]*>"), re.compile(rb"<sheetData>(.*)</sheetData>", re.DOTALL)
STYLE = re.compile(rb'<c r="A\d+"( s="\d+")?')
DOUBTFUL = re.compile(r"[\x00-\x1f&<>_\ufffe\uffff]|\A\s|\s\Z")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
DAY_ZERO, FIRST_OF_MARCH = date(1899, 12, 30).toordinal(), date(1900, 3, 1).toordinal()
"""Excel counts a 29/2/1900, so its days before that March are one less."""


class Row(NamedTuple):
    """Texts, numbers and days; `height` in points when it is not the usual one."""

    values: Sequence[Any]
    height: int | None = None


class Book:
    """A workbook that is written into an open file, sheet by sheet.

    A frame is the book as xlsxwriter makes it: all its sheets so far, with a cell for each of `PATTERNS` in column A and no other.
    """

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = ZipFile(target, "w", ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def fill(self, frame: IO[bytes], head: Row, rows: Iterator[Row], *, long: Collection[int], most: int) -> int:
        """Write the last sheet of a frame with as many rows as it holds, `most` at most; how many they are.

        `long` are the columns whose texts are broken into lines, from 0.
        """
        path = f"xl/worksheets/sheet{len(self._zip.namelist()) + 1}.xml"
        with ZipFile(frame) as made:
            before, patterns, after = DATA.split(EXTENT.sub(b"", made.read(path)))
        cells = _Cells(patterns, long)
        size = written = 0
        with self._zip.open(path, "w") as sheet:
            sheet.write(before + b"<sheetData>" + cells.head(head).encode())
            while size < MOST_BYTES and (some := list(islice(rows, min(AT_ONCE, most - written)))):
                size += sheet.write("".join(map(cells.row, some, count(written + 2))).encode())
                written += len(some)
            sheet.write(b"</sheetData>" + after)
        return written

    def finish(self, frame: IO[bytes]) -> None:
        """Write all that is no sheet."""
        sheets = set(self._zip.namelist())
        with ZipFile(frame) as made:
            for name in made.namelist():
                if name not in sheets:
                    self._zip.writestr(name, made.read(name))


class _Cells:
    """Cells as XML, in the styles of the patterns."""

    def __init__(self, patterns: bytes, long: Collection[int]) -> None:
        self._styles = [style.decode() for style in STYLE.findall(patterns)]
        self._texts = [self._styles[LONG if place in long else TEXT] for place in range(MOST_COLUMNS)]

    def head(self, row: Row) -> str:
        """The first row."""
        return self._row(row, 1, repeat(self._styles[HEAD]))

    def row(self, row: Row, number: int) -> str:
        """A row of values, empty ones left out."""
        return self._row(row, number, self._texts)

    def _row(self, row: Row, number: int, styles: Iterable[str]) -> str:
        height = f' ht="{row.height}" customHeight="1"' if row.height else ""
        cells = [
            self._cell(value, f'<c r="{column}{number}"', style)
            for value, column, style in zip(row.values, _letters(), styles, strict=False)
            if value is not None and value != ""
        ]
        return f'<row r="{number}"{height}>{"".join(cells)}</row>'

    def _cell(self, value: Any, begin: str, style: str) -> str:
        if isinstance(value, str):
            return f'{begin}{style} t="inlineStr"><is>{_text(value)}</is></c>'
        if isinstance(value, date):
            return f"{begin}{self._styles[DAY]}><v>{_days(value)}</v></c>"
        if isinstance(value, int):
            return f"{begin}><v>{value:d}</v></c>"
        if isinstance(value, float) and isfinite(value):
            return f"{begin}{self._styles[PART]}><v>{value!r}</v></c>"
        return self._cell(str(value), begin, style)


def _text(text: str) -> str:
    if DOUBTFUL.search(text) is None and len(text) <= LONGEST_CELL:
        return f"<t>{text}</t>"
    escaped = escape(ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text[:LONGEST_CELL]))
    return f'<t xml:space="preserve">{escaped}</t>'


def _days(day: date) -> int:
    """Excel's number of a day."""
    return day.toordinal() - DAY_ZERO - (day.toordinal() < FIRST_OF_MARCH)


@cache
def _letters() -> list[str]:
    """The names of columns: A, B … XFD."""
    names = chain.from_iterable(product(ascii_uppercase, repeat=length) for length in (1, 2, 3))
    return ["".join(name) for name in islice(names, MOST_COLUMNS)]
