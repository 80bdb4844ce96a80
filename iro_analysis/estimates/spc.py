"""Control charts of a monthly figure (XmR)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_POINTS = 13
_RUN = 7
_LIMIT = 2.66
_SCREEN = 3.267


@dataclass(frozen=True)
class Chart:
    """An XmR chart: arrays have one element per point, in order of time.

    Attributes
    ----------
    mean, lower, upper : float
        The centre line and the limits, in the unit of the figure; not cut at 0 or 100.
    outside : ndarray of bool
        Beyond a limit.
    seven_one_side : ndarray of bool
        One of seven or more in a row on one side of the mean.
    seven_trend : ndarray of bool
        One of seven in a row, each higher than the one before, or each lower.
    two_of_three : ndarray of bool
        Beyond two thirds of the way to a limit, with another such among three neighbours that all
        lie on one side of the mean.
    """

    mean: float
    lower: float
    upper: float
    outside: NDArray[np.bool_]
    seven_one_side: NDArray[np.bool_]
    seven_trend: NDArray[np.bool_]
    two_of_three: NDArray[np.bool_]

    @property
    def enough(self) -> bool:
        """Whether there are the 13 points that limits need; without them, print no chart."""
        return len(self.outside) >= FEWEST_POINTS

    @property
    def unusual(self) -> NDArray[np.bool_]:
        """Which points any of the four rules marks."""
        return self.outside | self.seven_one_side | self.seven_trend | self.two_of_three


def _in_runs(start: NDArray[np.bool_], length: int, points: int) -> NDArray[np.bool_]:
    """Return which points belong to a run, given at which points runs of a length start."""
    inside = np.zeros(points, bool)
    for place in np.flatnonzero(start):
        inside[place : place + length] = True
    return inside


def _windows(values: NDArray, length: int) -> NDArray:
    if len(values) < length:
        return np.empty((0, length), values.dtype)
    return np.lib.stride_tricks.sliding_window_view(values, length)


def xmr(values: ArrayLike, screen: bool = True) -> Chart:
    """Return the limits of a figure's usual ups and downs, and the points that stand out.

    Parameters
    ----------
    values : array-like
        The figure at each point of time, in order, evenly spaced; one element per month.
    screen : bool
        Leave out moving ranges above 3.267 times their mean before the limits are taken, so that a
        single leap does not hide itself.

    Returns
    -------
    Chart
        Also for fewer than 13 points, with ``enough`` false: not to be printed.

    Raises
    ------
    ValueError
        If there are fewer than two points, or one is missing.

    Notes
    -----
    Not for yearly figures: four points cannot carry limits. Not for a figure with a known break
    (a new definition): begin a new chart there. Not for monthly shares of a handful of reviews:
    the base changes, and limits may pass 0 or 100. A falling run of seven is marked like a rising
    one; NHSRplotthedots, as stored publicly, marks the rising one only.

    References
    ----------
    Wheeler 2000; NHS "Making data count"; agrees with NHSRplotthedots 0.2.2 (STATISTICS 1.7).

    Examples
    --------
    >>> chart = xmr([90, 92, 91, 93, 90, 92, 91, 93, 90, 92, 91, 93, 60])
    >>> chart.enough, int(chart.outside.sum()), bool(chart.outside[-1])
    (True, 1, True)
    """
    values = np.asarray(values, float)
    if len(values) < 2 or not np.isfinite(values).all():
        raise ValueError("a chart needs two points or more, none of them missing")
    mean = float(values.mean())
    moves = np.abs(np.diff(values))
    if screen and moves.any():
        moves = moves[moves < _SCREEN * moves.mean()]
    reach = _LIMIT * float(moves.mean())
    side = np.sign(values - mean)
    outside = np.abs(values - mean) > reach
    near = ~outside & (np.abs(values - mean) > reach * 2 / 3)
    points = len(values)
    same_side = np.abs(_windows(side, _RUN).sum(axis=1)) == _RUN
    steps = _windows(np.sign(np.diff(values)), _RUN - 1)
    trend = np.abs(steps.sum(axis=1)) == _RUN - 1
    threes = (_windows(near, 3).sum(axis=1) >= 2) & (np.abs(_windows(side, 3).sum(axis=1)) == 3)
    return Chart(
        mean,
        mean - reach,
        mean + reach,
        outside,
        _in_runs(same_side, _RUN, points),
        _in_runs(trend, _RUN, points),
        near & _in_runs(threes, 3, points),
    )
