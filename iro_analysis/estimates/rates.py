"""Rates per so many children, and ratios of rates."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.proportions import wilson

RATE = "rate; exact Poisson interval below 10 events, Byar from 10"
RATE_RATIO = "rate ratio; exact conditional interval"
REPRESENTATION = "share over population share; Wilson interval of the share"
_BYAR_FROM = 10


def poisson_limits(x: ArrayLike, level: float = LEVEL):
    """Return the interval of a count of events: exact below 10, Byar from 10.

    Parameters
    ----------
    x : array-like of whole numbers
        Events; 0 gives a lower limit of 0.

    Returns
    -------
    lower, upper : ndarray
        In events.

    References
    ----------
    Fingertips technical guidance; STATISTICS 1.3.
    """
    from scipy import stats

    x = np.asarray(x, float)
    if (x[~np.isnan(x)] < 0).any() or (x[~np.isnan(x)] % 1 != 0).any():
        raise ValueError("events are counted: whole numbers, not negative")
    tail = (1 - level) / 2
    exact_lower = np.where(x == 0, 0.0, stats.chi2.ppf(tail, 2 * np.maximum(x, 0.5)) / 2)
    exact_upper = stats.chi2.ppf(1 - tail, 2 * x + 2) / 2
    z = stats.norm.ppf(1 - tail)
    many = np.maximum(x, 1)
    byar_lower = many * (1 - 1 / (9 * many) - z / (3 * np.sqrt(many))) ** 3
    byar_upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    few = x < _BYAR_FROM
    return np.where(few, exact_lower, byar_lower), np.where(few, exact_upper, byar_upper)


def rate(x: ArrayLike, population: ArrayLike, per: float, level: float = LEVEL):
    """Return rates and their intervals.

    Parameters
    ----------
    x : array-like of whole numbers
        Events or children counted.
    population : array-like
        Children at risk; 0 or missing gives a missing rate.
    per : float
        10,000 for a rate per 10,000.

    Returns
    -------
    value, lower, upper : ndarray
    """
    x, population = np.asarray(x, float), np.asarray(population, float)
    divisor = np.where(population > 0, population, np.nan)
    lower, upper = poisson_limits(x, level)
    return x / divisor * per, lower / divisor * per, upper / divisor * per


def rate_ratio(x1: float, n1: float, x0: float, n0: float, level: float = LEVEL):
    """Return the ratio of two rates with its exact conditional interval.

    Given how many events there are in all, those of the first group are binomial; the
    Clopper-Pearson limits of that share are turned back into ratios. Population *shares* serve as
    well as populations. (statsmodels' ``confint_poisson_2indep`` has no exact method and is wrong
    at small counts: STATISTICS 1.3.)

    Parameters
    ----------
    x1, x0 : whole numbers
        Events in the group and in the reference group.
    n1, n0 : float
        Their populations.

    Returns
    -------
    ratio, lower, upper : float
        x1 = 0 gives 0 to an upper limit; x0 = 0 gives a lower limit to infinity; both 0, or a
        population that is not positive, is missing.
    """
    from scipy import stats

    if min(x1, x0) < 0:
        raise ValueError("events are counted: not negative")
    missing = (float("nan"),) * 3
    if not (n1 > 0 and n0 > 0) or x1 + x0 == 0:
        return missing
    tail = (1 - level) / 2
    odds = n0 / n1
    lower = stats.beta.ppf(tail, x1, x0 + 1) if x1 else 0.0
    upper = stats.beta.ppf(1 - tail, x1 + 1, x0) if x0 else 1.0
    ratio = (x1 / n1) / (x0 / n0) if x0 else float("inf")
    return (
        ratio,
        float(lower / (1 - lower) * odds),
        float(upper / (1 - upper) * odds) if upper < 1 else float("inf"),
    )


def representation(x: ArrayLike, n: float, population_share: ArrayLike, level: float = LEVEL):
    """Return how a group's share of children compares with its share of the population.

    It is not a ratio of rates: 1.74 here stands beside a rate ratio of 2.23 for the same counts
    (STATISTICS 1.3).

    Parameters
    ----------
    x : array-like of whole numbers
        Children of each group.
    n : whole number
        All of them.
    population_share : array-like
        Between 0 and 1; 0 gives a missing ratio.

    Returns
    -------
    value, lower, upper : ndarray
    """
    x, share = np.asarray(x, float), np.asarray(population_share, float)
    share = np.where(share > 0, share, np.nan)
    lower, upper = wilson(x, np.full(x.shape, float(n)), level)
    return x / n / share, lower / share, upper / share


def stay_ratio(
    both: float,
    stock_only: float,
    started_only: float,
    reference: tuple[float, float, float],
    level: float = LEVEL,
    repeats: int = 4000,
    seed: int = 903,
):
    """Return the ratio of two groups' children looked after per child started.

    In a steady state, children looked after = entries x length of stay, so this is the part of a
    difference in rates that comes from staying longer: ``ln RR_stock = ln RR_entry + ln RR_stay``.

    Parameters
    ----------
    both, stock_only, started_only : whole numbers
        Children of the group who were looked after and started in the period, only looked after,
        only started.
    reference : tuple
        The same three of the reference group.
    repeats, seed : int
        Of the bootstrap over children (Poisson counts of the three kinds); the same seed gives the
        same limits.

    Returns
    -------
    ratio, lower, upper : float
        Percentile limits; missing where either group has no child looked after or none started.
    """
    counts = np.array([both, stock_only, started_only, *reference], float)

    def ratio_of(c):
        with np.errstate(divide="ignore", invalid="ignore"):
            return ((c[0] + c[1]) / (c[0] + c[2])) / ((c[3] + c[4]) / (c[3] + c[5]))

    if (
        min(
            both + stock_only,
            both + started_only,
            reference[0] + reference[1],
            reference[0] + reference[2],
        )
        <= 0
    ):
        return (float("nan"),) * 3
    drawn = np.random.default_rng(seed).poisson(counts[:, None], (6, repeats)).astype(float)
    ratios = ratio_of(drawn)
    ratios = ratios[np.isfinite(ratios)]
    tail = (1 - level) / 2
    lower, upper = np.quantile(ratios, [tail, 1 - tail])
    return float(ratio_of(counts)), float(lower), float(upper)
