"""Confidence intervals of proportions and of their difference; a test against a fixed share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.distributions import (
    beta_quantile,
    binomial_p,
    normal_quantile,
    normal_tail,
)

WILSON = "proportion; Wilson interval"
GOODMAN = "share of a whole; Goodman simultaneous intervals"
_TOO_FEW_EXPECTED = 5

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


def wilson(x: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Limits:
    """Return the Wilson score interval of proportions: the suite's interval of a share.

    Parameters
    ----------
    x, n : array-like of whole numbers
        Numerators and denominators [children, reviews]; one element per share.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray
        Between 0 and 1; 0 when x is 0, 1 when x is n; missing when n is 0 or either is missing.

    Raises
    ------
    ValueError
        If a count is negative, not whole, or a numerator exceeds its denominator.

    Notes
    -----
    Not for things that come in clusters, such as several reviews of one child: that is
    ``clustered.clustered_share``. Not for several shares of one whole at once: that is `goodman`.

    References
    ----------
    Wilson 1927; chosen for its coverage at 19 to 31 pupils (STATISTICS 1.2). Agrees with R's
    ``prop.test(correct=FALSE)`` and statsmodels' ``proportion_confint``, which takes longer to
    load than all intervals of a report take to work out.
    """
    x, n = counted_of(x, n)
    z = normal_quantile(1 - tail_of(level))
    n = np.where(n > 0, n, np.nan)
    share, square = x / n, z**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = z * np.sqrt(share * (1 - share) / n + square / (4 * n**2)) / (1 + square / n)
    lower = np.where((x == 0) & (n > 0), 0.0, np.clip(middle - reach, 0, 1))
    return lower, np.where(x == n, 1.0, np.clip(middle + reach, 0, 1))


def clopper_pearson(x: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Limits:
    """Return the exact (Clopper-Pearson) interval of proportions.

    Its coverage is never below the level, and at small n well above it: it is wider than `wilson`.
    Used where a promise of "at least" is needed, and by the exact rate ratio.

    Parameters
    ----------
    x, n : array-like of whole numbers
        Numerators and denominators; one element per share.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray
        Between 0 and 1; missing when n is 0 or either is missing.

    Raises
    ------
    ValueError
        As in `wilson`.

    Notes
    -----
    Not the suite's interval of a share: at 19 pupils it covers 97.7% on average. Not for things
    that come in clusters.

    References
    ----------
    Clopper and Pearson 1934; agrees with R's ``binom.test``.
    """
    x, n = counted_of(x, n)
    tail = tail_of(level)
    known = (n > 0) & ~np.isnan(x)
    # Where a limit is 0 or 1 by definition, any allowed shape serves and is not used.
    lower = np.where(x > 0, beta_quantile(tail, np.maximum(x, 1), n - x + 1), 0.0)
    upper = np.where(x < n, beta_quantile(1 - tail, x + 1, np.maximum(n - x, 1)), 1.0)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def goodman(x: ArrayLike, level: float = LEVEL) -> Limits:
    """Return simultaneous intervals of the shares of one whole.

    Parameters
    ----------
    x : array-like of whole numbers
        The count of each group; together they are the whole. One element per group.
    level : float
        Confidence that all intervals hold at once.

    Returns
    -------
    lower, upper : ndarray
        Wilson intervals at the level that Goodman (1965) gives for so many groups; missing where
        there is nobody at all.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Not for groups that overlap, nor for a choice of groups: the whole must be their sum.

    References
    ----------
    Goodman 1965 (STATISTICS 1.4); agrees with his formula in R.
    """
    x = np.asarray(x, float)
    return wilson(x, np.full(x.shape, x.sum()), 1 - (1 - level) / max(len(x), 1))


def newcombe(
    x1: float, n1: float, x0: float, n0: float, level: float = LEVEL
) -> tuple[float, float, float]:
    """Return the interval of a difference of two proportions (Newcombe's hybrid score).

    Parameters
    ----------
    x1, n1, x0, n0 : whole numbers
        Numerator and denominator of the one group, and of the other that is taken from it.
    level : float
        Confidence level.

    Returns
    -------
    difference, lower, upper : float
        Of x1/n1 - x0/n0, between -1 and 1; missing when a denominator is 0 or a count is missing.

    Raises
    ------
    ValueError
        If a count is negative, not whole, or a numerator exceeds its denominator.

    Notes
    -----
    Not for the same children in two years: those are not independent. Use
    ``differences.share_difference``.

    References
    ----------
    Newcombe 1998, method 10; statsmodels' ``confint_proportions_2indep(method="newcomb")``, which
    agrees with R's ``Epi::ci.pd`` (STATISTICS 1.2).
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    x, n = counted_of([x1, x0], [n1, n0])
    tail = tail_of(level)
    if not (n > 0).all() or np.isnan(x).any():
        return (float("nan"),) * 3
    lower, upper = confint_proportions_2indep(
        x1, n1, x0, n0, method="newcomb", compare="diff", alpha=2 * tail
    )
    return x1 / n1 - x0 / n0, float(lower), float(upper)


def against_fixed(x: float, n: float, share: float) -> tuple[float, float]:
    """Return how a share stands to one that is taken as fixed, such as England's.

    Parameters
    ----------
    x, n : whole numbers
        Numerator and denominator here.
    share : float
        The other, between 0 and 1; it is treated as known, so it should come from many more.

    Returns
    -------
    z, p : float
        Standard errors above or below, and the two-sided p value: from the normal curve, or from
        the exact binomial tails where fewer than 5 are expected to meet it or fewer than 5 not
        to. Missing where n is 0 or a value is missing; z is missing where the share is 0 or 1.

    Raises
    ------
    ValueError
        If the counts cannot be, or the share lies outside 0 to 1.

    Notes
    -----
    Not for comparing with an area of the council's own size: that one moves by chance too, and
    the comparison is `newcombe`. England includes the council, by about one part in 150.

    References
    ----------
    STATISTICS 1.2; scipy's ``binomtest``.
    """
    counted_of([x], [n])
    if np.isnan([x, n, share]).any() or n == 0:
        return float("nan"), float("nan")
    if not 0 <= share <= 1:
        raise ValueError("a share lies between 0 and 1")
    spread = (share * (1 - share) / n) ** 0.5
    z = (x / n - share) / spread if spread else float("nan")
    if n * min(share, 1 - share) < _TOO_FEW_EXPECTED:
        return z, float(binomial_p(int(x), int(n), share))
    return z, float(2 * normal_tail(abs(z)))
