"""The same children in two periods: whether a change is more than chance, child by child.

Two years of a service count much the same children, so that their figures are not independent.
What is compared here is each child with itself.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.clustered import LEAST_CHILDREN, clustered_difference
from iro_analysis.estimates.paired import mcnemar

MATCHED = "the same children, matched: "
HIGHER, LOWER, NO_CLEAR_CHANGE = "higher", "lower", "no clear change"
DIFFERENT, SAME = "different", "same"  # the catalogue's words where no function matches children


def verdict(now: pd.Series | pd.DataFrame | None, before: pd.Series | pd.DataFrame | None) -> str:
    """Return the note that says whether the same children did better, worse, or neither.

    Parameters
    ----------
    now, before : Series of bool, or DataFrame, one row a child
        Whether each child met the measure; or ``met`` and ``of`` for things that come several to
        a child (reviews). None where it cannot be said.

    Returns
    -------
    str
        ``MATCHED`` and ``higher``, ``lower`` or ``no clear change``; no number, so that nothing
        small can be read from it. Empty where it cannot be said.

    Notes
    -----
    For yes or no: McNemar's exact test on the children counted both times. For reviews: the
    difference of the two shares with whole children as units, both periods of one child together.

    References
    ----------
    STATISTICS 1.2 (the same children in both years) and 1.7.
    """
    if now is None or before is None:
        return ""
    if isinstance(now, pd.DataFrame):
        return _of_several(now, before)
    both = now.index.intersection(before.index)
    later, earlier = now.loc[both].astype(bool), before.loc[both].astype(bool)
    gained, lost = int((later & ~earlier).sum()), int((earlier & ~later).sum())
    if mcnemar(gained, lost).p < 1 - LEVEL:
        return MATCHED + (HIGHER if gained > lost else LOWER)
    return MATCHED + NO_CLEAR_CHANGE


def _of_several(now: pd.DataFrame, before: pd.DataFrame) -> str:
    both = now.add_suffix("_now").join(before.add_suffix("_before"), how="outer").fillna(0)
    if min(len(now), len(before)) < LEAST_CHILDREN:
        return ""
    difference, lower, upper = clustered_difference(
        both["met_now"], both["of_now"], both["met_before"], both["of_before"]
    )
    if lower > 0 or upper < 0:
        return MATCHED + (HIGHER if difference > 0 else LOWER)
    return MATCHED + NO_CLEAR_CHANGE


def by_child(children: pd.Series, met: pd.Series) -> pd.DataFrame:
    """Return how many things of each child met something, and how many it had.

    Parameters
    ----------
    children : Series
        Whose each thing is.
    met : Series of bool
        Whether it met it.

    Returns
    -------
    DataFrame, one row a child
        ``met`` and ``of``.
    """
    found = met.astype(bool).groupby(children.to_numpy()).agg(["sum", "size"])
    return found.rename(columns={"sum": "met", "size": "of"})
