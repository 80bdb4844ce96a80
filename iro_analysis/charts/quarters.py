"""Draw quarters: control charts with limits, and forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iro_analysis import tables
from iro_analysis.charts.frame import (
    DARK,
    FONT,
    GREY,
    ORANGE,
    TEAL,
    Chart,
    axes_of,
    chart,
    nothing,
    spoken,
)
from iro_analysis.comparisons.quarters import Stretch, stretches
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import joined, number, span

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT, _LABELS = 2.8, 5


def quarters(published: Published, title: str) -> Chart | tables.HtmlTable:
    """Return a figure by quarter with its limits, and the quarters that lie beyond them.

    A quarter beyond a limit has another shape and colour, and is named in the description. At a
    named break the line and its limits start again. The table alone where a quarter has no figure.

    Parameters
    ----------
    published : Published
        The breakdown ``recent_quarter`` of one measure.
    title : str
        The finding.
    """
    parts = stretches(published)
    if sum(len(part.rows) for part in parts) < 2:
        return nothing(published)
    figure, axes = axes_of(_HEIGHT)
    first, said = 0, []
    for part in parts:
        places = list(range(first, first + len(part.rows)))
        values = [row.value for row in part.rows]
        axes.plot(places, values, color=DARK, lw=1.6, marker="o", ms=4, zorder=2)
        if first:
            axes.axvline(first - 0.5, color=GREY, lw=1.2, ls=(0, (2, 2)), zorder=1)
            said.append(f"New from {_label(part.rows[0])}: {part.since}.")
        said.append(_with_limits(axes, part, places))
        first += len(part.rows)
    rows = [row for part in parts for row in part.rows]
    _quarters_below(axes, [_label(row) for row in rows], len(rows))
    lead = f"Line chart of quarters. {published.measure.title}. {' '.join(filter(None, said))}"
    return chart(figure, published, "quarters", title, spoken(published, lead))


def _label(row: FigureRow) -> str:
    return tables.group_label(row.measure, row.breakdown, row.group)


def _quarters_below(axes: Axes, labels: list[str], points: int) -> None:
    step = max(-(-points // _LABELS), 1)
    step += -step % 4 if step > 2 else 0  # the same quarter of each year
    shown = list(range(0, len(labels), step))
    axes.set_xticks(shown, [labels[place].replace(" ", "\n") for place in shown])
    axes.set_ylim(bottom=0)
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(labelsize=FONT)


def _with_limits(axes: Axes, part: Stretch, places: list[int]) -> str:
    """Draw the limits of a stretch and what lies beyond them; return what they say."""
    limits, unit = part.limits, part.rows[0].unit
    if limits is None:
        return ""
    centre = limits.centre * part.per
    axes.plot(places, [centre] * len(places), color=GREY, lw=1.1, zorder=1)
    for end in (limits.lower, limits.upper):
        axes.step(places, end * part.per, color=GREY, lw=1.1, ls="--", where="mid", zorder=1)
    out = [place for place, is_out in zip(places, limits.outside, strict=True) if is_out]
    values = [part.rows[place - places[0]].value for place in out]
    axes.plot(out, values, ls="", marker="D", ms=8, color=ORANGE, mec="black", zorder=3)
    names = [_label(row) for row in part.outside]
    beyond = f"Beyond the limits: {joined(names)}." if names else "None lies beyond the limits."
    usual = span(limits.lower[-1] * part.per, limits.upper[-1] * part.per, unit)
    return f"Mean {number(centre, unit)}, limits of the last quarter {usual}. {beyond}"


def ahead(
    stock: Published, wide: Published, narrow: Published, title: str
) -> Chart | tables.HtmlTable:
    """Return quarters of a stock and what is forecast, with two ranges that widen.

    Parameters
    ----------
    stock : Published
        The breakdown ``recent_quarter``.
    wide, narrow : Published
        The forecast with a range for 95 and one for 80 of 100, one row per quarter ahead.
    title : str
        The finding.
    """
    past = [row for row in stock if row.status == "ok"]
    outer, inner = ([row for row in each if row.status == "ok"] for each in (wide, narrow))
    if not past or not outer or len(outer) != len(inner):
        return nothing(wide)
    figure, axes = axes_of(_HEIGHT)
    now = len(past) - 1
    places = [now + int(row.group) for row in outer]
    axes.plot(range(len(past)), [row.value for row in past], color=DARK, lw=1.6, marker="o", ms=4)
    for rows, strength in ((outer, 0.2), (inner, 0.4)):
        low, high = [row.lower for row in rows], [row.upper for row in rows]
        start = past[-1].value
        axes.fill_between(
            [now, *places], [start, *low], [start, *high], color=TEAL, alpha=strength, lw=0
        )
    means = [past[-1].value, *(row.value for row in outer)]
    axes.plot([now, *places], means, color=DARK, lw=1.6, ls="--")
    _quarters_below(axes, [_label(row) for row in past], places[-1] + 1)
    axes.set_xlim(right=places[-1] + 0.5)
    ranges = "; ".join(
        f"{_label(row)}: {number(row.value, row.unit)}, "
        f"80% {span(near.lower, near.upper, row.unit)}, 95% {span(row.lower, row.upper, row.unit)}"
        for row, near in zip(outer, inner, strict=True)
    )
    lead = f"Line of the quarters behind us, and a forecast with two ranges. {ranges}."
    return chart(figure, wide, "ahead", title, spoken(stock, lead))
