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
from lms.goals.rules import Facts, Policy, Post, Service
from lms.policies import rules
from lms.policies.rules import Matched, Outcome

Row = tuple[Any, ...]
EFFECT = (
    "person_id", "year", "unit_id", "kind", "is_behind", "has_conflict", "before_status", "before_due", "before_earned",
    "after_status", "after_due", "after_earned", "detail",
)  # fmt: skip
"""The columns of a row."""
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
        return any(_posts(change, services, day) for change in kept.changes)

    for person_id, known in facts.of(person_ids, with_units=kept.needs_units, whose=is_touched):
        shown: set[str] = set()
        for change in kept.changes:
            if row := _effect(change, known, day, shown):
                rows.append((person_id, *row))
        totals.update(shown)
    return Compared(rows, totals)


def _posts(change: Change, services: Sequence[Service], day: int) -> tuple[list[Post], list[Post]] | None:
    """The posts known on a day, with the rules before and after; None when the year asks the same of each."""
    as_of = min(day, goals.last_day(change.year))
    served = [service for service in services if service.from_day <= as_of]
    old, new = (goals.chosen(policy, served) if policy else [] for policy in (change.before, change.after))
    return None if change.is_of_rules and rules.same_demands(old, new, change.year) else (old, new)


def _effect(change: Change, known: Facts, day: int, shown: set[str]) -> Row | None:
    """What a change does to a person's year, in the order of `EFFECT`; its signs are added to those shown."""
    posts = _posts(change, known.services, day)
    if posts is None:
        return None
    before, after = _outcomes(change, posts, known, as_of := min(day, goals.last_day(change.year)))
    if before == after:
        return None
    asked, asks = _matched(change.before, posts[0], change.year), _matched(change.after, posts[1], change.year)
    kind, is_behind, has_conflict = rules.kind_of(before, after), rules.falls_behind(before, after), bool(asks.conflicts)
    shown.update(("people", kind.value, *rules.signs(before, after), *(("conflict",) if has_conflict else ())))
    detail = {
        "before": _detail(before, asked),
        "after": _detail(after, asks),
        "conflicts": [(_iso(c.from_day), _iso(c.to_day), c.numbers, c.winner) for c in asks.conflicts],
    }
    unit_id = goals.home(known.services, change.year, as_of)[0].unit_id
    return (
        change.year, unit_id, kind.value, is_behind, has_conflict, *_columns(before), *_columns(after), detail
    )  # fmt: skip


def _outcomes(change: Change, posts: Sequence[Sequence[Post]], known: Facts, as_of: int) -> list[Outcome | None]:
    """What comes of both; None for a policy that does not concern the person. Credits are sorted out once for rules."""
    year, sorted_out, found = change.year, None, list[Outcome | None]()
    credits = goals.standing(known.credits, as_of)
    for policy, held in zip((change.before, change.after), posts, strict=True):
        asked = goals.ask(policy, held, known, year, as_of) if policy else None
        if policy is None or asked is None:
            found.append(None)
            continue
        if sorted_out is None or not change.is_of_rules:
            sorted_out = goals.sort(policy, credits, year)
        status, minima, missing, ledger = goals.weigh(policy, asked, sorted_out, year, as_of)
        found.append(Outcome(status, asked.due, ledger.earned, minima, missing))
    return found


def _matched(policy: Policy | None, posts: Sequence[Post], year: int) -> Matched:
    return rules.matched(policy, posts, year) if policy else NOTHING_ASKED


def _columns(found: Outcome | None) -> tuple[str | None, int | None, int | None]:
    return (found.status.value, found.due, found.earned) if found else (None, None, None)


def _detail(found: Outcome | None, asked: Matched) -> dict[str, Any]:
    """As in a standing's detail, with the rules that ask."""
    return {
        "minima": found.minima if found else (),
        "missing": [(duty.module, _iso(duty.by_day)) for duty in found.missing] if found else (),
        "rules": asked.numbers,
    }


@lru_cache(maxsize=1 << 12)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
