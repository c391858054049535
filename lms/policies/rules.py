"""What a change of a policy does to a person, and where rules contradict each other. Pure.

Numbers of rules count from 1, in the order of the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from lms.goals.rules import Duty, Policy, Post, Rule, Status, bounds
from lms.goals.selectors import ATTRIBUTES, Selector


class Stage(StrEnum):
    """How far a dry run is."""

    JUDGING = "judging"
    DONE = "done"
    APPLYING = "applying"
    APPLIED = "applied"
    REFUSED = "refused"


class Purpose(StrEnum):
    """What a dry run tries: to publish a draft, or to take the version in force back."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Refusal(StrEnum):
    """Why a dry run may not be applied: what comes would not be what was shown."""

    NOT_DONE = "not-done"
    OTHER_VERSION = "other-version"
    OTHER_TEXT = "other-text"
    NOT_OPEN = "not-open"
    SAME_TEXT = "same-text"
    YEAR_CLOSED = "year-closed"
    OTHER_YEARS = "other-years"
    OTHER_DAY = "other-day"


class Kind(StrEnum):
    """What a change does to a person: it begins or ends to concern them, asks more or less, or something else."""

    NEW = "new"
    GONE = "gone"
    LOSE = "lose"
    GAIN = "gain"
    OTHER = "other"


class Outcome(NamedTuple):
    """What of a judgement is compared. `minima`: (category, earned in hundredths, floor)."""

    status: Status
    due: int
    earned: int
    minima: tuple[tuple[str, int, int], ...]
    missing: tuple[Duty, ...]


class Conflict(NamedTuple):
    """On the days `[from_day, to_day)` several rules ask different periods of one person; `winner` asks the most."""

    from_day: int
    to_day: int
    numbers: tuple[int, ...]
    winner: int


class Matched(NamedTuple):
    """The rules that ask a person in a year, and where they conflict."""

    numbers: tuple[int, ...]
    conflicts: tuple[Conflict, ...]


class Clash(NamedTuple):
    """Something in a policy's text that cannot be meant: `kind`, the rule, another rule, a category."""

    kind: str
    rule: int
    other: int = 0
    category: str = ""


LATENESS = {Status.AT_RISK: 1, Status.OVERDUE: 2, Status.NOT_MET: 2}


def kind_of(before: Outcome | None, after: Outcome | None) -> Kind:
    """What the change does, seen by the person: what decides first is being met, then periods, then minima and modules."""
    if before is None or after is None:
        return Kind.NEW if before is None else Kind.GONE
    is_met, was_met = after.status is Status.MET, before.status is Status.MET
    if is_met != was_met:
        return Kind.GAIN if is_met else Kind.LOSE
    if after.due != before.due:
        return Kind.GAIN if after.due < before.due else Kind.LOSE
    if _asks_more(before, after):
        return Kind.LOSE
    return Kind.GAIN if _asks_more(after, before) else Kind.OTHER


def _asks_more(before: Outcome, after: Outcome) -> bool:
    """Whether some minimum is higher or some module is added."""
    floors = {category: floor for category, _, floor in before.minima}
    modules = {duty.module for duty in before.missing}
    return any(floor > floors.get(category, 0) for category, _, floor in after.minima) or any(
        duty.module not in modules for duty in after.missing
    )


def signs(before: Outcome | None, after: Outcome | None) -> Iterator[str]:
    """What a change consists of, beside its kind."""
    if falls_behind(before, after):
        yield "behind"
    if before and after:
        if after.due != before.due:
            yield "more" if after.due > before.due else "less"
        if (after.status is Status.MET) != (before.status is Status.MET):
            yield "met" if after.status is Status.MET else "unmet"


def falls_behind(before: Outcome | None, after: Outcome | None) -> bool:
    """Whether somebody becomes at risk, overdue or not met who was not."""
    late = LATENESS.get(after.status, 0) if after else 0
    return late > (LATENESS.get(before.status, 0) if before else 0)


def differ_in_rules_only(before: Policy, after: Policy) -> bool:
    """Whether everything but the rules is the same in two policies."""
    return _settings(before) == _settings(after)


def _settings(policy: Policy) -> tuple[object, ...]:
    days = policy.minimum_service_days, policy.absence_threshold_days, policy.module_grace_days
    return policy.accrual, *days, policy.duplicate_months, dict(policy.caps)


def same_demands(before: Iterable[Post], after: Iterable[Post], year: int) -> bool:
    """Whether a year asks the same of each post, so that nothing needs to be judged."""
    pairs = zip(before, after, strict=True)
    return all(old == new or _asked(old, year) == _asked(new, year) for (_, old), (_, new) in pairs)


@lru_cache(maxsize=1 << 12)
def _asked(rules: tuple[Rule, ...], year: int) -> tuple[object, ...]:
    """What rules ask in a year. The grace of a module may have begun before it; periods are of its own days."""
    start, end = bounds(year)
    spans = [
        (rule.from_day if rule.modules else max(rule.from_day, start), min(rule.to_day, end), rule) for rule in rules
    ]
    return tuple(sorted((a, b, rule.periods, rule.minima, rule.modules) for a, b, rule in spans if a < b))


def matched(policy: Policy, posts: Iterable[Post], year: int) -> Matched:
    """The rules that ask something of these posts in a year."""
    start, end = bounds(year)
    terms = [(max(s.from_day, start), min(s.to_day, end), rules) for s, rules in posts]
    return _matched(policy, tuple([term for term in terms if term[0] < term[1]]))


@lru_cache(maxsize=1 << 14)
def _matched(policy: Policy, terms: tuple[tuple[int, int, tuple[Rule, ...]], ...]) -> Matched:
    number = {rule: place for place, rule in enumerate(policy.rules, 1)}
    spans = [
        (max(first, rule.from_day), min(last, rule.to_day), rule) for first, last, rules in terms for rule in rules
    ]
    spans = [span for span in spans if span[0] < span[1]]
    conflicts: list[Conflict] = []
    for left, right in pairwise(sorted({day for first, last, _ in spans for day in (first, last)})):
        asking = {rule: None for first, last, rule in spans if first <= left < last}
        if len({rule.periods for rule in asking}) > 1:
            numbers = tuple(sorted(number[rule] for rule in asking))
            _extend(conflicts, Conflict(left, right, numbers, number[max(asking, key=lambda rule: rule.periods)]))
    return Matched(tuple(sorted({number[rule] for _, _, rule in spans})), tuple(conflicts))


def _extend(conflicts: list[Conflict], new: Conflict) -> None:
    """Add a conflict; days that continue the last one are one with it."""
    last = conflicts[-1] if conflicts else None
    if last and last.to_day == new.from_day and last.numbers == new.numbers:
        conflicts[-1] = last._replace(to_day=new.to_day)
    else:
        conflicts.append(new)


def clashes(policy: Policy) -> list[Clash]:
    """What contradicts itself in the text, whoever serves where."""
    rules = list(enumerate(policy.rules, 1))
    found = [
        Clash("same-people", second, first)
        for (first, one), (second, other) in combinations(rules, 2)
        if one.who == other.who and _overlap(one, other)
    ]
    for number, rule in rules:
        found += _above_base(number, rule)
        if winner := next((n for n, other in rules if n != number and _beats(other, rule, n < number)), 0):
            found.append(Clash("never-wins", number, winner))
    return sorted(found, key=lambda clash: (clash.rule, clash.kind))


def _overlap(one: Rule, other: Rule) -> bool:
    return max(one.from_day, other.from_day) < min(one.to_day, other.to_day)


def _above_base(number: int, rule: Rule) -> Iterator[Clash]:
    for category, floor in rule.minima:
        if floor > rule.periods:
            yield Clash("minimum-above-base", number, category=category)
    if sum(floor for _, floor in rule.minima) > rule.periods and all(floor <= rule.periods for _, floor in rule.minima):
        yield Clash("minima-above-base", number)


def _beats(winner: Rule, rule: Rule, is_first: bool) -> bool:
    """Whether one rule asks at least as much of at least the same people on at least the same days."""
    floors = dict(winner.minima)
    asks_all = (
        winner.periods >= rule.periods
        and all(floors.get(category, 0) >= floor for category, floor in rule.minima)
        and set(rule.modules) <= set(winner.modules)
    )
    holds_always = winner.from_day <= rule.from_day and winner.to_day >= rule.to_day
    if not (asks_all and holds_always and _means_all(winner.who, rule.who)):
        return False
    return is_first or _weight(winner) != _weight(rule)


def _weight(rule: Rule) -> tuple[object, ...]:
    return rule.who, rule.from_day, rule.to_day, rule.periods, rule.minima, rule.modules


def _means_all(wide: Selector, narrow: Selector) -> bool:
    """Whether a selector admits all that another one admits, as far as can be seen without knowing people."""
    if wide == narrow:
        return True
    return wide.is_plain and all(
        not getattr(wide, name) or (getattr(narrow, name) and getattr(narrow, name) <= getattr(wide, name))
        for name in ATTRIBUTES
    )


def unknown(asked: Sequence[str], known: Iterable[str]) -> list[str]:
    """Those of some codes that nothing has."""
    return sorted(set(asked) - set(known))
