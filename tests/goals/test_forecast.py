"""The forecast and the hiding of small groups, as tables."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.goals.forecast import FEWEST, Past, classes, conversion, expected, met_by
from lms.goals.hiding import is_safe, told

LAST = Past(100, {6: 20, 12: 60})

months = st.dictionaries(st.integers(1, 12), st.integers(0, 50))
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("met", "counted", "day", "last", "answer"),
    [
        (20, 100, date(2026, 6, 30), LAST, (80, True)),
        (30, 100, date(2026, 6, 30), LAST, (91, True)),
        (10, 100, date(2026, 6, 30), LAST, (68, True)),
        (0, 100, date(2026, 1, 1), LAST, (80, True)),
        (50, 100, date(2026, 12, 31), LAST, (50, True)),
        (50, 100, date(2026, 7, 1), None, (100, False)),
        (10, 100, date(2026, 7, 1), Past(FEWEST - 1, {}), (20, False)),
        (0, 0, date(2026, 7, 1), LAST, (0, True)),
    ],
)
def test_people_go_on_as_last_year_or_at_this_years_pace(
    met: int, counted: int, day: date, last: Past | None, answer: tuple[int, bool]
) -> None:
    found = expected(met, counted, day, last)
    assert (found.met, found.by_last_year) == answer


def test_a_month_is_taken_as_even_over_its_days() -> None:
    assert met_by(LAST, date(2026, 6, 15)) == 10
    assert met_by(LAST, date(2026, 11, 30)) == 20
    assert conversion(20, 100, date(2026, 6, 30), LAST) == pytest.approx(60 / 80)


@given(st.integers(0, 500), st.integers(0, 500), days, st.none() | st.builds(Past, st.integers(0, 700), months))
def test_a_forecast_lies_between_today_and_everybody(met: int, more: int, day: date, last: Past | None) -> None:
    if last and last.counted < last.met:
        last = last._replace(counted=last.met)
    found = expected(met, met + more, day, last)
    assert met <= found.met <= met + more


def test_classes_seat_everybody() -> None:
    assert [classes(people, 150) for people in (0, 1, 150, 151, 412)] == [0, 1, 1, 2, 3]


groups = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 30), st.integers(0, 30)))


@given(groups)
def test_no_small_group_is_told_nor_can_be_worked_out_from_the_sum(sisters: dict[str, tuple[int, int]]) -> None:
    shown = told(sisters)
    assert all(is_safe(sisters[key]) for key in shown)
    left = [group for key, group in sisters.items() if key not in shown]
    if left and any(sisters[key] != (0, 0) for key in shown):
        assert len(left) > 1
        assert is_safe((sum(met for met, _ in left), sum(not_met for _, not_met in left)))


@given(groups)
def test_where_no_group_is_small_everything_is_told(sisters: dict[str, tuple[int, int]]) -> None:
    assert told({key: group for key, group in sisters.items() if is_safe(group)}) == {
        key for key, group in sisters.items() if is_safe(group)
    }
