"""Draw the small marks in a table's cell: a sparkline, two dots, a bar on a common scale.

Each is decoration beside numbers that the row already gives, so it has no name of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_WIDE, _HIGH, _EDGE = 92, 24, 5


@dataclass(frozen=True)
class Spark:
    """A line over the periods; a gap where a period is hidden.

    Attributes
    ----------
    values : tuple of float
        Not a number where hidden, and before the first year that can be compared.
    says : str
        Where the line goes, in a word, if that is clear.
    """

    values: tuple[float, ...]
    says: str = ""

    @property
    def html(self) -> str:
        """The drawing and its word; nothing where fewer than three points can be shown."""
        known = [value for value in self.values if not math.isnan(value)]
        if len(known) < 3:
            return ""
        low, high = min(known), max(known)
        step = (_WIDE - 2 * _EDGE) / (len(self.values) - 1)
        points = [
            None
            if math.isnan(value)
            else (
                _EDGE + step * place,
                _HIGH - _EDGE - (value - low) / ((high - low) or 1) * (_HIGH - 2 * _EDGE)
                if high > low
                else _HIGH / 2,
            )
            for place, value in enumerate(self.values)
        ]
        lines = "".join(
            f'<polyline points="{" ".join(f"{x:.0f},{y:.0f}" for x, y in run)}"/>'
            for run in _runs(points)
            if len(run) > 1
        )
        last = next(point for point in reversed(points) if point)
        return (
            f'<svg class="sp spark" viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}" '
            f'aria-hidden="true">{lines}'
            f'<circle cx="{last[0]:.0f}" cy="{last[1]:.0f}" r="3.5"/></svg>'
            + (f'<span class="goes">{self.says}</span>' if self.says else "")
        )


def _runs(points: list) -> list[list]:
    runs: list[list] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return runs


@dataclass(frozen=True)
class Axis:
    """The numbers of the scale that all drawings of a column share.

    Attributes
    ----------
    ticks : tuple of (float, str)
        How far from the left in percent, and the number.
    """

    ticks: tuple[tuple[float, str], ...]

    @property
    def html(self) -> str:
        """The numbers, each over its place; the rows give every value, so none is read out."""
        numbers = "".join(
            f'<span style="left:{place:.1f}%">{words}</span>' for place, words in self.ticks
        )
        return f'<span class="axis" aria-hidden="true">{numbers}</span>'


def axis_from_zero(most: float, unit: str = "") -> Axis:
    """Return the scale from 0 to a largest value, with its middle where that is a round number.

    Examples
    --------
    >>> [words for _, words in axis_from_zero(77).ticks]
    ['0', '20', '40', '60']
    >>> [words for _, words in axis_from_zero(100, "%").ticks]
    ['0%', '50%', '100%']
    """
    step = next(
        size * power
        for power in (10.0**n for n in range(-1, 9))
        for size in (1, 2, 5)
        if most / (size * power) < 4
    )
    found, value = [], 0.0
    while value <= most:
        found.append((value / most * 100, f"{value:,.10g}{unit}"))
        value += step
    return Axis(tuple(found))


def axis_of_ratios(least: float, most: float) -> Axis:
    """Return the scale of ratios: on it half and twice lie equally far from 1.

    It is numbered from the lowest end of a range that is drawn.

    Examples
    --------
    >>> [words for _, words in axis_of_ratios(0.3, 5.0).ticks]
    ['½', '1', '2', '4']
    """
    names = {1 / 8: "⅛", 1 / 4: "¼", 1 / 2: "½", 1: "1", 2: "2", 4: "4", 8: "8", 16: "16"}
    end = math.log(most)
    return Axis(
        tuple(
            ((math.log(value) + end) / (2 * end) * 100, words)
            for value, words in names.items()
            if max(least, 1 / most) <= value <= most
        )
    )


def _at(value: float, most: float) -> str:
    return f"{min(max(value / most, 0), 1) * 100:.1f}%"


@dataclass(frozen=True)
class Dots:
    """Last year, open, and this year, full, on a scale from 0.

    Attributes
    ----------
    before, now, most : float
    """

    before: float
    now: float
    most: float

    @property
    def html(self) -> str:
        """The drawing."""
        dots = []
        if not math.isnan(self.before) and not math.isnan(self.now):
            left, right = sorted((self.before, self.now))
            dots.append(
                f'<i class="link" style="left:{_at(left, self.most)};'
                f'width:{_at(right - left, self.most)}"></i>'
            )
        if not math.isnan(self.before):
            dots.append(f'<i class="dot open" style="left:{_at(self.before, self.most)}"></i>')
        if not math.isnan(self.now):
            dots.append(f'<i class="dot" style="left:{_at(self.now, self.most)}"></i>')
        return f'<span class="track" aria-hidden="true">{"".join(dots)}</span>'


@dataclass(frozen=True)
class Bar:
    """A share as a bar on a scale from 0 to 100%, other areas as marks on it.

    Attributes
    ----------
    share : float
    england, region : float
        Not a number where there is none.
    """

    share: float
    england: float = math.nan
    region: float = math.nan

    @property
    def html(self) -> str:
        """The drawing."""
        marks = [f'<b style="width:{_at(self.share, 100)}"></b>']
        if not math.isnan(self.england):
            marks.append(f'<i class="mark" style="left:{_at(self.england, 100)}"></i>')
        if not math.isnan(self.region):
            marks.append(f'<i class="tri" style="left:{_at(self.region, 100)}"></i>')
        return f'<span class="track bar" aria-hidden="true">{"".join(marks)}</span>'


@dataclass(frozen=True)
class Range:
    """A ratio with its range on a scale on which twice and half lie equally far from 1.

    Attributes
    ----------
    value, lower, upper : float
    most : float
        The end of the scale; its begin is the inverse.
    """

    value: float
    lower: float
    upper: float
    most: float

    @property
    def html(self) -> str:
        """The drawing."""
        low, high = self._place(self.lower), self._place(self.upper)
        dot = (
            ""
            if self.value <= 0
            else f'<i class="dot" style="left:{self._place(self.value):.1f}%"></i>'
        )
        return (
            f'<span class="track ratio" aria-hidden="true"><i class="one"></i>'
            f'<i class="link wide" style="left:{low:.1f}%;width:{high - low:.1f}%"></i>{dot}</span>'
        )

    def _place(self, value: float) -> float:
        if value <= 0:
            return 0.0
        end = math.log(self.most)
        if math.isinf(value):
            return 100.0
        return min(max((math.log(value) + end) / (2 * end), 0), 1) * 100
