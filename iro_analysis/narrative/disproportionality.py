"""Write about ethnic groups: shares, rates and ratios against White children."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.proportions import goodman
from iro_analysis.indicators.disproportionality import RANGE_ONLY, REFERENCE
from iro_analysis.narrative.chance import clear_ratios
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    hidden_note,
    label,
    rates_by_group,
    shown,
)
from iro_analysis.rounding import printed
from iro_analysis.wording import (
    HIGHER,
    LOWER,
    in_figures,
    joined,
    listed,
    number,
    ratio_limits,
    share,
    span,
    times_as_likely,
)

FEW = 10  # METHODS part 4: no ranking by a ratio of fewer children
_RATIO_HEADS = {
    "ethnicity_rate_ratio": ("to be looked after", "as White children to be looked after"),
    "ethnicity_started_ratio": ("to start being looked after", "as White children to start"),
    "ethnicity_three_or_more_ratio": (
        "to have three or more placements",
        "as White children to have three or more placements",
    ),
    "ethnicity_rate_ratio_without_uasc": (
        "to be looked after (unaccompanied children left out)",
        "as White children to be looked after",
    ),
    "ethnicity_rate_ratio_10_to_17": (
        "to be looked after (at 10 to 17)",
        "as White children to be looked after",
    ),
    "ethnicity_entry_ratio": (
        "to come into care (over three years, ages allowed for)",
        "as White children to come into care",
    ),
    "ethnicity_entry_ratio_without_uasc": (
        "to come into care (over three years, ages allowed for, unaccompanied children left out)",
        "as White children to come into care",
    ),
    "ethnicity_family_placement_ratio": (
        "to be placed with family",
        "as White children to be placed with family",
    ),
    "ethnicity_permanence_ratio": (
        "to leave to adoption or an order",
        "as White children to leave to adoption or an order",
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
    if any(row.method == RANGE_ONLY for row in rows):
        return _range_only(published, rows, what)
    every = clear_ratios(published, REFERENCE)
    found = {row.group: every[row.group] for row in rows if row.group in every and _many(row)}
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
    several = [row for row in rows if _many(row)]
    in_order = sorted(several, key=lambda row: (row.group not in found, -row.value))
    few = [row for row in rows if not _many(row)]
    sentences = [
        f"{label(row)} ({_children(row)}): {_ratio_in_words(row, ending, row.group in found)}."
        for row in in_order
    ]
    if few:
        parts = [f"{label(row)}, {_ratio_in_words(row, ending, row.group in every)}" for row in few]
        sentences.append(f"Of fewer than {FEW} children, and not ranked: {'; '.join(parts)}.")
    sentences += _together(published)
    sentences += hidden_note(published)
    sentences.append(_no_explanation(published.measure.id))
    return Finding(heading, tuple(sentences))


def _no_explanation(measure: str) -> str:
    """Return what a difference in rates does not take into account."""
    aged = measure.startswith("ethnicity_entry_ratio")
    left_out = [] if aged else ["age"]
    left_out.append("deprivation")
    left_out += [] if measure.endswith("without_uasc") else ["children seeking asylum alone"]
    are = "is" if len(left_out) == 1 else "are"
    return (
        f"This is a difference in rates, not an explanation of it: {joined(left_out)} {are} not "
        "taken into account."
    )


def _children(row: FigureRow) -> str:
    """Return the number of children behind a ratio: the absolute beside the relative."""
    return f"{printed(row.numerator)} {'child' if row.numerator == 1 else 'children'}"


def _many(row: FigureRow) -> bool:
    """Whether a group has children enough to be named in a heading: few are not ranked."""
    return row.numerator >= FEW


def _range_only(published: Published, rows: list, what: str) -> Finding:
    """Return ratios as ranges, where ethnicity is not known for too many children."""
    heading = f"Ethnicity is not known for too many children to say who is more likely {what}"
    notes = [(label(row), row.note.partition("; ")[2]) for row in rows]
    said = [f"{group}: {text} times as likely as White children" for group, text in notes if text]
    listed_all = f"Where they belong decides. {'; '.join(said)}."
    sentence = listed_all if said else "How many there are is not published."
    return Finding(heading, (sentence, *hidden_note(published)))


def in_detail(
    broad: Published, detail: Published, groups: dict[str, list[str]], apart: str
) -> Finding:
    """Shares of the children with one broad group in its parts, all ranges holding at once.

    Parameters
    ----------
    broad, detail : Published
        Children looked after by broad group and in detail, of which only what is published is used.
    groups : dict
        Broad group -> its groups in detail.
    apart : str
        The broad group shown in detail, where all of its groups are published.
    """
    counts = {row.group: row.value for row in broad if row.status == "ok" and row.value > 0}
    inside = {row.group: row.value for row in detail if row.group in groups[apart]}
    if broad.reason or broad.anything_hidden or not counts:
        return hidden_whole(broad)
    known = all(value == value for value in inside.values())
    if apart in counts and inside and known and sum(inside.values()) == counts[apart]:
        counts.pop(apart)
        counts |= {group: value for group, value in inside.items() if value > 0}
    low, high = goodman(list(counts.values()))
    total = sum(counts.values())
    parts = [
        (
            group,
            f"{share(value, total)}, range {number(a * 100, 'count')} to "
            f"{number(b * 100, 'percent')}",
        )
        for (group, value), a, b in zip(counts.items(), low, high, strict=True)
    ]
    parts.sort(key=lambda part: -counts[part[0]])
    return Finding(
        f"{in_figures(len(counts))} ethnic groups at once, each with its range",
        (
            f"The ranges hold all at once (Goodman). {listed(parts)}.",
            "No rate or ratio can be given for groups in detail: no population of children by "
            "detailed group is held.",
        ),
    )


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


def _ratio_in_words(row: FigureRow, ending: str, clear: bool) -> str:
    if row.value == 0:
        return f"no child (at most {number(row.upper, 'ratio')} times as likely {ending})"
    if not clear:
        return times_as_likely(row.value, row.lower, row.upper, clear=False)
    limits = ratio_limits(row.lower, row.upper)
    return f"{number(row.value, 'ratio')} times as likely {ending} (likely range {limits})"


def stays(published: Published, others: pd.DataFrame) -> Finding:
    """Say how many are looked after for each one who started, against White children."""
    rows = [row for row in shown(published) if not math.isnan(row.lower)]
    if not rows:
        return hidden_whole(published)
    found = clear_ratios(published, REFERENCE)
    longer, shorter = _named(rows, found, HIGHER), _named(rows, found, LOWER)
    each = "in care for each one who started than of White children"
    said = [f"More {each}: {joined(longer)}"] if longer else []
    said += [f"Fewer {each}: {joined(shorter)}"] if shorter else []
    nothing = f"{_none(published)} clearly has more or fewer {each}"
    heading = ". ".join(said) if said else nothing
    parts = [
        (
            label(row),
            f"{number(row.value, 'ratio')} times as many ({span(row.lower, row.upper, 'ratio')})",
        )
        for row in rows
    ]
    return Finding(
        heading,
        (
            "Children looked after for each one who started, against White children. "
            f"{listed(parts)}.",
            "It is no length of stay while numbers rise or fall, and is an estimate.",
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
