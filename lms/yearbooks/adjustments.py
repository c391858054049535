"""What changed after the close, as a numbered list beside the official figures.

`watch` hears of every changed standing in the transaction that changes it. It asks for books only once, and looks at lines
only where a book is closed. While a book is being closed nobody adjusts it: whoever changes a standing then holds the book
until the end of the transaction, and the closing catches up before it ends.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from lms import audit, clock
from lms.db import AnyRow, chunks, db, is_among, rows
from lms.goals import facts
from lms.goals.models import Credit, Exemption, Standing
from lms.goals.standings import Change
from lms.history import Superseded
from lms.network.models import Absence, Assignment, Person, UnitAncestor
from lms.yearbooks.models import Adjustment, BookLine, BookVersion, YearBook
from lms.yearbooks.rules import Kind, State, Step, is_other_outcome

FACTS: Mapping[str, Any] = {
    "credit": Credit, "exemption": Exemption, "assignment": Assignment, "absence": Absence,
}  # fmt: skip
BEFORE_CLOSING = timedelta(hours=6)
"""How long a transaction may have been at work when a closing began that did not see it."""
CHUNK = 2_000

Outcome = tuple[Any, ...]  # status, due, earned; three times None for somebody who is not counted
Arrived = tuple[int, datetime, int, dict[str, Any]]  # person, instant, what comes first at the same instant, cause
NOBODY: Outcome = (None, None, None)


class Covered(NamedTuple):
    """A book that is closed, and the version that is official."""

    book_id: int
    unit_id: int
    version_id: int


def watch(changes: Sequence[Change]) -> None:
    """Adjust the closed books of these changes."""
    by_goal: dict[tuple[str, int], dict[int, Mapping[str, Any] | None]] = defaultdict(dict)
    for change in changes:
        if change.year >= clock.today().year:
            continue  # Only a year that is over is closed for good.
        by_goal[change.policy, change.year][change.person_id] = change.after
    if not by_goal:
        return
    for (policy, year), covered in _closed(by_goal).items():
        for one in covered:
            _adjust(one, by_goal[policy, year])


def catch_up(version: BookVersion) -> None:
    """Adjust a book that was just closed for whatever was recorded since its closing began."""
    book, since = version.book, version.known_at - BEFORE_CLOSING
    one = Covered(book.id, book.unit_id, version.id)
    people = sorted(facts.recorded_after(since))
    for person_ids in chunks(people, CHUNK):
        found = sa.select(Standing.__table__).where(
            is_among(Standing.person_id, person_ids), Standing.policy == book.policy, Standing.year == book.year
        )
        said = {row["person_id"]: dict(row) for row in db.session.execute(found).mappings()}
        # Without a standing nobody has judged the year yet: that says nothing about the person.
        _adjust(one, {person_id: said[person_id] for person_id in person_ids if person_id in said})


def _closed(goals: Iterable[tuple[str, int]]) -> dict[tuple[str, int], list[Covered]]:
    """The closed books of some goals. Of books that are being closed, hold the row until the transaction ends."""
    wanted = sorted(goals)
    books = rows(_books, goals=wanted)
    closing = [book_id for book_id, state in books if state == State.CLOSING]
    if closing:
        held = sa.select(YearBook.id).where(YearBook.id.in_(closing), YearBook.state == State.CLOSING)
        db.session.execute(held.order_by(YearBook.id).with_for_update(read=True)).all()
    found: dict[tuple[str, int], list[Covered]] = defaultdict(list)
    for policy, year, *covered in rows(_official, goals=wanted) if books else ():
        found[policy, year].append(Covered(*covered))
    return found


_of_goals = sa.tuple_(YearBook.policy, YearBook.year).in_(sa.bindparam("goals", expanding=True))
_books = sa.select(YearBook.id, YearBook.state).where(_of_goals).order_by(YearBook.id)
_newest = (
    sa.select(sa.func.max(BookVersion.number))
    .where(BookVersion.book_id == YearBook.id, BookVersion.kind == Kind.FINAL, BookVersion.state == Step.DONE)
    .correlate(YearBook)
    .scalar_subquery()
)
_official = (
    sa.select(YearBook.policy, YearBook.year, YearBook.id, YearBook.unit_id, BookVersion.id)
    .join(BookVersion, sa.and_(BookVersion.book_id == YearBook.id, BookVersion.number == _newest))
    .where(_of_goals, YearBook.state.in_((State.CLOSED, State.REOPENED)))
    .order_by(YearBook.id)
)


def _adjust(one: Covered, standings: Mapping[int, Mapping[str, Any] | None]) -> None:
    """Append what is other than said last, for people by their standing (None: no longer judged)."""
    now = _outcomes(one, standings)
    official = _lines(one, now)
    is_as_closed = not any(is_other_outcome(_said(official, {}, person_id), now[person_id]) for person_id in now)
    if is_as_closed and not db.session.scalar(sa.select(_of(one, now).exists())):
        return
    book = db.session.get_one(YearBook, one.book_id, with_for_update=True, populate_existing=True)
    adjusted = {row.person_id: row.now for row in db.session.scalars(_of(one, now).order_by(Adjustment.number))}
    other = [p for p in sorted(now) if is_other_outcome(_said(official, adjusted, p), now[p])]
    if not other:
        return
    version = db.session.get_one(BookVersion, one.version_id)
    names, reasons = _names(other, official), causes(other, version)
    for person_id in other:
        book.adjustments += 1
        line = official.get(person_id)
        before = (line.status, line.due, line.earned) if line else NOBODY
        code, name = names.get(person_id, ("", ""))
        db.session.add(
            Adjustment(
                book_id=book.id, version_id=one.version_id, number=book.adjustments, person_id=person_id, code=code,
                name=name, at=clock.now(), by=audit.present_actor()[1], cause=reasons.get(person_id, {"kind": "other"}),
                before_status=before[0], before_due=before[1], before_earned=before[2], now_status=now[person_id][0],
                now_due=now[person_id][1], now_earned=now[person_id][2],
            )
        )  # fmt: skip
    db.session.flush()


def _outcomes(one: Covered, standings: Mapping[int, Mapping[str, Any] | None]) -> dict[int, Outcome]:
    """What is true now of people, seen from a book: NOBODY for those who are not counted in it."""
    held = {person_id: row for person_id, row in standings.items() if row}
    inside = _inside(one.unit_id, {row["unit_id"] for row in held.values()})
    found: dict[int, Outcome] = dict.fromkeys(standings, NOBODY)
    for person_id, row in held.items():
        if any(start <= row["reference_on"] < end for start, end in inside.get(row["unit_id"], ())):
            found[person_id] = row["status"], row["due"], row["earned"]
    return found


def _inside(root: int, unit_ids: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    """The days on which units stand at or below the book's unit."""
    columns = sa.select(UnitAncestor.unit_id, UnitAncestor.from_on, UnitAncestor.to_on)
    below = columns.where(UnitAncestor.ancestor_id == root, is_among(UnitAncestor.unit_id, unit_ids))
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for unit_id, start, end in db.session.execute(below):
        found[unit_id].append((start, end))
    return found


def _lines(one: Covered, person_ids: Collection[int]) -> dict[int, AnyRow]:
    """The official lines of people."""
    columns = BookLine.subject_id, BookLine.status, BookLine.due, BookLine.earned, BookLine.code, BookLine.name
    mine = sa.select(*columns).where(BookLine.version_id == one.version_id, BookLine.kind == "person")
    return {row.subject_id: row for row in db.session.execute(mine.where(is_among(BookLine.subject_id, person_ids)))}


def _of(one: Covered, person_ids: Collection[int]) -> Any:
    """The adjustments of people to the official version."""
    of_version = sa.select(Adjustment).where(Adjustment.version_id == one.version_id)
    return of_version.where(is_among(Adjustment.person_id, person_ids))


def _said(official: Mapping[int, AnyRow], adjusted: Mapping[int, Outcome], person_id: int) -> Outcome:
    """What was said last of a person: by an adjustment, or else by the line."""
    line = official.get(person_id)
    return adjusted.get(person_id) or ((line.status, line.due, line.earned) if line else NOBODY)


def _names(person_ids: Collection[int], official: Mapping[int, AnyRow]) -> dict[int, tuple[str, str]]:
    """Code and name: those of the book, and for others those of today."""
    today = sa.select(Person.id, Person.code, Person.full_name).where(is_among(Person.id, person_ids))
    found = {person_id: (code, name) for person_id, code, name in db.session.execute(today)}
    return found | {p: (official[p].code, official[p].name) for p in person_ids if p in official}


def causes(person_ids: Collection[int], version: BookVersion) -> dict[int, dict[str, Any]]:
    """What was recorded, changed or taken away last about each of some people after a version's closing began."""
    since, end = version.known_at - BEFORE_CLOSING, date(version.book.year, 12, 31).isoformat()
    found = sorted((*_recorded(person_ids, since), *_superseded(person_ids, since)), key=lambda fact: fact[1:3])
    bearing = [(person_id, cause) for person_id, *_, cause in found if cause["on"] <= end]
    return dict(bearing)


def _recorded(person_ids: Collection[int], since: datetime) -> Iterator[Arrived]:
    for kind, model in FACTS.items():
        arrived = sa.and_(model.recorded_at > since, model.recorded_at <= clock.now())
        rows = sa.select(model.__table__).where(is_among(model.person_id, person_ids), arrived)
        for row in db.session.execute(rows.order_by(model.id)).mappings():
            yield row["person_id"], row["recorded_at"], 1, {"kind": kind, **_told(kind, dict(row))}


def _superseded(person_ids: Collection[int], since: datetime) -> Iterator[Arrived]:
    tables = {model.__tablename__: kind for kind, model in FACTS.items()}
    rows = sa.select(Superseded).where(is_among(Superseded.person_id, person_ids), Superseded.known_to > since)
    for row in db.session.scalars(rows.where(Superseded.table.in_(tables)).order_by(Superseded.id)):
        kind = tables[row.table]
        yield row.person_id, row.known_to, 0, {**_told(kind, row.content), "kind": f"{kind}-changed"}


def _told(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a page says of a fact."""
    if kind == "credit":
        is_reversal = row["reverses_id"] is not None
        told = {"what": row["activity"], "periods": row["periods"], "on": _iso(row["completed_on"])}
        return told | ({"kind": "credit-reversed"} if is_reversal else {})
    if kind == "exemption":
        return {"what": row["scope"], "target": row["target"], "on": _iso(row["from_on"])}
    what = row["role"] if kind == "assignment" else row["type"]
    return {"what": what, "on": _iso(row["from_on"]), "to": _iso(row["to_on"])}


def _iso(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()
