"""Straight lines through a figure's years: the change a year, with an interval and a p value.

Whole clusters are the units: a child counted in several years brings all of them, brothers and
sisters come together. Years are evenly spaced, the earliest first. With four to six of them no test
by ranks can be clear (of four years in order, one in twelve is so by chance), so how much one year
varies is taken from the children and from phi, not from the few years.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.distributions import (
    normal_quantile,
    normal_tail,
    t_quantile,
    t_tail,
)

_FEWEST_POINTS = 3
_MISSING = Difference(*(float("nan"),) * 4)


def share_slope(
    met: ArrayLike,
    of: ArrayLike,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> Difference:
    """Return the change of a share a year, over everyone counted in any of the years.

    Parameters
    ----------
    met, of : array-like of whole numbers, clusters by years
        For each cluster (a child, or brothers and sisters), how many things met it in each year,
        and how many there were; 0 where it is not counted in a year.
    phi : float
        How many times the variance of a year's share is what chance makes it, where that is known:
        a year's own ups and downs, which no cluster shows.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        Change a year, in parts of one; all missing where a year has nothing counted, all or none
        met it in every year, or there is one cluster.

    Raises
    ------
    ValueError
        If a count is negative or not whole, more met it than there were, or the years are fewer
        than three.

    Notes
    -----
    The least squares line through the single things, of which each year has its number. Its error:
    the larger of the sandwich by cluster about the line, and the binomial error about the mean,
    which does not close where few or nearly all met it; with phi the year's own variance on top.
    Not for fewer than 10 things in a year or 30 clusters of several, and not across a break.

    References
    ----------
    Liang and Zeger 1986; Armitage 1955 (the binomial error). R's ``lm`` with
    ``sandwich::vcovCL(type = "HC0", cadjust = TRUE)``.
    """
    met, of = counted_of(met, of)
    days = _centred(met.shape, of.shape)
    total = of.sum(axis=0)
    clusters = int((of.sum(axis=1) > 0).sum())
    share = float(met.sum() / of.sum()) if of.sum() else float("nan")
    if not (total > 0).all() or clusters < 2 or share in (0.0, 1.0):
        return _MISSING
    days = days - float((days * total).sum() / total.sum())
    size = float((days**2 * total).sum())
    slope = float((days * met.sum(axis=0)).sum() / size)
    line = share + slope * days
    parts = ((met - line * of) * days).sum(axis=1) / size
    by_cluster = clusters / (clusters - 1) * float((parts**2).sum())
    by_chance = share * (1 - share) / size
    variance = max(by_cluster, by_chance) + (max(phi, 1.0) - 1) * by_chance
    return _line(slope, variance**0.5, min(clusters - 1, freedom), level)


def count_slope(
    counts: ArrayLike,
    population: ArrayLike = 1.0,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> Difference:
    """Return the change of a count or rate a year, allowing for more spread than chance alone.

    Parameters
    ----------
    counts : array-like of numbers
        One element per year; the years are equally long.
    population : array-like of numbers
        What the count of each year is divided by; 1 for the count itself.
    phi : float
        How many times the variance of such a count is its mean; not below 1.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        Change a year, in the unit of count over population; all missing where all counts are 0.

    Raises
    ------
    ValueError
        If a count is negative or missing, or the years are fewer than three.

    Notes
    -----
    For counts the variance, phi times the mean over the sum of squares, is exact given the total,
    and under a straight line too. Not for fewer than 10 events in all, and not across a change of
    recording.

    References
    ----------
    McCullagh and Nelder 1989 (phi); the score test of the log-linear slope, as R's
    ``anova(glm(family = poisson), test = "Rao")`` has it.
    """
    counts = np.asarray(counts, float)
    days = _centred(counts.shape, counts.shape)
    if not (counts >= 0).all():
        raise ValueError("counts are 0 or more, none missing")
    if not counts.sum():
        return _MISSING
    of = np.broadcast_to(np.asarray(population, float), days.shape)
    size = float((days**2).sum())
    slope = float((days * counts / of).sum() / size)
    variance = max(phi, 1.0) * float((days**2 / of).sum() * counts.sum() / of.sum()) / size**2
    return _line(slope, variance**0.5, freedom, level)


def stock_slope(
    present: ArrayLike,
    population: ArrayLike = 1.0,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> Difference:
    """Return the change a year of how many there are on a day, from who came and who left.

    Parameters
    ----------
    present : array-like of whole numbers, clusters by days
        For each cluster, how many of it are counted on each day, the days a year apart.
    population : array-like of numbers
        What the number of each day is divided by; 1 for the count itself.
    phi : float
        How many times the variance of a change is the number who came and left, where that is
        known; what the clusters show counts where it is more.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        Change a year, in the unit of count over population; missing where nobody came or left.

    Raises
    ------
    ValueError
        If the days are fewer than three.

    Notes
    -----
    A number on a day is the one before, and who came, less who left: only these are chance, and a
    number that has risen stays up. Who is there on all days tells nothing of the change. Those who
    came and went between two of the days are in neither. Not for fewer than about ten who came or
    left.

    References
    ----------
    STATISTICS 2.4: stock(t1) = stock(t0) + came - left; the compound Poisson variance.
    """
    present = np.asarray(present, float)
    days = _centred(present.shape, present.shape)
    of = np.broadcast_to(np.asarray(population, float), days.shape)
    steps = np.diff(present, axis=1)
    moves = np.abs(steps).sum(axis=0)
    if not moves.sum():
        return _MISSING
    size = float((days**2).sum())
    slope = float((days * present.sum(axis=0) / of).sum() / size)
    # A move between two days counts in all days after it.
    weights = np.array([float(days[place:].sum()) for place in range(1, len(days))]) / of.mean()
    of_clusters = float(((steps * weights).sum(axis=1) ** 2).sum())
    of_time = max(phi, 1.0) * float((weights**2 * moves).sum())
    error = max(of_clusters, of_time) ** 0.5 / size
    return _line(slope, error, freedom if of_time > of_clusters else float("inf"), level)


def mean_slope(
    values: ArrayLike, year: ArrayLike, cluster: ArrayLike, level: float = LEVEL
) -> Difference:
    """Return the change of a mean a year, clusters as units.

    Parameters
    ----------
    values : array-like of numbers
        One element for each child and year.
    year : array-like of numbers
        Which year each value is of.
    cluster : array-like
        Whose each value is; the same name in several years is the same child or family.
    level : float
        Confidence level.

    Returns
    -------
    Difference
        Change a year; missing where the values are of one year or one cluster.

    Raises
    ------
    ValueError
        If values, years and clusters differ in number.

    Notes
    -----
    The least squares line through the single values, its error the sandwich by cluster. Not for a
    few clusters, nor for values of which a few are far from all others.

    References
    ----------
    Liang and Zeger 1986. R's ``lm`` with ``sandwich::vcovCL(type = "HC0", cadjust = TRUE)``.
    """
    values, days = np.asarray(values, float), np.asarray(year, float)
    names = np.asarray(cluster, object)
    if not values.shape == days.shape == names.shape:
        raise ValueError("values, years and clusters differ in number")
    _, whose = np.unique(names.astype(str), return_inverse=True)
    many = int(whose.max()) + 1 if len(whose) else 0
    days = days - days.mean() if len(days) else days
    size = float((days**2).sum())
    if many < 2 or not size:
        return _MISSING
    slope = float((days * values).sum() / size)
    residuals = values - values.mean() - slope * days
    parts = np.bincount(whose, days * residuals) / size
    error = (many / (many - 1) * float((parts**2).sum())) ** 0.5
    return _line(slope, error, many - 1, level)


def _centred(shape: tuple[int, ...], other: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the years as distances from their middle."""
    if shape != other or shape[-1] < _FEWEST_POINTS:
        raise ValueError(f"a line needs {_FEWEST_POINTS} years or more, the same in all")
    return np.arange(shape[-1], dtype=np.float64) - (shape[-1] - 1) / 2


def _line(slope: float, error: float, freedom: float, level: float) -> Difference:
    inside, is_t = 1 - tail_of(level), np.isfinite(freedom)
    reach = error * float(t_quantile(inside, freedom) if is_t else normal_quantile(inside))
    far = abs(slope) / error if error else float("inf")
    p = float(2 * (t_tail(far, freedom) if is_t else normal_tail(far))) if slope else 1.0
    return Difference(slope, slope - reach, slope + reach, p)
