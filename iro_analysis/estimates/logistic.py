"""Likelihood of a one-slope logistic regression, for the trend tests."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log1p


class Line:
    """The logistic line of successes on scores: best intercept and fit at any slope.

    Parameters
    ----------
    x, n : sequences of int
        Successes and pupils of each cohort, neither all nor none of them; one without pupils does
        not count.
    scores : sequence of float
        Where each cohort stands; at least two differ.

    Notes
    -----
    Slopes are log odds ratios per unit of score. ``trends`` says what they may be used for.
    """

    def __init__(self, x: Sequence[int], n: Sequence[int], scores: Sequence[float]) -> None:
        centre = sum(s * t for s, t in zip(scores, n, strict=True)) / sum(n)
        self.cohorts = [(s - centre, a, t) for s, a, t in zip(scores, x, n, strict=True) if t]
        self.met = sum(x)
        self.reach = max(abs(step) for step, _, _ in self.cohorts)

    def intercept(self, slope: float) -> float:
        """Return the intercept at which as many are expected to succeed as did."""
        from scipy import optimize

        bound = 40 + abs(slope) * self.reach

        def unmatched(intercept: float) -> float:
            expected = sum(t * _logistic(intercept + slope * s) for s, _, t in self.cohorts)
            return expected - self.met

        return float(optimize.brentq(unmatched, -bound, bound, xtol=1e-13))

    def negative_log_likelihood(self, slope: float) -> float:
        """Return minus the log likelihood at a slope, the best intercept chosen."""
        best = self.intercept(slope)
        return -sum(
            a * (best + slope * s) - t * _softplus(best + slope * s) for s, a, t in self.cohorts
        )

    def score(self, slope: float) -> float:
        """Return how the likelihood rises with the slope; it falls all the way along."""
        best = self.intercept(slope)
        return sum(s * (a - t * _logistic(best + slope * s)) for s, a, t in self.cohorts)

    def slope_estimate(self) -> float:
        """Return the maximum likelihood slope; infinite where some score separates the cohorts."""
        from scipy import optimize

        for way in (1, -1):
            if self._parts(way):
                return way * inf
        edge = 1.0
        while self.score(edge) > 0 or self.score(-edge) < 0:
            edge *= 2
        return float(optimize.brentq(self.score, -edge, edge, xtol=1e-14, rtol=1e-14))

    def _parts(self, way: int) -> bool:
        """Whether all failures lie at one score or before, and all successes there or after."""
        failed = [way * s for s, a, t in self.cohorts if a < t]
        succeeded = [way * s for s, a, t in self.cohorts if a > 0]
        return max(failed) <= min(succeeded)


def _logistic(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))


def _softplus(value: float) -> float:
    return value + log1p(exp(-value)) if value > 0 else log1p(exp(value))
