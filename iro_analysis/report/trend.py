"""Draw counts over the periods as the report's line chart (HTML and SVG).

The lines are an SVG that stretches; points and labels are placed over it in percent, as text of
the page. Labels are moved apart before they are placed, so that none lies on another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from iro_analysis.report.figure import Figure, Ref
from iro_analysis.report.figures import Figures
from iro_analysis.report.record import label_of
from iro_analysis.wording import in_html

HEIGHT = 210  # CSS pixels of the drawing area
_LABEL = 17  # of a label's line
_NAME, _LETTERS = 18, 18  # of a name's line, and the letters that one holds
_TOP, _LEAST_POINTS = 0.86, 3
COLOURS = ("one", "two", "three", "four")


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes
    ----------
    name : str
    points : tuple of Figure or None
        One per period; None where hidden.
    what : str
        ``value``, or ``numerator`` of a percentage.
    """

    name: str
    points: tuple[Figure | None, ...]
    what: str = "value"

    def size(self, place: int) -> float:
        """Return a point's height; not a number where it is hidden."""
        point = self.points[place]
        return math.nan if point is None else float(getattr(point, self.what))

    def runs(self) -> list[list[int]]:
        """Return the places of the points in runs that a line may join."""
        runs: list[list[int]] = [[]]
        for place, point in enumerate(self.points):
            if point is None:
                runs.append([])
            else:
                runs[-1].append(place)
        return [run for run in runs if len(run) > 1]


@dataclass(frozen=True)
class Trend:
    """A line chart with its labels.

    Attributes
    ----------
    id, caption : str
    periods : tuple of str
    lines : tuple of Line
    notes : tuple of str
    """

    id: str
    caption: str
    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def most(self) -> float:
        """The largest value: the scale runs from 0 to a little above it."""
        sizes = [line.size(n) for line in self.lines for n in range(len(self.periods))]
        return max((size for size in sizes if not math.isnan(size)), default=1) or 1

    def x(self, place: int) -> float:
        """Return where a period stands, in percent of the width."""
        return (place + 0.5) / len(self.periods) * 100

    def y(self, value: float) -> float:
        """Return how high a value lies, in percent of the height."""
        return value / self.most * _TOP * 100

    @property
    def html(self) -> str:
        """The chart as a figure: caption, key, lines, points with their numbers."""
        caption = in_html(self.caption)
        drawn = "".join(
            f'<polyline class="c-{COLOURS[n]}" points="{self._points(line, run)}"/>'
            for n, line in enumerate(self.lines)
            for run in line.runs()
        )
        series = "".join(self._series(n, line) for n, line in enumerate(self.lines))
        ticks = "".join(
            f'<span class="tick" style="left:{self.x(place):.2f}%">{in_html(label)}</span>'
            for place, label in enumerate(self.periods)
        )
        notes = "".join(f'<p class="note">{in_html(note)}</p>' for note in self.notes)
        legend = "".join(
            f'<li class="c-{COLOURS[n]}">{in_html(line.name)}</li>'
            for n, line in enumerate(self.lines)
        )
        return (
            f'<figure class="trend" id="{self.id}"><figcaption>{caption}</figcaption>'
            f'<ul class="legend" aria-hidden="true">{legend}</ul>'
            f'<div class="plot" style="height:{HEIGHT}px"><svg viewBox="0 0 100 100" '
            f'preserveAspectRatio="none" aria-hidden="true">{drawn}</svg>{series}</div>'
            f'<div class="ticks" aria-hidden="true">{ticks}</div>{notes}</figure>'
        )

    def _points(self, line: Line, run: list[int]) -> str:
        return " ".join(f"{self.x(n):.2f},{100 - self.y(line.size(n)):.2f}" for n in run)

    def _series(self, number: int, line: Line) -> str:
        colour = COLOURS[number]
        items = []
        for place, point in enumerate(line.points):
            if point is None:
                continue
            x, y = self.x(place), self.y(line.size(place))
            shown = point.number(line.what)
            if shown is None:
                raise ValueError(f"{point.key} has no {line.what} to print")
            lift = self.lifts[number, place]
            items.append(
                f'<div role="listitem"><i class="point c-{colour}" '
                f'style="left:{x:.2f}%;bottom:{y:.2f}%"></i>'
                f'<span class="value" style="left:{x:.2f}%;bottom:calc({y:.2f}% + {lift}px)">'
                f'<span class="unseen">{in_html(self.periods[place])}: </span>'
                f"{shown.html}</span></div>"
            )
        return (
            f'<p class="series c-{colour}" aria-hidden="true" '
            f'style="bottom:{self.name_heights[number]}px">{in_html(line.name)}</p>'
            f'<div role="list" aria-label="{in_html(line.name)}">{"".join(items)}</div>'
        )

    @cached_property
    def name_heights(self) -> list[int]:
        """Return the height of each line's name next to its last point, none on another."""
        ends = [self.y(line.size(len(self.periods) - 1)) / 100 * HEIGHT for line in self.lines]
        rooms = [_NAME * math.ceil(len(line.name) / _LETTERS) for line in self.lines]
        found = [0.0] * len(ends)
        lowest = math.inf
        for n in sorted(range(len(ends)), key=lambda each: -ends[each]):
            found[n] = min(ends[n] - rooms[n] / 2, lowest - rooms[n])
            lowest = found[n]
        lift = max(0.0, -min(found))
        return [round(height + lift) for height in found]

    @cached_property
    def lifts(self) -> dict[tuple[int, int], int]:
        """Return the place of every label, from the topmost point of each period down."""
        found: dict[tuple[int, int], int] = {}
        for place in range(len(self.periods)):
            mine = [
                (self.y(line.size(place)) / 100 * HEIGHT, number)
                for number, line in enumerate(self.lines)
                if line.points[place] is not None
            ]
            heights = _apart([height for height, _ in mine])
            for (height, number), label in zip(mine, heights, strict=True):
                found[number, place] = round(label - height)
        return found


def _apart(points: list[float]) -> list[float]:
    """Return where labels stand, in pixels: over their points, none on another or on a point.

    Examples
    --------
    >>> _apart([100.0]), _apart([100.0, 98.0])
    ([107.0], [107.0, 74.0])
    """
    order = sorted(range(len(points)), key=lambda n: -points[n])
    placed: list[tuple[float, float]] = []
    found = [0.0] * len(points)
    dots = [(y - 6, y + 6) for y in points]
    for rank, n in enumerate(order):
        own = points[n]
        others = [dot for m, dot in enumerate(dots) if m != n]
        choices = (
            [own + 7, own - 7 - _LABEL]
            if rank == 0 or len(points) == 1
            else [
                own + 7,
                own - 7 - _LABEL,
                *(own - 7 - _LABEL - 6 * step for step in range(1, 30)),
                *(own + 7 + 6 * step for step in range(1, 30)),
            ]
        )
        for low in choices:
            box = (low, low + _LABEL)
            if low < 0 or any(_meet(box, each) for each in [*placed, *others]):
                continue
            found[n] = low
            break
        else:
            found[n] = own + 7
        placed.append((found[n], found[n] + _LABEL))
    return found


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(one[1], other[1]) > max(one[0], other[0])


def trend(figures: Figures, record: dict) -> Trend | None:
    """Return the line chart of some totals; None where too few points can be shown.

    A line with a hidden point is left out: the table beside it has the periods that can be shown.
    """
    found = [
        (ref, "numerator" if words.endswith(":numerator") else "value", figures.unbroken(ref))
        for words in record["measures"]
        if (ref := Ref.of(words))
    ]
    periods = max((tuple(label for label, _ in points) for *_, points in found), key=len)
    lines = []
    for ref, what, points in found:
        given = dict(points)
        line = Line(label_of(ref, what=what), tuple(given.get(each) for each in periods), what)
        if not any(math.isnan(line.size(place)) for place in range(len(periods))):
            lines.append(line)
    if not lines or len(periods) < _LEAST_POINTS:
        return None
    notes = tuple(record.get("notes", ()))
    return Trend(record["id"], record["caption"], periods, tuple(lines), notes)
