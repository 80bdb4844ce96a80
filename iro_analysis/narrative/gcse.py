"""GCSE results: pooled, yearly, and their trends."""

from __future__ import annotations

import math
import re

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.trends import detectable_share
from iro_analysis.narrative.chance import clear
from iro_analysis.narrative.finding import Finding, hidden_whole, unavailable
from iro_analysis.narrative.parts import (
    hidden_note,
    label,
    shown,
)
from iro_analysis.rounding import printed
from iro_analysis.wording import (
    HIGHER,
    LOWER,
    joined,
    listed,
    number,
    share,
    span,
)


def pooled(published: Published, others: pd.DataFrame) -> Finding:
    """A GCSE standard over all cohorts, and what change could have been seen."""
    [row] = published
    title = published.measure.title
    heading = f"{title}: {share(row.numerator, row.denominator)} over the cohorts together"
    limits = span(row.lower, row.upper, "percent")
    return Finding(heading, (f"The likely range is {limits}.",))


def cohorts(published: Published, others: pd.DataFrame) -> Finding:
    """A GCSE standard by cohort."""
    rows = shown(published)
    title = published.measure.title
    if not rows:
        return Finding(f"{title}: the yearly numbers are too small to publish")
    parts = [(label(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(
        f"{title}, by year", (f"By year of the results. {listed(parts)}.", *hidden_note(published))
    )


def trends(published: Published, others: pd.DataFrame) -> Finding:
    """Trends of the GCSE standards over the cohorts."""
    rows = shown(published)
    if not rows:
        return Finding(
            "No trend in GCSE results can be shown",
            ("The yearly numbers behind them are small, or would give small numbers away.",),
        )
    found = clear(rows, len(published.figures), _p_of)
    up = [_within(label(row)) for row in rows if found.get(row.group) == HIGHER]
    down = [_within(label(row)) for row in rows if found.get(row.group) == LOWER]
    said = [f"a rise in {joined(up)}"] if up else []
    said += [f"a fall in {joined(down)}"] if down else []
    heading = (
        f"GCSE results over the cohorts show {joined(said)}"
        if said
        else "GCSE results show no clear change over the cohorts"
    )
    parts = [
        f"{label(row)}: odds {number(row.value, 'ratio', 2)} times those of the year before "
        f"({span(row.lower, row.upper, 'ratio', 2)}; {row.note})"
        for row in rows
    ]
    return Finding(heading, (f"{'. '.join(parts)}.", *hidden_note(published)))


def _p_of(row) -> float:
    """Return the p value of a trend from its note; 1 where there is none.

    It is printed to three decimals, so that the largest that rounds to it is taken.
    """
    found = re.search(r"\bp = ([0-9.]+)", row.note)
    return min(float(found[1]) + 0.0005, 1.0) if found else 1.0


def detectable(published: Published, cohorts: int) -> Finding:
    """Return what share a later cohort would need for a change to show.

    Parameters
    ----------
    published : Published
        The standard over all cohorts together.
    cohorts : int
        How many they are.
    """
    if published.reason:
        return unavailable(published)
    [row] = published
    if row.status != "ok":
        return hidden_whole(published)
    pupils = row.denominator / cohorts
    needed = detectable_share(row.value / 100, pupils)
    heading = "What change could be seen with so few pupils"
    lead = f"With about {printed(pupils)} pupils a year, a change from "
    start = f"{lead}{number(row.value, 'percent')} in one year to the next"
    if math.isnan(needed):
        return Finding(heading, (f"{start} would not show reliably, however large.",))
    return Finding(
        heading,
        (
            f"{start} would show reliably only where it reached {number(needed * 100, 'percent')} "
            "or more.",
        ),
    )


def _within(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]
