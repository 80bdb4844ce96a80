"""Show one measure on the page: its finding, its chart or table, and earlier periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from iro_analysis import charts, narrative, tables
from iro_analysis.comparisons import Comparison
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative import Finding

MOST_BARS = 12
Piece = charts.Chart | tables.HtmlTable


@dataclass(frozen=True)
class Exhibit:
    """Finding and evidence in one piece, for a page and for JupyterLab.

    Attributes
    ----------
    finding : Finding
    pieces : tuple
        Charts and tables, in order.
    trend : Chart or HtmlTable, optional
        Earlier periods; shown next to the finding.
    """

    finding: Finding
    pieces: tuple[Piece, ...] = ()
    trend: Piece | None = None

    def _repr_html_(self) -> str:
        said, evidence = self.finding.html, "".join(p._repr_html_() for p in self.pieces)
        if self.trend is None:
            return f'<div class="exhibit">{said}{evidence}</div>' if evidence else said
        return f'<div class="beside"><div>{said}</div>{self.trend._repr_html_()}</div>{evidence}'

    def __repr__(self) -> str:
        return f"<{self.finding.heading}>"


@dataclass(frozen=True)
class Absent:
    """A measure without a figure: shows nothing on the page, whose section says why at its end.

    Attributes
    ----------
    reason : str
    """

    reason: str

    def _repr_html_(self) -> str:
        return ""

    def __repr__(self) -> str:
        return f"<not available: {self.reason}>"


def exhibit(
    published: Published,
    comparators: pd.DataFrame,
    history: Published | None = None,
    compared: Sequence[Comparison] = (),
) -> Exhibit | Absent:
    """Return a measure, or a breakdown of it, as the page shows it.

    Parameters
    ----------
    published : Published
        Of one measure and breakdown.
    comparators : DataFrame
        Of ``Study.comparators``.
    history : Published, optional
        The breakdown ``period`` of the measure.
    compared : sequence of Comparison, optional
        What may be said of the figure and earlier periods.
    """
    if published.reason:
        return Absent(published.reason)
    if published.breakdown != ALL:
        found = narrative.finding(published, comparators)
        return Exhibit(found, (_by_group(published, found.heading),))
    found = narrative.headline(published, comparators, history, compared)
    trend = None
    if history is not None and not history.reason:
        trend = charts.trend(history, narrative.went(history, compared))
    return Exhibit(found, (), trend)


def _by_group(published: Published, heading: str) -> Piece:
    if published.breakdown == "recent_month":
        return charts.control(published, heading)
    if published.breakdown == "recent_quarter":
        return charts.quarters(published, heading)
    if published.breakdown.startswith("quarters_ahead"):
        return tables.breakdown(published)  # a bar hides how the range widens
    shown = [row for row in published if row.status == "ok"]
    few = len(published.figures) <= MOST_BARS and len(shown) > 1
    few = few and any(row.value > 0 for row in shown)  # zeros and hidden ones make no picture
    has_bars = few and published.measure.unit in {*COUNT_UNITS, "percent"}
    return charts.bars(published, heading) if has_bars else tables.breakdown(published)
