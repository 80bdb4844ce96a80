"""Shrink figures of small groups towards what is usual for such groups elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted, counted_of, tail_of
from iro_analysis.estimates.distributions import gamma_quantile, normal_quantile


@dataclass(frozen=True)
class Shrunk:
    """Figures as they stand and drawn in; both are printed, named.

    Attributes
    ----------
    raw, value, lower, upper : ndarray
        One element per authority or group, in the unit given.
    centre : float
        What they are drawn towards, in the same unit.
    between : float
        Variance between authorities, on the scale of the model; 0 draws all of them wholly in.
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


def shrunken_ratios(observed: ArrayLike, expected: ArrayLike, level: float = LEVEL) -> Shrunk:
    """Return ratios of observed to expected events, drawn towards that of all authorities.

    Each is (x + a)/(E + b): its own events, and as if b more had been expected and a seen.

    Parameters
    ----------
    observed : array-like of whole numbers
        Events of each authority, for one group; one element per authority.
    expected : array-like
        Events expected there (``standardised.expected``), or children at risk, for rates. One that
        is missing or not positive gives a missing ratio and does not count.
    level : float
        Confidence level.

    Returns
    -------
    Shrunk
        In events per one expected; ``between`` is the variance of the true ratios.

    Raises
    ------
    ValueError
        If a count is negative or not whole, fewer than two authorities are left, or none of them
        has an event.

    Notes
    -----
    Where authorities differ no more than chance, all are drawn wholly to the common ratio, whose
    limits are then taken as known. a and b are taken as known too, so with few authorities the
    limits are too narrow. Not in place of the raw ratio: print both.

    References
    ----------
    Clayton and Kaldor 1987, with the moments of Marshall 1991; STATISTICS 5.2.
    """
    x, e = np.broadcast_arrays(counted(observed), np.asarray(expected, float))
    tail = tail_of(level)
    usable = (e > 0) & ~np.isnan(x)
    if usable.sum() < 2 or x[usable].sum() == 0:
        raise ValueError("drawing in needs at least two authorities and an event")
    met, size = np.where(usable, x, np.nan), np.where(usable, e, np.nan)
    raw = met / size
    centre = float(x[usable].sum() / e[usable].sum())
    total = e[usable].sum()
    seen = float((e[usable] * (raw[usable] - centre) ** 2).sum() / total)
    between = max(0.0, seen - centre / float(e[usable].mean()))
    if between == 0:
        common = np.where(usable, centre, np.nan)
        return Shrunk(raw, common, common, common, centre, 0.0)
    a, b = centre**2 / between, centre / between
    lower = gamma_quantile(tail, met + a) / (size + b)
    upper = gamma_quantile(1 - tail, met + a) / (size + b)
    return Shrunk(raw, (met + a) / (size + b), lower, upper, centre, between)
