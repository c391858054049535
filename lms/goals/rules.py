"""The annual goal, judged: facts and a policy in, a judgement with its reasons out. Pure: no clock, no database, no words.

Days are proleptic ordinals (`date.toordinal()`), intervals are half-open. Periods (tiết) of credits are hundredths, demands
are whole periods; every sum is of integers, rounded once, half up. The rules are those of docs/goal.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise

HUNDREDTHS = 100


class Status(StrEnum):
    EXEMPT = "exempt"
    NOT_APPLICABLE = "not-applicable"
    MET = "met"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    OVERDUE = "overdue"
    NOT_MET = "not-met"


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


COUNTING_ORDER = {source: rank for rank, source in enumerate(Source)}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is demanded of a post on the days `[from_day, to_day)`. An empty selector matches everything."""

    periods: int
    minima: tuple[tuple[str, int], ...] = ()
    modules: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    employments: frozenset[str] = frozenset()
    positions: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    from_day: int = 0
    to_day: int = date.max.toordinal()
    legal_basis: str = ""

    def selects(self, service: "Service") -> bool:
        """Whether every selector admits the post."""
        return (
            (not self.roles or service.role in self.roles)
            and (not self.levels or service.level in self.levels)
            and (not self.employments or service.employment in self.employments)
            and (not self.positions or service.position in self.positions)
            and (not self.titles or service.title in self.titles)
            and (not self.units or not self.units.isdisjoint(service.within))
        )


@dataclass(frozen=True)
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

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.code, self.rules, self.accrual, self.minimum_service_days, self.absence_threshold_days))


@dataclass(frozen=True, slots=True)
class Service:
    """A person holds a role in a unit on `[from_day, to_day)`. `within` holds the codes of the unit and all above it."""

    from_day: int
    to_day: int
    role: str
    unit_id: int = 0
    level: str = ""
    employment: str = ""
    position: str = ""
    title: str = ""
    within: frozenset[str] = frozenset()
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Away:
    """A person is away on `[from_day, to_day)`."""

    from_day: int
    to_day: int
    suspends: bool = True


@dataclass(frozen=True, slots=True)
class Credit:
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


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exemption for a year under one policy (all, when empty): of the whole `goal`, of a `module`, or of a `category`."""

    year: int
    scope: str
    target: str = ""
    from_day: int = 0
    revoked_day: int | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one person."""

    services: tuple[Service, ...]
    absences: tuple[Away, ...] = ()
    credits: tuple[Credit, ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """Days of the year on which the same base was demanded, and the role that demanded it."""

    days: int
    base: int
    role: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A module that must be done by a day."""

    module: str
    by_day: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What a year asks of a person: the slices that add up to `due`, the minima by category, the modules."""

    is_selected: bool
    days_in_year: int
    effective_days: int
    slices: tuple[Slice, ...]
    due: int
    minima: tuple[tuple[str, int], ...]
    duties: tuple[Duty, ...]
    days_before_quarter: tuple[int, int, int, int]
    is_proportional: bool = True


@dataclass(frozen=True, slots=True)
class Counted:
    """What a credit brought: `periods` counted and `over` a cap, both in hundredths."""

    credit: Credit
    periods: int
    over: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A year's credits judged: counted in order, and left out as duplicates of earlier ones of their class."""

    counted: tuple[Counted, ...]
    duplicates: tuple[Credit, ...]
    earned: int
    by_category: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer for one person, policy and year, as of a day. Periods earned are hundredths."""

    status: Status
    unit_id: int
    reference_day: int
    due: int
    earned: int
    minima: tuple[tuple[str, int, int], ...]
    missing: tuple[Duty, ...]
    demand: Demand
    ledger: Ledger


def evaluate(policy: Policy, facts: Facts, year: int, as_of: int) -> Judgement | None:
    """Judge one person's year under a policy, as asked on the day `as_of`.

    Facts that begin after `as_of` are not known yet. None when no rule selects the person on any day of the year.
    """
    services = tuple(s for s in facts.services if s.from_day <= as_of)
    absences = tuple(a for a in facts.absences if a.from_day <= as_of)
    demand = demanded(policy, services, absences, year)
    if not demand.is_selected:
        return None
    waived = _waived(facts.waivers, policy.code, year, as_of)
    is_short = demand.effective_days < max(policy.minimum_service_days, 1)
    due = 0 if is_short else demand.due
    ledger = count(policy, facts.credits, year, as_of, due)
    floors = () if is_short else demand.minima
    minima = tuple((c, ledger.by_category.get(c, 0), m) for c, m in floors if ("category", c) not in waived)
    missing = _missing(demand.duties, facts.credits, as_of, waived) if demand.duties else ()
    is_met = ledger.earned >= due * HUNDREDTHS and not missing and all(e >= m * HUNDREDTHS for _, e, m in minima)
    if ("goal", "") in waived:
        status = Status.EXEMPT
    elif is_short and not missing:
        status = Status.NOT_APPLICABLE
    elif is_met:
        status = Status.MET
    elif as_of >= last_day(year):
        status = Status.NOT_MET
    else:
        status = _open_status(demand, due, ledger.earned, missing, as_of)
    unit_id, day = home(services, year, as_of)
    return Judgement(status, unit_id, day, due, ledger.earned, minima, missing, demand, ledger)


@lru_cache(maxsize=1 << 16)
def demanded(policy: Policy, services: tuple[Service, ...], absences: tuple[Away, ...], year: int) -> Demand:
    """What the year demands for these posts and absences.

    due = half_up(Σ over effective days of the largest base ÷ days in the year). Kept, because thousands share a history.
    """
    start, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    suspended = suspensions(absences, policy.absence_threshold_days)
    chosen = [(s, [r for r in policy.rules if r.selects(s)]) for s in services]
    in_year = [(s, rules) for s, rules in chosen if s.from_day < end and s.to_day > start]
    slices: list[Slice] = []
    floors: dict[str, int] = {}
    before_quarter = [0, 0, 0, 0]
    quarters = [date(year, month, 1).toordinal() for month in (1, 4, 7, 10)]
    effective, is_selected = 0, False
    for left, right in pairwise(_edges(start, end, in_year, suspended, quarters)):
        held = [(s, rules) for s, rules in in_year if s.from_day <= left < s.to_day]
        active = [(r, s.role) for s, rules in held for r in rules if r.from_day <= left < r.to_day]
        is_selected = is_selected or bool(active)
        if not held or any(a <= left < b for a, b in suspended):
            continue
        days = right - left
        effective += days
        for quarter, first in enumerate(quarters):
            before_quarter[quarter] += days if left < first else 0
        if active:
            rule, role = max(active, key=lambda pair: pair[0].periods)
            slices.append(Slice(days, rule.periods, role))
            for category in {c for r, _ in active for c, _ in r.minima}:
                floor = max(m for r, _ in active for c, m in r.minima if c == category)
                floors[category] = max(floors.get(category, 0), floor) if _whole(policy) else floors.get(category, 0) + days * floor
    length = end - start
    if _whole(policy):
        due = max((s.base for s in slices), default=0)
        minima = {c: min(floor, due) for c, floor in floors.items()}
    else:
        due = half_up(sum(s.days * s.base for s in slices), length)
        minima = {c: min(half_up(total, length), due) for c, total in floors.items()}
    return Demand(
        is_selected,
        length,
        effective,
        _joined(slices),
        due,
        tuple(sorted((c, floor) for c, floor in minima.items() if floor)),
        _duties(chosen, policy.module_grace_days, start, end),
        (before_quarter[0], before_quarter[1], before_quarter[2], before_quarter[3]),
        not _whole(policy),
    )


def count(policy: Policy, credits: Iterable[Credit], year: int, as_of: int, due: int) -> Ledger:
    """Count a year's credits: approved ones, without duplicates, in the order of sources, up to the caps."""
    known = _standing(credits, as_of)
    if not known:
        return EMPTY_LEDGER
    duplicates = find_duplicates(known, policy.duplicate_months)
    start, end = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    in_year = [c for c in known if start <= c.day < end]
    repeated = [c for c in in_year if c in duplicates] if duplicates else []
    counting = [c for c in in_year if c not in duplicates] if duplicates else in_year
    if len(counting) > 1:
        counting.sort(key=_counting_key)
    counted, by_source, by_category, earned = [], {}, {}, 0
    for credit in counting:
        periods = credit.periods
        if credit.source in policy.caps:
            used = by_source.get(credit.source, 0)
            room = policy.caps[credit.source] * due * HUNDREDTHS - used
            periods = min(periods, max(int(room), 0))
            by_source[credit.source] = used + periods
        counted.append(Counted(credit, periods, credit.periods - periods))
        by_category[credit.category] = by_category.get(credit.category, 0) + periods
        earned += periods
    return Ledger(tuple(counted), tuple(repeated), earned, by_category)


def find_duplicates(credits: Iterable[Credit], months: int) -> frozenset[Credit]:
    """The credits that repeat their equivalence class less than `months` after the last one of it that counted."""
    classes: dict[str, list[Credit]] = {}
    for credit in credits:
        if credit.equivalence:
            classes.setdefault(credit.equivalence, []).append(credit)
    duplicates = set()
    for members in classes.values():
        if len(members) > 1:
            free_again = 0
            for credit in sorted(members, key=lambda c: (c.day, _counting_key(c))):
                if credit.day < free_again:
                    duplicates.add(credit)
                else:
                    free_again = months_after(credit.day, months)
    return frozenset(duplicates)


def suspensions(absences: Iterable[Away], threshold: int | None) -> tuple[tuple[int, int], ...]:
    """The intervals on which service is suspended: absences that touch or overlap are merged, short ones dropped."""
    if threshold is None:
        return ()
    merged: list[tuple[int, int]] = []
    for away in sorted((a for a in absences if a.suspends), key=lambda a: a.from_day):
        if merged and away.from_day <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], away.to_day))
        else:
            merged.append((away.from_day, away.to_day))
    return tuple((a, b) for a, b in merged if b - a >= threshold)


def home(services: Iterable[Service], year: int, as_of: int) -> tuple[int, int]:
    """The unit in which a person is counted, and the day on which they serve there: by the primary post of that day.

    The day is 31 December, `as_of` when it is earlier, or else the last day served. Without a primary mark the post that
    started first is primary.
    """
    day = min(as_of, last_day(year))
    known = [s for s in services if s.from_day <= day]
    held = [s for s in known if s.to_day > day]
    if not held:
        day = max(s.to_day for s in known) - 1
        held = [s for s in known if s.to_day > day]
    return min(held, key=lambda s: (not s.is_primary, s.from_day, s.unit_id)).unit_id, day


def half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number, halves upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def last_day(year: int) -> int:
    """31 December as an ordinal."""
    return date(year, 12, 31).toordinal()


@lru_cache(maxsize=1 << 14)
def months_after(day: int, months: int) -> int:
    """The same day of the month, `months` later; the last of the month when there is no such day."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    next_first = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), next_first - timedelta(days=1)).toordinal()


EMPTY_LEDGER = Ledger((), (), 0, {})


def _whole(policy: Policy) -> bool:
    return policy.accrual is Accrual.NONE


def _edges(
    start: int,
    end: int,
    held: Iterable[tuple[Service, list[Rule]]],
    suspended: Iterable[tuple[int, int]],
    quarters: Iterable[int],
) -> list[int]:
    """The days of the year on which anything may change."""
    edges = {start, end, *quarters}
    for service, rules in held:
        edges.update((service.from_day, service.to_day))
        edges.update(day for rule in rules for day in (rule.from_day, rule.to_day))
    edges.update(day for interval in suspended for day in interval)
    return sorted(day for day in edges if start <= day <= end)


def _joined(slices: Iterable[Slice]) -> tuple[Slice, ...]:
    """Slices of the same base and role as one, in the order of their first day."""
    days: dict[tuple[int, str], int] = {}
    for part in slices:
        days[part.base, part.role] = days.get((part.base, part.role), 0) + part.days
    return tuple(Slice(total, base, role) for (base, role), total in days.items())


def _duties(
    chosen: Iterable[tuple[Service, list[Rule]]], grace: int, start: int, end: int
) -> tuple[Duty, ...]:
    """Modules that fall due up to the year's end, for posts of the year.

    The grace runs from the first day on which the module is demanded without a break; who leaves before it ends owes nothing.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for service, rules in chosen:
        for rule in rules:
            span = max(service.from_day, rule.from_day), min(service.to_day, rule.to_day)
            if span[0] < span[1]:
                for module in rule.modules:
                    spans.setdefault(module, []).append(span)
    duties = []
    for module, parts in spans.items():
        for first, last in suspensions((Away(a, b) for a, b in parts), 1):
            by_day = first + grace
            if by_day < min(end, last) and last > start:
                duties.append(Duty(module, by_day))
    return tuple(sorted(duties, key=lambda duty: (duty.by_day, duty.module)))


def _standing(credits: Iterable[Credit], as_of: int) -> list[Credit]:
    """Approved credits known by `as_of` that no later entry has reversed."""
    known = [c for c in credits if c.day <= as_of and c.state == CreditState.APPROVED]
    reversed_ids = {c.reverses for c in known if c.reverses is not None}
    if not reversed_ids:
        return known
    return [c for c in known if c.reverses is None and c.id not in reversed_ids]


def _counting_key(credit: Credit) -> tuple[int, int, str, str, int, int]:
    order = COUNTING_ORDER.get(Source(credit.source), len(COUNTING_ORDER))
    return order, credit.day, credit.activity, credit.category, credit.periods, credit.id


def _waived(waivers: Iterable[Waiver], policy: str, year: int, as_of: int) -> frozenset[tuple[str, str]]:
    return frozenset(
        (w.scope, "" if w.scope == "goal" else w.target)
        for w in waivers
        if w.policy in ("", policy)
        and w.year == year
        and w.from_day <= as_of
        and (w.revoked_day is None or w.revoked_day > as_of)
    )


def _missing(
    duties: Iterable[Duty], credits: Iterable[Credit], as_of: int, waived: frozenset[tuple[str, str]]
) -> tuple[Duty, ...]:
    done = {c.module for c in _standing(credits, as_of) if c.module}
    return tuple(d for d in duties if d.module not in done and ("module", d.module) not in waived)


def _open_status(demand: Demand, due: int, earned: int, missing: tuple[Duty, ...], as_of: int) -> Status:
    """Before the year's end: overdue for a module past its day, at risk when behind what the finished quarters ask."""
    if any(duty.by_day < as_of for duty in missing):
        return Status.OVERDUE
    quarter = (date.fromordinal(as_of).month - 1) // 3
    elapsed = demand.days_before_quarter[quarter]
    is_behind = earned * demand.effective_days < due * HUNDREDTHS * elapsed
    return Status.AT_RISK if is_behind else Status.ON_TRACK
