"""Compare each group's share or rate with the reference group's, adjusted for their number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import verdict_of
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.distributions import normal_quantile, normal_tail
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.estimates.proportions import against_fixed
from iro_analysis.estimates.ratios import RATE_RATIO, SHARE_RATIO, rate_ratio_p
from iro_analysis.indicators.disproportionality import RANGE_ONLY, REFERENCE

_TAIL = 1 - LEVEL


def against_reference(published: Published) -> Iterator[Comparison]:
    """Compare every group's ratio with 1.

    A group of few is compared like any other: that it is not ranked is no reason to deny a
    difference.

    Parameters
    ----------
    published : Published
    """
    for entry in catalogue.measures().values():
        if entry.unit != "ratio" or "ethnicity" not in entry.breakdowns:
            continue
        rows = [row for row in published.select(entry.id, "ethnicity") if row.group != ALL]
        yield from _family(entry, [row for row in rows if row.status != "not_available"])


def _family(entry: Measure, rows: list[Any]) -> Iterator[Comparison]:
    base = next((row for row in rows if row.group == REFERENCE), None)
    mine = [row for row in rows if row.group != REFERENCE]
    p = [p_of_ratio(row, base) if row.status == "ok" else 1.0 for row in mine]
    for row, own, adjusted in zip(mine, p, holm(p), strict=True):
        index = entry.id == "ethnicity_index"
        found = Comparison(
            row.period,
            entry.id,
            row.breakdown,
            row.group,
            Kind.GROUP,
            "the group's share of all children" if index else REFERENCE,
            row.value,
            1.0,
            family=f"{entry.id}|{row.breakdown}",
            better=entry.better,
        )
        if row.status != "ok" or math.isnan(row.lower):
            hidden = row.status != "ok"
            reason = "a number that it rests on is hidden" if hidden else "it has no range"
            yield replace(found, reason=reason)
            continue
        lower, upper = row.lower - 1, row.upper - 1
        yield replace(
            found,
            difference=row.value - 1,
            lower=lower,
            upper=upper,
            p=own,
            adjusted=float(adjusted),
            test=f"ratio against 1; {row.method}",
            verdict=verdict_of(Difference(row.value - 1, lower, upper, own), p=float(adjusted)),
        )


def p_of_ratio(row: Any, base: Any = None) -> float:
    """Return the p value of a ratio being 1, from what is published of it.

    Parameters
    ----------
    row : figure
        A rate ratio, whose denominator is the reference group's count; a ratio of shares, whose
        denominator is the group's own; a representation; or one with limits by resampling.
    base : figure, optional
        That of the reference group; for a ratio of shares.

    Returns
    -------
    float
        Exact for ratios of counts; for a representation that of the share against the
        population's; else from the limits, as if the logarithm were normal. 1 where it cannot be
        told.
    """
    if row.method == RANGE_ONLY:
        return 1.0
    if row.method == RATE_RATIO and not math.isnan(row.denominator):
        size = _relative_size(row)
        return rate_ratio_p(row.numerator, size, row.denominator, 1.0) if size else 1.0
    if row.method == SHARE_RATIO:
        if base is None or base.status != "ok":
            return 1.0
        p = rate_ratio_p(row.numerator, row.denominator, base.numerator, base.denominator)
        return 1.0 if math.isnan(p) else p
    if row.unit == "ratio" and row.value > 0 and row.method.startswith("share over"):
        share = row.numerator / row.denominator / row.value
        return against_fixed(row.numerator, row.denominator, min(share, 1.0))[1]
    if not (row.value > 0 and row.lower > 0 and math.isfinite(row.upper)):
        return 1.0
    error = (math.log(row.upper) - math.log(row.lower)) / (2 * normal_quantile(1 - _TAIL / 2))
    return float(2 * normal_tail(abs(math.log(row.value)) / error)) if error else 1.0


def _relative_size(row: Any) -> float:
    """Return the group's population over the reference group's, from a rate ratio and its counts.

    0 where it cannot be told.
    """
    if row.denominator <= 0:
        return 0.0
    if row.value > 0 and row.numerator > 0:
        return row.numerator / row.denominator / row.value
    share = 1 - (_TAIL / 2) ** (1 / row.denominator)  # the upper limit of a share with none
    odds = share / (1 - share)
    return odds / row.upper if row.upper > 0 and math.isfinite(row.upper) else 0.0
