"""The formulas beside scipy and numpy, and what must hold whatever was answered."""

from collections import Counter
from math import isclose

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from lms.analysis import rules
from lms.analysis.rules import Sight, Spread

SHARES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
SIGHTS = st.lists(st.tuples(SHARES, SHARES, SHARES, st.integers(1, 30)), min_size=2, max_size=20).map(
    lambda found: [Sight((str(n % 4),), 0, share, total, rest, w) for n, (share, total, rest, w) in enumerate(found)]
)
MATRICES = st.integers(3, 8).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=30, max_size=60)
)


def spelt_out(sights: list[Sight], field: str) -> list[float]:
    return [getattr(sight, field) for sight in sights for _ in range(int(sight.n))]


def complete(matrix: np.ndarray) -> Spread:
    """The sums of a quiz whose questions everybody was asked."""
    n, k = matrix.shape
    beside = matrix - matrix.mean(axis=0)
    return Spread(n, n * k, n * k * (k - 1), (beside**2).sum(), (beside.sum(axis=1) ** 2).sum(), 0.0)


@pytest.mark.parametrize(("right", "n"), [(0, 10), (8, 10), (10, 10), (37, 120), (99_000, 100_000)])
def test_the_interval_of_a_share_is_wilsons(right: int, n: int) -> None:
    wanted = stats.binomtest(right, n).proportion_ci(method="wilson")
    found = rules.wilson(right / n, n)
    assert found.low == pytest.approx(wanted.low, abs=1e-9) and found.high == pytest.approx(wanted.high, abs=1e-9)


@settings(max_examples=60)
@given(SIGHTS)
def test_discrimination_is_pearsons_r_with_fishers_interval(sights: list[Sight]) -> None:
    shares, rests = spelt_out(sights, "share"), spelt_out(sights, "rest")
    found = rules.discrimination(sights)
    if len(shares) < rules.ENOUGH or len(set(shares)) == 1 or len(set(rests)) == 1:
        assert found is None
        return
    assert found
    wanted = stats.pearsonr(shares, rests)
    assert found.value == pytest.approx(wanted.statistic, abs=1e-9)
    if abs(found.value) < 0.999999:
        interval = wanted.confidence_interval(0.95)
        assert found.interval.low == pytest.approx(interval.low, abs=1e-9)
        assert found.interval.high == pytest.approx(interval.high, abs=1e-9)


def test_of_a_question_that_is_right_or_wrong_it_is_the_point_biserial_correlation() -> None:
    right = [1, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1]
    rest = [0.9, 0.8, 0.7, 0.4, 0.9, 0.5, 0.3, 0.6, 0.2, 0.7, 0.6, 0.8]
    sights = [Sight(("0",), 0, float(x), 0.0, y, 1) for x, y in zip(right, rest, strict=True)]
    found = rules.discrimination(sights)
    assert found and found.value == pytest.approx(stats.pointbiserialr(right, rest).statistic)


@settings(max_examples=25)
@given(MATRICES)
def test_of_a_quiz_with_the_same_questions_for_all_reliability_is_cronbachs_alpha(rows: list[list[int]]) -> None:
    matrix = np.array(rows, dtype=float)
    k, total = matrix.shape[1], matrix.sum(axis=1)
    assume(total.var() > 1e-9)
    alpha = k / (k - 1) * (1 - matrix.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    found = rules.reliability(complete(matrix))
    assert found
    assert found[0] == pytest.approx(alpha, abs=1e-9)
    assert found[1] == pytest.approx(total.std(ddof=1) * np.sqrt(max(1 - alpha, 0)), abs=1e-9)


def test_when_questions_are_drawn_reliability_is_near_that_of_a_quiz_which_asks_everybody_the_same() -> None:
    chance = np.random.default_rng(1690)
    ability = chance.normal(size=(20_000, 1))
    bank = (ability + chance.logistic(size=(20_000, 30)) > 0).astype(float)
    drawn = np.argsort(chance.random((20_000, 30)), axis=1)[:, :10]
    beside = np.take_along_axis(bank - bank.mean(axis=0), drawn, axis=1)
    luck = np.take_along_axis(np.broadcast_to(bank.mean(axis=0), bank.shape), drawn, axis=1).sum(axis=1).var(ddof=1)
    spread = Spread(20_000, 200_000, 20_000 * 90, (beside**2).sum(), (beside.sum(axis=1) ** 2).sum(), float(luck))
    fixed = rules.reliability(complete(bank[:, :10]))
    found = rules.reliability(spread)
    assert found and fixed and found[0] == pytest.approx(fixed[0], abs=0.02)


def test_the_luck_of_an_easy_or_a_hard_draw_counts_as_error() -> None:
    even = Spread(100, 1000, 9000, 200.0, 500.0, 0.0)
    fair, unfair = rules.reliability(even), rules.reliability(even._replace(luck=1.0))
    assert fair and unfair and unfair[0] < fair[0] and unfair[1] ** 2 == pytest.approx(fair[1] ** 2 + 1)


@settings(max_examples=60)
@given(SIGHTS)
def test_the_groups_hold_each_attempt_once_and_27_percent_each(sights: list[Sight]) -> None:
    low, middle, high = rules.tails(sights)
    n = sum(s.n for s in sights)
    sizes = [sum(s.n for s in group) for group in (low, middle, high)]
    assert sizes == pytest.approx([0.27 * n, 0.46 * n, 0.27 * n])
    assert max((s.total for s in low), default=0) <= min((s.total for s in high), default=1)


@settings(max_examples=60)
@given(SIGHTS)
def test_figures_stay_within_their_bounds_and_inside_their_intervals(sights: list[Sight]) -> None:
    found = rules.question(sights, Counter(), lambda response: response, "0123")
    for estimate in (found.facility, found.omitted, *(choice.chosen for choice in found.choices)):
        assert (
            estimate is None
            or 0 <= estimate.interval.low <= estimate.value + 1e-12 <= estimate.interval.high + 2e-12 <= 1.1
        )
    d = found.discrimination
    assert d is None or -1 <= d.interval.low <= d.value <= d.interval.high <= 1
    assert found.upper_lower is None or -1 - 1e-9 <= found.upper_lower <= 1 + 1e-9
    assert found.n < rules.ENOUGH or sum(choice.n for choice in found.choices) == found.n


@settings(max_examples=30)
@given(SIGHTS, st.randoms())
def test_neither_the_order_of_rows_nor_how_they_were_counted_together_matters(
    sights: list[Sight], chance: object
) -> None:
    one_by_one = [sight._replace(n=1) for sight in sights for _ in range(int(sight.n))]
    chance.shuffle(one_by_one)  # type: ignore[attr-defined]
    first = rules.question(sights, Counter(), lambda response: response, "0123")
    other = rules.question(one_by_one, Counter(), lambda response: response, "0123")
    assert first.n == other.n
    for one, two in ((first.facility, other.facility), (first.discrimination, other.discrimination)):
        assert (one is None) == (two is None)
        assert one is None or two is None or isclose(one.value, two.value, abs_tol=1e-9)
    assert first.upper_lower is None or isclose(first.upper_lower, other.upper_lower or 0, abs_tol=1e-9)


@settings(max_examples=60)
@given(st.lists(st.integers(1, 500), min_size=10, max_size=80))
def test_quartiles_are_those_of_numpy(values: list[int]) -> None:
    found = rules.quartiles(Counter(map(float, values)))
    wanted = np.quantile(values, [0.25, 0.5, 0.75], method="inverted_cdf")
    assert found and [found.low, found.median, found.high] == list(wanted)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 20), min_size=10, max_size=60))
def test_mean_and_deviation_are_those_of_numpy_and_all_attempts_stand_in_a_bar(points: list[int]) -> None:
    shares = [p / 20 for p in points]
    mean, sd = rules.mean_and_sd(Counter(shares))
    assert mean == pytest.approx(np.mean(shares)) and sd == pytest.approx(np.std(shares, ddof=1))
    assert sum(rules.shares_in_tenths(Counter(shares))) == len(points)


def test_too_few_attempts_give_no_figure() -> None:
    nine = [Sight(("0",), 0, 1.0, 0.9, 0.9, 5), Sight(("1",), 0, 0.0, 0.1, 0.1, 4)]
    found = rules.question(nine, Counter({12.0: 9}), lambda response: response, "01")
    assert (found.facility, found.discrimination, found.upper_lower, found.seconds) == (None, None, None, None)
    assert rules.quiz(Counter({0.5: 9}), 4, Spread(9, 90, 810, 1.0, 2.0, 0.0), 10).reliability is None


def test_what_few_have_typed_is_not_named() -> None:
    typed = [
        Sight(("bảy",), 0, 0.0, 0.5, 0.5, 5),
        Sight(("0905 123 456",), 0, 0.0, 0.5, 0.5, 4),
        Sight(("5",), 0, 1.0, 1.0, 1.0, 9),
    ]
    found = rules.question(typed, Counter(), lambda response: response)
    assert [choice.key for choice in found.choices] == ["5", "bảy"]
