"""Measures of rarely kept local lists: review meetings, conferences, carers' reviews and more."""

from __future__ import annotations

import pandas as pd

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period

COUNT = "count"


def _counted(measure: str, name: str, column: str) -> breakdowns.Indicator:
    """Return the function for a count of a list's rows, in all or by one of its columns."""

    def count(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Rows of the list dated in the period [count]."""
        rows = lists.dated_in(record, name, column, period)
        if breakdown == ALL:
            return breakdowns.total(measure, len(rows), COUNT, COUNT)
        every = record.authority.lists[name][breakdown]
        return breakdowns.by_own_label(measure, breakdown, rows[breakdown], every, name)

    return count


review_meetings = _counted("review_meetings", "review_meetings", "date")
informal_challenges = _counted("informal_challenges", "informal_challenges", "raised")
conferences = _counted("child_protection_conferences", "conferences", "held")


def seen_before_review(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews before which the officer had seen the child [percent].

    Of those listed in the period for which the list says yes or no.
    """
    rows = reviews_with_answer(record, period)
    return breakdowns.clustered_percentage(
        "seen_before_review", rows["child"], rows["seen_before"].eq(1)
    )


def reviews_with_answer(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews listed in the period for which it is said whether the child was seen."""
    rows = lists.dated_in(record, "review_meetings", "date", period)
    return rows[rows["seen_before"].notna()].reset_index(drop=True)


def midway_of_due(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the times between two reviews in which a midway review was held [percent].

    Every review held in the period that follows another of the same period of care closes one such
    time; a midway review dated after the one and before the other meets it.
    """
    rows = between_reviews(record, period)
    return breakdowns.clustered_percentage("midway_reviews_of_due", rows["child"], rows["midway"])


def between_reviews(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews held in the period that follow another, with ``midway``."""
    rows = record.reviews_required
    inside = rows["review_date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = rows[inside & rows["before"].notna()].reset_index(drop=True)
    held = record.authority.lists["midway_reviews"][["child", "date"]]
    pairs = rows[["child", "before", "review_date"]].assign(row=rows.index).merge(held, on="child")
    met = (pairs["date"] > pairs["before"]) & (pairs["date"] < pairs["review_date"])
    return rows.assign(midway=rows.index.isin(set(pairs.loc[met, "row"])))


def conferences_in_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of child protection conferences held by the day on which they were due [percent].

    Of those held in the period whose due day is listed.
    """
    rows = lists.dated_in(record, "conferences", "held", period)
    rows = rows[rows["due"].notna()]
    good = int((rows["held"] <= rows["due"]).sum())
    return breakdowns.percentage("child_protection_conferences_in_time", good, len(rows))


def foster_carer_reviews(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of foster carers' annual reviews due in the period that were held by then [percent]."""
    rows = lists.dated_in(record, "foster_carer_reviews", "due", period)
    good = int((rows["held"] <= rows["due"]).sum())
    return breakdowns.percentage("foster_carer_reviews", good, len(rows))


def children_said(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Answers of children in the period: in all, or by question and answer [count]."""
    rows = lists.dated_in(record, "children_said", "date", period)
    if breakdown == ALL:
        return breakdowns.total("children_said", len(rows), COUNT, COUNT)
    every = _answers(record.authority.lists["children_said"])
    return breakdowns.by_own_label(
        "children_said", breakdown, _answers(rows), every, "children_said"
    )


def _answers(rows: pd.DataFrame) -> pd.Series:
    """Return question and answer as one label; blank where one of them is."""
    both = rows["question"].ne("") & rows["answer"].ne("")
    return (rows["question"] + ": " + rows["answer"]).where(both, "")
