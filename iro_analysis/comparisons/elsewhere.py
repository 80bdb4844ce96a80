"""A figure beside those of other areas."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import margin, verdict_of
from iro_analysis.contracts import ALL, PER
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.proportions import against_fixed

AREAS = "headlines, other areas"
_HALF = 0.5  # a whole number may have been rounded by so much


def beside_other_areas(
    published: Published, others: Callable[[str, str], pd.DataFrame]
) -> Iterator[Comparison]:
    """Compare every figure of the whole with those of other areas.

    Parameters
    ----------
    published : Published
    others : callable
        Measure, breakdown -> ``area``, ``group``, ``value``.
    """
    for entry in catalogue.measures().values():
        if ALL not in entry.breakdowns:
            continue
        shown = [row for row in published.select(entry.id, ALL) if row.status == "ok"]
        if len(shown) != 1 or (held := others(entry.id, ALL)).empty:
            continue
        for row in held.itertuples(index=False):
            yield _beside(entry, shown[0], str(row.area), float(row.value))


def _beside(entry: Measure, own, area: str, other: float) -> Comparison:
    found = Comparison(
        own.period,
        entry.id,
        ALL,
        ALL,
        Kind.AREA,
        area,
        own.value,
        other,
        family=AREAS,
        better=entry.better,
    )
    if math.isnan(own.lower):
        return replace(found, reason="the figure has no range")
    difference = own.value - other
    lower, upper = own.lower - other, own.upper - other
    nearest = other + math.copysign(_HALF, difference) if other == int(other) else other
    if abs(difference) <= abs(nearest - other):
        nearest = own.value
    p, test = _p(entry, own, nearest)
    if math.isnan(p):
        return replace(found, reason="there is no test for such a figure")
    return replace(
        found,
        difference=difference,
        lower=lower,
        upper=upper,
        p=p,
        test=test,
        verdict=verdict_of(Difference(difference, lower, upper, p), margin(entry.unit, other)),
    )


def _p(entry: Measure, own, nearest: float) -> tuple[float, str]:
    from scipy import stats

    if entry.unit == "percent" and not math.isnan(own.denominator):
        share = min(max(nearest / 100, 0.0), 1.0)
        return float(against_fixed(own.numerator, own.denominator, share)[1]), "share, other fixed"
    if entry.unit == "per_10000" and own.denominator > 0:
        expected = nearest * own.denominator / PER
        tails = (
            stats.poisson.cdf(own.numerator, expected),
            stats.poisson.sf(own.numerator - 1, expected),
        )
        return min(1.0, 2 * float(min(tails))), "rate, other fixed"
    if own.upper > own.lower:
        error = (own.upper - own.lower) / 2 / stats.norm.ppf(0.975)
        return float(2 * stats.norm.sf(abs(own.value - nearest) / error)), "mean, other fixed"
    return float("nan"), ""
