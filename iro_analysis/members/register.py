"""Which function lists the rows behind which measure, and which measure has none to list."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import PERIOD
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.errors import ParameterError
from iro_analysis.indicators import care_leavers, evaluate
from iro_analysis.indicators.gcse import STANDARDS
from iro_analysis.members import care, services
from iro_analysis.periods import Period, single

Lister = Callable[[CareRecord, Period, str], pd.DataFrame]

_BY_MEASURE: dict[str, Lister] = {
    "looked_after": care.on_the_last_day,
    "looked_after_rate": care.on_the_last_day,
    "started": care.who_started,
    "started_rate": care.who_started,
    "unaccompanied_share": care.unaccompanied,
    "unaccompanied_rate": care.unaccompanied,
    "ceased": care.who_ceased,
    "looked_after_history": care.at_year_ends,
    "ethnicity_share": care.on_the_last_day,
    "ethnicity_rate": care.on_the_last_day,
    "ethnicity_index": care.on_the_last_day,
    "age_share": care.on_the_last_day,
    "age_rate": care.on_the_last_day,
    "age_on_entry": care.who_started,
    "placements_in_year": care.by_placements,
    "three_or_more_placements": care.three_or_more,
    "three_or_more_by_definition": care.by_definition,
    "five_or_more_placements": care.with_many_placements("five_or_more"),
    "ten_or_more_placements": care.with_many_placements("ten_or_more"),
    "new_placement_over_20_miles": care.new_placements,
    "social_workers_in_year": care.by_social_workers,
    "three_or_more_social_workers": care.many_social_workers,
    "deprived_of_liberty": care.deprived_of_liberty,
    "placement_changes": care.moves,
    "long_term_stability": care.long_in_care,
    "entry_outcome": care.entry_cohort,
    "returned_to_care": care.leavers_followed,
    "reviews_held": services.reviews_held,
    "reviews_on_time": services.reviews_on_time,
    "children_all_reviews_on_time": services.children_on_time,
    "reviews_overdue": services.overdue,
    "review_participation": services.reviews_held,
    "reviews_attended": services.reviews_attended,
    "views_conveyed": services.views_conveyed,
    "no_participation": services.no_participation,
    "under_five_three_monthly": services.under_fives,
    "seen_before_review": services.seen_before,
    "review_meetings": services.ways_of_meeting,
    "midway_reviews_of_due": services.between_reviews,
    "midway_reviews": services.of_list("midway_reviews", "date"),
    "permanence_achieved": care.reached_permanence,
    "adopted": care.adopted,
    "special_guardianship": care.special_guardianship,
    "special_guardianship_share": care.special_guardianship,
    "child_arrangements_share": care.child_arrangements,
    "returned_home": care.returned_home,
    "permanence_plan_missing": care.plan_missing,
    "permanence_plan_by_second_review": care.plan_by_second_review,
    "health_assessment": services.answered("health_assessment"),
    "immunisations": services.answered("immunisations"),
    "dental_check": services.answered("teeth_check"),
    "development_checks": services.answered("health_check"),
    "substance_misuse": services.answered("substance_misuse"),
    "convicted": services.answered("convicted", "convicted_from", "convicted_to"),
    "sdq_completed": services.with_score,
    "sdq_band": services.with_score,
    **{name: services.pupils(name) for name in STANDARDS},
    "pep_up_to_date": services.of_list("education_plans", "date", "up_to_date", known=True),
    "ehc_plan": services.of_school_age,
    "suspended_children": services.suspended,
    "higher_education": services.open_in("higher_education"),
    "children_missing": services.who_went_missing,
    "children_missing_by_incidents": services.by_incidents,
    "missing_incidents": services.incidents,
    "incidents_per_child": services.incidents,
    "return_interviews": services.of_list("return_interviews", "missing_start", "held"),
    "exploitation_tracked": services.open_in("exploitation"),
    "care_leavers_22_to_25_in_touch": services.leavers(
        "in_touch", codes.IN_TOUCH, "in_touch", care_leavers.OLDER
    ),
    "care_leavers_22_to_25_activity": services.leavers(
        "activ", codes.ACTIVITY, "active", care_leavers.OLDER
    ),
    "care_leavers_22_to_25_accommodation_suitable": services.leavers(
        "accom", codes.ACCOMMODATION, "suitable", care_leavers.OLDER
    ),
    "care_leavers_in_touch": services.leavers("in_touch", codes.IN_TOUCH, "in_touch"),
    "care_leavers_activity": services.leavers("activ", codes.ACTIVITY, "active"),
    "care_leavers_accommodation_suitable": services.leavers(
        "accom", codes.ACCOMMODATION, "suitable"
    ),
}
# What a ratio or a difference is made of can be listed where that is a measure of its own.
_SEE = {
    "age_share_difference": 'age_share by "age_band"',
    "ethnicity_rate_ratio": 'ethnicity_rate by "ethnicity"',
    "ethnicity_started_ratio": 'started by "ethnicity"',
    "ethnicity_three_or_more_ratio": "three_or_more_placements",
    "gcse_trend": "the four GCSE measures by cohort_year",
    "sdq_average": "sdq_completed",
    "suspended_days": "suspended_children",
    "placement_survival": "placement_changes",
    "placement_median_duration": "placement_changes",
    "moves_per_1000_days": "placement_changes",
    "third_move": "placement_changes",
    "started_by_quarter": "started for a quarter",
    "ceased_by_quarter": "ceased for a quarter",
    "looked_after_by_quarter": "looked_after for a quarter",
    "reviews_on_time_by_quarter": "reviews_on_time for a quarter",
    "missing_incidents_by_quarter": "missing_incidents for a quarter",
    "moves_per_1000_days_by_quarter": "placement_changes for a quarter",
    "looked_after_forecast": "looked_after",
    "forecast_coverage": "looked_after",
    "forecast_error": "looked_after",
    "adoption_a1_days": "adopted",
    "adoption_a2_days": "adopted",
}


def why_none(measure: str) -> str:
    """Return why no children can be listed behind a measure; empty where they can."""
    if measure in _BY_MEASURE:
        return ""
    if measure in _SEE:
        return f"it is worked out from several counts; ask for {_SEE[measure]} instead"
    if catalogue.measure(measure).unit == "ratio":
        return (
            'it is worked out from several counts; ask for those, as ethnicity_rate by "ethnicity"'
        )
    return "it does not count children named in the return or a list"


def rows_behind(
    record: CareRecord, period: Period, measure: str, breakdown: str
) -> pd.DataFrame | None:
    """Return the rows behind a measure that has a figure; None where nothing can be listed."""
    return _BY_MEASURE[measure](record, period, breakdown) if measure in _BY_MEASURE else None


def behind(record: CareRecord, period: Period, measure: str, breakdown: str = ALL) -> pd.DataFrame:
    """Return the rows behind a measure: what it counts, and out of what.

    Parameters
    ----------
    record : CareRecord
    period : Period
    measure, breakdown : str
        Of the catalogue.

    Returns
    -------
    DataFrame, one row per child, review or other thing
        ``child``, ``group``, ``counted`` (in the numerator) and what is known of the thing. Not
        for publication.

    Raises
    ------
    ParameterError
        If the measure counts nothing that is a child's, or has no figure for the period.
    """
    entry = catalogue.measure(measure)
    if reason := why_none(measure):
        raise ParameterError(f"no children can be listed behind {measure}: {reason}")
    figures = evaluate.figures(record, period, measure, breakdown)
    if figures["status"].eq("not_available").all():
        raise ParameterError(
            f"{entry.title} has no figure for {period.title}: {figures['note'].iloc[0]}"
        )
    if breakdown != PERIOD:
        return _BY_MEASURE[measure](record, period, breakdown)
    known = [single(name) for name in figures.loc[figures["status"].eq("ok"), "group"]]
    return pd.concat(
        [_BY_MEASURE[measure](record, each, ALL).assign(group=each.name) for each in known],
        ignore_index=True,
    )
