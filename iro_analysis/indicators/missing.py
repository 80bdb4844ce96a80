"""Children who go missing from care, and those at risk of exploitation."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period

MISSING = "M"


def incidents_of(record: CareRecord, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the incidents of the period, and the children looked after at any time in it.

    An incident open when the period began is one of its own (LAIT 161). Being away, whereabouts
    known (code A), is no incident of being missing.
    """
    people = record.looked_after_during(period)
    rows = record.authority.tables["missing"]
    touches = (rows["start"] <= pd.Timestamp(period.end)) & (
        rows["end"].isna() | (rows["end"] >= pd.Timestamp(period.start))
    )
    mine = rows["missing_type"].eq(MISSING) & rows["child"].isin(people["child"])
    return rows[touches & mine], people


def children_missing(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after in the period who went missing in it [percent].

    Out of all who were looked after at any time in the period, not on its last day.
    """
    rows, people = incidents_of(record, period)
    return breakdowns.percentage("children_missing", rows["child"].nunique(), len(people))


def with_incidents(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children who went missing in the period, by ``number_of_incidents``."""
    rows, _ = incidents_of(record, period)
    counts = rows.groupby("child").size().rename("incidents").reset_index()
    few, several, many = breakdowns.groups("number_of_incidents")
    rules = codes.record("rules")["missing_incidents"]
    label = pd.Series(several, counts.index).mask(counts["incidents"].eq(1), few)
    label = label.mask(counts["incidents"].ge(rules["many"]), many)
    return counts.assign(number_of_incidents=label.astype(str))


def by_incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who went missing by how often they did in the period [children]."""
    labels = with_incidents(record, period)[breakdown]
    known = breakdowns.groups(breakdown)
    return breakdowns.counts(
        "children_missing_by_incidents", breakdown, labels, known, "children", "count"
    )


def incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Incidents of going missing on a day of the period [count]."""
    rows, _ = incidents_of(record, period)
    return breakdowns.total("missing_incidents", len(rows), "count", "count")


def incidents_per_child(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Incidents for each child who went missing [ratio]; no figure where none did."""
    rows, _ = incidents_of(record, period)
    children = rows["child"].nunique()
    if not children:
        return contracts.not_available("incidents_per_child", ALL, "ratio", "no child went missing")
    return contracts.figures(
        "incidents_per_child",
        ALL,
        [ALL],
        unit="ratio",
        numerator=len(rows),
        denominator=children,
        value=len(rows) / children,
        method="mean",
    )


def return_interviews(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of returns from being missing after which an interview was held [percent].

    Of those listed whose missing began in the period; a blank is not held.
    """
    rows = lists.dated_in(record, "return_interviews", "missing_start", period)
    return breakdowns.clustered_percentage("return_interviews", rows["child"], rows["held"].eq(1))


def exploitation_tracked(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children tracked for risk of exploitation on the period's last day [children]."""
    count = int(lists.open_on(record, "exploitation", period)["child"].nunique())
    return breakdowns.total("exploitation_tracked", count, "children", "count")
