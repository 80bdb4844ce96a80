"""What every chart has: its words and its table, the drawing area, the SVG."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, field
from typing import Any

from iro_analysis import tables
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import in_html, number, span

DARK, TEAL, PLUM, ORANGE, GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#595959"
WIDTH, FONT = 5.4, 11  # inches, points


@dataclass(frozen=True)
class Chart:
    """A chart, what it says in words, and the table behind it.

    Attributes
    ----------
    svg : str
    caption : str
        What is shown, of whom and when.
    title : str
        The finding, in a short sentence.
    description : str
        What the chart shows, for who cannot see it.
    table : HtmlTable
    drawing : matplotlib Figure
        What ``svg`` was written from, for who wants it in another form.
    """

    svg: str
    caption: str
    title: str
    description: str
    table: tables.HtmlTable
    drawing: Any = field(default=None, repr=False, compare=False)

    def _repr_html_(self) -> str:
        return (
            f'<figure class="chart"><figcaption>{in_html(self.caption)}</figcaption>'
            f'<div class="chart-frame" role="region" aria-label="Chart: {in_html(self.caption)}" '
            f'tabindex="0">{self.svg}</div>'
            f"<details><summary>The figures behind this chart</summary>{self.table.html}</details>"
            "</figure>"
        )

    def __repr__(self) -> str:
        return f"<chart: {self.title}>"


def nothing(published: Published) -> tables.HtmlTable:
    """Return what stands where no chart can be drawn: the table, or the reason."""
    return tables.breakdown(published)


def axes_of(height: float, width: float = WIDTH):
    """Return an empty figure and its axes; sizes in inches."""
    import seaborn as sns
    from matplotlib.figure import Figure

    with sns.axes_style("white", {"font.family": ["DejaVu Sans"]}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
    sns.despine(ax=axes, left=False, bottom=True)
    axes.tick_params(length=0, labelsize=FONT)
    return figure, axes


def as_svg(figure, name: str, title: str, description: str) -> str:
    """Return the figure as SVG with its words, the same bytes for the same figure."""
    import matplotlib as mpl

    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text.replace("DejaVu Sans", "Arial, Helvetica, sans-serif").replace(
        "'Arial, Helvetica, sans-serif'", "Arial, Helvetica, sans-serif"
    )
    opening = re.match(r"<svg[^>]*>", text)[0]
    viewbox = re.search(r'viewBox="[^"]*"', opening)[0]
    words = (
        f'<svg {viewbox} xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{in_html(title)}</title>'
        f'<desc id="{name}-description">{in_html(description)}</desc>'
    )
    return words + _own_ids(text[len(opening) :].strip(), name)


def _own_ids(svg: str, name: str) -> str:
    """Keep only the ids that something refers to, and make them the chart's own on the page."""
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))

    def kept(match: re.Match) -> str:
        return f' id="{name}-{match[1]}"' if match[1] in used else ""

    svg = re.sub(r' id="([^"]*)"', kept, svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", svg)


def _name(published: Published, kind: str) -> str:
    row = published.figures.iloc[0]
    return f"{kind}-{row['measure']}-{row['breakdown']}".replace("_", "-")


def spoken(published: Published, lead: str) -> str:
    """Return every group's figure in words, for who cannot see the chart."""
    unit = published.measure.unit
    parts = []
    for row in published:
        label = tables.group_label(row.measure, row.breakdown, row.group)
        if row.status == "suppressed":
            parts.append(f"{label}: hidden")
        elif row.status == "not_available":
            parts.append(f"{label}: not available")
        else:
            limits = span(row.lower, row.upper, unit)
            shown = number(row.value, unit) + (f" (likely range {limits})" if limits else "")
            parts.append(f"{label}: {shown}")
    return f"{lead} {'; '.join(parts)}."


def chart(figure, published: Published, kind: str, title: str, description: str) -> Chart:
    """Return a drawn figure as a chart with its words and its table."""
    svg = as_svg(figure, _name(published, kind), title, description)
    caption, behind = tables.described(published), tables.breakdown(published)
    return Chart(svg, caption, title, description, behind, figure)


def far_end(row) -> float:
    """Return the end of a figure's range, or the figure itself."""
    return max((x for x in (row.value, row.upper) if math.isfinite(x)), default=0.0)


def symbol(published: Published, row) -> str:
    """Return what stands for a figure that is not given."""
    return published.policy.symbol if row.status == "suppressed" else tables.NOT_AVAILABLE


def label_above(axes, x: float, place: float, row) -> None:
    """Write a group's label above its bar or point."""
    text = tables.group_label(row.measure, row.breakdown, row.group)
    axes.text(x, place - 0.12, text, va="bottom", ha="left", size=FONT, color="black")
