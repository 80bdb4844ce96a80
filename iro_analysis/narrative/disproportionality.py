"""Ethnic groups: shares, rates and ratios against White children."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.indicators.disproportionality import REFERENCE
from iro_analysis.narrative.chance import clear_ratios
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    hidden_note,
    label,
    rates_by_group,
    shown,
)
from iro_analysis.wording import (
    HIGHER,
    LOWER,
    in_figures,
    joined,
    listed,
    number,
    share,
    span,
    times_as_likely,
)

_RATIO_HEADS = {
    "ethnicity_rate_ratio": ("to be looked after", "as White children to be looked after"),
    "ethnicity_started_ratio": ("to start being looked after", "as White children to start"),
    "ethnicity_three_or_more_ratio": (
        "to have three or more placements",
        "as White children to have three or more placements",
    ),
}


def ethnic_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares of children looked after by ethnic group."""
    rows = [row for row in shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    parts = [
        (label(row), share(row.numerator, row.denominator))
        for row in sorted(rows, key=lambda r: -r.value)
    ]
    return Finding(
        "Ethnic groups of the children looked after",
        (f"Children looked after, by ethnic group. {listed(parts)}.", *hidden_note(published)),
    )


def population_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares of the area's children by ethnic group."""
    rows = sorted(shown(published), key=lambda row: -row.value)
    parts = [(label(row), number(row.value, "percent")) for row in rows]
    census = rows[0].note.removeprefix("population ")
    return Finding(
        "Ethnic groups of the area's children",
        (f"All children aged 0 to 17 in the area ({census}). {listed(parts)}.",),
    )


def ratios(published: Published, others: pd.DataFrame) -> Finding:
    """Each ethnic group's rate against that of White children."""
    rows = [row for row in shown(published) if not math.isnan(row.lower)]
    what, ending = _RATIO_HEADS[published.measure.id]
    if not rows:
        return hidden_whole(published)
    found = clear_ratios(published, REFERENCE)
    hidden = published.anything_hidden
    if found:
        higher, lower = _named(rows, found, HIGHER), _named(rows, found, LOWER)
        among = ", of the groups that can be shown" if hidden else ""
        said = [f"more likely {what} than White children{among}: {joined(higher)}"] * bool(higher)
        said += [f"less likely {what} than White children{among}: {joined(lower)}"] * bool(lower)
        heading = ". ".join(_opened(part) for part in said)
    else:
        which = "No ethnic group that can be shown" if hidden else "No ethnic group"
        heading = f"{which} is clearly more or less likely than White children {what}"
    in_order = sorted(rows, key=lambda row: (row.group not in found, -row.value))
    sentences = [
        f"{label(row)}: {_ratio_in_words(row, ending, row.group in found)}." for row in in_order
    ]
    sentences += _together(published)
    sentences += hidden_note(published)
    sentences.append(
        "This is a difference in rates, not an explanation of it: age, deprivation and children "
        "seeking asylum alone are not taken into account."
    )
    return Finding(heading, tuple(sentences))


def _together(published: Published) -> list[str]:
    """Return the sentence that says that several groups were looked at together."""
    family = sum(row.group != REFERENCE and row.status in ("ok", "suppressed") for row in published)
    if family < 2:
        return []
    return [
        f"{in_figures(family)} groups were looked at together, so each has to be clearer than "
        "one alone would (Holm's method)."
    ]


def _named(rows: list, found: dict[str, str], how: str) -> list[str]:
    """Return the groups that clearly differ one way, as a reader sees them."""
    return [label(row) for row in rows if found.get(row.group) == how]


def _ratio_in_words(row, ending: str, clear: bool) -> str:
    if row.value == 0:
        return f"no child (at most {number(row.upper, 'ratio')} times as likely {ending})"
    if not clear:
        return times_as_likely(row.value, row.lower, row.upper, clear=False)
    limits = span(row.lower, row.upper, "ratio")
    return f"{number(row.value, 'ratio')} times as likely {ending} (likely range {limits})"


def stays(published: Published, others: pd.DataFrame) -> Finding:
    """Time in care of each ethnic group against that of White children."""
    rows = [row for row in shown(published) if not math.isnan(row.lower)]
    if not rows:
        return hidden_whole(published)
    found = clear_ratios(published, REFERENCE)
    longer, shorter = _named(rows, found, HIGHER), _named(rows, found, LOWER)
    said = [f"Longer in care than White children: {joined(longer)}"] if longer else []
    said += [f"Less long in care than White children: {joined(shorter)}"] if shorter else []
    heading = (
        ". ".join(said)
        if said
        else f"{_none(published)} clearly stays longer or less long in care than White children"
    )
    parts = [
        (
            label(row),
            f"{number(row.value, 'ratio')} times as long ({span(row.lower, row.upper, 'ratio')})",
        )
        for row in rows
    ]
    return Finding(
        heading,
        (
            "Children looked after for each one who started, against White children. "
            f"{listed(parts)}.",
            "It holds where numbers are steady from year to year, and is an estimate.",
            *_together(published),
            *hidden_note(published),
        ),
    )


def index(published: Published, others: pd.DataFrame) -> Finding:
    """Representation of each ethnic group."""
    rows = [row for row in shown(published) if not math.isnan(row.lower)]
    if not rows:
        return hidden_whole(published)
    found = clear_ratios(published, "")
    over, under = _named(rows, found, HIGHER), _named(rows, found, LOWER)
    said = [f"Over-represented: {joined(over)}"] if over else []
    said += [f"Under-represented: {joined(under)}"] if under else []
    heading = ". ".join(said) if said else "No ethnic group is clearly over- or under-represented"
    parts = [
        (label(row), f"{number(row.value, 'ratio')} ({span(row.lower, row.upper, 'ratio')})")
        for row in rows
    ]
    return Finding(
        heading,
        (
            "The share of children looked after divided by the share of the area's children, "
            f"where 1 is an equal share. {listed(parts)}.",
            *hidden_note(published),
        ),
    )


def ethnic_rates(published: Published, others: pd.DataFrame) -> Finding:
    """Rates per 10,000 by ethnic group."""
    return rates_by_group(published, "ethnic group")


def _none(published: Published) -> str:
    return "No ethnic group" + (" that can be shown" if published.anything_hidden else "")


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]
