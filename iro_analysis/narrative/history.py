"""A figure beside those of earlier periods: what it was, and whether it has changed."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.chance import change_of_count, change_of_percentage, change_of_rate
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, period_of
from iro_analysis.periods import just_before, moved, single, year_to_date
from iro_analysis.wording import EVEN_SO, NO_CLEAR_CHANGE, number, share

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
    way = went(published)
    heading = f"{published.measure.title}: {way[:1].lower()}{way[1:]}"
    return Finding(heading, tuple(sentences))


def went(published: Published) -> str:
    """Return in a few words what became of a figure since a year before: its chart's finding.

    A rise or a fall is only spoken of as more than chance where it was tested; where it cannot be,
    the two figures are named and nothing is said of them.
    """
    rows = {row.group: row for row in published}
    own = rows[period_of(published).name]
    if own.status != "ok":
        return "The latest figure is not shown"
    given = [rows[name] for name in _before(published) if name in rows]
    given = [row for row in given if row.status == "ok"]
    if not given:
        return "No figure of the period before to compare with"
    before, measure = given[-1], published.measure
    then, now = single(before.group), single(own.group)
    was, is_now = (number(row.value, measure.unit) for row in (before, own))
    where = f"{'on' if measure.when == 'day' else 'in'} {label(before)}"
    if (measure.when == "twelve_months" and "months" in where) or " to " in where:
        where = f"in the {label(before)}" if "months" in where else f"in {label(before)}"
    if measure.breaks_between(then.end, now.end):
        return f"Not compared with {was} {where}: another method"
    tested = _tested(own, before, measure, (now.days, then.days))
    if tested == NO_CLEAR_CHANGE:
        return f"{NO_CLEAR_CHANGE[:1].upper()}{NO_CLEAR_CHANGE[1:]} from {was} {where}"
    if tested:
        return f"{tested} from {was} {where}, {EVEN_SO}"
    if was == is_now:
        return f"{is_now}, as {where}"
    return f"{was} {where}, {is_now} now"


def _tested(own, before, measure, days: tuple[int, int]) -> str:
    """Return ``Up``, ``Down`` or that there is no clear change; empty where it is not tested."""
    if measure.id == "caseload_per_officer":
        return ""
    if measure.unit in COUNTED:
        said = change_of_count(own, before, measure.again, days)
    elif measure.unit == "percent":
        said = change_of_percentage(own, before, measure.again)
    elif measure.unit == "per_10000":
        said = change_of_rate(own, before)
    else:
        return ""
    if EVEN_SO in said and "no more" not in said:
        return "Up" if own.value > before.value else "Down"
    return NO_CLEAR_CHANGE if "no more" in said or NO_CLEAR_CHANGE in said else ""


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
    if measure.when == "twelve_months" and "months" in where:
        lead = f"For the {where} it was {shown}"
    elif " to " in where:
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
