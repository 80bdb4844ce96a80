"""Draw a funnel plot of the authorities of one run, with the limits of chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iro_analysis import catalogue, tables
from iro_analysis.charts.frame import DARK, FONT, GREY, ORANGE, Chart, axes_of, svg_of
from iro_analysis.estimates import LEVEL, OUTER_LEVEL, funnels
from iro_analysis.wording import number, share

_HEIGHT = 3.4


@dataclass(frozen=True)
class Point:
    """One authority's published share.

    Attributes
    ----------
    name : str
    met, of : float
    """

    name: str
    met: float
    of: float


def outside(points: list[Point]) -> list[str]:
    """Return the authorities outside the limits of 99.8% round their common share, by name."""
    sizes, target = _sizes(points)
    low, high = funnels.arcsine_limits(sizes, target, 0.0, OUTER_LEVEL)
    shares = np.array([point.met / point.of for point in points])
    unlike = (shares < low) | (shares > high)
    return sorted(point.name for point, far in zip(points, unlike, strict=True) if far)


def _sizes(points: list[Point]) -> tuple[np.ndarray, float]:
    sizes = np.array([point.of for point in points], float)
    return sizes, float(sum(point.met for point in points) / sizes.sum())


def funnel_of_several(measure: str, points: list[Point], when: str) -> Chart:
    """Return a funnel plot of published shares, without ranks.

    Parameters
    ----------
    measure : str
        Of the catalogue; a percentage.
    points : list of Point
        Each with a denominator above 0.
    when : str
        The period in words.

    Notes
    -----
    The limits are those of chance alone: how much authorities differ besides cannot be told from a
    few. They are drawn for the share of all of these authorities together.

    References
    ----------
    Spiegelhalter 2005; STATISTICS 5.1.
    """
    entry = catalogue.measure(measure)
    sizes, target = _sizes(points)
    figure, axes = axes_of(_HEIGHT)
    grid = np.linspace(max(sizes.min(), 5), max(sizes.max(), 6), 200)
    for level, style in [(LEVEL, "-"), (OUTER_LEVEL, "--")]:
        for end in funnels.arcsine_limits(grid, target, 0.0, level):
            axes.plot(grid, end * 100, color=GREY, lw=1.2, ls=style, zorder=1)
    axes.axhline(target * 100, color=GREY, lw=1, zorder=1)
    unlike = outside(points)
    for far, marker, colour, size in [(False, "o", DARK, 6), (True, "D", ORANGE, 8)]:
        mine = [point for point in points if (point.name in unlike) == far]
        axes.plot(
            [point.of for point in mine], [point.met / point.of * 100 for point in mine], ls="",
            marker=marker, ms=size, color=colour, mec="black", mew=0.6, zorder=2,
        )  # fmt: skip
    axes.set_xlabel("Number it is out of", size=FONT)
    axes.set_ylabel("Percentage", size=FONT)
    axes.set_ylim(bottom=0)
    axes.spines["bottom"].set_visible(True)
    said = (
        f"outside the limits: {', '.join(unlike)}" if unlike else "no authority outside the limits"
    )
    title = f"{entry.title}: {said}"
    caption = f"{entry.title}: {len(points)} authorities, {when}"
    description = (
        f"Funnel chart. {entry.title}. One point an authority, by how many it is out of. All of "
        f"them together: {number(target * 100, 'percent')}. {said.capitalize()} within which 998 "
        "in 1,000 would lie by chance alone."
    )
    rows = [
        tables.row_of(point.name, [share(point.met, point.of)])
        for point in sorted(points, key=lambda point: point.name)
    ]
    table = tables.HtmlTable(tables.framed(caption, ["Authority", "Share"], rows, []))
    svg = svg_of(figure, f"several-{measure}".replace("_", "-"), title, description)
    return Chart(svg, caption, title, description, table, "Percentage", lead=title, drawing=figure)
