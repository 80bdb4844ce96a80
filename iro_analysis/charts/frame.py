"""Shared parts of every chart: title, description, data table, drawing area, SVG."""

from __future__ import annotations

import io
import math
import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from iro_analysis import tables
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import in_html, number, span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DARK, TEAL, PLUM, ORANGE, GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#595959"
WIDTH, FONT = 4.4, 11  # inches, points: 10 CSS pixels or more on a screen of 320
LONGEST = 47  # letters of a label that has room on one line
# Other areas' marks, told apart by shape as well as by colour.
AREA_MARKS = ((ORANGE, "D"), (TEAL, "^"), (PLUM, "s"), (GREY, "v"))
_TIP = "tip:"
_STYLE: dict[Any, Any] = {  # of every chart
    "font.family": ["DejaVu Sans"],
    "text.color": ".15",
    "axes.labelcolor": ".15",
    "axes.edgecolor": ".15",
    "axes.facecolor": "white",
    "axes.axisbelow": True,
    "axes.grid": False,
    "xtick.color": ".15",
    "ytick.color": ".15",
    "xtick.bottom": False,
    "ytick.left": False,
    "grid.color": ".8",
    "figure.facecolor": "white",
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
}


@dataclass(frozen=True)
class Chart:
    """A chart, what it says in words, and the table behind it.

    Attributes
    ----------
    svg : str
    caption : str
        What is shown, of which children and when.
    title : str
        The finding, in a short sentence.
    description : str
        What the chart shows, for people who cannot see it.
    table : HtmlTable
    unit : str
        What the figures are measured in, in words.
    lead : str
        The finding where no heading above the chart says it: it opens the caption.
    drawing : matplotlib Figure
        What ``svg`` was written from, for who wants it in another form.
    with_tips : str
        The same SVG with a tooltip on each mark, for a screen.
    """

    svg: str
    caption: str
    title: str
    description: str
    table: tables.HtmlTable
    unit: str
    lead: str = ""
    drawing: Any = field(default=None, repr=False, compare=False)
    with_tips: str = field(default="", repr=False, compare=False)

    def _repr_html_(self) -> str:
        caption = in_html(self.caption)
        lead = f"<strong>{in_html(self.lead)}.</strong> " if self.lead else ""
        return (
            f'<figure class="chart"><figcaption>{lead}<span class="what">{caption}. '
            f"{in_html(self.unit)}.</span></figcaption>"
            f'<div class="chart-frame">{self.svg}</div>'
            "<details><summary>The figures behind this chart"
            f'<span class="unseen">: {caption}</span></summary>{self.table.html}</details>'
            "</figure>"
        )

    def __repr__(self) -> str:
        return f"<chart: {self.title}>"


def nothing(published: Published) -> tables.HtmlTable:
    """Return what stands where no chart can be drawn: the table, or the reason."""
    return tables.breakdown(published)


def axes_of(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes; sizes in inches."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(length=0, labelsize=FONT)
    return figure, axes


def tip(artist: Any, words: str) -> None:
    """Give a mark a tooltip: see ``Chart.with_tips``."""
    artist.set_gid(_TIP + words)


def svg_of(figure: Figure, name: str, title: str, description: str) -> str:
    """Return the figure as SVG with its words, the same bytes for the same figure."""
    return _worded(_drawn(figure, name), name, title, description, tips=False)


def _drawn(figure: Figure, name: str) -> str:
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    return text.replace("DejaVu Sans", "Arial, Helvetica, sans-serif").replace(
        "'Arial, Helvetica, sans-serif'", "Arial, Helvetica, sans-serif"
    )


def _worded(text: str, name: str, title: str, description: str, tips: bool) -> str:
    opening, viewbox = _first(r"<svg[^>]*>", text), _first(r'viewBox="[^"]*"', text)
    words = (
        f'<svg {viewbox} xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{in_html(title)}</title>'
        f'<desc id="{name}-description">{in_html(description)}</desc>'
    )
    marks = text[len(opening) :].strip()
    if tips:
        marks = re.sub(rf'<g id="{_TIP}([^"]*)">', r"<g><title>\1</title>", marks)
    return words + _own_ids(marks, name)


def _first(pattern: str, text: str) -> str:
    """Return the first match of a pattern that matplotlib's drawing always has."""
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"a drawing without {pattern}")
    return found[0]


def _own_ids(svg: str, name: str) -> str:
    """Keep only the ids that something refers to, and make them the chart's own on the page."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))

    def kept(match: re.Match) -> str:
        return f' id="{name}-{match[1]}"' if match[1] in used else ""

    svg = re.sub(r' id="([^"]*)"', kept, svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", svg)


def name_of(published: Published, kind: str) -> str:
    """Return a name for a chart that no other of the page has."""
    row = published.figures.iloc[0]
    return f"{kind}-{row['measure']}-{row['breakdown']}".replace("_", "-")


def spoken(published: Published, lead: str) -> str:
    """Return every group's figure in words, for people who cannot see the chart."""
    unit = published.measure.unit
    parts = []
    for row in published:
        label = tables.group_label(row.measure, row.breakdown, row.group)
        if row.status == "suppressed":
            parts.append(f"{label}: hidden")
        elif row.status == "not_available":
            parts.append(f"{label}: not available")
        else:
            parts.append(tip_of(row, unit))
    return f"{lead} {'; '.join(parts)}."


def chart(figure: Figure, published: Published, kind: str, title: str, description: str) -> Chart:
    """Return a drawn figure as a chart with its words and its table."""
    name = name_of(published, kind)
    drawn = _drawn(figure, name)
    svg, tipped = (_worded(drawn, name, title, description, tips) for tips in (False, True))
    caption, behind = tables.described(published), tables.breakdown(published)
    unit = tables.unit_words(published).partition(", with")[0]
    return Chart(svg, caption, title, description, behind, unit, drawing=figure, with_tips=tipped)


def tip_of(row: FigureRow, unit: str) -> str:
    """Return the words of a figure's tooltip: its group, value and range.

    Parameters
    ----------
    row : FigureRow
        With a value.
    unit : str
    """
    limits = span(row.lower, row.upper, unit)
    group = tables.group_label(row.measure, row.breakdown, row.group)
    return f"{group}: {number(row.value, unit)}" + (f" (likely range {limits})" if limits else "")


def far_end(row: FigureRow) -> float:
    """Return the end of a figure's range, or the figure itself."""
    return max((x for x in (row.value, row.upper) if math.isfinite(x)), default=0.0)


def symbol(published: Published, row: FigureRow) -> str:
    """Return what stands for a figure that is not given."""
    return published.policy.symbol if row.status == "suppressed" else tables.NOT_AVAILABLE


def label_above(
    axes: Axes, x: float, place: float, row: FigureRow, box: dict[str, Any] | None = None
) -> None:
    """Write a group's label above its bar or point, on as many lines as it needs.

    A white `box` behind it keeps an upright line from running through the words.
    """
    axes.text(
        x, place - 0.1, label_of(row), va="bottom", ha="left", size=FONT, color="black", bbox=box
    )


def label_of(row: FigureRow) -> str:
    """Return a group's label in lines that have room."""
    text = tables.group_label(row.measure, row.breakdown, row.group)
    return textwrap.fill(text, LONGEST)


def row_height(rows: list) -> float:
    """Return the height, in inches, of one group with its label: more where a label is long."""
    return 0.8 if any("\n" in label_of(row) for row in rows) else 0.5
