"""Ratios of two rates, and of a group's share of children to its share of the population."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted
from iro_analysis.estimates.distributions import binomial_p
from iro_analysis.estimates.proportions import clopper_pearson, wilson

RATE_RATIO = "rate ratio; exact conditional interval"
SHARE_RATIO = "ratio of shares; exact conditional interval"
REPRESENTATION = "share over population share; Wilson interval of the share"


def _comparable(x1: float, n1: float, x0: float, n0: float) -> bool:
    """Whether two rates have a ratio at all; refuses counts that cannot be."""
    events = counted([x1, x0])
    if n1 < 0 or n0 < 0:
        raise ValueError("a population is negative")
    return bool(n1 > 0 and n0 > 0 and not np.isnan(events).any() and x1 + x0 > 0)


def _plain_ratio(x1: float, n1: float, x0: float, n0: float) -> float:
    return (x1 / n1) / (x0 / n0) if x0 else float("inf")


def _as_ratio(share: float, odds: float) -> float:
    """Return the ratio of rates that gives the first group this share of all events."""
    return float(share / (1 - share) * odds) if share < 1 else float("inf")


def rate_ratio(
    x1: float, n1: float, x0: float, n0: float, level: float = LEVEL
) -> tuple[float, float, float]:
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
        Their populations, in one unit.
    level : float
        Confidence level; the coverage is never below it.

    Returns
    -------
    ratio, lower, upper : float
        x1 = 0 gives 0 to an upper limit; x0 = 0 gives a lower limit to infinity; both 0, a
        population that is 0, or anything missing, is missing.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or a population is negative.

    Notes
    -----
    Not a ratio of shares of children (`representation`), and not an explanation: ages, deprivation
    and unaccompanied children differ between groups. The two groups may not overlap.

    References
    ----------
    STATISTICS 1.3; agrees with R's ``poisson.test``.
    """
    if not _comparable(x1, n1, x0, n0):
        return (float("nan"),) * 3
    lower, upper = clopper_pearson([x1], [x1 + x0], level)
    odds = n0 / n1
    return _plain_ratio(x1, n1, x0, n0), _as_ratio(lower[0], odds), _as_ratio(upper[0], odds)


def rate_ratio_p(x1: float, n1: float, x0: float, n0: float, ratio: float = 1.0) -> float:
    """Return the exact two-sided p value of a ratio of two rates.

    Parameters
    ----------
    x1, n1, x0, n0
        As in `rate_ratio`.
    ratio : float
        The ratio that is tested; 1 for no difference.

    Returns
    -------
    float
        The chance of a split of the events no likelier than the one seen; missing where the ratio
        is not defined.

    Raises
    ------
    ValueError
        As in `rate_ratio`, or if the ratio tested is not positive.

    Notes
    -----
    It is not the chance that there is no difference. Of several groups compared, adjust the p
    values together (``multiplicity.holm``).

    References
    ----------
    Agrees with R's ``poisson.test``; scipy's ``binomtest``.
    """
    if not _comparable(x1, n1, x0, n0):
        return float("nan")
    if not ratio > 0:
        raise ValueError("the ratio tested is positive")
    share = ratio * n1 / (ratio * n1 + n0)
    return float(binomial_p(int(x1), int(x1 + x0), share))


def representation(
    x: ArrayLike, n: float, population_share: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return how a group's share of children compares with its share of the population.

    It is not a ratio of rates: 1.74 here goes with a rate ratio of 2.23 for the same counts
    (STATISTICS 1.3). The ratio of two groups' representations is their rate ratio.

    Parameters
    ----------
    x : array-like of whole numbers
        Children of each group; one element per group.
    n : whole number
        All of them.
    population_share : array-like
        Between 0 and 1; 0 gives a missing ratio. Taken as known.
    level : float
        Confidence level.

    Returns
    -------
    value, lower, upper : ndarray
        1 is neither over- nor under-represented; missing where a count or a share is missing or n
        is 0.

    Raises
    ------
    ValueError
        If the counts cannot be.

    Notes
    -----
    Not for ranking groups of few children: their intervals overlap. A group that is most of the
    population cannot have a high ratio, so ratios of large and small groups are not comparable.

    References
    ----------
    STATISTICS 1.3; `proportions.wilson`.
    """
    x, share = np.asarray(x, float), np.asarray(population_share, float)
    share = np.where(share > 0, share, np.nan)
    lower, upper = wilson(x, np.full(x.shape, float(n)), level)
    everyone = float(n) if n else float("nan")
    return x / everyone / share, lower / share, upper / share


def ratio_with_rounded_share(
    x1: float, x0: float, share: float, half: float = 0.005, level: float = LEVEL
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the rate ratio over all population shares that round to the one printed.

    Parameters
    ----------
    x1, x0 : whole numbers
        Events in the group and in all others.
    share : float
        The group's share of the population as printed, between 0 and 1; the others are the rest.
    half : float
        Half of the last printed digit: 0.005 for a whole percentage (23% is 22.5% to 23.5%).
    level : float
        Confidence level.

    Returns
    -------
    ratios, limits : pairs of float
        The lowest and highest ratio, and the outermost limits of their exact intervals; missing
        where the ratio is not defined.

    Raises
    ------
    ValueError
        If a share in the range is not between 0 and 1, or a count cannot be.

    Notes
    -----
    Not an interval of chance alone: it adds what is not known of the population. What `rate_ratio`
    is not for holds here too.

    References
    ----------
    STATISTICS 1.3: carry the range of a rounded denominator through.
    """
    if not (half >= 0 and share - half > 0 and share + half < 1):
        raise ValueError("a population share and what it may have been lie between 0 and 1")
    few, many = share - half, share + half
    highest = rate_ratio(x1, few, x0, 1 - few, level)
    lowest = rate_ratio(x1, many, x0, 1 - many, level)
    return (lowest[0], highest[0]), (lowest[1], highest[2])


def ratio_with_unknown_group(
    x1: float, n1: float, x0: float, n0: float, unknown: float, level: float = LEVEL
) -> dict[str, tuple[float, float, float]]:
    """Return the rate ratio three ways, for children whose group is not recorded.

    Parameters
    ----------
    x1, n1, x0, n0, level
        As in `rate_ratio`.
    unknown : whole number
        Children whose group is missing.

    Returns
    -------
    dict
        Ratio and limits with all of them in the reference group (``none``), shared out as the
        known are (``pro_rata``: the ratio of the known), and all in the group (``all``).

    Raises
    ------
    ValueError
        As in `rate_ratio`.

    Notes
    -----
    Not to be narrowed to the middle value: above 5% unknown, print the range only. Pro rata adds no
    children to the interval: it is that of the children whose group is known.

    References
    ----------
    STATISTICS 1.3: never drop the children whose group is missing.
    """
    counted([unknown], "children of an unknown group")
    return {
        "none": rate_ratio(x1, n1, x0 + unknown, n0, level),
        "pro_rata": rate_ratio(x1, n1, x0, n0, level),
        "all": rate_ratio(x1 + unknown, n1, x0, n0, level),
    }
