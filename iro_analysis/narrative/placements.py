"""Write about placements: how often children move, how long placements last, how they end."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.indicators.placement_endings import ALIKE, UNLIKE
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    hidden_note,
    label,
    share_of,
    shown,
)
from iro_analysis.rounding import printed
from iro_analysis.wording import (
    joined,
    listed,
    number,
    share,
    span,
)


def number_of_placements(published: Published, others: pd.DataFrame) -> Finding:
    """How many placements children had in twelve months."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    names = {"1": "one placement", "2": "two placements", "3 or more": "three or more"}
    parts = [f"{share_of(row)} had {names[row.group]}" for row in rows]
    return Finding(
        "Most children stayed in one placement over twelve months"
        if rows[0].group == "1" and rows[0].value > rows[0].denominator / 2
        else "How many placements children had in twelve months",
        (f"Of the children looked after, {joined(parts)}.", *hidden_note(published)),
    )


def changes(published: Published, others: pd.DataFrame) -> Finding:
    """Placement changes by the reason recorded."""
    rows = [row for row in shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    total = rows[0].denominator
    ordered = sorted(rows, key=lambda row: -row.value)
    parts = [(label(row), share(row.value, row.denominator)) for row in ordered]
    return Finding(
        f"There were {printed(total)} placement changes in the period",
        (f"By the reason recorded. {listed(parts)}.", *hidden_note(published)),
    )


def by_definition(published: Published, others: pd.DataFrame) -> Finding:
    """Frequent moves by three definitions."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [(label(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(
        "How often children move depends on what is called a move",
        (
            f"By definition. {listed(parts)}.",
            "The report uses the Department for Education's.",
            *hidden_note(published),
        ),
    )


def survival(published: Published, others: pd.DataFrame) -> Finding:
    """Chance of still being in the first placement."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    last = rows[-1]
    parts = [
        f"after {label(row)}: {number(row.value * 100, 'percent')}"
        + (
            f" ({span(row.lower * 100, row.upper * 100, 'percent')})"
            if not math.isnan(row.lower)
            else ""
        )
        for row in rows
    ]
    heading = (
        f"About {number(last.value * 100, 'count')} of every 100 first placements last longer "
        f"than {label(last)}"
    )
    return Finding(
        heading,
        (
            f"Estimated chance of still being in the first placement, {'; '.join(parts)}.",
            "A placement ends here by a move, or because the child leaves care.",
            *hidden_note(published),
        ),
    )


def unplanned(published: Published, others: pd.DataFrame) -> Finding:
    """Chance that a placement ends unplanned, by days; other endings are no part of it."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    last = rows[-1]
    parts = [
        f"{number(row.value * 100, 'percent')} by {label(row)} "
        f"({span(row.lower * 100, row.upper * 100, 'percent')})"
        for row in rows
    ]
    return Finding(
        f"About {number(last.value * 100, 'count')} of every 100 placements end unplanned within "
        f"{label(last)}",
        (
            f"Estimated chance, with likely range: {joined(parts)}.",
            "Planned moves, moves without a recorded reason and leaving care are other endings. "
            "It is a chance over all placements, not that of one.",
            *hidden_note(published),
        ),
    )


def lasting(published: Published, others: pd.DataFrame) -> Finding:
    """Which first placements last six months, and whether the kinds differ at all."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [
        (
            label(row),
            f"{number(row.value * 100, 'percent')}"
            + (
                ""
                if math.isnan(row.lower)
                else f" ({span(row.lower * 100, row.upper * 100, 'percent')})"
            ),
        )
        for row in sorted(rows, key=lambda row: -row.value)
    ]
    heading = "How many first placements last six months, by where they are"
    if rows[0].note == UNLIKE:
        heading = "Which first placements last six months depends on where they are"
    elif rows[0].note == ALIKE:
        heading = "No kind of first placement clearly lasts longer than another"
    return Finding(
        heading,
        (
            f"Estimated chance of still running after six months. {listed(parts)}.",
            "Any ending counts, going home and adoption too: lasting is not always good.",
            *hidden_note(published),
        ),
    )


def median(published: Published, others: pd.DataFrame) -> Finding:
    """Days by which half of placements have ended."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [
        (
            label(row),
            f"{printed(row.value)} days"
            + (f" ({limits})" if (limits := span(row.lower, row.upper, "days")) else ""),
        )
        for row in rows
    ]
    if published.breakdown == ALL:
        row = rows[0]
        return Finding(
            f"Of placements that begin, half end within {printed(row.value)} days",
            (f"The likely range is {span(row.lower, row.upper, 'days')} days.",)
            if span(row.lower, row.upper, "days")
            else (),
        )
    return Finding(
        "How long placements last, by type of placement",
        (f"Days by which half have ended. {listed(parts)}.", *hidden_note(published)),
    )
