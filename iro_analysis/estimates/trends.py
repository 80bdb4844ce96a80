"""Trends over ordered cohorts of few pupils."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import comb, exp, inf, isfinite, log1p

from iro_analysis.estimates import LEVEL

TREND = "logistic odds ratio per year; profile-likelihood interval; exact Cochran-Armitage p"


def _checked(x: Sequence[int], n: Sequence[int], scores: Sequence[int]) -> None:
    if not len(x) == len(n) == len(scores):
        raise ValueError("counts, totals and scores differ in number")
    if any(not 0 <= a <= b for a, b in zip(x, n, strict=True)):
        raise ValueError("a count is negative or larger than its total")
    if any(score != int(score) for score in scores):
        raise ValueError("scores are whole numbers: use year offsets, so that gaps count")


def testable(x: Sequence[int], n: Sequence[int]) -> bool:
    """Whether a trend can be tested: two cohorts, and neither all nor none of the pupils."""
    return sum(total > 0 for total in n) >= 2 and 0 < sum(x) < sum(n)


def exact_trend_p(x: Sequence[int], n: Sequence[int], scores: Sequence[int]) -> float:
    """Return the exact two-sided p value of the Cochran-Armitage trend test.

    Given all totals and the number of successes in all, the score sum T has a known distribution,
    built here count by count. Two-sided: all T at least as far from its mean as the one seen.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort.
    scores : sequence of int
        Year offsets.

    Returns
    -------
    float
        Missing where it cannot be tested.

    References
    ----------
    Agresti 2002; agrees with R's coin 1.4-2 (STATISTICS 1.6).
    """
    _checked(x, n, scores)
    if not testable(x, n):
        return float("nan")
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for total, score in zip(n, scores, strict=True):
        following: dict[tuple[int, int], int] = defaultdict(int)
        for (done, sum_so_far), count in ways.items():
            for successes in range(min(total, sum(x) - done) + 1):
                key = (done + successes, sum_so_far + int(score) * successes)
                following[key] += count * comb(total, successes)
        ways = following
    totals = {t: count for (done, t), count in ways.items() if done == sum(x)}
    everything = sum(totals.values())
    seen = sum(int(score) * count for score, count in zip(scores, x, strict=True))
    # Distances from the mean sum(x) * weighted / pupils, kept whole by multiplying up.
    pupils = sum(n)
    mean = sum(x) * sum(int(score) * total for score, total in zip(scores, n, strict=True))
    far = abs(seen * pupils - mean)
    extreme = sum(count for t, count in totals.items() if abs(t * pupils - mean) >= far)
    return extreme / everything


def odds_ratio_per_step(
    x: Sequence[int], n: Sequence[int], scores: Sequence[float], level: float = LEVEL
) -> tuple[float, float, float]:
    """Return the odds ratio per unit of score from a logistic line, with profile limits.

    Returns
    -------
    ratio, lower, upper : float
        Missing where it cannot be tested; 0 or infinity where the line is vertical.
    """
    from scipy import optimize, stats

    _checked(x, n, [0] * len(scores))
    if not testable(x, n):
        return (float("nan"),) * 3
    weight = sum(n)
    centre = sum(s * t for s, t in zip(scores, n, strict=True)) / weight
    steps = [s - centre for s in scores]

    def deviance_at(slope: float) -> float:
        """Return minus the log likelihood, the best intercept chosen."""

        def unmatched(intercept: float) -> float:
            return sum(t * _logistic(intercept + slope * s) for s, t in zip(steps, n, strict=True))

        bound = 40 + abs(slope) * max(abs(s) for s in steps)
        best = optimize.brentq(lambda a: unmatched(a) - sum(x), -bound, bound, xtol=1e-13)
        return -sum(
            a * (best + slope * s) - t * _softplus(best + slope * s)
            for a, s, t in zip(x, steps, n, strict=True)
        )

    found = optimize.minimize_scalar(deviance_at, bracket=(-0.1, 0.1), options={"xtol": 1e-12})
    slope, least = float(found.x), float(found.fun)
    if abs(slope) > 30:
        return (0.0, 0.0, 0.0) if slope < 0 else (inf, inf, inf)
    allowed = least + stats.chi2.ppf(level, 1) / 2

    def limit(direction: int) -> float:
        step = 0.5
        while deviance_at(slope + direction * step) < allowed:
            step *= 2
            if step > 60:
                return direction * inf
        inner, outer = sorted((slope, slope + direction * step))
        return optimize.brentq(lambda b: deviance_at(b) - allowed, inner, outer, xtol=1e-10)

    return exp(slope), _exp(limit(-1)), _exp(limit(1))


def _exp(value: float) -> float:
    return exp(value) if isfinite(value) else (0.0 if value < 0 else inf)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))


def _softplus(value: float) -> float:
    return value + log1p(exp(-value)) if value > 0 else log1p(exp(value))


def detectable_share(first: float, pupils: float, power: float = 0.8, level: float = LEVEL):
    """Return the later share needed for a change from `first` to show.

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
        Missing where no share up to 1 would do. Normal approximation, as R's power.prop.test.
    """
    from scipy import optimize, stats

    z_level, z_power = stats.norm.ppf(1 - (1 - level) / 2), stats.norm.ppf(power)

    def shortfall(second: float) -> float:
        mean = (first + second) / 2
        needed = (
            z_level * (2 * mean * (1 - mean)) ** 0.5
            + z_power * (first * (1 - first) + second * (1 - second)) ** 0.5
        )
        return (second - first) * pupils**0.5 - needed

    if pupils <= 0 or shortfall(1.0) < 0:
        return float("nan")
    return float(optimize.brentq(shortfall, first, 1.0, xtol=1e-12))
