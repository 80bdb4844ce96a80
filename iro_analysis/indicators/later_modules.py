"""Figures of modules that were added to the return: social workers, deprivations of liberty."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, year_of


def with_social_workers(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after at the year's end with a recorded social worker.

    Returns
    -------
    DataFrame, one row per child
        ``child``, ``workers``: how many different social workers the child had from 1 April to the
        last day, in care or not; one who came back counts once (A, B, A is two).

    References
    ----------
    METHODS 3.6: DfE, stability measures, statistics in development.
    """
    year = year_of(period.end)
    rows = record.authority.tables["social_workers"]
    touches = (rows["start"] <= pd.Timestamp(year.end)) & (
        rows["end"].isna() | (rows["end"] >= pd.Timestamp(year.start))
    )
    workers = rows[touches].groupby("child")["social_worker"].nunique()
    people = record.looked_after_on(period.end)[["child"]]
    people["workers"] = people["child"].map(workers)
    people = people[people["workers"].notna()].reset_index(drop=True)
    one, two, more = breakdowns.groups("social_workers")
    label = people["workers"].clip(1, 3).map({1: one, 2: two, 3: more}).astype(str)
    return people.assign(social_workers=label)


def social_workers(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after at the year's end by their social workers in the year [children]."""
    labels = with_social_workers(record, period)["social_workers"]
    known = breakdowns.groups(breakdown)
    return breakdowns.counts(
        "social_workers_in_year", breakdown, labels, known, "children", "count"
    )


def three_or_more_workers(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children with three or more social workers in the year [percent].

    Out of those with a recorded social worker.
    """
    people = with_social_workers(record, period)
    least = codes.record("rules")["social_workers"]["many"]
    many = int(people["workers"].ge(least).sum())
    return breakdowns.percentage("three_or_more_social_workers", many, len(people))


def deprived(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after under a deprivation of liberty order in the period."""
    rows = record.authority.tables["deprivations_of_liberty"]
    touches = (rows["start"] <= pd.Timestamp(period.end)) & (
        rows["end"].isna() | (rows["end"] >= pd.Timestamp(period.start))
    )
    people = record.looked_after_during(period)
    return people[people["child"].isin(rows.loc[touches, "child"])].reset_index(drop=True)


def deprived_of_liberty(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after under a deprivation of liberty order in the period [children]."""
    count = len(deprived(record, period))
    return breakdowns.total("deprived_of_liberty", count, "children", "count")
