"""Rates of events that one child can have several times, with intervals that allow for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import tail_of
from iro_analysis.estimates.distributions import normal_quantile

CLUSTERED_RATE = "events over time at risk; log interval with a standard error by child"


@dataclass(frozen=True)
class ClusteredRate:
    """A rate of events with limits that allow for one child's events being alike.

    Attributes
    ----------
    value, lower, upper : float
        Events per unit of time at risk.
    std_err : float
        Of the logarithm of the rate, by child.
    """

    value: float
    lower: float
    upper: float
    std_err: float


def clustered_rate(events: ArrayLike, exposure: ArrayLike, level: float = LEVEL) -> ClusteredRate:
    """Estimate a rate of recurrent events, children as clusters.

    Parameters
    ----------
    events : array of int
        How many events each child had.
    exposure : array of float
        How long each child was at risk; not all 0.
    level : float
        Confidence level.

    Returns
    -------
    ClusteredRate
        Limits are missing where there was no event, or only one child was at risk.

    Raises
    ------
    ValueError
        If the arrays differ in number, something is negative, or nobody was at risk.

    Notes
    -----
    The estimate of a Poisson regression with an offset and the sandwich standard error by cluster
    with the factor n/(n - 1): R's ``sandwich::vcovCL(type = "HC0")`` of
    ``glm(events ~ offset(log(exposure)), poisson)``. Not for fewer than about 20 children.

    References
    ----------
    Lin and Wei 1989; Lawless and Nadeau 1995.
    """
    events, exposure = np.asarray(events, float), np.asarray(exposure, float)
    if events.shape != exposure.shape:
        raise ValueError("events and exposures differ in number")
    if (events < 0).any() or (exposure < 0).any() or not exposure.sum() > 0:
        raise ValueError("events and exposures are 0 or more, and somebody is at risk")
    total, missing = events.sum(), float("nan")
    value = float(total / exposure.sum())
    children = len(events)
    if total == 0 or children < 2:
        return ClusteredRate(value, missing, missing, missing)
    spread = ((events - value * exposure) ** 2).sum() * children / (children - 1)
    error = float(np.sqrt(spread) / total)
    z = normal_quantile(1 - tail_of(level))
    return ClusteredRate(
        value, float(value * np.exp(-z * error)), float(value * np.exp(z * error)), error
    )
