"""Monthly figures of up to three years, long enough for limits of their usual ups and downs."""

from __future__ import annotations

import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates.spc import FEWEST_POINTS
from iro_analysis.indicators import breakdowns, evaluate, lists, missing, reviews
from iro_analysis.periods import Period

MONTHS = 36
COUNT = "count"


def window(record: CareRecord, period: Period, measure: str) -> Period | None:
    """Return up to 36 whole months to the period's end that have a measure; None under 13."""
    last = pd.Period(period.end, "M")
    if period.end != last.end_time.date():
        last -= 1
    first = pd.Period(record.authority.covers_from, "M")
    if record.authority.covers_from != first.start_time.date():
        first += 1
    first = max(first, last - (MONTHS - 1))
    begins = last
    while begins > first and evaluate.is_covered(record, _days_of(begins - 1), period, measure):
        begins -= 1
    if (last - begins).n + 1 < FEWEST_POINTS:
        return None
    return _days_of(begins, last)


def _days_of(first: pd.Period, last: pd.Period | None = None) -> Period:
    """Return the days from the first of one month to the last of another, or of the same."""
    start, end = first.start_time.date(), (last or first).end_time.date()
    return Period(start, end, f"{start.isoformat()}:{end.isoformat()}")


def _too_short(measure: str, breakdown: str, unit: str) -> pd.DataFrame:
    reason = f"limits need {FEWEST_POINTS} whole months, and the returns cover fewer"
    return contracts.not_available(measure, breakdown, unit, reason)


def reviews_on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews held on time, by month of up to three years [percent of reviews].

    A month without a review that can be judged has no figure. No interval: a chart of monthly
    figures has limits of its own (``estimates.spc``).
    """
    measure = "reviews_on_time_by_month"
    whole = window(record, period, measure)
    if whole is None:
        return _too_short(measure, breakdown, "percent")
    rows = reviews.judged(record, whole)
    months = rows["review_date"].dt.to_period("M")
    every = pd.period_range(whole.start, whole.end, freq="M")
    found = rows["on_time"].groupby(months).agg(["sum", "size"]).reindex(every).fillna(0)
    names = [f"{month:%B %Y}" for month in every.to_timestamp()]
    figures = breakdowns.percentages(measure, breakdown, names, found["sum"], found["size"])
    return figures.assign(lower=float("nan"), upper=float("nan"), method="share of reviews")


def _of_days(measure: str, breakdown: str, days: pd.Series, whole: Period) -> pd.DataFrame:
    found = breakdowns.by_month(measure, days, whole)
    return found.assign(breakdown=breakdown)


def disputes(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Formal disputes raised, by month of up to three years [count]."""
    measure = "disputes_by_month"
    whole = window(record, period, measure)
    if whole is None:
        return _too_short(measure, breakdown, COUNT)
    rows = lists.dated_in(record, "disputes", "raised", whole)
    return _of_days(measure, breakdown, rows["raised"], whole)


def missing_incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Incidents of going missing that began, by month of up to three years [count].

    Of children looked after at any time in the month, so that a month is the same in each report.
    A child who goes missing often makes many of them, so that months are less steady than chance
    alone would have them.
    """
    measure = "missing_incidents_by_month"
    whole = window(record, period, measure)
    if whole is None:
        return _too_short(measure, breakdown, COUNT)
    rows, _ = missing.incidents_of(record, whole)
    rows = rows[rows["start"] >= pd.Timestamp(whole.start)]
    inside = pd.Series(False, index=rows.index)
    for month, mine in rows.groupby(rows["start"].dt.to_period("M")):
        people = record.looked_after_during(_days_of(month))
        inside[mine.index] = mine["child"].isin(people["child"])
    return _of_days(measure, breakdown, rows.loc[inside, "start"], whole)
