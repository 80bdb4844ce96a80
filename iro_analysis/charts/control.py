"""Draw months on a control chart (XmR) with its limits."""

from __future__ import annotations

from iro_analysis import tables
from iro_analysis.charts.frame import (
    DARK,
    FONT,
    GREY,
    ORANGE,
    Chart,
    axes_of,
    chart,
    nothing,
    spoken,
)
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.spc import xmr
from iro_analysis.wording import number

_HEIGHT, _LABELS = 2.8, 6


def control(published: Published, title: str) -> Chart | tables.HtmlTable:
    """Return a monthly figure with its mean, its limits, and the months that stand out.

    A month that stands out has another shape and colour, and is named in the description. Where
    fewer than thirteen months are known, or some are not, the table alone.

    Parameters
    ----------
    published : Published
    title : str
        The finding.
    """
    rows = [row for row in published if row.status == "ok"]
    if published.reason or len(rows) < len(published.figures):
        return nothing(published)
    found = xmr([row.value for row in rows])
    if not found.enough:
        return nothing(published)
    figure, axes = axes_of(_HEIGHT)
    places, unit = range(len(rows)), published.measure.unit
    most = 100 if unit == "percent" else float("inf")
    low, high = max(found.lower, 0), min(found.upper, most)
    for end, style in [(low, "--"), (high, "--"), (found.mean, "-")]:
        axes.axhline(end, color=GREY, lw=1.1, ls=style, zorder=1)
    axes.plot(places, [row.value for row in rows], color=DARK, lw=1.6, marker="o", ms=4, zorder=2)
    odd = [place for place in places if found.unusual[place]]
    axes.plot(
        odd, [rows[place].value for place in odd], ls="", marker="D", ms=8, color=ORANGE,
        mec="black", zorder=3,
    )  # fmt: skip
    step = max(len(rows) // _LABELS, 1)
    labels = [tables.group_label(r.measure, r.breakdown, r.group) for r in rows]
    axes.set_xticks(list(places)[::step], [label.replace(" ", "\n") for label in labels[::step]])
    axes.set_ylim(bottom=0)
    axes.spines["bottom"].set_visible(True)
    axes.tick_params(labelsize=FONT)
    named = [labels[place] for place in odd]
    stands = f" These stand out: {', '.join(named)}." if named else " None stands out."
    lead = (
        f"Line chart of months. {published.measure.title}. Mean {number(found.mean, unit)}, limits "
        f"{number(low, unit)} and {number(high, unit)}.{stands}"
    )
    return chart(figure, published, "control", title, spoken(published, lead))
