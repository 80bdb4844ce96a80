"""Draw a funnel plot of one authority among all authorities' published shares, with limits."""

from __future__ import annotations

import numpy as np

from iro_analysis import catalogue, tables
from iro_analysis.charts.frame import DARK, FONT, GREY, ORANGE, Chart, axes_of, svg_of
from iro_analysis.estimates import LEVEL, OUTER_LEVEL, funnels
from iro_analysis.indicators.among_authorities import Among
from iro_analysis.wording import number

_HEIGHT = 3.4


def funnel(found: Among, title: str) -> Chart:
    """Return this authority's point among all others', with limits of 95% and 99.8%.

    Parameters
    ----------
    found : Among
        Published figures only.
    title : str
        The finding.
    """
    figure, axes = axes_of(_HEIGHT)
    usable = np.isfinite(found.of)
    sizes = np.linspace(max(float(found.of[usable].min()), 5), float(found.of[usable].max()), 200)
    target, tau2 = found.spread.target, found.spread.tau2
    for level, style in [(LEVEL, "-"), (OUTER_LEVEL, "--")]:
        for end in funnels.arcsine_limits(sizes, target, tau2, level):
            axes.plot(sizes, end * 100, color=GREY, lw=1.2, ls=style, zorder=1)
    axes.axhline(target * 100, color=GREY, lw=1, zorder=1)
    others = usable.copy()
    others[found.own] = False
    axes.plot(
        found.of[others], found.met[others] / found.of[others] * 100, ls="", marker="o", ms=4,
        color=DARK, alpha=0.45, zorder=2,
    )  # fmt: skip
    axes.plot(
        [found.of[found.own]], [found.share * 100], ls="", marker="D", ms=9, color=ORANGE,
        mec="black", zorder=3,
    )  # fmt: skip
    axes.annotate(
        "This authority", (found.of[found.own], found.share * 100), xytext=(10, -20),
        textcoords="offset points", size=FONT,
        bbox={"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.85},
    )  # fmt: skip
    axes.set_xlabel("Children it is out of", size=FONT)
    axes.set_ylabel("Percentage", size=FONT)
    axes.set_ylim(bottom=0)
    axes.spines["bottom"].set_visible(True)
    name = catalogue.measure(found.measure).title
    caption = f"{name}: all authorities, 31 March {found.year}"
    low, high = (number(end * 100, "percent") for end in found.limits(LEVEL))
    description = (
        f"Funnel chart. {name}. One point an authority, by how many children it is out of. This "
        f"authority: {number(found.share * 100, 'percent')}; all together: "
        f"{number(target * 100, 'percent')}; 19 in 20 authorities of its size: {low} to {high}."
    )
    rows = [
        tables.row_of("This authority", [number(found.share * 100, "percent")]),
        tables.row_of("All authorities together", [number(target * 100, "percent")]),
        tables.row_of("19 in 20 of its size", [f"{low} to {high}"]),
    ]
    table = tables.HtmlTable(tables.framed(caption, ["", "Percentage"], rows, []))
    svg = svg_of(figure, f"funnel-{found.measure}".replace("_", "-"), title, description)
    return Chart(svg, caption, title, description, table, "Percentage", drawing=figure)
