"""A typed number is read as Vietnamese and as English people write it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.quizzes.rules import readings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("184", ["184"]),
        ("0", ["0"]),
        ("007", ["7"]),
        ("-12", ["-12"]),
        ("−12", ["-12"]),  # the typographic minus
        ("0,5", ["0.5"]),
        ("0.5", ["0.5"]),
        ("34,74", ["34.74"]),
        ("1.234", ["1.234", "1234"]),
        ("1,234", ["1.234", "1234"]),
        ("0.500", ["0.5"]),
        ("0,500", ["0.5"]),
        ("1.234,5", ["1234.5"]),
        ("1,234.5", ["1234.5"]),
        ("1.234.567", ["1234567"]),
        ("1,234,567", ["1234567"]),
        ("1.234.567,89", ["1234567.89"]),
        ("1 234 567,89", ["1234567.89"]),
        ("1.2345", ["1.2345"]),
        ("12.34.56", []),
        ("1,234,56", []),
        ("1.234.567.8", []),
        ("", []),
        ("-", []),
        (",5", []),
        ("5,", []),
        ("5 %", []),
        ("1e3", []),
        ("một", []),
        ("1/2", []),
        ("nan", []),
        ("9" * 16, []),
        ("9" * 5_000, []),
    ],
)
def test_it_may_mean(typed: str, meant: list[str]) -> None:
    assert readings(typed) == set(map(Fraction, meant))


@given(st.text() | st.text("0123456789.,- "))
def test_any_text_is_read_as_numbers_or_as_none(typed: str) -> None:
    assert all(isinstance(number, Fraction) for number in readings(typed))


@given(st.integers(-(10**9), 10**9), st.integers(0, 999))
def test_what_either_people_write_is_read_back(whole: int, thousandths: int) -> None:
    number = Fraction(whole * 1000 + (thousandths if whole >= 0 else -thousandths), 1000)
    english = f"{whole:,}.{thousandths:03}"
    assert number in readings(english)
    assert number in readings(english.translate(str.maketrans(",.", ".,")))
