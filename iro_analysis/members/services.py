"""List the rows behind figures on reviews, health, education, missing and care leavers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import (
    breakdowns,
    care_leavers,
    education,
    gcse,
    health,
    lists,
    missing,
    optional_lists,
    reviews,
)
from iro_analysis.indicators.rows import Lister, rows_of
from iro_analysis.periods import Period


def reviews_held(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews held in the period, by participation code where that is asked."""
    rows = reviews.held_in(record, period)
    if breakdown == ALL:
        return rows_of(rows)
    code = rows["participation"]
    return rows_of(rows, group=code.where(code.isin(codes.PARTICIPATION.known()), codes.NOT_KNOWN))


def reviews_on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews held in the period whose due day can be told; counted: those in time."""
    if breakdown == "short_breaks":
        rows = reviews.of_short_breaks(record, period)
        return rows_of(rows, rows["on_time"], "Short breaks")
    rows = reviews.judged(record, period)
    return rows_of(rows, rows["on_time"], ALL if breakdown == ALL else rows["timetable"])


def children_on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children with a review held or outstanding; counted: all of them in time."""
    good = reviews.all_on_time(record, period)
    return rows_of(good.index.to_frame(name="child"), counted=good)


def overdue(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day; counted: whose review is overdue."""
    people = reviews.with_overdue(record, period)
    return rows_of(people, counted=people["overdue"])


def with_codes(*where: tuple[str, str]) -> Lister:
    """Return the function for reviews at four and over; counted: codes that are all of these."""

    def taking_part(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Reviews at four and over; counted: with one of the codes."""
        rows = reviews.asked(record, period)
        several = [codes.PARTICIPATION.where(*each) for each in where]
        return rows_of(rows, rows["participation"].isin(frozenset.intersection(*several)))

    return taking_part


reviews_attended = with_codes(("attended", "yes"))
views_conveyed = with_codes(("views_conveyed", "yes"))
no_participation = with_codes(("attended", "no"), ("views_conveyed", "no"))


def under_fives(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews of under-fives that follow another; counted: within three months of it."""
    rows = reviews.of_under_fives(record, period)
    return rows_of(rows, rows["in_three_months"])


def answered(column: str, low: str = "", high: str = "") -> Lister:
    """Return the function for the health cohort; counted: the answer is yes."""

    def in_health_cohort(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Children in care all year; counted: the answer is yes."""
        people, rules = health.cohort(record, period), codes.record("rules")["health"]
        if low:
            people = people[people["age"].between(rules[low], rules[high])]
        elif column == "health_check":
            people = people[people["age"] < rules["under_five"]]
        return rows_of(people, counted=people[column].eq(health.YES))

    return in_health_cohort


def with_score(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children of the health cohort aged 5 to 16; counted: with a score."""
    people, rules = health.cohort(record, period), codes.record("rules")["health"]
    people = people[people["age"].between(rules["sdq_from"], rules["sdq_to"])]
    scores = pd.to_numeric(people["sdq_score"], errors="coerce")
    rows = rows_of(people.assign(sdq_score=scores), counted=scores.notna())
    if breakdown == ALL:
        return rows
    bands, rows = codes.record("rules")["sdq_bands"], rows[rows["counted"]]
    for band in breakdowns.groups(breakdown):
        least, most = bands[band]
        rows["group"] = rows["group"].mask(rows["sdq_score"].between(least, most), band)
    return rows.reset_index(drop=True)


def of_list(name: str, column: str, met: str = "", known: bool = False) -> Lister:
    """Return the function for the rows of a local list dated in the period.

    Parameters
    ----------
    name, column : str
        The list and its date.
    met : str
        The column that says 1 where the row is counted; all are where none is named.
    known : bool
        Whether rows that leave that column blank are left out.
    """

    def listed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Rows of the list dated in the period, with what is counted."""
        rows = lists.dated_in(record, name, column, period)
        if known:
            rows = rows[rows[met].notna()]
        return rows_of(rows, rows[met].eq(1) if met else True)

    return listed


def open_in(name: str) -> Lister:
    """Return the function for the children of a local list whose row is open on the last day."""

    def listed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Children with a row of the list open in the period."""
        return rows_of(lists.open_on(record, name, period).drop_duplicates("child", keep="last"))

    return listed


def suspended(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Suspensions in the period of children looked after on their first day."""
    return rows_of(education.suspensions_of(record, period))


def of_school_age(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children of 4 to 17 looked after on the last day; counted: with a plan open."""
    people = education.of_school_age(record, period)
    return rows_of(people, counted=people["has_plan"])


def pupils(measure: str) -> Lister:
    """Return the function for the pupils of a GCSE measure; counted: who reached the standard."""

    def reached(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Pupils of the cohorts; counted: who reached the standard."""
        cohorts: dict[Any, pd.DataFrame] = gcse.cohorts(record, period)
        if breakdown == "cohort_pair":
            cohorts = gcse.pairs(cohorts)
        if not cohorts:
            return rows_of(pd.DataFrame({"child": []}))
        labelled = [
            rows.assign(cohort=ALL if breakdown == ALL else str(name))
            for name, rows in cohorts.items()
        ]
        rows = pd.concat(labelled, ignore_index=True)
        return rows_of(rows, gcse.STANDARDS[measure](rows), rows["cohort"])

    return reached


def who_went_missing(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after in the period; counted: who went missing in it."""
    rows, people = missing.incidents_of(record, period)
    return rows_of(people, counted=people["child"].isin(rows["child"]))


def by_incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who went missing in the period, by how often."""
    people = missing.with_incidents(record, period)
    return rows_of(people, group=people["number_of_incidents"])


def seen_before(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews listed in the period; counted: the officer had seen the child before."""
    rows = optional_lists.reviews_with_answer(record, period)
    return rows_of(rows, counted=rows["seen_before"].eq(1))


def ways_of_meeting(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews listed in the period, by how people met."""
    rows = lists.dated_in(record, "review_meetings", "date", period)
    if breakdown == ALL:
        return rows_of(rows)
    return rows_of(rows, group=rows["meeting"].replace("", codes.NOT_KNOWN))


def between_reviews(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews that follow another; counted: a midway review was held between the two."""
    rows = optional_lists.between_reviews(record, period)
    return rows_of(rows, counted=rows["midway"])


def incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Incidents of going missing on a day of the period."""
    return rows_of(missing.incidents_of(record, period)[0])


def leavers(
    column: str, codes_of: codes.CodeList, where: str, ages: str = "care_leavers"
) -> Lister:
    """Return the function for care leavers; counted: whose code is one of a list's."""

    def of_the_year(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Care leavers of the year; counted: those the answer is true of."""
        cohort = care_leavers.with_known_residence if column == "accom" else care_leavers.cohort
        people = cohort(record, period, ages)
        met = people[column].isin(codes_of.where(where, "yes"))
        return rows_of(people, met, ALL if breakdown == ALL else people["age_group"])

    return of_the_year


# Named for the records of the catalogue, whose line `rows` says which lists a measure.
midway_reviews = of_list("midway_reviews", "date")
health_assessment = answered("health_assessment")
immunisations = answered("immunisations")
dental_check = answered("teeth_check")
development_checks = answered("health_check")
substance_misuse = answered("substance_misuse")
convicted = answered("convicted", "convicted_from", "convicted_to")
pep_up_to_date = of_list("education_plans", "date", "up_to_date", known=True)
higher_education = open_in("higher_education")
return_interviews = of_list("return_interviews", "missing_start", "held")
exploitation_tracked = open_in("exploitation")
care_leavers_22_to_25_in_touch = leavers("in_touch", codes.IN_TOUCH, "in_touch", care_leavers.OLDER)
care_leavers_22_to_25_activity = leavers("activ", codes.ACTIVITY, "active", care_leavers.OLDER)
care_leavers_22_to_25_accommodation_suitable = leavers(
    "accom", codes.ACCOMMODATION, "suitable", care_leavers.OLDER
)
care_leavers_in_touch = leavers("in_touch", codes.IN_TOUCH, "in_touch")
care_leavers_activity = leavers("activ", codes.ACTIVITY, "active")
care_leavers_accommodation_suitable = leavers("accom", codes.ACCOMMODATION, "suitable")
gcse_5_grade4_with_english_maths = pupils("gcse_5_grade4_with_english_maths")
gcse_5_grade4 = pupils("gcse_5_grade4")
gcse_5_any = pupils("gcse_5_any")
gcse_1_any = pupils("gcse_1_any")
