"""Everybody judged twice, before and after a change, on all cores; only those whom it touches come back.

Both judgements are made from the same facts, read once.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from lms.cores import Chunk
from lms.goals import facts
from lms.goals import policy as policy_text
from lms.goals import rules as goals
from lms.goals.rules import Facts, Judgement, Policy, Post
from lms.policies import rules
from lms.policies.rules import Matched, Outcome

Row = dict[str, Any]
NOTHING_ASKED = Matched((), ())


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


class Kept(NamedTuple):
    """What a process keeps while it compares."""

    changes: Sequence[Change]
    day: date
    needs_units: bool


class Compared(NamedTuple):
    """The people of a chunk whom the change touches, as rows of `policy_effect`; how many people show each sign."""

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
    """Judge people under both."""
    rows: list[Row] = []
    totals: Counter[str] = Counter(judged=0)
    for person_id, known in facts.of(person_ids, with_units=kept.needs_units):
        totals["judged"] += 1
        shown: set[str] = set()
        for change in kept.changes:
            if row := _effect(change, known, kept.day, shown):
                rows.append({"person_id": person_id, **row})
        totals.update(shown)
    return Compared(rows, totals)


def _effect(change: Change, known: Facts, day: date, shown: set[str]) -> Row | None:
    """What a change does to a person's year, as a row; its signs are added to those shown."""
    as_of = min(day.toordinal(), goals.last_day(change.year))
    served = [service for service in known.services if service.from_day <= as_of]
    old, new = (goals.chosen(policy, served) if policy else [] for policy in (change.before, change.after))
    # Most changes are about few people: of the others every post is asked for the same as before.
    if change.is_of_rules and rules.same_demands(old, new, change.year):
        return None
    judged = [_judge(policy, known, change.year, as_of) for policy in (change.before, change.after)]
    before, after = map(rules.outcome, judged)
    present = judged[1] or judged[0]
    if before == after or present is None:
        return None
    asked, asks = _matched(change.before, old, change.year), _matched(change.after, new, change.year)
    kind = rules.kind_of(before, after)
    shown.update(("people", kind.value, *rules.signs(before, after), *(("conflict",) if asks.conflicts else ())))
    return {
        "year": change.year,
        "unit_id": present.unit_id,
        "kind": kind.value,
        "is_behind": rules.falls_behind(before, after),
        "has_conflict": bool(asks.conflicts),
        **_columns("before", before),
        **_columns("after", after),
        "detail": {
            "before": {**_detail(before), "rules": asked.numbers},
            "after": {**_detail(after), "rules": asks.numbers},
            "conflicts": [(_iso(c.from_day), _iso(c.to_day), c.numbers, c.winner) for c in asks.conflicts],
        },
    }


def _judge(policy: Policy | None, known: Facts, year: int, as_of: int) -> Judgement | None:
    return goals.evaluate(policy, known, year, as_of) if policy else None


def _matched(policy: Policy | None, posts: Sequence[Post], year: int) -> Matched:
    return rules.matched(policy, posts, year) if policy else NOTHING_ASKED


def _columns(when: str, found: Outcome | None) -> Row:
    return {
        f"{when}_status": found.status.value if found else None,
        f"{when}_due": found.due if found else None,
        f"{when}_earned": found.earned if found else None,
    }


def _detail(found: Outcome | None) -> Row:
    """As in a standing's detail."""
    return {
        "minima": [list(floor) for floor in found.minima] if found else [],
        "missing": [[duty.module, _iso(duty.by_day)] for duty in found.missing] if found else [],
    }


@lru_cache(maxsize=1 << 12)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
