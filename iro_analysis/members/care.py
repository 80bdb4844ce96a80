"""List the rows behind figures on being in care, placements, permanence and social workers."""

from __future__ import annotations

from datetime import date

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import (
    breakdowns,
    frequent_moves,
    later_modules,
    looked_after,
    paths_through_care,
    permanence,
    placements,
)
from iro_analysis.indicators.rows import Lister, rows_of
from iro_analysis.periods import Period, year_ends


def on_the_last_day(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the period's last day, by any group of children or placements."""
    people = record.looked_after_on(period.end)
    if breakdown == ALL:
        return rows_of(people)
    return rows_of(people, group=looked_after.labels(record, people, breakdown, period.end))


def at_year_ends(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after at each of the last year ends that the returns cover."""
    place = record.authority
    days = [d for d in year_ends(period.end) if place.covers_from <= d <= place.covers_to]
    return pd.concat([_on(record, day) for day in days], ignore_index=True)


def _on(record: CareRecord, day: date) -> pd.DataFrame:
    return rows_of(record.looked_after_on(day), group=day.isoformat())


def who_started(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who started in the period."""
    people = record.started(period)
    return rows_of(people, group=ALL if breakdown == ALL else people[breakdown])


def who_ceased(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who ceased in the period."""
    people = record.ceased(period)
    return rows_of(people, group=ALL if breakdown == ALL else people[breakdown])


def left_by(*reasons: str) -> Lister:
    """Return the function for children who left care for some reasons, out of all who left."""

    def who_left(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Children who ceased in the period; counted: for one of the reasons."""
        people = record.ceased(period)
        return rows_of(people, counted=people["reason"].isin(reasons))

    return who_left


def reached_permanence(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who reached a permanent home in the period, by route."""
    people = permanence.reached(record, period)
    return rows_of(people, group=ALL if breakdown == ALL else people[breakdown])


adopted = left_by(permanence.ADOPTED)
special_guardianship = left_by(permanence.GUARDIANSHIP)
returned_home = left_by(*permanence.HOME)


child_arrangements = left_by(permanence.ARRANGEMENTS)


def unaccompanied(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day; counted: unaccompanied asylum seekers."""
    people = looked_after.unaccompanied(record, period)
    return rows_of(people, counted=people["counted"])


def with_many_placements(rule: str) -> Lister:
    """Return the function for children looked after; counted: so many placements or more."""

    def moved_often(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Children looked after; counted: so many placements or more."""
        people, _ = placements.with_placement_counts(record, period)
        least = codes.record("rules")["many_placements"][rule]
        return rows_of(people, counted=people["placements"].ge(least))

    return moved_often


def new_placements(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children with a new placement in the period; counted: one far from home."""
    people = frequent_moves.with_new_placements(record, period)
    return rows_of(people, counted=people["far"])


def by_social_workers(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after at the year's end by their social workers in the year."""
    people = later_modules.with_social_workers(record, period)
    return rows_of(people, group=people["social_workers"])


def many_social_workers(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children with a social worker recorded; counted: three or more in the year."""
    people = later_modules.with_social_workers(record, period)
    return rows_of(people, people["workers"].ge(codes.record("rules")["social_workers"]["many"]))


def deprived_of_liberty(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children deprived of liberty by an order on a day of the period."""
    return rows_of(later_modules.deprived(record, period))


def plan_missing(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children long enough looked after to have a plan; counted: those without."""
    people = permanence.due_a_plan(record, period)
    return rows_of(people, counted=~people["has_plan"])


def plan_by_second_review(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Second reviews held in the period; counted: those of children with a plan by then."""
    rows = permanence.second_reviews(record, period)
    return rows_of(rows, counted=rows["has_plan"])


def by_placements(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day by their placements in twelve months."""
    people, _ = placements.with_placement_counts(record, period)
    one, two, more = breakdowns.groups("placements")
    return rows_of(people, group=people["placements"].clip(1, 3).map({1: one, 2: two, 3: more}))


def three_or_more(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day; counted: three or more placements."""
    people, _ = placements.with_placement_counts(record, period)
    return rows_of(people, people["many"], ALL if breakdown == ALL else people[breakdown])


def by_definition(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day, once per definition; counted: those it counts."""
    people, _ = placements.with_placement_counts(record, period)
    marks = placements.marks_by_definition(record, people, period)
    found = []
    for group in breakdowns.groups(breakdown):
        one, _, other = group.partition(", not ")
        met = marks[one] & ~marks[other] if other else marks[one]
        found.append(rows_of(people, met, group))
    return pd.concat(found, ignore_index=True)


def moves(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Placements that began a change in the period."""
    rows = placements.moves_in(record, period)
    if breakdown == "month":
        return rows_of(rows, group=rows["start"].dt.strftime("%B %Y"))
    column = "planned" if breakdown == "planned" else "label"
    return rows_of(rows, group=codes.REASON_PLACE_CHANGE.label(rows["reason"], column))


def long_in_care(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children under 16 long in care; counted: two years with one carer."""
    people, _ = placements.long_in_care(record, period)
    return rows_of(people, counted=people["settled"])


def entry_cohort(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Return the children of an entry cohort by where they are some months later."""
    months = paths_through_care.months_of(breakdown)
    people = paths_through_care.situations(record, period, months)
    return rows_of(people, group=people["situation"])


def leavers_followed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Return the children followed since they left care; counted: those who came back."""
    years = 1 if breakdown == ALL else paths_through_care.years_pooled(record, period)
    people = paths_through_care.leavers_followed(record, period, years)
    return rows_of(people, people["returned"], ALL if breakdown == ALL else people["route"])


# Named for the records of the catalogue, whose line `rows` says which lists a measure.
five_or_more_placements = with_many_placements("five_or_more")
ten_or_more_placements = with_many_placements("ten_or_more")
