"""Compute a measure's figures by its name: check what it needs, answer every breakdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module

import pandas as pd

from iro_analysis import catalogue, contracts
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.errors import ParameterError, PeriodError, ReferenceDataError, near_name
from iro_analysis.periods import (
    Period,
    apart,
    compared_periods,
    year_of,
    year_to_date,
)


def figures(
    record: CareRecord, period: Period, measure: str, breakdown: str | None = None
) -> pd.DataFrame:
    """Return the figures of a measure for a period.

    Parameters
    ----------
    record : CareRecord
    period : Period
    measure : str
        Id of the catalogue.
    breakdown : str, optional
        One of the measure's breakdowns; all of them where none is given.

    Returns
    -------
    DataFrame
        Columns of ``contracts.FIGURE_COLUMNS``. What cannot be said is one row with the reason.

    Raises
    ------
    ParameterError
        If there is no such measure or breakdown.
    """
    entry = catalogue.measure(measure)
    if breakdown is not None and breakdown not in entry.breakdowns:
        raise ParameterError(
            f"{measure} has no breakdown {breakdown!r}{near_name(breakdown, entry.breakdowns)}; "
            f"it has {', '.join(entry.breakdowns)}"
        )
    names = [breakdown] if breakdown else entry.breakdowns
    return _together([_of_breakdown(record, period, entry, name) for name in names], period)


def _of_breakdown(
    record: CareRecord, period: Period, entry: Measure, breakdown: str
) -> pd.DataFrame:
    if breakdown == PERIOD:
        return record.once(
            ("beside", entry.id, period), lambda: _beside_earlier_periods(record, period, entry)
        )
    if reason := why_not(record, period, entry, breakdown):
        return contracts.not_available(entry.id, breakdown, entry.unit, reason)
    return _computed(record, period, entry, breakdown)


def _together(rows: list[pd.DataFrame], period: Period) -> pd.DataFrame:
    found = pd.concat(rows) if len(rows) > 1 else rows[0]
    found = found.reset_index(drop=True)
    found.insert(0, "period", period.name)
    return found[contracts.FIGURE_COLUMNS]


def _computed(record: CareRecord, period: Period, entry: Measure, breakdown: str) -> pd.DataFrame:
    """Calculate a measure once: the next four years compare with the same year."""
    function = function_of(f"indicators.{entry.computed_by}", entry)
    return record.once(
        ("measure", entry.id, period, breakdown), lambda: function(record, period, breakdown)
    )


def function_of(name: str, entry: Measure) -> Callable:
    """Return a function that a measure's record names as ``module:function``.

    Raises
    ------
    ReferenceDataError
        If there is no such module or function.
    """
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(f"iro_analysis.{module}"), function)
    except (ImportError, AttributeError):
        raise ReferenceDataError(
            f"measures: {entry.id} names {name}; expected a function of iro_analysis"
        ) from None


def _beside_earlier_periods(record: CareRecord, period: Period, entry: Measure) -> pd.DataFrame:
    """Return a measure for the periods compared with this one, each a group of its own."""
    several = compared_periods(period)
    to_date = year_to_date(period)
    if entry.when == "period":
        several = apart(several, period)
        if to_date:
            several = [*several[:-1], to_date, several[-1]]
    if entry.when == "year":  # a part of a year has no such figure, and no earlier part has
        several = [each for each in several if _ends_a_year(each)] or [period]
    return pd.concat([_in_a_period(record, each, entry) for each in several], ignore_index=True)


def _in_a_period(record: CareRecord, period: Period, entry: Measure) -> pd.DataFrame:
    place = record.authority
    only_the_day = entry.when == "day" and not entry.looks_back
    known = only_the_day and place.covers_from <= period.end <= place.covers_to
    try:
        if not known:
            place.check_covers(period)
        reason = why_not(record, period, entry, ALL)
    except PeriodError:
        reason = f"the returns do not cover {period.title}"
    row = (
        contracts.not_available(entry.id, ALL, entry.unit, reason)
        if reason
        else _computed(record, period, entry, ALL)
    )
    return row.assign(breakdown=PERIOD, group=period.name)


def _ends_a_year(period: Period) -> bool:
    return period.end == year_of(period.end).end


def why_not(record: CareRecord, period: Period, entry: Measure, breakdown: str) -> str:
    """Return why a breakdown of a measure cannot be given for a period; empty where it can."""
    if entry.when == "year" and not _ends_a_year(period):
        return "it is collected once a year, for the year to 31 March"
    for need in entry.needs_of(breakdown):
        if reason := record.authority.why_not(need, period, entry.looks_back):
            return reason
    return ""


def is_covered(record: CareRecord, part: Period, period: Period, measure: str) -> bool:
    """Whether the returns and lists cover a measure for a part of the years up to a period's end.

    A part of the period itself is covered wherever the measure has a figure. Before the period, a
    file that was not given, or a list that began later, does not mean 0.
    """
    if part.start >= period.start:
        return True
    try:
        record.authority.check_covers(part)
    except PeriodError:
        return False
    return not why_not(record, part, catalogue.measure(measure), ALL)


def all_figures(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the figures of every measure of the catalogue, in its order."""
    rows = [
        _of_breakdown(record, period, entry, name)
        for entry in catalogue.measures().values()
        for name in entry.breakdowns
    ]
    return _together(rows, period)


@dataclass(frozen=True)
class FiguresWhenAsked:
    """The figures of a period, each measure worked out when it is first asked for.

    A question about one measure waits for no other; asked for as a whole, they are all there.

    Attributes
    ----------
    record : CareRecord
        It keeps what a measure and breakdown came to, so nothing is worked out twice.
    period : Period
    """

    record: CareRecord
    period: Period

    @cached_property
    def whole(self) -> pd.DataFrame:
        """All figures: those of ``all_figures``."""
        return all_figures(self.record, self.period)

    def of(self, measure: str, breakdown: str | None) -> pd.DataFrame:
        """Return the figures of a measure, of one breakdown or of all: see ``figures``."""
        return figures(self.record, self.period, measure, breakdown)
