"""Everybody judged twice, before and after a change, on all cores; only those whom it touches come back.

Both judgements are made from the same facts, read once.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from lms.cores import Chunk
from lms.goals import facts
from lms.goals import policy as policy_text
from lms.goals import rules as goals
from lms.goals.rules import Facts, Judgement, Policy
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
    """As `Pair`, read."""

    year: int
    before: Policy | None
    after: Policy | None

    @property
    def policies(self) -> list[Policy]:
        return [policy for policy in (self.before, self.after) if policy]


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
    changes = [Change(year, _read(before), _read(after)) for year, before, after in pairs if before != after]
    needs_units = facts.needs_units(policy for change in changes for policy in change.policies)
    return Kept(changes, day, needs_units)


@lru_cache(maxsize=16)
def _read(source: str) -> Policy | None:
    return policy_text.parse(source) if source else None


def compare(kept: Kept, person_ids: Chunk) -> Compared:
    """Judge people under both."""
    rows: list[Row] = []
    totals: Counter[str] = Counter()
    for person_id, known in facts.of(person_ids, with_units=kept.needs_units):
        shown: set[str] = set()
        for row, signs in _effects(kept, known):
            rows.append({"person_id": person_id, **row})
            shown |= signs
        totals.update(shown)
        totals["judged"] += 1
    return Compared(rows, totals)


def _effects(kept: Kept, known: Facts) -> Iterator[tuple[Row, set[str]]]:
    for change in kept.changes:
        as_of = min(kept.day.toordinal(), goals.last_day(change.year))
        if _is_untouched(change, known, as_of):
            continue
        judged = [_judge(policy, known, change.year, as_of) for policy in (change.before, change.after)]
        before, after = map(rules.outcome, judged)
        if before != after:
            yield (
                _effect(change, known, as_of, judged),
                {"people", *rules.signs(before, after), *_marks(change, known, as_of)},
            )


def _is_untouched(change: Change, known: Facts, as_of: int) -> bool:
    """Most changes are about few people: of the others every post is asked for the same as before."""
    if change.before is None or change.after is None or not rules.asks_alike(change.before, change.after):
        return False
    services = [s for s in known.services if s.from_day <= as_of]
    return rules.same_demands(goals.chosen(change.before, services), goals.chosen(change.after, services))


def _judge(policy: Policy | None, known: Facts, year: int, as_of: int) -> Judgement | None:
    return goals.evaluate(policy, known, year, as_of) if policy else None


def _marks(change: Change, known: Facts, as_of: int) -> set[str]:
    return {"conflict"} if _matched(change.after, known, change.year, as_of).conflicts else set()


def _matched(policy: Policy | None, known: Facts, year: int, as_of: int) -> Matched:
    if policy is None:
        return NOTHING_ASKED
    services = [s for s in known.services if s.from_day <= as_of]
    return rules.matched(policy, goals.chosen(policy, services), year)


def _effect(change: Change, known: Facts, as_of: int, judged: Sequence[Judgement | None]) -> Row:
    before, after = map(rules.outcome, judged)
    old, new = (_matched(policy, known, change.year, as_of) for policy in (change.before, change.after))
    present = judged[1] or judged[0]
    assert present
    return {
        "year": change.year,
        "unit_id": present.unit_id,
        "kind": rules.kind_of(before, after).value,
        "is_behind": rules.falls_behind(before, after),
        "has_conflict": bool(new.conflicts),
        **_columns("before", before),
        **_columns("after", after),
        "detail": {
            "before": {**_detail(before), "rules": list(old.numbers)},
            "after": {**_detail(after), "rules": list(new.numbers)},
            "conflicts": [[_iso(c.from_day), _iso(c.to_day), list(c.numbers), c.winner] for c in new.conflicts],
        },
    }


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


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
