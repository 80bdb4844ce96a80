"""Figures over time as a line."""

from __future__ import annotations

import math
import textwrap

from iro_analysis import tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.charts.frame import (
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
)
from iro_analysis.disclosure.publish import Published
from iro_analysis.periods import single, year_to_date
from iro_analysis.wording import number

_LINE, _TREND = (WIDTH, 2.6), (3.6, 1.6)  # inches
MOST_IN_A_TREND = 5


def trend(published: Published, title: str) -> Chart | tables.HtmlTable:
    """Return the same as ``line``, small enough to stand beside a paragraph."""
    return line(published, title, _TREND)


def line(
    published: Published, title: str, size: tuple[float, float] = _LINE
) -> Chart | tables.HtmlTable:
    """Return figures over time as a line with a label on every point; the axis starts at zero.

    Where a method or a code changed between two points the line stops, and the day is marked.
    """
    rows = [row for row in published if row.status == "ok" and not _is_to_date(row)]
    if published.reason or len(rows) < 2:
        return nothing(published)
    width, height = _LINE if len(rows) > MOST_IN_A_TREND else size
    figure, axes = axes_of(height, width)
    top = max([*(far_end(row) for row in rows), 1e-9])
    for places in _unbroken(published, rows):
        values = [rows[place].value for place in places]
        axes.plot(places, values, color=DARK, lw=2.5, marker="o", ms=6, zorder=3)
    for place, row in enumerate(rows):
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
    axes.set_xticks(range(len(rows)), [_wrapped(label) for label in labels])
    axes.set_ylim(0, top * (1.2 if height > _TREND[1] else 1.4))
    axes.set_xlim(-0.45, len(rows) - 0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    lead = f"Line chart from zero. {published.measure.title}."
    what = "".join(
        f" The line stops where it cannot be compared: {w}." for w in tables.broken(published)
    )
    return chart(figure, published, "line", title, spoken(published, lead) + what)


def _is_to_date(row) -> bool:
    """Whether a point is a year to date: longer than the others, it belongs to no line of them."""
    if row.breakdown != PERIOD:
        return False
    to_date = year_to_date(single(row.period))
    return to_date is not None and row.group == to_date.name


def _unbroken(published: Published, rows: list) -> list[list[int]]:
    """Return the places of the points in runs that may be joined by a line."""
    runs: list[list[int]] = [[]]
    for place, row in enumerate(rows):
        if place and published.breakdown == PERIOD:
            before, here = single(rows[place - 1].group).end, single(row.group).end
            if published.measure.breaks_between(before, here):
                runs.append([])
        runs[-1].append(place)
    return runs


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.wrap(label, 12))
