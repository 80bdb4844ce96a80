"""Shrink each authority's share towards the share of all authorities (empirical Bayes, REML)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted_of, tail_of
from iro_analysis.estimates.distributions import normal_quantile


@dataclass(frozen=True)
class Shrunk:
    """Raw and shrunken figures; both are printed, each named as what it is.

    Attributes
    ----------
    raw, value, lower, upper : ndarray
        One element per authority or group, in the unit given.
    centre : float
        What they are shrunk towards, in the same unit.
    between : float
        Variance between authorities, on the scale of the model; 0 shrinks all to the centre.
    """

    raw: NDArray[np.float64]
    value: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    centre: float
    between: float


def _reml(y: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Return the variance between y that maximises the restricted likelihood."""
    from scipy import optimize

    def negative_log_likelihood(between: float) -> float:
        w = 1 / (v + between)
        mean = (w * y).sum() / w.sum()
        return float(np.log(v + between).sum() + np.log(w.sum()) + (w * (y - mean) ** 2).sum())

    most = max(10 * float(np.var(y)), 1e-6)
    found = optimize.minimize_scalar(
        negative_log_likelihood, bounds=(0, most), method="bounded", options={"xatol": 1e-12}
    )
    return float(found.x) if found.fun < negative_log_likelihood(0.0) else 0.0


def shrunken_shares(x: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Shrunk:
    """Return the shares of authorities, drawn towards that of all of them.

    Each share is a mixture of its own and the common one: the smaller its base, the more of the
    common one.

    Parameters
    ----------
    x, n : array-like of whole numbers
        Numerator and denominator of each authority, for one group; one element per authority. One
        that is missing, or has a denominator of 0, gives a missing share and does not count.
    level : float
        Confidence level.

    Returns
    -------
    Shrunk
        Shares between 0 and 1; ``between`` on the logit scale.

    Raises
    ------
    ValueError
        If a count is negative or not whole, a numerator exceeds its denominator, or fewer than two
        authorities are left.

    Notes
    -----
    Where all or none met it, half a child is added to both sides. Not in place of the raw share:
    a drawn-in share answers what is likely to be lasting, not what happened. The limits take the
    variance between authorities as known, so with few authorities they are too narrow.

    References
    ----------
    Agrees with R's metafor 3.8-1, ``rma(measure="PLO", method="REML")`` and ``blup``
    (STATISTICS 5.2).
    """
    from scipy import special

    x, n = counted_of(x, n)
    z = normal_quantile(1 - tail_of(level))
    usable = (n > 0) & ~np.isnan(x)
    if usable.sum() < 2:
        raise ValueError("drawing in needs at least two authorities")
    met, size = np.where(usable, x, np.nan), np.where(usable, n, np.nan)
    half = np.where((met == 0) | (met == size), 0.5, 0.0)
    y = np.log((met + half) / (size - met + half))
    v = 1 / (met + half) + 1 / (size - met + half)
    between = _reml(y[usable], v[usable])
    w = 1 / (v[usable] + between)
    mean, its_variance = float((w * y[usable]).sum() / w.sum()), 1 / w.sum()
    own = between / (between + v)
    middle = own * y + (1 - own) * mean
    reach = z * np.sqrt(own * v + (1 - own) ** 2 * its_variance)
    return Shrunk(
        met / size,
        special.expit(middle),
        special.expit(middle - reach),
        special.expit(middle + reach),
        float(special.expit(mean)),
        between,
    )
