"""Care leavers aged 17 to 21, and 22 to 25 with support: in touch, activity, home (OC3 module)."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.background import completed_years
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, reporting_year, year_of


def cohort(record: CareRecord, period: Period, ages: str = "care_leavers") -> pd.DataFrame:
    """Return the young people of the year's return whose 17th to 21st birthday fell in the year.

    Parameters
    ----------
    record : CareRecord
    period : Period
    ages : str
        Record of ``reference/rules.toml``: ``care_leavers``, or ``care_leavers_22_to_25``, those
        who asked for support, in the return since 2023.

    Returns
    -------
    DataFrame, one row per young person
        The columns of OC3 and ``age_group``. Who died or went home for six months or more is left
        out; who refused contact or no longer wants the service stays in.

    References
    ----------
    METHODS 3.14.
    """
    rules = codes.record("rules")[ages]
    year = year_of(period.end)
    rows = record.authority.tables["oc3"]
    rows = rows[rows["return_year"].eq(year.start.year)].drop_duplicates("child", keep="last")
    # Age on 31 March is that of the birthday which fell in the year.
    age = completed_years(rows["birth_date"], year.end)
    counted = rows["in_touch"].isin(codes.IN_TOUCH.where("counted", "no"))
    rows = rows[age.between(rules["youngest"], rules["oldest"]) & ~counted]
    younger, older = breakdowns.groups("age_group")
    older_from = codes.record("rules")["care_leavers"]["older_group_from"]
    group = age.loc[rows.index].ge(older_from).map({True: older, False: younger})
    return rows.assign(age_group=group)


def _share(measure: str, breakdown: str, people: pd.DataFrame, reached: pd.Series) -> pd.DataFrame:
    if breakdown == ALL:
        return breakdowns.percentage(measure, int(reached.sum()), len(people))
    groups = breakdowns.groups(breakdown)
    counted = reached.groupby(people["age_group"]).agg(["sum", "size"]).reindex(groups).fillna(0)
    return breakdowns.percentages(measure, breakdown, groups, counted["sum"], counted["size"])


def in_touch(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share that the service was in touch with around their birthday [percent]."""
    people = cohort(record, period)
    reached = people["in_touch"].isin(codes.IN_TOUCH.where("in_touch", "yes"))
    return _share("care_leavers_in_touch", breakdown, people, reached)


def active(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share in education, employment or training, full or part time [percent].

    Not known is not; both the codes up to 2020-21 and those after it count.
    """
    people = cohort(record, period)
    reached = people["activ"].isin(codes.ACTIVITY.where("active", "yes"))
    return _share("care_leavers_activity", breakdown, people, reached)


def with_known_residence(
    record: CareRecord, period: Period, ages: str = "care_leavers"
) -> pd.DataFrame:
    """Return the young people without those gone abroad or whose residence is not known."""
    people = cohort(record, period, ages)
    left_out = codes.ACCOMMODATION.where("counted", "no")
    return people[~people["accom"].isin(left_out)]


def suitably_housed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share whose accommodation was considered suitable [percent].

    Without those gone abroad, deported or whose residence is not known; no information stays in.
    """
    people = with_known_residence(record, period)
    reached = people["accom"].isin(codes.ACCOMMODATION.where("suitable", "yes"))
    return _share("care_leavers_accommodation_suitable", breakdown, people, reached)


OLDER = "care_leavers_22_to_25"


def _of_older(
    measure: str, column: str, code_list: codes.CodeList, where: str
) -> breakdowns.Indicator:
    """Return the function for a share of those of 22 to 25, by a code of the return."""

    def share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Share of those of 22 to 25 who asked for support [percent]; none before 2022-23."""
        first = codes.record("rules")[OLDER]["from_return"]
        if year_of(period.end).start.year < first:
            reason = f"they are part of the return from {reporting_year(first).name} on"
            return contracts.not_available(measure, breakdown, "percent", reason)
        people_of = with_known_residence if column == "accom" else cohort
        people = people_of(record, period, OLDER)
        return _share(
            measure, breakdown, people, people[column].isin(code_list.where(where, "yes"))
        )

    return share


older_in_touch = _of_older(f"{OLDER}_in_touch", "in_touch", codes.IN_TOUCH, "in_touch")
older_active = _of_older(f"{OLDER}_activity", "activ", codes.ACTIVITY, "active")
older_suitably_housed = _of_older(
    f"{OLDER}_accommodation_suitable", "accom", codes.ACCOMMODATION, "suitable"
)
