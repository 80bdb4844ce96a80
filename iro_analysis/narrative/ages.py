"""Write about ages: shares, rates, and differences from other areas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.goodness import against_shares
from iro_analysis.estimates.proportions import against_fixed
from iro_analysis.indicators.age_projection import AHEAD, AS_BEFORE, NOW
from iro_analysis.narrative.chance import clear
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    hidden_note,
    label,
    rates_by_group,
    shown,
)
from iro_analysis.rounding import printed
from iro_analysis.wording import (
    ABOUT_THE_SAME,
    EVEN_SO,
    ROUNDED_BY,
    joined,
    listed,
    number,
    share,
    span,
)

OLDEST = "16 and over"
MOST_ROUNDING = 0.02  # of the sum of five shares that were rounded


def age_rates(published: Published, others: pd.DataFrame) -> Finding:
    """Rates per 10,000 by age."""
    return rates_by_group(published, "age group")


def age_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares by age, with comparators."""
    rows = [row for row in shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    top = max(rows, key=lambda row: row.value)
    entry = published.measure.id == "age_on_entry"
    people = "children who started" if entry else "children looked after"
    heading = f"{share(top.numerator, top.denominator, people)} are {_age(top)}"
    parts = [(label(row), share(row.numerator, row.denominator)) for row in rows]
    said = [f"By age. {listed(parts)}.", *_together(rows)]
    return Finding(heading, (*said, *hidden_note(published)))


def _together(rows: list) -> list[str]:
    """Return the share under five and that of ten and over, where every band of it is shown."""
    counts = {row.group: row.numerator for row in rows}
    said = []
    for words, bands in [
        ("under 5", ("Under 1", "1 to 4")),
        ("aged 10 to 17", ("10 to 15", OLDEST)),
    ]:
        if set(bands) <= set(counts):
            several = sum(counts[band] for band in bands)
            said.append((words, share(several, rows[0].denominator)))
    return [f"Together, {listed(said)}."] if said else []


def _age(row: FigureRow) -> str:
    band = label(row)
    return band.lower() if band.startswith("Under") else f"aged {band}"


def age_differences(published: Published, others: pd.DataFrame) -> Finding:
    """Where the age profile differs from each comparator by more than chance."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    areas = list(dict.fromkeys(row.group.split(": ")[1] for row in rows))
    by_area = {area: [row for row in rows if row.group.endswith(f": {area}")] for area in areas}
    differ = {area: _differing(mine, _family(published, area)) for area, mine in by_area.items()}
    whole = {
        area: found
        for area, mine in by_area.items()
        if (found := _as_a_whole(mine, _family(published, area), len(areas))) is not None
    }
    sentences = [f"Against {area}, {joined(parts)}." for area, parts in differ.items() if parts]
    if alike := [area for area, parts in differ.items() if not parts]:
        of_any = f"Against {joined(alike)}, no age group differs by more than chance would explain."
        sentences.append(of_any)
    apart = {area: difference for area, (is_apart, difference) in whole.items() if is_apart}
    sentences += [
        f"Taken together the ages differ from those of {area}, by {EVEN_SO}; most of all there "
        f"are {difference}."
        for area, difference in apart.items()
    ]
    if same := [area for area in whole if area not in apart]:
        sentences.append(
            f"Taken together the ages are {ABOUT_THE_SAME} as those of {joined(same)}."
        )
    if len(alike) < len(areas):
        heading = "Some ages make up more, or less, of the children than elsewhere"
    elif published.anything_hidden:
        heading = f"No age group that can be shown clearly differs from {joined(areas)}"
    else:
        heading = f"No age group's share clearly differs from {joined(areas)}"
        if apart:
            heading += f", though the ages taken together do from {joined(list(apart))}"
    together = (
        "The ages were looked at together: each has to be clearer than one alone would (Holm's "
        "method, for each area)."
    )
    return Finding(heading, (*sentences, together, *hidden_note(published)))


def _size(row: Any) -> str:
    low, high = sorted((abs(row.lower), abs(row.upper)))
    return span(low, high, "count")


def _differing(rows: list, family: int) -> list[str]:
    """Return the age groups that differ from an area by more than chance, with how far."""
    sure = clear(rows, family, _p_of, reference=0.0)
    wide = [row for row in rows if row.lower > ROUNDED_BY or row.upper < -ROUNDED_BY]
    return [
        f"the age group {row.group.split(': ')[0]} makes up "
        f"{number(abs(row.value), 'count')} percentage points "
        f"{'more' if row.value > 0 else 'less'} of the children "
        f"({_size(row)})"
        for row in wide
        if row.group in sure
    ]


def _as_a_whole(rows: list, family: int, areas: int) -> tuple[bool, str] | None:
    """Return whether all ages together are spread unlike an area's, and in which age most.

    None where not all bands are shown.
    """
    if len(rows) < family or len(rows) < 2:
        return None
    counts = [row.numerator for row in rows]
    theirs = [row.numerator / row.denominator - row.value / 100 for row in rows]
    if abs(sum(theirs) - 1) > MOST_ROUNDING or min(theirs) < 0:
        return None
    fit = against_shares(counts, theirs)
    most = max(range(len(rows)), key=lambda place: abs(fit.residual[place]))
    residual = fit.residual[most]
    which = rows[most].group.split(": ")[0]
    way = "more" if residual > 0 else "fewer"
    words = (
        f"{way} children aged {which} than expected ({printed(abs(residual), 1)} standard errors)"
    )
    return fit.p < (1 - LEVEL) / areas, words  # each of several areas


def profile_ahead(published: Published, others: pd.DataFrame) -> Finding:
    """Say what the ages would be in three years; name a change only beyond its range."""
    rows = {row.group: row for row in shown(published)}
    bands = list(dict.fromkeys(group.split(": ")[0] for group in rows))
    if not bands:
        return hidden_whole(published)
    parts, more, fewer, differs = [], [], [], False
    for band in bands:
        now, then, alike = (rows[f"{band}: {name}"] for name in (NOW, AHEAD, AS_BEFORE))
        parts.append(
            f"{band}: {printed(now.value)} now, {printed(then.value)} in three years "
            f"({span(then.lower, then.upper, 'children')}); with the entries of the year before "
            f"{printed(alike.value)} ({span(alike.lower, alike.upper, 'children')})"
        )
        ways = [(each.lower > now.value) - (each.upper < now.value) for each in (then, alike)]
        more += [band] if ways == [1, 1] else []
        fewer += [band] if ways == [-1, -1] else []
        differs |= ways[0] != ways[1] or not alike.lower <= then.value <= alike.upper
    said = [f"more aged {joined(more)}"] if more else []
    said += [f"fewer aged {joined(fewer)}"] if fewer else []
    if said:
        heading = f"With the entries of either year, in three years {joined(said)} are expected"
    elif differs:
        heading = "What the ages would be in three years depends on how many children enter"
    else:
        heading = "No age is clearly expected to have more or fewer children in three years"
    return Finding(
        heading,
        (
            f"{'. '.join(parts)}.",
            "That is no forecast. As many children start each year at each age as in the period, "
            "and leave at its rates by age and time in care; everybody leaves at 18. If that level "
            "stays, the number that comes lies in its range in about 95 of 100 cases: the range "
            "allows for chance, and for how little one year tells of the level.",
        ),
    )


def _family(published: Published, area: str) -> int:
    return sum(row.group.endswith(f": {area}") for row in published)


def _p_of(row: FigureRow) -> float:
    """Return the p value of a share against the comparator's, as close as its rounding allows."""
    other = row.numerator / row.denominator - row.value / 100
    slack = ROUNDED_BY / 100 if row.value > 0 else -ROUNDED_BY / 100
    return against_fixed(row.numerator, row.denominator, min(max(other + slack, 0), 1))[1]
