"""Test trends over ordered cohorts of few pupils."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb, exp, inf, isfinite, lgamma

import numpy as np

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.distributions import (
    chi2_quantile,
    chi2_tail,
    normal_quantile,
)
from iro_analysis.estimates.logistic import Line

TREND = "logistic odds ratio per year; profile-likelihood interval; exact Cochran-Armitage p"
TREND_OF_MANY = "logistic odds ratio per year; profile-likelihood interval; Cochran-Armitage p"
# Counting out every way takes seconds beyond this, and the large-sample p is near it by then.
MOST_COUNTED_OUT = 600  # pupils of all cohorts
_COUNTED_ONE_BY_ONE = 250  # pupils of all cohorts, in whole numbers
_LEAST_SHARE = 1e-9


def _checked(x: Sequence[int], n: Sequence[int], scores: Sequence[float]) -> None:
    if not len(x) == len(n) == len(scores):
        raise ValueError("counts, totals and scores differ in number")
    if any(not 0 <= a <= b for a, b in zip(x, n, strict=True)):
        raise ValueError("a count is negative or larger than its total")
    if any(value != int(value) for value in (*x, *n)):
        raise ValueError("counts and totals are whole numbers")


def testable(x: Sequence[int], n: Sequence[int]) -> bool:
    """Whether a trend can be tested: two cohorts, and neither all nor none of the pupils.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort.

    Returns
    -------
    bool
    """
    return sum(total > 0 for total in n) >= 2 and 0 < sum(x) < sum(n)


def _score_sums(
    x: Sequence[int], n: Sequence[int], scores: Sequence[int]
) -> tuple[dict[int, int], int]:
    """Return in how many ways each score sum can come about, given the totals; and the one seen."""
    _checked(x, n, scores)
    if any(score != int(score) for score in scores):
        raise ValueError("scores are whole numbers: use year offsets, so that gaps count")
    met = int(sum(x))
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for total, score in zip(n, scores, strict=True):
        following: dict[tuple[int, int], int] = defaultdict(int)
        chosen = [comb(int(total), successes) for successes in range(min(int(total), met) + 1)]
        for (done, sum_so_far), count in ways.items():
            for successes, choices in enumerate(chosen[: met - done + 1]):
                following[done + successes, sum_so_far + int(score) * successes] += count * choices
        ways = following
    seen = sum(int(score) * int(count) for score, count in zip(scores, x, strict=True))
    return {total: count for (done, total), count in ways.items() if done == met}, seen


def _many_score_sums(
    x: Sequence[int], n: Sequence[int], scores: Sequence[int]
) -> tuple[dict[int, float], int]:
    """Return the same as `_score_sums` for more pupils, the ways as shares of the commonest.

    All terms are positive, so nothing is lost but the last digits.
    """
    _checked(x, n, scores)
    low, met = int(min(scores)), int(sum(x))
    steps = [int(score) - low for score in scores]
    if any(step + low != score for step, score in zip(steps, scores, strict=True)):
        raise ValueError("scores are whole numbers: use year offsets, so that gaps count")
    ways = np.zeros((met + 1, met * max(steps) + 1))
    ways[0, 0] = 1.0
    for total, step in zip(n, steps, strict=True):
        most = min(int(total), met)
        logs = [lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1) for k in range(most + 1)]
        following = np.zeros_like(ways)
        for k, log in enumerate(logs):
            share = exp(log - max(logs))
            rows, columns = ways.shape[0] - k, ways.shape[1] - step * k
            following[k:, step * k :] += share * ways[:rows, :columns]
        ways = following / following.max()
    seen = sum(int(score) * int(count) for score, count in zip(scores, x, strict=True))
    [reached] = np.nonzero(ways[met])
    return {int(place) + low * met: float(ways[met, place]) for place in reached}, seen


def exact_trend_p(x: Sequence[int], n: Sequence[int], scores: Sequence[int]) -> float:
    """Return the exact two-sided p value of the Cochran-Armitage trend test.

    Given all totals and the number of successes in all, the score sum T has a known distribution,
    built here count by count. Two-sided: all T at least as far from its mean as the one seen.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort; one element per year.
    scores : sequence of int
        Year offsets, so that a year left out counts as a gap.

    Returns
    -------
    float
        Missing where it cannot be tested: fewer than two cohorts, no success or nothing else.

    Raises
    ------
    ValueError
        If a count is negative, not whole or above its total, lengths differ, or a score is not
        whole.

    Notes
    -----
    Not for the same children year after year. Not across a break in how the results were made:
    mark it, and say that the test takes all years as alike. A large p is not evidence of no
    change: print `detectable_share` beside it.

    References
    ----------
    Agresti 2002; agrees with R's coin 1.4-2 (STATISTICS 1.6).
    """
    if not testable(x, n):
        _checked(x, n, scores)
        return float("nan")
    ways, seen = (_score_sums if sum(n) <= _COUNTED_ONE_BY_ONE else _many_score_sums)(x, n, scores)
    # Distances from the mean sum(x) * weighted / pupils, kept whole by multiplying up.
    pupils = int(sum(n))
    mean = int(sum(x)) * sum(int(s) * int(total) for s, total in zip(scores, n, strict=True))
    far = abs(seen * pupils - mean)
    extreme = sum(count for t, count in ways.items() if abs(t * pupils - mean) >= far)
    return extreme / sum(ways.values())


def cochran_armitage(
    x: Sequence[int], n: Sequence[int], scores: Sequence[float]
) -> tuple[float, float]:
    """Return the Cochran-Armitage trend test by the chi-squared curve.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort; one element per year.
    scores : sequence of float
        Year offsets, or other scores in order.

    Returns
    -------
    chi_squared, p : float
        With 1 degree of freedom, no continuity correction, divisor N: times (N-1)/N it is Mantel's
        form, which statsmodels gives. Missing where it cannot be tested.

    Raises
    ------
    ValueError
        If a count is negative, not whole or above its total, or lengths differ.

    Notes
    -----
    Not where a cohort expects fewer than 5 successes or failures, or for fewer than 200 pupils in
    all: use `exact_trend_p`.

    References
    ----------
    Agresti 2002; agrees with R's ``prop.trend.test`` (STATISTICS 1.6).
    """
    _checked(x, n, scores)
    everyone = sum(n)
    if not testable(x, n):
        return float("nan"), float("nan")
    share = sum(x) / everyone
    first = sum(s * t for s, t in zip(scores, n, strict=True))
    spread = sum(s * s * t for s, t in zip(scores, n, strict=True)) - first**2 / everyone
    if spread <= 0:
        return float("nan"), float("nan")
    score = sum(s * (a - t * share) for s, a, t in zip(scores, x, n, strict=True))
    statistic = score**2 / (share * (1 - share) * spread)
    return statistic, float(chi2_tail(statistic, 1))


def odds_ratio_per_step(
    x: Sequence[int], n: Sequence[int], scores: Sequence[float], level: float = LEVEL
) -> tuple[float, float, float]:
    """Return the odds ratio per unit of score from a logistic line, with profile limits.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort; one element per year.
    scores : sequence of float
        Year offsets.
    level : float
        Confidence level.

    Returns
    -------
    ratio, lower, upper : float
        1 is no trend. Missing where it cannot be tested, or all scores are one; where cohorts part
        cleanly (all fail up to some year, all succeed after) the ratio and one limit are 0 or
        infinity.

    Raises
    ------
    ValueError
        If a count is negative, not whole or above its total, or lengths differ.

    Notes
    -----
    Not to be read as "times as likely". It describes a straight line on the logit scale: a rise
    and a fall of the same size give 1. R reads its profile limits off a spline, and differs from
    the fourth digit on.

    References
    ----------
    Agrees with R's ``glm`` and, to a few parts in 10,000, its ``confint`` (STATISTICS 1.6).
    """
    from scipy import optimize

    _checked(x, n, scores)
    if not testable(x, n) or len({s for s, t in zip(scores, n, strict=True) if t}) < 2:
        return (float("nan"),) * 3
    line = Line(x, n, scores)
    slope = line.slope_estimate()
    farthest = 60 / line.reach
    at_best = line.negative_log_likelihood(max(min(slope, farthest), -farthest))
    allowed = at_best + chi2_quantile(level, 1) / 2

    def limit(direction: int) -> float:
        if slope == direction * inf:
            return slope
        inner = slope if isfinite(slope) else -direction * farthest
        step = 0.5
        while line.negative_log_likelihood(inner + direction * step) < allowed:
            step *= 2
        ends = sorted((inner, inner + direction * step))
        return optimize.brentq(
            lambda b: line.negative_log_likelihood(b) - allowed, *ends, xtol=1e-12
        )

    return _exp(slope), _exp(limit(-1)), _exp(limit(1))


def _exp(value: float) -> float:
    return exp(value) if isfinite(value) else (0.0 if value < 0 else inf)


def detectable_share(
    first: float, pupils: float, power: float = 0.8, level: float = LEVEL
) -> float:
    """Return the later share needed for a rise from `first` to show.

    Parameters
    ----------
    first : float
        Share in the first cohort, between 0 and 1.
    pupils : float
        Pupils in each cohort.
    power : float
        Chance of seeing the change at the two-sided `level`.

    Returns
    -------
    float
        Between `first` and 1; missing where no share up to 1 would do, or there are no pupils.
        For a fall, take 1 less what 1 less `first` gives.

    Raises
    ------
    ValueError
        If a share, the power or the level is not between 0 and 1, or the power is not above the
        chance of finding a difference where there is none.

    Notes
    -----
    Two years of the same size, by the normal approximation: a guide in whole points, not a limit.
    Not for cohorts of unlike sizes; take the smaller. Not worked out from the difference seen.

    References
    ----------
    R's ``power.prop.test``, whose search stops within 0.0001; this one goes on (STATISTICS 1.6).
    """
    from scipy import optimize

    if not (0 <= first <= 1 and 0 < level < 1 and 1 - level < power < 1):
        raise ValueError("shares, power and level lie between 0 and 1")
    z_level, z_power = normal_quantile(1 - (1 - level) / 2), normal_quantile(power)

    def shortfall(second: float) -> float:
        mean = (first + second) / 2
        needed = (
            z_level * (2 * mean * (1 - mean)) ** 0.5
            + z_power * (first * (1 - first) + second * (1 - second)) ** 0.5
        )
        return (second - first) * pupils**0.5 - needed

    if not pupils > 0 or first == 1 or shortfall(1.0) < 0:
        return float("nan")
    return float(optimize.brentq(shortfall, max(first, _LEAST_SHARE), 1.0, xtol=1e-12))
