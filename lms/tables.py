"""Tables as people send them: CSV in the encodings and with the separators of the field, XLSX, XLS and ODS.

What cannot be read is an `UnreadableTable` with a message key, whatever the bytes were. Pure: no database, no Flask.
"""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from lms import text

MEGABYTE = 1 << 20
LARGEST = 200 * MEGABYTE
MOST_COLUMNS = 200
MOST_ROWS = 1_000_000
HEADER_WITHIN = 15

BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
WITHOUT_MARK = ("utf-8", "cp1258")
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
DELIMITERS = ",;\t"
SAMPLE = 1 << 16

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_INFLATION = 200
WORKBOOK_READER = Path(__file__).with_name("workbook_reader.py")
WORKBOOK_SECONDS = 120

GUARDED = ("'=", "'+", "'-", "'@")

Rows = list[list[str]]


class UnreadableTable(Exception):
    """The bytes are no table that we can read; `key` is the message that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


@dataclass(frozen=True, slots=True)
class Table:
    """A header, the number of its row in the sheet, and the rows below that hold something, each with its number."""

    name: str
    header: list[str]
    header_number: int
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with its cells as they are; `merged` as ((top, left), (bottom, right)), counted from 0."""

    title: str
    rows: Rows
    is_hidden: bool = False
    merged: Sequence[Sequence[Sequence[int]]] = ()


def read(
    name: str, content: bytes, columns: frozenset[str] = frozenset(), titles: frozenset[str] = frozenset()
) -> Table:
    """The table in a file. Raises `UnreadableTable`.

    The header is the row near the top that names most of `columns` (as slugs); of a workbook's sheets the one called by
    one of `titles` is read, else the first that holds anything.
    """
    if len(content) > LARGEST:
        raise UnreadableTable("import.too-large", limit=LARGEST // MEGABYTE)
    is_workbook = content.startswith((ZIP, OLE))
    rows = _workbook_rows(content, titles) if is_workbook else _csv_rows(content, columns)
    if not rows:
        raise UnreadableTable("import.empty-file")
    header, below = _find_header(rows, columns)
    filled = [(number, cells) for number, cells in enumerate(rows[below:], start=below + 1) if any(cells)]
    return Table(name, header, below, filled)


def sheets(content: bytes) -> list[Sheet]:
    """All sheets of a workbook, or the one table of a CSV, with their cells as they are. Raises `UnreadableTable`."""
    if len(content) > LARGEST:
        raise UnreadableTable("import.too-large", limit=LARGEST // MEGABYTE)
    if not content.startswith((ZIP, OLE)):
        return [Sheet("", _csv_rows(content, frozenset()))]
    found = _workbook(content, "--detailed")
    return [Sheet(title, _spread(filled), hidden, merged) for title, filled, hidden, merged in found]


def _spread(filled: list[tuple[int, list[str]]]) -> Rows:
    """Rows at their places; all that hold nothing are one and the same."""
    rows: Rows = [[]] * (filled[-1][0] + 1 if filled else 0)
    for number, cells in filled:
        rows[number] = cells
    return rows


def _csv_rows(content: bytes, columns: frozenset[str]) -> Rows:
    source = _decode(content)
    sample = source[:SAMPLE].splitlines()[: HEADER_WITHIN + 1]
    delimiter = max(DELIMITERS, key=lambda each: _fit([line.split(each) for line in sample], columns))
    reader = csv.reader(StringIO(source, newline=""), delimiter=delimiter, strict=True)
    try:
        return _clean_rows(reader)
    except csv.Error as error:
        raise UnreadableTable("import.broken-quotes", line=reader.line_num) from error


def _decode(content: bytes) -> str:
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS.items() if content.startswith(mark)]
    for encoding in marked or WITHOUT_MARK:
        try:
            source = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not CONTROLS.search(source):
            return source
    raise UnreadableTable("import.not-a-table")


def _fit(rows: Rows, columns: frozenset[str]) -> tuple[int, int]:
    """How well a delimiter cuts the first rows: known columns in the best of them, then the number of cells."""
    known = max((_known(row, columns) for row in rows), default=0)
    return known, max(map(len, rows), default=0)


def _workbook_rows(content: bytes, titles: frozenset[str]) -> Rows:
    filled = [(title, rows) for title, rows in _workbook(content) if any(map(any, rows))]
    named = [rows for title, rows in filled if text.slug(title) in titles]
    return _clean_rows((named or [rows for _, rows in filled] or [[]])[0])


def _workbook(content: bytes, *options: str) -> list[Any]:
    if content.startswith(ZIP):
        _refuse_bomb(content)
    command = [sys.executable, "-I", str(WORKBOOK_READER), *options]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=True, timeout=WORKBOOK_SECONDS)
    except subprocess.SubprocessError as error:
        raise UnreadableTable("import.unreadable-workbook") from error
    return list(json.loads(done.stdout))


def _refuse_bomb(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, ValueError, NotImplementedError, OSError, UnicodeDecodeError) as error:
        raise UnreadableTable("import.unreadable-workbook") from error
    if unpacked > min(LARGEST, MOST_INFLATION * len(content)):
        raise UnreadableTable("import.too-large", limit=LARGEST // MEGABYTE)


def _clean_rows(rows: Iterable[list[str]]) -> Rows:
    cleaned: Rows = []
    for cells in rows:
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise UnreadableTable("import.too-wide", limit=MOST_COLUMNS)
        if len(cleaned) == MOST_ROWS:
            raise UnreadableTable("import.too-long", limit=MOST_ROWS)
        cleaned.append([_clean(cell) for cell in cells[:MOST_COLUMNS]])
    return cleaned if any(map(any, cleaned)) else []


def _clean(cell: str) -> str:
    if cell.startswith(GUARDED):
        cell = cell[1:]
    # Most cells of a big file are codes, days and words that come again and again: this is ten times faster.
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell.strip()
    return _clean_words(cell)


_clean_words = lru_cache(1 << 15)(text.clean)


def _find_header(rows: Rows, columns: frozenset[str]) -> tuple[list[str], int]:
    """The header, and the number of rows down to its end: one row, or two where cells of the upper one span several."""
    top = rows[:HEADER_WITHIN]
    single = [(_known(row, columns), 1, -index, row, index + 1) for index, row in enumerate(top)]
    merged = [_merge(upper, lower, columns) for upper, lower in zip(top, rows[1:], strict=False)]
    double = [(_known(row, columns), 0, -index, row, index + 2) for index, row in enumerate(merged)]
    known, *_, header, below = max(single + double)
    if known:
        return header, below
    first = next(index for index, row in enumerate(rows) if any(row))
    return rows[first], first + 1


def _merge(upper: list[str], lower: list[str], columns: frozenset[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip(_padded(upper, width), _padded(lower, width), strict=True)
    return [below if text.slug(below) in columns else above for above, below in pairs]


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _known(row: Iterable[str], columns: frozenset[str]) -> int:
    return len(columns.intersection(map(text.slug, row)))
