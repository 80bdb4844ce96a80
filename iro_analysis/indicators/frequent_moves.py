"""Shares of children with five or ten placements or more, and with new ones far from home."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns
from iro_analysis.indicators.looked_after import looked_up
from iro_analysis.indicators.placements import rolling_note, with_placement_counts
from iro_analysis.periods import Period


def at_least(rule: str) -> breakdowns.Indicator:
    """Return the function for children with so many placements or more in twelve months."""

    def share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Share of children looked after with so many placements or more [percent]."""
        people, reason = with_placement_counts(record, period)
        measure = f"{rule}_placements"
        if reason:
            return contracts.not_available(measure, ALL, "percent", reason)
        least = codes.record("rules")["many_placements"][rule]
        many = int(people["placements"].ge(least).sum())
        return breakdowns.percentage(measure, many, len(people), rolling_note(period))

    return share


five_or_more = at_least("five_or_more")
ten_or_more = at_least("ten_or_more")


def over_20_miles(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children with a new placement in the period who had one far from home [percent].

    Far: more than 20 miles from home. A distance that is not known stays in the denominator, as in
    DfE's tables.

    References
    ----------
    METHODS 3.7.
    """
    people = with_new_placements(record, period)
    return breakdowns.percentage(
        "new_placement_over_20_miles", int(people["far"].sum()), len(people)
    )


def with_new_placements(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children with a placement of 24 hours or more that began in the period.

    Returns
    -------
    DataFrame, one row per child
        ``child`` and ``far``: whether one of them lies more than 20 miles from home.
    """
    rows = record.placements_touching(period)
    began = rows["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    rows = rows[began]
    first = record.episodes.drop_duplicates("placement").set_index("placement")
    postcodes = first["settled_postcode"].reindex(rows["placement"]).reset_index(drop=True)
    miles = looked_up(record, postcodes.fillna("").to_frame(), "miles")
    limit = codes.record("rules")["distance"]["miles"]
    far = pd.Series((miles > limit).to_numpy(), index=rows.index, dtype=bool)
    return far.groupby(rows["child"]).any().rename("far").reset_index()
