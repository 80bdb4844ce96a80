"""Adjust the p values of several comparisons that were looked at together, by Holm's method."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Return p values adjusted by Holm's method over a family of comparisons.

    The chance of even one false claim in the family stays below the level at which the adjusted
    values are read, under any dependence between the comparisons.

    Parameters
    ----------
    p : array-like
        The p value of each comparison of the family; the family is fixed before the data are seen.
        A missing one, of a comparison that could not be tested, is not counted.

    Returns
    -------
    ndarray
        In the order given; never below its own p value, never above 1; missing stays missing.

    Raises
    ------
    ValueError
        If a p value lies outside 0 to 1.

    Notes
    -----
    Not for p values picked because they were small: the family is all that was looked at.

    References
    ----------
    Holm 1979; agrees with statsmodels' ``multipletests``, which clears up the process's memory at
    every call and took half the time of a notebook, and with R's ``p.adjust`` (STATISTICS 1.3).
    """
    p = np.asarray(p, float)
    known = ~np.isnan(p)
    if (p[known] < 0).any() or (p[known] > 1).any():
        raise ValueError("a p value lies between 0 and 1")
    found = np.full(p.shape, np.nan)
    found[known] = _step_down(p[known])
    return found


def _step_down(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply the least p value by how many there are, the next by one fewer, and so on."""
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    found = np.empty(len(p))
    found[order] = np.minimum(steps, 1.0)
    return found
