"""Read the comparison settings, and decide the verdict that a tested difference supports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from iro_analysis import codes
from iro_analysis.comparisons.comparison import Verdict
from iro_analysis.estimates.differences import Difference

_RELATIVE = frozenset(["children", "reviews", "count", "per_10000", "ratio"])


def setting(name: str) -> Any:
    """Return one setting."""
    return codes.record("comparisons")[name]


@dataclass(frozen=True)
class Together:
    """Several groups of a breakdown that are compared as one.

    Attributes
    ----------
    name : str
    without : tuple of str
        The groups that are not among them.
    """

    name: str
    without: tuple[str, ...]


def together(measure: str, breakdown: str) -> Together | None:
    """Return which groups of a breakdown are compared as one; None where none are."""
    for record in setting("together"):
        if (record["measure"], record["breakdown"]) == (measure, breakdown):
            return Together(record["name"], tuple(record["without"]))
    return None


def margin(unit: str, other: float) -> float:
    """Return how far a figure may lie from another and still be about the same.

    Parameters
    ----------
    unit : str
        Of the figure.
    other : float
        The figure it is compared with.
    """
    margins = setting("margin")
    return margins["relative"] * abs(other) if unit in _RELATIVE else margins.get(unit, 0.0)


def verdict_of(found: Difference, within: float = 0.0, p: float | None = None) -> Verdict:
    """Return what a difference supports.

    Parameters
    ----------
    found : Difference
    within : float
        The margin of ``about the same``; 0 for none.
    p : float, optional
        After adjustment for its family; its own where none is given.
    """
    p = found.p if p is None else p
    if math.isnan(p) or math.isnan(found.lower) or math.isnan(found.upper):
        return Verdict.NOT_TESTED
    if p < setting("level") and (found.lower > 0 or found.upper < 0):
        return Verdict.HIGHER if found.difference > 0 else Verdict.LOWER
    if within > 0 and -within <= found.lower and found.upper <= within:
        return Verdict.ABOUT_THE_SAME
    return Verdict.NOT_CLEAR
