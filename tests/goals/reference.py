"""The annual goal judged slowly: day by day, from the text of docs/goal.md alone. The rules must say the same.

Nothing here is shared with `lms.goals.rules` but the records of facts.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lms.goals.rules import Credit, Facts, Policy, Rule, Service
from lms.goals.selectors import Selector

ORDER = ("internal", "equivalence", "teaching", "event", "external", "adjustment")


@dataclass(frozen=True)
class Answer:
    """What is asked of a person and what is there; periods are exact numbers of periods."""

    status: str
    unit_id: int
    reference_day: int
    effective_days: int
    due: int
    earned: Fraction
    minima: tuple[tuple[str, Fraction, int], ...]
    missing: tuple[tuple[int, str], ...]
    duplicates: frozenset[int]
    overflow: tuple[tuple[int, Fraction], ...]


def evaluate(policy: Policy, facts: Facts, year: int, as_of: int) -> Answer | None:
    days = range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
    services = [s for s in facts.services if s.from_day <= as_of]
    asked = {day: asking(policy, services, day) for day in days}
    if not any(asked.values()):
        return None

    suspended = suspended_days(policy, facts, as_of)
    effective = [day for day in days if serving(services, day) and day not in suspended]
    bases = [max((rule.periods for rule in asked[day]), default=0) for day in effective]
    due = amount(policy, bases, len(days))
    categories = sorted({category for rule in policy.rules for category, _ in rule.minima})
    floors = {}
    for category in categories:
        daily = [max((dict(rule.minima).get(category, 0) for rule in asked[day]), default=0) for day in effective]
        floors[category] = min(amount(policy, daily, len(days)), due)
    if len(effective) < max(policy.minimum_service_days, 1):
        is_applicable, due, floors = False, 0, {}
    else:
        is_applicable = True

    waived = {
        (w.scope, w.target)
        for w in facts.waivers
        if w.policy in ("", policy.code) and w.year == year and w.from_day <= as_of
        if w.revoked_day is None or as_of < w.revoked_day
    }
    ledger = standing(facts.credits, min(as_of, days[-1]))
    duplicates = repeated(policy, ledger)
    counted, overflow = capped(policy, [c for c in ledger if c.day in days and c.id not in duplicates], due)
    earned = sum(counted.values(), Fraction(0))
    minima = tuple(
        (category, sum((counted[c] for c in counted if c.category == category), Fraction(0)), floor)
        for category, floor in floors.items()
        if floor and ("category", category) not in waived
    )
    done = {c.module for c in ledger}
    missing = tuple(
        (by_day, module)
        for by_day, module in modules_due(policy, services, days)
        if module not in done and ("module", module) not in waived
    )

    if any(scope == "goal" for scope, _ in waived):
        status = "exempt"
    elif not is_applicable and not missing:
        status = "not-applicable"
    elif earned >= due and not missing and all(got >= floor for _, got, floor in minima):
        status = "met"
    elif as_of >= days[-1]:
        status = "not-met"
    elif any(by_day < as_of for by_day, _ in missing):
        status = "overdue"
    else:
        status = pace(effective, due, earned, as_of)
    unit_id, reference_day = home(services, min(as_of, days[-1]))
    here = frozenset(c.id for c in ledger if c.id in duplicates and c.day in days)
    return Answer(status, unit_id, reference_day, len(effective), due, earned, minima, missing, here, overflow)


def serving(services: Iterable[Service], day: int) -> list[Service]:
    return [s for s in services if s.from_day <= day < s.to_day]


def asking(policy: Policy, services: Iterable[Service], day: int) -> list[Rule]:
    """The rules that are in force on a day for a post held on it."""
    return [
        rule
        for service in serving(services, day)
        for rule in policy.rules
        if rule.from_day <= day < rule.to_day and fits(rule.who, service)
    ]


def fits(who: Selector, service: Service) -> bool:
    pairs = [
        (who.role, {service.role}),
        (who.level, {service.level}),
        (who.employment, {service.employment}),
        (who.position, {service.position}),
        (who.title, {service.title}),
        (who.unit, set(service.within)),
    ]
    if not all(wanted & held for wanted, held in pairs if wanted):
        return False
    if who.any_of and not [part for part in who.any_of if fits(part, service)]:
        return False
    if [part for part in who.all_of if not fits(part, service)]:
        return False
    return not [part for part in who.none_of if fits(part, service)]


def suspended_days(policy: Policy, facts: Facts, as_of: int) -> set[int]:
    """Days of runs of absence that are long enough."""
    if policy.absence_threshold_days is None:
        return set()
    away = {day for a in facts.absences if a.suspends and a.from_day <= as_of for day in range(a.from_day, a.to_day)}
    return {day for run in runs(away) if len(run) >= policy.absence_threshold_days for day in run}


def runs(days: Iterable[int]) -> list[list[int]]:
    """Consecutive days together."""
    found: list[list[int]] = []
    for day in sorted(days):
        if found and found[-1][-1] == day - 1:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def amount(policy: Policy, daily: list[int], days_in_year: int) -> int:
    """What was asked day by day, as whole periods of the year, rounded half up."""
    if policy.accrual == "none":
        return max(daily, default=0)
    exact = Fraction(sum(daily), days_in_year)
    whole = exact.numerator // exact.denominator
    return whole + (1 if exact - whole >= Fraction(1, 2) else 0)


def modules_due(policy: Policy, services: Iterable[Service], days: range) -> list[tuple[int, str]]:
    """(day, module) for modules whose grace ends in the year or before, while they are still demanded."""
    demanded: dict[str, set[int]] = {}
    for service in services:
        for rule in policy.rules:
            if fits(rule.who, service):
                first, last = max(service.from_day, rule.from_day), min(service.to_day, rule.to_day, days.stop)
                for module in rule.modules:
                    demanded.setdefault(module, set()).update(range(first, last))
    return sorted(
        (run[0] + policy.module_grace_days, module)
        for module, on in demanded.items()
        for run in runs(on)
        if run[0] + policy.module_grace_days in run and run[-1] >= days.start
    )


def standing(credits: Iterable[Credit], until: int) -> list[Credit]:
    """Approved entries up to a day, without those that were reversed and those that reverse."""
    known = [c for c in credits if c.state == "approved" and c.day <= until]
    taken_back = {c.reverses for c in known if c.reverses is not None}
    return [c for c in known if c.reverses is None and c.id not in taken_back]


def in_order(credit: Credit) -> tuple[int, int, str, str, int, int]:
    return ORDER.index(credit.source), credit.day, credit.activity, credit.category, credit.periods, credit.id


def repeated(policy: Policy, ledger: Iterable[Credit]) -> set[int]:
    """Numbers of the entries that come too soon after the last one of their class that counted."""
    found: set[int] = set()
    last_counted: dict[str, int] = {}
    for credit in sorted(sorted(ledger, key=in_order), key=lambda c: c.day):
        if not credit.equivalence:
            continue
        before = last_counted.get(credit.equivalence)
        if before is not None and credit.day < later(before, policy.duplicate_months):
            found.add(credit.id)
        else:
            last_counted[credit.equivalence] = credit.day
    return found


def later(day: int, months: int) -> int:
    """The same day of the month some months later, or the last of that month."""
    start = date.fromordinal(day)
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def capped(
    policy: Policy, credits: Iterable[Credit], due: int
) -> tuple[dict[Credit, Fraction], tuple[tuple[int, Fraction], ...]]:
    """What each credit brings, and what the caps cut off."""
    counted: dict[Credit, Fraction] = {}
    over = []
    for credit in sorted(credits, key=in_order):
        brings = Fraction(credit.periods, 100)
        if credit.source in policy.caps:
            used = sum((counted[c] for c in counted if c.source == credit.source), Fraction(0))
            brings = min(brings, policy.caps[credit.source] * due - used)
        counted[credit] = brings
        if brings < Fraction(credit.periods, 100):
            over.append((credit.id, Fraction(credit.periods, 100) - brings))
    return counted, tuple(over)


def pace(effective: list[int], due: int, earned: Fraction, as_of: int) -> str:
    """At risk is who has earned less than the share of due that the effective days of the finished quarters make."""
    asked_on = date.fromordinal(as_of)
    quarter = date(asked_on.year, {1: 1, 2: 4, 3: 7, 4: 10}[(asked_on.month + 2) // 3], 1).toordinal()
    finished = [day for day in effective if day < quarter]
    expected = due * Fraction(len(finished), len(effective)) if effective else 0
    return "at-risk" if earned < expected else "on-track"


def home(services: Iterable[Service], day: int) -> tuple[int, int]:
    """The unit of the primary post on a day, or else on the last day served before it."""
    while not serving(services, day):
        day -= 1
    held = sorted(serving(services, day), key=lambda s: (s.from_day, s.unit_id))
    primary = [s for s in held if s.is_primary]
    return (primary or held)[0].unit_id, day
