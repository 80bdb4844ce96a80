"""Advocacy: involvements of an advocate, and referrals that the authority's own service made."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period

COUNT = "count"


def _involvements(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["route"].ne(codes.record("rules")["advocacy"]["route_of_referrals"])]


def involvements(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Involvements that began in the period: in all, by route, or by reason [count].

    A referral to the advocacy service is no involvement yet: see ``referrals``. Reasons are those
    of involvements on a specific issue; the others have their route for a reason.
    """
    rows = _involvements(lists.dated_in(record, "advocacy", "date", period))
    every = _involvements(record.authority.lists["advocacy"])
    if breakdown == ALL:
        return breakdowns.total("advocacy", len(rows), COUNT, COUNT)
    if breakdown == "reason":
        route = codes.record("rules")["advocacy"]["route_with_reasons"]
        if not every["route"].eq(route).any():
            return contracts.not_available(
                "advocacy", breakdown, COUNT, f"local/advocacy.csv has no route {route!r}"
            )
        rows, every = rows[rows["route"].eq(route)], every[every["route"].eq(route)]
    return breakdowns.by_own_label(
        "advocacy", breakdown, rows[breakdown], every[breakdown], "advocacy"
    )


def referrals(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Referrals to the advocacy service that the authority's own service made [count].

    Returns
    -------
    figures, one row [count]
        ``not_available`` where the list has no such route at all: that is no zero.
    """
    route = codes.record("rules")["advocacy"]["route_of_referrals"]
    if not record.authority.lists["advocacy"]["route"].eq(route).any():
        return contracts.not_available(
            "advocacy_referrals", ALL, COUNT, f"local/advocacy.csv has no route {route!r}"
        )
    rows = lists.dated_in(record, "advocacy", "date", period)
    count = int(rows["route"].eq(route).sum())
    return breakdowns.total("advocacy_referrals", count, COUNT, COUNT)
