"""Ratios by ethnic group that are for internal use: small numbers, or splits of published ones.

To publish a figure with and without a small group gives the group away (STATISTICS, P3), so that
none of these leaves the authority.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import ratios
from iro_analysis.indicators import looked_after
from iro_analysis.indicators.disproportionality import (
    REFERENCE,
    known_groups,
    population,
    rate_ratios,
    ratio_row,
    tally,
    unavailable,
)
from iro_analysis.indicators.minority_ethnic import TEN_TO_17
from iro_analysis.periods import Period

FAMILY = ("Connected persons", "With parents")
PERMANENT = ("Adopted", "Special guardianship order", "Child arrangements/residence order")


def without_uasc(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate ratios of each group against White children, unaccompanied children left out.

    They have no local population to be set against. Numerator: the group's children looked after
    who are not unaccompanied; denominator: White ones. What `disproportionality.rate_ratio` is not
    for, this is not either.
    """
    measure, people = "ethnicity_rate_ratio_without_uasc", population(record, period)
    if people is None:
        return unavailable(measure, "ratio", record, period)
    children = record.looked_after_on(period.end)
    found = tally(children[children["uasc"] != "UASC"])
    return rate_ratios(measure, breakdown, found, people, period.end)


def aged_10_to_17(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate ratios of children aged 10 to 17 under a census held for those ages alone.

    Numerator and denominator are of those ages too.
    """
    measure = "ethnicity_rate_ratio_10_to_17"
    held = record.authority.populations(TEN_TO_17)
    if not held:
        reason = "no census by ethnic group of ages 10 to 17 is held for the area"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    children = record.looked_after_on(period.end)
    older = children[children["age"].between(10, 17)]
    return rate_ratios(measure, breakdown, tally(older), held[-1], period.end)


def with_family(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share placed with connected persons or parents on the last day, each group against White.

    Returns
    -------
    figures, one row per group [ratio of shares]
        Numerator: children of the group so placed; denominator: children of the group looked
        after. The interval treats both counts as rare events, which makes it rather wide.
    """
    people = record.looked_after_on(period.end)
    placed = looked_after.labels(record, people, "provision", period.end).isin(FAMILY)
    return _of_shares("ethnicity_family_placement_ratio", breakdown, people, placed)


def to_permanence(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of those who ceased who left to adoption or an order, each group against White.

    Returns
    -------
    figures, one row per group [ratio of shares]
        Numerator: children of the group who left by adoption, special guardianship or a child
        arrangements order; denominator: children of the group who ceased. Going home is not
        counted, and is no worse for it.
    """
    people = record.ceased(period)
    left = people["reason"].isin(PERMANENT)
    return _of_shares("ethnicity_permanence_ratio", breakdown, people, left)


def _of_shares(measure: str, breakdown: str, people: pd.DataFrame, met: pd.Series) -> pd.DataFrame:
    if people.empty:
        return contracts.not_available(measure, breakdown, "ratio", "there is nobody to count")
    everyone = tally(people)
    some = tally(people[met.to_numpy()]).reindex(everyone.index, fill_value=0)
    rows = []
    for group in known_groups():
        counts = (int(some[group]), int(everyone[group]))
        estimate = ratios.rate_ratio(*counts, int(some[REFERENCE]), int(everyone[REFERENCE]))
        rows.append(ratio_row(measure, breakdown, group, counts, estimate, ratios.SHARE_RATIO))
    return pd.concat(rows, ignore_index=True)
