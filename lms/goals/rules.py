"""The annual goal, judged: facts and a policy in, a judgement with its reasons out. Pure: no clock, no database.

Days are proleptic ordinals (`date.toordinal()`), intervals are half-open. Periods (tiết) of credits are hundredths,
demands are whole periods; every sum is of integers, rounded once, half up. The rules are those of docs/goal.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
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


COUNTING_ORDER: Mapping[str, int] = {source: rank for rank, source in enumerate(Source)}
Span = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class Service:
    """A person holds a role in a unit on `[from_day, to_day)`. `within`: the codes of the unit and of all above it."""

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
    """An exemption for a year: of the whole `goal`, of one `module`, or of one `category`; an empty policy means any."""

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
    """What a year asks: the slices that add up to `due`, the minima by category, the modules; `served` are the
    intervals of effective days."""

    is_selected: bool
    days_in_year: int
    effective_days: int
    slices: tuple[Slice, ...]
    due: int
    minima: tuple[tuple[str, int], ...]
    duties: tuple[Duty, ...]
    served: tuple[Span, ...]
    is_proportional: bool = True


@dataclass(frozen=True, slots=True)
class Overflow:
    """What a cap cut off a credit, in hundredths."""

    credit: Credit
    periods: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """A year's credits judged: counted in order, or left out as duplicates of earlier ones of their class."""

    counted: tuple[Credit, ...]
    duplicates: tuple[Credit, ...]
    overflow: tuple[Overflow, ...]
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
    services = [s for s in facts.services if s.from_day <= as_of]
    absences = [a for a in facts.absences if a.from_day <= as_of]
    demand = demanded(policy, services, absences, year)
    if not demand.is_selected:
        return None
    credits = _standing(facts.credits, min(as_of, last_day(year)))
    waived = _waived(policy, facts.waivers, year, as_of)
    is_short = demand.effective_days < max(policy.minimum_service_days, 1)
    due = 0 if is_short else demand.due
    ledger = count(policy, credits, year, due)
    floors = () if is_short else demand.minima
    minima = tuple((c, ledger.by_category.get(c, 0), m) for c, m in floors if ("category", c) not in waived)
    missing = _missing(demand.duties, credits, waived) if demand.duties else ()
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


def demanded(policy: Policy, services: Sequence[Service], absences: Sequence[Away], year: int) -> Demand:
    """What the year demands for these posts and absences.

    due = half_up(Σ over effective days of the largest base ÷ days in the year); the same sum by category gives the
    minima. The year is cut at the days on which anything changes; between them all days are alike.
    """
    start, end = bounds(year)
    posts = [(s, [r for r in policy.rules if r.selects(s)]) for s in services]
    suspended = suspensions(absences, policy.absence_threshold_days)
    served: list[Span] = []
    slices: list[Slice] = []
    floors: dict[str, list[tuple[int, int]]] = {}
    is_selected = False
    for left, right in pairwise(_edges(start, end, posts, suspended)):
        held = [(s.role, rules) for s, rules in posts if s.from_day <= left < s.to_day]
        asking = [(r, role) for role, rules in held for r in rules if r.from_day <= left < r.to_day]
        is_selected = is_selected or bool(asking)
        if not held or any(a <= left < b for a, b in suspended):
            continue
        served.append((left, right))
        if asking:
            days = right - left
            rule, role = max(asking, key=_base)
            slices.append(Slice(days, rule.periods, role))
            for category, floor in _largest_floors(asking):
                floors.setdefault(category, []).append((days, floor))
    due = _total(policy, [(s.days, s.base) for s in slices], end - start)
    minima = [(c, min(_total(policy, parts, end - start), due)) for c, parts in sorted(floors.items())]
    return Demand(
        is_selected,
        end - start,
        sum(right - left for left, right in served),
        _joined(slices),
        due,
        tuple(floor for floor in minima if floor[1]),
        _duties(posts, policy.module_grace_days, start, end),
        tuple(served),
        policy.accrual is Accrual.DAILY,
    )


def count(policy: Policy, credits: Sequence[Credit], year: int, due: int) -> Ledger:
    """Count a year's standing credits: without duplicates, in the order of sources, up to the caps."""
    start, end = bounds(year)
    kept, duplicates = apart(credits, policy.duplicate_months)
    counted = sorted([c for c in kept if start <= c.day < end], key=_rank)
    overflow, by_category, earned, room = [], dict[str, int](), 0, _rooms(policy, due)
    for credit in counted:
        periods = credit.periods
        if credit.source in room:
            periods = min(periods, room[credit.source])
            room[credit.source] -= periods
            if periods < credit.periods:
                overflow.append(Overflow(credit, credit.periods - periods))
        by_category[credit.category] = by_category.get(credit.category, 0) + periods
        earned += periods
    repeated = tuple(c for c in duplicates if start <= c.day < end)
    return Ledger(tuple(counted), repeated, tuple(overflow), earned, by_category)


def apart(credits: Iterable[Credit], months: int) -> tuple[list[Credit], list[Credit]]:
    """Credits by day, in two lists: those that count, and the duplicates, which repeat their equivalence class less
    than `months` after the last one of it that counted."""
    kept, duplicates = [], []
    free_again: dict[str, int] = {}
    for credit in sorted(credits, key=_in_time):
        if credit.equivalence:
            if credit.day < free_again.get(credit.equivalence, 0):
                duplicates.append(credit)
                continue
            free_again[credit.equivalence] = months_after(credit.day, months)
        kept.append(credit)
    return kept, duplicates


def suspensions(absences: Iterable[Away], threshold: int | None) -> list[Span]:
    """The intervals on which service is suspended: absences that touch or overlap are merged, short ones dropped."""
    if threshold is None or not absences:
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


def home(services: Iterable[Service], year: int, as_of: int) -> tuple[int, int]:
    """The unit in which a person is counted, and the day on which they serve there: by the primary post of that day.

    The day is 31 December, `as_of` when it is earlier, or else the last day served. Without a primary mark the post
    that started first is primary.
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


Post = tuple[Service, list[Rule]]


def _edges(start: int, end: int, posts: Iterable[Post], suspended: Iterable[Span]) -> list[int]:
    """The days of the year on which anything may change."""
    edges = [start, end]
    for service, rules in posts:
        edges += service.from_day, service.to_day
        for rule in rules:
            edges += rule.from_day, rule.to_day
    for interval in suspended:
        edges += interval
    return sorted({day for day in edges if start <= day <= end})


def _base(asking: tuple[Rule, str]) -> int:
    return asking[0].periods


def _largest_floors(asking: Iterable[tuple[Rule, str]]) -> Iterable[tuple[str, int]]:
    """The largest minimum of each category among rules that ask on the same day."""
    largest: dict[str, int] = {}
    for rule, _ in asking:
        for category, floor in rule.minima:
            largest[category] = max(floor, largest.get(category, 0))
    return largest.items()


def _total(policy: Policy, parts: Sequence[tuple[int, int]], length: int) -> int:
    """What parts of a year, each (days, periods a year), add up to."""
    if policy.accrual is Accrual.NONE:
        return max((periods for _, periods in parts), default=0)
    return half_up(sum(days * periods for days, periods in parts), length)


def _joined(slices: Sequence[Slice]) -> tuple[Slice, ...]:
    """Slices of the same base and role as one, in the order of their first day."""
    if len(slices) < 2:
        return tuple(slices)
    days: dict[tuple[int, str], int] = {}
    for part in slices:
        days[part.base, part.role] = days.get((part.base, part.role), 0) + part.days
    return tuple(Slice(total, base, role) for (base, role), total in days.items())


def _duties(posts: Iterable[Post], grace: int, start: int, end: int) -> tuple[Duty, ...]:
    """Modules that fall due up to the year's end, for posts of the year.

    The grace runs from the first day on which the module is demanded without a break; who leaves before it ends owes
    nothing.
    """
    spans: dict[str, list[Span]] = {}
    for service, rules in posts:
        for rule in rules:
            first, last = max(service.from_day, rule.from_day), min(service.to_day, rule.to_day)
            if first < last:
                for module in rule.modules:
                    spans.setdefault(module, []).append((first, last))
    duties = [
        Duty(module, first + grace)
        for module, parts in spans.items()
        for first, last in merged(parts)
        if first + grace < min(end, last) and last > start
    ]
    return tuple(sorted(duties, key=lambda duty: (duty.by_day, duty.module)))


def _standing(credits: Iterable[Credit], as_of: int) -> list[Credit]:
    """Approved credits known by `as_of` that no later entry has reversed."""
    known = [c for c in credits if c.day <= as_of and c.state == CreditState.APPROVED]
    reversed_ids = {c.reverses for c in known if c.reverses is not None}
    if not reversed_ids:
        return known
    return [c for c in known if c.reverses is None and c.id not in reversed_ids]


def _rooms(policy: Policy, due: int) -> dict[str, int]:
    """How much each capped source may bring, in hundredths, rounded down."""
    return {source: share.numerator * due * HUNDREDTHS // share.denominator for source, share in policy.caps.items()}


def _rank(credit: Credit) -> int:
    return COUNTING_ORDER[credit.source]


def _in_time(credit: Credit) -> tuple[int, int, str, str, int, int]:
    return credit.day, _rank(credit), credit.activity, credit.category, credit.periods, credit.id


def _waived(policy: Policy, waivers: Iterable[Waiver], year: int, as_of: int) -> set[tuple[str, str]]:
    return {
        (w.scope, "" if w.scope == "goal" else w.target)
        for w in waivers
        if w.policy in ("", policy.code)
        and w.year == year
        and w.from_day <= as_of
        and (w.revoked_day is None or w.revoked_day > as_of)
    }


def _missing(
    duties: Iterable[Duty], credits: Iterable[Credit], waived: set[tuple[str, str]]
) -> tuple[Duty, ...]:
    done = {c.module for c in credits if c.module}
    return tuple(d for d in duties if d.module not in done and ("module", d.module) not in waived)


def _open_status(demand: Demand, due: int, earned: int, missing: tuple[Duty, ...], as_of: int) -> Status:
    """Before the year's end: overdue for a module past its day, at risk when behind what the finished quarters ask."""
    if any(duty.by_day < as_of for duty in missing):
        return Status.OVERDUE
    asked_on = date.fromordinal(as_of)
    quarter = asked_on.replace(month=asked_on.month - (asked_on.month - 1) % 3, day=1).toordinal()
    elapsed = sum(min(last, quarter) - first for first, last in demand.served if first < quarter)
    is_behind = earned * demand.effective_days < due * HUNDREDTHS * elapsed
    return Status.AT_RISK if is_behind else Status.ON_TRACK
