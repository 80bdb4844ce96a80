"""The finding of each measure. The register at the end says which function speaks of which."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from iro_analysis import codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.trends import detectable_share
from iro_analysis.narrative.finding import Finding, hidden_whole, unavailable
from iro_analysis.periods import in_words, single
from iro_analysis.rounding import printed
from iro_analysis.tables import group_label
from iro_analysis.wording import (
    ABOUT_THE_SAME,
    ROUNDED_BY,
    against,
    change,
    compared,
    joined,
    listed,
    number,
    share,
    span,
    times_as_likely,
)

MOST_NAMED = 3
NO_COMPARATORS = pd.DataFrame(columns=["area", "group", "value"])


def _period(published: Published):
    return single(published.figures["period"].iloc[0])


def _shown(published: Published) -> list:
    return [row for row in published if row.status == "ok"]


def _label(row) -> str:
    return group_label(row.measure, row.breakdown, row.group)


def _hidden_note(published: Published) -> list[str]:
    if not published.anything_hidden:
        return []
    return [
        "Some groups are left out here: their number is small, or would give a small number away."
    ]


def _beside(row, others: pd.DataFrame, unit: str) -> list[str]:
    """Return one sentence that sets a figure against every comparator given for its group."""
    mine = others[others["group"].eq(row.group)]
    areas = [(other.area, other.value) for other in mine.itertuples(index=False)]
    said = compared(row.value, row.lower, row.upper, areas, unit)
    return [said] if said else []


def how_many(published: Published, others: pd.DataFrame) -> Finding:
    """Children looked after, in all."""
    [row] = published
    day = in_words(_period(published).end)
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
    """The last five year ends."""
    rows = _shown(published)
    last = rows[-1]
    heading = f"{printed(last.value)} children were looked after on {_label(last)}"
    if len(rows) < 2:
        return Finding(heading, ("No earlier year end can be shown.",))
    before, first = rows[-2], rows[0]
    moved = change(before.value, last.value)
    sentences = [f"That is {moved} {_than(moved)} on {_label(before)} ({printed(before.value)})."]
    if first is not before:
        moved = change(first.value, last.value)
        sentences.append(
            f"It is {moved} {_than(moved)} on {_label(first)} ({printed(first.value)})."
        )
    highest = max(rows, key=lambda row: row.value)
    if highest is not last and highest is not before and highest is not first:
        sentences.append(
            f"The highest of the {len(rows)} year ends shown was {printed(highest.value)}, on "
            f"{_label(highest)}."
        )
    return Finding(heading, tuple(sentences))


def _than(moved: str) -> str:
    return "as" if moved == "the same" else "than"


def by_group(published: Published, others: pd.DataFrame) -> Finding:
    """A count by group: which is largest, and the rest in order."""
    rows = [row for row in _shown(published) if row.value > 0]
    title = codes.record("breakdowns")[published.breakdown]["title"].lower()
    if not rows:
        return hidden_whole(published)
    ordered = sorted(rows, key=lambda row: -row.value)
    top, most_hidden = ordered[0], _most_a_hidden_group_can_be(published)
    tied = [row for row in ordered if row.value == top.value]
    if top.value <= most_hidden:
        heading = f"By {title}: {_label(top)} {_of(top)}"
        tied = [top]
    elif len(tied) > 1:
        names = joined([_label(row) for row in tied])
        heading = f"By {title}, the largest groups are {names}, each {_of(top)}"
    else:
        heading = f"By {title}, the largest group is {_label(top)}: {_of(top)}"
    rest = [row for row in ordered if row not in tied][:MOST_NAMED]
    sure = bool(rest) and rest[-1].value > most_hidden
    word = "Next come" if sure else "Of the others that can be shown"
    if len(rest) == 1 and len(published.figures) == 2:
        word = "The other is"
    named_rest = listed([(_label(row), _of(row)) for row in rest])
    sentences = [f"{word}{' ' if sure or 'is' in word else ': '}{named_rest}."] if rest else []
    return Finding(heading, tuple(sentences + _hidden_note(published)))


def _most_a_hidden_group_can_be(published: Published) -> float:
    """Return how large a hidden group could be, as anyone can tell from what is shown."""
    hidden = int(published.figures["status"].eq("suppressed").sum())
    shown = _shown(published)
    if not hidden or not shown:
        return 0
    return shown[0].denominator - sum(row.value for row in shown) - (hidden - 1)


def one_group(published: Published, others: pd.DataFrame) -> Finding:
    """A count in two groups, of which the first is spoken of."""
    row = published.figures.iloc[0]
    if row["status"] != "ok":
        return hidden_whole(published)
    shown = share(row["value"], row["denominator"])
    label = group_label(row["measure"], row["breakdown"], row["group"])
    day = in_words(_period(published).end)
    return Finding(f"{label}: {shown} of the children looked after on {day}")


def number_of_placements(published: Published, others: pd.DataFrame) -> Finding:
    """How many placements children had in twelve months."""
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    names = {"1": "one placement", "2": "two placements", "3 or more": "three or more"}
    parts = [f"{_of(row)} had {names[row.group]}" for row in rows]
    return Finding(
        "Most children stayed in one placement over twelve months"
        if rows[0].group == "1" and rows[0].value > rows[0].denominator / 2
        else "How many placements children had in twelve months",
        (f"Of the children looked after, {joined(parts)}.", *_hidden_note(published)),
    )


def _of(row) -> str:
    return share(row.value, row.denominator)


def rate(published: Published, others: pd.DataFrame) -> Finding:
    """A rate per 10,000 with comparators."""
    [row] = published
    heading = f"{number(row.value, 'per_10000')} in every 10,000 children were looked after"
    limits = span(row.lower, row.upper, "per_10000")
    sentences = [
        f"{printed(row.numerator)} children looked after, {printed(row.denominator)} children "
        f"aged 0 to 17 in the area ({row.note.removeprefix('population ')}).",
    ]
    brief = [f"The likely range is {limits}.", *_beside(row, others, "per_10000")]
    return Finding(heading, (*sentences, *brief), tuple(brief))


def percentage(published: Published, others: pd.DataFrame) -> Finding:
    """A percentage of children, with comparators."""
    [row] = published
    heading = f"{_HEADINGS[row.measure]}: {share(row.numerator, row.denominator)}"
    limits = span(row.lower, row.upper, "percent")
    sentences = [f"The likely range is {limits}."]
    return Finding(heading, tuple(sentences + _beside(row, others, "percent")))


def ethnic_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares of children looked after by ethnic group."""
    rows = [row for row in _shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    parts = [
        (_label(row), share(row.numerator, row.denominator))
        for row in sorted(rows, key=lambda r: -r.value)
    ]
    return Finding(
        "Ethnic groups of the children looked after",
        (f"Children looked after, by ethnic group. {listed(parts)}.", *_hidden_note(published)),
    )


def population_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares of the area's children by ethnic group."""
    rows = sorted(_shown(published), key=lambda row: -row.value)
    parts = [(_label(row), number(row.value, "percent")) for row in rows]
    census = rows[0].note.removeprefix("population ")
    return Finding(
        "Ethnic groups of the area's children",
        (f"All children aged 0 to 17 in the area ({census}). {listed(parts)}.",),
    )


def _clear(row) -> str:
    """Say whether a ratio lies clearly above or below 1, or neither."""
    return against(row.value, row.lower, row.upper, 1.0)


_RATIO_HEADS = {
    "ethnicity_rate_ratio": ("to be looked after", "as White children to be looked after"),
    "ethnicity_started_ratio": ("to start being looked after", "as White children to start"),
    "ethnicity_three_or_more_ratio": (
        "to have three or more placements",
        "as White children to have three or more placements",
    ),
}


def ratios(published: Published, others: pd.DataFrame) -> Finding:
    """Each ethnic group's rate against that of White children."""
    rows = [row for row in _shown(published) if not math.isnan(row.lower)]
    what, ending = _RATIO_HEADS[published.measure.id]
    if not rows:
        return hidden_whole(published)
    clear = [row for row in rows if _clear(row) != ABOUT_THE_SAME]
    hidden = published.anything_hidden
    if clear:
        higher = [_label(row) for row in clear if _clear(row) == "higher"]
        lower = [_label(row) for row in clear if _clear(row) == "lower"]
        among = ", of the groups that can be shown" if hidden else ""
        said = [f"more likely {what} than White children{among}: {joined(higher)}"] * bool(higher)
        said += [f"less likely {what} than White children{among}: {joined(lower)}"] * bool(lower)
        heading = ". ".join(_opened(part) for part in said)
    else:
        which = "No ethnic group that can be shown" if hidden else "No ethnic group"
        heading = f"{which} is clearly more or less likely than White children {what}"
    in_order = sorted(rows, key=lambda row: row not in clear)
    sentences = [f"{_label(row)}: {_ratio_in_words(row, ending)}." for row in in_order]
    sentences += _hidden_note(published)
    sentences.append(
        "This is a difference in rates, not an explanation of it: age, deprivation and children "
        "seeking asylum alone are not taken into account."
    )
    return Finding(heading, tuple(sentences))


def _none(published: Published) -> str:
    return "No ethnic group" + (" that can be shown" if published.anything_hidden else "")


def _opened(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ratio_in_words(row, ending: str) -> str:
    if row.value == 0:
        return f"no child (at most {number(row.upper, 'ratio')} times as likely {ending})"
    if _clear(row) == ABOUT_THE_SAME:
        return times_as_likely(row.value, row.lower, row.upper)
    limits = span(row.lower, row.upper, "ratio")
    return f"{number(row.value, 'ratio')} times as likely {ending} (likely range {limits})"


def stays(published: Published, others: pd.DataFrame) -> Finding:
    """Time in care of each ethnic group against that of White children."""
    rows = [row for row in _shown(published) if not math.isnan(row.lower)]
    if not rows:
        return hidden_whole(published)
    clear = [row for row in rows if _clear(row) != ABOUT_THE_SAME]
    longer = [_label(row) for row in clear if _clear(row) == "higher"]
    shorter = [_label(row) for row in clear if _clear(row) == "lower"]
    said = [f"Longer in care than White children: {joined(longer)}"] if longer else []
    said += [f"Less long in care than White children: {joined(shorter)}"] if shorter else []
    heading = (
        ". ".join(said)
        if said
        else f"{_none(published)} clearly stays longer or less long in care than White children"
    )
    parts = [
        (
            _label(row),
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
            *_hidden_note(published),
        ),
    )


def index(published: Published, others: pd.DataFrame) -> Finding:
    """Representation of each ethnic group."""
    rows = [row for row in _shown(published) if not math.isnan(row.lower)]
    if not rows:
        return hidden_whole(published)
    over = [_label(row) for row in rows if _clear(row) == "higher"]
    under = [_label(row) for row in rows if _clear(row) == "lower"]
    said = [f"Over-represented: {joined(over)}"] if over else []
    said += [f"Under-represented: {joined(under)}"] if under else []
    heading = ". ".join(said) if said else "No ethnic group is clearly over- or under-represented"
    parts = [
        (_label(row), f"{number(row.value, 'ratio')} ({span(row.lower, row.upper, 'ratio')})")
        for row in rows
    ]
    return Finding(
        heading,
        (
            "The share of children looked after divided by the share of the area's children, "
            f"where 1 is an equal share. {listed(parts)}.",
            *_hidden_note(published),
        ),
    )


def ethnic_rates(published: Published, others: pd.DataFrame) -> Finding:
    """Rates per 10,000 by ethnic group."""
    return _rates(published, "ethnic group")


def age_rates(published: Published, others: pd.DataFrame) -> Finding:
    """Rates per 10,000 by age."""
    return _rates(published, "age group")


def _rates(published: Published, what: str) -> Finding:
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    ordered = sorted(rows, key=lambda row: -row.value)
    parts = [
        (
            _label(row),
            f"{number(row.value, 'per_10000')} ({span(row.lower, row.upper, 'per_10000')})",
        )
        for row in ordered
    ]
    top, rest = ordered[0], ordered[1:]
    clear = rest and all(row.upper < top.lower for row in rest)
    heading = (
        f"The rate is highest for the {what} {_label(top)}: "
        f"{number(top.value, 'per_10000')} in 10,000"
        if clear
        else f"Rates per 10,000 children differ by {what}, some of them by no more than chance"
    )
    return Finding(
        heading,
        (
            f"Children looked after per 10,000 of each group, with likely range. {listed(parts)}.",
            *_hidden_note(published),
        ),
    )


def age_shares(published: Published, others: pd.DataFrame) -> Finding:
    """Shares by age, with comparators."""
    rows = [row for row in _shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    top = max(rows, key=lambda row: row.value)
    kind = "started in the period" if published.measure.id == "age_on_entry" else "are looked after"
    heading = f"{share(top.numerator, top.denominator)} of the children who {kind} are {_age(top)}"
    parts = [(_label(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(heading, (f"By age. {listed(parts)}.", *_hidden_note(published)))


def _age(row) -> str:
    label = _label(row)
    return label.lower() if label.startswith("Under") else f"aged {label}"


def age_differences(published: Published, others: pd.DataFrame) -> Finding:
    """Where the age profile differs from each comparator by more than chance."""
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    areas = list(dict.fromkeys(row.group.split(": ")[1] for row in rows))
    sentences = []
    for area in areas:
        mine = [row for row in rows if row.group.endswith(f": {area}")]
        clear = [row for row in mine if row.lower > ROUNDED_BY or row.upper < -ROUNDED_BY]
        parts = [
            f"the age group {row.group.split(': ')[0]} makes up "
            f"{number(abs(row.value), 'count')} percentage points "
            f"{'more' if row.value > 0 else 'less'} of the children "
            f"({span(*sorted((abs(row.lower), abs(row.upper))), 'count')})"
            for row in clear
        ]
        sentences.append(
            f"Against {area}, {joined(parts)}."
            if parts
            else f"Against {area}, no age group differs by more than chance would explain."
        )
    different = any(" percentage " in sentence for sentence in sentences)
    if different:
        heading = "Some ages make up more, or less, of the children than elsewhere"
    elif published.anything_hidden:
        heading = f"No age group that can be shown clearly differs from {joined(areas)}"
    else:
        heading = f"No age group's share clearly differs from {joined(areas)}"
    return Finding(heading, (*sentences, *_hidden_note(published)))


def changes(published: Published, others: pd.DataFrame) -> Finding:
    """Placement changes by the reason recorded."""
    rows = [row for row in _shown(published) if row.value > 0]
    if not rows:
        return hidden_whole(published)
    total = rows[0].denominator
    ordered = sorted(rows, key=lambda row: -row.value)
    parts = [(_label(row), share(row.value, row.denominator)) for row in ordered]
    return Finding(
        f"There were {printed(total)} placement changes in the period",
        (f"By the reason recorded. {listed(parts)}.", *_hidden_note(published)),
    )


def by_definition(published: Published, others: pd.DataFrame) -> Finding:
    """Frequent moves by three definitions."""
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [(_label(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(
        "How often children move depends on what is called a move",
        (
            f"By definition. {listed(parts)}.",
            "The report uses the Department for Education's.",
            *_hidden_note(published),
        ),
    )


def survival(published: Published, others: pd.DataFrame) -> Finding:
    """Chance of still being in the first placement."""
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    last = rows[-1]
    parts = [
        f"{_label(row)} {number(row.value * 100, 'percent')}"
        + (
            f" ({span(row.lower * 100, row.upper * 100, 'percent')})"
            if not math.isnan(row.lower)
            else ""
        )
        for row in rows
    ]
    heading = (
        f"About {number(last.value * 100, 'count')} of every 100 first placements last longer "
        f"than {_label(last)}"
    )
    return Finding(
        heading,
        (
            f"Estimated chance of still being in the first placement after {joined(parts)}.",
            "A placement ends here by a move, or because the child leaves care.",
            *_hidden_note(published),
        ),
    )


def median(published: Published, others: pd.DataFrame) -> Finding:
    """Days by which half of placements have ended."""
    rows = _shown(published)
    if not rows:
        return hidden_whole(published)
    parts = [
        (
            _label(row),
            f"{printed(row.value)} days"
            + (f" ({limits})" if (limits := span(row.lower, row.upper, "days")) else ""),
        )
        for row in rows
    ]
    if published.breakdown == ALL:
        row = rows[0]
        return Finding(
            f"Half of all placements end within {printed(row.value)} days",
            (f"The likely range is {span(row.lower, row.upper, 'days')} days.",)
            if span(row.lower, row.upper, "days")
            else (),
        )
    return Finding(
        "How long placements last, by type of placement",
        (f"Days by which half have ended. {listed(parts)}.", *_hidden_note(published)),
    )


def pooled(published: Published, others: pd.DataFrame) -> Finding:
    """A GCSE standard over all cohorts, and what change could have been seen."""
    [row] = published
    title = published.measure.title
    heading = f"{title}: {share(row.numerator, row.denominator)} over the cohorts together"
    limits = span(row.lower, row.upper, "percent")
    return Finding(heading, (f"The likely range is {limits}.",))


def cohorts(published: Published, others: pd.DataFrame) -> Finding:
    """A GCSE standard by cohort."""
    rows = _shown(published)
    title = published.measure.title
    if not rows:
        return Finding(f"{title}: the yearly numbers are too small to publish")
    parts = [(_label(row), share(row.numerator, row.denominator)) for row in rows]
    return Finding(
        f"{title}, by year", (f"By year of the results. {listed(parts)}.", *_hidden_note(published))
    )


def trends(published: Published, others: pd.DataFrame) -> Finding:
    """Trends of the GCSE standards over the cohorts."""
    rows = _shown(published)
    if not rows:
        return Finding(
            "No trend in GCSE results can be shown",
            ("The yearly numbers behind the trends are too small to publish.",),
        )
    clear = [row for row in rows if _clear(row) != ABOUT_THE_SAME]
    up = [_label(row).lower() for row in clear if _clear(row) == "higher"]
    down = [_label(row).lower() for row in clear if _clear(row) == "lower"]
    said = [f"a rise in {joined(up)}"] if up else []
    said += [f"a fall in {joined(down)}"] if down else []
    heading = (
        f"GCSE results over the cohorts show {joined(said)}"
        if said
        else "GCSE results show no clear change over the cohorts"
    )
    parts = [
        f"{_label(row)}: odds {number(row.value, 'ratio', 2)} times those of the year before "
        f"({span(row.lower, row.upper, 'ratio', 2)}; {row.note})"
        for row in rows
    ]
    return Finding(heading, (f"{'. '.join(parts)}.", *_hidden_note(published)))


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
    if row.status != "ok":
        return hidden_whole(published)
    pupils = row.denominator / cohorts
    needed = detectable_share(row.value / 100, pupils)
    heading = "What change could be seen with so few pupils"
    lead = f"With about {printed(pupils)} pupils a year, a change from "
    start = f"{lead}{number(row.value, 'percent')} in one year to the next"
    if math.isnan(needed):
        return Finding(heading, (f"{start} would not show reliably, however large.",))
    return Finding(
        heading,
        (
            f"{start} would show reliably only where it reached {number(needed * 100, 'percent')} "
            "or more.",
        ),
    )


_HEADINGS = {
    "three_or_more_placements": "Three or more placements in twelve months",
    "long_term_stability": "Settled with one carer for two years, of children long in care",
}

Teller = Callable[[Published, pd.DataFrame], Finding]
_TELLERS: dict[tuple[str, str], Teller] = {
    ("looked_after", ALL): how_many,
    ("started", ALL): how_many_started,
    ("ceased", ALL): how_many_ceased,
    ("looked_after", "uasc"): one_group,
    ("placements_in_year", "placements"): number_of_placements,
    ("looked_after_history", "date"): history,
    ("looked_after_rate", ALL): rate,
    ("ethnicity_share", "ethnicity"): ethnic_shares,
    ("ethnicity_population_share", "ethnicity"): population_shares,
    ("ethnicity_index", "ethnicity"): index,
    ("ethnicity_rate", "ethnicity"): ethnic_rates,
    ("ethnicity_rate_ratio", "ethnicity"): ratios,
    ("ethnicity_started_ratio", "ethnicity"): ratios,
    ("ethnicity_stay_ratio", "ethnicity"): stays,
    ("ethnicity_three_or_more_ratio", "ethnicity"): ratios,
    ("age_share", "age_band"): age_shares,
    ("age_on_entry", "age_band"): age_shares,
    ("age_share_difference", "age_band_by_comparator"): age_differences,
    ("age_rate", "age_band"): age_rates,
    ("three_or_more_placements", ALL): percentage,
    ("three_or_more_by_definition", "definition"): by_definition,
    ("long_term_stability", ALL): percentage,
    ("placement_changes", "reason"): changes,
    ("placement_survival", "months"): survival,
    ("placement_median_duration", ALL): median,
    ("placement_median_duration", "placement"): median,
    ("gcse_trend", "measure"): trends,
}


def _teller(measure: str, breakdown: str) -> Teller:
    if (measure, breakdown) in _TELLERS:
        return _TELLERS[measure, breakdown]
    if measure.startswith("gcse_"):
        return pooled if breakdown == ALL else cohorts
    return by_group


def finding(published: Published, comparators: pd.DataFrame = NO_COMPARATORS) -> Finding:
    """Return what published figures of one measure and breakdown say.

    Parameters
    ----------
    published : Published
    comparators : DataFrame, optional
        Of ``Study.comparators``: set beside the figures of the same group.

    Returns
    -------
    Finding
        Where there is no figure, the reason.
    """
    if published.reason:
        return unavailable(published)
    if not _shown(published) and published.breakdown == ALL:
        return hidden_whole(published)
    return _teller(published.measure.id, published.breakdown)(published, comparators)
