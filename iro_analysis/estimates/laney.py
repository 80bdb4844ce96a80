"""Laney's u' and p' control charts: counts, rates and shares that vary by more than chance.

The limits of a plain u or p chart take chance for all the variation there is; those of large counts
are then too narrow. Here they are widened by what neighbouring points show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates.counts import counted, counted_of

FEWEST_POINTS = 13
_D2 = 1.128  # the mean range of two, in standard deviations
_REACH = 3.0
_LEAST_CROSSINGS = 0.05


@dataclass(frozen=True)
class Limits:
    """The limits of a chart: one element of each array a point, in order of time.

    Attributes
    ----------
    values : ndarray
        The points: events per exposure, or shares.
    centre : float
        All events over all exposure.
    lower, upper : ndarray
        Not below 0, and for shares not above 1.
    sigma_z : float
        How many times as much neighbouring points differ as chance alone would have them.
    longest_run, crossings : int
        The most points in a row on one side of the centre, and how often the line crosses it;
        points on the centre left out.
    most_run, least_crossings : int
        As far as chance usually goes.
    """

    values: NDArray[np.float64]
    centre: float
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    sigma_z: float
    longest_run: int
    most_run: int
    crossings: int
    least_crossings: int

    @property
    def enough(self) -> bool:
        """Whether there are the points that limits need; without them, print no limits."""
        return len(self.values) >= FEWEST_POINTS

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Which points lie beyond a limit."""
        return (self.values < self.lower) | (self.values > self.upper)

    @property
    def shifted(self) -> bool:
        """Whether the points keep to one side of the centre for longer than chance usually has."""
        return self.longest_run > self.most_run or self.crossings < self.least_crossings


def rates(events: ArrayLike, exposure: ArrayLike) -> Limits:
    """Return the limits of a u' chart: events for each unit of exposure.

    Parameters
    ----------
    events : array-like of whole numbers
        One element for each point, in order of time, evenly spaced.
    exposure : array-like of numbers
        In the unit of the rate; 1 for each where counts themselves are charted.

    Returns
    -------
    Limits
        Also for fewer than 13 points, with ``enough`` false: not to be printed.

    Raises
    ------
    ValueError
        If there are fewer than two points, one is missing, no event happened, or there is no
        exposure.

    Notes
    -----
    Not across a known break: begin a new chart there. Not for how many are there on a day: most of
    them were there at the point before, so that points follow each other.

    References
    ----------
    Laney 2002, Quality Engineering 14, 531; runs by Anhoej and Olesen 2014, PLoS ONE 9, e113825.
    The limits are those of qicharts2's u' chart without screening of moving ranges.

    Examples
    --------
    >>> chart = rates([40, 44, 36, 40], [1, 1, 1, 1])
    >>> chart.centre, round(chart.sigma_z, 3), chart.upper.round(1).tolist()
    (40.0, 0.748, [54.2, 54.2, 54.2, 54.2])
    """
    events, exposure = counted(events), np.asarray(exposure, float)
    if not (np.isfinite(exposure).all() and (exposure > 0).all()):
        raise ValueError("a rate needs exposure at every point")
    _check(events, exposure)
    centre = float(events.sum() / exposure.sum())
    chance = np.sqrt(centre / exposure)
    return _limits(events / exposure, centre, chance, float("inf"))


def shares(met: ArrayLike, of: ArrayLike) -> Limits:
    """Return the limits of a p' chart: the share of each point that met something.

    Parameters
    ----------
    met, of : array-like of whole numbers
        One element for each point, in order of time, evenly spaced.

    Returns
    -------
    Limits
        As ``rates`` returns them.

    Raises
    ------
    ValueError
        If there are fewer than two points, one has nothing counted, or all or none met it.

    Notes
    -----
    Not across a known break. Not for shares of a handful: limits may reach 0 or 1.

    References
    ----------
    Laney 2002, Quality Engineering 14, 531; as qicharts2's p' chart.

    Examples
    --------
    >>> chart = shares([90, 92, 88, 91], [100, 100, 100, 100])
    >>> chart.centre, bool(chart.outside.any())
    (0.9025, False)
    """
    met, of = counted_of(met, of)
    if not (of > 0).all():
        raise ValueError("a share needs something counted at every point")
    _check(met, of)
    centre = float(met.sum() / of.sum())
    if centre == 1:
        raise ValueError("a chart of shares needs some that met it and some that did not")
    chance = np.sqrt(centre * (1 - centre) / of)
    return _limits(met / of, centre, chance, 1.0)


def _check(events: NDArray, exposure: NDArray) -> None:
    if events.shape != exposure.shape or len(events) < 2:
        raise ValueError("a chart needs two points or more")
    if np.isnan(events).any() or not events.sum():
        raise ValueError("a chart needs points of which none is missing, and some events")


def _limits(values: NDArray, centre: float, chance: NDArray, most: float) -> Limits:
    z = (values - centre) / chance
    sigma_z = float(np.abs(np.diff(z)).mean()) / _D2
    reach = _REACH * sigma_z * chance
    return Limits(
        values,
        centre,
        np.maximum(centre - reach, 0.0),
        np.minimum(centre + reach, most),
        sigma_z,
        *_runs(values, centre),
    )


def _runs(values: NDArray, centre: float) -> tuple[int, int, int, int]:
    from scipy.stats import binom

    side = np.sign(values - centre)
    side = side[side != 0]
    if not len(side):
        return 0, 0, 0, 0
    starts = np.flatnonzero(np.append(True, side[1:] != side[:-1]))
    longest = int(np.diff(np.append(starts, len(side))).max())
    most = round(float(np.log2(len(side)))) + 3
    least = int(binom.ppf(_LEAST_CROSSINGS, len(side) - 1, 0.5)) if len(side) > 1 else 0
    return longest, most, len(starts) - 1, least
