"""Rate ratios of entering care by ethnic group, years pooled, ages allowed for: internal only.

Whether a group's children come into care more often is asked of those who came, and not of who is
in care on a day. One year is too few to tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.cohorts.siblings import families
from iro_analysis.comparators.populations import Population
from iro_analysis.estimates import standardised
from iro_analysis.indicators import breakdowns, evaluate
from iro_analysis.indicators.disproportionality import (
    REFERENCE,
    known_groups,
    population_note,
    ratio_row,
    too_many_unknown,
)
from iro_analysis.indicators.minority_ethnic import TEN_TO_17
from iro_analysis.indicators.placements import rules
from iro_analysis.periods import Period, add_months, moved, of_days

BANDS = ("under 10", "10 to 17")
_OLDER_FROM, _QUARTERS = 10, 4


def entry_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate of coming into care over up to three years, each group against White children [ratio].

    Returns
    -------
    figures, one row per group
        Numerator: the group's children who came into care; denominator: White ones. Value: those
        who came over those expected at the rates of White children under 10 and of 10 to 17.
    """
    return _ratios("ethnicity_entry_ratio", record, period, breakdown, record_of_all)


def entry_ratio_without_uasc(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Work out the same ratio, unaccompanied children left out: they have no local population."""
    return _ratios("ethnicity_entry_ratio_without_uasc", record, period, breakdown, without_uasc)


def record_of_all(people: pd.DataFrame) -> pd.DataFrame:
    """Return everyone who came."""
    return people


def without_uasc(people: pd.DataFrame) -> pd.DataFrame:
    """Return who came but for unaccompanied children seeking asylum."""
    return people[people["uasc"] != "UASC"]


def years(record: CareRecord, period: Period, measure: str) -> list[Period]:
    """Return up to three years to the period's last day that have a measure, oldest first."""
    start = add_months(period.end + timedelta(days=1), -12)
    found = [of_days(start, period.end)]
    for back in range(1, rules("paths_through_care")["pooled_years"]):
        earlier = moved(found[-1], -12 * back)
        if not evaluate.is_covered(record, earlier, period, measure):
            break
        found.insert(0, earlier)
    return found if evaluate.is_covered(record, found[-1], period, measure) else []


def populations(record: CareRecord) -> tuple[Population, Population] | None:
    """Return a population of ages 0 to 17 and one of 10 to 17 of one source; None if not held."""
    older = {each.name: each for each in record.authority.populations(TEN_TO_17)}
    for whole in reversed(record.authority.populations("ethnicity")):
        if whole.name in older:
            return whole, older[whole.name]
    return None


def _ratios(
    measure: str,
    record: CareRecord,
    period: Period,
    breakdown: str,
    chosen: Callable[[pd.DataFrame], pd.DataFrame],
) -> pd.DataFrame:
    held = populations(record)
    if held is None:
        reason = "no population by ethnic group and age is held for the area"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    several = years(record, period, measure)
    if not several:
        reason = "the returns do not cover the twelve months to the last day"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    everyone = pd.concat([record.started(year) for year in several], ignore_index=True)
    people = chosen(everyone)
    usable = people["ethnicity"].isin(known_groups()) & people["age"].between(0, 17)
    left_out = int((~usable).sum())
    if too_many_unknown(int(usable.sum()), left_out):
        reason = "ethnic group or age is not known for too many who came into care"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    people = people[usable].reset_index(drop=True)
    sizes = {group: _sizes(held, group) for group in known_groups()}
    counts = _counts(people)
    if not (sizes[REFERENCE] > 0).all() or not counts.loc[REFERENCE].sum():
        reason = "there are no White children, or none who came into care, to compare with"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    phi, freedom = _spread(record, people, counts, several)
    least, rows = rules("ethnicity_at_entry")["least_events"], []
    unknown = f"; {left_out} of unknown ethnic group or age are left out" if left_out else ""
    for group in known_groups():
        came = int(counts.loc[group].sum())
        reason = _why_not(held[0], sizes[group], came, least)
        if reason and group != REFERENCE:
            rows.append(contracts.not_available(measure, breakdown, "ratio", reason, [group]))
            continue
        of = population_note(held[0], sizes[group].sum(), period.end)
        note = f"{of}; {breakdowns.years_together(len(several))}{unknown}"
        base = counts.loc[REFERENCE].to_numpy()
        found = standardised.compared(
            came, sizes[group], base, sizes[REFERENCE], max(phi, 1.0), freedom
        )
        rows.append(
            ratio_row(
                measure, breakdown, group, (came, int(base.sum())), found,
                standardised.COMPARED, note,
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _why_not(population: Population, sizes: np.ndarray, came: int, least: int) -> str:
    if not (sizes > 0).all():
        return f"the population held ({population.name}) gives no children of the group and age"
    return f"fewer than {least} came into care" if came < least else ""


def _sizes(held: tuple[Population, Population], group: str) -> np.ndarray:
    """Return the children of a group under 10 and from 10 to 17; missing where not given."""
    whole, older = (each.children(group) for each in held)
    return np.array([whole - older, older])


def _counts(people: pd.DataFrame) -> pd.DataFrame:
    """Return who came by group and age band, zeros too."""
    band = np.where(people["age"] < _OLDER_FROM, *BANDS)
    found = pd.crosstab(people["ethnicity"], band)
    return found.reindex(index=known_groups(), columns=list(BANDS), fill_value=0)


def _spread(
    record: CareRecord, people: pd.DataFrame, counts: pd.DataFrame, several: list[Period]
) -> tuple[float, float]:
    """Return how many times the variance of entries is their mean, and how well that is known.

    By quarters, each group at its own level, or by brothers and sisters who come together:
    whichever is more.
    """
    opens = pd.Timestamp(several[0].start)
    months = (people["start"].dt.year - opens.year) * 12 + people["start"].dt.month - opens.month
    early = people["start"].dt.day < opens.day
    quarter = ((months - early) // 3).clip(0, _QUARTERS * len(several) - 1)
    cells = pd.crosstab(people["ethnicity"], quarter).reindex(
        index=counts.index[counts.sum(axis=1) > 0],
        columns=range(_QUARTERS * len(several)),
        fill_value=0,
    )
    phi, freedom = standardised.dispersion(cells, np.ones(cells.shape))
    family = families(record).reindex(people["child"]).to_numpy()
    together = people.groupby([family, people["start"]]).size()
    of_families = float((together**2).sum() / together.sum())
    return (phi, freedom) if phi >= of_families else (of_families, float("inf"))
