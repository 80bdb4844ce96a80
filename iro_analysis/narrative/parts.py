"""Shared parts of the sentences of every topic."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.comparisons import Kind
from iro_analysis.contracts import PER, FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.verdicts import of_areas, of_many
from iro_analysis.periods import Period, single
from iro_analysis.rounding import printed
from iro_analysis.tables import group_label
from iro_analysis.wording import (
    LEAST_FOR_A_PERCENTAGE,
    ROUNDED_BY,
    by_chance,
    listed,
    number,
    share,
    span,
)


def period_of(published: Published) -> Period:
    """Return the period that figures are of."""
    return single(published.figures["period"].iloc[0])


def shown(published: Published) -> list[FigureRow]:
    """Return the figures that are given, in their order."""
    return [row for row in published if row.status == "ok"]


def label(row: FigureRow) -> str:
    """Return a figure's group as a reader sees it."""
    return group_label(row.measure, row.breakdown, row.group)


def hidden_note(published: Published) -> list[str]:
    """Return the sentence that says that some groups are left out, or none."""
    if not published.anything_hidden:
        return []
    return [
        "Some groups are left out here: their number is small, or would give a small number away."
    ]


def beside(row: FigureRow, others: pd.DataFrame, unit: str) -> list[str]:
    """Return what sets a figure against every comparator given for its group.

    The column ``compared`` of `others` holds the comparison with each, by which it is chosen.
    """
    mine = others[others["group"].eq(row.group)]
    compared = [each for each in mine.get("compared", []) if each is not None]
    said = [
        of_areas([each for each in compared if each.kind is Kind.AREA], unit),
        *[of_many(each) for each in compared if each.against.startswith("Statistical")],
    ]
    return [each for each in said if each]


def ranged(row: FigureRow, comparison: list[str]) -> list[str]:
    """Return a figure's likely range and its comparison; in plain words where there is none."""
    if comparison:
        return [f"The likely range is {span(row.lower, row.upper, row.unit)}.", *comparison]
    return [] if math.isnan(row.lower) else [by_chance(row.lower, row.upper, row.unit)]


def at_their_level(row: FigureRow, others: pd.DataFrame, area: str = "England") -> list[str]:
    """Return how many children it would be at another area's share or rate, beside ours.

    The same comparison in children: absolute beside relative. Nothing under 10 children, where no
    percentage is given either, and nothing where no difference is claimed.
    """
    mine = others[others["group"].eq(row.group) & others["area"].eq(area)]
    clear = [each is not None and each.is_clear for each in mine.get("compared", [])]
    if not any(clear) or not row.denominator >= LEAST_FOR_A_PERCENTAGE:
        return []
    [value] = mine["value"]
    per = 100 if row.unit == "percent" else PER
    slack = ROUNDED_BY if value == int(value) and value > 1 else 0.0  # published as a whole number
    ends = [printed(each / per * row.denominator) for each in (value - slack, value + slack)]
    there = f"about {ends[0]}" if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
    here = printed(row.numerator)
    if row.unit == "percent":
        whole = printed(row.denominator)
        return [
            f"At {area}'s {number(value, 'percent')} it would be {there} of {whole}, "
            f"against {here} here."
        ]
    return [
        f"At {area}'s rate ({number(value, row.unit)}) it would be {there} children, "
        f"against {here} here."
    ]


def share_of(row: FigureRow) -> str:
    """Return a count with its share of the total."""
    return share(row.value, row.denominator)


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
    name = label(top) if what in label(top).lower() else f"{what} {label(top)}"
    clear = rest and all(row.upper < top.lower for row in rest)
    heading = (
        f"The rate is highest for the {name}: {number(top.value, 'per_10000')} in 10,000"
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
