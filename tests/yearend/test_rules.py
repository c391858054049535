"""When reports are due, how they are numbered."""

from datetime import date

import pytest

from lms.language import official_date
from lms.yearend import rules
from lms.yearend.rules import Every


@pytest.mark.parametrize(
    ("every", "today", "due"),
    [
        (Every.MONTH, date(2026, 12, 31), date(2026, 12, 1)),
        (Every.QUARTER, date(2026, 12, 31), date(2026, 10, 1)),
        (Every.QUARTER, date(2027, 1, 1), date(2027, 1, 1)),
        (Every.DECEMBER, date(2026, 12, 14), date(2025, 12, 15)),
        (Every.DECEMBER, date(2026, 12, 15), date(2026, 12, 15)),
    ],
)
def test_a_report_is_due_on_its_last_day(every: Every, today: date, due: date) -> None:
    assert rules.last_due(every, today) == due


def test_on_the_first_of_january_the_year_that_has_ended_is_told() -> None:
    assert [rules.year_told(day) for day in (date(2027, 1, 1), date(2027, 2, 1), date(2026, 12, 15))] == [
        2026,
        2027,
        2026,
    ]


@pytest.mark.parametrize(
    ("pattern", "number", "written"),
    [("#/BC-SKHCN", "15", "15/BC-SKHCN"), ("#/BC-SKHCN", "", "………/BC-SKHCN"), ("/BC-UBND", "7", "7/BC-UBND")],
)
def test_a_number_without_its_figure_leaves_room_for_it(pattern: str, number: str, written: str) -> None:
    assert rules.dispatch(pattern, number) == written


def test_days_and_roman_numbers_are_read_and_written() -> None:
    assert [rules.day_of(text, 2026) for text in ("15/12", "29/2", "0/1", "1/13", "hôm nay")] == [
        date(2026, 12, 15),
        *[None] * 4,
    ]
    assert [rules.roman(number) for number in (1, 4, 6, 9, 14, 19, 39)] == [
        "I",
        "IV",
        "VI",
        "IX",
        "XIV",
        "XIX",
        "XXXIX",
    ]
    dated = [official_date("$day/$month/$year", date(2026, month, 5)) for month in (2, 9, 10)]
    assert dated == ["05/02/2026", "05/9/2026", "05/10/2026"]
