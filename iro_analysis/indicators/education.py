"""Education but for GCSE results: plans, suspensions, higher education, from local lists."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period


def plans_up_to_date(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the personal education plans looked at in the period found up to date [percent].

    A pupil's plan may be looked at in each term; each time counts. A blank is not counted, and the
    note says how many there are.
    """
    every = lists.dated_in(record, "education_plans", "date", period)
    rows = every[every["up_to_date"].notna()]
    good = rows["up_to_date"].eq(1)
    found = breakdowns.clustered_percentage("pep_up_to_date", rows["child"], good)
    blank = len(every) - len(rows)
    if not blank or rows.empty:
        return found
    return found.assign(note=f"not known for {blank} of {len(every)}: the answer is blank")


def with_ehc_plan(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children of 4 to 17 looked after on the last day with an EHC plan open [percent]."""
    people = of_school_age(record, period)
    return breakdowns.percentage("ehc_plan", int(people["has_plan"].sum()), len(people))


def of_school_age(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children of 4 to 17 looked after on the last day, with ``has_plan``."""
    rules = codes.record("rules")["ehc_plan"]
    people = record.looked_after_on(period.end)
    people = people[people["age"].between(rules["from_age"], rules["to_age"])]
    plans = lists.open_on(record, "ehc_plans", period)
    return people.assign(has_plan=people["child"].isin(plans["child"]))


def suspensions_of(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the suspensions of a period of children looked after on their first day."""
    rows = lists.dated_in(record, "suspensions", "date", period)
    return rows[record.looked_after_when(rows, "date")]


def suspended_children(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children with a suspension in the period, looked after on its first day [children]."""
    count = int(suspensions_of(record, period)["child"].nunique())
    return breakdowns.total("suspended_children", count, "children", "count")


def suspended_days(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Days of the suspensions that began in the period [days].

    Returns
    -------
    figures, one row [days]
        Half days as the list has them. ``not_available`` where a row gives no days.
    """
    rows = suspensions_of(record, period)
    if rows["days"].isna().any() or rows["days"].lt(0).any():
        reason = "a row of local/suspensions.csv gives no days, or fewer than none"
        return contracts.not_available("suspended_days", ALL, "days", reason)
    return contracts.figures(
        "suspended_days", ALL, [ALL], unit="days", value=float(rows["days"].sum()), method="sum"
    )


def in_higher_education(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Young people in higher education on the period's last day [children]."""
    count = int(lists.open_on(record, "higher_education", period)["child"].nunique())
    return breakdowns.total("higher_education", count, "children", "count")
