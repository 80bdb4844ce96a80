"""Shares of a whole and their intervals."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL

WILSON = "proportion; Wilson interval"
GOODMAN = "share of a whole; Goodman simultaneous intervals"


def _checked(x: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, n = np.broadcast_arrays(np.asarray(x, float), np.asarray(n, float))
    known = ~(np.isnan(x) | np.isnan(n))
    if (x[known] < 0).any() or (x[known] > n[known]).any():
        raise ValueError("a numerator is negative or larger than its denominator")
    if (x[known] % 1 != 0).any() or (n[known] % 1 != 0).any():
        raise ValueError("numerator and denominator are counts: whole numbers")
    return x, n


def wilson(
    x: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Wilson score interval of proportions.

    Parameters
    ----------
    x, n : array-like of whole numbers
        Numerators and denominators.
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

    References
    ----------
    Wilson 1927; chosen for its coverage at 19 to 31 pupils (STATISTICS 1.2).
    """
    from statsmodels.stats.proportion import proportion_confint

    x, n = _checked(x, n)
    usable = n > 0
    lower, upper = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    if usable.any():
        low, high = proportion_confint(x[usable], n[usable], alpha=1 - level, method="wilson")
        lower[usable] = np.where(x[usable] == 0, 0.0, np.clip(low, 0, 1))
        upper[usable] = np.where(x[usable] == n[usable], 1.0, np.clip(high, 0, 1))
    return lower, upper


def goodman(x: ArrayLike, level: float = LEVEL) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return simultaneous intervals of the shares of one whole.

    Parameters
    ----------
    x : array-like of whole numbers
        The count of each group; together they are the whole.
    level : float
        Confidence that all intervals hold at once.

    Returns
    -------
    lower, upper : ndarray
        Wilson intervals at the level that Goodman (1965) gives for so many groups.
    """
    x = np.asarray(x, float)
    return wilson(x, np.full(x.shape, x.sum()), 1 - (1 - level) / max(len(x), 1))


def newcombe(x1: float, n1: float, x0: float, n0: float, level: float = LEVEL):
    """Return the interval of a difference of two proportions (Newcombe's hybrid score).

    Not for the same children in two years: those are not independent.

    Returns
    -------
    difference, lower, upper : float
        Of x1/n1 - x0/n0; missing when a denominator is 0.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    _checked([x1, x0], [n1, n0])
    if n1 == 0 or n0 == 0:
        return (float("nan"),) * 3
    lower, upper = confint_proportions_2indep(
        x1, n1, x0, n0, method="newcomb", compare="diff", alpha=1 - level
    )
    return x1 / n1 - x0 / n0, float(lower), float(upper)
