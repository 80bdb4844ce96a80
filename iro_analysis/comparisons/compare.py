"""Make all comparisons of a report, and apply the rules that hold over several of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from iro_analysis import catalogue
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons.by_group import groups_changed
from iro_analysis.comparisons.change import YEAR_BEFORE, changes
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.elsewhere import (
    AREAS,
    AreaData,
    beside_areas,
    beside_other_areas,
)
from iro_analysis.comparisons.groups import against_reference
from iro_analysis.comparisons.of_rounded import of_rounded
from iro_analysis.comparisons.over_years import ALL_YEARS, trends
from iro_analysis.comparisons.settings import setting
from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.disclosure.publish import Published
from iro_analysis.disclosure.releases import Release
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.periods import Period

UNSAID = "its range is not shown, since a small number of children could be worked out from it"
_FINE = frozenset(["percent", "per_10000", "score", "probability", "months"])
_LEAST_P = 0.001
SUMMARISED = frozenset(
    [(YEAR_BEFORE, Kind.PERIOD), (ALL_YEARS, Kind.YEARS), (AREAS, Kind.AUTHORITIES)]
)


def compare(
    record: CareRecord,
    period: Period,
    published: Published,
    areas: AreaData,
    cautions: Mapping[str, str] | None = None,
    earlier: Sequence[Release] = (),
) -> tuple[Comparison, ...]:
    """Return every comparison of a report's figures, made or not.

    Parameters
    ----------
    record : CareRecord
        With its children: a test needs them even where only its verdict is shown.
    period : Period
    published : Published
        The report's figures after the gate. What is hidden supports no claim.
    areas : AreaData
        Where the figures of other areas come from.
    cautions : mapping, optional
        Measure -> why its figures of two periods cannot be compared.
    earlier : sequence of Release, optional
        What earlier reports of the authority released: the only numbers by group of a year before
        that the committee's comparisons may use.
    """
    exact = published.exact or published
    found = [
        *changes(record, period, exact, cautions or {}),
        *trends(record, period, exact, cautions or {}),
        *groups_changed(record, period, exact, earlier, cautions or {}),
        *beside_other_areas(exact, areas),
        *against_reference(exact),
    ]
    return tuple(without_small_numbers(each, published) for each in _leading(found))


def compare_with_areas(
    published: Published, areas: AreaData, measure: str, breakdown: str
) -> tuple[Comparison, ...]:
    """Return the comparisons of one measure and breakdown with each area, as ``compare`` has them.

    Only what is said of all authorities together, and of a year before, is read over the whole
    report; so a question about one measure need not wait for the others.
    """
    found = beside_areas(published.exact or published, areas, measure, breakdown)
    return tuple(without_small_numbers(each, published) for each in found)


def without_small_numbers(found: Comparison, published: Published) -> Comparison:
    """Return a comparison with nothing in it that would tell the audience a small number.

    Both figures are released. What the test knows besides, how many children changed the one way
    and how many the other, could be worked out of an exact interval or p value: for the committee
    both are rounded, and left out where such a number is small, or where counts are rounded.
    """
    bare = replace(found, rests_on=())
    if published.is_rounded:
        return of_rounded(bare, published)
    if published.audience == INTERNAL or math.isnan(found.p):
        return bare
    if any(published.policy.is_small(count) for count in found.rests_on):
        none = float("nan")
        return replace(bare, lower=none, upper=none, p=none, adjusted=none, reason=UNSAID)
    digits = 1 if catalogue.measure(found.measure).unit in _FINE else 0
    if found.kind is Kind.GROUP:
        digits = 2
    return replace(
        bare,
        lower=_outwards(found.lower, digits, math.floor),
        upper=_outwards(found.upper, digits, math.ceil),
        p=_one_digit(found.p),
        adjusted=_one_digit(found.adjusted),
    )


def _outwards(value: float, digits: int, to: Callable[[float], int]) -> float:
    """Round a limit away from the difference, so that the interval never says more than it was."""
    if not math.isfinite(value):
        return value
    return to(value * 10**digits) / 10**digits


def _one_digit(p: float) -> float:
    return float(f"{max(p, _LEAST_P):.1g}") if not math.isnan(p) else p


def _leading(found: list[Comparison]) -> list[Comparison]:
    """Mark what stays clear over all that the summary looks at."""
    mine = [place for place, each in enumerate(found) if (each.family, each.kind) in SUMMARISED]
    adjusted = holm(np.array([found[place].p for place in mine]))
    for place, p in zip(mine, adjusted, strict=True):
        leads = found[place].is_clear and p < setting("summary_level")
        found[place] = replace(found[place], adjusted=float(p), leads=bool(leads))
    return found
