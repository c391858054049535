"""What an act of reorganisation makes of the map: pure, from the units on the day before to the units from the day on.

Units are ids here, for codes change hands on such days; what is new has a negative id. An outcome holds the rows that
change, each as it will be: a row with a known id is written over, one with a negative id is new.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from lms.network.models import SuccessionType

OFFICIAL = "official"
OPEN_END = date(9999, 12, 31)
ONE_DAY = timedelta(days=1)
ENDS = {SuccessionType.MERGE, SuccessionType.SPLIT, SuccessionType.ABOLISH}
NEEDS_TARGET = {SuccessionType.MERGE, SuccessionType.SPLIT, SuccessionType.TRANSFER}

NewId = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Version:
    """What a unit is on the days `[from_on, to_on)`."""

    id: int
    unit_id: int
    parent_id: int | None
    name: str
    kind: str
    level: str
    from_on: date
    to_on: date = OPEN_END


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a unit on the days `[from_on, to_on)`."""

    id: int
    unit_id: int
    scheme: str
    value: str
    from_on: date
    to_on: date = OPEN_END


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the act founds. What is left empty is as with the first unit that goes into it."""

    id: int
    code: str
    name: str
    kind: str = ""
    level: str = ""
    parent_id: int | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one unit. Of a transfer `to_id` is the unit above it from then on.

    A renaming says what is new in `name`, `kind`, `level` and `code`. `row` is the line's place in its file or list.
    """

    type: str
    from_id: int
    to_id: int | None = None
    legal_basis: str = ""
    name: str = ""
    kind: str = ""
    level: str = ""
    code: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """A decision about a person or a unit: where to (None leaves the network), and in which other role."""

    to_id: int | None
    role: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """An act that changes the map from the day `on`, with the decisions that people took for it.

    `unit_moves` of a unit that the act ends or splits is about its people and the units below it, else about itself.
    """

    on: date
    lines: Sequence[Line]
    new_units: Sequence[NewUnit] = ()
    person_moves: Mapping[int, Move] = field(default_factory=dict)
    unit_moves: Mapping[int, Move] = field(default_factory=dict)


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


class Map:
    """The units that an act concerns, with those above and directly below them, and all their versions and codes."""

    def __init__(self, versions: Iterable[Version], codes: Iterable[Code] = ()) -> None:
        self.versions: dict[int, list[Version]] = defaultdict(list)
        self.codes: dict[int, list[Code]] = defaultdict(list)
        for version in versions:
            self.versions[version.unit_id].append(version)
        for code in codes:
            self.codes[code.unit_id].append(code)

    def at(self, unit_id: int, day: date) -> Version | None:
        """What a unit is on a day; None when it is not."""
        return next((v for v in self.versions.get(unit_id, ()) if v.from_on <= day < v.to_on), None)

    def with_changes(self, changed: Iterable[Version]) -> "Map":
        """The map with some rows written over and some new."""
        rows = {v.id: v for versions in self.versions.values() for v in versions} | {v.id: v for v in changed}
        return Map(rows.values())


class Fates:
    """What an act says about each unit, asked by unit."""

    def __init__(self, act: Act, present: Map) -> None:
        self.act, self.present = act, present
        self.lines: dict[int, list[Line]] = defaultdict(list)
        for line in act.lines:
            self.lines[line.from_id].append(line)
        self.split = {unit_id for unit_id in self.lines if self._has(unit_id, SuccessionType.SPLIT)}
        self.ending = {unit_id for unit_id in self.lines if self._ends(unit_id)}
        self.founded = {unit.id: unit for unit in act.new_units}

    @property
    def left(self) -> set[int]:
        """The units that people may leave by this act."""
        return self.ending | self.split

    def place(self, unit_id: int) -> Move | None:
        """Where what a unit has goes as a whole; None when nobody has said, or when it stays."""
        if unit_id in self.act.unit_moves:
            return self.act.unit_moves[unit_id]
        if unit_id in self.split or unit_id not in self.ending:
            return None
        to_id = self.lines[unit_id][0].to_id
        return None if to_id is None else Move(to_id, row=self.lines[unit_id][0].row)

    def place_of_person(self, person_id: int, unit_id: int) -> Move | None:
        """Where a person of a unit goes; None when nobody has said, or when they stay."""
        return self.act.person_moves.get(person_id) or self.place(unit_id)

    def place_below(self, unit_id: int, parent_id: int) -> Move | None:
        """Where a unit goes whose parent the act ends or splits: under another one; None as in `place`."""
        move = self.act.unit_moves.get(unit_id) or self.place(parent_id)
        if move is None or move.to_id is None:
            return None
        return Move(self.above(parent_id)) if move.to_id == unit_id else move

    def above(self, unit_id: int, seen: frozenset[int] = frozenset()) -> int | None:
        """The unit above one on the day before, or what has taken its place."""
        version = self.present.at(unit_id, self.act.on - ONE_DAY)
        parent_id = version.parent_id if version else None
        if parent_id is None or parent_id not in self.ending or parent_id in seen:
            return parent_id
        place = self.place_below(unit_id, parent_id)
        return place.to_id if place else self.above(parent_id, seen | {unit_id, parent_id})

    def _has(self, unit_id: int, kind: SuccessionType) -> bool:
        return any(line.type == kind for line in self.lines[unit_id])

    def _ends(self, unit_id: int) -> bool:
        return any(line.type in ENDS for line in self.lines[unit_id]) and not any(
            line.type == SuccessionType.SPLIT and line.to_id == unit_id for line in self.lines[unit_id]
        )


def redraw(act: Act, present: Map, new_id: NewId) -> Redrawn:
    """The rows of units, codes and lineage that an act changes, or the faults for which it cannot be carried out."""
    fates = Fates(act, present)
    if faults := [*_wrong_lines(fates), *_wrong_new_units(fates), *_wrong_moves(fates)]:
        return Redrawn(faults=faults)
    made = Redrawn()
    changes = _changes(fates, made)
    made.versions = [
        *(_founded(fates, unit, new_id) for unit in act.new_units),
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


def _founded(fates: Fates, unit: NewUnit, new_id: NewId) -> Version:
    first = next(line.from_id for line in fates.act.lines if line.to_id == unit.id)
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
