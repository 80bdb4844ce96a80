"""Say of a comparison only what rounded figures may tell, where a policy rounds them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.comparisons.comparison import Comparison, Kind, Verdict
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure.policy import rounded_count
from iro_analysis.disclosure.publish import Published

UNSAID = "its range and p value are not shown, since counts are rounded"
NOT_SEEN = "the rounded figures do not show the difference"
NOT_GIVEN = "it is worked out of exact counts, which are not given"
_NONE = float("nan")
_OF_AREAS = (Kind.AREA, Kind.AUTHORITIES)


def of_rounded(found: Comparison, published: Published) -> Comparison:
    """Return a comparison with the verdict of the exact figures, and the numbers of rounded ones.

    A range, a p value, or a place among authorities would tell the exact count. A difference is
    claimed only where the rounded figures differ the same way.

    Parameters
    ----------
    found : Comparison
        Of the exact figures that were released.
    published : Published
        The rounded ones.
    """
    longer = (found.value - found.difference) / found.other if found.other else _NONE
    value, other = _value(found, published), _other(found, published)
    bare = replace(
        found,
        value=value,
        other=other,
        difference=_NONE,
        lower=_NONE,
        upper=_NONE,
        p=_NONE,
        adjusted=_NONE,
        areas=0,
        above=0,
        below=0,
    )
    if found.verdict is Verdict.NOT_TESTED:
        return bare
    untested = replace(bare, verdict=Verdict.NOT_TESTED, test="", leads=False)
    if pd.isna(value) or pd.isna(other):
        return replace(untested, reason=NOT_GIVEN)
    # A count of a longer period is brought to the same length: by days, which are no secret.
    difference = value - other * (round(longer, 6) if pd.notna(longer) else 1.0)
    way = {Verdict.HIGHER: 1, Verdict.LOWER: -1}.get(found.verdict)
    if way is not None and way * difference <= 0:
        return replace(untested, reason=NOT_SEEN)
    reason = f"{found.reason}; {UNSAID}" if found.reason else UNSAID
    return replace(bare, difference=difference, reason=reason)


def _value(found: Comparison, published: Published) -> float:
    """Return the figure that is compared, rounded; missing where it is not given."""
    if pd.isna(found.value):
        return _NONE
    row = _row(published, found.measure, found.breakdown, found.group)
    if row is None:
        return _of_count(found.value, found, published)
    if row.status != "ok":
        return _NONE
    if found.kind in _OF_AREAS and row.unit == "children" and row.breakdown != ALL:
        return 100 * row.numerator / row.denominator if row.denominator > 0 else _NONE
    return float(row.value)


def _other(found: Comparison, published: Published) -> float:
    """Return what it is compared with: what others publish as it is, our own figure rounded."""
    if pd.isna(found.other) or found.kind in _OF_AREAS:
        return found.other
    if found.kind is Kind.PERIOD and found.breakdown == ALL:
        row = _row(published, found.measure, catalogue.PERIOD, found.against)
        return float(row.value) if row is not None and row.status == "ok" else _NONE
    return _of_count(found.other, found, published) if found.kind is Kind.PERIOD else _NONE


def _of_count(number: float, found: Comparison, published: Published) -> float:
    """Return a count that stands in no row of the report, rounded; of any other figure nothing."""
    policy = published.policy
    if catalogue.measure(found.measure).unit not in COUNT_UNITS or policy.is_small(number):
        return _NONE
    return float(rounded_count(number, policy.round_to)) if number == int(number) else _NONE


def _row(published: Published, measure: str, breakdown: str, group: str) -> Any:
    rows = [row for row in published.select(measure, breakdown) if row.group == group]
    return rows[0] if rows else None
