"""Write about minority ethnic and White children: how far rates differ, by entry and by stay."""

from __future__ import annotations

import pandas as pd

from iro_analysis.comparisons.groups import p_of_ratio
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.ratios import RATE_RATIO, representation
from iro_analysis.indicators.minority_ethnic import ENTRY, EXIT, STAY, STOCK
from iro_analysis.narrative.chance import clear
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import hidden_note, shown
from iro_analysis.rounding import printed
from iro_analysis.wording import EVEN_SO, HIGHER, about_times, number, ratio_limits

WHO = "Children from minority ethnic groups"
NO_EXPLANATION = "This is a difference in rates, not an explanation of it."
ONE_NUMBER = (
    "It is one number for groups whose own rates differ many times over: the named groups say more."
)


def _way(row: FigureRow) -> str:
    """Return ``higher`` or ``lower`` where the ratio is clear, else nothing."""
    return clear([row], 1, p_of_ratio).get(row.group, "")


def _figure(row: FigureRow) -> str:
    limits = ratio_limits(row.lower, row.upper)
    return f"{number(row.value, 'ratio')} times; likely range {limits}"


def _under(row: FigureRow) -> str:
    """Return the population of a figure in words: a census, or a share once printed."""
    if row.breakdown == "population":
        if "printed" in row.group:
            return f"the population share in the {row.group}"
        if row.group.startswith("school census"):
            return f"the {row.group} (pupils of state-funded schools only)"
        return f"the {row.group}"
    return "the Census 2021 (ages 10 to 17)"


def by_population(published: Published, others: pd.DataFrame) -> Finding:
    """Say the ratio under every population held, with its ranges."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    ways = {_way(row) for row in rows}
    if len(ways) > 1:
        heading = (
            "Whether minority ethnic children are more likely to be looked after than White "
            "children depends on the population used"
        )
    elif ways == {""}:
        heading = (
            "Minority ethnic children are not clearly more or less likely to be looked after than "
            "White children"
        )
    else:
        heading = f"{WHO} were {_times(rows)} as likely as White children to be looked after"
    sentences = [text for row in rows for text in _of_one(row)]
    return Finding(
        heading,
        (*sentences, NO_EXPLANATION, ONE_NUMBER, *hidden_note(published)),
        (sentences[-2] if len(rows) > 1 else sentences[0], NO_EXPLANATION),
    )


def _times(rows: list) -> str:
    """Return how many times, from the smallest to the largest of the populations used."""
    low, high = (number(pick(row.value for row in rows), "ratio") for pick in (min, max))
    return about_times(rows[-1].value) if low == high else f"{low} to {high} times"


def _of_one(row: FigureRow) -> list[str]:
    under = _under(row)
    if row.method != RATE_RATIO:
        return [
            f"Against {under}: not said as one figure, since ethnicity is not known for more than "
            f"5% of the children ({row.note or 'how many is not published'})."
        ]
    if _way(row):
        times = about_times(row.value)
        said = _figure(row) if times.startswith("about") else _figure(row).partition("; ")[2]
        lead = (
            f"Against {under}, {WHO[0].lower()}{WHO[1:]} were {times} as likely as White children "
            f"to be looked after ({said})."
        )
    else:
        lead = f"Against {under}: no clear difference ({_figure(row)})."
    two = _representation(row)
    rest = row.note.split("; ")[1:]
    return [lead, two, *[f"{part[:1].upper()}{part[1:]}." for part in rest]]


def _representation(row: FigureRow) -> str:
    """Return both groups' share of the children over their share of the population.

    The population has two groups, so that its shares follow from the ratio and the two counts.
    """
    size = row.numerator / row.denominator / row.value if row.value and row.numerator else 0.0
    total = row.numerator + row.denominator
    if not size:
        return "No minority ethnic child was looked after."
    parts = [size / (1 + size), 1 / (1 + size)]
    found = zip(*representation([row.numerator, row.denominator], total, parts), strict=True)
    minority, white = [
        f"{printed(float(value), 2)} times ({printed(float(low), 2)} to {printed(float(high), 2)})"
        for value, low, high in found
    ]
    return (
        f"{printed(row.numerator)} of {printed(total)} are minority ethnic: {minority} their share "
        f"of the area's children; White children make up {white} theirs."
    )


def one(published: Published, others: pd.DataFrame) -> Finding:
    """Say the ratio for ages 10 to 17, with the census held for those ages."""
    [row] = published
    ages = "At 10 to 17, minority ethnic children"
    if _way(row):
        times = about_times(row.value)
        heading = f"{ages} were {times} as likely as White children to be looked after"
    else:
        likely = "clearly more or less likely to be looked after than White children"
        heading = f"{ages} are not {likely}"
    return Finding(heading, (*_of_one(row), NO_EXPLANATION))


def against_white_british(published: Published, others: pd.DataFrame) -> Finding:
    """Say the ratio to White British children, with the census that has every age."""
    [row] = published
    who, base = "Children of all groups but White British", "White British children"
    if row.method != RATE_RATIO:
        why = row.note or "how many is not published"
        heading = f"{who}: not compared, since ethnicity is not known for too many"
        return Finding(heading, (f"The ratio is not said as one figure ({why}).",))
    if _way(row):
        heading = f"{who} were {about_times(row.value)} as likely as {base} to be looked after"
    else:
        heading = f"{who} are not clearly more or less likely to be looked after than {base}"
    notes = [f"{part[:1].upper()}{part[1:]}." for part in row.note.split("; ")[1:]]
    measured = f"Against the Census 2021, ages 0 to 17: {_figure(row)}."
    among = "All groups but White British include White Irish and other White children."
    return Finding(heading, (measured, among, *notes, NO_EXPLANATION))


_PARTS = {
    STOCK: ("looked after on the last day", "more", "fewer"),
    ENTRY: ("entering", "more often", "less often"),
    STAY: ("looked after for each child who entered", "more", "fewer"),
    EXIT: ("leaving", "more often", "less often"),
}


def parts(published: Published, others: pd.DataFrame) -> Finding:
    """Whether it is entering or staying: a heading only for what is clear."""
    rows = {row.group: row for row in shown(published)}
    if not {STOCK, ENTRY, STAY} <= set(rows):
        return hidden_whole(published)
    # Three looks at one difference: each has to be clear in the light of the others.
    tested = [rows[name] for name in (ENTRY, STAY, EXIT) if name in rows]
    ways = clear(tested, 3, p_of_ratio)
    found = _way(rows[STOCK])
    heading = "Entering and leaving, minority ethnic children against White children"
    if found and ways.get(ENTRY) == found:
        often = "more" if found == HIGHER else "less"
        heading = f"Minority ethnic children enter {often} often than White children"
    sentences = [_part(rows[name], name, ways) for name in (ENTRY, STAY, EXIT) if name in rows]
    return Finding(
        heading,
        (
            f"Of the rate of being looked after ({_figure(rows[STOCK])}): {'; '.join(sentences)}.",
            "These are one year's entries, which vary. Children looked after for each one who "
            "entered is no length of stay while numbers rise or fall. Three parts were looked at "
            "together (Holm's method).",
            *hidden_note(published),
        ),
    )


def _part(row: FigureRow, name: str, ways: dict[str, str]) -> str:
    label, more, less = _PARTS[name]
    way = ways.get(name)
    if not way:
        return f"{label}, no clear difference ({_figure(row)})"
    return f"{label}, {more if way == HIGHER else less}, {EVEN_SO} ({_figure(row)})"
