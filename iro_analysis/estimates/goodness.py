"""Chi-squared goodness of fit: counts in bands against the shares that another area has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates.counts import counted
from iro_analysis.estimates.distributions import chi2_tail

_LEAST_EXPECTED = 5
_SUM_OFF_BY = 0.02


@dataclass(frozen=True)
class Fit:
    """How counts in bands compare with shares elsewhere: one element of an array a band.

    Attributes
    ----------
    expected : ndarray
        Children if the shares were those of the comparator.
    residual : ndarray
        (observed - expected) in standard errors; missing where the share is 0 or all.
    chi_squared : float
        Sum of (observed - expected) squared over expected.
    freedom : int
        Bands less one.
    p : float
        From the chi-squared curve, or by seeded simulation where a band expects fewer than 5.
    simulated : bool
        Whether p was simulated.
    """

    expected: NDArray[np.float64]
    residual: NDArray[np.float64]
    chi_squared: float
    freedom: int
    p: float
    simulated: bool


def _shares(shares: ArrayLike) -> NDArray[np.float64]:
    shares = np.asarray(shares, float)
    if np.isnan(shares).any() or (shares < 0).any() or abs(shares.sum() - 1) > _SUM_OFF_BY:
        raise ValueError("shares of a comparator are known, not negative, and add up to 1")
    return shares / shares.sum()


def against_shares(
    observed: ArrayLike, shares: ArrayLike, repeats: int = 20_000, seed: int = 903
) -> Fit:
    """Return how counts in bands fit the shares of a comparator that is taken as fixed.

    Parameters
    ----------
    observed : array-like of whole numbers
        Children in each band on a day; one element per band, together all of them.
    shares : array-like
        The comparator's share of each band on the same day, between 0 and 1; rounding may leave
        their sum within 0.02 of 1, and they are then brought to 1.
    repeats, seed : int
        Of the simulation, where a band expects fewer than 5.

    Returns
    -------
    Fit
        All missing but the expected numbers where there is nobody.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole; shares do not add up to 1; or bands differ in
        number or are fewer than two.

    Notes
    -----
    Which band differs is read from residuals beyond 2 (or 3.1) in the light of how many bands
    there are. Not for saying that there are more children of an age: a share falls when another
    band rises, and rates by age (``rates.rate``) say which. Not against a comparator of few
    children, which moves by chance too.

    References
    ----------
    R's ``chisq.test(p=)`` and its ``stdres``; STATISTICS 1.4; scipy's ``chi2``.
    """
    observed, shares = counted(observed, "children"), _shares(shares)
    if observed.shape != shares.shape or len(shares) < 2:
        raise ValueError("bands and shares differ in number, or are fewer than two")
    if np.isnan(observed).any():
        raise ValueError("the number of children in a band is missing")
    everyone, freedom = observed.sum(), len(shares) - 1
    expected = everyone * shares
    if everyone == 0:
        return Fit(
            expected, np.full(shares.shape, np.nan), float("nan"), freedom, float("nan"), False
        )
    spread = np.sqrt(np.where((shares > 0) & (shares < 1), expected * (1 - shares), np.nan))
    residual = (observed - expected) / spread
    statistic = _chi_squared(observed, expected)
    simulated = bool((expected < _LEAST_EXPECTED).any())
    if simulated and np.isfinite(statistic):
        drawn = np.random.default_rng(seed).multinomial(int(everyone), shares, size=repeats)
        beyond = _chi_squared(drawn, expected) >= statistic * (1 - 1e-9)
        p = float((beyond.sum() + 1) / (repeats + 1))
    else:
        p = float(chi2_tail(statistic, freedom))
    return Fit(expected, residual, float(statistic), freedom, p, simulated)


def _chi_squared(observed: NDArray, expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the statistic; a band that expects nobody and has somebody makes it infinite."""
    terms = np.where(
        expected > 0,
        (observed - expected) ** 2 / np.where(expected > 0, expected, 1),
        np.where(observed > 0, np.inf, 0.0),
    )
    return terms.sum(axis=-1)
