"""What only people can tell: who and what of a unit that is split, or ends without an heir, goes where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.network.models import SuccessionType
from lms.network.reorganisation import Proposal
from lms.network.reorganisation_files import LEAVES
from lms.network.reorganisation_words import OldUnit, preview

LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer to give: about a unit as a whole, a unit below it, or a person. `key` names the field."""

    key: str
    code: str
    name: str
    note: str
    given: str


@dataclass(slots=True)
class Question:
    """What is asked about one unit; `places` are the answers, (code, name)."""

    unit: OldUnit
    whole: Asked
    places: list[tuple[str, str]]
    people: list[Asked] = field(default_factory=list)
    below: list[Asked] = field(default_factory=list)


def questions(found: Proposal) -> list[Question]:
    """All that is asked, decided or not."""
    if found.problems:
        return []
    seen = preview(found)
    asked = [_question(found, unit) for unit in seen.old if _is_open(found, unit)]
    return [question for question in asked if question.people or question.below or question.whole.given]


def answers(
    asked: list[Question], form: Mapping[str, str], before: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What a form says, in the shape that an act keeps: None takes an answer back. Only what was asked counts."""
    said: dict[str, dict[str, Any]] = {"people": {}, "units": {}}
    for question in asked:
        places = {code for code, _ in question.places}
        units = [("units", each) for each in (question.whole, *question.below)]
        for about, each in [*units, *(("people", each) for each in question.people)]:
            given = form.get(each.key)
            if given is None or given == each.given:
                continue
            role = before.get(about, {}).get(each.code, {}).get("role", "")
            if given == "":
                said[about][each.code] = None
            elif given == LEAVE or given in places:
                to = LEAVES if given == LEAVE else given
                said[about][each.code] = {"to": to, "role": role, "row": 0, "file": ""}
    return said


def _is_open(found: Proposal, unit: OldUnit) -> bool:
    lines = found.fates.lines[unit.unit_id]
    return any(
        line.type == SuccessionType.SPLIT or (line.type == SuccessionType.ABOLISH and line.to_id is None)
        for line in lines
    )


def _question(found: Proposal, unit: OldUnit) -> Question:
    moves = found.fates.act.unit_moves
    whole = Asked(f"unit-{unit.unit_id}", unit.code, unit.name, "", _given(found, moves.get(unit.unit_id)))
    made = Question(unit, whole, _places(found, unit))
    made.people = _people(found, unit)
    for unit_id, versions in sorted(found.before.versions.items()):
        version = next((v for v in versions if v.from_on < found.day < v.to_on), None)
        is_moved_by_line = any(line.type != SuccessionType.RENAME for line in found.fates.lines.get(unit_id, ()))
        if version and version.parent_id == unit.unit_id and not is_moved_by_line:
            given = _given(found, moves.get(unit_id))
            made.below.append(Asked(f"unit-{unit_id}", found.code(unit_id), version.name, "", given))
    return made


def _people(found: Proposal, unit: OldUnit) -> list[Asked]:
    """Everybody who serves in a unit, once."""
    roles = {post.person_id: post.role for post in found.posts if post.unit_id == unit.unit_id}
    moves = found.fates.act.person_moves
    people = sorted((found.people[person_id] for person_id in roles), key=lambda person: str(person["sort_key"]))
    return [
        Asked(f"person-{p['id']}", p["code"], p["full_name"], roles[p["id"]], _given(found, moves.get(p["id"])))
        for p in people
    ]


def _given(found: Proposal, move: Any) -> str:
    if move is None:
        return ""
    return LEAVE if move.to_id is None else found.code(move.to_id)


def _places(found: Proposal, unit: OldUnit) -> list[tuple[str, str]]:
    """The units of the act's right side; of a split its own, of an end also the unit above and what goes on there."""
    act = found.fates.act
    if unit.unit_id in found.fates.split:
        ids = [line.to_id for line in found.fates.lines[unit.unit_id]]
    else:
        ids = [line.to_id for line in act.lines if line.type != SuccessionType.RENAME]
        ids += [*found.fates.founded, found.fates.above(unit.unit_id)]
    ids += [move.to_id for move in (*act.unit_moves.values(), *act.person_moves.values())]
    there = dict.fromkeys(unit_id for unit_id in ids if unit_id is not None and unit_id not in found.fates.ending)
    reach = found.plan.reach
    mine = (u for u in there if u < 0 or reach is None or u in reach)
    return [(found.code(unit_id), found.name(unit_id)) for unit_id in mine]
