"""What holds for every history: the rules say what the slow reference says, and the promises of the model are kept."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.goals.rules import (
    Away,
    Credit,
    Demand,
    Facts,
    Judgement,
    Policy,
    Rule,
    Service,
    chosen,
    count,
    demanded,
    duties,
    evaluate,
    standing,
)
from lms.goals.rules import last_day as year_end
from tests.goals import histories as some
from tests.goals import reference
from tests.goals.facts import DX, LEGAL40, serves, with_caps

policies = st.sampled_from((DX, LEGAL40)) | some.policies


def asked(policy: Policy, services: Sequence[Service], absences: Sequence[Away], year: int) -> Demand:
    return demanded(policy, chosen(policy, services), absences, year)


def as_answer(found: Judgement | None) -> reference.Answer | None:
    """A judgement in the form of the reference."""
    if found is None:
        return None
    return reference.Answer(
        status=found.status.value,
        unit_id=found.unit_id,
        reference_day=found.reference_day,
        effective_days=found.demand.effective_days,
        due=found.due,
        earned=Fraction(found.earned, 100),
        minima=tuple((category, Fraction(earned, 100), floor) for category, earned, floor in found.minima),
        missing=tuple((duty.by_day, duty.module) for duty in found.missing),
        duplicates=frozenset(credit.id for credit in found.ledger.duplicates),
        overflow=tuple((cut.credit.id, Fraction(cut.periods, 100)) for cut in found.ledger.overflow),
    )


@given(policies, some.people(), some.years, some.days)
@settings(max_examples=200)
def test_the_rules_say_what_the_reference_says(policy: Policy, facts: Facts, year: int, as_of: int) -> None:
    assert as_answer(evaluate(policy, facts, year, as_of)) == reference.evaluate(policy, facts, year, as_of)


@given(policies, some.people(), some.years)
@settings(max_examples=100)
def test_and_so_at_the_end_of_the_year(policy: Policy, facts: Facts, year: int) -> None:
    as_of = year_end(year)
    assert as_answer(evaluate(policy, facts, year, as_of)) == reference.evaluate(policy, facts, year, as_of)


@given(policies, some.people(), some.years, st.integers(0, 200), st.integers(0, 200))
def test_due_never_falls_when_days_are_added_to_a_post(
    policy: Policy, facts: Facts, year: int, earlier: int, later: int
) -> None:
    first, *others = facts.services
    longer = first._replace(from_day=first.from_day - earlier, to_day=min(first.to_day + later, some.FOR_EVER))
    before = asked(policy, facts.services, facts.absences, year)
    after = asked(policy, [longer, *others], facts.absences, year)
    assert after.due >= before.due
    assert after.effective_days >= before.effective_days


@given(policies, some.people(), some.absences, some.years)
def test_due_never_rises_when_one_is_away(policy: Policy, facts: Facts, away: Away, year: int) -> None:
    before = asked(policy, facts.services, facts.absences, year)
    after = asked(policy, facts.services, [*facts.absences, away], year)
    assert after.due <= before.due
    assert after.effective_days <= before.effective_days


@given(policies, some.people(), some.years, st.fractions(0, 1))
def test_splitting_a_post_at_any_day_changes_nothing_that_is_asked(
    policy: Policy, facts: Facts, year: int, share: Fraction
) -> None:
    first, *others = facts.services
    cut = first.from_day + int(share * (min(first.to_day, some.LAST + 400) - first.from_day))
    halves = [first._replace(to_day=cut), first._replace(from_day=cut)]
    split = [*others, *(half for half in halves if half.from_day < half.to_day)]
    before, after = (asked(policy, services, facts.absences, year) for services in (facts.services, split))
    assert (after.due, after.effective_days, after.minima) == (before.due, before.effective_days, before.minima)
    modules = [duties(policy, chosen(policy, services), year) for services in (facts.services, split)]
    assert modules[0] == modules[1]


@given(policies, some.people(), some.services, some.years)
def test_a_second_role_never_lowers_what_is_due(policy: Policy, facts: Facts, second: Service, year: int) -> None:
    alone = asked(policy, facts.services, facts.absences, year)
    together = asked(policy, [*facts.services, second], facts.absences, year)
    assert together.due >= alone.due
    assert all(dict(together.minima)[category] >= floor for category, floor in alone.minima)


@given(policies, some.people(), some.years)
def test_no_minimum_is_above_what_is_due(policy: Policy, facts: Facts, year: int) -> None:
    found = asked(policy, facts.services, facts.absences, year)
    assert all(0 < floor <= found.due for _, floor in found.minima)


@given(policies, some.people(), some.years, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_never_changes_the_result(
    policy: Policy, facts: Facts, year: int, dice: Random
) -> None:
    shuffled = list(facts.credits)
    dice.shuffle(shuffled)
    as_of = year_end(year)
    after = evaluate(policy, facts._replace(credits=tuple(shuffled)), year, as_of)
    assert as_answer(after) == as_answer(evaluate(policy, facts, year, as_of))


@given(some.policies, some.ledgers(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_nor_does_the_order_in_which_they_were_numbered(
    policy: Policy, ledger: tuple[Credit, ...], due: int, dice: Random
) -> None:
    entries = standing(ledger, year_end(2026))
    numbers = [entry.id for entry in entries]
    dice.shuffle(numbers)
    renumbered = [entry._replace(id=number) for entry, number in zip(entries, numbers, strict=True)]
    before, after = count(policy, entries, 2026, due), count(policy, renumbered, 2026, due)
    assert (after.earned, after.by_category) == (before.earned, before.by_category)


@given(policies, some.people(), some.ledgers(most=1), some.years)
def test_reversing_an_entry_restores_the_result_before_it(
    policy: Policy, facts: Facts, more: tuple[Credit, ...], year: int
) -> None:
    undone = [
        entry for new in more[:1] for entry in (new._replace(id=1000), some.taken_back(new._replace(id=1000), 1001))
    ]
    as_of = year_end(year)
    after = evaluate(policy, facts._replace(credits=(*facts.credits, *undone)), year, as_of)
    assert as_answer(after) == as_answer(evaluate(policy, facts, year, as_of))


@given(some.policies, some.ledgers(), st.integers(0, 60), some.years)
def test_no_source_brings_more_than_its_cap(policy: Policy, ledger: tuple[Credit, ...], due: int, year: int) -> None:
    entries = standing(ledger, year_end(year))
    found = count(policy, entries, year, due)
    counted = [c for c in entries if date.fromordinal(c.day).year == year and c not in found.duplicates]
    for source, share in policy.caps.items():
        brought = sum(c.periods for c in counted if c.source == source)
        cut = sum(cut.periods for cut in found.overflow if cut.credit.source == source)
        assert Fraction(brought - cut, 100) <= share * due
    assert found.earned == sum(c.periods for c in counted) - sum(cut.periods for cut in found.overflow)


@given(st.integers(1990, 2200), st.sampled_from([(rule, role) for rule in DX.rules for role in sorted(rule.who.role)]))
def test_a_whole_year_in_one_role_asks_for_its_base_in_leap_years_too(year: int, asked_by: tuple[Rule, str]) -> None:
    rule, role = asked_by
    posts = chosen(DX, [serves(role, "1980-01-01")])
    demand = demanded(DX, posts, (), year)
    assert (demand.due, demand.minima) == (rule.periods, rule.minima)
    assert demand.effective_days == (366 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 365)


@given(policies, some.people(), some.years)
def test_done_modules_are_not_missing(policy: Policy, facts: Facts, year: int) -> None:
    done = Credit("x", "digital", 0, some.FIRST, module="safety")
    before, after = (
        evaluate(policy, facts._replace(credits=(*facts.credits, *more)), year, year_end(year))
        for more in ((), (done,))
    )
    if before and after:
        assert list(after.missing) == [duty for duty in before.missing if duty.module != "safety"]


@given(policies, some.people(), some.days_of_years)
def test_the_day_that_completed_the_goal_is_the_first_on_which_it_was_complete(
    policy: Policy, facts: Facts, as_of: int
) -> None:
    year = date.fromordinal(as_of).year
    found = evaluate(policy, facts, year, as_of)
    if found and found.status == "met":
        met_by = [c for c in facts.credits if c.day <= found.met_day]
        before = [c for c in facts.credits if c.day < found.met_day]
        assert evaluate(policy, facts._replace(credits=met_by), year, as_of).status == "met"
        if found.met_day > date(year, 1, 1).toordinal():
            assert evaluate(policy, facts._replace(credits=before), year, as_of).status != "met"


@given(policies, some.people(), some.days_of_years, st.integers(0, 400))
def test_nothing_changes_before_the_day_on_which_it_must_be_asked_again(
    policy: Policy, facts: Facts, as_of: int, later: int
) -> None:
    year = date.fromordinal(as_of).year
    before = evaluate(policy, facts, year, as_of)
    if before:
        until = before.wakes_day - 1 if before.wakes_day else as_of + 400
        after = evaluate(policy, facts, year, min(as_of + later, max(until, as_of)))
        assert after and after._replace(reference_day=0) == before._replace(reference_day=0)


@given(st.sampled_from((0.1, 0.25, 1 / 3, 0.333, 0.5, 0.99)), st.integers(0, 400))
def test_a_cap_is_kept_to_the_hundredth_of_a_period(share: float, due: int) -> None:
    policy = with_caps(f"{{ external = {share} }}")
    entry = Credit("x", "digital", 100_000, date(2026, 5, 5).toordinal(), "external")
    exact = policy.caps["external"] * due * 100
    assert count(policy, [entry], 2026, due).earned == exact.numerator // exact.denominator


def test_two_equal_entries_of_a_class_count_once() -> None:
    entry = Credit("x", "digital", 400, date(2026, 5, 5).toordinal(), equivalence="x")
    found = count(DX, [entry, entry], 2026, 40)
    assert (found.earned, list(found.duplicates)) == (400, [entry])


def test_who_must_learn_nothing_has_completed_the_goal_on_the_first_day() -> None:
    asks_nothing = Policy("dx", "", (Rule(0),))
    late = Credit("x", "digital", 50, year_end(2026) - 9)
    found = evaluate(asks_nothing, Facts((serves("dedicated"),), (), (late,), ()), 2026, year_end(2026))
    assert found and (found.status, found.met_day) == ("met", date(2026, 1, 1).toordinal())
