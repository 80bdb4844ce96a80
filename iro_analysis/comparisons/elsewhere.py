"""Compare a figure with those of other areas, allowing for how much authorities differ.

Nearly every authority's figure differs from England's by more than chance, because services and
places differ. So a difference is claimed only where it is large beside the spread of all
authorities; how many of them lie above is counted, and nobody is ranked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import margin, setting, verdict_of
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL, funnels
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.distributions import (
    normal_quantile,
    normal_tail,
    t_quantile,
    variance_of_the_middle,
)
from iro_analysis.estimates.funnels import winsorised
from iro_analysis.estimates.multiplicity import holm

AREAS = "headlines, other areas"
EVERYONE = "All authorities"
NOBODY = "there is nobody here to take a share of"
NO_SPREAD = "how much authorities differ is not held, so chance alone cannot be told from it"
_SIMILAR = "Statistical neighbours"

Others = Callable[[str, str], pd.DataFrame]
Everyone = Callable[[str, str, str], pd.DataFrame]


@dataclass(frozen=True)
class AreaData:
    """Where the figures of other areas come from.

    Attributes
    ----------
    others : callable
        Measure, breakdown -> ``area``, ``group``, ``value``.
    everyone, neighbours : callable
        Measure, breakdown, group -> one row per authority: ``value``, ``count``, ``total``.
    """

    others: Others
    everyone: Everyone
    neighbours: Everyone


@dataclass(frozen=True)
class Standing:
    """How authorities' figures spread about what is usual.

    Attributes
    ----------
    usual : float
        Of all together, in the figure's unit.
    values : ndarray
        Of each authority.
    between : float
        Standard deviation between authorities on the scale of the test, chance left out where
        counts are held.
    scale : str
        ``arcsine``, ``log`` or ``plain``.
    source : str
    """

    usual: float
    values: np.ndarray
    between: float
    scale: str
    source: str

    def against(self, value: float, other: float, chance: float) -> Difference:
        """Return a figure less another, with how far authorities lie from it.

        Parameters
        ----------
        value, other : float
            In the figure's unit.
        chance : float
            Standard error of the figure on the scale of the test; 0 where the spread has it in it.
        """
        error = math.hypot(self.between, chance)
        if not error:
            return Difference(value - other, *(float("nan"),) * 3)
        z = (self._to(value) - self._to(other)) / error
        reach = float(normal_quantile(1 - (1 - LEVEL) / 2)) * error
        low = self._back(self._to(other) - reach)
        high = self._back(self._to(other) + reach)
        return Difference(value - other, value - high, value - low, float(2 * normal_tail(abs(z))))

    def _to(self, value: float) -> float:
        if self.scale == "arcsine":
            return math.asin(math.sqrt(min(max(value / 100, 0.0), 1.0)))
        return math.log(max(value, 1e-9)) if self.scale == "log" else value

    def _back(self, value: float) -> float:
        if self.scale == "arcsine":
            return 100 * math.sin(min(max(value, 0.0), math.pi / 2)) ** 2
        return math.exp(value) if self.scale == "log" else value


def beside_other_areas(published: Published, data: AreaData) -> Iterator[Comparison]:
    """Compare every figure with all authorities, and with each area that is held.

    Groups of a breakdown are one family; headlines are tested alone and, for the summary, together.

    Parameters
    ----------
    published : Published
    data : AreaData
    """
    for entry in catalogue.measures().values():
        for breakdown in _breakdowns(entry):
            yield from _of_breakdown(published, data, entry, breakdown)


def beside_areas(
    published: Published, data: AreaData, measure: str, breakdown: str
) -> list[Comparison]:
    """Compare the figures of one measure and breakdown with each area that is held.

    They are those of ``beside_other_areas``: none of them depends on another measure's.
    """
    entry = catalogue.measure(measure)
    if breakdown not in _breakdowns(entry):
        return []
    found = _of_breakdown(published, data, entry, breakdown)
    return [each for each in found if each.kind is Kind.AREA]


def _of_breakdown(
    published: Published, data: AreaData, entry: Measure, breakdown: str
) -> Iterator[Comparison]:
    held = data.others(entry.id, breakdown)
    rows = [row for row in published.select(entry.id, breakdown) if _can_be_set_beside(row)]
    if held.empty or not rows:
        return
    found = [
        each
        for row in rows
        for each in _beside(entry, row, held[held["group"].eq(row.group)], data)
    ]
    yield from found if breakdown == ALL else _as_families(found)


def _can_be_set_beside(own: Any) -> bool:
    """Whether a figure is shown and, where it is compared as a share, is a share of somebody."""
    as_share = own.unit == "children" and own.breakdown != ALL
    return own.status == "ok" and not (as_share and not own.denominator > 0)


def _breakdowns(entry: Measure) -> list[str]:
    by_group = setting("areas_by_group").get(entry.id, [])
    return [ALL, *by_group] if ALL in entry.breakdowns else list(by_group)


def _as_families(found: list[Comparison]) -> Iterator[Comparison]:
    """Read the groups of a breakdown against one area together."""
    for against in dict.fromkeys(each.against for each in found):
        mine = [each for each in found if each.against == against]
        for each, p in zip(mine, holm([one.p for one in mine]), strict=True):
            if math.isnan(each.p):
                yield each
                continue
            difference = Difference(each.difference, each.lower, each.upper, each.p)
            within = margin("percent", each.other)
            verdict = verdict_of(difference, within, float(p))
            yield replace(each, adjusted=float(p), verdict=verdict)


def _beside(entry: Measure, own: Any, held: pd.DataFrame, data: AreaData) -> Iterator[Comparison]:
    value, of = _as_published(entry, own)
    bare = Comparison(
        own.period,
        entry.id,
        own.breakdown,
        own.group,
        Kind.AREA,
        "",
        value,
        float("nan"),
        family=AREAS if own.breakdown == ALL else f"{entry.id}|{own.breakdown}, other areas",
        better=entry.better,
    )
    if math.isnan(value):  # nobody is looked after: there is no share to set beside another
        for row in held.itertuples(index=False):
            yield replace(bare, against=str(row.area), other=float(row.value), reason=NOBODY)
        return
    unit = "percent" if own.unit == "children" else entry.unit
    spread = standing(data.everyone(entry.id, own.breakdown, own.group), unit)
    chance = _chance(spread, of)
    if spread is not None and not 0 < spread.usual < (100 if unit == "percent" else math.inf):
        spread = None  # most have none or all: no spread can be computed
    if spread is not None:
        found = replace(bare, kind=Kind.AUTHORITIES, against=EVERYONE, other=spread.usual)
        yield _judged(found, spread.against(value, spread.usual, chance), spread, unit)
    for row in held.itertuples(index=False):
        found = replace(bare, against=str(row.area), other=float(row.value))
        if str(row.area).startswith(_SIMILAR):
            near = standing(data.neighbours(entry.id, own.breakdown, own.group), unit, few=True)
            yield _judged_or_not(found, near, value, _chance(near, of), unit)
        else:
            yield _judged_or_not(found, spread, value, chance, unit, count=False)


def _judged_or_not(
    found: Comparison,
    spread: Standing | None,
    value: float,
    chance: float,
    unit: str,
    count: bool = True,
) -> Comparison:
    if spread is None:
        return replace(found, reason=NO_SPREAD)
    return _judged(found, spread.against(value, found.other, chance), spread, unit, count)


def _judged(
    found: Comparison, difference: Difference, spread: Standing, unit: str, count: bool = True
) -> Comparison:
    return replace(
        found,
        difference=difference.difference,
        lower=difference.lower,
        upper=difference.upper,
        p=difference.p,
        test=f"against the spread of {len(spread.values)} authorities; {spread.source}",
        verdict=verdict_of(difference, margin(unit, found.other)),
        areas=len(spread.values) if count else 0,
        above=int((spread.values > found.value).sum()) if count else 0,
        below=int((spread.values < found.value).sum()) if count else 0,
    )


def _as_published(entry: Measure, own: Any) -> tuple[float, float]:
    """Return a figure in the unit in which other areas publish it, and what it is a share of."""
    if own.unit == "children" and own.breakdown != ALL:
        share = 100 * own.numerator / own.denominator if own.denominator > 0 else math.nan
        return share, float(own.denominator)
    return float(own.value), float(own.denominator)


def _chance(spread: Standing | None, of: float) -> float:
    if spread is None or spread.scale != "arcsine" or not of > 0:
        return 0.0
    return 1 / (2 * math.sqrt(of))


def standing(everyone: pd.DataFrame, unit: str, few: bool = False) -> Standing | None:
    """Return how the figures of authorities spread; None where too few are held.

    Shares with their counts: the overdispersed funnel. Else the spread of the figures themselves,
    which has chance in it; of rates on the log scale, since they are skewed.

    Parameters
    ----------
    everyone : DataFrame
        One row per authority: ``value``, ``count``, ``total``; missing where not published.
    unit : str
    few : bool
        Whether a handful will do (similar areas): their spread is widened for its own error.

    References
    ----------
    Spiegelhalter 2005; STATISTICS 5.1.
    """
    if everyone.empty:
        return None
    least = setting("fewest_similar" if few else "fewest_authorities")
    met, of = everyone["count"].to_numpy(float), everyone["total"].to_numpy(float)
    usable = np.isfinite(met) & np.isfinite(of) & (of > 0) & (met <= of)
    if unit == "percent" and usable.sum() >= least and not few:
        # Not winsorised: the spread is not rescaled after, and too many would be called unlike.
        found = funnels.spread(met[usable], of[usable], winsorise=0)
        values = 100 * met[usable] / of[usable]
        between = math.sqrt(found.tau2)
        return Standing(100 * found.target, values, between, "arcsine", "overdispersed funnel")
    values = everyone["value"].to_numpy(float)
    values = values[np.isfinite(values)]
    if unit == "per_10000":
        values = values[values > 0]
    if len(values) < least:
        return None
    scale = "log" if unit == "per_10000" else "arcsine" if unit == "percent" else "plain"
    bare = Standing(0.0, values, 0.0, scale, "")
    on_scale = np.array([bare._to(value) for value in values])
    if few:
        middle, between = float(on_scale.mean()), _of_few(on_scale)
    else:
        middle, between = float(np.median(on_scale)), _robust(on_scale)
    scale_of_test = "plain" if scale == "plain" else scale
    return Standing(bare._back(middle), values, between, scale_of_test, "spread of their figures")


def _robust(values: np.ndarray) -> float:
    """Return the standard deviation, winsorised by a tenth at each end and rescaled.

    Never less than the plain standard deviation: many of DfE's series have long tails, and by the
    middle alone up to one authority in nine would be called unlike the rest.
    """
    edge = normal_quantile(0.9)
    whole = 0.8 * variance_of_the_middle(edge) + 0.2 * edge**2
    return float(max(np.std(winsorised(values)) / math.sqrt(whole), np.std(values)))


def _of_few(values: np.ndarray) -> float:
    """Return the error for one more area of few, widened so that a normal quantile acts as t's."""
    many = len(values)
    error = float(values.std(ddof=1)) * math.sqrt(1 + 1 / many)
    tail = 1 - (1 - LEVEL) / 2
    return error * float(t_quantile(tail, many - 1) / normal_quantile(tail))
