"""Published figures as charts: inline SVG whose text stays text, with words for who cannot see it.

Colours are the Government Analysis Function's; never colour alone; hidden values are shown as such;
the table behind each chart is one click away.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from dataclasses import dataclass

from iro_analysis import codes, tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.disclosure.publish import Published
from iro_analysis.periods import single, year_to_date
from iro_analysis.wording import in_html, number, span

DARK, TEAL, PLUM, ORANGE, GREY = "#12436D", "#28A197", "#801650", "#F46A25", "#595959"
_WIDTH, _FONT = 5.4, 11
_LINE, _TREND = (_WIDTH, 2.6), (3.6, 1.6)  # inches
MOST_IN_A_TREND = 5


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
    """

    svg: str
    caption: str
    title: str
    description: str
    table: tables.HtmlTable

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


def _nothing(published: Published) -> tables.HtmlTable:
    return tables.breakdown(published)


def _axes(height: float, width: float = _WIDTH):
    import seaborn as sns
    from matplotlib.figure import Figure

    with sns.axes_style("white", {"font.family": ["DejaVu Sans"]}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
    sns.despine(ax=axes, left=False, bottom=True)
    axes.tick_params(length=0, labelsize=_FONT)
    return figure, axes


def _svg(figure, name: str, title: str, description: str) -> str:
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


def _words(published: Published, lead: str) -> str:
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


_LAST = frozenset(
    [
        "Other",
        "Other placements",
        "Refused or not yet known",
        "Refused",
        "Not yet known",
        codes.NOT_KNOWN,
    ]
)


def _in_order(published: Published) -> list:
    """Return the groups by size, what is left over last; in their own order where they have one."""
    if codes.record("breakdowns")[published.breakdown].get("has_order", False):
        return list(published)

    def place(row):
        value = -1.0 if math.isnan(row.value) else row.value
        return (row.group in _LAST, row.status != "ok", -value)

    return sorted(published, key=place)


def _chart(figure, published: Published, kind: str, title: str, description: str) -> Chart:
    svg = _svg(figure, _name(published, kind), title, description)
    return Chart(svg, tables.described(published), title, description, tables.breakdown(published))


def bars(
    published: Published, title: str, comparator: tuple[str, dict] | None = None
) -> Chart | tables.HtmlTable:
    """Return counts or percentages by group as bars with their values.

    Parameters
    ----------
    published : Published
        Of one measure and breakdown.
    title : str
        The finding.
    comparator : (str, dict), optional
        An area and its value by group, marked on each bar.
    """
    if published.reason:
        return _nothing(published)
    rows = _in_order(published)
    figure, axes = _axes(0.25 + 0.52 * len(rows) + (0.3 if comparator else 0))
    highest = max([_far_end(row) for row in rows] + [1e-9])
    if comparator:
        highest = max([highest, *comparator[1].values()])
    for place, row in enumerate(rows):
        _label_above(axes, 0, place, row)
        if row.status == "ok":
            _bar(axes, place, row, published, highest)
        else:
            axes.text(0, place + 0.18, _symbol(published, row), va="center", size=_FONT, color=GREY)
    words = _mark(axes, rows, comparator, published.measure.unit) if comparator else ""
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.42, -0.55)
    axes.set_xlim(0, highest * 1.3)
    axes.set_xticks([])
    description = _words(published, f"Bar chart. {published.measure.title}.") + words
    return _chart(figure, published, "bars", title, description)


def _far_end(row) -> float:
    return max((x for x in (row.value, row.upper) if math.isfinite(x)), default=0.0)


def _symbol(published: Published, row) -> str:
    return published.policy.symbol if row.status == "suppressed" else tables.NOT_AVAILABLE


def _label_above(axes, x: float, place: float, row) -> None:
    text = tables.group_label(row.measure, row.breakdown, row.group)
    axes.text(x, place - 0.12, text, va="bottom", ha="left", size=_FONT, color="black")


def _bar(axes, place: int, row, published: Published, highest: float) -> None:
    unit, middle = published.measure.unit, place + 0.18
    axes.barh(middle, row.value, color=DARK, height=0.4, zorder=2)
    if not math.isnan(row.lower):
        low, high = max(row.value - row.lower, 0), max(row.upper - row.value, 0)
        axes.errorbar(row.value, middle, xerr=[[low], [high]], color=GREY, lw=1.4, capsize=3)
    shown = number(row.value, unit)
    if tables.has_share(published) and row.denominator:
        shown += f" ({number(row.value / row.denominator * 100, 'percent')})"
    axes.text(_far_end(row) + highest * 0.02, middle, shown, va="center", size=_FONT, color="black")


def _mark(axes, rows: list, comparator: tuple[str, dict], unit: str) -> str:
    """Mark another area's value on each bar, and return the same in words."""
    area, others = comparator
    drawn = False
    for place, row in enumerate(rows):
        if row.group in others:
            axes.plot(
                [others[row.group]] * 2,
                [place - 0.06, place + 0.42],
                color=ORANGE,
                lw=3,
                zorder=4,
                label=None if drawn else area,
            )
            drawn = True
    axes.legend(
        loc="upper right", frameon=False, fontsize=_FONT, handlelength=0.6, bbox_to_anchor=(1, 1.02)
    )
    listed = "; ".join(f"{group}: {number(value, unit)}" for group, value in others.items())
    return f" {area}, orange lines: {listed}."


def trend(published: Published, title: str) -> Chart | tables.HtmlTable:
    """Return the same as ``line``, small enough to stand beside a paragraph."""
    return line(published, title, _TREND)


def line(
    published: Published, title: str, size: tuple[float, float] = _LINE
) -> Chart | tables.HtmlTable:
    """Return figures over time as a line with a label on every point; the axis starts at zero.

    Where a method or a code changed between two points the line stops, and the day is marked.
    """
    rows = [row for row in published if row.status == "ok" and not _is_to_date(row)]
    if published.reason or len(rows) < 2:
        return _nothing(published)
    width, height = _LINE if len(rows) > MOST_IN_A_TREND else size
    figure, axes = _axes(height, width)
    top = max([*(_far_end(row) for row in rows), 1e-9])
    for places in _unbroken(published, rows):
        values = [rows[place].value for place in places]
        axes.plot(places, values, color=DARK, lw=2.5, marker="o", ms=6, zorder=3)
    for place, row in enumerate(rows):
        if not math.isnan(row.lower) and not math.isnan(row.upper):
            axes.plot([place, place], [row.lower, row.upper], color=GREY, lw=1.2, zorder=2)
        axes.annotate(
            number(row.value, published.measure.unit),
            (place, _far_end(row)),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            size=_FONT,
        )
    labels = [tables.group_label(r.measure, r.breakdown, r.group) for r in rows]
    axes.set_xticks(range(len(rows)), [_wrapped(label) for label in labels])
    axes.set_ylim(0, top * (1.2 if height > _TREND[1] else 1.4))
    axes.set_xlim(-0.45, len(rows) - 0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    lead = f"Line chart from zero. {published.measure.title}."
    what = "".join(
        f" The line stops where it cannot be compared: {w}." for w in tables.broken(published)
    )
    return _chart(figure, published, "line", title, _words(published, lead) + what)


def _is_to_date(row) -> bool:
    """Whether a point is a year to date: longer than the others, it belongs to no line of them."""
    if row.breakdown != PERIOD:
        return False
    to_date = year_to_date(single(row.period))
    return to_date is not None and row.group == to_date.name


def _unbroken(published: Published, rows: list) -> list[list[int]]:
    """Return the places of the points in runs that may be joined by a line."""
    runs: list[list[int]] = [[]]
    for place, row in enumerate(rows):
        if place and published.breakdown == PERIOD:
            before, here = single(rows[place - 1].group).end, single(row.group).end
            if published.measure.breaks_between(before, here):
                runs.append([])
        runs[-1].append(place)
    return runs


def _wrapped(label: str) -> str:
    return "\n".join(textwrap.wrap(label, 12))


def intervals(
    published: Published, title: str, reference: float | None = None, log: bool = False
) -> Chart | tables.HtmlTable:
    """Return values with their likely ranges as points and lines.

    Parameters
    ----------
    published : Published
        Of one measure and breakdown.
    title : str
        The finding.
    reference : float, optional
        A value to mark with a line (1 for ratios).
    log : bool
        Ratios: twice and half lie equally far from 1.
    """
    if published.reason:
        return _nothing(published)
    rows = list(published)
    figure, axes = _axes(0.45 + 0.55 * len(rows))
    drawable = [row for row in rows if row.status == "ok" and not (log and row.value <= 0)]
    low, high = _limits(drawable, reference, log)
    if log:
        axes.set_xscale("log")
    axes.set_xlim(low, high * (1.6 if log else 1.18))
    if reference is not None:
        axes.axvline(reference, color=GREY, lw=1.2, ls="--", zorder=1)
    for place, row in enumerate(rows):
        _label_above(axes, low, place, row)
        if row in drawable:
            _point(axes, place, row, published.measure.unit, (low, high))
        else:
            text = "none" if row.status == "ok" else _symbol(published, row)
            axes.text(
                reference or low, place + 0.18, f" {text}", va="center", size=_FONT, color=GREY
            )
    axes.set_yticks([])
    axes.set_ylim(len(rows) - 0.45, -0.6)
    if log:
        ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if low <= t <= high * 1.6]
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.set_xticks([], minor=True)
    axes.spines["bottom"].set_visible(True)
    description = _words(published, f"Points with their likely range. {published.measure.title}.")
    if reference is not None:
        description += f" The dashed line marks {reference:g}."
    return _chart(figure, published, "intervals", title, description)


def _limits(rows: list, reference: float | None, log: bool) -> tuple[float, float]:
    """Return the ends of the axis: everything drawn, and the reference, lie inside."""
    ends = [x for row in rows for x in (row.value, row.lower, row.upper) if math.isfinite(x)]
    ends = [x for x in ends if not (log and x <= 0)] + ([] if reference is None else [reference])
    low, high = (min(ends), max(ends)) if ends else (0.5, 2.0)
    if log:
        return min(low, 0.5) / 1.15, min(max(high, 2.0), 30) * 1.1
    return min(low, 0), high or 1


def _point(axes, place: int, row, unit: str, limits: tuple[float, float]) -> None:
    low, high = limits
    middle = place + 0.18
    if not math.isnan(row.lower) and not math.isnan(row.upper):
        line = [max(row.lower, low), min(row.upper, high)]
        axes.plot(line, [middle, middle], color=DARK, lw=2.2, zorder=2)
    axes.plot([row.value], [middle], color=DARK, marker="o", ms=8, zorder=3)
    end = min(max(_far_end(row), row.value), high)
    axes.annotate(
        number(row.value, unit),
        (end, middle),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        size=_FONT,
    )
