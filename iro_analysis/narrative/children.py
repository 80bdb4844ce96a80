"""Word counts, rates and shares of children; also the default text for most breakdowns."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import (
    at_their_level,
    beside,
    hidden_note,
    label,
    period_of,
    ranged,
    share_of,
    shown,
)
from iro_analysis.periods import in_words
from iro_analysis.rounding import printed
from iro_analysis.tables import named
from iro_analysis.wording import (
    LEAST_FOR_A_PERCENTAGE,
    change,
    joined,
    listed,
    number,
    share,
    within,
)

MOST_NAMED = 3

_HEADINGS = {
    "three_or_more_placements": "Three or more placements in twelve months",
    "long_term_stability": "Settled with one carer for two years, of children long in care",
}


def how_many(published: Published, others: pd.DataFrame) -> Finding:
    """Children looked after, in all."""
    [row] = published
    day = in_words(period_of(published).end)
    return Finding(f"{printed(row.value)} {_children(row.value)} looked after on {day}")


def _children(value: float) -> str:
    return "child was" if value == 1 else "children were"


def how_many_started(published: Published, others: pd.DataFrame) -> Finding:
    """Children who started."""
    [row] = published
    noun = "child" if row.value == 1 else "children"
    return Finding(f"{printed(row.value)} {noun} started to be looked after in the period")


def how_many_ceased(published: Published, others: pd.DataFrame) -> Finding:
    """Children who ceased."""
    [row] = published
    noun = "child" if row.value == 1 else "children"
    return Finding(f"{printed(row.value)} {noun} ceased to be looked after in the period")


def history(published: Published, others: pd.DataFrame) -> Finding:
    """Say the count at the last five year ends."""
    rows = shown(published)
    if not rows or list(published)[-1].status == "suppressed":
        return hidden_whole(published)
    last = rows[-1]
    if len(rows) < 2:
        heading = f"{printed(last.value)} children were looked after on {label(last)}"
        return Finding(heading, ("No earlier year end can be shown.",))
    before, first = rows[-2], rows[0]
    difference = last.value - before.value
    if difference:
        word = "more" if difference > 0 else "fewer"
        heading = (
            f"{printed(abs(difference))} {word} children were looked after on {label(last)} than "
            f"on {label(before)}"
        )
    else:
        heading = f"As many children were looked after on {label(last)} as on {label(before)}"
    if not period_of(published).is_year:
        heading = f"At the last year end: {heading[:1].lower()}{heading[1:]}"
    sentences = [_went_from(before, last)]
    if first is not before:
        sentences.append(_went_from(first, last))
    highest = max(rows, key=lambda row: row.value)
    if highest not in (last, before, first):
        sentences.append(
            f"The highest of the {len(rows)} year ends shown was {printed(highest.value)}, on "
            f"{label(highest)}."
        )
    return Finding(heading, tuple(sentences))


def _went_from(before: FigureRow, after: FigureRow) -> str:
    return (
        f"From {printed(before.value)} on {label(before)} to {printed(after.value)}: "
        f"{change(before.value, after.value)}."
    )


def by_group(published: Published, others: pd.DataFrame) -> Finding:
    """Say a count by group: the largest, then the rest in order."""
    rows = [row for row in shown(published) if row.value > 0]
    title = codes.record("breakdowns")[published.breakdown]["title"].lower()
    if not rows and not published.anything_hidden:
        return Finding(f"{named(published)}: none")
    if not rows:
        return hidden_whole(published)
    ordered = sorted(rows, key=lambda row: -row.value)
    top, most_hidden = ordered[0], _most_a_hidden_group_can_be(published)
    tied = [row for row in ordered if row.value == top.value]
    if top.value <= most_hidden:
        heading = f"By {title}: {label(top)} {share_of(top)}"
        tied = [top]
    elif len(tied) > 1:
        names = joined([label(row) for row in tied])
        heading = f"By {title}, the largest groups are {names}, each {share_of(top)}"
    else:
        heading = f"By {title}, the largest group is {label(top)}: {share_of(top)}"
    rest = [row for row in ordered if row not in tied][:MOST_NAMED]
    sure = bool(rest) and rest[-1].value > most_hidden
    word = "Next come" if sure else "Of the others that can be shown"
    if len(rest) == 1 and len(published.figures) == 2:
        word = "The other is"
    named_rest = listed([(label(row), share_of(row)) for row in rest])
    sentences = [f"{word}{' ' if sure or 'is' in word else ': '}{named_rest}."] if rest else []
    sentences += shares_elsewhere(top, others) if len(tied) == 1 else []
    return Finding(heading, tuple(sentences + hidden_note(published)))


def shares_elsewhere(row: FigureRow, others: pd.DataFrame) -> list[str]:
    """Return a group's share in other areas in one sentence; it says nothing of a difference."""
    mine = others[others["group"].eq(row.group)] if len(others) else others
    mine = mine[mine["unit"].eq("percent")] if len(mine) else mine
    areas = [
        f"{within(each.area)} {number(each.value, 'percent')}"
        for each in mine.itertuples(index=False)
    ]
    if not areas or row.denominator < LEAST_FOR_A_PERCENTAGE:
        return []
    return [f"The same share elsewhere: {joined(areas)}."]


def by_month(published: Published, others: pd.DataFrame) -> Finding:
    """Say a count by month, and its highest month where nothing is hidden."""
    rows = [] if published.anything_hidden else shown(published)
    most = max((row.value for row in rows), default=0)
    top = [row for row in rows if row.value == most]
    said = (f"Most fell in {label(top[0])}: {share_of(top[0])}.",) if len(top) == 1 < most else ()
    return Finding(named(published), (*said, *hidden_months(published)))


def hidden_months(published: Published) -> list[str]:
    """Return the sentence that says that some months are left out, or none."""
    return ["Small numbers are left out."] if published.anything_hidden else []


def _most_a_hidden_group_can_be(published: Published) -> float:
    """Return how large a hidden group could be, as anyone can tell from what is shown."""
    hidden = int(published.figures["status"].eq("suppressed").sum())
    given = shown(published)
    if not hidden or not given:
        return 0
    return given[0].denominator - sum(row.value for row in given) - (hidden - 1)


def one_group(published: Published, others: pd.DataFrame) -> Finding:
    """Say the first of two groups of a count."""
    first = next(iter(published))
    if first.status != "ok":
        return hidden_whole(published)
    day = in_words(period_of(published).end)
    people = "children looked after"
    return Finding(f"{label(first)}, {day}: {share(first.value, first.denominator, people)}")


# What is said of who is counted, and of so many in every 10,000 children.
_RATES = {
    "looked_after_rate": ("looked after", "were looked after"),
    "started_rate": ("started to be looked after", "started to be looked after"),
    "unaccompanied_rate": (
        "looked after who seek asylum unaccompanied",
        "were looked after and seeking asylum unaccompanied",
    ),
}


def rate(published: Published, others: pd.DataFrame) -> Finding:
    """Say a rate per 10,000 with comparators."""
    [row] = published
    counted, did = _RATES[row.measure]
    heading = f"{number(row.value, 'per_10000')} in every 10,000 children {did}"
    sentences = [
        f"{printed(row.numerator)} children {counted}, {printed(row.denominator)} children "
        f"aged 0 to 17 in the area ({row.note.removeprefix('population ')}).",
    ]
    brief = ranged(row, beside(row, others, "per_10000"))
    return Finding(heading, (*sentences, *brief, *at_their_level(row, others)), tuple(brief))


def percentage(published: Published, others: pd.DataFrame) -> Finding:
    """Say a percentage of children with comparators."""
    [row] = published
    heading = f"{_HEADINGS[row.measure]}: {share(row.numerator, row.denominator)}"
    brief = ranged(row, beside(row, others, "percent"))
    return Finding(heading, (*brief, *at_their_level(row, others)), tuple(brief))
