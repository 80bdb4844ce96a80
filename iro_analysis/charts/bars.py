"""Draw counts and percentages by group as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from iro_analysis import codes, tables
from iro_analysis.charts.frame import (
    AREA_MARKS,
    DARK,
    FONT,
    GREY,
    ORANGE,
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

_STEP = 0.1  # between one area's marks and the next, of the room of a group
_LAST = frozenset(
    [
        "Other",
        "Other placements",
        "Refused or not yet known",
        "Refused",
        "Not yet known",
        codes.NOT_KNOWN,
    ]
)


def _in_order(published: Published) -> list[FigureRow]:
    """Return the groups by size, what is left over last; in their own order where they have one."""
    if codes.record("breakdowns")[published.breakdown].get("has_order", False):
        return list(published)

    def place(row: FigureRow) -> tuple[bool, bool, float]:
        value = -1.0 if math.isnan(row.value) else row.value
        return (row.group in _LAST, row.status != "ok", -value)

    return sorted(published, key=place)


def bars(
    published: Published,
    title: str,
    comparator: tuple[str, dict] | None = None,
    others: Sequence[tuple[str, dict]] = (),
) -> Chart | tables.HtmlTable:
    """Return counts or percentages by group as bars with their values.

    Parameters
    ----------
    published : Published
        Of one measure and breakdown.
    title : str
        The finding.
    comparator : (str, dict), optional
        An area and its value by group, marked on each bar.
    others : sequence of (str, dict), optional
        Several areas, in the place of one.
    """
    if published.reason:
        return nothing(published)
    rows = _in_order(published)
    areas = list(others) or ([comparator] if comparator else [])
    lines = len(areas) if others else bool(areas)
    figure, axes = axes_of(0.2 + row_height(rows) * len(rows) + 0.3 * lines)
    highest = max([far_end(row) for row in rows] + [1e-9])
    highest = max([highest, *(value for _, values in areas for value in values.values())])
    for place, row in enumerate(rows):
        label_above(axes, 0, place, row)
        if row.status == "ok":
            marks = [values[row.group] for _, values in others if row.group in values]
            # A mark is wider than its value; the label starts behind it.
            end = max([far_end(row), *(mark + highest * 0.025 for mark in marks)])
            _bar(axes, place, row, published, highest, end)
        else:
            axes.text(0, place + 0.18, symbol(published, row), va="center", size=FONT, color=GREY)
    mark = _mark_several if others else _mark
    words = mark(axes, rows, areas, published.measure.unit) if areas else ""
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.42, -0.55)
    axes.set_xlim(0, highest * 1.3)
    axes.set_xticks([])
    axes.spines["left"].set_visible(False)
    description = spoken(published, f"Bar chart. {published.measure.title}.") + words
    return chart(figure, published, "bars", title, description)


def _bar(
    axes: Axes, place: int, row: FigureRow, published: Published, highest: float, end: float
) -> None:
    unit, middle = published.measure.unit, place + 0.18
    [bar] = axes.barh(middle, row.value, color=DARK, height=0.4, zorder=2)
    tip(bar, tip_of(row, unit))
    if not math.isnan(row.lower):
        low, high = max(row.value - row.lower, 0), max(row.upper - row.value, 0)
        axes.errorbar(
            row.value, middle, xerr=[[low], [high]], fmt="none", ecolor="white", elinewidth=3.4
        )
        axes.errorbar(row.value, middle, xerr=[[low], [high]], color=GREY, lw=1.4, capsize=3)
    shown = number(row.value, unit)
    if tables.has_share(published) and row.denominator > 0:
        shown += f" ({number(row.value / row.denominator * 100, 'percent')})"
    axes.text(end + highest * 0.025, middle, shown, va="center", size=FONT, color="black")


def _mark(axes: Axes, rows: list[FigureRow], areas: list[tuple[str, dict]], unit: str) -> str:
    """Mark another area's value on each bar, and return the same in words."""
    [(area, others)] = areas
    drawn = False
    for place, row in enumerate(rows):
        if row.group in others:
            [line] = axes.plot(
                [others[row.group]] * 2,
                [place - 0.06, place + 0.42],
                color=ORANGE,
                lw=3,
                zorder=4,
                label=None if drawn else area,
            )
            tip(line, f"{area}, {_group(row)}: {number(others[row.group], unit)}")
            drawn = True
    axes.legend(
        loc="upper right", frameon=False, fontsize=FONT, handlelength=0.6, bbox_to_anchor=(1, 1.02)
    )
    return f" {area}, orange lines: {_listed(others, unit)}."


def _mark_several(
    axes: Axes, rows: list[FigureRow], areas: list[tuple[str, dict]], unit: str
) -> str:
    """Mark each area's value on each bar by a shape of its own, and return the same in words."""
    for index, ((area, values), (colour, shape)) in enumerate(zip(areas, AREA_MARKS, strict=False)):
        # Areas that are alike would hide each other on one line.
        level = 0.18 + _STEP * (index - (len(areas) - 1) / 2)
        look: dict[str, Any] = {
            "color": colour,
            "marker": shape,
            "ls": "",
            "ms": 7,
            "mec": "white",
            "mew": 1,
        }
        axes.plot([], [], label=area, **look)
        for place, row in enumerate(rows):
            if row.group in values:
                [mark] = axes.plot([values[row.group]], [place + level], zorder=4, **look)
                tip(mark, f"{area}, {_group(row)}: {number(values[row.group], unit)}")
    axes.legend(loc="lower left", frameon=False, fontsize=FONT, bbox_to_anchor=(0, 1))
    return "".join(f" {area}: {_listed(values, unit)}." for area, values in areas)


def _group(row: FigureRow) -> str:
    return tables.group_label(row.measure, row.breakdown, row.group)


def _listed(values: dict, unit: str) -> str:
    return "; ".join(f"{group}: {number(value, unit)}" for group, value in values.items())
