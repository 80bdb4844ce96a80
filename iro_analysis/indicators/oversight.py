"""The reviewing service itself: officers, caseloads, disputes, midway reviews, consultation."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts, working_days
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period, in_words

COUNT = "count"


def officers(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Officers in post on the last day, in all or by a column as the list words it [count]."""
    rows = lists.open_on(record, "officers", period, "started", "left")
    if breakdown == ALL:
        return breakdowns.total("officers", len(rows), COUNT, COUNT)
    every = record.authority.lists["officers"][breakdown]
    return breakdowns.by_own_label("officers", breakdown, rows[breakdown], every, "officers")


def caseload(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children held for each full-time equivalent on the last date of the list in the period.

    Returns
    -------
    figures, one row [children]
        Numerator: children held; denominator: full-time equivalent of the officers who hold any.
        An officer who reviews foster carers only has no row, and is left out. ``not_available``
        where an officer who holds children has no full-time equivalent, or an officer's number of
        children is not given: leaving one out would make a wrong figure.

    References
    ----------
    IRO Handbook 2010, 7.15: 50 to 70.
    """
    measure = "caseload_per_officer"
    rows = lists.dated_in(record, "caseload", "date", period)
    if rows.empty:
        return contracts.not_available(
            measure, ALL, "children", "local/caseload.csv has no row dated in the period"
        )
    day = rows["date"].max()
    rows = rows[rows["date"].eq(day)]
    if unknown := int(rows["children"].isna().sum()):
        return contracts.not_available(
            measure,
            ALL,
            "children",
            f"{unknown} of the rows of local/caseload.csv of {in_words(day.date())} give no "
            "number of children",
        )
    rows = rows[rows["children"].gt(0)]
    staff = record.authority.lists["officers"]
    serving = staff[(staff["started"] <= day) & (staff["left"].isna() | (staff["left"] >= day))]
    known = serving.set_index("officer")  # reading leaves one row for each officer
    time = rows["officer"].map(known["full_time_equivalent"])
    without = int((time.isna() | time.le(0)).sum())
    if without or rows.empty:
        return contracts.not_available(
            measure,
            ALL,
            "children",
            f"{without} of the officers with a caseload on {in_words(day.date())} have no "
            "full-time equivalent in local/officers.csv on that day"
            if without
            else f"local/caseload.csv gives no children on {in_words(day.date())}",
        )
    held, full_time = float(rows["children"].sum()), float(time.sum())
    return contracts.figures(
        measure,
        ALL,
        [ALL],
        unit="children",
        numerator=held,
        denominator=full_time,
        value=held / full_time,
        method="children for each full-time equivalent",
        note=f"on {in_words(day.date())}",
    )


def disputes(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Formal disputes raised in the period: in all, by stage, theme or month [count]."""
    rows = lists.dated_in(record, "disputes", "raised", period)
    if breakdown == ALL:
        return breakdowns.total("disputes", len(rows), COUNT, COUNT)
    if breakdown == "month":
        return breakdowns.by_month("disputes", rows["raised"], period)
    every = record.authority.lists["disputes"][breakdown]
    return breakdowns.by_own_label("disputes", breakdown, rows[breakdown], every, "disputes")


def disputes_in_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of disputes raised in the period that were resolved within 20 working days [percent].

    One still open whose twentieth working day falls after the period's end is in neither number:
    nothing can be said of it yet.
    """
    rows = lists.dated_in(record, "disputes", "raised", period)
    limit = working_days.after(
        rows["raised"], codes.record("rules")["disputes"]["within_working_days"]
    )
    resolved = rows["resolved"].notna()
    judged = resolved | (limit <= pd.Timestamp(period.end))
    good = resolved & rows["resolved"].between(rows["raised"], limit)
    return breakdowns.percentage(
        "disputes_within_20_working_days", int(good.sum()), int(judged.sum())
    )


def midway_reviews(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Midway reviews dated in the period [count]."""
    rows = lists.dated_in(record, "midway_reviews", "date", period)
    return breakdowns.total("midway_reviews", len(rows), COUNT, COUNT)


def consultation_forms(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Consultation forms received in the period, in all or by who returned them [count]."""
    rows = lists.dated_in(record, "consultation", "date", period)
    if breakdown == ALL:
        return breakdowns.total("consultation_forms", len(rows), COUNT, COUNT)
    every = record.authority.lists["consultation"]["respondent"]
    return breakdowns.by_own_label(
        "consultation_forms", breakdown, rows["respondent"], every, "consultation"
    )
