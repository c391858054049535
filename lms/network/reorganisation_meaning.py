"""Whom the codes of an act mean: its lines and decisions in ids, or what names nothing, at its row and column."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lms.cells import BadCell
from lms.network.known import Record, covering
from lms.network.maps import ENDS, Act, Line, Move, NewUnit
from lms.network.models import ReorganisationAct, SuccessionType
from lms.network.plans import Plan, Problem
from lms.network.reorganisation_files import LEAVES

ONE_DAY = timedelta(days=1)


class Meaning:
    """Finds out which units and people an act names."""

    def __init__(self, act: ReorganisationAct, plan: Plan) -> None:
        self.stored, self.plan = act, plan
        self.before = act.on - ONE_DAY
        plan.units.load({code for code in self._unit_codes() if code}, is_with_below=True)
        plan.people.load(act.decisions.get("people", {}))
        self.ending: set[int] = set()
        self.new: dict[str, NewUnit] = {}

    def act(self) -> Act:
        """The act in ids. What names nothing is an error of the plan."""
        from_ids = [self._unit(line, "from_code", self.before) for line in self.stored.lines]
        paired = [(line, unit_id) for line, unit_id in zip(self.stored.lines, from_ids, strict=True) if unit_id]
        self.ending = {unit_id for line, unit_id in paired if line["type"] in ENDS}
        self.ending -= {u for line, u in paired if line["type"] == "split" and line["to_code"] == line["from_code"]}
        for line, _ in paired:
            self._found(line)
        self._give_parents()
        return Act(
            self.stored.on,
            [self._line(line, unit_id) for line, unit_id in paired],
            tuple(self.new.values()),
            dict(self._moves("people")),
            dict(self._moves("units")),
        )

    def _unit_codes(self) -> Iterator[str]:
        for line in self.stored.lines:
            yield from (line["from_code"], line["to_code"], line["to_parent_code"])
        yield from self.stored.decisions.get("units", {})
        for about in self.stored.decisions.values():
            yield from (said["to"] for said in about.values())

    def _unit(self, said: Mapping[str, Any], column: str, day: date, code: str | None = None) -> int | None:
        try:
            return self.plan.units.find(said[column] if code is None else code, day)
        except BadCell as bad:
            self.plan.errors.append(problem(said["file"], said["row"], column, bad.key, **bad.values))
            return None

    def _holder(self, code: str, day: date) -> int | None:
        """The unit that has a code on a day, and only then."""
        try:
            unit_id = self.plan.units.find(code, day)
        except BadCell:
            return None
        spans = (span for span in self.plan.units.codes[unit_id] if span["value"] == code)
        return unit_id if covering(spans, day) else None

    def _found(self, line: dict[str, Any]) -> None:
        """A line that names a unit which is not there founds it: once, for all lines with its code."""
        code, name = line["to_code"], line["to_name"]
        if not name or line["type"] == SuccessionType.RENAME:
            return
        if not code:
            self._refuse(line, "to_code", "reorganise.code-missing")
            return
        if known := self.new.get(code):
            if known.name != name:
                self._refuse(line, "to_name", "reorganise.two-names", code=code)
            return
        holder = self._holder(code, self.stored.on)
        if holder is None or holder in self.ending:
            unit_id = self.plan.new_id()
            self.new[code] = NewUnit(unit_id, code, name, line["to_kind"], line["to_level"], None, row=line["row"])
        elif (there := self._version(holder)) and there["name"] != name:
            self._refuse(line, "to_code", "reorganise.code-taken", code=code, unit=there["name"])

    def _give_parents(self) -> None:
        """New units may stand under new units."""
        for line in self.stored.lines:
            unit = self.new.get(line["to_code"])
            if unit and line["to_parent_code"] and unit.parent_id is None:
                parent = self._place(line, "to_parent_code")
                self.new[unit.code] = replace(unit, parent_id=parent, row=line["row"])

    def _line(self, line: dict[str, Any], from_id: int) -> Line:
        plain = {"legal_basis": line["legal_basis"] or self.stored.legal_basis, "row": line["row"]}
        if line["type"] != SuccessionType.RENAME:
            return Line(line["type"], from_id, self._place(line, "to_code") if line["to_code"] else None, **plain)
        code = line["to_code"] if line["to_code"] != line["from_code"] else ""
        if code and (holder := self._holder(code, self.stored.on)) not in (None, from_id, *self.ending):
            there = self._version(holder)
            self._refuse(line, "to_code", "reorganise.code-taken", code=code, unit=there["name"] if there else code)
        return Line(
            line["type"],
            from_id,
            name=line["to_name"],
            kind=line["to_kind"],
            level=line["to_level"],
            code=code,
            **plain,
        )

    def _place(self, said: Mapping[str, Any], column: str) -> int | None:
        """A unit from the day on: one of this act first."""
        unit = self.new.get(said[column])
        return unit.id if unit else self._unit(said, column, self.stored.on)

    def _moves(self, about: str) -> Iterator[tuple[int, Move]]:
        for code, said in self.stored.decisions.get(about, {}).items():
            subject = (
                self._person(code, said) if about == "people" else self._unit(said, "unit_code", self.before, code)
            )
            to_id = None if said["to"] == LEAVES else self._place(said | {"to_code": said["to"]}, "to_code")
            if subject and (to_id or said["to"] == LEAVES):
                yield subject, Move(to_id, said["role"], said["row"])

    def _person(self, code: str, said: Mapping[str, Any]) -> int | None:
        try:
            return self.plan.people.find(code)
        except BadCell as bad:
            self.plan.errors.append(problem(said["file"], said["row"], "person_id", bad.key, **bad.values))
            return None

    def _version(self, unit_id: int | None) -> Record | None:
        versions = self.plan.units.versions.get(unit_id or 0, {}).values()
        return covering(versions, self.stored.on) or covering(versions, self.before)

    def _refuse(self, line: Mapping[str, Any], column: str, key: str, **values: Any) -> None:
        self.plan.errors.append(problem(line["file"], line["row"], column, key, **values))


def problem(file: str, row: int, column: str, key: str, **values: Any) -> Problem:
    """Something wrong with an act, at a row of a file or, without a file, at one of its lines."""
    return Problem(file, row, column, key, values)
