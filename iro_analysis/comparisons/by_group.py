"""Compare each group of a breakdown with the year before, adjusted for the number of groups.

For the committee a number of a year before is used only where an earlier report has released it:
what stands in no report has not been through the gate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons.change import Untested, group_tested
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import margin, setting, together, verdict_of
from iro_analysis.disclosure.figure_cells import of_row, system_of
from iro_analysis.disclosure.over_time import lasting_names
from iro_analysis.disclosure.policy import INTERNAL, policy
from iro_analysis.disclosure.publish import Published
from iro_analysis.disclosure.releases import Release
from iro_analysis.errors import AnalysisError
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.indicators import evaluate
from iro_analysis.periods import Period, moved

NOT_RELEASED = "no report has released the figure of the year before"
NOT_SHOWN = "it is hidden or not given in this report"


def groups_changed(
    record: CareRecord,
    period: Period,
    published: Published,
    earlier: Sequence[Release],
    cautions: Mapping[str, str],
) -> Iterator[Comparison]:
    """Compare every group of the breakdowns named in ``comparisons.toml`` with a year before.

    Parameters
    ----------
    record : CareRecord
    period : Period
    published : Published
    earlier : sequence of Release
        What earlier reports of the authority released.
    cautions : mapping
        Measure -> why its figures of two periods cannot be compared.
    """
    before = moved(period, -12)
    try:
        record.authority.check_covers(before)
    except AnalysisError:
        return
    for measure, breakdowns in setting("groups").items():
        entry = catalogue.measure(measure)
        for breakdown in breakdowns:
            past = _past(record, before, entry, breakdown, published.audience, earlier)
            if past:
                yield from _family(
                    record, period, before, published.select(measure, breakdown), past, cautions
                )


def _past(
    record: CareRecord,
    before: Period,
    entry: Measure,
    breakdown: str,
    audience: str,
    earlier: Sequence[Release],
) -> dict[str, object]:
    """Return group -> figure of a year before, None where it may not be used; empty if none is."""
    figures = evaluate.figures(record, before, entry.id, breakdown)
    if not figures["status"].eq("ok").any():
        return {}
    rows = {row.group: row for row in figures.itertuples(index=False) if row.status == "ok"}
    if audience == INTERNAL:
        return rows
    released = _released(figures, before, earlier)
    return {group: row if group in released else None for group, row in rows.items()}


def _released(figures: pd.DataFrame, before: Period, earlier: Sequence[Release]) -> set[str]:
    """Return the groups whose counts earlier reports show, as they are counted today."""
    known = {cell: count for release in earlier for cell, count in release.shown.items()}
    if not known:
        return set()
    names = lasting_names(system_of(figures, policy()), before)
    found = set()
    for row in figures[figures["status"].eq("ok")].itertuples(index=False):
        cells = of_row(row)
        counts = {cells.numerator: row.numerator, cells.denominator: row.denominator}
        if all(known.get(names.get(cell, "")) == counts[cell] for cell in cells.shown):
            found.add(row.group)
    return found


def _family(
    record: CareRecord,
    period: Period,
    before: Period,
    published: Published,
    past: dict[str, object],
    cautions: Mapping[str, str],
) -> Iterator[Comparison]:
    rows = [(row, past[row.group]) for row in published if row.group in past]
    rows += _together(published, past)
    made = [_group(record, period, before, published, own, other, cautions) for own, other in rows]
    adjusted = holm([each.p for each in made])
    for each, p in zip(made, adjusted, strict=True):
        if math.isnan(each.p):
            yield each
            continue
        found = Difference(each.difference, each.lower, each.upper, each.p)
        within = margin(published.measure.unit, each.other)
        yield replace(each, adjusted=float(p), verdict=verdict_of(found, within, float(p)))


@dataclass(frozen=True)
class _Several:
    """Several groups as one figure."""

    breakdown: str
    group: str
    value: float
    status: str = "ok"


def _together(published: Published, past: dict[str, Any]) -> list[tuple[_Several, Any]]:
    """Return the groups that are compared as one, now and a year before; none unless both follow.

    They are the whole less the groups that are not among them. So nothing is told that the whole
    and those groups, all of them shown, do not tell.
    """
    found = together(published.measure.id, published.breakdown)
    if found is None:
        return []
    both = []
    own: dict[str, Any] = {row.group: row for row in published}
    for rows in (own, past):
        others = [rows[name] for name in found.without if rows.get(name) is not None]
        if len(others) < len(found.without) or any(row.status != "ok" for row in others):
            return []
        total, left_out = others[0].denominator, sum(row.value for row in others)
        both.append(_Several(published.breakdown, found.name, float(total - left_out)))
    if any(each.value and published.policy.is_small(each.value) for each in both):
        return []
    return [(both[0], both[1])]


def _group(
    record: CareRecord,
    period: Period,
    before: Period,
    published: Any,
    own: Any,
    other: Any,
    cautions: Mapping[str, str],
) -> Comparison:
    entry = published.measure
    shown = own.status == "ok"
    found = Comparison(
        period.name,
        entry.id,
        published.breakdown,
        own.group,
        Kind.PERIOD,
        before.name,
        own.value if shown else float("nan"),
        other.value if other is not None else float("nan"),
        family=f"{entry.id}|{published.breakdown}, a year before",
        better=entry.better,
    )
    try:
        if other is None:
            raise Untested(NOT_RELEASED)
        if not shown:
            raise Untested(NOT_SHOWN)
        if breaks := entry.breaks_between(before.end, period.end):
            raise Untested(f"counted in another way since: {breaks[-1].what}")
        if caution := cautions.get(entry.id, ""):
            raise Untested(caution)
        made = group_tested(record, entry, own, other, period, before)
    except Untested as why:
        return replace(found, reason=str(why))
    return made.put_into(found)
