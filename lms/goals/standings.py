"""Standings: judgements as rows, kept true together with the figures that count them."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from lms import clock
from lms.accounts.models import Account
from lms.db import UTCDateTime, among, bare_rows, db, insert_many, rows_together
from lms.goals import facts, figures, rules, trace
from lms.goals.figures import TALLIED, Key, Tallied, Tree
from lms.goals.models import Standing
from lms.goals.rules import HUNDREDTHS, Judgement, Policy, Status
from lms.network.actions import TREE
from lms.network.models import Person

Row = dict[str, Any]
Goals = Sequence[tuple[Policy, int]]

COUNTED = frozenset({Status.MET, Status.ON_TRACK, Status.AT_RISK, Status.OVERDUE, Status.NOT_MET})
TALLIED_NAMES = tuple(column.key for column in TALLIED)
UNDIGESTED = {"judged_on", "reference_on"}
"""What moves on with the day while the judgement stays the same."""


class Change(NamedTuple):
    """A person's standing of a year before and after; None where there was or is none."""

    person_id: int
    policy: str
    year: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Revision(NamedTuple):
    """The stored standing `id` goes, where there is one; `row` comes, where there is one."""

    id: int | None
    row: Row | None


Stored = dict[tuple[int, str, int], tuple[int, int]]


class Situation(NamedTuple):
    """What judging some people begins with: the tree over their units, what is stored of them, who has signed in."""

    tree: Tree
    before: Stored
    active: Collection[int]


_stored = sa.select(
    Standing.person_id, Standing.policy, Standing.year, Standing.id, Standing.digest
).where(among(Standing.person_id))  # fmt: skip
_gone = sa.delete(Standing).where(among(Standing.id)).returning(*Standing.__table__.c)
_tree_held = sa.select(sa.func.pg_advisory_xact_lock_shared(sa.func.hashtext(TREE)).label("held")).cte("tree")
_held = (
    sa.select(Person.id)
    .join_from(_tree_held, Person, sa.true())
    .where(among(Person.id))
    .order_by(Person.id)
    .with_for_update(key_share=True, of=Person)
)
_signed_in = sa.select(Account.person_id).where(
    among(Account.person_id), Account.last_sign_in_at >= sa.bindparam("since", type_=UTCDateTime)
)
_said_active = sa.select(Standing.person_id).where(
    among(Standing.person_id), Standing.year == sa.bindparam("year"), Standing.is_active
)

WATCHERS: list[Callable[[Sequence[Change]], None]] = []
"""What must know of every changed standing, in the same transaction."""


def judged(
    goals: Goals, person_ids: Collection[int], day: date, tree: Tree, active: Collection[int] | None = None
) -> Iterator[Row]:
    """The standings of people on a day, as rows of the table without ids. `active`: who is taken to have signed in."""
    needs_units = facts.needs_units(policy for policy, _ in goals)
    active = _active(person_ids, day) if active is None else active
    for person_id, known in facts.of(person_ids, with_units=needs_units):
        for policy, year in goals:
            if judgement := rules.evaluate(policy, known, year, min(day.toordinal(), rules.last_day(year))):
                is_active = person_id in active and year == day.year
                yield row(person_id, policy.code, year, judgement, day, is_active, tree)


def row(
    person_id: int, code: str, year: int, judgement: Judgement, day: date, is_active: bool, tree: Tree
) -> Row:  # fmt: skip
    """A judgement as a row of the table."""
    post, reference_on = judgement.post, date.fromordinal(judgement.reference_day)
    made = {
        "person_id": person_id,
        "policy": code,
        "year": year,
        "unit_id": post.unit_id,
        "reference_on": reference_on,
        "role": post.role,
        "employment": post.employment,
        "position": post.position,
        "title": post.title,
        "status": judgement.status.value,
        "due": judgement.due,
        "earned": judgement.earned,
        "effective_days": judgement.demand.effective_days,
        "met_on": date.fromordinal(judgement.met_day) if judgement.met_day else None,
        "lacking": " ".join(lacking(judgement)),
        "is_active": is_active,
        "detail": trace.data(judgement),
        "judged_on": day,
        "wakes_on": date.fromordinal(judgement.wakes_day) if judgement.wakes_day else None,
    }
    content = [value for name, value in made.items() if name not in UNDIGESTED]
    made["digest"] = _digest([*content, tree.was(post.unit_id, reference_on)])
    return made


def lacking(judgement: Judgement) -> Iterator[str]:
    """What is still to be learnt, as codes: `periods`, categories, `module:slug`."""
    if judgement.status in COUNTED and judgement.status is not Status.MET:
        if judgement.earned < judgement.due * HUNDREDTHS:
            yield "periods"
        yield from (category for category, earned, floor in judgement.minima if earned < floor * HUNDREDTHS)
        yield from sorted({f"module:{duty.module}" for duty in judgement.missing})


def lock(person_ids: Collection[int]) -> None:
    """Judge people one transaction after the other, and while the tree stands: who comes second sees what the first wrote.

    The tree first, then people in the order of ids, and weaker than a foreign key's lock, so that nobody waits in a circle.
    SQLite has one writer anyway.
    """
    if _can_lock():
        bare_rows(_held, ids=list(person_ids))


def _can_lock() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def situation(person_ids: Collection[int], years: Collection[int], day: date) -> Situation:
    """What judging people begins with, read when nobody else judges them any more: see `lock`."""
    ids = {"ids": list(person_ids)}
    signed_in = {**ids, "since": _year_begins(day)}
    asked = (figures.WAYS_OF_PEOPLE, ids), (_stored, ids), (_signed_in, signed_in)
    *_, ways, kept, active = rows_together(*([(_held, ids)] if _can_lock() else []), *asked)
    return Situation(Tree.of(ways), _by_key(kept, years), {person_id for (person_id,) in active})


def stored(person_ids: Collection[int], years: Collection[int]) -> Stored:
    """What is stored of people: (id, digest) by person, policy and year."""
    return _by_key(bare_rows(_stored, ids=list(person_ids)), years)


def _by_key(kept: Iterable[tuple[Any, ...]], years: Collection[int]) -> Stored:
    return {(who, code, year): (id_, digest) for who, code, year, id_, digest in kept if year in years}


def revised(before: Stored, new: Iterable[Row]) -> list[Revision]:
    """What must change so that the stored standings say what the new ones say."""
    left, found = dict(before), []
    for row in new:
        id_, digest = left.pop((row["person_id"], row["policy"], row["year"]), (None, None))
        if digest != row["digest"]:
            found.append(Revision(id_, row))
    return found + [Revision(id_, None) for id_, _ in left.values()]


def store(
    revisions: Sequence[Revision], tree: Tree, added: Counter[Key] | None = None, *, is_locked: bool = False
) -> int:
    """Write revisions, and the figures with them; their number, without those that others have overtaken.

    `added` is what the new standings add to the figures, where that is known already. A standing is never changed in place:
    when the one that a revision takes away is gone, somebody has judged later. Nobody has where the people were locked
    before what is stored was read (`is_locked`).
    """
    old = _forget([revision.id for revision in revisions if revision.id is not None])
    held = {row["id"] for row in old}
    come = [revision.row for revision in revisions if revision.row and revision.id is None]
    taken = set() if is_locked else _taken(come)
    new = [
        revision.row
        for revision in revisions
        if revision.row and (revision.id in held if revision.id else _key(revision.row) not in taken)
    ]
    is_all = len(new) == sum(revision.row is not None for revision in revisions)
    shift = Counter(added) if added is not None and is_all else figures.tally(tallied(new), tree)
    shift.update(figures.tally(tallied(old), tree, -1))
    figures.add(shift)
    insert_many(Standing.__table__, new)
    _tell(old, new)
    return max(len(old), len(new))


def forget(which: sa.ColumnElement[bool]) -> None:
    """Take standings away, because what they were judged from goes."""
    old = _forget(db.session.scalars(sa.select(Standing.id).where(which)).all())
    figures.add(figures.tally(tallied(old), Tree({row["unit_id"] for row in old}), -1))
    _tell(old, [])


def _forget(ids: Sequence[int]) -> list[Row]:
    """Delete standings; what they said."""
    if not ids:
        return []
    gone = db.session.connection().execute(_gone, {"ids": list(ids)})
    return [dict(row) for row in gone.mappings()]


def _taken(rows: Sequence[Row]) -> set[tuple[int, str, int]]:
    """Those of new standings that somebody else has written by now."""
    if not rows:
        return set()
    return set(stored({row["person_id"] for row in rows}, {row["year"] for row in rows}))


def _key(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return row["person_id"], row["policy"], row["year"]


def tallied(rows: Iterable[Row]) -> Iterator[Tallied]:
    """What of standings is counted."""
    return (Tallied._make(map(row.__getitem__, TALLIED_NAMES)) for row in rows)


def _tell(old: Sequence[Row], new: Sequence[Row]) -> None:
    if not WATCHERS:
        return
    before, after = {_key(row): row for row in old}, {_key(row): row for row in new}
    changes = [Change(*key, before.get(key), after.get(key)) for key in sorted(before.keys() | after.keys())]
    for watch in WATCHERS:
        watch(changes)


def _active(person_ids: Collection[int], day: date) -> set[int]:
    """Those of some people who have signed in this year."""
    found = bare_rows(_signed_in, ids=list(person_ids), since=_year_begins(day))
    return {person_id for (person_id,) in found}


def _year_begins(day: date) -> datetime:
    return clock.at(date(day.year, 1, 1))


def stored_active(person_ids: Collection[int], year: int) -> set[int]:
    """Those of some people whose standings say that they have signed in: a sign-in is counted in the night after it."""
    return {person_id for (person_id,) in bare_rows(_said_active, ids=list(person_ids), year=year)}


def _digest(content: Sequence[Any]) -> int:
    return int.from_bytes(blake2b(orjson.dumps(content), digest_size=8).digest(), signed=True)
