"""Everybody judged anew, on all cores: `flask goals rebuild`, and the proof that what is stored is true.

Chunks of people are judged by processes of their own. This process writes what differs together with its figures, chunk by
chunk, each in a transaction of its own: whoever kills it leaves standings and figures that agree, and the next run does
the rest.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from lms import clock
from lms.cores import Chunk, Progress, spread
from lms.db import chunks, db, reading
from lms.goals import actions, facts, figures, queries, standings
from lms.goals.figures import Key, Tree
from lms.goals.standings import Goals, Revision


class Difference(NamedTuple):
    """How much of what is stored is not what the facts say."""

    people: int
    standings: int
    units: int

    @property
    def is_nothing(self) -> bool:
        return not self.standings and not self.units


class Kept(NamedTuple):
    """What a process keeps while it judges."""

    goals: Goals
    years: Sequence[int]
    day: date
    is_check: bool
    tree: Tree


def rebuild(*, years: Collection[int] | None = None, progress: Progress) -> Difference:
    """Judge everybody; write what differs, then the figures that were wrong. Commits."""
    goals, people = _task(years)
    proof = _Proof(goals)
    changed = 0
    for ids, found in spread(
        prepare, judge, people=people, arguments=(goals, clock.today(), False, proof.tree), progress=progress
    ):
        if found.revisions:
            standings.lock(ids)
            changed += standings.store(found.revisions, proof.tree, found.added)
            db.session.commit()
        proof.count(found)
    figures.fold()
    wrong = proof.wrong_units()
    _recount(sorted(wrong), proof.years)
    db.session.commit()
    return Difference(len(people), changed, len(wrong))


def refresh(person_ids: Sequence[int], progress: Progress) -> int:
    """Judge some people anew, a chunk of them a transaction; the number of standings changed. Commits."""
    changed = done = 0
    for chunk in chunks(person_ids, facts.CHUNK):
        changed += actions.refresh(person_ids=chunk)
        db.session.commit()
        done += len(chunk)
        progress(done, len(person_ids))
    return changed


def check(*, years: Collection[int] | None = None, progress: Progress) -> Difference:
    """Judge everybody; say what differs from what is stored, and write nothing."""
    goals, people = _task(years)
    proof = _Proof(goals)
    differing = 0
    for _, found in spread(
        prepare, judge, people=people, arguments=(goals, clock.today(), True, proof.tree), progress=progress
    ):
        differing += len(found.revisions)
        proof.count(found)
    with reading():
        return Difference(len(people), differing, len(proof.wrong_units()))


class Found(NamedTuple):
    """What a process has found out about a chunk of people.

    `added`: what the new standings among the revisions add to the figures; `prints`: of what all their standings add.
    """

    revisions: list[Revision]
    added: Counter[Key]
    prints: dict[int, int]


def prepare(goals: Goals, day: date, is_check: bool, tree: Tree) -> Kept:
    """All processes share one tree."""
    return Kept(goals, sorted({year for _, year in goals}), day, is_check, tree)


def judge(kept: Kept, person_ids: Chunk) -> Found:
    """Which standings of people differ from what is stored, and what all of theirs add to the figures."""
    # What is stored is read before the facts: whoever writes in between has the last word (see `standings.store`).
    before = standings.stored(person_ids, kept.years)
    active = standings.stored_active(person_ids, kept.day.year) if kept.is_check else None
    rows = list(standings.judged(kept.goals, person_ids, kept.day, kept.tree, active))
    revisions = standings.revised(before, rows)
    new = [revision.row for revision in revisions if revision.row]
    added = figures.tally(standings.tallied(new), kept.tree)
    counts = added if len(new) == len(rows) else figures.tally(standings.tallied(rows), kept.tree)
    return Found(revisions, added, figures.fingerprints((*key, people) for key, people in counts.items()))


class _Proof:
    """Sums up what the figures should be, unit by unit, without holding them."""

    def __init__(self, goals: Goals) -> None:
        self.years = sorted({year for _, year in goals})
        self.tree = Tree()
        self._expected: Counter[int] = Counter()

    def count(self, found: Found) -> None:
        self._expected.update(found.prints)

    def wrong_units(self) -> set[int]:
        """The units whose stored figures are not what their people's standings add up to."""
        stored = figures.fingerprints(figures.stored(self.years))
        units = stored.keys() | self._expected.keys()
        return {unit_id for unit_id in units if stored.get(unit_id, 0) != self._expected.get(unit_id, 0)}


def _task(years: Collection[int] | None) -> tuple[Goals, Sequence[int]]:
    actions.keep_years([clock.today().year, *(years or ())])
    found = queries.by_year(years or queries.years()), facts.everybody()
    db.session.commit()
    return found


def _recount(unit_ids: Sequence[int], years: Collection[int]) -> None:
    """Write the figures of units anew from the standings below them."""
    for some in chunks(unit_ids, figures.FOLDED_AT_ONCE):
        figures.recount(some, years)
