"""Ratio of children looked after to children who started: how much of a gap is longer stays."""

from __future__ import annotations

from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted, tail_of


def stay_ratio(
    both: float,
    stock_only: float,
    started_only: float,
    reference: tuple[float, float, float],
    level: float = LEVEL,
    repeats: int = 4000,
    seed: int = 903,
) -> tuple[float, float, float]:
    """Return the ratio of two groups' children looked after per child started.

    In a steady state, children looked after = entries x length of stay, so this is the part of a
    difference in rates that comes from staying longer: ``ln RR_stock = ln RR_entry + ln RR_stay``.

    Parameters
    ----------
    both, stock_only, started_only : whole numbers
        Children of the group who were looked after and started in the period, only looked after,
        only started.
    reference : tuple
        The same three of the reference group.
    level : float
        Confidence level.
    repeats, seed : int
        Of the bootstrap over children (Poisson counts of the three kinds); the same seed gives the
        same limits.

    Returns
    -------
    ratio, lower, upper : float
        Percentile limits; missing where either group has no child looked after or none started.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Not an average length of stay, and not where numbers are rising or falling fast.

    References
    ----------
    STATISTICS 5.3.
    """
    counts = counted([both, stock_only, started_only, *reference], "children")
    tail = tail_of(level)

    def ratio_of(c: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return ((c[0] + c[1]) / (c[0] + c[2])) / ((c[3] + c[4]) / (c[3] + c[5]))

    stocks_and_starts = counts[[0, 0, 3, 3]] + counts[[1, 2, 4, 5]]
    if not (stocks_and_starts > 0).all():
        return (nan,) * 3
    drawn = np.random.default_rng(seed).poisson(counts[:, None], (6, repeats)).astype(float)
    ratios = ratio_of(drawn)
    ratios = ratios[np.isfinite(ratios) & (ratios < inf)]
    lower, upper = np.quantile(ratios, [tail, 1 - tail])
    return float(ratio_of(counts)), float(lower), float(upper)
