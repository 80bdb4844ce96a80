"""Say what past quarters and the forecast tell about coming demand."""

from __future__ import annotations

import pandas as pd

from iro_analysis.comparisons.quarters import Stretch, stretches
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, shown
from iro_analysis.rounding import printed
from iro_analysis.wording import joined, number, of, span

MOST_NAMED = 3
_A_YEAR, _TWO_YEARS = "4", "8"


def quarters(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say which quarters lie beyond the usual ups and downs; none where too few are known."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    title = published.measure.title.removesuffix(", quarter after quarter")
    parts = stretches(published)
    if not parts:
        return Finding(f"{title}, by quarter: not judged", ("Some quarters have no figure.",))
    last = parts[-1]
    changed = [f"From {label(part.rows[0])} on: {part.since}." for part in parts if part.since]
    if last.limits is None:
        return Finding(f"{title}, by quarter", (*changed, _from_to(rows)))
    return Finding(_heading(title, last), (*changed, *_usual(last)))


def _from_to(rows: list) -> str:
    first, now = rows[0], rows[-1]
    values = [row.value for row in rows]
    return (
        f"{number(first.value, first.unit)} in {label(first)}, {number(now.value, now.unit)} in "
        f"{label(now)}; between {span(min(values), max(values), now.unit)} in these "
        f"{len(rows)} quarters."
    ).replace(" to ", " and ", 1)


def _heading(title: str, part: Stretch) -> str:
    names = [label(row) for row in part.outside]
    if len(names) > MOST_NAMED:
        return (
            f"{title}: {len(names)} of {len(part.rows)} quarters lie beyond the usual ups and "
            "downs, so that one level does not describe them"
        )
    if names:
        verb = "lies" if len(names) == 1 else "lie"
        return f"{title}: {joined(names)} {verb} beyond the usual ups and downs"
    if part.limits is not None and part.limits.shifted:
        return f"{title}: quarters keep to one side of the average, by more than chance usually has"
    return f"{title}: no quarter stands out from the usual ups and downs"


def _usual(part: Stretch) -> list[str]:
    limits, unit = part.limits, part.rows[0].unit
    if limits is None:
        return []
    low, high = (end[-1] * part.per for end in (limits.lower, limits.upper))
    return [
        f"A quarter is usually {span(low, high, unit)}, around "
        f"{number(limits.centre * part.per, unit)}, over {len(part.rows)} quarters.",
        f"The last, {label(part.rows[-1])}: {number(part.rows[-1].value, unit)}.",
    ]


def forecast(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how many children are expected a year and two years ahead, and how sure that is."""
    rows = {row.group: row for row in shown(published)}
    if _TWO_YEARS not in rows:
        return hidden_whole(published)
    year, two = rows[_A_YEAR], rows[_TWO_YEARS]
    chance = "80" if published.breakdown.endswith("_80") else "95"
    heading = (
        f"If children enter and leave as they do now, about {printed(year.value)} are looked "
        f"after in a year"
    )
    ranges = (
        f"The range for {chance} of 100: {span(year.lower, year.upper, year.unit)} in a year; "
        f"about {printed(two.value)}, {span(two.lower, two.upper, two.unit)}, in two."
    )
    return Finding(heading, (ranges, "It knows no decision and no event that is still to come."))


def coverage(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say how often the range of past forecasts held the number that came."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [f"{label(row)}: {of(row.numerator, row.denominator)}" for row in rows]
    return Finding(
        "How often the forecast's range would have held the number that came",
        (f"{'; '.join(parts)}.", "The forecasts overlap: one surprise counts in several."),
    )


def error(published: Published, comparators: pd.DataFrame) -> Finding:
    """Say whether past forecasts were nearer than the last number carried forward."""
    rows = {row.group: row for row in shown(published)}
    if not rows:
        return hidden_whole(published)
    parts = []
    for steps, when in ((_A_YEAR, "a year"), (_TWO_YEARS, "two years")):
        ours, last = rows.get(f"forecast at {steps}"), rows.get(f"carried at {steps}")
        if ours is not None and last is not None:
            parts.append(
                f"{when} ahead {number(ours.value, 'score')} children, against "
                f"{number(last.value, 'score')} for the last number carried forward "
                f"({printed(ours.denominator)} forecasts)"
            )
    ours, last = rows["forecast at 4"], rows["carried at 4"]
    nearer = ours.value < last.value
    heading = (
        "Over a year the forecast was nearer than the last number carried forward"
        if nearer
        else "Over a year the forecast was no nearer than the last number carried forward"
    )
    return Finding(heading, (f"The score, small where it was near and sure: {'; '.join(parts)}.",))
