"""Survival curves where some spells had begun before the window opened (delayed entry)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import tail_of
from iro_analysis.estimates.distributions import normal_quantile

SURVIVAL = "Kaplan-Meier with late entry; log-log interval"
_TINY = 1e-12

Scale = Literal["log-log", "log", "plain"]


@dataclass(frozen=True)
class Curve:
    """A survival curve: arrays have one element per distinct time of an ending, in order.

    Attributes
    ----------
    times : ndarray
        Of endings [days].
    survival, lower, upper : ndarray
        Chance of lasting beyond each time, and its limits.
    at_risk : ndarray
        Running just before each time.
    std_err : ndarray
        Greenwood's standard error of the chance; missing where the chance is 0.
    before : float
        Both limits before the first ending: missing on the log-log scale, else 1.
    last : float
        The last time observed, of an ending or not [days].
    """

    times: np.ndarray
    survival: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    at_risk: np.ndarray
    std_err: np.ndarray = field(default_factory=lambda: np.array([]))
    before: float = float("nan")
    last: float = float("nan")

    def at(self, time: float) -> tuple[float, float, float]:
        """Return survival and limits at a time; 1 before the first ending."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 1.0, self.before, self.before
        return float(self.survival[place]), float(self.lower[place]), float(self.upper[place])


def observed_spells(
    entry: ArrayLike, time: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return entries and exits, after refusing what cannot be.

    Raises
    ------
    ValueError
        If they differ in number, one is missing, or an exit is not after its entry.
    """
    entry, time = np.asarray(entry, float), np.asarray(time, float)
    if entry.shape != time.shape:
        raise ValueError("entries and exits differ in number")
    if not (np.isfinite(entry).all() and np.isfinite(time).all()):
        raise ValueError("an entry or an exit is missing")
    if (entry >= time).any():
        raise ValueError("an exit is not after its entry")
    return entry, time


def kaplan_meier(
    entry: ArrayLike,
    time: ArrayLike,
    ended: ArrayLike,
    level: float = LEVEL,
    scale: Scale = "log-log",
) -> Curve:
    """Return the Kaplan-Meier curve with late entry.

    Parameters
    ----------
    entry, time : array of numbers
        When each came under observation and left it, counted from its own start [days]; entry is
        before time. One element per placement. An entry after the start is a placement that was
        running already when the window opened.
    ended : array of bool
        Whether it left by ending (else it was still running).
    level : float
        Confidence level.
    scale : {"log-log", "log", "plain"}
        On which limits are made; the suite prints log-log, which stays inside 0 to 1.

    Returns
    -------
    Curve
        Limits are missing where the curve is 0, and on the log-log scale where it is 1. No ending
        at all gives a curve of no times.

    Raises
    ------
    ValueError
        If entries and exits differ in number, one is missing, or an exit is not after its entry.

    Notes
    -----
    Not for one kind of ending among several: 1 less this curve is too high then, and
    ``competing.incidence`` is right. Under late entry the first numbers at risk can be one or two,
    and drive the curve to 0. Several placements of a child are taken as independent: for limits,
    ``clustered.by_resampling_children``.

    References
    ----------
    Kaplan and Meier 1958; agrees with R's survival 3.5-3 (STATISTICS 1.5) and with statsmodels'
    ``SurvfuncRight``, which takes longer to load than a report's curves take to work out.
    """
    ended = np.asarray(ended, bool)
    entry, time = observed_spells(entry, time)
    before = float("nan") if scale == "log-log" else 1.0
    if not ended.any():
        nothing = np.array([])
        return Curve(
            nothing, nothing, nothing, nothing, nothing, nothing, before, float(time.max(initial=0))
        )
    times, ends = np.unique(time[ended], return_counts=True)
    # Who had entered by then, less who had left before: at risk just before each time.
    at_risk = np.searchsorted(np.sort(entry), times) - np.searchsorted(np.sort(time), times)
    with np.errstate(divide="ignore"):
        survival = np.exp(np.cumsum(np.log(1 - ends / at_risk)))
    left = np.where(at_risk > ends, at_risk - ends, np.nan)
    greenwood = np.sqrt(np.cumsum(ends / (at_risk * left)))
    inside = (survival > 0) & ((survival < 1) | (scale != "log-log"))
    z = normal_quantile(1 - tail_of(level))
    lower, upper = _limits(np.where(inside, survival, np.nan), z * greenwood, scale)
    return Curve(
        times,
        survival,
        lower,
        upper,
        at_risk.astype(float),
        survival * greenwood,
        before,
        float(time.max()),
    )


def _limits(
    survival: NDArray[np.float64], reach: NDArray[np.float64], scale: Scale
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return limits, from the reach on the log scale."""
    if scale == "log-log":
        power = reach / np.abs(np.log(survival))
        return survival ** np.exp(power), survival ** np.exp(-power)
    if scale == "log":
        return survival * np.exp(-reach), np.minimum(survival * np.exp(reach), 1.0)
    if scale == "plain":
        return np.maximum(survival * (1 - reach), 0.0), np.minimum(survival * (1 + reach), 1.0)
    raise ValueError(f"no scale of limits is called {scale}")


def quantile(curve: Curve, share_ended: float = 0.5) -> tuple[float, float, float]:
    """Return the time by which a share has ended, and its limits.

    Where the curve stands exactly at the share, the middle of that step is taken, as R does; a last
    step goes on to the last time observed.

    Parameters
    ----------
    curve : Curve
        What `kaplan_meier` gives.
    share_ended : float
        Between 0 and 1; 0.5 for the median.

    Returns
    -------
    time, lower, upper : float
        Missing where the curve, or its limit, does not come down so far. A missing upper limit is
        printed "not reached".

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.

    Notes
    -----
    Not a mean, and not the length of stays that have ended: those still running count.

    References
    ----------
    R's ``quantile.survfit``; statsmodels and lifelines take other times where the curve stands
    exactly at the share (STATISTICS 1.5).
    """
    if not 0 < share_ended < 1:
        raise ValueError("a share lies between 0 and 1")
    keep = 1 - share_ended

    def crossing(values: np.ndarray) -> float:
        usable = ~np.isnan(values)
        values, times = values[usable], curve.times[usable]
        below = np.nonzero(values <= keep + _TINY)[0]
        if len(below) == 0:
            return float("nan")
        place = below[0]
        if abs(values[place] - keep) < _TINY:
            after = np.nonzero(values < keep - _TINY)[0]
            until = times[after[0]] if len(after) else curve.last
            if not np.isnan(until):
                return float((times[place] + until) / 2)
        return float(times[place])

    return crossing(curve.survival), crossing(curve.lower), crossing(curve.upper)


def while_at_risk(curve: Curve, least: float) -> Curve:
    """Return a curve as far as enough are under observation.

    Parameters
    ----------
    curve : Curve
        What `kaplan_meier` gives.
    least : number
        Fewest at risk: the curve stops before the first ending that fewer could have had.

    Returns
    -------
    Curve
        Without that step and later ones; its last day is that of the step.

    Notes
    -----
    Under late entry few are at risk at first: begin such a curve where enough are, before this.

    Examples
    --------
    Of four who are seen to the end, three or more are at risk at the first two endings.

    >>> whole = kaplan_meier([0, 0, 0, 0], [10, 20, 30, 40], [True] * 4)
    >>> while_at_risk(whole, 3).times.tolist()
    [10.0, 20.0]
    """
    thin = np.flatnonzero(curve.at_risk < least)
    if not len(thin):
        return curve
    kept = slice(0, int(thin[0]))
    return replace(
        curve,
        times=curve.times[kept],
        survival=curve.survival[kept],
        lower=curve.lower[kept],
        upper=curve.upper[kept],
        at_risk=curve.at_risk[kept],
        std_err=curve.std_err[kept],
        last=float(curve.times[thin[0]]),
    )


def restricted_mean(
    entry: ArrayLike, time: ArrayLike, ended: ArrayLike, horizon: float, level: float = LEVEL
) -> tuple[float, float, float, float]:
    """Return how long something lasts on average, counting no more than so many days of each.

    Parameters
    ----------
    entry, time, ended
        As in `kaplan_meier`.
    horizon : float
        Where counting stops [days]: the mean of "365 days or until it ended".
    level : float
        Confidence level.

    Returns
    -------
    mean, standard_error, lower, upper : float
        In days, at most the horizon; all missing where observation stops before the horizon with
        something still running, since the curve says nothing beyond.

    Raises
    ------
    ValueError
        As in `kaplan_meier`, or if the horizon is not positive.

    Notes
    -----
    Unlike the median it always exists, and sums up the whole curve. Means with unlike horizons are
    not comparable: print the horizon.
    Not the average length of stays that have ended, which leaves out the long ones still running.

    References
    ----------
    R's ``survfit`` with ``print(rmean=)``; Royston and Parmar 2013.
    """
    if not horizon > 0:
        raise ValueError("the horizon is after the start")
    _, exits = observed_spells(entry, time)
    curve = kaplan_meier(entry, time, ended, level)
    z = normal_quantile(1 - tail_of(level))
    over = len(curve.times) > 0 and curve.survival[-1] == 0
    if not len(exits) or (exits.max() < horizon and not over):
        return (float("nan"),) * 4
    within = curve.times < horizon
    times = np.concatenate([[0.0], curve.times[within], [horizon]])
    heights = np.concatenate([[1.0], curve.survival[within]])
    areas = np.diff(times) * heights
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    at_risk = curve.at_risk[within]
    left = heights[1:] / heights[:-1] * at_risk
    terms = np.divide(
        beyond**2 * (at_risk - left), at_risk * left, out=np.zeros_like(left), where=left > _TINY
    )
    mean, error = float(areas.sum()), float(np.sqrt(terms.sum()))
    return mean, error, max(mean - z * error, 0.0), min(mean + z * error, float(horizon))


def at_risk(entry: pd.Series, time: pd.Series, at: float) -> int:
    """Return how many were under observation just before a time.

    Parameters
    ----------
    entry, time : Series of numbers
        As in `kaplan_meier`.
    at : float
        Days since the start.

    Returns
    -------
    int
        Those with entry before, and exit not before, that time.
    """
    return int(((entry < at) & (time >= at)).sum())
