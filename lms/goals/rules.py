"""The annual goal, judged: facts and a policy in, a judgement with its reasons out. Pure: no clock, no database.

Days are proleptic ordinals (`date.toordinal()`), intervals are half-open. Periods (tiết) of credits are hundredths,
demands are whole periods; every sum is of integers, rounded once, half up. The rules are those of docs/goal.md.
Facts and answers are named tuples, which are made fastest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from lms.goals.selectors import EVERYBODY, NOTHING, Kind, Selector

HUNDREDTHS = 100


class Status(StrEnum):
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not-applicable"
    MET = "met"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OVERDUE = "overdue"
    NOT_MET = "not-met"


OPEN = frozenset({Status.ON_TRACK, Status.AT_RISK, Status.OVERDUE})
"""What a year may be before its end."""


class Source(StrEnum):
    """Where a credit comes from, in the order in which credits are counted."""

    INTERNAL = "internal"
    EQUIVALENCE = "equivalence"
    TEACHING = "teaching"
    EVENT = "event"
    EXTERNAL = "external"
    ADJUSTMENT = "adjustment"


class CreditState(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    REVERSED = "reversed"


class Accrual(StrEnum):
    """`daily`: the base in proportion to the days served. `none`: the whole base, however long the service."""

    DAILY = "daily"
    NONE = "none"


COUNTING_ORDER: Mapping[str, int] = {source: rank for rank, source in enumerate(Source)}

Span = tuple[int, int]  # the days [first, last)
Post = tuple["Service", tuple["Rule", ...]]  # a service, and the rules that select it
Term = tuple[int, int, str, tuple["Rule", ...]]  # what one year sees of a post: its days, its role, the rules


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What is demanded of the posts that `who` means, on the days `[from_day, to_day)`.

    Rules and policies are compared by identity, which makes them cheap keys of what is kept.
    """

    periods: int
    minima: tuple[tuple[str, int], ...] = ()
    modules: tuple[str, ...] = ()
    who: Selector = EVERYBODY
    from_day: int = 0
    to_day: int = date.max.toordinal()
    legal_basis: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One goal. `caps` are shares of what is due, by source; None as a number of days means: no such limit."""

    code: str
    title: str
    rules: tuple[Rule, ...]
    legal_basis: str = ""
    accrual: Accrual = Accrual.DAILY
    minimum_service_days: int = 0
    absence_threshold_days: int | None = None
    module_grace_days: int = 0
    duplicate_months: int = 0
    caps: Mapping[str, Fraction] = field(default_factory=dict)


class Service(NamedTuple):
    """A person holds a role in a unit on `[from_day, to_day)`. `within`: the codes of the unit and of all above it.

    `since` is the day on which a post began of which this is a later part; 0 when this is all of it.
    """

    from_day: int
    to_day: int
    role: str
    unit_id: int = 0
    level: str = ""
    employment: str = ""
    position: str = ""
    title: str = ""
    within: frozenset[str] = NOTHING
    is_primary: bool = False
    since: int = 0


class Away(NamedTuple):
    """A person is away on `[from_day, to_day)`."""

    from_day: int
    to_day: int
    suspends: bool = True


class Credit(NamedTuple):
    """An entry of the ledger; `periods` in hundredths."""

    activity: str
    category: str
    periods: int
    day: int
    source: str = Source.INTERNAL
    equivalence: str | None = None
    module: str | None = None
    state: str = CreditState.APPROVED
    id: int = 0
    reverses: int | None = None


class Waiver(NamedTuple):
    """An exemption for a year: of the `goal`, or of a `module` or `category` (`target`); an empty policy means any."""

    year: int
    scope: str
    target: str = ""
    from_day: int = 0
    revoked_day: int | None = None
    policy: str = ""

    def holds(self, policy: str, year: int, as_of: int) -> bool:
        """Whether it exempts from a year of a policy, as known on a day."""
        is_in_force = self.from_day <= as_of and (self.revoked_day is None or as_of < self.revoked_day)
        return is_in_force and self.year == year and self.policy in ("", policy)


class Facts(NamedTuple):
    """All that is known of one person."""

    services: Sequence[Service]
    absences: Sequence[Away] = ()
    credits: Sequence[Credit] = ()
    waivers: Sequence[Waiver] = ()


class Slice(NamedTuple):
    """Days of the year on which the same base was demanded, and the role that demanded it."""

    days: int
    base: int
    role: str


class Part(NamedTuple):
    """Effective days `[from_day, to_day)` on which one rule asked for the most, and the role for which it did."""

    from_day: int
    to_day: int
    role: str
    rule: Rule


class Duty(NamedTuple):
    """A module that must be done by a day."""

    by_day: int
    module: str


class Demand(NamedTuple):
    """What a year asks in periods: the slices that add up to `due`, and the minima by category.

    `served` are the intervals of effective days; `parts` those of them on which something was asked, by the rule that won.
    """

    is_selected: bool
    days_in_year: int
    effective_days: int
    served: tuple[Span, ...]
    slices: tuple[Slice, ...]
    due: int
    minima: tuple[tuple[str, int], ...]
    is_proportional: bool = True
    parts: tuple[Part, ...] = ()
    suspended: Sequence[Span] = ()


class Overflow(NamedTuple):
    """What a cap cut off a credit, in hundredths."""

    credit: Credit
    periods: int


class Ledger(NamedTuple):
    """A year's credits judged: duplicates of earlier ones of their class left out, what is over a cap cut off."""

    earned: int
    by_category: Mapping[str, int]
    duplicates: Sequence[Credit] = ()
    overflow: Sequence[Overflow] = ()


class Judgement(NamedTuple):
    """The answer for one person, policy and year, as of a day. Periods earned are hundredths.

    `post` is where the person is counted, by their service on `reference_day`; `met_day` the day that completed the goal;
    `wakes_day` the first day on which the answer may be another one though nobody did anything, 0 when there is none.
    """

    status: Status
    post: Service
    reference_day: int
    due: int
    earned: int
    minima: tuple[tuple[str, int, int], ...]
    missing: tuple[Duty, ...]
    demand: Demand
    ledger: Ledger
    met_day: int = 0
    wakes_day: int = 0

    @property
    def unit_id(self) -> int:
        """The unit in which the person is counted."""
        return self.post.unit_id


class Asked(NamedTuple):
    """What a year asks of a person: everything that is settled before their credits are looked at."""

    demand: Demand
    due: int
    floors: Sequence[tuple[str, int]]
    duties: Sequence[Duty]
    is_short: bool
    is_exempt: bool


class Sorted(NamedTuple):
    """Standing credits before anything is asked. Of the year: sums by category, duplicates, those with a cap."""

    by_category: Mapping[str, int]
    duplicates: Sequence[Credit]
    capped: Sequence[Credit]
    modules: frozenset[str | None]


class Weighed(NamedTuple):
    """What a person has learned against what is asked."""

    status: Status
    minima: tuple[tuple[str, int, int], ...]
    missing: tuple[Duty, ...]
    ledger: Ledger


def evaluate(policy: Policy, facts: Facts, year: int, as_of: int) -> Judgement | None:
    """Judge one person's year under a policy, as asked on the day `as_of`.

    Facts that begin after `as_of` are not known yet. None when no rule selects the person on any day of the year.
    """
    posts = chosen(policy, [s for s in facts.services if s.from_day <= as_of])
    asked = ask(policy, posts, facts, year, as_of)
    if asked is None:
        return None
    credits = standing(facts.credits, min(as_of, last_day(year)))
    status, minima, missing, ledger = weigh(policy, asked, sort(policy, credits, year), year, as_of)
    met_day = _met_day(policy, credits, year, asked) if status is Status.MET else 0
    post, day = home(facts.services, year, as_of)
    wakes = _wakes_day(facts, status, missing, year, as_of)
    answer = asked.due, ledger.earned, minima, missing, asked.demand, ledger
    return Judgement(status, post, day, *answer, met_day, wakes)


def ask(policy: Policy, posts: Sequence[Post], facts: Facts, year: int, as_of: int) -> Asked | None:
    """What a year asks of a person with these posts; None when no rule selects them on any day of it."""
    if not any(rules for _, rules in posts):
        return None
    demand = demanded(policy, posts, [a for a in facts.absences if a.from_day <= as_of], year)
    if not demand.is_selected:
        return None
    waived = {(w.scope, w.target) for w in facts.waivers if w.holds(policy.code, year, as_of)} if facts.waivers else ()
    is_short = demand.effective_days < max(policy.minimum_service_days, 1)
    return Asked(
        demand,
        0 if is_short else demand.due,
        () if is_short else [floor for floor in demand.minima if ("category", floor[0]) not in waived],
        [duty for duty in duties(policy, posts, year) if ("module", duty.module) not in waived],
        is_short,
        any(scope == "goal" for scope, _ in waived),
    )


def weigh(policy: Policy, asked: Asked, credits: Sorted, year: int, as_of: int) -> Weighed:
    """Hold a person's credits against what is asked."""
    ledger = within_caps(policy, credits, asked.due)
    minima = tuple([(c, ledger.by_category.get(c, 0), floor) for c, floor in asked.floors])
    missing = _undone(asked.duties, credits)
    if asked.is_exempt:
        status = Status.EXEMPT
    elif asked.is_short and not missing:
        status = Status.NOT_APPLICABLE
    elif is_sufficient(asked, ledger, missing):
        status = Status.MET
    elif as_of >= last_day(year):
        status = Status.NOT_MET
    else:
        status = _open_status(asked.demand, asked.due, ledger.earned, missing, as_of)
    return Weighed(status, minima, missing, ledger)


def is_sufficient(asked: Asked, ledger: Ledger, missing: Sequence[Duty]) -> bool:
    """Whether a year's ledger fulfils what is asked."""
    return not missing and _is_full(asked, ledger.by_category)


def _is_full(asked: Asked, by_category: Mapping[str, int]) -> bool:
    has_minima = all(by_category.get(category, 0) >= floor * HUNDREDTHS for category, floor in asked.floors)
    return has_minima and sum(by_category.values()) >= asked.due * HUNDREDTHS


def _met_day(policy: Policy, credits: Sequence[Credit], year: int, asked: Asked) -> int:
    """The first day by which the credits were sufficient.

    Credits only ever add, and duplicates and caps leave out the later ones: so they are counted day by day, each once.
    """
    start, end = bounds(year)
    wanted = {duty.module for duty in asked.duties}
    kept, _ = apart(credits, policy.duplicate_months)
    counted = {id(credit) for credit in kept if start <= credit.day < end}
    room = {source: _hundredths(share, asked.due) for source, share in policy.caps.items()}
    by_category: dict[str, int] = {}
    day = start
    for learnt_on, learnt in groupby(sorted(credits, key=_by_day), key=lambda credit: max(credit.day, start)):
        if learnt_on > day and not wanted and _is_full(asked, by_category):
            break
        day = learnt_on
        for credit in learnt:
            wanted.discard(credit.module or "")
            if id(credit) in counted:
                periods = min(credit.periods, room.get(credit.source, credit.periods))
                if credit.source in room:
                    room[credit.source] -= periods
                by_category[credit.category] = by_category.get(credit.category, 0) + periods
    return day


def _undone(duties: Sequence[Duty], credits: Sorted) -> tuple[Duty, ...]:
    return tuple([duty for duty in duties if duty.module not in credits.modules]) if duties else ()


def _wakes_day(facts: Facts, status: Status, missing: Iterable[Duty], year: int, as_of: int) -> int:
    """When deadlines pass, a quarter ends, or facts begin that are known already."""
    end = last_day(year)
    if as_of >= end:
        return 0
    days = [day for s in facts.services for day in (s.from_day, s.to_day)]
    days += [away.from_day for away in facts.absences]
    days += [credit.day for credit in facts.credits]
    days += [day for w in facts.waivers for day in (w.from_day, w.revoked_day or 0)]
    if status in OPEN:
        days += [end, next_quarter(as_of), *(duty.by_day + 1 for duty in missing)]
    return min((day for day in days if as_of < day <= end), default=0)


@lru_cache
def quarter_of(day: int) -> int:
    """The first day of the quarter of a day."""
    on = date.fromordinal(day)
    return on.replace(month=on.month - (on.month - 1) % 3, day=1).toordinal()


@lru_cache
def next_quarter(day: int) -> int:
    """The first day of the quarter after a day's own."""
    on = date.fromordinal(day)
    later = on.month + 3 - (on.month - 1) % 3
    return date(on.year + later // 13, (later - 1) % 12 + 1, 1).toordinal()


def chosen(policy: Policy, services: Iterable[Service]) -> list[Post]:
    """Each post with the rules that select it."""
    return [(s, _rules(policy, s.role, s.level, s.employment, s.position, s.title, s.within)) for s in services]


def demanded(policy: Policy, posts: Iterable[Post], absences: Sequence[Away], year: int) -> Demand:
    """What a year demands for these posts and absences.

    Only what the year sees of them matters, so that thousands who serve alike share one answer.
    """
    start, end = bounds(year)
    terms = [
        (max(s.from_day, start), min(s.to_day, end), s.role, rules)
        for s, rules in posts
        if s.from_day < end and s.to_day > start
    ]
    suspended = suspensions(absences, policy.absence_threshold_days) if absences else ()
    return _demanded(policy, tuple(terms), tuple(suspended), year)


def duties(policy: Policy, posts: Iterable[Post], year: int) -> Sequence[Duty]:
    """Modules that fall due up to the year's end, for posts of the year.

    The grace runs from the first day on which the module is demanded without a break; who leaves before it ends owes
    nothing.
    """
    terms = [(service.from_day, service.to_day, rules) for service, rules in posts if rules]
    return _duties(policy, tuple(terms), year)


@lru_cache(maxsize=1 << 14)
def _duties(policy: Policy, terms: Iterable[tuple[int, int, tuple[Rule, ...]]], year: int) -> Sequence[Duty]:
    start, end = bounds(year)
    spans: dict[str, list[Span]] = {}
    for from_day, to_day, rules in terms:
        for rule in rules:
            for module in rule.modules:
                first, last = max(from_day, rule.from_day), min(to_day, rule.to_day)
                if first < last:
                    spans.setdefault(module, []).append((first, last))
    found = [
        Duty(first + policy.module_grace_days, module)
        for module, parts in spans.items()
        for first, last in merged(parts)
        if first + policy.module_grace_days < min(end, last) and last > start
    ]
    return tuple(sorted(found))


def count(policy: Policy, credits: Sequence[Credit], year: int, due: int) -> Ledger:
    """Count a year's standing credits: all but duplicates, each source up to its cap."""
    return within_caps(policy, sort(policy, credits, year), due)


def sort(policy: Policy, credits: Sequence[Credit], year: int) -> Sorted:
    """Sort standing credits out; this depends on a policy's months and sources alone, not on what it asks."""
    start, end = bounds(year)
    kept, repeated = apart(credits, policy.duplicate_months)
    by_category: dict[str, int] = {}
    capped = []
    for credit in kept:
        if start <= credit.day < end:
            by_category[credit.category] = by_category.get(credit.category, 0) + credit.periods
            if credit.source in policy.caps:
                capped.append(credit)
    duplicates = [credit for credit in repeated if start <= credit.day < end] if repeated else ()
    return Sorted(by_category, duplicates, capped, frozenset([credit.module for credit in credits]))


def within_caps(policy: Policy, credits: Sorted, due: int) -> Ledger:
    """Cut off what is over the caps, which are shares of what is due."""
    by_category = credits.by_category
    overflow = over_caps(policy, credits.capped, due) if credits.capped else []
    if overflow:
        by_category = dict(by_category)
        for cut in overflow:
            by_category[cut.credit.category] -= cut.periods
    return Ledger(sum(by_category.values()), by_category, credits.duplicates, overflow)


def apart(credits: Sequence[Credit], months: int) -> tuple[Sequence[Credit], Sequence[Credit]]:
    """Credits in two parts: those that count, and the duplicates.

    A duplicate repeats its equivalence class less than `months` after the last one of it that counted.
    """
    classes = [c.equivalence for c in credits if c.equivalence]
    if len(set(classes)) == len(classes):
        return credits, ()
    kept, duplicates, free_again = [], [], dict[str, int]()
    for credit in sorted(credits, key=_in_time):
        if credit.equivalence and credit.day < free_again.get(credit.equivalence, 0):
            duplicates.append(credit)
            continue
        kept.append(credit)
        if credit.equivalence:
            free_again[credit.equivalence] = months_after(credit.day, months)
    return kept, duplicates


def over_caps(policy: Policy, credits: Iterable[Credit], due: int) -> list[Overflow]:
    """What the caps of their sources cut off these credits; of each source the earliest are counted first."""
    room: dict[str, int] = {}
    found = []
    for credit in sorted(credits, key=_by_source_and_day):
        if credit.source not in room:
            room[credit.source] = _hundredths(policy.caps[credit.source], due)
        over = credit.periods - room[credit.source]
        if over > 0:
            found.append(Overflow(credit, over))
        room[credit.source] = max(-over, 0)
    return sorted(found, key=lambda cut: COUNTING_ORDER[cut.credit.source])


def _hundredths(share: Fraction, due: int) -> int:
    """A share of what is due, in hundredths, rounded down."""
    return share.numerator * due * HUNDREDTHS // share.denominator


_by_source_and_day = attrgetter("source", "day", "activity", "category", "periods", "id")
_by_day = attrgetter("day", "activity", "category", "periods", "id")


def _in_time(credit: Credit) -> tuple[Any, ...]:
    return credit.day, COUNTING_ORDER[credit.source], *_by_source_and_day(credit)


def standing(credits: Iterable[Credit], as_of: int) -> list[Credit]:
    """Approved credits known by `as_of` that no later entry has reversed."""
    approved = CreditState.APPROVED
    known = [c for c in credits if c.day <= as_of and c.state == approved]
    reversed_ids = {c.reverses for c in known if c.reverses is not None}
    return [c for c in known if c.reverses is None and c.id not in reversed_ids] if reversed_ids else known


def suspensions(absences: Iterable[Away], threshold: int | None) -> list[Span]:
    """The intervals on which service is suspended: absences that touch or overlap are merged, short ones dropped."""
    if threshold is None:
        return []
    return [(a, b) for a, b in merged((a.from_day, a.to_day) for a in absences if a.suspends) if b - a >= threshold]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch or overlap as one, in the order of their days."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def home(services: Iterable[Service], year: int, as_of: int) -> tuple[Service, int]:
    """The post under which a person is counted, and the day on which they serve there: the primary one of that day.

    The day is 31 December, `as_of` when it is earlier, or else the last day served. Without a primary mark the post
    that started first is primary.
    """
    day = min(as_of, last_day(year))
    held = [s for s in services if s.from_day <= day < s.to_day]
    if not held:
        day = max(s.to_day for s in services if s.from_day <= day) - 1
        held = [s for s in services if s.from_day <= day < s.to_day]
    return held[0] if len(held) == 1 else min(held, key=_primary_first), day


def _primary_first(service: Service) -> tuple[bool, int, int]:
    return not service.is_primary, service.since or service.from_day, service.unit_id


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


@lru_cache
def bounds(year: int) -> Span:
    """1 January of a year and of the next."""
    return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()


def last_day(year: int) -> int:
    """31 December as an ordinal."""
    return bounds(year)[1] - 1


@lru_cache(maxsize=1 << 14)
def months_after(day: int, months: int) -> int:
    """The same day of the month, `months` later; the last of the month when there is no such day."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    next_first = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), next_first - timedelta(days=1)).toordinal()


@lru_cache(maxsize=1 << 12)
def _rules(policy: Policy, *selectors: Any) -> tuple[Rule, ...]:
    kind = Kind(*selectors)
    return tuple(rule for rule in policy.rules if rule.who.admits(kind))


@lru_cache(maxsize=1 << 14)
def _demanded(policy: Policy, terms: Sequence[Term], suspended: Sequence[Span], year: int) -> Demand:
    """due = half_up(Σ over effective days of the largest base ÷ days in the year); the same by category: the minima.

    The year is cut at the days on which anything changes; between them all days are alike.
    """
    start, end = bounds(year)
    is_selected = False
    served: list[Span] = []
    parts: list[Part] = []
    floors: dict[str, list[tuple[int, int]]] = {}
    for left, right in pairwise(_edges(start, end, terms, suspended)):
        held = [(role, rules) for first, last, role, rules in terms if first <= left < last]
        asking = [(rule, role) for role, rules in held for rule in rules if rule.from_day <= left < rule.to_day]
        is_selected = is_selected or bool(asking)
        if not held or any(first <= left < last for first, last in suspended):
            continue
        served.append((left, right))
        if asking:
            rule, role = max(asking, key=lambda pair: pair[0].periods)
            parts.append(Part(left, right, role, rule))
            for category, floor in _largest_floors(rule for rule, _ in asking):
                floors.setdefault(category, []).append((right - left, floor))
    slices = [Slice(part.to_day - part.from_day, part.rule.periods, part.role) for part in parts]
    due = _total(policy, [(part.days, part.base) for part in slices], end - start)
    minima = {category: min(_total(policy, parts, end - start), due) for category, parts in sorted(floors.items())}
    return Demand(
        is_selected,
        days_in_year=end - start,
        effective_days=sum(right - left for left, right in served),
        served=tuple(served),
        slices=_joined(slices),
        due=due,
        minima=tuple((category, floor) for category, floor in minima.items() if floor),
        is_proportional=policy.accrual is Accrual.DAILY,
        parts=tuple(parts),
        suspended=suspended,
    )


def _edges(start: int, end: int, terms: Iterable[Term], suspended: Iterable[Span]) -> list[int]:
    """The days of the year on which anything may change."""
    edges = [start, end]
    for first, last, _, rules in terms:
        edges += first, last
        for rule in rules:
            edges += rule.from_day, rule.to_day
    for span in suspended:
        edges += span
    return sorted({day for day in edges if start <= day <= end})


def _largest_floors(rules: Iterable[Rule]) -> Iterable[tuple[str, int]]:
    """The largest minimum of each category among rules that ask on the same day."""
    largest: dict[str, int] = {}
    for rule in rules:
        for category, floor in rule.minima:
            largest[category] = max(floor, largest.get(category, 0))
    return largest.items()


def _total(policy: Policy, parts: Sequence[tuple[int, int]], length: int) -> int:
    """What parts of a year, each (days, periods a year), add up to."""
    if policy.accrual is Accrual.NONE:
        return max((periods for _, periods in parts), default=0)
    return half_up(sum(days * periods for days, periods in parts), length)


def _joined(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    """Slices of the same base and role as one, in the order of their first day."""
    days: dict[tuple[int, str], int] = {}
    for part in slices:
        days[part.base, part.role] = days.get((part.base, part.role), 0) + part.days
    return tuple(Slice(total, base, role) for (base, role), total in days.items())


def _open_status(demand: Demand, due: int, earned: int, missing: Iterable[Duty], as_of: int) -> Status:
    """Before the year's end: overdue for a module past its day, at risk when behind what the finished quarters ask."""
    if any(duty.by_day < as_of for duty in missing):
        return Status.OVERDUE
    quarter = quarter_of(as_of)
    elapsed = sum([min(last, quarter) - first for first, last in demand.served if first < quarter])
    is_behind = earned * demand.effective_days < due * HUNDREDTHS * elapsed
    return Status.AT_RISK if is_behind else Status.ON_TRACK
