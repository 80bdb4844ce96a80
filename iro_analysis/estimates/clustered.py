"""Shares of things that cluster in children, such as reviews; the cluster bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.distributions import normal_quantile

CLUSTERED = "Wilson at the effective number; several of one child"
LEAST_CHILDREN = 20  # STATISTICS 1.7: with fewer, differences between children are not to be seen


@dataclass(frozen=True)
class ClusteredShare:
    """A share of things that cluster in children.

    Attributes
    ----------
    share, lower, upper : float
        Between 0 and 1.
    variance : float
        Of the share, by differences between children.
    design_effect : float
        How many times the variance is that of as many things of different children; not below 1.
    effective_n : float
        As many things of different children as would tell as much.
    """

    share: float
    lower: float
    upper: float
    variance: float
    design_effect: float
    effective_n: float


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """Return Wilson limits of a share on a base that need not be whole."""
    reach = z * (z**2 + 4 * n * share * (1 - share)) ** 0.5
    lower, upper = ((2 * n * share + z**2 + side * reach) / (2 * (n + z**2)) for side in (-1, 1))
    return (0.0 if share == 0 else max(lower, 0.0)), (1.0 if share == 1 else min(upper, 1.0))


def clustered_share(met: ArrayLike, of: ArrayLike, level: float = LEVEL) -> ClusteredShare:
    """Return the share of things that met something, where each child has several.

    Parameters
    ----------
    met, of : array-like of whole numbers
        For each child, how many of its reviews met it, and how many it had; one element per child.
        A child with none does not count.
    level : float
        Confidence level.

    Returns
    -------
    ClusteredShare
        With one child the share only, the rest missing; with none, all missing. Where all or none
        met it, differences between children say nothing, and the number of children is taken as
        the effective number.

    Raises
    ------
    ValueError
        If a count is negative or not whole, or more met it than there were.

    Notes
    -----
    Not for fewer than about 20 children. For "all of a child's reviews were on time", count
    children instead and use ``proportions.wilson``.

    References
    ----------
    Cochran 1977, the ratio estimator; Rao and Scott 1992; STATISTICS 1.7.
    """
    met, of = counted_of(met, of)
    counts = (of > 0) & ~np.isnan(met)
    met, of = met[counts], of[counts]
    children, total = len(of), float(of.sum())
    missing = float("nan")
    z = float(normal_quantile(1 - tail_of(level)))
    if children == 0:
        return ClusteredShare(*(missing,) * 6)
    share = float(met.sum() / total)
    if children == 1:
        return ClusteredShare(share, *(missing,) * 5)
    variance = children / (children - 1) * float(((met - share * of) ** 2).sum()) / total**2
    single = share * (1 - share) / total
    effect = max(variance / single, 1.0) if single else total / children
    lower, upper = _wilson(share, total / effect, z)
    return ClusteredShare(share, lower, upper, variance, effect, total / effect)


def by_resampling_children(
    child: ArrayLike,
    statistic: Callable[[NDArray[np.intp]], ArrayLike],
    level: float = LEVEL,
    repeats: int = 1000,
    seed: int = 903,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the percentile interval of any figure, by drawing whole children again and again.

    A child with several placements brings all of them or none, so what they share is kept.

    Parameters
    ----------
    child : array-like
        The child of each row.
    statistic : callable
        From the places of the rows drawn (a row of a child drawn twice stands there twice) to a
        figure or an array of figures.
    level : float
        Confidence level.
    repeats, seed : int
        Of the resampling; the same seed gives the same limits.

    Returns
    -------
    lower, upper : ndarray
        Of the shape of the figure; missing draws do not count, and all missing gives missing.

    Raises
    ------
    ValueError
        If there is no row.

    Notes
    -----
    Not for fewer than about 20 children, nor for a figure at its end (0 or all): there every draw
    is the same and the interval is a point.

    References
    ----------
    Efron 1979; Field and Welsh 2007 for clusters; STATISTICS 1.5.
    """
    names, whose = np.unique(np.asarray(child), return_inverse=True)
    if len(names) == 0:
        raise ValueError("there is nobody to draw from")
    rows = [np.flatnonzero(whose == place) for place in range(len(names))]
    draw = np.random.default_rng(seed)
    tail = tail_of(level)
    figures = np.array(
        [
            statistic(np.concatenate([rows[i] for i in draw.integers(0, len(rows), len(rows))]))
            for _ in range(repeats)
        ],
        float,
    )
    known = ~np.isnan(figures).all(axis=0)
    lower, upper = np.full(known.shape, np.nan), np.full(known.shape, np.nan)
    if known.any():
        limits = np.nanquantile(figures[:, known], [tail, 1 - tail], axis=0)
        lower[known], upper[known] = limits
    return lower, upper
