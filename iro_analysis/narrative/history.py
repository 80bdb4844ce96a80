"""Say what a figure was in earlier periods, and whether it has changed."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from iro_analysis.comparisons import Comparison, Kind, Verdict, select
from iro_analysis.contracts import ALL, FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, period_of
from iro_analysis.narrative.verdicts import of_change
from iro_analysis.periods import just_before, moved, single, year_to_date
from iro_analysis.wording import EVEN_SO, NOT_CLEAR, NOT_TESTED, number, share


def beside(
    published: Published, others: pd.DataFrame, compared: Sequence[Comparison] = ()
) -> Finding:
    """Say a figure with those of the period and year before, as `compared` says."""
    rows = {row.group: row for row in published}
    own = rows[period_of(published).name]
    if own.status != "ok":
        return hidden_whole(published)
    sentences = [
        _was(own, rows[name], published, compared)
        for name in _before(published)
        if name in rows and rows[name].status == "ok"
    ]
    to_date = year_to_date(period_of(published))
    if to_date is not None and to_date.name in rows and rows[to_date.name].status == "ok":
        row = rows[to_date.name]
        sentences.append(f"Year to date, {label(row)}: {_figure(row, published)}.")
    if said := _over_years(published, compared):
        sentences.append(said)
    way = went(published, compared)
    heading = f"{published.measure.title}: {way[:1].lower()}{way[1:]}"
    return Finding(heading, tuple(sentences))


def went(published: Published, compared: Sequence[Comparison] = ()) -> str:
    """Return in a few words what became of a figure since a year before: its chart's finding.

    A rise or a fall is only spoken of as more than chance where the comparison says so; where it is
    not tested, the two figures are named and that is said.
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
    found = _comparison(compared, measure.id, before.group)
    if found is not None and found.is_clear:
        way = "Up" if found.verdict is Verdict.HIGHER else "Down"
        return f"{way} from {was} {where}, {EVEN_SO}"
    if was == is_now:
        return f"{is_now}, as {where}"
    if found is None or found.verdict is Verdict.NOT_TESTED:
        return f"{was} {where}, {is_now} now; {NOT_TESTED}"
    if found.verdict is Verdict.ABOUT_THE_SAME:
        return f"About the same as {was} {where}"
    return f"{NOT_CLEAR[:1].upper()}{NOT_CLEAR[1:]} from {was} {where}"


def _over_years(published: Published, compared: Sequence[Comparison]) -> str:
    """Return whether a figure rises or falls over all years held; empty where it is not tested."""
    measure = published.measure
    found = next(iter(select(compared, measure.id, ALL, Kind.YEARS)), None)
    if found is None or not found.test:
        return ""
    first, _, last = found.against.partition(" to ")
    names = {row.group: label(row) for row in published}
    if first not in names or last not in names:
        return ""
    since = f"From {names[first]} to {names[last]}"
    if not found.is_clear:
        return f"{since} it goes up and down no more than chance would make it."
    way = "rises" if found.verdict is Verdict.HIGHER else "falls"
    return f"{since} it {way}, {EVEN_SO}."


def _comparison(compared: Sequence[Comparison], measure: str, before: str) -> Comparison | None:
    return next(iter(select(compared, measure, ALL, Kind.PERIOD, before)), None)


def _before(published: Published) -> list[str]:
    """Return the names of the period just before, and of the same one a year before."""
    own = period_of(published)
    return list(dict.fromkeys([just_before(own).name, moved(own, -12).name]))


def _was(
    own: FigureRow, before: FigureRow, published: Published, compared: Sequence[Comparison]
) -> str:
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
    found = _comparison(compared, measure.id, before.group)
    return f"{lead}: {of_change(found, unit)}." if found is not None else f"{lead}."


def _figure(row: FigureRow, published: Published) -> str:
    if published.measure.unit == "percent" and not math.isnan(row.denominator):
        return share(row.numerator, row.denominator)
    return number(row.value, published.measure.unit)
