"""Find and call the function that lists the rows behind a measure, named by its record."""

from __future__ import annotations

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.errors import ParameterError
from iro_analysis.indicators import evaluate
from iro_analysis.indicators.rows import Lister
from iro_analysis.periods import Period, single


def lister(measure: str) -> Lister | None:
    """Return the function that lists the rows behind a measure; None where there are none."""
    entry = catalogue.measure(measure)
    return evaluate.function_of(entry.rows, entry) if entry.rows else None


def why_none(measure: str) -> str:
    """Return why no children can be listed behind a measure; empty where they can."""
    return catalogue.measure(measure).no_rows


def rows_behind(
    record: CareRecord, period: Period, measure: str, breakdown: str
) -> pd.DataFrame | None:
    """Return the rows behind a measure that has a figure; None where nothing can be listed."""
    found = lister(measure)
    return None if found is None else found(record, period, breakdown)


def behind(record: CareRecord, period: Period, measure: str, breakdown: str = ALL) -> pd.DataFrame:
    """Return the rows behind a measure: what it counts, and out of what.

    Parameters
    ----------
    record : CareRecord
    period : Period
    measure, breakdown : str
        Of the catalogue.

    Returns
    -------
    DataFrame, one row per child, review or other thing
        ``child``, ``group``, ``counted`` (in the numerator) and what is known of the thing. Not
        for publication.

    Raises
    ------
    ParameterError
        If the measure counts nothing that is a child's, or has no figure for the period.
    """
    entry = catalogue.measure(measure)
    found = lister(measure)
    if found is None:
        raise ParameterError(f"no children can be listed behind {measure}: {entry.no_rows}")
    figures = evaluate.figures(record, period, measure, breakdown)
    if figures["status"].eq("not_available").all():
        raise ParameterError(
            f"{entry.title} has no figure for {period.title}: {figures['note'].iloc[0]}"
        )
    if breakdown != PERIOD:
        return found(record, period, breakdown)
    known = [single(name) for name in figures.loc[figures["status"].eq("ok"), "group"]]
    return pd.concat(
        [found(record, each, ALL).assign(group=each.name) for each in known],
        ignore_index=True,
    )
