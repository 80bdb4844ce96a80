"""The groups of each breakdown, and counting by them: every group has a row, zeros too."""

from __future__ import annotations

from datetime import date

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.contracts import ALL
from iro_analysis.estimates import proportions


def groups(breakdown: str, day: date | None = None) -> list[str]:
    """Return the labels of a breakdown in the order in which they are shown.

    Parameters
    ----------
    breakdown : str
        Id of ``reference/breakdowns.toml``.
    day : date, optional
        Decides between DfE's two groupings of placement types.
    """
    record = codes.record("breakdowns")[breakdown]
    if "groups" in record:
        return list(record["groups"])
    labels = codes.CodeList(record["code_list"]).groups(column_on(breakdown, day))
    return [label for label in dict.fromkeys(labels) if label not in record.get("without", ())]


def column_on(breakdown: str, day: date | None) -> str:
    """Return the code list's column that a breakdown takes its labels from on a day."""
    record = codes.record("breakdowns")[breakdown]
    second = codes.record("rules")["placement_groups"]["second_grouping_from"]
    if "column_from_2023" in record and day is not None and day >= second:
        return record["column_from_2023"]
    return record["column"]


def with_not_known(known: list[str], present: pd.Series) -> list[str]:
    """Return the groups with Not known behind them where someone is in it."""
    extra = [label for label in present.unique() if label not in known]
    return known + ([codes.NOT_KNOWN] if extra else [])


def tally(labels: pd.Series, known: list[str]) -> pd.Series:
    """Return the count of each group, zeros too; labels of no group are Not known."""
    shown = with_not_known(known, labels)
    tidy = labels.where(labels.isin(known), codes.NOT_KNOWN)
    return tidy.value_counts().reindex(shown, fill_value=0).astype(int)


def counts(
    measure: str, breakdown: str, labels: pd.Series, known: list[str], unit: str, method: str
) -> pd.DataFrame:
    """Return a count by group as figures: numerator and value the count, denominator the total."""
    found = tally(labels, known)
    return contracts.figures(
        measure,
        breakdown,
        list(found.index),
        unit=unit,
        numerator=found.to_numpy(),
        denominator=len(labels),
        value=found.to_numpy(),
        method=method,
    )


def shares(measure: str, breakdown: str, labels: pd.Series, known: list[str]) -> pd.DataFrame:
    """Return each group's share of the whole as figures, with simultaneous intervals [percent]."""
    found = tally(labels, known)
    whole = int(found.sum())
    if not whole:
        return contracts.not_available(measure, breakdown, "percent", "there is no child to count")
    lower, upper = proportions.goodman(found.to_numpy())
    return contracts.figures(
        measure,
        breakdown,
        list(found.index),
        unit="percent",
        numerator=found.to_numpy(),
        denominator=whole,
        value=found.to_numpy() / whole * 100,
        lower=lower * 100,
        upper=upper * 100,
        method=proportions.GOODMAN,
    )


def total(measure: str, count: int, unit: str, method: str) -> pd.DataFrame:
    """Return the one figure of a measure without breakdown that is a count."""
    return contracts.figures(
        measure,
        ALL,
        [ALL],
        unit=unit,
        numerator=count,
        denominator=count,
        value=count,
        method=method,
    )
