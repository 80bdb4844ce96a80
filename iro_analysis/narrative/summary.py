"""The summary at the head of the page: what changed, what stands out, what needs action.

Every figure of the report that has one of a year before, or of another area, beside it is looked
at; none is picked by hand. A line stands here only where the interval supports it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.proportions import newcombe
from iro_analysis.estimates.rates import rate_ratio
from iro_analysis.indicators.disproportionality import REFERENCE
from iro_analysis.indicators.matched import DIFFERENT, MATCHED
from iro_analysis.narrative.chance import (
    change_of_count,
    change_of_percentage,
    change_of_rate,
    clear_ratios,
    stands,
)
from iro_analysis.narrative.findings import finding
from iro_analysis.narrative.parts import label, shown
from iro_analysis.periods import moved, single
from iro_analysis.rounding import half_up, printed
from iro_analysis.wording import (
    EVEN_SO,
    HIGHER,
    LOWER,
    NO_CLEAR_CHANGE,
    change,
    in_html,
    joined,
    number,
    section_anchor,
    share,
)

Others = Callable[[str, str], pd.DataFrame]
_ALPHA = 0.05  # how often chance alone goes beyond a 95% interval


@dataclass(frozen=True)
class Line:
    """One figure of the summary.

    Attributes
    ----------
    heading : str
        The finding, as its section has it.
    section : str
        The section's heading, to which the line links.
    said : str
        What is said of it, in a few words.
    worse : bool
        Whether that is the direction the catalogue calls the worse one.
    strength : float
        How far beyond chance, for the order.
    """

    heading: str
    section: str
    said: str
    worse: bool = False
    strength: float = 0.0

    @property
    def html(self) -> str:
        """The line with its link."""
        link = f'<a href="#{section_anchor(self.section)}">{in_html(self.heading)}</a>'
        return f"<li>{link}; {in_html(self.said)}</li>"


@dataclass(frozen=True)
class Block:
    """One of the summary's lists.

    Attributes
    ----------
    title : str
    count : str
        How many, of how many.
    lines : tuple of Line
        All of them.
    note : str
        What must be known to read it.
    nothing : str
        Said where there is no line.
    """

    title: str
    count: str
    lines: tuple[Line, ...]
    note: str
    nothing: str

    @property
    def html(self) -> str:
        """The list, its first lines only; how many more there are is said."""
        most = int(codes.record("summary")["most"])
        shown_lines = sorted(self.lines, key=lambda line: -line.strength)[:most]
        more = len(self.lines) - len(shown_lines)
        items = "".join(line.html for line in shown_lines)
        said = f"<ul>{items}</ul>" if items else f"<p>{in_html(self.nothing)}</p>"
        rest = f'<p class="note">{printed(more)} more in the sections below.</p>' if more else ""
        return (
            f'<div class="glance-list"><h3>{in_html(self.title)} '
            f'<span class="count">{in_html(self.count)}</span></h3>{said}{rest}'
            f'<p class="note">{in_html(self.note)}</p></div>'
        )


@dataclass(frozen=True)
class Summary:
    """The head of the page.

    Attributes
    ----------
    blocks : tuple of Block
        What changed, what stands out, what needs action.
    pictures : tuple
        Small charts, which stand before them.
    """

    blocks: tuple[Block, ...]
    pictures: tuple = ()

    def _repr_html_(self) -> str:
        charts = "".join(picture._repr_html_() for picture in self.pictures)
        small = f'<div class="small-charts">{charts}</div>' if charts else ""
        lists = "".join(block.html for block in self.blocks)
        return f'{small}<div class="glance">{lists}</div>'

    def __repr__(self) -> str:
        return "\n".join(
            f"{block.title}: {line.heading}: {line.said}"
            for block in self.blocks
            for line in block.lines
        )


def summary(everything: Published, others: Others, pictures: tuple = ()) -> Summary:
    """Return the summary of a report.

    Parameters
    ----------
    everything : Published
    others : callable
        Measure, breakdown -> the comparators, as ``Study.comparators`` gives them.
    pictures : tuple, optional
        Small charts.
    """
    measures = [m for m in catalogue.measures().values() if ALL in m.breakdowns]
    compared = [found for m in measures if (found := changed(everything, m)) is not None]
    moved_lines = tuple(line for line in compared if line.said)
    beside = [found for m in measures if (found := apart(everything, m, others)) is not None]
    unlike = tuple(line for line in beside if line.said) + tuple(_ratios(everything))
    changes = Block(
        "What changed",
        f"{printed(len(moved_lines))} of {printed(len(compared))}",
        moved_lines,
        f"{printed(len(compared))} figures have one of a year before beside them"
        f"{f': these moved by {EVEN_SO}' if moved_lines else ''}. About "
        f"{printed(max(half_up(len(compared) * _ALPHA), 1))} would move so far by chance alone."
        if compared
        else "No figure of a year before stands beside this one.",
        f"No figure moved by {EVEN_SO}.",
    )
    stands_out = Block(
        "What stands out",
        f"{printed(len(unlike))}",
        unlike,
        _beside_whom(everything, len(beside), bool(unlike)),
        f"No figure differs by {EVEN_SO}.",
    )
    return Summary((changes, stands_out, _action(everything, moved_lines, unlike)), pictures)


def _beside_whom(everything: Published, areas: int, differ: bool) -> str:
    """Return what figures were set beside others, and why none were where none are."""
    if areas:
        which = (
            f"{printed(areas)} figures beside other areas, and ethnic groups beside White children"
        )
        return (
            f"Of {which}: these differ by more than chance." if differ else f"Looked at: {which}."
        )
    if not single(next(iter(everything)).period).is_year:
        return "No national figure is put beside a part of a year."
    return "No figure of another area stands beside this one."


def _own(published: Published):
    rows = [row for row in published if row.status == "ok"]
    return rows[0] if len(rows) == 1 else None


def changed(everything: Published, measure: Measure) -> Line | None:
    """Return a figure beside a year before: nothing is said of it where chance could explain it.

    ``narrative.chance`` decides. None where there is nothing to compare, a method changed, or the
    change cannot be tested (what comes several to a child, or the same children counted twice).
    """
    pair = _pair(everything, measure)
    if pair is None:
        return None
    own, before = pair
    tested = {"percent": _share, "per_10000": _rate}.get(measure.unit, _count)(own, before, measure)
    if tested is None:
        return None
    said, strength = tested
    heading = finding(everything.select(measure.id, ALL)).heading
    worse = bool(said) and (own.value > before.value) == (measure.better == LOWER)
    worse = worse and measure.better != "neither"
    return Line(heading, measure.section, said, worse, strength)


def _pair(everything: Published, measure: Measure) -> tuple | None:
    """Return a figure and that of a year before, where both are shown and made the same way."""
    if not measure.history or measure.unit not in ("percent", "children", "count", "per_10000"):
        return None
    rows = {row.group: row for row in everything.select(measure.id, PERIOD)}
    period = single(next(iter(everything)).period)
    own, before = rows.get(period.name), rows.get(moved(period, -12).name)
    if own is None or before is None or own.status != "ok" or before.status != "ok":
        return None
    if measure.breaks_between(single(before.group).end, single(own.group).end):
        return None
    return own, before


def _share(own, before, measure: Measure) -> tuple[str, float] | None:
    said = change_of_percentage(own, before, measure.again)
    difference, lower, upper = newcombe(
        own.numerator, own.denominator, before.numerator, before.denominator
    )
    if said.startswith((HIGHER, LOWER)):
        word = "up" if difference > 0 else "down"
        was = share(before.numerator, before.denominator)
        return f"{word} from {was}", _beyond(difference, lower, upper)
    return ("", 0.0) if said == NO_CLEAR_CHANGE else None


def _count(own, before, measure: Measure) -> tuple[str, float] | None:
    if any(row.value != int(row.value) for row in (own, before)):
        return None  # an average
    if measure.again != DIFFERENT and MATCHED not in before.note:
        return None
    days = single(own.group).days, single(before.group).days
    if not change_of_count(own, before, measure.again, days).endswith(f", {EVEN_SO}"):
        return "", 0.0
    log = [math.log(min(max(x, 1e-9), 1e9)) for x in rate_ratio(own.value, 1, before.value, 1)]
    said = f"{change(before.value, own.value)} than the {printed(before.value)} before"
    return said, _beyond(*log)


def _rate(own, before, measure: Measure) -> tuple[str, float] | None:
    if MATCHED not in before.note:
        return None
    if not change_of_rate(own, before).endswith(f", {EVEN_SO}"):
        return "", 0.0
    word = "up" if own.value > before.value else "down"
    was = number(before.value, "per_10000")
    return f"{word} from {was}", _beyond(own.value - before.value, own.lower, own.upper)


def _beyond(value: float, lower: float, upper: float) -> float:
    """Return how many half-widths of its interval a difference lies from none."""
    return abs(value) / max((upper - lower) / 2, 1e-9)


def apart(everything: Published, measure: Measure, others: Others) -> Line | None:
    """Return a figure beside other areas: nothing is said of it where chance could explain it."""
    held = others(measure.id, ALL)
    own = _own(everything.select(measure.id, ALL))
    if held.empty or own is None or math.isnan(own.lower):
        return None
    said, strength, worse = [], 0.0, False
    for how in (HIGHER, LOWER):
        found = [
            (str(row.area).split(" (")[0], row.value)
            for row in held.itertuples(index=False)
            if stands(own, row.value).endswith(how)
        ]
        if found:
            areas = joined([f"{area} ({number(value, measure.unit)})" for area, value in found])
            said.append(f"{how} than {areas}")
            strength = max(
                strength, *(_beyond(own.value - v, own.lower, own.upper) for _, v in found)
            )
            worse = worse or (how != measure.better and measure.better != "neither")
    heading = finding(everything.select(measure.id, ALL)).heading
    return Line(heading, measure.section, "; ".join(said), worse, strength)


def _ratios(everything: Published) -> list[Line]:
    lines = []
    for name in codes.record("summary")["ratios"]:
        measure, breakdown = name.split("|")
        published = everything.select(measure, breakdown)
        higher = clear_ratios(published, REFERENCE)
        clear = [row for row in shown(published) if higher.get(row.group) == HIGHER]
        if clear:
            groups = joined(
                [
                    f"{label(row)} ({number(row.value, 'ratio')} times, "
                    f"{printed(row.numerator)} children)"
                    for row in clear
                ]
            )
            strength = max(
                _beyond(*(math.log(max(x, 1e-9)) for x in (row.value, row.lower, row.upper)))
                for row in clear
            )
            entry = catalogue.measure(measure)
            lines.append(Line(entry.title, entry.section, f"higher for {groups}", False, strength))
    return lines


def _action(everything: Published, moved_lines: tuple, unlike: tuple) -> Block:
    worse: dict[str, Line] = {}
    for line in [*moved_lines, *unlike]:
        if line.worse:
            before = worse.get(line.heading)
            said = f"{before.said}; {line.said}" if before else line.said
            # What is worse comes before what is short of a duty.
            worse[line.heading] = Line(line.heading, line.section, said, True, 1000 + line.strength)
    short = [line for line in _duties(everything) if line.heading not in worse]
    lines = (*worse.values(), *short)
    return Block(
        "What needs action",
        f"{printed(len(lines))}",
        lines,
        f"Worse than a year before or than another area, by {EVEN_SO}; or short of what the law "
        "or statutory guidance asks for every child.",
        f"Nothing is worse by {EVEN_SO}, or short of a duty.",
    )


def _duties(everything: Published) -> list[Line]:
    lines = []
    for name, duty in codes.record("summary")["duties"].items():
        published = everything.select(name, ALL)
        own = _own(published)
        if own is not None and own.value < 100:
            section = catalogue.measure(name).section
            strength = 100 - own.value
            lines.append(Line(finding(published).heading, section, duty["asked"], True, strength))
    return lines
