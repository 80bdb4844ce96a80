"""Rates per number of children, and Poisson confidence intervals for counts of events."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted, tail_of
from iro_analysis.estimates.distributions import chi2_quantile, normal_quantile

RATE = "rate; exact Poisson interval below 10 events, Byar from 10"
_BYAR_FROM = 10

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


def exact_limits(x: ArrayLike, level: float = LEVEL) -> Limits:
    """Return the exact Poisson interval of counts of events.

    Parameters
    ----------
    x : array-like of whole numbers
        Events; one element per count. 0 gives a lower limit of 0; missing stays missing.
    level : float
        Confidence level; the coverage is never below it.

    Returns
    -------
    lower, upper : ndarray
        In events.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Not a rate: divide by the children at risk (`rate`). Not for events that come several at once,
    such as brothers and sisters: then it is too narrow.

    References
    ----------
    Garwood 1936, through the chi-squared distribution; agrees with R's ``poisson.test``.
    """
    x = counted(x)
    tail = tail_of(level)
    lower = np.where(x == 0, 0.0, chi2_quantile(tail, 2 * np.maximum(x, 0.5)) / 2)
    return lower, chi2_quantile(1 - tail, 2 * x + 2) / 2


def byar_limits(x: ArrayLike, level: float = LEVEL) -> Limits:
    """Return Byar's approximate interval of counts of events.

    Parameters
    ----------
    x : array-like of whole numbers
        Events; one element per count. Missing stays missing.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray
        In events; the lower limit is 0 for no events, and missing where the formula would make it
        negative (1 event at 99.8%).

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Not for fewer than 10 events: `poisson_limits` changes to the exact interval there.

    References
    ----------
    Breslow and Day 1987; Fingertips technical guidance; PHEindicatormethods (STATISTICS 1.3).
    """
    x = counted(x)
    z = normal_quantile(1 - tail_of(level))
    many = np.maximum(x, 1)
    base = 1 - 1 / (9 * many) - z / (3 * np.sqrt(many))
    lower = np.where(x == 0, 0.0, np.where(base < 0, np.nan, many * base**3))
    upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    return lower, upper


def poisson_limits(x: ArrayLike, level: float = LEVEL) -> Limits:
    """Return the interval of counts of events: exact below 10, Byar from 10.

    Parameters
    ----------
    x : array-like of whole numbers
        Events; one element per count. 0 gives a lower limit of 0; missing stays missing.
    level : float
        Confidence level.

    Returns
    -------
    lower, upper : ndarray
        In events.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Events are taken to happen one by one. Brothers and sisters who come into care together do not,
    and then the interval is too narrow.
    Not a rate: divide by the children at risk (`rate`).

    References
    ----------
    Fingertips technical guidance; STATISTICS 1.3.
    """
    x = counted(x)
    few = x < _BYAR_FROM
    exact, byar = exact_limits(x, level), byar_limits(x, level)
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def rate(
    x: ArrayLike, population: ArrayLike, per: float, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return rates and their intervals.

    Parameters
    ----------
    x : array-like of whole numbers
        Events or children counted; one element per rate.
    population : array-like
        Children at risk; 0 or missing gives a missing rate.
    per : float
        10,000 for a rate per 10,000.
    level : float
        Confidence level, for the count: the population is taken as known.

    Returns
    -------
    value, lower, upper : ndarray
        Per so many children; missing where the count or the population is.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or a population is negative.

    Notes
    -----
    Not for a count that is most of its population: that is a share (``proportions.wilson``). Not
    for comparing areas of unlike ages: that is ``standardised``.

    References
    ----------
    Fingertips technical guidance; STATISTICS 1.3.
    """
    x, population = np.asarray(x, float), np.asarray(population, float)
    if (population < 0).any():
        raise ValueError("a population is negative")
    divisor = np.where(population > 0, population, np.nan)
    lower, upper = poisson_limits(x, level)
    return x / divisor * per, lower / divisor * per, upper / divisor * per
