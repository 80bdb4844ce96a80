"""A figure beside those of earlier periods: what it was, and whether it has changed."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.proportions import newcombe
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, period_of
from iro_analysis.periods import moved, previous, single
from iro_analysis.wording import change, change_of_share, number, of

COUNTED = frozenset(["children", "reviews", "count", "days"])


def beside(published: Published, others: pd.DataFrame) -> Finding:
    """A figure beside the same one a period and a year before."""
    rows = {row.group: row for row in published}
    own = rows[period_of(published).name]
    if own.status != "ok":
        return hidden_whole(published)
    sentences = [
        _was(own, rows[name], published)
        for name in _before(published)
        if name in rows and rows[name].status == "ok"
    ]
    if not sentences:
        return Finding(f"{published.measure.title}: no earlier period can be shown")
    return Finding(f"{published.measure.title}, beside earlier periods", tuple(sentences))


def _before(published: Published) -> list[str]:
    """Return the names of the period just before, and of the same one a year before."""
    own = period_of(published)
    found = [moved(own, -12).name]
    just_before = previous(own)
    if just_before is not None and just_before.name not in found:
        found.insert(0, just_before.name)
    return found


def _was(own, before, published: Published) -> str:
    measure = published.measure
    unit = measure.unit
    shown = number(before.value, unit)
    if unit == "percent" and not math.isnan(before.denominator):
        shown += f" ({of(before.numerator, before.denominator)})"
    where = label(before)
    lead = f"{'On' if measure.when == 'day' else 'In'} {where} it was {shown}"
    if (measure.when == "twelve_months" and "months" in where) or " to " in where:
        lead = f"For {where} it was {shown}"
    ends = single(before.group).end, single(own.group).end
    if measure.breaks_between(*ends):
        return f"{lead}, by another method: the two are not compared."
    if unit in COUNTED and measure.id != "caseload_per_officer":
        return f"{lead}: {change(before.value, own.value)} now."
    if unit == "percent":
        difference = newcombe(own.numerator, own.denominator, before.numerator, before.denominator)
        return f"{lead}: {change_of_share(*difference)}."
    return f"{lead}."
