"""Default wording of percentages, counts, averages; text on adoption, caseload and permanence."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    at_their_level,
    beside,
    hidden_note,
    label,
    period_of,
    ranged,
    shown,
)
from iro_analysis.rounding import printed
from iro_analysis.tables import named
from iro_analysis.wording import number, of, share


def out_of(published: Published) -> str:
    """Return what a figure is out of, as the catalogue says it: its first sentence."""
    words = published.measure.denominator.split(". ")[0].split(", not ")[0].rstrip(".")
    return f"{words[:1].lower()}{words[1:]}"


def count(published: Published, others: pd.DataFrame) -> Finding:
    """Say a count, with its share of a larger one where it has one."""
    [row] = published
    heading = f"{published.measure.title}: {number(row.value, published.measure.unit)}"
    if row.denominator > row.numerator:
        whole = out_of(published)
        return Finding(heading, (f"Out of {whole}: {share(row.numerator, row.denominator)}.",))
    return Finding(heading)


def reached_permanence(published: Published, others: pd.DataFrame) -> Finding:
    """Children who reached a permanent home, and by which routes that is counted."""
    found = count(published, others)
    said = (
        "They were adopted, left care under a special guardianship or child arrangements order, "
        "went home, or began a long-term foster placement. Each child counts once, by the last."
    )
    return Finding(found.heading, (said, *found.sentences))


def percentage(published: Published, others: pd.DataFrame) -> Finding:
    """Say a percentage, what it is out of, its likely range and comparators."""
    [row] = published
    heading = f"{published.measure.title}: {share(row.numerator, row.denominator)}"
    sentences = [f"Out of {out_of(published)}."]
    brief = []
    if row.denominator >= 10:
        brief += ranged(row, beside(row, others, "percent"))
    return Finding(heading, (*sentences, *brief, *at_their_level(row, others)), tuple(brief))


def percentages(published: Published, others: pd.DataFrame) -> Finding:
    """Percentages by group, each of its own whole."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [f"{label(row)}: {share(row.numerator, row.denominator)}" for row in rows]
    said = [f"{'; '.join(parts)}."]
    for row in rows:
        if row.denominator >= 10:
            said += [
                f"{label(row)}: {text[0].lower()}{text[1:]}"
                for text in beside(row, others, "percent")
            ]
    return Finding(named(published), (*said, *hidden_note(published)))


def average(published: Published, others: pd.DataFrame) -> Finding:
    """Say an average over a number of children."""
    [row] = published
    unit = published.measure.unit
    places = {"score": 1, "ratio": 1}.get(unit, 0)
    heading = f"{published.measure.title}: {number(row.value, unit, places)}"
    note = f", {row.note}" if row.note else ""
    values = [
        f"{other.area} {number(other.value, unit, places)}"
        for other in others[others["group"].eq(row.group)].itertuples(index=False)
    ]
    said = [f"An average over {printed(row.denominator)} children{note}."]
    if values:
        said.append(f"Elsewhere: {'; '.join(values)}.")
    return Finding(heading, tuple(said))


def average_against_a_threshold(published: Published, others: pd.DataFrame) -> Finding:
    """Days of an adoption, against the scorecard's threshold."""
    found = average(published, others)
    which = published.measure.id.split("_")[1]
    limit = codes.record("rules")["adoption_scorecard"][f"{which}_threshold_days"]
    [row] = published
    if not period_of(published).is_year:  # an in-year figure is compared with no national one
        return found
    last = (
        f"The last threshold of the adoption scorecard is {limit} days. An average over "
        f"{printed(row.denominator)} children moves much with each of them."
    )
    return Finding(found.heading, (*found.sentences, last))


def per_child(published: Published, others: pd.DataFrame) -> Finding:
    """How many incidents there were for each child."""
    [row] = published
    return Finding(
        f"{published.measure.title}: {number(row.value, 'ratio')}",
        (
            f"There were {printed(row.numerator)} incidents, of {printed(row.denominator)} "
            "children: an average, behind which some went missing once and others many times.",
        ),
    )


def caseload(published: Published, others: pd.DataFrame) -> Finding:
    """Children to each full-time officer, against the guidance."""
    [row] = published
    rules = codes.record("rules")["caseload"]
    low, high = rules["from"], rules["to"]
    stands = "below" if row.value < low else "above" if row.value > high else "within"
    return Finding(
        f"{printed(row.value)} children to each full-time reviewing officer",
        (
            f"{printed(row.numerator)} children held, those with other plans among them, by "
            f"{printed(row.denominator, 1)} full-time officers, {row.note}.",
            f"That is {stands} the {low} to {high} of the IRO Handbook.",
        ),
    )


def differences(published: Published, others: pd.DataFrame) -> Finding:
    """On how many children the definitions of frequent moves differ, and why."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [f"{label(row)}: {of(row.numerator, row.denominator)}" for row in rows]
    return Finding(
        "On how many children the definitions differ",
        (
            f"Children counted by one and not by the other. {'; '.join(parts)}.",
            "The Commissioner also counts adoption by the current carer and a return to care as a "
            "change; Annex A also counts temporary absences, changes with the same carer and short "
            "breaks as placements.",
            *hidden_note(published),
        ),
    )
