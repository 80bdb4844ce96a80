"""Small charts that stand beside the summary: a line, its first and its last figure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from iro_analysis import tables
from iro_analysis.charts.frame import DARK, GREY, axes_of, far_end, name_of, spoken, svg_of
from iro_analysis.charts.lines import is_to_date, unbroken
from iro_analysis.disclosure.publish import Published
from iro_analysis.wording import in_html, number, section_anchor

_SIZE, _SMALL = (2.3, 0.8), 11.5  # inches, points


@dataclass(frozen=True)
class SmallChart:
    """A small chart; its title links to the section where it stands large, with its table.

    Attributes
    ----------
    svg, title, section, said : str
    """

    svg: str
    title: str
    section: str
    said: str

    def _repr_html_(self) -> str:
        return (
            f'<figure class="small"><figcaption><a href="#{section_anchor(self.section)}">'
            f'{in_html(self.title)}</a> <span class="what">{in_html(self.said)}</span></figcaption>'
            f"{self.svg}</figure>"
        )

    def __repr__(self) -> str:
        return f"<small chart: {self.title}>"


def small(history: Published, said: str) -> SmallChart | None:
    """Return the line of a measure over earlier periods; None where there are not two points.

    Parameters
    ----------
    history : Published
        The breakdown ``period`` of one measure.
    said : str
        What became of it since a year before, in a few words.
    """
    rows = [row for row in history if not is_to_date(row) and row.status != "not_available"]
    given = [place for place, row in enumerate(rows) if row.status == "ok"]
    if history.reason or len(given) < 2:
        return None
    unit = history.measure.unit
    figure, axes = axes_of(_SIZE[1], _SIZE[0])
    top = max([*(far_end(rows[place]) for place in given), 1e-9])
    for places in unbroken(history, rows):
        axes.plot(places, [rows[p].value for p in places], color=DARK, lw=2, marker="o", ms=4)
    for place, row in enumerate(rows):
        if row.status != "ok":
            axes.text(place, 0, history.policy.symbol, ha="center", size=_SMALL, color=GREY)
        elif not math.isnan(row.lower) and not math.isnan(row.upper):
            axes.plot([place, place], [row.lower, row.upper], color=GREY, lw=1.2, zorder=1)
    for place in (given[0], given[-1]):
        axes.annotate(
            number(rows[place].value, unit),
            (place, far_end(rows[place])),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            size=_SMALL,
            weight="bold" if place == given[-1] else "normal",
        )
    ends = [tables.group_label(r.measure, r.breakdown, r.group) for r in (rows[0], rows[-1])]
    axes.set_xticks([0, len(rows) - 1], [_short(label) for label in ends])
    axes.tick_params(labelsize=_SMALL)
    axes.set_ylim(0, top * 1.45)
    axes.set_xlim(-0.6, len(rows) - 0.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    title = history.measure.title
    description = spoken(history, f"Small line chart from zero. {title}.")
    finding = f"{title}: {said[:1].lower()}{said[1:]}"
    svg = svg_of(figure, name_of(history, "small"), finding, description)
    return SmallChart(svg, title, history.measure.section, said)


def _short(label: str) -> str:
    """Return the month and year in which a label's day or days end: there is no room for more.

    Examples
    --------
    >>> _short("twelve months to 31 December 2018"), _short("2018-19 Q3")
    ('Dec 2018', '2018-19 Q3')
    """
    ends = re.search(r"([A-Z][a-z]{2})[a-z]* (\d{4})$", label)
    return f"{ends[1]} {ends[2]}" if ends else label
