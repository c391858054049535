"""Classical item analysis: formulas over what was answered, with intervals. Pure.

Answers come counted: a `Sight` says how many attempts gave one response to a question and ended with the same points. All
scores are shares of what could be had, 0 to 1. A figure that rests on too few attempts is None, never a guess.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import NamedTuple, TypeVar

Z = 1.959963984540054
"""The normal quantile of a 95 % interval."""
ENOUGH = 10
"""Fewer attempts give no figure of a question: with 9 the interval of a share is up to 57 points wide."""
ENOUGH_FOR_RELIABILITY = 30
"""Fewer attempts give no reliability: with 30 its standard error is about 0.1 for a quiz of ten questions."""
NAMEABLE = 5
"""Smaller groups are not shown on their own: whoever knows the people could tell who is meant."""
TAIL = 0.27
BARS = 10

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true value lies, with 95 % confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its interval, and the number of attempts that it rests on."""

    value: float
    interval: Interval
    n: int


class Sight(NamedTuple):
    """`n` attempts gave this response (empty: none) to a question as this variant, worth this share of its points.

    `total` is the share of all points that these attempts reached, `rest` the same without the question.
    """

    response: tuple[str, ...]
    variant: int
    share: float
    total: float
    rest: float
    n: float


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Seconds: a quarter took less than `low`, half less than `median`, a quarter more than `high`."""

    low: float
    median: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that could be chosen or was typed: how many attempts did, and how these did on the rest of the quiz.

    `by_group` are the shares that chose it among the lowest 27 %, the middle and the highest 27 %.
    """

    key: str
    n: int
    chosen: Estimate | None
    rest: float | None
    by_group: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What the answers say about one question."""

    n: int
    facility: Estimate | None
    discrimination: Estimate | None
    upper_lower: float | None
    omitted: Estimate | None
    choices: tuple[Choice, ...]
    variants: tuple[tuple[int, int, Estimate | None], ...]
    seconds: Quartiles | None


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """What the attempts say about a quiz. `bars` counts attempts by tenths of the points; errors are shares of the points."""

    n: int
    bars: tuple[int, ...]
    mean: float | None
    sd: float | None
    passed: Estimate | None
    reliability: float | None
    standard_error: float | None


def wilson(mean: float, n: float) -> Interval:
    """The score interval of a proportion; for shares of points, which vary less than 0 and 1 do, it errs to the wide side.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209–212.
    """
    centre = mean + Z * Z / (2 * n)
    margin = Z * sqrt(max(mean * (1 - mean), 0.0) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return Interval(max((centre - margin) / scale, 0.0), min((centre + margin) / scale, 1.0))


def proportion(part: float, n: float) -> Estimate | None:
    """A share of the attempts (or a mean of shares) with its interval; None for too few."""
    if n < ENOUGH:
        return None
    mean = min(max(part / n, 0.0), 1.0)
    return Estimate(mean, wilson(mean, n), round(n))


def correlation(sights: Iterable[tuple[float, float, float]]) -> tuple[float, float] | None:
    """Pearson's r of (x, y, how often), and the number; None where x or y never varies.

    Between a question's share and the rest of the quiz it is the corrected item-rest correlation, for all-or-nothing
    questions the point-biserial one: Henrysson, S. (1963), Correction of item-total correlations in item analysis,
    Psychometrika 28, 211–218.
    """
    found = [(x, y, n) for x, y, n in sights if n]
    n = sum(w for _, _, w in found)
    if not n:
        return None
    mean_x, mean_y = sum(x * w for x, _, w in found) / n, sum(y * w for _, y, w in found) / n
    xx = sum((x - mean_x) ** 2 * w for x, _, w in found)
    yy = sum((y - mean_y) ** 2 * w for _, y, w in found)
    xy = sum((x - mean_x) * (y - mean_y) * w for x, y, w in found)
    if xx <= 1e-12 * n or yy <= 1e-12 * n:
        return None
    return min(max(xy / sqrt(xx * yy), -1.0), 1.0), n


def fisher(r: float, n: float) -> Interval:
    """The interval of a correlation by the z transformation.

    Fisher, R. A. (1921), On the «probable error» of a coefficient of correlation deduced from a small sample, Metron 1, 3–32.
    """
    if abs(r) >= 1:
        return Interval(r, r)
    margin = Z / sqrt(n - 3)
    return Interval(tanh(atanh(r) - margin), tanh(atanh(r) + margin))


def discrimination(sights: Sequence[Sight]) -> Estimate | None:
    """Whether those who do well on the rest of the quiz do well on this question: the item-rest correlation."""
    found = correlation((s.share, s.rest, s.n) for s in sights)
    if found is None or found[1] < ENOUGH:
        return None
    r, n = found
    return Estimate(r, fisher(r, n), round(n))


def tails(sights: Sequence[Sight]) -> tuple[list[Sight], list[Sight], list[Sight]]:
    """The lowest 27 %, the middle and the highest 27 % of the attempts by their points.

    Who is tied at a border is divided between both sides, so that no order of the rows matters. 27 %: Kelley, T. L. (1939),
    The selection of upper and lower groups for the validation of test items, J. Educ. Psych. 30, 17–24.
    """
    groups: tuple[list[Sight], list[Sight], list[Sight]] = [], [], []
    by_total: dict[float, list[Sight]] = {}
    for sight in sights:
        by_total.setdefault(sight.total, []).append(sight)
    n = sum(s.n for s in sights)
    borders, done = (TAIL * n, (1 - TAIL) * n, n), 0.0
    for total in sorted(by_total):
        tied = sum(s.n for s in by_total[total])
        start = 0.0
        for group, border in zip(groups, borders, strict=True):
            share = (min(max(border, done), done + tied) - max(start, done)) / tied if tied else 0.0
            group.extend(s._replace(n=s.n * share) for s in by_total[total] if share > 0)
            start = border
        done += tied
    return groups


def upper_lower(sights: Sequence[Sight]) -> float | None:
    """D: the facility among the highest 27 % less that among the lowest 27 % (Kelley 1939; Ebel 1954)."""
    if sum(s.n for s in sights) < ENOUGH:
        return None
    low, _, high = tails(sights)
    return mean_share(high) - mean_share(low)


def mean_share(sights: Iterable[Sight]) -> float:
    """The mean share of the points."""
    found = list(sights)
    return sum(s.share * s.n for s in found) / sum(s.n for s in found)


def quartiles(counted: Mapping[float, int]) -> Quartiles | None:
    """The quartiles of values with how often each occurred: the smallest value that so many reach (type 1 of Hyndman and
    Fan 1996, Sample quantiles in statistical packages, The American Statistician 50, 361–365)."""
    n = sum(counted.values())
    if n < ENOUGH:
        return None
    return Quartiles(_quantile(counted, 0.25 * n), _quantile(counted, 0.5 * n), _quantile(counted, 0.75 * n), n)


def question(
    sights: Sequence[Sight],
    seconds: Mapping[float, int],
    choices_of: Callable[[tuple[str, ...]], Iterable[str]],
    offered: Sequence[str] = (),
) -> QuestionFigures:
    """The figures of one question. `choices_of` names what a response chose, `offered` what could be, in order.

    What was typed by fewer than `NAMEABLE` is not named.
    """
    n = sum(s.n for s in sights)
    return QuestionFigures(
        n=round(n),
        facility=proportion(sum(s.share * s.n for s in sights), n),
        discrimination=discrimination(sights),
        upper_lower=upper_lower(sights),
        omitted=proportion(sum(s.n for s in sights if not s.response), n),
        choices=_choices(sights, choices_of, offered),
        variants=_variants(sights),
        seconds=quartiles(seconds),
    )


def shares_in_tenths(shares: Mapping[float, int]) -> tuple[int, ...]:
    """How many attempts reached 0–10 %, 10–20 % … of the points; what lies on a border counts above it, 100 % in the last."""
    bars = [0] * BARS
    for share, n in shares.items():
        bars[min(int(share * BARS + 1e-9), BARS - 1)] += n
    return tuple(bars)


def mean_and_sd(shares: Mapping[float, int]) -> tuple[float | None, float | None]:
    """The mean, and the standard deviation with n − 1."""
    n = sum(shares.values())
    if n < ENOUGH:
        return None, None
    mean = sum(share * w for share, w in shares.items()) / n
    return mean, sqrt(sum((share - mean) ** 2 * w for share, w in shares.items()) / (n - 1))


class Spread(NamedTuple):
    """Sums over the attempts of a quiz that `reliability` needs. x is the points of a question, less that question's mean.

    `squares` sums x² over all answers, `sums` the squared sum of x of each attempt; `answers` counts answers, `pairs` the
    ordered pairs of answers within attempts; `luck` is the variance of the expected points of the sheets drawn.
    """

    n: int
    answers: int
    pairs: int
    squares: float
    sums: float
    luck: float


def reliability(spread: Spread) -> tuple[float, float] | None:
    """How much of the differences in points is the people's own; and the standard error of an attempt's points.

    With v the mean variance of a question and c the mean covariance of two, an attempt of k questions has
    error² = k (v − c) + luck and reliability = k² c ÷ (k² c + error²).

    When all have the same questions, luck is 0 and this is Cronbach's alpha, k c ÷ (v + (k − 1) c): Cronbach, L. J. (1951),
    Coefficient alpha and the internal structure of tests, Psychometrika 16, 297–334. When each draws questions of their own,
    v and c are means over what was seen together, alpha is stepped to k questions as by Spearman (1910) and Brown (1910), and
    the luck of the draw counts as error, as in the index of dependability: Brennan, R. L., and Kane, M. T. (1977), An index
    of dependability for mastery tests, J. Educ. Measurement 14, 277–289. The error: Lord, F. M., and Novick, M. R. (1968),
    Statistical Theories of Mental Test Scores, ch. 3.
    """
    if spread.n < ENOUGH_FOR_RELIABILITY or spread.pairs == 0:
        return None
    k, corrected = spread.answers / spread.n, spread.n / (spread.n - 1)
    v = spread.squares / spread.answers * corrected
    c = (spread.sums - spread.squares) / spread.pairs * corrected
    error = k * (v - c) + spread.luck
    if v <= 0 or error < 0 or k * k * c + error <= 0:
        return None
    return k * k * c / (k * k * c + error), sqrt(error)


def quiz(shares: Mapping[float, int], passed: int, spread: Spread, points_of: float) -> QuizFigures:
    """The figures of a quiz: `shares` counts attempts by share of the points, `points_of` is the mean of what could be had."""
    n, found = sum(shares.values()), reliability(spread)
    mean, sd = mean_and_sd(shares)
    return QuizFigures(
        n=n,
        bars=shares_in_tenths(shares) if n >= ENOUGH else (),
        mean=mean,
        sd=sd,
        passed=proportion(passed, n),
        reliability=found[0] if found else None,
        standard_error=found[1] / points_of if found and points_of else None,
    )


def _quantile(counted: Mapping[float, int], wanted: float) -> float:
    reached = 0
    for value in sorted(counted):
        reached += counted[value]
        if reached >= wanted:
            return value
    raise ValueError(wanted)


def _choices(
    sights: Sequence[Sight], choices_of: Callable[[tuple[str, ...]], Iterable[str]], offered: Sequence[str]
) -> tuple[Choice, ...]:
    n = sum(s.n for s in sights)
    if n < ENOUGH:
        return ()
    of_key = _by(sights, lambda s: choices_of(s.response))
    groups = [_by(group, lambda s: choices_of(s.response)) for group in tails(sights)]
    sizes = [sum(s.n for s in group) for group in tails(sights)]
    typed = sorted((key for key in of_key if key not in offered), key=lambda key: (-_number(of_key[key]), key))
    return tuple(
        Choice(
            key,
            round(_number(of_key.get(key, ()))),
            proportion(_number(of_key.get(key, ())), n),
            _mean_rest(of_key.get(key, ())),
            _by_group([_number(group.get(key, ())) for group in groups], sizes),
        )
        for key in (*offered, *typed)
        if key in offered or _number(of_key[key]) >= NAMEABLE
    )


def _by_group(chosen: Sequence[float], sizes: Sequence[float]) -> tuple[float, float, float] | None:
    if min(sizes) < NAMEABLE:
        return None
    low, middle, high = (part / size for part, size in zip(chosen, sizes, strict=True))
    return low, middle, high


def _variants(sights: Sequence[Sight]) -> tuple[tuple[int, int, Estimate | None], ...]:
    of_variant = _by(sights, lambda s: [s.variant])
    if len(of_variant) < 2:
        return ()
    return tuple(
        (variant, round(_number(seen)), proportion(sum(s.share * s.n for s in seen), _number(seen)))
        for variant, seen in sorted(of_variant.items())
    )


def _by(sights: Iterable[Sight], keys_of: Callable[[Sight], Iterable[Key]]) -> dict[Key, list[Sight]]:
    found: dict[Key, list[Sight]] = {}
    for sight in sights:
        for key in keys_of(sight):
            found.setdefault(key, []).append(sight)
    return found


def _number(sights: Iterable[Sight]) -> float:
    return sum(s.n for s in sights)


def _mean_rest(sights: Sequence[Sight]) -> float | None:
    n = _number(sights)
    return sum(s.rest * s.n for s in sights) / n if n >= NAMEABLE else None
