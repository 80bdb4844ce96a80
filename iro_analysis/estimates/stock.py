"""Forecast a stock from how many come and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates.counts import counted, tail_of
from iro_analysis.estimates.distributions import normal_density, normal_quantile, normal_tail

PREDICTION = "entry rate and survival carried forward; prediction range"


@dataclass(frozen=True)
class Prediction:
    """What a stock is expected to be, as a normal distribution.

    Attributes
    ----------
    mean, std_dev : float
        Of the number on the day.
    """

    mean: float
    std_dev: float

    def within(self, level: float) -> tuple[float, float]:
        """Return the limits between which the number lies with a probability; not below 0."""
        reach = float(normal_quantile(1 - tail_of(level))) * self.std_dev
        return max(self.mean - reach, 0.0), self.mean + reach

    def crps(self, observed: float) -> float:
        """Return the continuous ranked probability score: small where it is near and sure of it.

        In the unit of the number. For a forecast without a range it is the plain distance.

        References
        ----------
        Gneiting and Raftery 2007, JASA 102, 359.

        Examples
        --------
        >>> round(Prediction(0.0, 1.0).crps(0.0), 6), Prediction(348.0, 0.0).crps(328)
        (0.233695, 20.0)
        """
        if not self.std_dev:
            return abs(observed - self.mean)
        z = (observed - self.mean) / self.std_dev
        return float(
            self.std_dev
            * (z * (2 * normal_tail(-z) - 1) + 2 * normal_density(z) - 1 / np.sqrt(np.pi))
        )


@dataclass(frozen=True)
class Leaving:
    """How fast people leave by how long they have been there.

    Attributes
    ----------
    edges : ndarray
        Where each stretch of time begins [days]; the first is 0, the last has no end.
    days : ndarray
        Days at risk in each stretch.
    left : ndarray
        How many left in it.
    """

    edges: NDArray[np.float64]
    days: NDArray[np.float64]
    left: NDArray[np.float64]

    @cached_property
    def rates(self) -> NDArray[np.float64]:
        """How many leave a day in each stretch; 0 where nobody was at risk."""
        return np.divide(self.left, self.days, out=np.zeros_like(self.days), where=self.days > 0)

    def days_by(self, since: ArrayLike, until: ArrayLike) -> NDArray[np.float64]:
        """Return each person's days from one time to another, by stretch."""
        since, until = np.asarray(since, float), np.asarray(until, float)
        ends = np.append(self.edges[1:], np.inf)
        low = np.maximum(since[:, None], self.edges)
        high = np.minimum(until[:, None], ends)
        return np.maximum(high - low, 0.0)


def leaving(since: ArrayLike, until: ArrayLike, left: ArrayLike, edges: ArrayLike) -> Leaving:
    """Return how fast people leave, from who was under observation.

    Parameters
    ----------
    since, until : array-like of numbers
        For each person under observation, how long they had been there when it began and when it
        ended [days].
    left : array-like of bool
        Whether they left when it ended.
    edges : array-like of numbers
        Where each stretch of time begins; the first is 0.

    Returns
    -------
    Leaving
        Days at risk and leavers of each stretch; who leaves as one ends has left in it.

    Raises
    ------
    ValueError
        If an observation ends before it begins.

    Notes
    -----
    Not for what must end on a known day, as care does at 18: end the observation there, not left.

    References
    ----------
    Occurrence over exposure, the maximum likelihood of rates constant within each stretch; agrees
    with R's ``survival::pyears``.
    """
    since, until = np.asarray(since, float), np.asarray(until, float)
    edges = np.asarray(edges, float)
    if (until < since).any():
        raise ValueError("an observation ends before it begins")
    found = Leaving(edges, np.zeros(len(edges)), np.zeros(len(edges)))
    days = found.days_by(since, until).sum(axis=0)
    # Who leaves as a stretch ends has been at risk in it to the end.
    stretch = np.searchsorted(edges, until[np.asarray(left, bool)], side="left") - 1
    counts = np.bincount(np.maximum(stretch, 0), minlength=len(edges)).astype(float)
    return Leaving(edges, days, counts)


def ahead(
    there: ArrayLike,
    there_until: ArrayLike,
    rates: Leaving,
    came: float,
    came_in: float,
    came_until: ArrayLike,
    days: int,
    phi_came: float = 1.0,
    phi_left: float = 1.0,
) -> Prediction:
    """Return how many are expected to be there after some days.

    Parameters
    ----------
    there : array-like of numbers
        How long each of those there now has been there [days].
    there_until : array-like of numbers
        After how many days from now each must have left; infinite where not known.
    rates : Leaving
    came : number
        How many came in the days learnt from.
    came_in : number
        How many days those were.
    came_until : array-like of numbers
        Of those who came, after how many days from coming each must have left.
    days : int
        How far ahead.
    phi_came, phi_left : float
        How many times the variance of the numbers who come and leave is what chance makes it; not
        below 1.

    Returns
    -------
    Prediction
        Those there now who are left, and those who will have come and not gone again. Its spread:
        who happens to come and leave, and how well the rates are known.

    Raises
    ------
    ValueError
        If a number is negative, a phi is below 1, or there are no days.

    Notes
    -----
    It takes coming and leaving to go on as in the days learnt from, and knows no season and no
    decision to come. Not to be relied on before it is scored by its own past.

    References
    ----------
    The suite's own. Coming is a Poisson process whose variance is multiplied by `phi_came`, leaving
    a rate constant within each stretch; Taylor expansion for how well both are known.

    Examples
    --------
    Two children, of which one must leave within 100 days; one in 1,000 leaves a day; nobody comes.

    >>> slow = Leaving(np.array([0.0]), np.array([10_000.0]), np.array([10.0]))
    >>> round(ahead([50, 50], [np.inf, 60], slow, 0, 365, [], 100).mean, 6)  # exp(-0.1)
    0.904837
    """
    came = float(counted(came, "those who came"))
    there, must = np.asarray(there, float), np.asarray(there_until, float)
    if days <= 0 or came_in <= 0 or min(phi_came, phi_left) < 1 or (there < 0).any():
        raise ValueError("a forecast needs days ahead, days learnt from, and phi of 1 or more")
    at_risk = rates.days_by(there, there + days)
    stays = np.exp(-at_risk @ rates.rates) * (must > days)
    since = np.arange(days, dtype=float)  # of who comes on each of the days, on the last of them
    exposed = rates.days_by(np.zeros(days), since)
    limits = np.sort(np.asarray(came_until, float))
    of_age = len(limits) - np.searchsorted(limits, since, side="right")
    still = np.exp(-exposed @ rates.rates) * (of_age / len(limits) if len(limits) else 1.0)
    a_day = came / came_in
    mean = float(stays.sum() + a_day * still.sum())
    # By how much the expected number moves with the logarithm of each rate of leaving.
    slope = -(stays @ at_risk + a_day * (still @ exposed)) * rates.rates
    known = np.divide(phi_left, rates.left, out=np.zeros_like(slope), where=rates.left > 0)
    variance = (
        phi_left * float((stays * (1 - stays)).sum())
        + phi_came * a_day * float(still.sum())
        + phi_came * a_day / came_in * float(still.sum()) ** 2
        + float((slope**2 * known).sum())
    )
    return Prediction(mean, variance**0.5)
