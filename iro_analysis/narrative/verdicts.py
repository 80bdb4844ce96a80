"""Word a comparison's verdict in a sentence."""

from __future__ import annotations

import math

from iro_analysis.comparisons import Comparison, Verdict
from iro_analysis.rounding import printed
from iro_analysis.wording import (
    ABOUT_THE_SAME,
    EVEN_SO,
    NOT_CLEAR,
    NOT_TESTED,
    ROUNDED_BY,
    USUAL,
    change,
    joined,
    number,
    span,
)

_COUNTED = frozenset(["children", "reviews", "count", "days"])


def of_change(compared: Comparison, unit: str) -> str:
    """Return what became of a figure since an earlier period, as far as it can be said.

    Parameters
    ----------
    compared : Comparison
        With an earlier period.
    unit : str
        Of the figure.

    Examples
    --------
    >>> from iro_analysis.comparisons import Kind
    >>> made = Comparison(
    ...     "2019-20", "ehc_plan", "all", "all", Kind.PERIOD, "2018-19", 41.0, 33.0,
    ...     7.4, 2.3, 12.6, verdict=Verdict.HIGHER,
    ... )
    >>> of_change(made, "percent")
    'higher now by 7 percentage points (likely range 2 to 13), more than chance would explain'
    """
    if unit in _COUNTED:
        return _of_count(compared)
    if compared.verdict is Verdict.NOT_TESTED:
        return f"{NOT_TESTED}: {compared.reason}"
    if not compared.is_clear:
        return ABOUT_THE_SAME if compared.verdict is Verdict.ABOUT_THE_SAME else NOT_CLEAR
    by = _by(compared, unit)
    return f"{compared.verdict} now{f' by {by}' if by else ''}, {EVEN_SO}"


def _of_count(compared: Comparison) -> str:
    said = change(compared.other, compared.value)
    if said == "the same":
        return "the same now"
    if compared.verdict is Verdict.NOT_TESTED:
        return f"{said} now; {NOT_TESTED}: {compared.reason}"
    return f"{said} now, {EVEN_SO if compared.is_clear else USUAL}"


def _by(compared: Comparison, unit: str) -> str:
    """Return by how much, with its range where that is shown."""
    if math.isnan(compared.lower):
        return ""
    low, high = sorted(abs(end) for end in (compared.lower, compared.upper))
    if unit == "percent":
        places = 0 if low >= ROUNDED_BY else 1
        points = printed(abs(compared.difference), places)
        noun = "point" if points == "1" else "points"
        limits = span(low, high, "count", places)
        return f"{points} percentage {noun} (likely range {limits})"
    if unit == "per_10000":
        return f"{number(abs(compared.difference), unit)} in every 10,000"
    return f"{number(abs(compared.difference), unit)} (likely range {span(low, high, unit)})"


def of_areas(compared: list[Comparison], unit: str) -> str:
    """Return how a figure stands to other areas, in one sentence; empty where none is given.

    Parameters
    ----------
    compared : list of Comparison
        With other areas.
    unit : str
    """
    parts = []
    for verdict in Verdict:
        mine = [each for each in compared if each.verdict is verdict]
        areas = joined([f"{_within(each.against)} ({number(each.other, unit)})" for each in mine])
        if areas and verdict is Verdict.NOT_TESTED:
            parts.append(f"{NOT_TESTED} against {areas}")
        elif areas and verdict is Verdict.ABOUT_THE_SAME:
            parts.append(f"{ABOUT_THE_SAME} as in {areas}")
        elif areas and verdict is Verdict.NOT_CLEAR:
            parts.append(f"{NOT_CLEAR} from {areas}")
        elif areas:
            parts.append(f"{verdict} than in {areas}, by more than most authorities differ")
    return f"It is {'; and '.join(parts)}." if parts else ""


def of_many(compared: Comparison) -> str:
    """Return how many of several authorities have a higher or lower figure; empty where none."""
    if not compared.areas:
        return ""
    which = "all" if compared.against.startswith("All") else "similar"
    more = compared.above >= compared.below
    several = compared.above if more else compared.below
    word = "higher" if more else "lower"
    return f"Of {compared.areas} {which} authorities {several} are {word}."


def _within(area: str) -> str:
    name = area.partition(" (")[0]
    return name[:1].lower() + name[1:] if name == "Statistical neighbours" else name
