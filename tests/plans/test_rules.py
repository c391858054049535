"""The arithmetic of plans: needs, seats, classes, shares, đồng."""

from datetime import date
from fractions import Fraction

import pytest

from lms.plans import rules
from lms.plans.rules import Gap, Need, Offer

SECURITY, MODULE = "security", "module:mang-luoi"
FOCAL, DEDICATED = "focal-point", "dedicated"


def offer(competency: str, seats: int, *roles: str) -> Offer:
    return Offer(competency, frozenset(roles), seats)


@pytest.mark.parametrize(
    ("gaps", "offers", "uncovered"),
    [
        pytest.param([(FOCAL, SECURITY, 40)], [], [40], id="without items nobody has a seat"),
        pytest.param([(FOCAL, SECURITY, 40)], [offer(SECURITY, 30, FOCAL)], [10], id="seats cover people"),
        pytest.param([(FOCAL, SECURITY, 40)], [offer(SECURITY, 90, FOCAL)], [0], id="more seats cover no more people"),
        pytest.param([(FOCAL, SECURITY, 40)], [offer(SECURITY, 30, DEDICATED)], [40], id="seats are for their roles"),
        pytest.param([(FOCAL, SECURITY, 40)], [offer(SECURITY, 30)], [10], id="without roles a seat is for everybody"),
        pytest.param([(FOCAL, SECURITY, 40)], [offer(MODULE, 30)], [40], id="another competency covers nothing"),
        pytest.param(
            [(FOCAL, SECURITY, 40), (DEDICATED, SECURITY, 20)],
            [offer(SECURITY, 50)],
            [0, 10],
            id="a seat is taken once",
        ),
        pytest.param(
            [(FOCAL, SECURITY, 10), (DEDICATED, SECURITY, 10)],
            [offer(SECURITY, 10), offer(SECURITY, 10, DEDICATED)],
            [0, 0],
            id="narrow items give their seats first",
        ),
        pytest.param(
            [(FOCAL, "periods", 40), (FOCAL, SECURITY, 40)],
            [offer(SECURITY, 30)],
            [10, 10],
            id="a seat in a category also earns periods",
        ),
        pytest.param(
            [(FOCAL, "periods", 40)], [offer(MODULE, 40)], [40], id="a course is too short to count as periods"
        ),
        pytest.param([(FOCAL, SECURITY, 40)], [offer("periods", 40)], [40], id="periods of any kind give no security"),
    ],
)
def test_needs_are_people_less_seats(
    gaps: list[tuple[str, str, int]], offers: list[Offer], uncovered: list[int]
) -> None:
    found = rules.needs([Gap(*gap) for gap in gaps], offers)
    by_line = {(need.role, need.competency): need.uncovered for need in found}
    assert [by_line[role, competency] for role, competency, _ in gaps] == uncovered


def test_the_largest_need_comes_first() -> None:
    found = rules.needs([Gap(FOCAL, SECURITY, 5), Gap(DEDICATED, SECURITY, 50)], [])
    assert found == [Need(DEDICATED, SECURITY, 50), Need(FOCAL, SECURITY, 5)]


@pytest.mark.parametrize(
    ("day", "reached", "open_"), [(30, 0, 100), (30, 40, 60), (30, 120, 0), (31, 40, 60), (32, 40, 0)]
)
def test_seats_are_open_until_the_last_day_and_until_they_are_taken(day: int, reached: int, open_: int) -> None:
    today = date(2026, 3, day) if day < 32 else date(2026, 4, 1)
    assert rules.open_seats(100, reached, date(2026, 4, 1), today) == open_


@pytest.mark.parametrize(("people", "classes"), [(1, 1), (150, 1), (151, 2), (0, 0)])
def test_a_class_that_is_not_full_is_a_class(people: int, classes: int) -> None:
    assert rules.classes_for(people, 150) == classes


def test_people_beyond_the_seats_do_not_fill_other_items() -> None:
    assert rules.share_reached([(100, 150), (100, 0)]) == Fraction(1, 2)
    assert rules.share_reached([]) is None


def test_the_cost_a_head_is_in_whole_dong() -> None:
    assert rules.per_head(1_000_000, 3) == 333_333
    assert rules.per_head(1, 2) == 1
    assert rules.per_head(0, 5) == 0


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1.234.567", 1_234_567), ("1234567", 1_234_567), ("1 234 567 ₫", 1_234_567), ("45,000,000 dong", 45_000_000),
        ("0", 0), ("1.5", None), ("12.34.567", None), ("-5", None), ("mot trieu", None), ("٣", None), ("1e9", None),
    ],
)  # fmt: skip
def test_an_amount_is_whole_dong(written: str, amount: int | None) -> None:
    assert rules.dong(written) == amount


def test_a_plan_for_next_year_looks_at_this_years_results() -> None:
    assert [rules.basis_year(year, 2026) for year in (2025, 2026, 2027)] == [2025, 2026, 2026]


def test_the_same_day_a_year_later() -> None:
    assert rules.same_day(date(2028, 2, 29), 2029) == date(2029, 2, 28)
    assert rules.same_day(date(2026, 12, 31), 2027) == date(2027, 12, 31)
