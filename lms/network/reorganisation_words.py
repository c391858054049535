"""What an act would do, in the order in which people ask: what ends, what begins, what changes, who moves where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from lms import text
from lms.language import format_date, gettext, role_words
from lms.network.known import Record
from lms.network.maps import Version
from lms.network.moving import Service
from lms.network.reorganisation import Proposal

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mover:
    """A person who serves on elsewhere; `to` is empty for those who leave or have no place yet."""

    person: Record
    post: Service
    to: str = ""
    role: str = ""


@dataclass(slots=True)
class OldUnit:
    """A unit that people may leave: what becomes of it, who goes where, and what goes under another unit."""

    unit_id: int
    code: str
    name: str
    types: list[str]
    heirs: list[str]
    ends: bool
    movers: list[Mover] = field(default_factory=list)
    leavers: list[Mover] = field(default_factory=list)
    undecided: list[Mover] = field(default_factory=list)
    below: list[tuple[str, str]] = field(default_factory=list)
    undecided_below: list[tuple[str, str]] = field(default_factory=list)

    @property
    def waits(self) -> int:
        """How many people and units nobody has decided about."""
        return len(self.undecided) + len(self.undecided_below)


@dataclass(frozen=True, slots=True)
class Changed:
    """A unit that goes on under another name, code or unit above: (what, before, after)."""

    unit_id: int
    name: str
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A new unit."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Tally:
    """People who serve in the units concerned the day before, and wherever they serve on the day."""

    before: int
    after: int
    leaving: int
    doubled: list[str]


@dataclass(slots=True)
class Preview:
    """All of it, for a page or a terminal."""

    old: list[OldUnit]
    begun: list[Begun]
    changed: list[Changed]
    tally: Tally


def preview(found: Proposal) -> Preview:
    """What people look at before they decide."""
    old = {
        unit_id: _old(found, unit_id)
        for unit_id in sorted(found.fates.left, key=lambda unit_id: text.sort_key(found.name(unit_id)))
    }
    _place_people(found, old)
    _place_units(found, old)
    return Preview(list(old.values()), list(_begun(found)), list(_changed(found)), _tally(found))


def told(found: Proposal) -> Iterator[str]:
    """The preview and all problems as lines of a terminal."""
    yield from (problem.words() for problem in found.problems)
    if found.problems:
        return
    if not found.plan.good_rows and found.is_decided:
        yield gettext("reorganise.nothing-to-do")
        return
    seen = preview(found)
    for begun in seen.begun:
        yield gettext("reorganise.tell-begins", code=begun.code, unit=begun.name, parent=begun.parent)
    for unit in seen.old:
        yield from _told_unit(unit)
    for changed in seen.changed:
        for what, before, after in changed.fields:
            yield gettext("reorganise.tell-changes", unit=changed.name, what=what, before=before, after=after)
    yield from _told_tally(seen.tally, found.day)


def _told_unit(unit: OldUnit) -> Iterator[str]:
    named = {"code": unit.code, "unit": unit.name}
    key = "reorganise.tell-ends" if unit.ends else "reorganise.tell-splits"
    yield gettext(key, heirs=", ".join(unit.heirs) or "–", people=len(unit.movers), **named)
    for mover in unit.movers:
        yield "  " + gettext("reorganise.tell-moves", person=mover.person["full_name"], to=mover.to, **_who(mover))
    for mover in unit.leavers:
        yield "  " + gettext("reorganise.tell-leaves", person=mover.person["full_name"], **_who(mover))
    for mover in unit.undecided:
        yield "  " + gettext("reorganise.tell-undecided", person=mover.person["full_name"], **_who(mover))
    for name, to in unit.below:
        yield "  " + gettext("reorganise.tell-below", unit=name, to=to)
    for name, code in unit.undecided_below:
        yield "  " + gettext("reorganise.tell-undecided-below", unit=name, code=code)


def _who(mover: Mover) -> dict[str, str]:
    return {"code": mover.person["code"], "role": role_words(mover.role or mover.post.role)}


def _told_tally(tally: Tally, day: date) -> Iterator[str]:
    yield gettext(
        "reorganise.tell-tally", before=tally.before, after=tally.after, leaving=tally.leaving, day=format_date(day)
    )
    if tally.doubled:
        yield gettext("reorganise.tell-doubled", people=", ".join(tally.doubled))


def _old(found: Proposal, unit_id: int) -> OldUnit:
    lines = found.fates.lines[unit_id]
    place = found.fates.place(unit_id)
    heirs = [line.to_id for line in lines] if place is None else [place.to_id]
    return OldUnit(
        unit_id,
        found.code(unit_id),
        _was(found, unit_id),
        list(dict.fromkeys(line.type for line in lines)),
        [found.name(heir) for heir in heirs if heir is not None],
        unit_id in found.fates.ending,
    )


def _was(found: Proposal, unit_id: int) -> str:
    version = found.before.at(unit_id, found.day - ONE_DAY)
    return version.name if version else ""


def _place_people(found: Proposal, old: dict[int, OldUnit]) -> None:
    for going in found.moved.going:
        person = found.people[going.post.person_id]
        unit = old[going.post.unit_id]
        if going.to_id is None:
            unit.leavers.append(Mover(person, going.post))
        else:
            unit.movers.append(Mover(person, going.post, found.name(going.to_id), going.role))
    for post in found.moved.undecided:
        old[post.unit_id].undecided.append(Mover(found.people[post.person_id], post))
    for unit in old.values():
        for movers in (unit.movers, unit.leavers, unit.undecided):
            movers.sort(key=lambda mover: (mover.person["sort_key"], mover.post.id))


def _place_units(found: Proposal, old: dict[int, OldUnit]) -> None:
    for version in found.redrawn.versions:
        was = found.before.at(version.unit_id, found.day - ONE_DAY)
        if was and was.parent_id in old and version.from_on == found.day and version.parent_id != was.parent_id:
            old[was.parent_id].below.append((was.name, found.name(version.parent_id)))
    for unit_id in found.redrawn.undecided:
        was = found.before.at(unit_id, found.day - ONE_DAY) or found.before.at(unit_id, found.day)
        if was and was.parent_id in old:
            old[was.parent_id].undecided_below.append((was.name, found.code(unit_id)))


def _begun(found: Proposal) -> Iterator[Begun]:
    for unit in found.fates.act.new_units:
        version = found.after.at(unit.id, found.day)
        if version:
            yield Begun(unit.code, version.name, version.level, found.name(version.parent_id))


def _changed(found: Proposal) -> Iterator[Changed]:
    codes = {code.unit_id: code.value for code in found.redrawn.codes if code.from_on == found.day}
    touched = {version.unit_id for version in found.redrawn.versions} | codes.keys()
    for unit_id in sorted(
        touched - found.fates.founded.keys() - found.fates.ending,
        key=lambda unit_id: text.sort_key(found.name(unit_id)),
    ):
        was, now = found.before.at(unit_id, found.day - ONE_DAY), found.after.at(unit_id, found.day)
        if was and now:
            fields = [
                (gettext("reorganise.field-name"), was.name, now.name),
                (gettext("reorganise.field-kind"), was.kind, now.kind),
                (gettext("reorganise.field-level"), gettext(f"level.{was.level}"), gettext(f"level.{now.level}")),
                (gettext("reorganise.field-parent"), _above(found, was), _above(found, now)),
                (gettext("reorganise.field-code"), found.code(unit_id), codes.get(unit_id, found.code(unit_id))),
            ]
            if differing := [each for each in fields if each[1] != each[2]]:
                yield Changed(unit_id, was.name, differing)


def _above(found: Proposal, version: Version) -> str:
    return found.name(version.parent_id) or "–"


def _tally(found: Proposal) -> Tally:
    """Somebody who serves the day before and not on the day leaves by decision, or has ended by their own dates."""
    after = {post.id: post for post in found.posts} | {post.id: post for post in found.moved.posts}
    movers = {going.post.person_id for going in found.moved.going}
    on_day = [post for post in after.values() if post.person_id in movers and post.holds_on(found.day)]
    before = {post.person_id for post in found.posts if post.person_id in movers and post.holds_on(found.day - ONE_DAY)}
    posts = Counter(post.person_id for post in on_day)
    doubled = [found.people[person_id]["full_name"] for person_id, number in posts.items() if number > 1]
    there = before & posts.keys()
    return Tally(len(before), len(there), len(before) - len(there), sorted(doubled))
