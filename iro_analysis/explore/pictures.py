"""Which picture suits an answer: by its unit, its breakdown and its periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iro_analysis import charts, tables
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import across
from iro_analysis.periods import Period

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

MOST_BARS = 24
FIRST_CHOICE = "England"
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
        return charts.line(published, heading)
    unit = answer.entry.unit
    if answer.entry.is_difference or len(published.figures) > MOST_BARS:
        return tables.breakdown(published)
    if unit == "ratio":
        return charts.intervals(published, heading, reference=1, log=True)
    if unit == "probability":
        return charts.intervals(published, heading)
    return charts.bars(published, heading, _marked(answer))


def _line(answer: Answer, heading: str) -> charts.Chart | tables.HtmlTable:
    if answer.by != ALL or not (answer.entry.when == "day" or _of_one_length(answer.periods)):
        return answer.table
    study = answer.explorer.study
    several = [study(period).published(answer.entry.id, ALL) for period in answer.periods]
    return charts.line(across(several), heading)


def _of_one_length(periods: tuple[Period, ...]) -> bool:
    days = [period.days for period in periods]
    return max(days) <= min(days) * (1 + ALIKE)


def _one_number(answer: Answer, heading: str) -> charts.Chart | tables.HtmlTable:
    if answer.entry.history:
        earlier = answer.last.published(answer.entry.id, PERIOD)
        if not earlier.reason:
            return charts.line(earlier, heading)
    return tables.breakdown(answer.published)


def _marked(answer: Answer) -> tuple[str, dict] | None:
    """Return the area marked on each bar: the one asked for, else England where it is held."""
    if answer.against == "":
        return None
    return answer.last.comparator(answer.entry.id, answer.by, answer.against or FIRST_CHOICE)
