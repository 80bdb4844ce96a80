"""Write about children who entered and left care, and their moves since."""

from __future__ import annotations

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.indicators.paths_through_care import IN_CARE, months_of
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import hidden_note, label, shown
from iro_analysis.rounding import printed
from iro_analysis.wording import by_chance, joined, number, of, share, span


def situations(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how many children were still in care some months after entering, and where others are."""
    rows = shown(published)
    months = months_of(published.breakdown)
    still = [row for row in rows if row.group in IN_CARE]
    if len(still) < len(IN_CARE):
        return Finding(
            f"Where children are {months} months after entering care",
            (_listed(rows), *hidden_note(published)),
        )
    total, whole = sum(row.value for row in still), still[0].denominator
    if not whole:
        return Finding(f"No child is followed for {months} months after entering care", ())
    heading = f"After {months} months, {share(total, whole, 'children')} were in care"
    first = f"In their first placement: {of(still[0].value, whole)}."
    others = [row for row in rows if row.group not in IN_CARE and row.value]
    said = [first, _listed([*still[1:], *others])] if others else [first, _listed(still[1:])]
    return Finding(heading, (*said, *hidden_note(published)))


def _listed(rows: list) -> str:
    parts = [f"{label(row)}: {printed(row.value)}" for row in rows]
    return f"{'; '.join(parts)}." if parts else ""


def returns_by_route(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how many children came back into care, by how they had left."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    back, whole = (sum(getattr(row, name) for row in rows) for name in ("numerator", "denominator"))
    parts = [f"{label(row)}: {of(row.numerator, row.denominator)}" for row in rows]
    return Finding(
        f"By how they had left, {of(back, whole)} children came back within 12 months",
        (f"{'; '.join(parts)}.", *hidden_note(published)),
    )


def moves(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how often children move, for every 1,000 days in care."""
    [row] = shown(published)
    counted = f"{printed(row.numerator)} moves in {printed(row.denominator)} days in care."
    chance = [] if pd.isna(row.lower) else [by_chance(row.lower, row.upper, row.unit)]
    rate = number(row.value, row.unit)
    return Finding(f"{rate} moves for every 1,000 days in care", (counted, *chance))


def moves_by_time(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say in which stretch of time in care children move most, where that is clear."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    top, *rest = sorted(rows, key=lambda row: -row.value)
    clear = rest and all(row.upper < top.lower for row in rest)
    parts = [
        f"{label(row)}: {number(row.value, row.unit)} ({span(row.lower, row.upper, row.unit)})"
        for row in rows
    ]
    when = label(top)[0].lower() + label(top)[1:]
    heading = (
        f"Children move most often in the {when}: {number(top.value, top.unit)} per 1,000 days"
        if clear
        else "How often children move, by time in care"
    )
    return Finding(heading, (f"Moves for every 1,000 days, with the range: {'; '.join(parts)}.",))


def third_move(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how likely a third move is by some months after entering care."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [
        f"{number(row.value, row.unit)} by {row.group} months "
        f"({span(row.lower, row.upper, row.unit)})"
        for row in rows
    ]
    last = rows[-1]
    return Finding(
        f"About {printed(last.value * 100)} of every 100 children move a third time within "
        f"{last.group} months of entering care",
        (f"Estimated chance of a third move: {joined(parts)}.",),
    )
