"""From a measure's name to its figures: needs looked at first, every breakdown answered."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

import pandas as pd

from iro_analysis import catalogue, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import ParameterError, near_name
from iro_analysis.periods import Period


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
    module, _, function = entry.computed_by.partition(":")
    compute = getattr(import_module(f"iro_analysis.indicators.{module}"), function)
    rows = []
    for name in [breakdown] if breakdown else entry.breakdowns:
        reason = why_not(record, period, entry.needs_of(name), entry.looks_back)
        rows.append(
            contracts.not_available(measure, name, entry.unit, reason)
            if reason
            else compute(record, period, name)
        )
    found = pd.concat(rows, ignore_index=True)
    found.insert(0, "period", period.name)
    return found[contracts.FIGURE_COLUMNS]


def why_not(record: CareRecord, period: Period, needs: Iterable[str], looks_back: int = 0) -> str:
    """Return the first reason why what is needed is not there; empty where all of it is."""
    for need in needs:
        if reason := record.authority.why_not(need, period, looks_back):
            return reason
    return ""


def all_figures(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the figures of every measure of the catalogue, in its order."""
    rows = [figures(record, period, name) for name in catalogue.measures()]
    return pd.concat(rows, ignore_index=True)
