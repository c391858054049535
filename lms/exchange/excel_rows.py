"""A bank as rows of a sheet: which column says what, a row as the parts of a question, and back. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms import text
from lms.exchange.answers import LETTERS, Choice, number, written
from lms.exchange.notation import flat, meaning, spelling, word
from lms.exchange.parts import Parts

OPTION = re.compile(r"(?:(?:phuong an|pa|lua chon|dap an|option|answer|cau tra loi) )?([a-z])")
FEEDBACK = re.compile(r"(?:nhan xet|nhan xet phuong an|giai thich phuong an|feedback) ([a-z])")
ORDER = frozenset({"stt", "tt", "so tt", "so thu tu", "cau", "cau so", "no"})
PAIR = re.compile(r"\s*(?:=>|→|\|)\s*")
GAP = re.compile(r"\[*([a-z0-9]{1,20})\]*\s*:\s*(.*)", re.DOTALL)
POINTS = re.compile(r"(.*?)\s*[:=(–-]\s*(\d+(?:[.,]\d+)?)\s*(?:d|diem)?\)?", re.DOTALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:]+)?")
FAULT = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|#[A-Za-z0-9/!?]{2,8}")
LINES = ("text", "right_feedback", "wrong_feedback", "option_feedback")
SPECIAL = ("pairs", "gap", "gap_options", "gap_forgive", "rubric")
COLUMNS = (
    "id", "type", "text", "answer", "topic", "difficulty", "outcome", "points", "right_feedback", "wrong_feedback", "pairs",
    "extra", "gap", "gap_options", "gap_forgive", "forgive", "tolerance", "unit", "rubric", "most_words", "variants", "excludes",
    "author", "licence", "source",
)  # fmt: skip
LEAST_OPTIONS = 4
HEADER_WITHIN = 15


@dataclass(frozen=True)
class Column:
    """What a column says: the code of a field, or of a letter's choice or comment."""

    code: str
    letter: str = ""


def column(head: str) -> Column | None:
    """What a column is, by its head."""
    name = word(head).replace("-", " ")
    if code := meaning("field", head):
        return Column(code)
    if found := OPTION.fullmatch(name):
        return Column("option", found[1].upper())
    if found := FEEDBACK.fullmatch(name):
        return Column("option_feedback", found[1].upper())
    return Column("number") if name in ORDER else None


def header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[int, Column]]:
    """The row near the top that names most columns, and what they are; no column when none names a question."""
    found: tuple[int, dict[int, Column]] = (0, {})
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[int, Column] = {}
        for place, head in enumerate(row):
            known = column(head)
            if known and known not in columns.values():
                columns[place] = known
        if len(columns) > len(found[1]) and len(columns) > 1:
            found = index, columns
    return found if Column("text") in found[1].values() else (0, {})


def address(row: int, place: int) -> str:
    """The address of a cell, counted from 0: `C5`."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = LETTERS[rest] + letters
    return f"{letters}{row + 1}"


def parts(cells: Sequence[str], columns: dict[int, Column], row: int) -> Parts:
    """The parts of the question in a row."""
    asked = next(place for place, column in columns.items() if column.code == "text")
    made = Parts(place=address(row, asked), number=str(row + 1))
    comments: dict[str, str] = {}
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else ""
        if not cell.strip():
            continue
        here = address(row, place)
        _check(made, cell, column, here)
        if column.code == "option":
            said = text.clean(cell)
            starred = said.startswith("*") and not said.startswith("**")
            made.choices.append(Choice(column.letter, said[1:].strip() if starred else said, starred, place=here))
        elif column.code == "option_feedback":
            comments[column.letter] = text.clean_lines(cell)
        elif column.code == "text":
            made.text = text.clean_lines(cell)
        elif column.code in SPECIAL:
            _special(made, column.code, cell, here)
        elif column.code != "number":
            lines = column.code in LINES or column.code in ("answer", "extra")
            made.put(column.code, text.clean_lines(cell) if lines else text.clean(cell), here)
    made.choices.sort(key=lambda choice: choice.letter)
    for choice in made.choices:
        choice.feedback = comments.get(choice.letter, "")
    return made


def cells(parts: Parts) -> dict[Column, str]:
    """The cells that say a question."""
    said = {Column(code): value for code, value in parts.fields.items()}
    said |= {Column("option", choice.letter): choice.text for choice in parts.choices}
    said |= {Column("option_feedback", choice.letter): choice.feedback for choice in parts.choices if choice.feedback}
    said[Column("text")] = parts.text
    if parts.pairs:
        said[Column("pairs")] = "\n".join(f"{left} => {right}" for left, right in parts.pairs)
    for name, gap in parts.gaps.items():
        for code, value in gap.items():
            said[Column(code)] = "\n".join(filter(None, [said.get(Column(code)), f"{name}: {value}"]))
    if parts.rubric:
        said[Column("rubric")] = "\n".join(f"{words}: {written(points)}" for words, points in parts.rubric)
    return said


def columns(rows: Iterable[dict[Column, str]]) -> list[Column]:
    """All columns of a sheet: those of the notation, and as many letters as are needed."""
    used = {column for row in rows for column in row}
    letters = [letter for i, letter in enumerate(LETTERS) if i < LEAST_OPTIONS or Column("option", letter) in used]
    comments = [Column("option_feedback", letter) for letter in letters if Column("option_feedback", letter) in used]
    listed = [Column(code) for code in COLUMNS]
    at = listed.index(Column("answer"))
    return [*listed[:at], *(Column("option", letter) for letter in letters), *listed[at:], *comments]


def head(column: Column) -> str:
    """The head of a column."""
    if column.code == "option":
        return f"{spelling('paper', 'option')} {column.letter}"
    return f"{spelling('field', column.code)} {column.letter}".strip()


def _check(parts: Parts, cell: str, column: Column, here: str) -> None:
    if DAY.fullmatch(cell) and column.code in ("option", "answer", "text"):
        parts.say("excel-date", here, is_error=True, value=cell[:10])
    if FAULT.fullmatch(cell.strip()):
        parts.say("excel-fault", here, is_error=True, value=cell.strip())


def _special(parts: Parts, code: str, cell: str, here: str) -> None:
    lines = [clean for line in cell.split("\n") if (clean := text.clean(line))]
    for line in lines:
        if code == "pairs":
            sides = PAIR.split(line, 1)
            if len(sides) == 2:
                parts.pairs.append((sides[0], sides[1]))
            else:
                parts.say("pair-without-arrow", here, is_error=True, value=line)
        elif code == "rubric":
            found = POINTS.fullmatch(flat(line))
            if found and (worth := number(found[2])):
                parts.rubric.append((line[: found.end(1)], worth))
            else:
                parts.say("rubric-without-points", here, is_error=True)
        elif found := GAP.fullmatch(line):
            parts.gaps.setdefault(found[1], {})[code] = found[2]
        else:
            parts.say("gap-without-name", here, is_error=True, value=line)
