"""What an act would do, asked of the database: its codes become units and people, its outcome a plan for the journal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lms import text
from lms.db import Base, db, is_among
from lms.network import checks, moving, reorganising
from lms.network.imports import reach_of
from lms.network.known import Record, covering, fetch
from lms.network.maps import Code, Fates, Map, Version
from lms.network.models import Assignment, Person, Post, ReorganisationAct, Succession, Unit, UnitCode, UnitVersion
from lms.network.moving import Moved, Service
from lms.network.plans import Counts, Fact, Plan, Problem
from lms.network.reorganisation_meaning import Meaning, problem
from lms.network.reorganising import Link, Redrawn

ONE_DAY = timedelta(days=1)
SERVICE = list(Service.__dataclass_fields__)


@dataclass
class Proposal:
    """What an act would do: the rows, in `plan`, and what people look at before they decide.

    `before` and `after` are the maps of the day before and of the day; `people` holds everybody who may move, by id.
    """

    day: date
    plan: Plan
    fates: Fates
    before: Map
    after: Map
    redrawn: Redrawn = field(default_factory=Redrawn)
    moved: Moved = field(default_factory=Moved)
    people: dict[int, Record] = field(default_factory=dict)
    posts: list[Service] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """What must be mended first."""
        return self.plan.errors

    @property
    def is_decided(self) -> bool:
        """Whether everybody and everything has a place."""
        return not (self.redrawn.undecided or self.moved.undecided)

    @property
    def is_ready(self) -> bool:
        """Whether it can be carried out."""
        return self.plan.is_clean and self.is_decided

    def name(self, unit_id: int | None) -> str:
        """What a unit is called on the day, or was the day before."""
        if unit_id is None:
            return ""
        version = self.after.at(unit_id, self.day) or self.before.at(unit_id, self.day - ONE_DAY)
        return version.name if version else ""

    def names(self) -> dict[str, str]:
        """The names of all units that the act names, by code."""
        ids = [*self.before.versions, *self.fates.founded]
        named = {self.code(unit_id): self.name(unit_id) for unit_id in ids}
        return named | {unit.code: unit.name for unit in self.fates.act.new_units}

    def code(self, unit_id: int) -> str:
        """The code of a unit on the day before, else of a new one."""
        founded = self.fates.founded.get(unit_id)
        if founded:
            return founded.code
        spans = self.plan.units.codes.get(unit_id, [])
        span = covering(spans, self.day - ONE_DAY) or next(iter(spans), None)
        return str(span["value"]) if span else ""


def propose(act: ReorganisationAct, *, is_with_people: bool = True) -> Proposal:
    """Work out an act on the facts as they are now, or only what it makes of the units. Writes nothing."""
    plan = Plan(reach_of(act.scope))
    meant = Meaning(act, plan).act()
    before = _map(plan)
    fates = Fates(meant, before)
    made = Proposal(act.on, plan, fates, before, before)
    if not plan.is_clean:
        return made
    made.redrawn = reorganising.redraw(meant, before, plan.new_id)
    for fault in made.redrawn.faults:
        _tell(plan, act, fault)
    if plan.is_clean:
        made.after = before.with_changes(made.redrawn.versions)
        plan.errors += _out_of_reach(made)
    if plan.is_clean and is_with_people:
        _move_people(made, plan)
        for post in made.moved.stuck:
            plan.errors.append(
                problem("", 0, "from", "reorganise.later-post", person=made.people[post.person_id]["code"])
            )
        _write(made, plan)
    return made


def _tell(plan: Plan, act: ReorganisationAct, fault: reorganising.Fault) -> None:
    """A fault at the place where it is mended."""
    decided = [said for about in act.decisions.values() for said in about.values()]
    said = next((each for each in (decided if fault.is_move else act.lines) if each["row"] == fault.row), None)
    file = said["file"] if said else ""
    versions = list(plan.units.versions.get(fault.unit_id or 0, {}).values())
    unit = covering(versions, act.on - ONE_DAY) or (versions[-1] if versions else {"name": ""})
    plan.errors.append(problem(file, fault.row, fault.column, fault.key, unit=unit["name"]))


def _out_of_reach(made: Proposal) -> Iterator[Problem]:
    """Nobody may hang a unit under one that is not theirs, nor make a new root of the tree."""
    reach = made.plan.reach
    if reach is None:
        return
    rows = {line.from_id: line.row for line in made.fates.act.lines} | {u.id: u.row for u in made.fates.act.new_units}
    for version in made.redrawn.versions:
        was = made.before.at(version.unit_id, made.day - ONE_DAY)
        if was and was.parent_id == version.parent_id:
            continue
        if version.parent_id is None or (version.parent_id > 0 and version.parent_id not in reach):
            yield problem("", rows.get(version.unit_id, 0), "to_parent_code", "import.out-of-reach")


def _map(plan: Plan) -> Map:
    versions = (row for by_day in plan.units.versions.values() for row in by_day.values())
    codes = (row for spans in plan.units.codes.values() for row in spans)
    return Map([_as(Version, row) for row in versions], [_as(Code, row) for row in codes])


def _as(kind: type[Any], row: Mapping[str, Any]) -> Any:
    return kind(**{name: row[name] for name in kind.__dataclass_fields__})


def _move_people(made: Proposal, plan: Plan) -> None:
    """Everybody who serves on or after the day in a unit that people may leave, with all that they do besides."""
    rows = {row["id"]: row for row in _posts(made.fates.left, made.day)}
    made.posts = [_as(Service, row) for row in rows.values()]
    made.people = {row["id"]: row for row in fetch(Person, Person.id, {post.person_id for post in made.posts})}
    made.moved = moving.move(made.fates, made.posts, plan.new_id)
    catalogue = Catalogue(made, plan)
    for post in made.moved.posts:
        record = {name: getattr(post, name) for name in SERVICE}
        _settle(plan, Assignment, catalogue.carried(record, rows), rows)
    catalogue.write()


def _posts(unit_ids: set[int], day: date) -> Iterator[Record]:
    """All posts, from a day on, of everybody who has one in these units."""
    served = aliased(Assignment)
    serving = sa.select(served.person_id).where(is_among(served.unit_id, unit_ids), served.to_on > day)
    found = sa.select(Assignment.__table__).where(Assignment.person_id.in_(serving), Assignment.to_on > day)
    return map(dict, db.session.execute(found).mappings()) if unit_ids else iter(())


class Catalogue:
    """The positions and titles of those who move, in the catalogue of the organisation to which they go."""

    def __init__(self, made: Proposal, plan: Plan) -> None:
        self.made, self.plan = made, plan
        self.facts: list[Fact] = []
        named = {post_id for post in made.posts for post_id in (post.position_id, post.title_id) if post_id}
        self.known = {row["id"]: row for row in fetch(Post, Post.id, named)}
        for unit_id, versions in made.after.versions.items():
            plan.units.versions[unit_id] = {v.from_on: asdict(v) for v in versions}
        if named:
            plan.posts.load({self._organisation(post.unit_id) for post in made.moved.posts})

    def carried(self, record: Record, rows: Mapping[int, Record]) -> Record:
        """A row of somebody who moves, with what they are in the catalogue there."""
        stored = rows.get(record["id"])
        if stored is None or stored["unit_id"] != record["unit_id"]:
            organisation = self._organisation(record["unit_id"])
            for kind in ("position", "title"):
                post = self.known.get(record[f"{kind}_id"] or 0)
                if post is not None and organisation != post["unit_id"] and self._is_left(post["unit_id"]):
                    record[f"{kind}_id"] = self._same(post, kind, organisation)
            self.facts.append(Fact(record))
        return record

    def write(self) -> None:
        checks.write_drafted_posts(self.facts, self.plan)

    def _organisation(self, unit_id: int) -> int:
        return self.plan.units.organisation(unit_id, self.made.day)

    def _is_left(self, organisation: int) -> bool:
        """Whether a catalogue is of a unit that goes: another one's may be named from anywhere."""
        return organisation in self.made.fates.left

    def _same(self, post: Record, kind: str, organisation: int) -> int:
        post_id = self.plan.posts.find(organisation, kind, post["code"], self.made.day)
        if post_id in self.plan.posts.drafted:
            self.plan.posts.drafted[post_id] |= {name: post[name] for name in ("code", "title", "reference")}
        return post_id


def _write(made: Proposal, plan: Plan) -> None:
    """The rows of the outcome as inserts and updates."""
    stored = {row["id"]: row for by_day in _stored_versions(made) for row in by_day}
    for unit in made.fates.act.new_units:
        plan.insert(Unit, {"id": unit.id})
    for version in made.redrawn.versions:
        named = {"fold": text.fold(version.name), "sort_key": text.sort_key(version.name)}
        _settle(plan, UnitVersion, asdict(version) | named, stored)
    codes = {row["id"]: row for spans in plan.units.codes.values() for row in spans}
    for code in made.redrawn.codes:
        _settle(plan, UnitCode, asdict(code), codes)
    _link(made.redrawn.links, made.day, plan)
    for name, tables in COUNTED.items():
        new = sum(len(plan.inserts[table]) for table in tables)
        changed = sum(len(plan.updates[table]) for table in tables)
        plan.counts[name] = Counts(rows=new + changed, new=new, changed=changed)


COUNTED = {
    "units": ("unit_version", "unit_code"),
    "successions": ("succession",),
    "positions": ("post",),
    "assignments": ("assignment",),
}


def _stored_versions(made: Proposal) -> Iterator[Iterable[Record]]:
    for versions in made.before.versions.values():
        yield [asdict(v) | {"fold": text.fold(v.name), "sort_key": text.sort_key(v.name)} for v in versions]


def _link(links: Sequence[Link], day: date, plan: Plan) -> None:
    known = {
        (row["from_unit_id"], row["to_unit_id"], row["on"], row["type"])
        for row in fetch(Succession, Succession.from_unit_id, {link.from_id for link in links})
    }
    for link in links:
        key = link.from_id, link.to_id, day, link.type
        if key not in known:
            known.add(key)
            record = dict(zip(("from_unit_id", "to_unit_id", "on", "type"), key, strict=True))
            plan.insert(Succession, record | {"id": plan.new_id(), "legal_basis": link.legal_basis})


def _settle(plan: Plan, model: type[Base], record: Record, stored: Mapping[int, Record]) -> None:
    """A row with a known id is written over where it differs; another one is new."""
    before = stored.get(record["id"])
    if before is None:
        plan.insert(model, record)
    elif after := {name: value for name, value in record.items() if before[name] != value}:
        plan.update(model, before, after)
