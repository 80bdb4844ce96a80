"""Log-rank test: whether the survival curves of several groups are the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates.distributions import chi2_tail
from iro_analysis.estimates.survival import observed_spells


@dataclass(frozen=True)
class LogRank:
    """Whether several curves are one.

    Attributes
    ----------
    chi_squared : float
        With ``freedom`` degrees; missing where nothing can differ.
    freedom : int
        Groups less one.
    p : float
        From the chi-squared curve.
    observed, expected : ndarray
        Endings of each group, and how many there would be if the curves were one.
    """

    chi_squared: float
    freedom: int
    p: float
    observed: NDArray[np.float64]
    expected: NDArray[np.float64]


def log_rank(entry: ArrayLike, time: ArrayLike, ended: ArrayLike, group: ArrayLike) -> LogRank:
    """Return the log-rank test of several groups, with late entry.

    Parameters
    ----------
    entry, time, ended
        As in ``survival.kaplan_meier``, of all groups together.
    group : sequence
        Whose each is; groups are taken in order of their names.

    Returns
    -------
    LogRank
        Missing where there is one group, or no time at which two groups are at risk and one ends.

    Raises
    ------
    ValueError
        As in ``survival.kaplan_meier``, or if the groups differ in number from the times.

    Notes
    -----
    Not for several placements of the same children: it overstates the evidence. Weak where curves
    cross. With competing endings it compares rates of one ending, not chances.

    References
    ----------
    Mantel 1966; agrees with R's ``survdiff``.
    """
    entry, time = observed_spells(entry, time)
    ended = np.asarray(ended, bool)
    names, whose = np.unique(np.asarray(group), return_inverse=True)
    if len(whose) != len(time):
        raise ValueError("groups and exits differ in number")
    many = len(names)
    member = np.arange(many)[:, None] == whose
    observed, expected = np.zeros(many), np.zeros(many)
    variance = np.zeros((many, many))
    for moment in np.unique(time[ended]):
        running = (entry < moment) & (time >= moment)
        ending = ended & (time == moment)
        n, d = running.sum(), ending.sum()
        share = (member & running).sum(axis=1) / n
        observed += (member & ending).sum(axis=1)
        expected += d * share
        if n > 1:
            variance += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    inner = variance[:-1, :-1]
    if many < 2 or np.linalg.matrix_rank(inner) < many - 1:
        return LogRank(float("nan"), many - 1, float("nan"), observed, expected)
    gap = (observed - expected)[:-1]
    statistic = float(gap @ np.linalg.solve(inner, gap))
    return LogRank(statistic, many - 1, float(chi2_tail(statistic, many - 1)), observed, expected)
