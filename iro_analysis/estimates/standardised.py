"""Standardise rates, so that populations of different ages can be compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted, tail_of
from iro_analysis.estimates.distributions import t_quantile
from iro_analysis.estimates.rates import poisson_limits

COMPARED = (
    "observed over expected at the reference group's rates by age; quasi-Poisson interval on the "
    "logarithm"
)
_FEWEST = 10


def expected(population: ArrayLike, reference_rate: ArrayLike) -> float:
    """Return how many events there would be at the rates of a reference.

    Parameters
    ----------
    population : array-like
        Children of the group in each age band; one element per band.
    reference_rate : array-like
        Events per child in each band of the reference, in the same order.

    Returns
    -------
    float
        Events; missing where a band's population or rate is missing.

    Raises
    ------
    ValueError
        If bands differ in number, or a population or rate is negative.
    """
    population, reference_rate = np.asarray(population, float), np.asarray(reference_rate, float)
    if population.shape != reference_rate.shape:
        raise ValueError("populations and reference rates differ in number")
    if (population < 0).any() or (reference_rate < 0).any():
        raise ValueError("a population or a reference rate is negative")
    return float((population * reference_rate).sum())


def indirect(observed: float, expected: float, level: float = LEVEL) -> tuple[float, float, float]:
    """Return the indirectly standardised ratio: observed over expected events.

    The way to standardise small groups, such as an ethnic group of one council.

    Parameters
    ----------
    observed : whole number
        Events of the group, all ages.
    expected : float
        What `expected` gives. Taken as known, so the reference should be much larger.
    level : float
        Confidence level.

    Returns
    -------
    ratio, lower, upper : float
        1 is as in the reference; missing where expected is 0 or either is missing. Times the
        reference's rate, it is the indirectly standardised rate.

    Raises
    ------
    ValueError
        If observed is negative or not whole, or expected is negative.

    Notes
    -----
    Not for comparing two groups with each other: each stands on its own ages. Each is compared
    with the reference only.

    References
    ----------
    PHEindicatormethods ``calculate_ISRatio``; STATISTICS 1.3.
    """
    if expected < 0:
        raise ValueError("expected events are negative")
    lower, upper = poisson_limits([observed], level)
    divisor = expected if expected > 0 else float("nan")
    return observed / divisor, float(lower[0]) / divisor, float(upper[0]) / divisor


def compared(
    observed: float,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    phi: float = 1.0,
    freedom: float = float("inf"),
    level: float = LEVEL,
) -> tuple[float, float, float]:
    """Return a group's events over those expected at a reference group's rates by age.

    Unlike `indirect` it takes the reference group's own events for a count that varies too.

    Parameters
    ----------
    observed : whole number
        Events of the group, all ages.
    population : array-like
        Children of the group in each age band.
    reference_events, reference_population : array-like
        Events and children of the reference group in each band.
    phi : float
        How many times the variance of such counts is their mean; not below 1.
    freedom : float
        Degrees of freedom with which phi was estimated; infinite where it is taken as known.
    level : float
        Confidence level.

    Returns
    -------
    ratio, lower, upper : float
        All missing where nothing is expected; limits missing where nothing was observed.

    Raises
    ------
    ValueError
        If a count is negative or not whole, phi is below 1, or a band of the reference has events
        and no children.

    Notes
    -----
    Not for fewer than about 10 events. Not for two groups with each other: each has its own ages.

    References
    ----------
    R's ``glm(family = quasipoisson)``, and the delta method for what is expected; Breslow and Day
    1987, chapter 2.
    """
    (observed,) = counted([observed])
    reference_events = counted(reference_events)
    population = np.asarray(population, float)
    reference_population = np.asarray(reference_population, float)
    if phi < 1 or not (reference_population > 0).all():
        raise ValueError("phi is 1 or more, and every age band of the reference has children")
    weights = population / reference_population
    wanted = expected(population, reference_events / reference_population)
    if not wanted > 0:
        return (float("nan"),) * 3
    if not observed:
        return 0.0, float("nan"), float("nan")
    variance = phi * (1 / observed + float((weights**2 * reference_events).sum()) / wanted**2)
    ratio, quantile = float(observed / wanted), float(t_quantile(1 - tail_of(level), freedom))
    stretch = float(np.exp(quantile * variance**0.5))
    return ratio, ratio / stretch, ratio * stretch


def dispersion(observed: ArrayLike, expected: ArrayLike) -> tuple[float, float]:
    """Return how many times the variance of counts is their mean, each group at its own level.

    Parameters
    ----------
    observed, expected : array-like
        One row for each group, one column for each period; expected up to a factor for each group.

    Returns
    -------
    phi, freedom : float
        Pearson's chi-squared over its degrees of freedom. Groups without events are left out; 1
        and 0 degrees where nothing is left.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or nothing is expected of a cell.

    Notes
    -----
    Not for one period: there is nothing to differ from.

    References
    ----------
    McCullagh and Nelder 1989; the dispersion of R's ``glm(family = quasipoisson)``.
    """
    seen, wanted = counted(observed), np.asarray(expected, float)
    if not (wanted > 0).all():
        raise ValueError("something is expected of every cell")
    kept = seen.sum(axis=1) > 0
    seen, wanted = seen[kept], wanted[kept]
    freedom = float(seen.shape[0] * (seen.shape[1] - 1))
    if not freedom:
        return 1.0, 0.0
    fitted = wanted * seen.sum(axis=1, keepdims=True) / wanted.sum(axis=1, keepdims=True)
    return float(((seen - fitted) ** 2 / fitted).sum() / freedom), freedom


def direct(
    events: ArrayLike, population: ArrayLike, weights: ArrayLike, per: float, level: float = LEVEL
) -> tuple[float, float, float]:
    """Return the directly standardised rate: what a standard population would have.

    Parameters
    ----------
    events : array-like of whole numbers
        Events in each age band; one element per band.
    population : array-like
        Children in each band.
    weights : array-like
        The standard population of each band; only the proportions between them count.
    per : float
        10,000 for a rate per 10,000.
    level : float
        Confidence level.

    Returns
    -------
    rate, lower, upper : float
        Missing with fewer than 10 events in all, or where a value is missing.

    Raises
    ------
    ValueError
        If bands differ in number; a count is negative or not whole; a weight is negative, or all
        are 0; or a band that has weight has no children. Dropping such a band and standardising
        over the rest would be a rate of something else.

    Notes
    -----
    Not for small groups: use `indirect`.

    References
    ----------
    Dobson et al. 1991; Morris et al. 2018 for the fewest events; PHEindicatormethods
    ``calculate_dsr`` (STATISTICS 1.3).
    """
    events = counted(events)
    population, weights = np.asarray(population, float), np.asarray(weights, float)
    if not events.shape == population.shape == weights.shape:
        raise ValueError("events, populations and weights differ in number")
    if (weights < 0).any() or weights.sum() == 0:
        raise ValueError("weights are negative or all 0")
    if (population <= 0).any():
        raise ValueError("an age band has no children: merge it with its neighbour")
    total = events.sum()
    if np.isnan([total, population.sum(), weights.sum()]).any() or total < _FEWEST:
        return (float("nan"),) * 3
    share = weights / weights.sum()
    value = float((share * events / population).sum())
    variance = float((share**2 * events / population**2).sum())
    lower, upper = poisson_limits([total], level)
    stretch = (variance / total) ** 0.5
    return (
        value * per,
        (value + stretch * float(lower[0] - total)) * per,
        (value + stretch * float(upper[0] - total)) * per,
    )
