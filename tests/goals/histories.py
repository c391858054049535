"""Random people and policies for property tests: what hypothesis draws from."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import count

from hypothesis import strategies as st

from lms.goals.rules import Accrual, Away, Credit, Facts, Policy, Rule, Service, Waiver
from lms.goals.selectors import Selector

YEARS = (2026, 2028)
FIRST, LAST = date(2025, 6, 1).toordinal(), date(2029, 3, 1).toordinal()
FOR_EVER = date.max.toordinal()

ROLES = ("dedicated", "focal-point", "incident-response", "trainer")
USUAL_ROLES = (*ROLES[:3], *ROLES)
LEVELS = ("province", "commune")
CATEGORIES = ("digital", "security", "state")
MODULES = ("orientation", "safety")
CLASSES = ("a", "b", None)
SOURCES = ("internal", "equivalence", "teaching", "event", "external", "adjustment")

years = st.sampled_from(YEARS)
days_of_years = st.builds(lambda year, number: date(year, 1, 1).toordinal() + number, years, st.integers(0, 364))
days = days_of_years | st.integers(FIRST, LAST)
closed_spans = st.builds(lambda start, length: (start, start + length), days, st.integers(1, 1500))
open_spans = st.builds(lambda start: (start, FOR_EVER), st.just(FIRST) | days)

services = st.builds(
    lambda span, **rest: Service(*span, **rest),
    closed_spans | open_spans,
    role=st.sampled_from(USUAL_ROLES),
    unit_id=st.integers(1, 3),
    level=st.sampled_from(LEVELS),
    employment=st.sampled_from(("civil-servant", "civil-servant", "volunteer")),
    within=st.frozensets(st.sampled_from(("48", "46")), max_size=2),
    is_primary=st.booleans(),
)
absences = st.builds(
    lambda start, length, suspends: Away(start, start + length, suspends),
    days, st.integers(1, 200), st.sampled_from((True, True, False)),
)  # fmt: skip
waivers = st.builds(
    Waiver,
    year=years,
    scope=st.sampled_from(("goal", "module", "category")),
    target=st.sampled_from((*MODULES, *CATEGORIES)),
    from_day=days,
    revoked_day=st.none() | days,
    policy=st.sampled_from(("", "dx", "legal40")),
)
plain_selectors = st.builds(
    Selector,
    role=st.sampled_from((frozenset(), frozenset(ROLES[:2]), frozenset(ROLES[1:3]))),
    level=st.sampled_from((frozenset(), frozenset(), frozenset({"commune"}))),
    unit=st.sampled_from((frozenset(), frozenset(), frozenset({"48"}))),
)
combined = st.builds(
    lambda plain, **parts: replace(plain, **parts),
    plain_selectors,
    any_of=st.lists(plain_selectors, max_size=2).map(tuple),
    all_of=st.lists(plain_selectors, max_size=2).map(tuple),
    none_of=st.lists(plain_selectors, max_size=1).map(tuple),
)
selectors = plain_selectors | combined | st.builds(lambda part: Selector(none_of=(part,)), combined)
rules = st.builds(
    lambda span, floors, **rest: Rule(minima=tuple(sorted(floors.items())), from_day=span[0], to_day=span[1], **rest),
    st.just((0, FOR_EVER)) | closed_spans | open_spans,
    st.dictionaries(st.sampled_from(CATEGORIES[1:]), st.integers(0, 30), max_size=2),
    periods=st.integers(0, 60),
    modules=st.lists(st.sampled_from(MODULES), max_size=2, unique=True).map(tuple),
    who=selectors,
)
policies = st.builds(
    Policy,
    code=st.just("dx"),
    title=st.just("Thử"),
    rules=st.lists(rules, min_size=1, max_size=4).map(tuple),
    accrual=st.sampled_from((Accrual.DAILY, Accrual.DAILY, Accrual.NONE)),
    minimum_service_days=st.sampled_from((0, 90)),
    absence_threshold_days=st.sampled_from((None, 0, 30)),
    module_grace_days=st.sampled_from((0, 60)),
    duplicate_months=st.sampled_from((0, 24)),
    caps=st.dictionaries(st.sampled_from(SOURCES), st.sampled_from((0, 25, 50, 100)).map(lambda p: Fraction(p, 100))),
)


@st.composite
def ledgers(draw: st.DrawFn, most: int = 8) -> tuple[Credit, ...]:
    """Entries numbered in the order in which they came, some of them reversing an earlier one."""
    numbers, found = count(1), []
    for _ in range(draw(st.sampled_from((most, most // 2, 0)))):
        entry = Credit(
            activity=draw(st.sampled_from("xyz")),
            category=draw(st.sampled_from(CATEGORIES)),
            periods=draw(st.sampled_from((50, 100, 150, 800, 2000))),
            day=draw(days),
            source=draw(st.sampled_from(SOURCES)),
            equivalence=draw(st.sampled_from(CLASSES)),
            module=draw(st.sampled_from((None, *MODULES))),
            state=draw(st.sampled_from(("approved",) * 9 + ("pending", "rejected", "reversed"))),
            id=next(numbers),
        )
        found.append(entry)
        if draw(st.integers(0, 5)) == 0:
            found.append(taken_back(entry, next(numbers)))
    return tuple(found)


def taken_back(entry: Credit, number: int) -> Credit:
    """The entry that reverses another."""
    return Credit(entry.activity, entry.category, entry.periods, entry.day, entry.source, id=number, reverses=entry.id)


@st.composite
def people(draw: st.DrawFn) -> Facts:
    return Facts(
        services=tuple(draw(st.lists(services, min_size=1, max_size=3))),
        absences=tuple(draw(st.lists(absences, max_size=3))),
        credits=draw(ledgers()),
        waivers=tuple(draw(st.lists(waivers, max_size=2))),
    )
