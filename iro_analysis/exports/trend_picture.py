"""Draw a line chart of the report as a picture, for documents that hold no HTML."""

from __future__ import annotations

import io
import math
import textwrap

from iro_analysis.charts import DARK, ORANGE, PLUM, TEAL
from iro_analysis.report.trend import HEIGHT, Trend

RESOLUTION = 200  # dots per inch: sharp in print
_COLOURS = (DARK, PLUM, TEAL, ORANGE)
_MARKERS = ("o", "s", "D", "^")
_SIZE = (6.5, 3.1)  # inches
_FONT = 9  # points
_AXES = (0.02, 0.11, 0.74, 0.87)  # of the picture: left, bottom, width, height
_LETTERS = 20  # of a line of a name


def as_png(trend: Trend) -> bytes:
    """Draw a line chart as PNG, every point with its number and every line with its name."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE)
    axes = figure.add_axes(_AXES)
    points_per_pixel = _SIZE[1] * _AXES[3] * 72 / HEIGHT
    places = list(range(len(trend.periods)))
    for number, line in enumerate(trend.lines):
        colour, marker = _COLOURS[number], _MARKERS[number]
        sizes = [line.size(place) for place in places]
        axes.plot(places, sizes, color=colour, marker=marker, lw=1.8, ms=5)
        axes.annotate(
            textwrap.fill(line.name, _LETTERS), (1, trend.name_heights[number] / HEIGHT),
            (2, 0), xycoords="axes fraction", textcoords="offset points", va="bottom",
            color=colour, size=_FONT, weight="bold", annotation_clip=False,
        )  # fmt: skip
        for place, size in zip(places, sizes, strict=True):
            point = line.points[place]
            if point is not None and not math.isnan(size):
                lift = trend.lifts[number, place] * points_per_pixel
                axes.annotate(
                    str(point.number(line.what)), (place, size), (0, lift),
                    textcoords="offset points", ha="center", color=colour, size=_FONT,
                )  # fmt: skip
    axes.set_xticks(places, trend.periods, size=_FONT)
    axes.set_yticks([])
    axes.set_ylim(0, trend.most * 100 / trend.y(trend.most))
    axes.set_xlim(-0.4, len(places) - 0.6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=RESOLUTION)
    return stream.getvalue()


def in_words(trend: Trend) -> str:
    """Return what a line chart shows, for people who cannot see it."""
    parts = []
    for line in trend.lines:
        points = [
            f"{period} {point.number(line.what)}"
            for period, point in zip(trend.periods, line.points, strict=True)
            if point is not None
        ]
        parts.append(f"{line.name}: {', '.join(points)}")
    return f"Line chart. {'. '.join(parts)}."
