"""Choose the chart that suits an answer, by its unit, its breakdown and its periods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iro_analysis import charts, tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.charts.frame import AREA_MARKS
from iro_analysis.comparators import lookup
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published, across
from iro_analysis.periods import Period, single

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

MOST_BARS = 24
IN_TIME = frozenset(["date", PERIOD])
ALIKE = 0.05  # a quarter and a quarter differ by two days at most, a year and a year by one


def picture(answer: Answer) -> charts.Chart | tables.HtmlTable:
    """Return an answer as a chart, or as a table where a chart would say less or mislead.

    One number is drawn with earlier periods where they are held; ratios stand about 1, their ranges
    beside them; several periods make a line where they are of one length.
    """
    published, heading = answer.published, answer.finding.heading
    if published.reason:
        return tables.breakdown(published)
    if len(answer.periods) > 1:
        return _line(answer, heading)
    if answer.by == ALL:
        return _one_number(answer, heading)
    if answer.by in IN_TIME:
        return charts.line(published, heading, others=_over_time(answer, published))
    unit = answer.entry.unit
    if answer.entry.is_difference or len(published.figures) > MOST_BARS:
        return tables.breakdown(published)
    if unit == "ratio":
        return charts.ratios(published, heading)
    if unit == "probability":
        return charts.intervals(published, heading)
    areas = _areas(answer)
    if len(areas) > 1:
        return charts.bars(published, heading, others=areas)
    return charts.bars(published, heading, areas[0] if areas else None)


def _line(answer: Answer, heading: str) -> charts.Chart | tables.HtmlTable:
    if answer.by != ALL or not (answer.entry.when == "day" or _of_one_length(answer.periods)):
        return answer.table
    study = answer.explorer.study
    several = [study(period).published(answer.entry.id, ALL) for period in answer.periods]
    together = across(several)
    return charts.line(together, heading, others=_over_time(answer, together))


def _of_one_length(periods: tuple[Period, ...]) -> bool:
    days = [period.days for period in periods]
    return max(days) <= min(days) * (1 + ALIKE)


def _one_number(answer: Answer, heading: str) -> charts.Chart | tables.HtmlTable:
    if answer.entry.history:
        earlier = answer.last.published(answer.entry.id, PERIOD)
        if not earlier.reason:
            return charts.line(earlier, heading, others=_over_time(answer, earlier))
    return tables.breakdown(answer.published)


def _areas(answer: Answer) -> list[tuple[str, dict]]:
    """Return the areas that are drawn, each with its values by group."""
    drawn = list(dict.fromkeys(answer.comparators["area"]))[: len(AREA_MARKS)]
    found = [answer.last.comparator(answer.entry.id, answer.by, area) for area in drawn]
    return [each for each in found if each is not None]


def _over_time(answer: Answer, published: Published) -> list[tuple[str, dict]]:
    """Return the areas that are drawn, each with its values by period: full years only."""
    if published.breakdown != PERIOD:
        return []
    entry, place = answer.entry, answer.last.authority
    found: dict[str, dict] = {area: {} for area, _ in _areas_of_the_whole(answer)}
    for name in published.figures["group"] if found else ():
        period = single(name)
        if not period.is_year:
            continue
        held = lookup.comparators(
            entry.id, ALL, place.ons_code, period.end, entry.unit, place.publications
        )
        for row in held.itertuples(index=False):
            if row.area in found and row.unit == entry.unit:
                found[row.area][name] = row.value
    return [(area, values) for area, values in found.items() if values]


def _areas_of_the_whole(answer: Answer) -> list[tuple[str, dict]]:
    """Return the areas drawn beside a measure's whole, also where it is asked for by period."""
    return _areas(answer if answer.by == ALL else replace(answer, by=ALL))
