"""Build the tables of the report, each kind from figures and a record of ``report.toml``."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from iro_analysis.contracts import COUNT_UNITS
from iro_analysis.report import ethnicity
from iro_analysis.report.blocks import Column, Exhibit, Group, Row
from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import ENGLAND, HIGHER, LOWER, REGION, SIMILAR, Figures
from iro_analysis.report.marks import Bar, Dots, Range, Spark, axis_from_zero, axis_of_ratios
from iro_analysis.report.record import label_of
from iro_analysis.report.text import Number, Text, plain
from iro_analysis.report.trend import trend
from iro_analysis.report.verdicts import verdict_words

_GOES = {HIGHER: "rises", LOWER: "falls"}
_LEAST_POINTS = 3
BESIDE_AREAS, BESIDE_LAST_YEAR = (
    "Compared with England, or else last year",
    "Compared with last year",
)
BESIDE_PERIODS = "Compared with earlier"
_FEWEST_COMPARED = 0.5  # of a table's groups: with fewer, two columns would be dashes


def build(kind: str, figures: Figures, record: dict) -> Exhibit | None:
    """Return an exhibit of the report, or None where it has nothing to show."""
    found = _KINDS[kind](figures, record)
    return found if found is not None and found.html else None


def _cell(number: Number | None) -> Text | None:
    return None if number is None else Text((number,))


def _own(figure: Figure | None) -> Text | None:
    """Return a figure as a cell: its share where that is what is meant."""
    if figure is None:
        return None
    return _cell(figure.number("share" if figure.ref.share else "value"))


def _spark(figures: Figures, ref: Ref, periods: list[str], clear: bool) -> Spark | None:
    """Return a line over the periods of the table, so that the same year stands at the same place.

    Parameters
    ----------
    figures : Figures
    ref : Ref
    periods : list of str
        Of the longest line of the table.
    clear : bool
        Whether to say that the line rises or falls, where that is clear over all years held.
    """
    given = dict(figures.unbroken(ref))
    if not given:
        return None
    points = [given.get(label) for label in periods]
    values = tuple(math.nan if point is None else point.value for point in points)
    found = figures.over_years(ref) if clear else None
    says = _GOES.get(found.verdict, "") if found is not None and found.test else ""
    return Spark(values, says if _still_goes(says, values) else "")


def _still_goes(says: str, values: tuple[float, ...]) -> bool:
    """Whether the last step of a line goes the way of the whole: else its word would puzzle."""
    if len(values) < _LEAST_POINTS:
        return False
    return values[-1] > values[-2] if says == _GOES[HIGHER] else values[-1] < values[-2]


def _periods_of_lines(figures: Figures, refs: list[Ref]) -> list[str]:
    """Return the periods of the longest line of a table; empty where none has three points."""
    lines = [figures.unbroken(ref) for ref in refs]
    drawn = [line for line in lines if sum(point is not None for _, point in line) >= _LEAST_POINTS]
    return [label for label, _ in max(drawn, key=len, default=[])]


def _given(figures: Figures, refs: list[Ref]) -> list[tuple[Ref, Figure]]:
    return [(ref, figure) for ref in refs if (figure := figures.get(ref)) is not None]


def _areas(figures: Figures) -> list[tuple[str, str]]:
    """Return the columns of other areas: role and title."""
    return [(ENGLAND, "England"), (REGION, figures.region or "Region"), (SIMILAR, "Similar areas")]


def lines(figures: Figures, record: dict) -> Exhibit:
    """Return measures in rows: last year, this year, the line of the years, other areas.

    Of part of a year, the part just before stands between the two.
    """
    refs = [Ref.of(words) for words in record["measures"]]
    areas = [pair for pair in _areas(figures) if pair[0] in record.get("areas", [])]
    in_words = bool(record.get("in_words", False))
    in_year = not figures.period.is_year
    periods = _periods_of_lines(figures, refs)
    rows = []
    compared = False
    for ref, figure in _given(figures, refs):
        compared = compared or bool(figures.areas(ref))
        cells: list[Any] = [_own(figures.earlier(ref))]
        cells += [_own(figures.previous(ref))] if in_year else []
        cells += [_own(figure), _spark(figures, ref, periods, record.get("says_trend", True))]
        cells += [_cell(figures.area_number(ref, role)) for role, _ in areas]
        if in_words:
            cells.append(verdict_words(figures, ref, bool(record.get("ranks", False))))
        rows.append(Row(plain(label_of(ref)), tuple(cells)))
    names = figures.find("last"), figures.find("this")
    columns = [
        Column(str(names[0])),
        *([Column(str(figures.find("previous")))] if in_year else []),
        Column(str(names[1]), "main"),
        Column(f"{periods[0]} to {periods[-1]}" if periods else "Trend", "mark"),
        *(Column(title) for _, title in areas),
    ]
    if areas:  # what can be compared leads
        rows.sort(key=lambda row: not any(row.cells[len(columns) - len(areas) : len(columns)]))
    if in_words:
        beside = BESIDE_AREAS if compared else BESIDE_LAST_YEAR
        columns.append(Column(BESIDE_PERIODS if in_year else beside, "words"))
    found = Exhibit(
        record["id"],
        record["caption"],
        tuple(columns),
        (Group("", tuple(rows)),),
        notes=tuple(record.get("notes", ())),
        kind=record.get("style", ""),
    )
    return found.without_empty_columns() if rows else found


def two_years(figures: Figures, record: dict) -> Exhibit:
    """Return the groups of breakdowns, a year before and now, as numbers and as two dots.

    Where few groups have a number of a year before, as in an authority's first report, this year's
    stand alone.
    """
    pairs = [[*each, ""][:3] for each in record["breakdowns"]]
    found = [
        (title, [each for each in figures.group_figures(measure, breakdown) if each])
        for measure, breakdown, title in pairs
    ]
    every = [f for _, group in found for f in group]
    earlier = {f.ref: figures.earlier(f.ref) for f in every}
    if sum(then is not None for then in earlier.values()) < _FEWEST_COMPARED * len(every):
        earlier = dict.fromkeys(earlier)
    sizes = [f.value for f in [*every, *earlier.values()] if f is not None]
    most = max(sizes, default=1) or 1
    groups = tuple(
        Group(title, tuple(_two(figures, f, earlier[f.ref], most) for f in group if f.value > 0))
        for title, group in found
    )
    compared = any(earlier.values())
    columns = (
        Column(str(figures.find("last"))),
        Column(str(figures.find("this")), "main"),
        Column("Change", "change"),  # blank where last year's is: one dash a row is enough
        Column("From last year to this" if compared else "Number", "mark", axis_from_zero(most)),
    )
    key = ""
    if compared:
        key = f"Open dot: {columns[0].title}. Full dot: {columns[1].title}."
    return Exhibit(
        record["id"], record["caption"], columns, groups, "Group", key, kind="two-years"
    ).without_empty_columns()


def _two(figures: Figures, now: Figure, before: Figure | None, most: float) -> Row:
    then = math.nan if before is None else before.value
    return Row(
        plain(label_of(now.ref, figures.label(now.ref))),
        (
            None if before is None else _cell(before.number()),
            _cell(now.number()),
            None if before is None else signed(now, before),
            Dots(then, now.value, most),
        ),
    )


def signed(now: Figure, before: Figure) -> Text:
    """Return a change with its sign."""
    difference = now.value - before.value
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    number = Number(f"{sign}{abs(difference):,.0f}", now.key, "change")
    return Text((number,))


def profile(figures: Figures, record: dict) -> Exhibit:
    """Return who is in care: groups of several breakdowns on one scale from 0 to 100%."""
    measure = record["measure"]
    groups: list[Group] = []
    for part in record["parts"]:
        rows = []
        for figure in figures.group_figures(measure, part["breakdown"]):
            if figure is None or not figure.value or figure.ref.group in part.get("without", []):
                continue
            ref = Ref(measure, part["breakdown"], figure.ref.group, share=True)
            other = (
                Ref(part["compared_as"], part["breakdown"], ref.group)
                if ("compared_as" in part)
                else ref
            )
            england, region = (
                figures.areas(other).get(role, ("", math.nan))[1] for role in (ENGLAND, REGION)
            )
            before = figures.earlier(figure.ref)
            rows.append(
                Row(
                    plain(label_of(figure.ref, figures.label(figure.ref))),
                    (
                        None if before is None else _cell(before.number()),
                        _cell(figure.number()),
                        _cell(figure.number("share")),
                        _cell(figures.area_number(other, ENGLAND)),
                        _cell(figures.area_number(other, REGION)),
                        Bar(figure.value / figure.denominator * 100, england, region),
                        differs(figures, other),
                    ),
                )
            )
        if groups and groups[-1].title == part["title"]:
            rows = [*groups.pop().rows, *rows]
        groups.append(Group(part["title"], tuple(rows)))
    columns = (
        Column(str(figures.find("last"))),
        Column(str(figures.find("this")), "main"),
        Column("Share"),
        Column("England"),
        Column(figures.region or "Region"),
        Column("As a bar", "mark", axis_from_zero(100, "%")),
        Column("What differs", "words"),
    )
    key = "Bar: share here."
    has_marks = any(row.cells[3] for group in groups for row in group.rows)
    if has_marks:
        nearest = figures.region
        key += " Orange line: England." + (f" Triangle: {nearest}." if nearest else "")
    caption = record["caption"].format(
        total=figures.find("looked_after") or "The", day=figures.find("day")
    )
    found = Exhibit(record["id"], caption, columns, tuple(groups), "Group", key, kind="profile")
    return found.without_empty_columns()


def differs(figures: Figures, ref: Ref) -> Text | None:
    """Return in a few words where a group clearly differs from other areas; None for nowhere."""
    above: list[str] = []
    below: list[str] = []
    for role, name in [(ENGLAND, "England"), (REGION, figures.region)]:
        verdict = figures.against(ref, role)
        (above if verdict == HIGHER else below if verdict == LOWER else []).append(name)
    said = [
        f"{word} {' and '.join(names)}"
        for word, names in (("above", above), ("below", below))
        if names
    ]
    return plain("; ".join(said)) if said else None


def rates(figures: Figures, record: dict) -> Exhibit:
    """Return rates by ethnic group: children, share of care, share of all, rate, ratio."""
    breakdown = "ethnicity"
    rows, base = [], record["base"]
    ratios = {f.ref.group: f for f in figures.group_figures(record["ratio"], breakdown) if f}
    ordered = sorted(ratios.values(), key=lambda f: (f.ref.group == base, -f.value))
    least, most = _ends_of_ratios(figures, record)
    for ratio in ordered:
        group = ratio.ref.group
        others = [
            figures.get(Ref(name, breakdown, group))
            for name in ("ethnicity_share", "ethnicity_population_share", "ethnicity_rate")
        ]
        is_base = group == base
        rows.append(
            Row(
                plain(label_of(ratio.ref, figures.label(ratio.ref))),
                (
                    _own(figures.get(Ref("looked_after", breakdown, group))),
                    *(_own(each) for each in others),
                    plain("1") if is_base else _times(ratio),
                    None if is_base else Range(ratio.value, ratio.lower, ratio.upper, most),
                ),
            )
        )
    columns = (
        Column("In care", "main"),
        Column("Share of children in care"),
        Column("Share of all children"),
        Column("In care per 10,000"),
        Column("Times White children’s rate"),
        Column("Less or more often", "mark", axis_of_ratios(least, most)),
    )
    return Exhibit(
        record["id"], record["caption"], columns, (Group("", tuple(rows)),), "Ethnic group",
        "Dot: times the rate. Bar: its range. At 1: the same as White children.",
        ethnicity.notes(figures), "rates",
    )  # fmt: skip


def _times(ratio: Figure) -> Text:
    lower, upper = ratio.number("lower"), ratio.number("upper")
    if lower is None or upper is None:
        return Text((ratio.shown,))
    return Text((ratio.shown, " (", lower, " to ", upper, ")"))


def ratio_dots(figures: Figures, record: dict) -> Exhibit | None:
    """Return ratios with their ranges as dots: one row per group or a part."""
    found = [f for f in figures.group_figures(record["measure"], record["breakdown"]) if f]
    found = [f for f in found if f.ref.group not in record.get("without", []) and f.upper > 0]
    if len(found) < record.get("fewest", 3):
        return None
    if not record.get("keep_order", False):
        found.sort(key=lambda f: -f.value)
    least, most = _ends_of_ratios(figures, record)
    rows = tuple(
        Row(
            plain(label_of(f.ref, figures.label(f.ref))),
            (_times(f), Range(f.value, f.lower, f.upper, most)),
        )
        for f in found
    )
    drawn = Column("Less or more often", "mark", axis_of_ratios(least, most))
    columns = (Column("Times", "main"), drawn)
    return Exhibit(
        record["id"], record["caption"], columns, (Group("", rows),), record["first"],
        "The same scale.",
        tuple(record.get("notes", ())), "dots",
    )  # fmt: skip


def _ends_of_ratios(figures: Figures, record: dict) -> tuple[float, float]:
    """Return the lowest end of the ranges of a chapter, and the end of the scale they share."""
    found = [
        f
        for name in record["scale"]
        for f in figures.group_figures(*name.split("/"))
        if f and f.ref.group not in record["off_scale"]
    ]
    ends = [end for f in found for end in (f.upper, 1 / f.lower if f.lower > 0 else 1)]
    most = max([2.0, *(end for end in ends if math.isfinite(end))])
    return min([0.5, *(f.lower for f in found if f.lower > 0)]), most


def pooled(figures: Figures, record: dict) -> Exhibit | None:
    """Return measures of few children over two years together and over all."""
    breakdown, rows = record["breakdown"], []
    pairs: list[str] = []
    for name in record["measures"]:
        groups = [f for f in figures.group_figures(name, breakdown) if f]
        whole = figures.get(Ref(name))
        if whole is None or not groups:
            continue
        pairs = pairs or [f.ref.group for f in groups]
        if [f.ref.group for f in groups] != pairs:
            continue
        lower, upper = whole.number("lower"), whole.number("upper")
        rows.append(
            Row(
                plain(label_of(Ref(name))),
                (
                    *(_share_of(f) for f in groups),
                    _share_of(whole),
                    Text((lower, " to ", upper)) if lower and upper else None,
                ),
            )
        )
    if not rows:
        return None
    columns = (*(Column(pair) for pair in pairs), Column("All years", "main"), Column("Range"))
    return Exhibit(
        record["id"], record["caption"], columns, (Group("", tuple(rows)),), record["first"],
        notes=tuple(record.get("notes", ())), kind="pooled",
    )  # fmt: skip


def _share_of(figure: Figure) -> Text | None:
    return (
        _cell(figure.number()) if figure.unit not in COUNT_UNITS else _cell(figure.number("share"))
    )


def glance(figures: Figures, refs: list[Ref]) -> Exhibit:
    """Return the headline measures at a glance, other areas once, and what they mean in words."""
    record = {
        "id": "at-a-glance",
        "caption": "At a glance",
        "measures": [_words_of(ref) for ref in refs],
        "areas": [ENGLAND, REGION, SIMILAR],
        "in_words": True,
        "ranks": True,
        "says_trend": False,  # the note beneath says it of all these lines together
        "style": "glance",
    }
    return lines(figures, record)


def _words_of(ref: Ref) -> str:
    name = ref.measure if ref.group == "all" else f"{ref.measure}/{ref.breakdown}/{ref.group}"
    return f"{name}:share" if ref.share else name


_KINDS: dict[str, Callable] = {
    "lines": lines,
    "two_years": two_years,
    "profile": profile,
    "rates": rates,
    "ratio_dots": ratio_dots,
    "pooled": pooled,
    "trend": trend,
}
