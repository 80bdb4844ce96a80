"""What the sentences of every topic are put together from."""

from __future__ import annotations

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.periods import single
from iro_analysis.tables import group_label
from iro_analysis.wording import (
    against,
    compared,
    listed,
    number,
    share,
    span,
)


def period_of(published: Published):
    """Return the period that figures are of."""
    return single(published.figures["period"].iloc[0])


def shown(published: Published) -> list:
    """Return the figures that are given, in their order."""
    return [row for row in published if row.status == "ok"]


def label(row) -> str:
    """Return a figure's group as a reader sees it."""
    return group_label(row.measure, row.breakdown, row.group)


def hidden_note(published: Published) -> list[str]:
    """Return the sentence that says that some groups are left out, or none."""
    if not published.anything_hidden:
        return []
    return [
        "Some groups are left out here: their number is small, or would give a small number away."
    ]


def beside(row, others: pd.DataFrame, unit: str) -> list[str]:
    """Return one sentence that sets a figure against every comparator given for its group."""
    mine = others[others["group"].eq(row.group)]
    areas = [(other.area, other.value) for other in mine.itertuples(index=False)]
    said = compared(row.value, row.lower, row.upper, areas, unit)
    return [said] if said else []


def share_of(row) -> str:
    """Return a count with its share of the total."""
    return share(row.value, row.denominator)


def against_one(row) -> str:
    """Say whether a ratio lies clearly above or below 1, or neither."""
    return against(row.value, row.lower, row.upper, 1.0)


def rates_by_group(published: Published, what: str) -> Finding:
    """Return what rates per 10,000 by group say; a highest one only where it is clearly so."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    ordered = sorted(rows, key=lambda row: -row.value)
    parts = [
        (
            label(row),
            f"{number(row.value, 'per_10000')} ({span(row.lower, row.upper, 'per_10000')})",
        )
        for row in ordered
    ]
    top, rest = ordered[0], ordered[1:]
    clear = rest and all(row.upper < top.lower for row in rest)
    heading = (
        f"The rate is highest for the {what} {label(top)}: "
        f"{number(top.value, 'per_10000')} in 10,000"
        if clear
        else f"Rates per 10,000 children differ by {what}, some of them by no more than chance"
    )
    return Finding(
        heading,
        (
            f"Children looked after per 10,000 of each group, with likely range. {listed(parts)}.",
            *hidden_note(published),
        ),
    )
