"""Age profile: shares, rates and differences from other areas on the same day."""

from __future__ import annotations

import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import lookup
from iro_analysis.indicators import breakdowns
from iro_analysis.indicators.looked_after import no_population
from iro_analysis.periods import Period

DIFFERENCE = "share less the comparator's share; Goodman interval of the share"


def _shares(measure: str, breakdown: str, people: pd.DataFrame) -> pd.DataFrame:
    groups = breakdowns.groups("age_band")
    return breakdowns.shares(measure, breakdown, people["age_band"], groups)


def share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after on the last day in each age band [percent]."""
    return _shares("age_share", breakdown, record.looked_after_on(period.end))


def on_entry(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children who started in the period in each age band, age on starting [percent]."""
    return _shares("age_on_entry", breakdown, record.started(period))


def share_difference(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Difference of each age band's share from each comparator's on the same day.

    Returns
    -------
    figures, one row per age band and comparator [percentage points]
        Group ``10 to 15: England``. Not for a period shorter or longer than a year, beside which
        no national figure is put. The comparator is taken as fixed.
    """
    measure = "age_share_difference"
    if not period.is_year:
        return contracts.not_available(
            measure, breakdown, "percent", "no national figure is put beside an in-year one"
        )
    place = record.authority
    others = lookup.comparators(
        "age_share", "age_band", place.ons_code, period.end, "percent", place.publications
    )
    if others.empty:
        return contracts.not_available(
            measure, breakdown, "percent", "no comparator is held for that day"
        )
    own = _shares(measure, "age_band", record.looked_after_on(period.end))
    if own["status"].ne("ok").any():
        return contracts.not_available(measure, breakdown, "percent", own["note"].iloc[0])
    own = own.set_index("group")
    rows = others[others["group"].isin(own.index)]
    mine = own.loc[rows["group"]]
    other = rows["value"].to_numpy()
    return contracts.figures(
        measure,
        breakdown,
        [f"{row.group}: {row.area}" for row in rows.itertuples(index=False)],
        unit="percent",
        numerator=mine["numerator"].to_numpy(),
        denominator=mine["denominator"].to_numpy(),
        value=mine["value"].to_numpy() - other,
        lower=mine["lower"].to_numpy() - other,
        upper=mine["upper"].to_numpy() - other,
        method=DIFFERENCE,
        note=[f"comparator from {release}" for release in rows["release"]],
    )


def rate(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day per 10,000 children of their age [per_10000].

    The band 16 and over is set against the area's 16 and 17 year-olds.
    """
    people = record.authority.population("age_band", period.end)
    if people is None:
        reason = no_population(record, "by age", period)
        return contracts.not_available("age_rate", breakdown, "per_10000", reason)
    groups = breakdowns.groups("age_band")
    found = breakdowns.tally(record.looked_after_on(period.end)["age_band"], groups)
    return breakdowns.rates_of("age_rate", breakdown, found.reindex(groups), people)
