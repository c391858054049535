"""The files of an act: `reorganisation.csv`, what becomes of which unit, and `moves.csv`, who goes where when nobody can tell.

What they say is kept with the act as JSON, in the codes of the files; `reorganisation` finds out whom they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lms import cells, tables, text
from lms.language import format_date
from lms.network.models import ReorganisationAct, Succession
from lms.network.planning import Intake
from lms.network.plans import WHOLE_ROW, Fact, Plan, Problem
from lms.network.sheets import LEVELS, PERSON_CODE, ROLES, SUCCESSION_TYPES, UNIT_CODE, Column, Sheet
from lms.tables import UnreadableTable

LEAVES = ""
LEAVING = {"roi", "roi-mang-luoi", "nghi", "leave", "leaves"}


def destination(cell: str) -> str:
    """The code of a unit; or, written `rời`, that somebody leaves the network."""
    return LEAVES if text.slug(cell) in LEAVING else cells.code(cell)


LINES = Sheet(
    "reorganisation",
    Succession,
    key=("from_code",),
    labels="sap-xep-don-vi de-an-sap-xep",
    columns=(
        Column("from_code", cells.code, "tu-don-vi ma-don-vi-cu ma-cu", is_required=True),
        Column("to_code", cells.code, "den-don-vi thanh-don-vi ma-don-vi-moi ma-moi", default=""),
        Column("type", SUCCESSION_TYPES, "loai hinh-thuc", is_required=True),
        Column("on", cells.day, "ngay ngay-hieu-luc", is_required=True),
        Column("legal_basis", cells.line(), "can-cu can-cu-phap-ly", default=""),
        Column("to_name", cells.line(), "ten-moi ten-don-vi-moi", default=""),
        Column("to_kind", cells.line(100), "loai-moi loai-don-vi-moi", default=""),
        Column("to_level", LEVELS, "cap-moi cap-don-vi-moi", default=""),
        Column("to_parent_code", cells.code, "ma-cap-tren ma-cap-tren-moi truc-thuoc", default=""),
    ),
)
MOVES = Sheet(
    "moves",
    Succession,
    key=("to_code",),
    labels="di-chuyen bo-tri bo-tri-can-bo",
    columns=(
        Column("person_id", cells.code, PERSON_CODE, default=""),
        Column("unit_code", cells.code, UNIT_CODE, default=""),
        Column("to_code", destination, "den-don-vi ma-don-vi-moi ma-moi", is_required=True),
        Column("role", ROLES, "vai-tro vai-tro-mang-luoi", default=""),
    ),
)
SAMPLE_FILES = {sheet.sample.name: sheet.sample for sheet in (LINES, MOVES)}
KEPT = [column.name for column in LINES.columns if column.name != "on"]


@dataclass(slots=True)
class Read:
    """What the files of an act say: its day, its lines, the decisions, and everything that is wrong at a cell."""

    on: date | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    decisions: dict[str, dict[str, Any]] = field(default_factory=lambda: {"people": {}, "units": {}})
    problems: list[Problem] = field(default_factory=list)

    def act(self, **columns: Any) -> ReorganisationAct:
        """The act, not yet stored. Call it only when nothing is wrong."""
        basis = next((line["legal_basis"] for line in self.lines if line["legal_basis"]), "")
        return ReorganisationAct(
            legal_basis=basis, on=self.on, lines=self.lines, decisions=self.decisions, state="draft", **columns
        )


def read(contents: Mapping[str, bytes]) -> Read:
    """Read the files of one act; each is known by its name, else by its header."""
    found, plan = Read(), Plan()
    for name, content in contents.items():
        sheet = _named(name)
        for fact in _facts(name, content, sheet, plan):
            if sheet is LINES:
                _take_line(found, fact, plan)
            else:
                _take_move(found, fact, plan)
    if not found.lines and plan.is_clean and any(_named(name) is LINES for name in contents):
        plan.refuse_file(next(iter(contents)), 1, WHOLE_ROW, "import.empty-file")
    found.problems = plan.errors
    return found


def read_moves(contents: Mapping[str, bytes]) -> Read:
    """Read files of decisions, whatever they are called."""
    found, plan = Read(), Plan()
    for name, content in contents.items():
        for fact in _facts(name, content, MOVES, plan):
            _take_move(found, fact, plan)
    found.problems = plan.errors
    return found


def _named(name: str) -> Sheet:
    return MOVES if text.slug(name.rpartition(".")[0]) in MOVES.titles else LINES


def _facts(name: str, content: bytes, sheet: Sheet, plan: Plan) -> list[Fact]:
    try:
        table = tables.read(name, content, frozenset(sheet.by_label), sheet.titles)
    except UnreadableTable as unreadable:
        plan.refuse_file(name, 1, WHOLE_ROW, unreadable.key, **unreadable.values)
        return []
    return [fact for fact in Intake(sheet, plan).read([table]) if not fact.is_refused]


def _take_line(found: Read, fact: Fact, plan: Plan) -> None:
    """An act is of one day: lines of another one are another act."""
    on = fact.record["on"]
    found.on = found.on or on
    if on != found.on:
        plan.refuse(fact, "on", "reorganise.other-day", {"day": format_date(found.on)})
    else:
        found.lines.append(line(fact.record, row=fact.number, file=fact.file))


def line(said: Mapping[str, Any], *, row: int, file: str = "") -> dict[str, Any]:
    """A line as an act keeps it."""
    return {name: str(said.get(name) or "") for name in KEPT} | {"row": row, "file": file}


def _take_move(found: Read, fact: Fact, plan: Plan) -> None:
    record = {"person_id": "", "unit_code": "", "role": ""} | fact.record
    if bool(record["person_id"]) == bool(record["unit_code"]):
        plan.refuse(fact, "person_id", "reorganise.person-or-unit", {})
        return
    about = "people" if record["person_id"] else "units"
    code = record["person_id"] or record["unit_code"]
    said = {"to": record["to_code"], "role": record["role"], "row": fact.number, "file": fact.file}
    known = found.decisions[about].get(code)
    if known and (known["to"], known["role"]) != (said["to"], said["role"]):
        plan.refuse(fact, WHOLE_ROW, "import.duplicate-key", {"other": f"{known['file']}:{known['row']}"})
    found.decisions[about].setdefault(code, said)
