"""Change of a share, count, stock or mean between two times: interval and p value.

Whole clusters are the units: a child counted in both periods brings both, brothers and sisters
come together. The p value is that of the interval which just touches no difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.distributions import (
    normal_quantile,
    normal_tail,
    t_quantile,
    t_tail,
)

_FARTHEST = 40.0  # standard errors; a p value beyond it is 0 to any printed digit
_STEPS = 60


@dataclass(frozen=True)
class Difference:
    """A difference, later less earlier.

    Attributes
    ----------
    difference, lower, upper : float
        In the unit of what is compared; missing where it cannot be told.
    p : float
        Two-sided; below 1 less the level exactly where the interval excludes no difference.
    """

    difference: float
    lower: float
    upper: float
    p: float


def share_difference(
    met: ArrayLike,
    of: ArrayLike,
    met_before: ArrayLike,
    of_before: ArrayLike,
    phi: float = 1.0,
    level: float = LEVEL,
) -> Difference:
    """Return the change of a share between two periods over everyone counted in either.

    Parameters
    ----------
    met, of : array-like of whole numbers
        For each cluster (a child, or brothers and sisters), how many things met it in the later
        period and how many there were. A cluster of one period only has 0 in the other.
    met_before, of_before : array-like of whole numbers
        The same of the earlier period.
    phi : float
        How many times the variance of such shares is what chance makes it, where that is known;
        what the clusters show counts where it is more.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        Between -1 and 1; all missing where a period has nothing counted or there is one cluster.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or more met it than there were.

    Notes
    -----
    Wilson limits of each share at its effective number (``clustered.clustered_share``), put
    together with the correlation of the two shares as the clusters show it. Where every thing is
    of another cluster it is Newcombe's interval; for the same children once in each period it is
    his hybrid score interval for pairs, with the correlation as observed. Unlike the plain normal
    interval it does not close on the difference where all or none met it.
    Not for fewer than 10 things in a period, or fewer than 30 clusters of several.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873 and 2635; Donner and Zou 2012 (recovery of
    variances from limits); Rao and Scott 1992; STATISTICS 1.2 and 1.7.
    """
    met, of = counted_of(met, of)
    met_before, of_before = counted_of(met_before, of_before)
    missing = Difference(*(float("nan"),) * 4)
    total, before = float(of.sum()), float(of_before.sum())
    clusters = int(((of > 0) | (of_before > 0)).sum())
    if not total or not before or clusters < 2:
        return missing
    share, was = float(met.sum() / total), float(met_before.sum() / before)
    own = (met - share * of) / total
    earlier = (met_before - was * of_before) / before
    n = _effective(share, total, own, of, phi)
    n_before = _effective(was, before, earlier, of_before, phi)
    spread = float((own**2).sum() * (earlier**2).sum()) ** 0.5
    together = float((own * earlier).sum() / spread) if spread else 0.0

    def limits(z: float) -> tuple[float, float]:
        low, high = _wilson(share, n, z)
        low_before, high_before = _wilson(was, n_before, z)
        down = _joined(share - low, high_before - was, together)
        up = _joined(high - share, was - low_before, together)
        return share - was - down, share - was + up

    return _with_p(share - was, limits, level, clusters - 1, -1.0, 1.0)


def count_difference(
    x: float,
    days: float,
    x_before: float,
    days_before: float,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> Difference:
    """Return the change of a count between two periods, allowing for more spread than chance alone.

    Parameters
    ----------
    x, x_before : numbers
        Events of the later and the earlier period, not negative.
    days, days_before : numbers
        How long the periods are. The earlier count is brought to the length of the later one.
    phi : float
        How many times the variance of such counts is their mean; not below 1.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        In events; all missing where both counts are 0.

    Raises
    ------
    ValueError
        If a count is negative or missing, or a period has no days.

    Notes
    -----
    Limits of each count near its mid-P interval, widened by phi, put together by the recovery of
    variances. Not for counts whose recording changed between the two.

    References
    ----------
    Rothman and Boice 1979 (the modification of Byar's limits); Donner and Zou 2012; McCullagh and
    Nelder 1989 for phi.
    """
    if not (x >= 0 and x_before >= 0 and days > 0 and days_before > 0):
        raise ValueError("counts are 0 or more, and periods have days")
    if x + x_before == 0:
        return Difference(*(float("nan"),) * 4)
    longer, phi = days / days_before, max(phi, 1.0)

    def limits(z: float) -> tuple[float, float]:
        low, high = _count_limits(x, phi, z)
        low_before, high_before = _count_limits(x_before, phi, z)
        down = _joined(x - low, longer * (high_before - x_before), 0.0)
        up = _joined(high - x, longer * (x_before - low_before), 0.0)
        return middle - down, middle + up

    middle = float(x - longer * x_before)
    return _with_p(middle, limits, level, freedom)


def stock_difference(
    present: ArrayLike,
    present_before: ArrayLike,
    population: float = 1.0,
    population_before: float = 1.0,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> Difference:
    """Return the change of how many there are on a day, from who came and who left.

    Parameters
    ----------
    present, present_before : array-like of whole numbers
        For each cluster, how many of it are counted on the later and on the earlier day.
    population, population_before : numbers
        What each is divided by; 1 for the count itself.
    phi : float
        How many times the variance of the change is the number who came and left, where that is
        known; what the clusters show counts where it is more.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        In the unit of count over population; all missing where nobody came or left.

    Raises
    ------
    ValueError
        If the clusters of the two days differ in number.

    Notes
    -----
    Children present on both days carry no information on the change. Those who come and leave do so
    as if by chance, clusters together. Not for fewer than about ten who came or left.

    References
    ----------
    STATISTICS 2.4: stock(t1) = stock(t0) + came - left; the compound Poisson variance.
    """
    now, before = np.asarray(present, float), np.asarray(present_before, float)
    if now.shape != before.shape:
        raise ValueError("the clusters of the two days differ in number")
    longer = population / population_before
    net = now - longer * before
    moved = float(np.abs(now - before).sum())
    if not moved:
        return Difference(*(float("nan"),) * 4)
    of_clusters, of_time = float((net**2).sum()), phi * moved
    error = max(of_clusters, of_time) ** 0.5 / population
    middle = float(net.sum()) / population
    return _with_p(
        middle,
        lambda z: (middle - z * error, middle + z * error),
        level,
        freedom if of_time > of_clusters else float("inf"),
    )


def mean_difference(
    values: ArrayLike,
    cluster: ArrayLike,
    values_before: ArrayLike,
    cluster_before: ArrayLike,
    level: float = LEVEL,
) -> Difference:
    """Return the change of a mean between two periods, clusters as units.

    Parameters
    ----------
    values, values_before : array-like of numbers
        One element per child.
    cluster, cluster_before : array-like
        Whose each value is; the same name in both periods is the same child or family.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        All missing where a period has fewer than two values.

    Raises
    ------
    ValueError
        If values and clusters of a period differ in number.

    Notes
    -----
    Not for a few clusters, nor for values of which a few are far from all others.

    References
    ----------
    Cochran 1977, the difference of two means of clusters.
    """
    now, before = np.asarray(values, float), np.asarray(values_before, float)
    names, names_before = np.asarray(cluster, object), np.asarray(cluster_before, object)
    if len(now) != len(names) or len(before) != len(names_before):
        raise ValueError("values and clusters of a period differ in number")
    if min(len(now), len(before)) < 2:
        return Difference(*(float("nan"),) * 4)
    mean, was = float(now.mean()), float(before.mean())
    parts = np.concatenate([(now - mean) / len(now), -(before - was) / len(before)])
    _, whose = np.unique(np.concatenate([names, names_before]).astype(str), return_inverse=True)
    summed = np.bincount(whose, parts)
    many = len(summed)
    error = float(many / (many - 1) * (summed**2).sum()) ** 0.5
    middle = mean - was
    return _with_p(middle, lambda z: (middle - z * error, middle + z * error), level, many - 1)


def _effective(
    share: float, total: float, parts: NDArray[np.float64], of: ArrayLike, phi: float
) -> float:
    """Return as many things of different clusters as would tell as much."""
    clusters = int((np.asarray(of) > 0).sum())
    if clusters < 2 or share in (0.0, 1.0):
        return clusters / phi
    variance = float((parts**2).sum())  # the t quantile makes up for the few clusters
    return total / max(variance / (share * (1 - share) / total), phi, 1.0)


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    reach = z * (z**2 + 4 * n * share * (1 - share)) ** 0.5
    lower, upper = ((2 * n * share + z**2 + side * reach) / (2 * (n + z**2)) for side in (-1, 1))
    return (0.0 if share == 0 else max(lower, 0.0)), (1.0 if share == 1 else min(upper, 1.0))


def _count_limits(x: float, phi: float, z: float) -> tuple[float, float]:
    """Return limits of a count whose variance is phi times its mean."""
    middle = x / phi + 0.5
    step = z / (3 * middle**0.5)
    low = max(middle * max(1 - 1 / (9 * middle) - step, 0.0) ** 3, 0.0)
    high = middle * (1 - 1 / (9 * middle) + step) ** 3
    return min(low * phi, x) if x else 0.0, max(high * phi, x)


def _joined(one: float, other: float, together: float) -> float:
    return max(one**2 + other**2 - 2 * together * one * other, 0.0) ** 0.5


def _with_p(
    middle: float,
    limits: Callable[[float], tuple[float, float]],
    level: float,
    freedom: float,
    least: float = float("-inf"),
    most: float = float("inf"),
) -> Difference:
    """Return the interval at a level, and the p value at which its edge reaches no difference."""
    inside = 1 - tail_of(level)
    is_t = np.isfinite(freedom)
    lower, upper = limits(float(t_quantile(inside, freedom) if is_t else normal_quantile(inside)))
    low, high = 0.0, _FARTHEST
    for _ in range(_STEPS):
        z = (low + high) / 2
        edge = limits(z)
        if edge[0] > 0 or edge[1] < 0:
            low = z
        else:
            high = z
    z = (low + high) / 2
    p = float(2 * (t_tail(z, freedom) if is_t else normal_tail(z))) if middle else 1.0
    return Difference(middle, max(lower, least), min(upper, most), p)
