"""What an act of reorganisation makes of the map: pure, from the units on the day before to the units from the day on.

An outcome holds the rows that change, each as it will be: a row with a known id is written over, one with a negative
id is new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lms.network.maps import ENDS, NEEDS_TARGET, ONE_DAY, Act, Code, Fates, Line, Map, NewUnit, Version
from lms.network.models import SuccessionType

OFFICIAL = "official"

NewId = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Link:
    """A line of lineage."""

    from_id: int
    to_id: int | None
    type: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an act cannot be carried out: a message key, and the row and column of what is to be mended.

    `is_move`: the row is one of a decision.
    """

    row: int
    column: str
    key: str
    unit_id: int | None = None
    is_move: bool = False


@dataclass(slots=True)
class Redrawn:
    """The map as it will be, in the rows that change; `undecided` units have no place yet."""

    versions: list[Version] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    undecided: list[int] = field(default_factory=list)


def redraw(act: Act, present: Map, new_id: NewId) -> Redrawn:
    """The rows of units, codes and lineage that an act changes, or the faults for which it cannot be carried out."""
    fates = Fates(act, present)
    if faults := [*_wrong_lines(fates), *_wrong_new_units(fates), *_wrong_moves(fates)]:
        return Redrawn(faults=faults)
    made = Redrawn()
    firsts = {line.to_id: line.from_id for line in reversed(act.lines)}
    changes = _changes(fates, made)
    made.versions = [
        *(_founded(fates, unit, firsts[unit.id], new_id) for unit in act.new_units),
        *(v for unit_id in sorted(fates.ending) for v in _ended(present.versions[unit_id], act.on)),
        *(v for unit_id, values in changes.items() for v in _changed(present, unit_id, act.on, values, new_id)),
    ]
    made.versions += _later_children(fates, {version.id for version in made.versions})
    made.codes = list(_codes(fates, new_id))
    made.links = list(_links(fates))
    made.faults = list(_circles(act, present.with_changes(made.versions), made.versions))
    return made


def _wrong_lines(fates: Fates) -> Iterator[Fault]:
    day, present = fates.act.on, fates.present
    seen: set[tuple[str, int, int | None]] = set()
    for line in fates.act.lines:
        if not present.at(line.from_id, day - ONE_DAY):
            yield Fault(line.row, "from_code", "reorganise.not-there", line.from_id)
        elif (line.type, line.from_id, line.to_id) in seen:
            yield Fault(line.row, "from_code", "reorganise.line-twice", line.from_id)
        elif _has_two_fates(fates.lines[line.from_id]):
            yield Fault(line.row, "from_code", "reorganise.two-fates", line.from_id)
        elif line.from_id in fates.ending and _begins_later(present, line.from_id, day):
            yield Fault(line.row, "from_code", "reorganise.changes-later", line.from_id)
        elif line.type == SuccessionType.RENAME and not (line.name or line.kind or line.level or line.code):
            yield Fault(line.row, "to_name", "reorganise.rename-to-what", line.from_id)
        else:
            yield from _wrong_target(fates, line)
        seen.add((line.type, line.from_id, line.to_id))


def _wrong_target(fates: Fates, line: Line) -> Iterator[Fault]:
    if line.to_id is None:
        if line.type in NEEDS_TARGET:
            yield Fault(line.row, "to_code", "reorganise.to-missing", line.from_id)
    elif line.to_id == line.from_id and line.type not in (SuccessionType.SPLIT, SuccessionType.RENAME):
        yield Fault(line.row, "to_code", "reorganise.to-itself", line.from_id)
    else:
        yield from _wrong_place(fates, line.to_id, line.row, "to_code")


def _wrong_place(fates: Fates, unit_id: int, row: int, column: str, is_move: bool = False) -> Iterator[Fault]:
    """Whatever goes anywhere must find the unit there, from the day on."""
    if unit_id in fates.ending:
        yield Fault(row, column, "reorganise.target-ends", unit_id, is_move)
    elif unit_id not in fates.founded and not fates.present.at(unit_id, fates.act.on):
        yield Fault(row, column, "reorganise.target-not-there", unit_id, is_move)


def _wrong_new_units(fates: Fates) -> Iterator[Fault]:
    for unit in fates.act.new_units:
        if unit.parent_id is not None:
            yield from _wrong_place(fates, unit.parent_id, unit.row, "to_parent_code")


def _wrong_moves(fates: Fates) -> Iterator[Fault]:
    for move in (*fates.act.person_moves.values(), *fates.act.unit_moves.values()):
        if move.to_id is not None:
            yield from _wrong_place(fates, move.to_id, move.row, "to_code", is_move=True)
    for unit_id, move in fates.act.unit_moves.items():
        before = fates.present.at(unit_id, fates.act.on - ONE_DAY)
        if unit_id not in fates.left and not (before and before.parent_id in fates.left):
            yield Fault(move.row, "unit_code", "reorganise.move-of-stranger", unit_id, is_move=True)
        elif unit_id not in fates.left and move.to_id is None:
            yield Fault(move.row, "to_code", "reorganise.unit-cannot-leave", unit_id, is_move=True)


def _has_two_fates(lines: Sequence[Line]) -> bool:
    """A unit ends once, and what ends is nothing else besides; only a split has several lines, to several units."""
    kinds = {line.type for line in lines}
    if kinds & ENDS:
        return len(kinds) > 1 or (len(lines) > 1 and kinds != {SuccessionType.SPLIT} and len({*map(_aim, lines)}) > 1)
    return any(len([line for line in lines if line.type == kind]) > 1 for kind in kinds)


def _aim(line: Line) -> int | None:
    return line.to_id


def _begins_later(present: Map, unit_id: int, day: date) -> bool:
    dated: list[Version | Code] = [*present.versions[unit_id], *present.codes[unit_id]]
    return any(each.from_on >= day for each in dated)


def _changes(fates: Fates, made: Redrawn) -> dict[int, dict[str, Any]]:
    """What units that go on become on the day: other names, other units above."""
    changes: dict[int, dict[str, Any]] = defaultdict(dict)
    for unit_id, parent_id in _children(fates):
        if place := fates.place_below(unit_id, parent_id):
            changes[unit_id]["parent_id"] = place.to_id
        elif parent_id in fates.ending:
            made.undecided.append(unit_id)
    for line in fates.act.lines:
        if line.type == SuccessionType.TRANSFER:
            changes[line.from_id]["parent_id"] = line.to_id
        elif line.type == SuccessionType.RENAME:
            changes[line.from_id] |= {k: v for k in ("name", "kind", "level") if (v := getattr(line, k))}
    return changes


def _children(fates: Fates) -> Iterator[tuple[int, int]]:
    """(unit, parent) for the units that stand, from the day on, below what ends or is split, and do not move by a line."""
    for unit_id in sorted(fates.present.versions):
        version = fates.present.at(unit_id, fates.act.on)
        moves_by_line = any(line.type == SuccessionType.TRANSFER for line in fates.lines.get(unit_id, ()))
        if version and version.parent_id in fates.left and unit_id not in fates.ending and not moves_by_line:
            yield unit_id, version.parent_id


def _later_children(fates: Fates, done: set[int]) -> Iterator[Version]:
    """What is planned for later days stands under the heirs, too."""
    planned = [v for versions in fates.present.versions.values() for v in versions if v.from_on > fates.act.on]
    for version in planned:
        if version.parent_id in fates.ending and version.id not in done:
            place = fates.place_below(version.unit_id, version.parent_id)
            yield replace(version, parent_id=place.to_id if place else version.parent_id)


def _founded(fates: Fates, unit: NewUnit, first: int, new_id: NewId) -> Version:
    """A new unit; what is not said about it is as with the `first` that goes into it."""
    model = fates.present.at(first, fates.act.on - ONE_DAY)
    assert model is not None
    parent_id = fates.above(first) if unit.parent_id is None else unit.parent_id
    kind, level = unit.kind or model.kind, unit.level or model.level
    return Version(new_id(), unit.id, parent_id, unit.name, kind, level, fates.act.on)


def _ended(versions: Iterable[Version], day: date) -> Iterator[Version]:
    return (replace(version, to_on=day) for version in versions if version.from_on < day < version.to_on)


def _changed(present: Map, unit_id: int, day: date, values: Mapping[str, Any], new_id: NewId) -> Iterator[Version]:
    version = present.at(unit_id, day)
    assert version is not None
    after = replace(version, **values)
    if after == version:
        return
    if version.from_on == day:
        yield after
    else:
        yield replace(version, to_on=day)
        yield replace(after, id=new_id(), from_on=day)


def _codes(fates: Fates, new_id: NewId) -> Iterator[Code]:
    day = fates.act.on
    for unit in fates.act.new_units:
        yield Code(new_id(), unit.id, OFFICIAL, unit.code, day)
    for unit_id in sorted(fates.ending):
        yield from (replace(c, to_on=day) for c in fates.present.codes[unit_id] if c.from_on < day < c.to_on)
    for line in fates.act.lines:
        if line.type == SuccessionType.RENAME and line.code:
            yield from _corrected(fates.present.codes[line.from_id], line, day, new_id)


def _corrected(codes: Sequence[Code], line: Line, day: date, new_id: NewId) -> Iterator[Code]:
    """One code ends and another begins: what was written under the old one still finds the unit."""
    old = next((c for c in codes if c.scheme == OFFICIAL and c.from_on <= day < c.to_on), None)
    if old is None:
        yield Code(new_id(), line.from_id, OFFICIAL, line.code, day)
    elif old.value != line.code and old.from_on == day:
        yield replace(old, value=line.code)
    elif old.value != line.code:
        yield replace(old, to_on=day)
        yield replace(old, id=new_id(), value=line.code, from_on=day)


def _links(fates: Fates) -> Iterator[Link]:
    for line in fates.act.lines:
        place = fates.place(line.from_id)
        to_id = line.from_id if line.type == SuccessionType.RENAME else line.to_id
        if line.type == SuccessionType.ABOLISH and place is not None:
            to_id = place.to_id
        if line.type != SuccessionType.SPLIT or to_id != line.from_id:
            yield Link(line.from_id, to_id, line.type, line.legal_basis)


def _circles(act: Act, after: Map, changed: Iterable[Version]) -> Iterator[Fault]:
    """No unit may stand under itself."""
    rows = {line.from_id: line.row for line in act.lines}
    for unit_id in {version.unit_id for version in changed}:
        if _returns(after, unit_id, act.on):
            yield Fault(rows.get(unit_id, act.lines[0].row), "to_code", "reorganise.circle", unit_id)


def _returns(after: Map, unit_id: int, day: date) -> bool:
    seen: set[int] = set()
    version = after.at(unit_id, day)
    while version is not None and version.parent_id is not None and version.parent_id not in seen:
        if version.parent_id == unit_id:
            return True
        seen.add(version.parent_id)
        version = after.at(version.parent_id, day)
    return False
