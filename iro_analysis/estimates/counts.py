"""Refuse impossible counts (negative, part of nothing) and levels; return the others as floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def counted(values: ArrayLike, what: str = "events") -> NDArray[np.float64]:
    """Return counts as floats, after refusing what no count can be.

    Parameters
    ----------
    values : array-like
        Counts [whole numbers]; missing ones stay missing.
    what : str
        What is counted, for the message.

    Returns
    -------
    ndarray of float
        Of the same shape.

    Raises
    ------
    ValueError
        If one is negative, infinite or not whole.
    """
    values = np.asarray(values, float)
    known = values[~np.isnan(values)]
    if not np.isfinite(known).all() or (known < 0).any() or (known % 1 != 0).any():
        raise ValueError(f"{what} are counted: whole numbers, not negative")
    return values


def counted_of(x: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return numerators and denominators of one shape, after refusing what cannot be.

    Parameters
    ----------
    x, n : array-like
        Numerators and denominators [whole numbers]; missing ones stay missing.

    Returns
    -------
    x, n : ndarray of float
        Broadcast against each other.

    Raises
    ------
    ValueError
        If one is negative, infinite or not whole, or a numerator exceeds its denominator.
    """
    x, n = np.broadcast_arrays(np.asarray(x, float), np.asarray(n, float))
    both = ~(np.isnan(x) | np.isnan(n))
    if (x < 0).any() or (n < 0).any() or (x[both] > n[both]).any():
        raise ValueError("a numerator is negative or larger than its denominator")
    return counted(x, "numerator and denominator"), counted(n, "numerator and denominator")


def tail_of(level: float) -> float:
    """Return the chance left outside an interval on each side.

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("a confidence level lies between 0 and 1")
    return (1 - level) / 2
