"""Units as they stood: the way from a unit up to the book's unit on a day, and what each was called then."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from lms.db import AnySelect, db, ordinal
from lms.network.models import UnitCode, UnitVersion
from lms.network.queries import OFFICIAL

Spans = Sequence[tuple[int, int, Any]]  # (first day, day after the last, what held), in the order of days


class Step(NamedTuple):
    """A unit on the way up, and the unit above it; None at the top of a tree."""

    unit_id: int
    parent_id: int | None


class Places:
    """All units through time, read once; `root` is the unit of the book."""

    def __init__(self, root: int) -> None:
        self.root = root
        version = sa.select(UnitVersion.unit_id, ordinal(UnitVersion.from_on), ordinal(UnitVersion.to_on))
        code = sa.select(UnitCode.unit_id, ordinal(UnitCode.from_on), ordinal(UnitCode.to_on), UnitCode.value)
        self._versions = _spans(
            version.add_columns(UnitVersion.parent_id, UnitVersion.name).order_by(UnitVersion.from_on)
        )
        self._codes = _spans(code.where(UnitCode.scheme == OFFICIAL).order_by(UnitCode.from_on, UnitCode.value))
        self._ways: dict[tuple[int, int], tuple[Step, ...]] = {}

    def way(self, unit_id: int, day: int) -> tuple[Step, ...]:
        """The steps from a unit up to the book's unit on a day, both included; empty when it does not stand below it."""
        if (unit_id, day) not in self._ways:
            self._ways[unit_id, day] = self._climb(unit_id, day)
        return self._ways[unit_id, day]

    def below(self, day: int) -> list[int]:
        """The units that stand at or below the book's unit on a day, by id."""
        return sorted(unit_id for unit_id in self._versions if self.way(unit_id, day))

    def name(self, unit_id: int | None, day: int) -> str:
        """What a unit was called on a day, else last before it."""
        found = _at(self._versions, unit_id, day)
        return found[1] if found else ""

    def code(self, unit_id: int | None, day: int) -> str:
        """The official code of a unit on a day, else the last before it."""
        return _at(self._codes, unit_id, day) or ""

    def _climb(self, unit_id: int, day: int) -> tuple[Step, ...]:
        steps: list[Step] = []
        present: int | None = unit_id
        while present is not None:
            held = _holding(self._versions.get(present, ()), day)
            if held is None:
                return ()
            steps.append(Step(present, held[0]))
            if present == self.root:
                return tuple(steps)
            present = held[0]
        return ()


def _spans(statement: AnySelect) -> Mapping[int, Spans]:
    found: dict[int, list[tuple[int, int, Any]]] = defaultdict(list)
    for unit_id, start, end, *value in db.session.connection().execute(statement):
        found[unit_id].append((start, end, value if len(value) > 1 else value[0]))
    return found


def _holding(spans: Spans, day: int) -> Any | None:
    return next((value for start, end, value in spans if start <= day < end), None)


def _at(found: Mapping[int, Spans], unit_id: int | None, day: int) -> Any | None:
    """What held on a day; else last before it; else first."""
    spans: Spans = found.get(unit_id, ()) if unit_id else ()
    if not spans:
        return None
    holding = _holding(spans, day)
    before = bisect_right([start for start, _, _ in spans], day) - 1
    return spans[max(before, 0)][2] if holding is None else holding


def leaves_and_sums(ways: Iterable[tuple[Sequence[Step], str, int]]) -> dict[Step, dict[str, int]]:
    """Numbers of people by status, for every step of their ways: each unit under the unit above it."""
    found: dict[Step, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for steps, status, people in ways:
        for step in steps:
            found[step][status] += people
    return found
