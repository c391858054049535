"""When one, two or three marks are a result."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.marking.rules import Marked, Verdict, is_fitting, remarks, steps, verdict
from tests.quizzes.course import essay

ESSAY = essay()


def marked(first: float, second: float, comment: str = "") -> Marked:
    return Marked((first, second), (comment, ""), comment)


@pytest.mark.parametrize(
    ("markers", "totals", "expected"),
    [
        (1, [], Verdict(1, None)),
        (1, [7], Verdict(1, Fraction(7))),
        (2, [7], Verdict(2, None)),
        (2, [7, 8], Verdict(2, Fraction(15, 2))),
        (2, [7, 5], Verdict(2, Fraction(6))),  # exactly a fifth is not apart
        (2, [7, 4.5], Verdict(3, None)),
        (2, [10, 0], Verdict(3, None)),
        (2, [10, 0, 6], Verdict(3, Fraction(6))),
    ],
)
def test_marks_become_a_result(markers: int, totals: list[float], expected: Verdict) -> None:
    assert verdict(ESSAY, [marked(min(t, 6), t - min(t, 6)) for t in totals], markers) == expected


whole = st.builds(marked, st.integers(0, 12).map(lambda n: n / 2), st.integers(0, 8).map(lambda n: n / 2))


@given(whole, whole, whole)
@settings(max_examples=40)
def test_a_result_lies_between_the_marks_and_its_criteria_sum_to_it(
    first: Marked, second: Marked, third: Marked
) -> None:
    for given_ in ([first, second], [first, second, third]):
        found = verdict(ESSAY, given_, 2)
        if found.points is not None:
            assert min(m.total for m in given_) <= found.points <= max(m.total for m in given_)
            if not (len(given_) == 3 and abs(first.total - second.total) <= 2):
                told = remarks(ESSAY, given_)
                assert sum(line["points"] for line in told["criteria"]) == pytest.approx(float(found.points))


def test_the_learner_reads_what_everybody_said() -> None:
    told = remarks(ESSAY, [marked(6, 4, "hay"), marked(0, 0, "lạc đề"), marked(3, 2)])
    assert told == {
        "criteria": [{"points": 3.0, "comments": ["hay", "lạc đề"]}, {"points": 2.0, "comments": []}],
        "comments": ["hay", "lạc đề"],
    }


@pytest.mark.parametrize(
    ("points", "expected"),
    [(1, [0, 0.5, 1]), (2.25, [0, 0.5, 1, 1.5, 2, 2.25]), (6, [0, 1, 2, 3, 4, 5, 6]), (0.25, [0, 0.25])],
)
def test_the_points_to_choose_from_end_with_all_of_them(points: float, expected: list[float]) -> None:
    assert steps(points) == expected


@pytest.mark.parametrize(
    ("points", "comments", "fits"),
    [
        ((6, 4), ("", ""), True),
        ((7, 4), ("", ""), False),
        ((-1, 4), ("", ""), False),
        ((6,), ("",), False),
        ((6, 4, 1), ("", "", ""), False),
    ],
)
def test_a_mark_must_fit_the_rubric(points: tuple[float, ...], comments: tuple[str, ...], fits: bool) -> None:
    assert is_fitting(ESSAY, Marked(points, comments)) == fits
