"""Write about GCSE results: pooled, yearly, and their trends."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.comparisons.groups import p_of_ratio
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.comparisons import EXACT, difference_of_groups
from iro_analysis.estimates.proportions import newcombe
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
    EVEN_SO,
    HIGHER,
    LOWER,
    NO_CLEAR_CHANGE,
    about_one_in,
    by_chance,
    change_of_share,
    joined,
    listed,
    number,
    share,
    span,
)


def pooled(published: Published, others: pd.DataFrame) -> Finding:
    """Say a GCSE standard over all cohorts, and the change that could have been seen."""
    [row] = published
    title = published.measure.title
    heading = f"{title}: {share(row.numerator, row.denominator)} over the cohorts together"
    said = by_chance(row.lower, row.upper, "percent")
    if 0 < row.numerator < row.denominator:
        often = about_one_in(row.numerator / row.denominator)
        people = "of the pupils" if often.endswith("half") else "pupils"
        said = f"{often[:1].upper()}{often[1:]} {people} reached it. {said}"
    return Finding(heading, (said,))


def cohorts(published: Published, others: pd.DataFrame) -> Finding:
    """Say a GCSE standard by cohort."""
    rows = shown(published)
    title = published.measure.title
    if not rows:
        return Finding(f"{title}: the yearly numbers are too small to publish")
    parts = [(_assessed(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(
        f"{title}, by year",
        (
            f"By year of the results. {listed(parts)}.",
            *_up_and_down(published, rows),
            *hidden_note(published),
        ),
    )


def _assessed(row: FigureRow) -> str:
    """Return a year with how its grades came about, where that was not by examination."""
    how = row.note.partition(":")[0]
    return f"{label(row)} ({how})" if how else label(row)


def _up_and_down(published: Published, rows: list) -> list[str]:
    """Return whether the years differ at all by more than chance, where all of them are shown."""
    if len(rows) < 2 or len(rows) < len(published.figures):
        return []
    p, method = difference_of_groups(
        [(row.numerator, row.denominator - row.numerator) for row in rows]
    )
    if math.isnan(p):
        return []
    p_value = f"p = {printed(p, 3)}" + ("" if method == EXACT else f", {method}")
    if p < 1 - LEVEL:
        return [f"The years differ, and {EVEN_SO} ({p_value})."]
    return [
        f"The yearly figures went up and down by no more than chance would produce ({p_value})."
    ]


def _from_pair_to_pair(
    before: FigureRow, last: FigureRow, change: tuple[float, float, float]
) -> str:
    """Return whether two pairs of cohorts differ; across a change of assessment none is claimed."""
    where = f"From {label(before)} to {label(last)}"
    if before.note == last.note:
        return f"{where}: {change_of_share(*change)}."
    if change_of_share(*change) == NO_CLEAR_CHANGE:
        return f"{where}: {NO_CLEAR_CHANGE}, though grades were not set in the same way."
    return (
        f"{where} they differ, but grades were not set in the same way: no change of what pupils "
        "can do is to be read from it."
    )


def pairs(published: Published, others: pd.DataFrame) -> Finding:
    """Say a GCSE standard by pairs of years, and whether the last pair differs."""
    rows = shown(published)
    title = published.measure.title
    if not rows:
        hidden = hidden_whole(published)
        return Finding(f"{title}, two years at a time: not shown", hidden.sentences)
    parts = [
        (
            _assessed(row),
            f"{share(row.numerator, row.denominator)}, likely range "
            f"{span(row.lower, row.upper, 'percent')}",
        )
        for row in rows
    ]
    said = [f"Two years together, where one alone is small. {listed(parts)}."]
    if len(rows) > 1 and len(rows) == len(published.figures):
        before, last = rows[-2:]
        change = newcombe(last.numerator, last.denominator, before.numerator, before.denominator)
        said.append(_from_pair_to_pair(before, last, change))
    return Finding(f"{title}, two years at a time", (*said, *hidden_note(published)))


def trends(published: Published, others: pd.DataFrame) -> Finding:
    """Trends of the GCSE standards over the cohorts."""
    rows = shown(published)
    if not rows:
        return Finding(
            "No trend in GCSE results can be shown",
            ("The yearly numbers behind them are small, or would give small numbers away.",),
        )
    found = clear(rows, len(published.figures), p_of_ratio)
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
    return Finding(
        heading,
        (
            f"{'. '.join(parts)}.",
            "Four measures were looked at together (Holm's method). Grades of 2020 and 2021 were "
            "not by examination: a trend that runs across them is to be read with care.",
            *hidden_note(published),
        ),
    )


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
    heading = f"{published.measure.title}: what change could be seen with so few pupils"
    if row.status != "ok":
        return Finding(f"{heading} is not shown", hidden_whole(published).sentences)
    pupils = row.denominator / cohorts
    needed = detectable_share(row.value / 100, pupils)
    lead = f"There are about {printed(pupils)} pupils a year."
    start = f"{lead} A rise from {number(row.value, 'percent')} in one year"
    if math.isnan(needed):
        return Finding(heading, (f"{start} would not show reliably, however large.",))
    goal = number(needed * 100, "percent")
    return Finding(
        heading,
        (
            f"{start} would show reliably only if the next reached "
            f"{goal}{'' if goal == '100%' else ' or more'}, "
            f"{printed(needed * 100 - row.value)} percentage points higher.",
        ),
    )


def _within(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]
