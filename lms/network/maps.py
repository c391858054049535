"""The map of units and an act that changes it, as reorganisations reckon with them: pure.

Units are ids here, for codes change hands on such days; what is new has a negative id.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from lms.network.models import SuccessionType

OPEN_END = date(9999, 12, 31)
ONE_DAY = timedelta(days=1)
ENDS = {SuccessionType.MERGE, SuccessionType.SPLIT, SuccessionType.ABOLISH}
NEEDS_TARGET = {SuccessionType.MERGE, SuccessionType.SPLIT, SuccessionType.TRANSFER}


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
    """What an act says about each unit, asked by unit; `left` are the units that people may leave by it."""

    def __init__(self, act: Act, present: Map) -> None:
        self.act, self.present = act, present
        self.lines: dict[int, list[Line]] = defaultdict(list)
        for line in act.lines:
            self.lines[line.from_id].append(line)
        self.split = {unit_id for unit_id in self.lines if self._has(unit_id, SuccessionType.SPLIT)}
        self.ending = {unit_id for unit_id in self.lines if self._ends(unit_id)}
        self.left = self.ending | self.split
        self.founded = {unit.id: unit for unit in act.new_units}

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
