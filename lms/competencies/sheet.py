"""The components of a frame from a table (CSV, XLSX): the official text, line by line, with what is wrong of each line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms import tables, text
from lms.competencies.document import CODE, LONGEST
from lms.competencies.frame import Area, Component, Frame

COLUMNS = ("area", "area_name", "code", "name", "en", "description")
NEEDED = ("area", "area_name", "code", "name")
NAMES: Mapping[str, str] = {
    "mien": "area", "ma-mien": "area", "ten-mien": "area_name", "ma": "code", "ma-nang-luc": "code", "ten": "name",
    "ten-nang-luc": "name", "tieng-anh": "en", "mo-ta": "description", "area-name": "area_name",
    **{column: column for column in ("area", "code", "name", "en", "description")},
}  # fmt: skip
"""Columns by the slug of what people write above them."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line of the file."""

    line: int
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """The areas of a file, and the problems that keep them from being taken."""

    areas: tuple[Area, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Difference:
    """Codes of components: new, said otherwise, and gone."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def read(name: str, content: bytes) -> Read:
    """The areas and components in a file. Raises `tables.UnreadableTable`."""
    table = tables.read(name, content, frozenset(NAMES))
    columns = [NAMES.get(text.slug(title), "") for title in table.header]
    if lacking := [column for column in NEEDED if column not in columns]:
        return Read((), (Problem(table.header_number, "no-column", {"name": ", ".join(lacking)}),))
    areas: dict[str, tuple[str, list[Component]]] = {}
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        row = {column: text.clean(cell) for column, cell in zip(columns, cells) if column}
        if key := _wrong(row, areas):
            problems.append(Problem(number, key, {"code": row.get("code", "")}))
        elif (first := seen.setdefault(row["code"], number)) != number:
            problems.append(Problem(number, "double-line", {"code": row["code"], "first": first}))
        else:
            _, components = areas.setdefault(row["area"], (row["area_name"], []))
            components.append(Component(row["code"], row["name"], row.get("en", ""), row.get("description", "")))
    if not table.rows:
        problems.append(Problem(table.header_number, "no-lines"))
    found = tuple(Area(code, title, "", tuple(components)) for code, (title, components) in areas.items())
    return Read(found, tuple(problems))


def difference(frame: Frame, areas: tuple[Area, ...]) -> Difference:
    """What taking these areas would change of a frame."""
    after = {component.code: component for area in areas for component in area.components}
    before = frame.components
    return Difference(
        tuple(code for code in after if code not in before),
        tuple(code for code in after if code in before and after[code] != before[code]),
        tuple(code for code in before if code not in after),
    )


def _wrong(row: Mapping[str, str], areas: Mapping[str, tuple[str, list[Component]]]) -> str | None:
    if any(not row.get(column) for column in NEEDED):
        return "empty-cell"
    if not CODE.fullmatch(row["code"]) or not CODE.fullmatch(row["area"]):
        return "bad-line-code"
    if any(len(cell) > LONGEST for cell in row.values()):
        return "long-cell"
    if row["area"] in areas and areas[row["area"]][0] != row["area_name"]:
        return "area-differs"
    return "code-is-area" if row["code"] in {*areas, row["area"]} else None
