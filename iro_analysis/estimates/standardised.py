"""Rates made comparable between populations of unlike ages."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted
from iro_analysis.estimates.rates import poisson_limits

INDIRECT = "indirectly standardised ratio; exact Poisson interval below 10 events, Byar from 10"
DIRECT = "directly standardised rate; Dobson interval"
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
