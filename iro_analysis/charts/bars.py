"""Counts and percentages by group as bars."""

from __future__ import annotations

import math

from iro_analysis import codes, tables
from iro_analysis.charts.frame import (
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
)
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import number

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


def _in_order(published: Published) -> list:
    """Return the groups by size, what is left over last; in their own order where they have one."""
    if codes.record("breakdowns")[published.breakdown].get("has_order", False):
        return list(published)

    def place(row):
        value = -1.0 if math.isnan(row.value) else row.value
        return (row.group in _LAST, row.status != "ok", -value)

    return sorted(published, key=place)


def bars(
    published: Published, title: str, comparator: tuple[str, dict] | None = None
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
    """
    if published.reason:
        return nothing(published)
    rows = _in_order(published)
    figure, axes = axes_of(0.2 + row_height(rows) * len(rows) + (0.3 if comparator else 0))
    highest = max([far_end(row) for row in rows] + [1e-9])
    if comparator:
        highest = max([highest, *comparator[1].values()])
    for place, row in enumerate(rows):
        label_above(axes, 0, place, row)
        if row.status == "ok":
            _bar(axes, place, row, published, highest)
        else:
            axes.text(0, place + 0.18, symbol(published, row), va="center", size=FONT, color=GREY)
    words = _mark(axes, rows, comparator, published.measure.unit) if comparator else ""
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.42, -0.55)
    axes.set_xlim(0, highest * 1.3)
    axes.set_xticks([])
    axes.spines["left"].set_visible(False)
    description = spoken(published, f"Bar chart. {published.measure.title}.") + words
    return chart(figure, published, "bars", title, description)


def _bar(axes, place: int, row, published: Published, highest: float) -> None:
    unit, middle = published.measure.unit, place + 0.18
    axes.barh(middle, row.value, color=DARK, height=0.4, zorder=2)
    if not math.isnan(row.lower):
        low, high = max(row.value - row.lower, 0), max(row.upper - row.value, 0)
        axes.errorbar(
            row.value, middle, xerr=[[low], [high]], fmt="none", ecolor="white", elinewidth=3.4
        )
        axes.errorbar(row.value, middle, xerr=[[low], [high]], color=GREY, lw=1.4, capsize=3)
    shown = number(row.value, unit)
    if tables.has_share(published) and row.denominator > 0:
        shown += f" ({number(row.value / row.denominator * 100, 'percent')})"
    axes.text(far_end(row) + highest * 0.02, middle, shown, va="center", size=FONT, color="black")


def _mark(axes, rows: list, comparator: tuple[str, dict], unit: str) -> str:
    """Mark another area's value on each bar, and return the same in words."""
    area, others = comparator
    drawn = False
    for place, row in enumerate(rows):
        if row.group in others:
            axes.plot(
                [others[row.group]] * 2,
                [place - 0.06, place + 0.42],
                color=ORANGE,
                lw=3,
                zorder=4,
                label=None if drawn else area,
            )
            drawn = True
    axes.legend(
        loc="upper right", frameon=False, fontsize=FONT, handlelength=0.6, bbox_to_anchor=(1, 1.02)
    )
    listed = "; ".join(f"{group}: {number(value, unit)}" for group, value in others.items())
    return f" {area}, orange lines: {listed}."
