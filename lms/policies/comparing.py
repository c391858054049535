"""Everybody judged twice, before and after a change, on all cores; only those whom it touches come back.

Both judgements are made from the same facts, read once.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from lms.cores import Chunk
from lms.db import json_text
from lms.goals import facts
from lms.goals import policy as policy_text
from lms.goals import rules as goals
from lms.goals.rules import Asked, Duty, Facts, Policy, Post, Service
from lms.policies import rules
from lms.policies.rules import Conflict, Matched, Outcome

Row = tuple[Any, ...]
Told = tuple[tuple[Any, ...], tuple[Duty, ...], tuple[int, ...]]  # minima, missing modules, numbers of rules
EFFECT = (
    "person_id", "year", "unit_id", "kind", "is_behind", "has_conflict", "before_status", "before_due", "before_earned",
    "after_status", "after_due", "after_earned", "detail",
)  # fmt: skip
"""The columns of a row; `detail` is JSON already."""


class Pair(NamedTuple):
    """A year, and the texts that judge it before and after; "" where none does."""

    year: int
    before: str
    after: str


class Change(NamedTuple):
    """As `Pair`, read. `is_of_rules`: all else in the two policies is the same."""

    year: int
    before: Policy | None
    after: Policy | None
    is_of_rules: bool


class Side(NamedTuple):
    """A policy, what it asks of a person in a year, and by which rules."""

    policy: Policy
    asked: Asked
    matched: Matched


Sides = tuple[Side | None, Side | None]
"""Before and after; None where the policy does not concern the person."""


class Kept(NamedTuple):
    """What a process keeps while it compares."""

    changes: Sequence[Change]
    day: date
    needs_units: bool


class Compared(NamedTuple):
    """The people of a chunk whom the change touches, as rows of `EFFECT`; how many people show each sign."""

    rows: list[Row]
    totals: Counter[str]


def prepare(pairs: Sequence[Pair], day: date) -> Kept:
    """Read the texts once for each process."""
    changes = [_change(pair) for pair in pairs if pair.before != pair.after]
    policies = [policy for change in changes for policy in (change.before, change.after) if policy]
    return Kept(changes, day, facts.needs_units(policies))


def _change(pair: Pair) -> Change:
    before, after = _read(pair.before), _read(pair.after)
    is_of_rules = before is not None and after is not None and rules.differ_in_rules_only(before, after)
    return Change(pair.year, before, after, is_of_rules)


@lru_cache(maxsize=16)
def _read(source: str) -> Policy | None:
    return policy_text.parse(source) if source else None


def compare(kept: Kept, person_ids: Chunk) -> Compared:
    """Judge under both those whose posts are asked for something else; most changes are about few people."""
    rows: list[Row] = []
    totals: Counter[str] = Counter(judged=len(person_ids))
    day = kept.day.toordinal()

    def is_touched(services: Sequence[Service]) -> bool:
        return any(_sides(change, Facts(services), day) for change in kept.changes)

    for person_id, known in facts.of(person_ids, with_units=kept.needs_units, whose=is_touched):
        shown: set[str] = set()
        for change in kept.changes:
            if row := _effect(change, known, day, shown):
                rows.append((person_id, *row))
        totals.update(shown)
    return Compared(rows, totals)


def _sides(change: Change, known: Facts, day: int) -> Sides | None:
    """What the two policies ask of a person; None when the year asks the same of each post, or nothing.

    Neither the unit nor the credits matter for this, so that thousands who serve alike share one answer.
    """
    as_of = min(day, goals.last_day(change.year))
    services = [(*service[:3], 0, *service[4:]) for service in known.services if service.from_day <= as_of]
    return _sides_of(change, tuple(services), tuple(known.absences), tuple(known.waivers), as_of)


@lru_cache(maxsize=1 << 15)
def _sides_of(change: Change, services: Any, absences: Any, waivers: Any, as_of: int) -> Sides | None:
    known = Facts([Service._make(service) for service in services], absences, (), waivers)
    old, new = (goals.chosen(policy, known.services) if policy else [] for policy in (change.before, change.after))
    if change.is_of_rules and rules.same_demands(old, new, change.year):
        return None
    sides = _side(change.before, old, known, change.year, as_of), _side(change.after, new, known, change.year, as_of)
    return sides if any(sides) else None


def _side(policy: Policy | None, posts: Sequence[Post], known: Facts, year: int, as_of: int) -> Side | None:
    asked = goals.ask(policy, posts, known, year, as_of) if policy else None
    return Side(policy, asked, rules.matched(policy, posts, year)) if policy and asked else None


def _effect(change: Change, known: Facts, day: int, shown: set[str]) -> Row | None:
    """What a change does to a person's year, in the order of `EFFECT`; its signs are added to those shown."""
    sides = _sides(change, known, day)
    if sides is None:
        return None
    as_of = min(day, goals.last_day(change.year))
    before, after = _outcomes(change, sides, known, as_of)
    if before == after:
        return None
    kind = rules.kind_of(before, after)
    conflicts = sides[1].matched.conflicts if sides[1] else ()
    shown.update(("people", kind.value, *rules.signs(before, after), *(("conflict",) if conflicts else ())))
    detail = _detail(_told(before, sides[0]), _told(after, sides[1]), conflicts)
    place = goals.home(known.services, change.year, as_of)[0].unit_id
    signs = kind.value, rules.falls_behind(before, after), bool(conflicts)
    return change.year, place, *signs, *_columns(before), *_columns(after), detail


def _outcomes(change: Change, sides: Sides, known: Facts, as_of: int) -> list[Outcome | None]:
    """What comes of both; None for a policy that does not concern the person."""
    credits, sorted_out, found = goals.standing(known.credits, as_of), None, list[Outcome | None]()
    for side in sides:
        if side is None:
            found.append(None)
            continue
        if sorted_out is None or not change.is_of_rules:
            sorted_out = goals.sort(side.policy, credits, change.year)
        status, minima, missing, ledger = goals.weigh(side.policy, side.asked, sorted_out, change.year, as_of)
        found.append(Outcome(status, side.asked.due, ledger.earned, minima, missing))
    return found


def _columns(found: Outcome | None) -> tuple[str | None, int | None, int | None]:
    return (found.status.value, found.due, found.earned) if found else (None, None, None)


def _told(found: Outcome | None, side: Side | None) -> Told:
    return (found.minima, found.missing, side.matched.numbers) if found and side else ((), (), ())


@lru_cache(maxsize=1 << 14)
def _detail(before: Told, after: Told, conflicts: tuple[Conflict, ...]) -> str:
    """As JSON: what a standing's detail says, with the rules that ask. Many share one text."""
    told = {"before": _side_told(*before), "after": _side_told(*after)}
    days = [(_iso(c.from_day), _iso(c.to_day), c.numbers, c.winner) for c in conflicts]
    return json_text({**told, "conflicts": days})


def _side_told(minima: Any, missing: Sequence[Duty], numbers: Sequence[int]) -> dict[str, Any]:
    return {"minima": minima, "missing": [(duty.module, _iso(duty.by_day)) for duty in missing], "rules": numbers}


@lru_cache(maxsize=1 << 12)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
