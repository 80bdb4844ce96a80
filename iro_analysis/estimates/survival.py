"""How long something lasts, when some of it was already running when the window opened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from iro_analysis.estimates import LEVEL

SURVIVAL = "Kaplan-Meier with late entry; log-log interval"


@dataclass(frozen=True)
class Curve:
    """A survival curve.

    Attributes
    ----------
    times : ndarray
        Distinct times of an ending, in order [days].
    survival, lower, upper : ndarray
        Chance of lasting beyond each time, and its limits.
    at_risk : ndarray
        Running just before each time.
    """

    times: np.ndarray
    survival: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    at_risk: np.ndarray

    def at(self, time: float) -> tuple[float, float, float]:
        """Return survival and limits at a time; 1 with missing limits before the first ending."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 1.0, float("nan"), float("nan")
        return float(self.survival[place]), float(self.lower[place]), float(self.upper[place])


def kaplan_meier(
    entry: np.ndarray, time: np.ndarray, ended: np.ndarray, level: float = LEVEL
) -> Curve:
    """Return the Kaplan-Meier curve with late entry.

    Parameters
    ----------
    entry, time : array of numbers
        When each came under observation and left it, counted from its own start; entry < time.
    ended : array of bool
        Whether it left by ending (else it was still running).

    Returns
    -------
    Curve
        Limits on the log-log scale; missing where survival is 0 or 1.

    References
    ----------
    statsmodels ``SurvfuncRight``; agrees with R's survival 3.5-3 (STATISTICS 1.5).
    """
    from scipy import stats
    from statsmodels.duration.survfunc import SurvfuncRight

    time, ended = np.asarray(time, float), np.asarray(ended, bool)
    entry = np.asarray(entry, float)
    if not ended.any():
        nothing = np.array([])
        return Curve(nothing, nothing, nothing, nothing, nothing)
    late = entry if (entry > 0).any() else None
    with np.errstate(divide="ignore", invalid="ignore"):
        fitted = SurvfuncRight(time, ended.astype(int), entry=late)
    survival, times = np.asarray(fitted.surv_prob), np.asarray(fitted.surv_times)
    at_risk = np.asarray(fitted.n_risk, float)
    ends = np.asarray(fitted.n_events, float)
    kept = ends > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(at_risk > ends, ends / (at_risk * (at_risk - ends)), np.nan))
        spread = np.sqrt(greenwood) / np.abs(np.log(survival)) * stats.norm.ppf((1 + level) / 2)
        lower, upper = survival ** np.exp(spread), survival ** np.exp(-spread)
    inside = (survival > 0) & (survival < 1)
    lower, upper = np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)
    return Curve(times[kept], survival[kept], lower[kept], upper[kept], at_risk[kept])


def quantile(curve: Curve, share_ended: float = 0.5) -> tuple[float, float, float]:
    """Return the time by which a share has ended, and its limits.

    Where the curve stands exactly at the share, the middle of that step is taken, as R does.

    Returns
    -------
    time, lower, upper : float
        Missing where the curve, or its limit, does not come down so far.
    """
    keep = 1 - share_ended

    def crossing(values: np.ndarray) -> float:
        usable = ~np.isnan(values)
        values, times = values[usable], curve.times[usable]
        below = np.nonzero(values <= keep + 1e-12)[0]
        if len(below) == 0:
            return float("nan")
        place = below[0]
        if abs(values[place] - keep) < 1e-12:
            after = np.nonzero(values < keep - 1e-12)[0]
            if len(after):
                return float((times[place] + times[after[0]]) / 2)
        return float(times[place])

    ended = np.where(curve.survival == 0, 0.0, curve.lower)
    return crossing(curve.survival), crossing(ended), crossing(curve.upper)


def at_risk(entry: pd.Series, time: pd.Series, at: float) -> int:
    """Return how many were under observation just before a time."""
    return int(((entry < at) & (time >= at)).sum())
