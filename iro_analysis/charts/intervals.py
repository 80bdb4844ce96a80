"""Draw values with their likely ranges as points and lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from iro_analysis import tables
from iro_analysis.charts.frame import (
    DARK,
    FONT,
    GREY,
    Chart,
    axes_of,
    chart,
    far_end,
    label_above,
    nothing,
    row_height,
    spoken,
    symbol,
    tip,
    tip_of,
)
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WHITE = {"boxstyle": "square,pad=0.05", "fc": "white", "ec": "none"}


def intervals(
    published: Published, title: str, reference: float | None = None, log: bool = False
) -> Chart | tables.HtmlTable:
    """Return values with their likely ranges as points and lines.

    Parameters
    ----------
    published : Published
        Of one measure and breakdown.
    title : str
        The finding.
    reference : float, optional
        A value to mark with a line (1 for ratios).
    log : bool
        Ratios: twice and half lie equally far from 1.
    """
    if published.reason:
        return nothing(published)
    rows = list(published)
    figure, axes = axes_of(0.45 + row_height(rows) * len(rows))
    drawable = [row for row in rows if row.status == "ok" and not (log and row.value <= 0)]
    low, high = _limits(drawable, reference, log)
    if log:
        axes.set_xscale("log")
    axes.set_xlim(low, high * (1.6 if log else 1.18))
    if reference is not None:
        axes.axvline(reference, color=GREY, lw=1.2, ls="--", zorder=1)
    for place, row in enumerate(rows):
        label_above(axes, low, place, row, _WHITE)
        if row in drawable:
            _point(axes, place, row, published.measure.unit, (low, high))
        else:
            text = "none" if row.status == "ok" else symbol(published, row)
            axes.text(
                reference or low, place + 0.18, f" {text}", va="center", size=FONT, color=GREY
            )
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.45, -0.6)
    if log:
        ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= t <= high * 1.6]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.set_xticks([], minor=True)
    elif published.measure.unit in ("percent", "probability"):
        axes.xaxis.set_major_formatter(lambda x, _: number(x, published.measure.unit))
    axes.spines["bottom"].set_visible(True)
    axes.spines["left"].set_visible(False)
    description = spoken(published, f"Points with their likely range. {published.measure.title}.")
    if reference is not None:
        description += f" The dashed line marks {reference:g}."
    return chart(figure, published, "intervals", title, description)


def ratios(published: Published, title: str) -> Chart | tables.HtmlTable:
    """Return ratios with their likely ranges about 1, twice and half equally far from it."""
    return intervals(published, title, reference=1, log=True)


def _limits(rows: list, reference: float | None, log: bool) -> tuple[float, float]:
    """Return the ends of the axis: everything drawn, and the reference, lie inside."""
    ends = [x for row in rows for x in (row.value, row.lower, row.upper) if math.isfinite(x)]
    ends = [x for x in ends if not (log and x <= 0)] + ([] if reference is None else [reference])
    low, high = (min(ends), max(ends)) if ends else (0.5, 2.0)
    if log:
        return min(low, 0.5) / 1.15, min(max(high, 2.0), 30) * 1.1
    return min(low, 0), high or 1


def _point(axes: Axes, place: int, row: FigureRow, unit: str, limits: tuple[float, float]) -> None:
    low, high = limits
    middle = place + 0.18
    if not math.isnan(row.lower) and not math.isnan(row.upper):
        line = [max(row.lower, low), min(row.upper, high)]
        axes.plot(line, [middle, middle], color=DARK, lw=2.2, zorder=2)
    [point] = axes.plot([row.value], [middle], color=DARK, marker="o", ms=8, zorder=3)
    tip(point, tip_of(row, unit))
    end = min(max(far_end(row), row.value), high)
    axes.annotate(
        number(row.value, unit),
        (end, middle),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        size=FONT,
    )
