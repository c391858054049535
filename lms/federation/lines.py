"""The tables of a package: units, figures, people. Written in one way; read with every line named that cannot be."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from lms import text, workbooks
from lms.federation.rules import (
    FIGURES_FILE,
    MOST_PEOPLE,
    PEOPLE,
    STATUSES,
    UNITS,
    Package,
    PersonLine,
    Problem,
    UnitLine,
)

LONGEST = 300
COLUMNS: Mapping[str, tuple[str, ...]] = {
    UNITS: UnitLine._fields,
    FIGURES_FILE: ("number", "status", "people"),
    PEOPLE: PersonLine._fields,
}

Files = Mapping[str, bytes]
Row = TypeVar("Row")


def tables(package: Package) -> dict[str, bytes]:
    """The tables of a package by the name of their file; people only where it has names."""
    found = {UNITS: _table(UNITS, package.units), FIGURES_FILE: _table(FIGURES_FILE, _figure_rows(package))}
    return found | {PEOPLE: _table(PEOPLE, package.people)} if package.manifest.with_names else found


def units(files: Files, wrong: list[Problem]) -> Iterator[UnitLine]:
    """The lines of units; what cannot be read is added to `wrong`, here and below."""
    return _read(files, UNITS, _unit, wrong)


def people(files: Files, wrong: list[Problem]) -> Iterator[PersonLine]:
    """The lines of people."""
    return _read(files, PEOPLE, _person, wrong)


def figures(files: Files, wrong: list[Problem]) -> dict[int, dict[str, int]]:
    """People by status, by the number of a unit's line."""
    found: dict[int, dict[str, int]] = {}
    for place, (number, status, people_) in enumerate(_read(files, FIGURES_FILE, _figure, wrong), start=2):
        if status in found.setdefault(number, {}):
            wrong.append(Problem("twice", FIGURES_FILE, place, {"code": number}))
        found[number][status] = people_
    return found


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a kind, and small and clean enough to be stored. Other kinds are looked at elsewhere."""
    if kind is str:
        return isinstance(value, str) and len(value) <= LONGEST and text.clean(value) == value
    if kind is int:
        return type(value) is int and 0 <= value <= MOST_PEOPLE
    return kind is None or isinstance(value, kind)


def _figure_rows(package: Package) -> Iterator[tuple[int, str, int]]:
    for line in package.units:
        counts = package.figures.get(line.number, {})
        yield from ((line.number, status, counts[status]) for status in STATUSES if counts.get(status))


def _table(name: str, rows: Any) -> bytes:
    return "".join(workbooks.csv_lines(COLUMNS[name], rows)).encode()


def _read(
    files: Files, name: str, make: Callable[[list[str]], Row], wrong: list[Problem]
) -> Iterator[Row]:  # fmt: skip
    """The rows of a table; what cannot be read is added to `wrong`."""
    try:
        rows = csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline=""), strict=True)
        if tuple(next(rows, ())) != COLUMNS[name]:
            wrong.append(Problem("columns", name, 1))
            return
        for cells in rows:
            try:
                yield make(list(map(workbooks.plain, cells)))
            except (ValueError, TypeError):
                wrong.append(Problem("bad-line", name, rows.line_num))
    except (csv.Error, UnicodeDecodeError):
        wrong.append(Problem("not-ours", name))


def _unit(cells: Sequence[str]) -> UnitLine:
    number, unit, above, code, name, on = cells
    date.fromisoformat(on)
    if not code or not name:
        raise ValueError(cells)
    return UnitLine(_number(number), _number(unit), _number(above) if above else None, _words(code), _words(name), on)


def _figure(cells: Sequence[str]) -> tuple[int, str, int]:
    number, status, people = cells
    return _number(number), _status(status), _number(people)


def _person(cells: Sequence[str]) -> PersonLine:
    number, code, name, unit, status, due, earned = cells
    counts = _number(due), _number(earned)
    return PersonLine(_number(number), _words(code), _words(name), _number(unit), _status(status), *counts)


def _number(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
        raise ValueError(cell)
    return int(cell)


def _status(cell: str) -> str:
    if cell not in STATUSES:
        raise ValueError(cell)
    return cell


def _words(cell: str) -> str:
    if not fits(cell, str):
        raise ValueError(cell)
    return cell
