"""Funnel plots: control limits of an authority's share given its size, with overdispersion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.distributions import normal_quantile

_DECIMALS_OF_Z = 6

Limits = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Spread:
    """How much authorities differ, over what chance makes of their sizes.

    Attributes
    ----------
    target : float
        The share of all authorities together.
    phi : float
        Mean square of the winsorised z; about 1 where only chance is at work. The least of it
        counts, so it is a little below 1 then.
    tau2 : float
        Variance between authorities on the arcsine scale; 0 where chance explains all.
    z, z_winsorised : ndarray
        Of each authority, before and after pulling in the tails; missing where it has no children.
    """

    target: float
    phi: float
    tau2: float
    z: NDArray[np.float64]
    z_winsorised: NDArray[np.float64]


def winsorised(z: ArrayLike, by: float = 0.1) -> NDArray[np.float64]:
    """Return values with those beyond the outer quantiles pulled in to them.

    Parameters
    ----------
    z : array-like
        One element per authority; missing ones stay missing and do not count.
    by : float
        The part pulled in at each end, from 0 to below 0.5.

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If `by` is outside its range.
    """
    if not 0 <= by < 0.5:
        raise ValueError("the part pulled in at each end is from 0 to below a half")
    z = np.asarray(z, float)
    if np.isnan(z).all():
        return z
    lowest, highest = np.nanquantile(z, [by, 1 - by])
    return np.clip(z, lowest, highest)


def spread(x: ArrayLike, n: ArrayLike, winsorise: float = 0.1) -> Spread:
    """Return how much authorities' shares differ beyond chance.

    Parameters
    ----------
    x, n : array-like of whole numbers
        Numerator and denominator of every authority; one element per authority. One that is missing
        or has a denominator of 0 does not count.
    winsorise : float
        The part of the z scores pulled in at each end, so that a few odd ones do not widen the
        limits for all.

    Returns
    -------
    Spread

    Raises
    ------
    ValueError
        If a count is negative or not whole, a numerator exceeds its denominator, or fewer than two
        authorities are left.

    Notes
    -----
    Not for a handful of authorities: with ten or so the variance between them is a guess. Not for
    ranking: the limits say who is unlike the rest, and nothing about the order of the others.

    References
    ----------
    Spiegelhalter 2005; DerSimonian and Laird 1986; agrees with FunnelPlotR 0.6.0 (STATISTICS 5.1).
    """
    x, n = counted_of(x, n)
    usable = (n > 0) & ~np.isnan(x)
    many = int(usable.sum())
    if many < 2:
        raise ValueError("a funnel needs at least two authorities")
    target = float(x[usable].sum() / n[usable].sum())
    size, met = np.where(usable, n, np.nan), np.where(usable, x, np.nan)
    z = (np.arcsin(np.sqrt(met / size)) - np.arcsin(np.sqrt(target))) * 2 * np.sqrt(size)
    inside = winsorised(z, winsorise)
    phi = float(np.nanmean(inside**2))
    weight = 4 * size[usable]
    excess = many * phi - (many - 1)
    tau2 = max(0.0, excess / (weight.sum() - (weight**2).sum() / weight.sum()))
    return Spread(target, phi, float(tau2), z, inside)


def arcsine_limits(n: ArrayLike, target: float, tau2: float = 0.0, level: float = LEVEL) -> Limits:
    """Return funnel limits of a share, widened by how much authorities differ.

    Parameters
    ----------
    n : array-like
        Denominators at which the limits are wanted; one element per point of the funnel.
    target, tau2 : float
        Of `spread`; a tau2 of 0 gives limits for chance alone.
    level : float
        0.95 or 0.998.

    Returns
    -------
    lower, upper : ndarray
        Between 0 and 1; missing where n is not positive.

    Raises
    ------
    ValueError
        If the target lies outside 0 to 1, or tau2 is negative.

    Notes
    -----
    The normal quantile is taken to six decimals, 1.959964 and 3.090232, as in FunnelPlotR, so that
    both print the same limits.
    Not an interval of an authority's own share, which is ``proportions.wilson``.

    References
    ----------
    Spiegelhalter 2005; agrees with FunnelPlotR 0.6.0 (STATISTICS 5.1).
    """
    if not 0 <= target <= 1 or tau2 < 0:
        raise ValueError("a target lies between 0 and 1, and a variance is not negative")
    n = np.asarray(n, float)
    z = round(float(normal_quantile(1 - tail_of(level))), _DECIMALS_OF_Z)
    reach = z * np.sqrt(1 / (4 * np.where(n > 0, n, np.nan)) + tau2)
    middle = np.arcsin(np.sqrt(target))
    low, high = np.clip(middle - reach, 0, None), np.clip(middle + reach, None, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2
