"""Return the finding of any measure, by calling the function that is named for it here."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.publish import Published
from iro_analysis.narrative import (
    ages,
    children,
    demand,
    disproportionality,
    gcse,
    history,
    minority_ethnic,
    monthly,
    paths_through_care,
    placements,
    services,
)
from iro_analysis.narrative.finding import Finding, hidden_whole, unavailable
from iro_analysis.narrative.parts import shown

NO_COMPARATORS = pd.DataFrame(columns=["area", "group", "value"])
Teller = Callable[[Published, pd.DataFrame], Finding]
_TELLERS: dict[tuple[str, str], Teller] = {
    ("looked_after", ALL): children.how_many,
    ("started", ALL): children.how_many_started,
    ("ceased", ALL): children.how_many_ceased,
    ("looked_after", "uasc"): children.one_group,
    ("placements_in_year", "placements"): placements.number_of_placements,
    ("looked_after_history", "date"): children.history,
    ("looked_after_rate", ALL): children.rate,
    ("started_rate", ALL): children.rate,
    ("unaccompanied_rate", ALL): children.rate,
    ("ethnicity_share", "ethnicity"): disproportionality.ethnic_shares,
    ("ethnicity_population_share", "ethnicity"): disproportionality.population_shares,
    ("ethnicity_index", "ethnicity"): disproportionality.index,
    ("ethnicity_rate", "ethnicity"): disproportionality.ethnic_rates,
    ("ethnicity_rate_ratio", "ethnicity"): disproportionality.ratios,
    ("minority_ethnic_ratio", "population"): minority_ethnic.by_population,
    ("minority_ethnic_ratio_10_to_17", ALL): minority_ethnic.one,
    ("minority_ethnic_to_white_british_ratio", ALL): minority_ethnic.against_white_british,
    ("minority_ethnic_parts", "part"): minority_ethnic.parts,
    ("ethnicity_rate_ratio_without_uasc", "ethnicity"): disproportionality.ratios,
    ("ethnicity_rate_ratio_10_to_17", "ethnicity"): disproportionality.ratios,
    ("ethnicity_entry_ratio", "ethnicity"): disproportionality.ratios,
    ("ethnicity_entry_ratio_without_uasc", "ethnicity"): disproportionality.ratios,
    ("ethnicity_family_placement_ratio", "ethnicity"): disproportionality.ratios,
    ("ethnicity_permanence_ratio", "ethnicity"): disproportionality.ratios,
    ("ethnicity_started_ratio", "ethnicity"): disproportionality.ratios,
    ("ethnicity_stay_ratio", "ethnicity"): disproportionality.stays,
    ("ethnicity_three_or_more_ratio", "ethnicity"): disproportionality.ratios,
    ("age_share", "age_band"): ages.age_shares,
    ("age_on_entry", "age_band"): ages.age_shares,
    ("age_share_difference", "age_band_by_comparator"): ages.age_differences,
    ("age_profile_ahead", "age_band_ahead"): ages.profile_ahead,
    ("reviews_on_time_by_month", "recent_month"): monthly.ups_and_downs,
    ("disputes_by_month", "recent_month"): monthly.ups_and_downs,
    ("missing_incidents_by_month", "recent_month"): monthly.ups_and_downs,
    ("age_rate", "age_band"): ages.age_rates,
    ("three_or_more_placements", ALL): children.percentage,
    ("three_or_more_by_definition", "definition"): placements.by_definition,
    ("long_term_stability", ALL): children.percentage,
    ("placement_changes", "reason"): placements.changes,
    ("placement_survival", "months"): placements.survival,
    ("placement_median_duration", ALL): placements.median,
    ("placement_median_duration", "placement"): placements.median,
    ("unplanned_ending", "days"): placements.unplanned,
    ("first_placement_lasting", "provision"): placements.lasting,
    ("entry_outcome", "after_6_months"): paths_through_care.situations,
    ("entry_outcome", "after_12_months"): paths_through_care.situations,
    ("entry_outcome", "after_24_months"): paths_through_care.situations,
    ("returned_to_care", "exit_route"): paths_through_care.returns_by_route,
    ("moves_per_1000_days", ALL): paths_through_care.moves,
    ("moves_per_1000_days", "time_in_care"): paths_through_care.moves_by_time,
    ("third_move", "months_since_entry"): paths_through_care.third_move,
    ("started_by_quarter", "recent_quarter"): demand.quarters,
    ("ceased_by_quarter", "recent_quarter"): demand.quarters,
    ("looked_after_by_quarter", "recent_quarter"): demand.quarters,
    ("moves_per_1000_days_by_quarter", "recent_quarter"): demand.quarters,
    ("reviews_on_time_by_quarter", "recent_quarter"): demand.quarters,
    ("missing_incidents_by_quarter", "recent_quarter"): demand.quarters,
    ("looked_after_forecast", "quarters_ahead"): demand.forecast,
    ("looked_after_forecast", "quarters_ahead_80"): demand.forecast,
    ("forecast_coverage", "forecast_range"): demand.coverage,
    ("forecast_error", "forecast_kind"): demand.error,
    ("gcse_trend", "measure"): gcse.trends,
    ("three_or_more_by_definition", "difference"): services.differences,
    ("disputes", "month"): children.by_month,
    ("placement_changes", "month"): children.by_month,
    ("caseload_per_officer", ALL): services.caseload,
    ("permanence_achieved", ALL): services.reached_permanence,
    ("adoption_a1_days", ALL): services.average_against_a_threshold,
    ("adoption_a2_days", ALL): services.average_against_a_threshold,
    ("sdq_average", ALL): services.average,
    ("incidents_per_child", ALL): services.per_child,
}


def _teller(measure: str, breakdown: str) -> Teller:
    if (measure, breakdown) in _TELLERS:
        return _TELLERS[measure, breakdown]
    if measure.startswith("gcse_"):
        by = {ALL: gcse.pooled, "cohort_pair": gcse.pairs}
        return by.get(breakdown, gcse.cohorts)
    if breakdown == PERIOD:
        return history.beside
    unit = catalogue.measure(measure).unit
    if unit == "percent":
        return services.percentage if breakdown == ALL else services.percentages
    return services.count if breakdown == ALL else children.by_group


def finding(published: Published, comparators: pd.DataFrame = NO_COMPARATORS) -> Finding:
    """Return what published figures of one measure and breakdown say.

    Parameters
    ----------
    published : Published
    comparators : DataFrame, optional
        Of ``Study.comparators``: set beside the figures of the same group.

    Returns
    -------
    Finding
        Where there is no figure, the reason.
    """
    if published.reason:
        return unavailable(published)
    if not shown(published) and published.breakdown == ALL:
        return hidden_whole(published)
    return _teller(published.measure.id, published.breakdown)(published, comparators)
