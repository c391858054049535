"""Writing a version: people judged on all cores from what was known at one instant, written as a chain in one order.

Chunks are judged by processes of their own and come in any order; this process writes them in the order of people's ids, a
transaction each, together with how far the chain is. Whoever kills it leaves a chain that goes on at its end: what is
written is never written again, and the facts, the policy and the order are the same for whoever goes on.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from lms import audit, clock, history, text
from lms.cores import Chunk, Progress, spread
from lms.db import db, insert_many, is_among, reading
from lms.goals import facts, rules
from lms.goals import policy as policy_text
from lms.language import speaking
from lms.network import queries as network
from lms.network.models import Assignment, Person
from lms.yearbooks import adjustments, derivation, verification
from lms.yearbooks.derivation import Asked
from lms.yearbooks.models import BookLine, BookVersion, YearBook
from lms.yearbooks.places import Places, leaves_and_sums
from lms.yearbooks.rules import Line, State, canonical, chained, counted
from lms.yearbooks.rules import Step as Writing

WRITTEN_AT_ONCE = 2_000
WORDS = "vi"


class Overtaken(RuntimeError):
    """Somebody else goes on with the same version."""


class Kept(NamedTuple):
    """What a process keeps while it judges."""

    asked: Asked
    known_at: Any
    with_units: bool
    places: Places


def carry_out(version_id: int, progress: Progress) -> None:
    """Write a version to its end, from wherever it is. Commits. Raises `Overtaken`."""
    with reading():
        version = db.session.get_one(BookVersion, version_id)
        is_at_units = db.session.scalar(sa.select(_lines(version_id, "unit").exists()))
        last = db.session.scalar(sa.select(sa.func.max(BookLine.subject_id)).where(*_of(version_id, "person"))) or 0
        people = [] if is_at_units else [one for one in candidates(version) if one > last]
    if version.state == Writing.DONE:
        return
    chain = _Chain(version)
    if people:
        found = spread(prepare, judged, people=people, arguments=(version_id,), progress=progress)
        chain.write(line for chunk in in_order(people, found) for line in chunk)
    chain.write(_unit_lines(version)[_written_units(version_id) :])
    _finish(version_id, chain.number)


def candidates(version: BookVersion) -> list[int]:
    """The people who may be counted here, by id: those who served below the unit in the year, as far as anybody knew."""
    start, end = date(version.book.year, 1, 1), date(version.book.year + 1, 1, 1)
    below = network.subtree_during(version.book.unit_id, start, end)
    serving = sa.select(Assignment.person_id).where(Assignment.during(start, end), Assignment.unit_id.in_(below))
    changed = history.people_changed(version.known_at, Assignment.__tablename__)
    return sorted({*db.session.scalars(serving.distinct()), *db.session.scalars(changed.distinct())})


def prepare(version_id: int) -> Kept:
    """A process reads the policy's text and the units once."""
    version = db.session.get_one(BookVersion, version_id)
    policy = policy_text.parse(version.policy_source)
    asked = Asked(policy, version.book.year, version.as_of.toordinal())
    return Kept(asked, version.known_at, facts.needs_units([policy]), Places(version.book.unit_id))


def judged(kept: Kept, person_ids: Chunk) -> list[Line]:
    """The lines of those of these people who are counted in the book, not yet numbered."""
    people = sa.select(Person.id, Person.code, Person.full_name).where(is_among(Person.id, person_ids))
    names = {person_id: (code, name) for person_id, code, name in db.session.execute(people)}
    with speaking(WORDS):
        return list(_people_lines(kept, person_ids, names))


def _people_lines(kept: Kept, person_ids: Chunk, names: dict[int, tuple[str, str]]) -> Iterator[Line]:
    asked, places = kept.asked, kept.places
    known_people = facts.of(person_ids, with_units=kept.with_units, known_at=kept.known_at)
    for person_id, known in known_people:
        judgement = rules.evaluate(asked.policy, known, asked.year, asked.as_of)
        if judgement is None or not places.way(judgement.unit_id, judgement.reference_day):
            continue
        unit_id, day = judgement.unit_id, judgement.reference_day
        yield Line(
            0, "person", person_id, *names.get(person_id, ("", "")), unit_id, places.code(unit_id, day),
            places.name(unit_id, day), date.fromordinal(day).isoformat(), judgement.status.value, judgement.due,
            judgement.earned, canonical(derivation.content(asked, known, judgement, places)),
        )  # fmt: skip


def in_order(people: Chunk, found: Iterable[tuple[Chunk, list[Line]]]) -> Iterator[list[Line]]:
    """Chunks that come in any order, in the order of people."""
    waiting: dict[int, tuple[int, list[Line]]] = {}
    place = 0
    for chunk, lines in found:
        waiting[chunk[0]] = len(chunk), lines
        while place < len(people) and people[place] in waiting:
            length, ready = waiting.pop(people[place])
            place += length
            yield ready


class _Chain:
    """The end of a version's chain, to which lines are written a transaction at a time."""

    def __init__(self, version: BookVersion) -> None:
        self.version_id, self.number, self.hash = version.id, version.lines, version.last_hash

    def write(self, lines: Iterable[Line]) -> None:
        waiting: list[Line] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) >= WRITTEN_AT_ONCE:
                self._commit(waiting)
                waiting = []
        if waiting:
            self._commit(waiting)

    def _commit(self, lines: Sequence[Line]) -> None:
        version = _locked(self.version_id, self.number)
        rows = []
        for line in lines:
            self.number += 1
            numbered = line._replace(number=self.number)
            self.hash = chained(self.hash, numbered)
            rows.append(_row(self.version_id, numbered, self.hash))
        insert_many(BookLine.__table__, rows)
        version.first_hash = version.first_hash or rows[0]["hash"]
        version.lines, version.last_hash = self.number, self.hash
        db.session.commit()


def _locked(version_id: int, number: int) -> BookVersion:
    """The version, which nobody else may write until the transaction ends."""
    version = db.session.get_one(BookVersion, version_id, with_for_update=True, populate_existing=True)
    if version.state == Writing.DONE or version.lines != number:
        db.session.rollback()
        raise Overtaken
    return version


def _row(version_id: int, line: Line, hashed: str) -> dict[str, Any]:
    more = {"version_id": version_id, "fold": text.fold(line.name), "hash": hashed}
    return line._asdict() | more | {"reference_on": date.fromisoformat(line.reference_on)}


def _unit_lines(version: BookVersion) -> list[Line]:
    """Every unit of the tree of the closing's day, and those in which people of the year were counted earlier.

    A unit that moved in the year has a line under each unit above it, so that a parent is the sum of what is below it.
    """
    with reading():
        places = Places(version.book.unit_id)
        groups = db.session.execute(_groups(version.id)).all()
    day = version.as_of.toordinal()
    sums = leaves_and_sums(
        (places.way(unit_id, on.toordinal()), status, people) for unit_id, on, status, people in groups
    )
    last: dict[Any, int] = {}
    for unit_id, on, _, _ in groups:
        for step in places.way(unit_id, on.toordinal()):
            last[step] = max(on.toordinal(), last.get(step, 0))
    for unit_id in places.below(day):
        last[places.way(unit_id, day)[0]] = day
    return [_unit_line(places, step, last[step], sums.get(step, {})) for step in sorted(last, key=_by_unit)]


def _by_unit(step: Any) -> tuple[int, int]:
    return step.unit_id, step.parent_id or 0


def _unit_line(places: Places, step: Any, day: int, statuses: dict[str, int]) -> Line:
    above = step.parent_id
    content = counted(statuses.items()) | {"statuses": dict(statuses)}
    return Line(
        0, "unit", step.unit_id, places.code(step.unit_id, day), places.name(step.unit_id, day), above,
        places.code(above, day), places.name(above, day), date.fromordinal(day).isoformat(), "", 0, 0, canonical(content),
    )  # fmt: skip


def _groups(version_id: int) -> Any:
    columns = BookLine.unit_id, BookLine.reference_on, BookLine.status
    return sa.select(*columns, sa.func.count()).where(*_of(version_id, "person")).group_by(*columns)


def _of(version_id: int, kind: str) -> tuple[sa.ColumnElement[bool], ...]:
    return BookLine.version_id == version_id, BookLine.kind == kind


def _lines(version_id: int, kind: str) -> Any:
    return sa.select(BookLine.id).where(*_of(version_id, kind))


def _written_units(version_id: int) -> int:
    with reading():
        return db.session.scalar(sa.select(sa.func.count()).where(*_of(version_id, "unit"))) or 0


def _finish(version_id: int, number: int) -> None:
    """The version is done for good, and the book closed; what arrived in the meantime is adjusted at once."""
    version = _locked(version_id, number)
    book = db.session.get_one(YearBook, version.book_id, with_for_update=True, populate_existing=True)
    statuses = sa.select(BookLine.status, sa.func.count()).where(*_of(version_id, "person")).group_by(BookLine.status)
    for name, people in counted(db.session.execute(statuses).all()).items():
        setattr(version, name, people)
    version.closed_at = clock.now()
    version.seal = verification.sealed(version)
    version.state = Writing.DONE
    book.state = State.CLOSED if version.is_final else State.PROVISIONAL
    db.session.flush()
    audit.record(
        "yearbooks.close", book, unit=book.unit_id, policy=book.policy, year=book.year, kind=version.kind,
        version=version.number, last_hash=version.last_hash,
    )  # fmt: skip
    if version.is_final:
        adjustments.catch_up(version)
    db.session.commit()
