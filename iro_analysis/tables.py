"""Show published figures as HTML tables; name measures, groups, units and dates for readers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.stock import PREDICTION
from iro_analysis.periods import Period, in_words, of_days, single
from iro_analysis.wording import in_html, joined, number, span

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
OWN_WHOLES = frozenset(["timetable", "age_group", "short_breaks", "cohort_year", "cohort_pair"])
_WITHOUT_SHARE = frozenset([ALL, "date", PERIOD, "recent_month", "recent_quarter"])
_HEADS = {
    "children": "Children",
    "reviews": "Reviews",
    "count": "Number",
    "percent": "Percentage",
    "per_10000": "Per 10,000",
    "ratio": "Ratio",
    "days": "Days",
    "score": "Score",
    "months": "Months",
    "probability": "Chance",
}
_UNITS = {
    "children": "Number of children",
    "reviews": "Number of reviews",
    "count": "Number",
    "percent": "Percentage, with the numbers behind it",
    "per_10000": "Children in every 10,000",
    "ratio": "Ratio",
    "days": "Days",
    "score": "Score",
    "months": "Months",
    "probability": "Chance, in percent",
}


@dataclass(frozen=True)
class HtmlTable:
    """A piece of a page: displays itself in JupyterLab and on the page."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "<a table; display it in a notebook>"


def _head(labels: list[str], numbers: frozenset[int]) -> str:
    cells = "".join(
        f'<th scope="col"{" class=number" if place in numbers else ""}>{in_html(label)}</th>'
        for place, label in enumerate(labels)
    )
    return f"<thead><tr>{cells}</tr></thead>"


def row_of(label: str, cells: list[str]) -> str:
    """Return a row of a table as HTML: its label and its numbers."""
    values = "".join(f'<td class="number">{in_html(cell)}</td>' for cell in cells)
    return f'<tr><th scope="row">{in_html(label)}</th>{values}</tr>'


def framed(
    caption: str,
    head: list[str],
    rows: list[str],
    notes: list[str],
    numbers: frozenset[int] | None = None,
    under: str = "",
) -> str:
    """Return a table in a frame that scrolls by itself, with its notes below.

    Parameters
    ----------
    caption : str
    head : list of str
        The column headers.
    rows : list of str
        Rows as HTML.
    notes : list of str
        One sentence each.
    numbers : set of int, optional
        The columns that hold numbers; all but the first where not given.
    under : str, optional
        Unit and source, in the caption under what is shown.
    """
    numbers = frozenset(range(1, len(head))) if numbers is None else numbers
    label = in_html(caption)
    body = "".join(rows)
    below = " ".join(f'<p class="note">{in_html(note)}</p>' for note in notes)
    said = f'<span class="under">{in_html(under)}</span>' if under else ""
    return (
        f'<div class="table-frame" role="group" aria-label="Table: {label}" tabindex="0">'
        f"<table><caption>{label} {said}</caption>{_head(head, numbers)}<tbody>{body}</tbody>"
        f'</table></div><div class="notes">{below}</div>'
    )


def group_label(measure: str, breakdown: str, group: str) -> str:
    """Return a group as a reader sees it: a date in words, a measure by its title."""
    if breakdown == "date":
        return in_words(date.fromisoformat(group))
    if breakdown == PERIOD:
        return period_label(catalogue.measure(measure).when, single(group))
    if breakdown == "recent_quarter":
        return period_label("period", single(group))
    if breakdown == "measure":
        return catalogue.measure(group).title
    if group == ALL:
        return "All"
    labels = codes.record("breakdowns")[breakdown].get("labels", {})
    labels = labels | codes.record("combined_groups").get(breakdown, {}).get("labels", {})
    return labels.get(group, group)


def period_label(spoken_of: str, period: Period) -> str:
    """Return an earlier period as a reader sees it beside a figure.

    Parameters
    ----------
    spoken_of : str
        The measure's ``when``.
    period : Period

    Examples
    --------
    >>> period_label("day", single("2019-20")), period_label("period", single("2019-20-Q3"))
    ('31 March 2020', '2019-20 Q3')
    >>> period_label("period", single("2019-04-01:2019-09-30"))
    '2019-20 H1'
    """
    if spoken_of == "day":
        return in_words(period.end)
    if spoken_of == "twelve_months" and not period.is_year:
        return f"twelve months to {in_words(period.end)}"
    period = of_days(period.start, period.end)  # two dates that are a half-year: as its name
    if ":" in period.name:
        whole = period.start.day == 1 and (period.end + timedelta(days=1)).day == 1
        return f"{period.start:%b %Y} to {period.end:%b %Y}" if whole else period.title
    return period.name.replace("-Q", " Q").replace("-H", " H")


def has_share(published: Published) -> bool:
    """Whether a share of the total is shown beside each count."""
    if published.measure.unit not in COUNT_UNITS or published.breakdown in _WITHOUT_SHARE:
        return False
    return not published.breakdown.startswith("quarters_ahead")


def _cells(published: Published, row: Any) -> list[str]:
    unit = published.measure.unit
    printed_as = "count" if published.measure.is_difference else unit
    symbol = {"suppressed": published.policy.symbol, "not_available": NOT_AVAILABLE}.get(row.status)
    cells = []
    if unit == "percent":
        cells.append(symbol or _count(row.numerator))
        cells.append(symbol or _count(row.denominator))
    cells.append(symbol or number(row.value, printed_as, 2 if unit == "ratio" else None))
    if has_share(published):
        known = not symbol and row.denominator > 0
        cells.append(
            symbol
            or (number(row.value / row.denominator * 100, "percent") if known else NOT_APPLICABLE)
        )
    if _has_range(published):
        limits = span(row.lower, row.upper, printed_as, 2 if unit == "ratio" else None)
        cells.append(symbol or limits or NOT_APPLICABLE)
    return cells


def _count(value: float) -> str:
    return NOT_APPLICABLE if math.isnan(value) else number(value, "count")


def _has_range(published: Published) -> bool:
    return any(not math.isnan(row.lower) for row in published)


def breakdown(published: Published, caption: str = "") -> HtmlTable:
    """Return published figures of one measure and breakdown as a table.

    Parameters
    ----------
    published : Published
    caption : str, optional
        The measure's title, breakdown and time where none is given.
    """
    if published.reason:
        return HtmlTable(f'<p class="note">Not available: {in_html(published.reason)}.</p>')
    head, given = columns_and_rows(published)
    rows = [row_of(label, cells) for label, cells in given]
    under = f"{unit_words(published)}. Source: {_source(published)}"
    return HtmlTable(
        framed(caption or described(published), head, rows, notes(published), under=under)
    )


def columns_and_rows(published: Published) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Return a breakdown's column heads, and its rows as label and cells."""
    entry, name = published.measure, published.breakdown
    head = [codes.record("breakdowns")[name]["title"]]
    if entry.unit == "percent":
        head += ["Number", "Of"]
    head.append("Percentage points" if entry.is_difference else _HEADS[entry.unit])
    if has_share(published):
        head.append("Share")
    if _has_range(published):
        head.append("Range")
    rows = [(group_label(entry.id, name, row.group), _cells(published, row)) for row in published]
    return head, rows


def unit_words(published: Published) -> str:
    """Return the unit of a table in words, for its caption."""
    if published.measure.is_difference:
        return "Percentage points"
    words = _UNITS[published.measure.unit]
    return f"{words}, and its share of the total" if has_share(published) else words


def named(published: Published) -> str:
    """Return a measure's title, with what it is broken down by where that is not plain from it."""
    title, unit = published.measure.title, published.measure.unit
    if published.breakdown == PERIOD:
        return f"{title}, beside earlier periods"
    if published.breakdown in (ALL, "date", "placements"):
        return title
    own_name = codes.record("breakdowns")[published.breakdown].get("named")
    if own_name:
        return own_name
    if unit not in COUNT_UNITS and published.breakdown not in OWN_WHOLES:
        return title
    by = codes.record("breakdowns")[published.breakdown]["title"]
    return f"{title}, by {by[0].lower()}{by[1:]}"


def when(published: Published) -> str:
    """Return the day or days that figures speak of, in words."""
    period = single(published.figures["period"].iloc[0])
    spoken_of = published.measure.when
    if published.breakdown == PERIOD:
        return ""
    if spoken_of == "year":
        return f"year to {in_words(period.end)}"
    if spoken_of == "day":
        return in_words(period.end)
    if spoken_of == "twelve_months":
        return f"twelve months to {in_words(period.end)}"
    return period.title if spoken_of == "period" else ""


def described(published: Published) -> str:
    """Return what figures are, of what and when: the caption of their table and chart."""
    return ", ".join(filter(None, (named(published), when(published))))


def notes(published: Published) -> list[str]:
    """Return what must be said below a table: symbols, reasons, vintages, the interval."""
    found = []
    if published.anything_hidden:
        found.append(published.policy.note)
    elif published.is_rounded:
        found.append(published.policy.note_of_rounding)
    if published.given_together:
        found.append("Some groups are given together, since too many single ones are small.")
    statuses = published.figures["status"]
    missing = published.figures[statuses.eq("not_available")]
    for reason in dict.fromkeys(missing["note"]):
        found.append(f"{NOT_AVAILABLE} not available: {reason}.")
    if any(NOT_APPLICABLE in _cells(published, row) for row in published):
        found.append(f"{NOT_APPLICABLE} not applicable.")
    if _has_range(published):
        found.append(_of_the_range(published))
    return [*found, *own_notes(published)]


def _of_the_range(published: Published) -> str:
    """Return what the range of a table's figures means."""
    if published.figures["method"].eq(PREDICTION).any():
        chance = "80" if published.breakdown.endswith("_80") else "95"
        return f"The range is meant to hold the number that comes in {chance} of 100 forecasts."
    return (
        "Counts are exact. The likely range is of the level that lies behind a figure (95% "
        "interval); the next figure can lie outside it even if nothing changes."
    )


def own_notes(published: Published) -> list[str]:
    """Return what only this table's figures need said: their own notes, and breaks in time."""
    found = []
    statuses = published.figures["status"]
    shown = published.figures[statuses.eq("ok") & published.figures["note"].ne("")]
    same = dict.fromkeys(shown["note"])
    if len(same) == 1 and len(shown) in (len(published.figures), max(statuses.eq("ok").sum(), 2)):
        note = next(iter(same))
        found.append(f"{note[:1].upper()}{note[1:]}.")
    elif len(shown):
        for row in shown.itertuples(index=False):
            label = group_label(row.measure, row.breakdown, row.group)
            if label not in row.note:  # else it would say the same twice
                found.append(f"{label}: {row.note}.")
    found += [f"Not comparable with earlier periods: {what}." for what in broken(published)]
    return found


def broken(published: Published) -> list[str]:
    """Return what changed on the way, where earlier periods cannot be compared with later ones."""
    if published.breakdown != PERIOD:
        return []
    days = [single(row.group).end for row in published if row.status == "ok"]
    if len(days) < 2:
        return []
    return [each.what for each in published.measure.breaks_between(min(days), max(days))]


def _source(published: Published) -> str:
    entry = published.measure
    local = any(need.startswith("list:") for need in entry.needs_of("all"))
    own = "the authority's own list" if local else "the authority's SSDA903 return"
    return f"{own}; definition at the end of the page."


def comparators(frame: Any, unit: str, caption: str, note: str = "") -> HtmlTable:
    """Return comparators of one measure as a table with release, note and source."""
    if frame.empty:
        return HtmlTable('<p class="note">No published figure of another area is held.</p>')
    rows = [
        row_of(f"{row.area}", [number(row.value, unit), row.release])
        for row in frame.itertuples(index=False)
    ]
    sources = [
        f"{joined(list(part['area']))}: {source}"
        for source, part in frame.groupby("source", sort=False)
    ]
    alone = _UNITS[unit].partition(", with")[0]
    sources = [note, *sources] if note else sources
    return HtmlTable(
        framed(caption, ["Area", _HEADS[unit], "Release"], rows, sources, under=f"{alone}.")
    )


def definitions(names: list[str]) -> HtmlTable:
    """Return the definitions of measures, from the catalogue's own records."""
    parts = []
    for name in names:
        entry = catalogue.measure(name)
        lines = [("Counted", entry.numerator)]
        if entry.denominator:
            lines.append(("Out of", entry.denominator))
        lines += [("Source", entry.source), ("Over time", entry.since or "Comparable throughout")]
        inner = "".join(f"<dt>{in_html(k)}</dt><dd>{in_html(v)}</dd>" for k, v in lines)
        parts.append(
            f'<h3 id="definition-{in_html(name)}">{in_html(entry.title)}</h3><dl>{inner}</dl>'
        )
    return HtmlTable(f'<div class="definitions">{"".join(parts)}</div>')
