"""Place an authority's published share among those of all authorities, as a funnel plot shows.

Only published figures are used, this authority's own too: nothing of its returns is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from iro_analysis.estimates import OUTER_LEVEL, funnels, shrinkage

FEWEST = 30  # with few authorities the variance between them is a guess


@dataclass(frozen=True)
class Among:
    """Every authority's share for one measure and year: arrays have one element per authority.

    Attributes
    ----------
    measure : str
    year : int
        It ends on 31 March.
    release : str
    areas : list of str
    met, of : ndarray
        Children, as published; missing where DfE printed a symbol.
    own : int
        This authority's place in them.
    spread : Spread
        How much authorities differ over what chance makes of their sizes.
    """

    measure: str
    year: int
    release: str
    areas: list[str]
    met: NDArray[np.float64]
    of: NDArray[np.float64]
    own: int
    spread: funnels.Spread

    def limits(self, level: float) -> tuple[float, float]:
        """Return between what this authority's share would lie, given its size [share]."""
        low, high = funnels.arcsine_limits(
            [self.of[self.own]], self.spread.target, self.spread.tau2, level
        )
        return float(low[0]), float(high[0])

    @property
    def share(self) -> float:
        """The share of the authority, as published."""
        return float(self.met[self.own] / self.of[self.own])

    @property
    def stands(self) -> str:
        """``higher`` or ``lower`` where the share lies outside the limits at 99.8%, else empty.

        Many authorities are looked at: by chance, about one in twenty is outside 95% limits.
        """
        low, high = self.limits(OUTER_LEVEL)
        return "higher" if self.share > high else "lower" if self.share < low else ""

    @property
    def drawn_in(self) -> tuple[float, float, float]:
        """The share drawn towards that of all authorities, with its limits (``shrinkage``)."""
        found = shrinkage.shrunken_shares(self.met, self.of)
        value, lower, upper = found.value, found.lower, found.upper
        return float(value[self.own]), float(lower[self.own]), float(upper[self.own])


def among(rows: pd.DataFrame, measure: str, day: date, ons_code: str) -> tuple[Among | None, str]:
    """Return this authority among all, or why that cannot be shown.

    Parameters
    ----------
    rows : DataFrame
        As ``lookup.counts_of_all_authorities`` returns it.
    measure : str
        One whose count and total DfE publishes.
    day : date
        The year ends on it.
    ons_code : str
        This authority's.

    Returns
    -------
    found : Among or None
    reason : str
        Empty where it can be shown.

    Notes
    -----
    No ranks: limits say who is unlike the rest, and nothing of the order of the others.

    References
    ----------
    Spiegelhalter 2005; STATISTICS 5.1 and 5.2.
    """
    if not rows["area_code"].eq(ons_code).any():
        return None, f"no counts of this authority that DfE published are held for {day.year}"
    met, of = (rows[name].to_numpy(float) for name in ("count", "total"))
    usable = np.isfinite(met) & np.isfinite(of) & (of > 0)
    places = np.flatnonzero(rows["area_code"].eq(ons_code) & usable)
    if not len(places) or usable.sum() < FEWEST:
        return None, "DfE has hidden this authority's figure, or those of most others"
    met, of = np.where(usable, met, np.nan), np.where(usable, of, np.nan)
    found = funnels.spread(met, of)
    release = rows["release"].iloc[0]
    return Among(measure, day.year, release, list(rows["area"]), met, of, int(places[0]), found), ""
