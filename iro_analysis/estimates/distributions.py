"""Quantiles and tails of the usual distributions.

By ``scipy.special``, of which ``scipy.stats`` makes the same numbers to the last bit: that package
takes longer to load than a period's figures take to work out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

_AS_LIKELY = 1e-7  # of a chance: within it two outcomes are equally likely


def normal_quantile(chance: ArrayLike) -> Any:
    """Return the value that a standard normal number does not exceed with a chance.

    Examples
    --------
    >>> round(float(normal_quantile(0.975)), 6)
    1.959964
    """
    return special.ndtri(chance)


def normal_tail(z: ArrayLike) -> Any:
    """Return the chance of a standard normal number above a value."""
    return special.ndtr(-np.asarray(z))


def normal_density(z: ArrayLike) -> Any:
    """Return the density of a standard normal number."""
    return np.exp(-(np.asarray(z) ** 2) / 2) / np.sqrt(2 * np.pi)


def t_quantile(chance: ArrayLike, freedom: ArrayLike) -> Any:
    """Return the value that Student's t does not exceed with a chance."""
    return special.stdtrit(freedom, chance)


def t_tail(t: ArrayLike, freedom: ArrayLike) -> Any:
    """Return the chance of Student's t above a value."""
    return special.stdtr(freedom, -np.asarray(t))


def chi2_quantile(chance: ArrayLike, freedom: ArrayLike) -> Any:
    """Return the value that chi-squared does not exceed with a chance."""
    return 2 * special.gammaincinv(np.asarray(freedom) / 2, chance)


def chi2_tail(statistic: ArrayLike, freedom: ArrayLike) -> Any:
    """Return the chance of chi-squared above a value."""
    return special.chdtrc(freedom, statistic)


def beta_quantile(chance: ArrayLike, a: ArrayLike, b: ArrayLike) -> Any:
    """Return the value that a beta number does not exceed with a chance."""
    return special.betaincinv(a, b, chance)


def binomial_p(x: int, n: int, share: float) -> float:
    """Return the exact two-sided p value of a number out of others whose chance is given.

    Parameters
    ----------
    x, n : int
        How many of how many.
    share : float
        The chance of each, between 0 and 1.

    Returns
    -------
    float
        The chance of all numbers that are no likelier than the one seen.

    References
    ----------
    Agrees with R's ``binom.test`` and scipy's ``binomtest``.

    Examples
    --------
    >>> round(binomial_p(1, 10, 0.5), 6)
    0.021484
    """
    if share in (0, 1):
        return float(x == n * share)
    number = np.arange(n + 1)
    log_chance = (
        special.xlogy(number, share)
        + special.xlog1py(n - number, -share)
        - special.gammaln(number + 1)
        - special.gammaln(n - number + 1)
    )
    no_likelier = log_chance <= log_chance[x] + np.log1p(_AS_LIKELY)
    if no_likelier.all():
        return 1.0
    below = int(no_likelier.argmin())  # from 0 up to the first that is likelier
    above = int(no_likelier[::-1].argmin())
    at_most = special.betaincc(below, n - below + 1, share) if below else 0.0
    at_least = special.betainc(n - above + 1, above, share) if above else 0.0
    return float(min(at_most + at_least, 1.0))


def variance_of_the_middle(edge: float) -> float:
    """Return the variance of a standard normal number known to lie between minus and plus an edge.

    Examples
    --------
    >>> round(variance_of_the_middle(100.0), 6)
    1.0
    """
    return float(1 - 2 * edge * normal_density(edge) / (1 - 2 * normal_tail(edge)))
