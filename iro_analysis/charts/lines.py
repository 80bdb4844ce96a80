"""Draw figures over time as lines."""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from iro_analysis import tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.charts.frame import (
    AREA_MARKS,
    DARK,
    FONT,
    GREY,
    WIDTH,
    Chart,
    axes_of,
    chart,
    far_end,
    nothing,
    spoken,
    symbol,
    tip,
    tip_of,
)
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.periods import single, year_to_date
from iro_analysis.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE, _TREND = (WIDTH, 2.6), (3.6, 1.6)  # inches
MOST_IN_A_TREND = 5
_LETTER, _SHORTEST = 0.62 * FONT, 7  # points that a letter takes, the space before the next with it


def trend(published: Published, said: str) -> Chart | tables.HtmlTable:
    """Return the same as ``line``, small enough to be set next to a paragraph.

    Parameters
    ----------
    published : Published
        The breakdown ``period`` of one measure.
    said : str
        The finding, which no heading above says: it leads the caption.
    """
    drawn = line(published, _titled(published, said), _TREND)
    return replace(drawn, lead=said) if isinstance(drawn, Chart) else drawn


def _titled(published: Published, said: str) -> str:
    return f"{published.measure.title}: {said[:1].lower()}{said[1:]}"


def line(
    published: Published,
    title: str,
    size: tuple[float, float] = _LINE,
    others: Sequence[tuple[str, dict]] = (),
) -> Chart | tables.HtmlTable:
    """Return figures over time as a line with a label on every point; the axis starts at zero.

    Where a method or a code changed between two points the line stops, and the place is marked; a
    hidden figure stands as its symbol, and no line runs through it.

    Parameters
    ----------
    published : Published
    title : str
        The finding.
    size : (float, float)
        Width and height in inches.
    others : sequence of (str, dict), optional
        Other areas, each with its value by group.
    """
    rows = [row for row in published if row.status != "not_available" and not is_to_date(row)]
    if published.reason or sum(row.status == "ok" for row in rows) < 2:
        return nothing(published)
    width, height = _LINE if len(rows) > MOST_IN_A_TREND else size
    figure, axes = axes_of(height + 0.25 * len(others), width)
    top = max([*(far_end(row) for row in rows if row.status == "ok"), 1e-9])
    top = max([top, *(value for _, values in others for value in values.values())])
    words = _areas(axes, published, rows, others)
    for places in unbroken(published, rows):
        values = [rows[place].value for place in places]
        axes.plot(places, values, color=DARK, lw=2.5, zorder=3)
    for place in breaks(published, rows):
        axes.axvline(place, color=GREY, lw=1.2, ls=(0, (2, 2)), zorder=1)
    for place, row in enumerate(rows):
        if row.status != "ok":
            axes.text(place, 0, symbol(published, row), ha="center", size=FONT, color=GREY)
            continue
        [point] = axes.plot([place], [row.value], color=DARK, marker="o", ms=6, zorder=3)
        tip(point, tip_of(row, published.measure.unit))
        if not math.isnan(row.lower) and not math.isnan(row.upper):
            axes.plot([place, place], [row.lower, row.upper], color=GREY, lw=1.2, zorder=2)
        axes.annotate(
            number(row.value, published.measure.unit),
            (place, far_end(row)),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            size=FONT,
        )
    labels = [tables.group_label(r.measure, r.breakdown, r.group) for r in rows]
    axes.set_xticks(range(len(rows)), [_wrapped(label, width / len(rows)) for label in labels])
    axes.set_ylim(0, top * (1.2 if height > _TREND[1] else 1.4))
    axes.set_xlim(-0.45, len(rows) - 0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    lead = f"Line chart from zero. {published.measure.title}."
    what = "".join(
        f" The line stops, at a dotted upright, where it cannot be compared: {w}."
        for w in tables.broken(published)
    )
    return chart(figure, published, "line", title, spoken(published, lead) + what + words)


def _areas(
    axes: Axes,
    published: Published,
    rows: list[FigureRow],
    others: Sequence[tuple[str, dict]],
) -> str:
    """Draw other areas' lines, which stop where the authority's own must; return them in words."""
    unit = published.measure.unit
    words = ""
    stops = [-math.inf, *breaks(published, rows), math.inf]
    for (area, values), (colour, shape) in zip(others, AREA_MARKS, strict=False):
        look: dict[str, Any] = {
            "color": colour,
            "marker": shape,
            "lw": 1.4,
            "ms": 6,
            "mec": "white",
        }
        axes.plot([], [], label=area, **look)
        known = [place for place, row in enumerate(rows) if row.group in values]
        said = "; ".join(
            f"{rows[place].group}: {number(values[rows[place].group], unit)}" for place in known
        )
        words += f" {area}: {said}."
        for low, high in itertools.pairwise(stops):
            run = [place for place in known if low < place < high]
            for first, last in itertools.pairwise(run):
                if last == first + 1:  # no line runs over a year that has not been published
                    ends = [values[rows[place].group] for place in (first, last)]
                    axes.plot([first, last], ends, color=colour, lw=1.4, zorder=2)
        for place in known:
            value = values[rows[place].group]
            [point] = axes.plot([place], [value], zorder=2.5, **look)
            label = tables.group_label(published.measure.id, PERIOD, rows[place].group)
            tip(point, f"{area}, {label}: {number(value, unit)}")
    if others:
        axes.legend(loc="lower left", frameon=False, fontsize=FONT, bbox_to_anchor=(0, 1))
    return words


def is_to_date(row: FigureRow) -> bool:
    """Whether a point is a year to date: longer than the others, it belongs to no line of them."""
    if row.breakdown != PERIOD:
        return False
    to_date = year_to_date(single(row.period))
    return to_date is not None and row.group == to_date.name


def unbroken(published: Published, rows: list) -> list[list[int]]:
    """Return the places of the points in runs that may be joined by a line."""
    stops = breaks(published, rows)
    runs: list[list[int]] = [[]]
    for place, row in enumerate(rows):
        if place - 0.5 in stops or row.status != "ok":
            runs.append([])
        if row.status == "ok":
            runs[-1].append(place)
    return [run for run in runs if run]


def breaks(published: Published, rows: list) -> list[float]:
    """Return the places, midway between two points, where a method or a code changed."""
    if published.breakdown != PERIOD:
        return []
    ends = [single(row.group).end for row in rows]
    return [
        place - 0.5
        for place in range(1, len(rows))
        if published.measure.breaks_between(ends[place - 1], ends[place])
    ]


def _wrapped(label: str, room: float) -> str:
    r"""Return a label in lines as wide as the room between two points, in inches.

    Examples
    --------
    >>> _wrapped("2019-20 Q3", 0.72), _wrapped("twelve months to 30 September 2019", 0.9)
    ('2019-20\nQ3', 'year to\n30 Sep\n2019')
    """
    short = re.sub(r"\b([A-Z][a-z]{2})[a-z]+(?= \d{4}$)", r"\1", label)
    short = short.replace("twelve months to", "year to")
    letters = max(int(room * 72 / _LETTER), _SHORTEST)
    return "\n".join(textwrap.wrap(short, letters, break_long_words=False))
