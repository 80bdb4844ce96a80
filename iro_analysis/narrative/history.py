"""A figure beside those of earlier periods: what it was, and whether it has changed."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.chance import change_of_count, change_of_percentage, change_of_rate
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, period_of
from iro_analysis.periods import just_before, moved, single, year_to_date
from iro_analysis.wording import number, share

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
    to_date = year_to_date(period_of(published))
    if to_date is not None and to_date.name in rows and rows[to_date.name].status == "ok":
        row = rows[to_date.name]
        sentences.append(f"Year to date, {label(row)}: {_figure(row, published)}.")
    if not sentences:
        return Finding(f"{published.measure.title}: no earlier period can be shown")
    return Finding(f"{published.measure.title}, beside earlier periods", tuple(sentences))


def _before(published: Published) -> list[str]:
    """Return the names of the period just before, and of the same one a year before."""
    own = period_of(published)
    return list(dict.fromkeys([just_before(own).name, moved(own, -12).name]))


def _was(own, before, published: Published) -> str:
    measure = published.measure
    unit = measure.unit
    shown = _figure(before, published)
    where = label(before)
    lead = f"{'On' if measure.when == 'day' else 'In'} {where} it was {shown}"
    if (measure.when == "twelve_months" and "months" in where) or " to " in where:
        lead = f"For {where} it was {shown}"
    then, now = single(before.group), single(own.group)
    if measure.breaks_between(then.end, now.end):
        return f"{lead}, by another method: the two are not compared."
    if unit in COUNTED and measure.id != "caseload_per_officer":
        return f"{lead}: {change_of_count(own, before, measure.again, (now.days, then.days))}."
    if unit == "percent":
        return f"{lead}: {change_of_percentage(own, before, measure.again)}."
    if unit == "per_10000":
        return f"{lead}: {change_of_rate(own, before)}."
    return f"{lead}."


def _figure(row, published: Published) -> str:
    if published.measure.unit == "percent" and not math.isnan(row.denominator):
        return share(row.numerator, row.denominator)
    return number(row.value, published.measure.unit)
