"""Disproportionality: shares, rates and ratios by ethnic group, each with how sure it is.

The reference group is White children. A difference in rates is not an explanation of it. Children
whose ethnicity is not known are never dropped: the note of each ratio says between what limits it
would lie if all of them were in the group, or all in the reference group.
"""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.estimates import decomposition, ratios
from iro_analysis.indicators import breakdowns
from iro_analysis.indicators.looked_after import no_population
from iro_analysis.indicators.placements import rules, with_placement_counts
from iro_analysis.periods import Period
from iro_analysis.rounding import printed

REFERENCE = "White"
REFERENCE_NOTE = "the reference group"
NOT_DEFINED = "not defined: no child of the group, or none of the group White, to compare with"


RANGE_ONLY = "rate ratio; ethnicity not known for too many: a range, not one figure"
MOST_UNKNOWN = 0.05  # STATISTICS 1.3: over 5% missing, print the range only


def too_many_unknown(known: int, unknown: int) -> bool:
    """Whether ethnicity is not known for so many children that only a range may be said."""
    return unknown > MOST_UNKNOWN * (known + unknown)


def known_groups() -> list[str]:
    """Return the ethnic groups that a population has too, White among them."""
    return [g for g in breakdowns.groups("ethnicity") if g != _refused()]


def _refused() -> str:
    return breakdowns.groups("ethnicity")[-1]


def tally(people: pd.DataFrame) -> pd.Series:
    """Return the children of each ethnic group, zeros and those not known too."""
    return breakdowns.tally(people["ethnicity"], breakdowns.groups("ethnicity"))


def population(record: CareRecord, period: Period) -> Population | None:
    """Return the population by ethnic group to divide by, or None where none is held."""
    return record.authority.population("ethnicity", period.end)


def unavailable(measure: str, unit: str, record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the row that says that no population by ethnic group is held."""
    reason = no_population(record, "by ethnic group", period)
    return contracts.not_available(measure, "ethnicity", unit, reason)


def share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after on the last day in each ethnic group.

    Returns
    -------
    figures, one row per group [percent]
        Of all children looked after, those of unknown ethnicity among them, as DfE prints it.
    """
    people = record.looked_after_on(period.end)
    groups = breakdowns.groups("ethnicity")
    return breakdowns.shares("ethnicity_share", breakdown, people["ethnicity"], groups)


def population_share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the area's children aged 0 to 17 in each ethnic group [percent]."""
    people = population(record, period)
    if people is None:
        return unavailable("ethnicity_population_share", "percent", record, period)
    groups = known_groups()
    whole = people.whole(groups)
    values = [people.children(group) for group in groups]
    found = contracts.figures(
        "ethnicity_population_share",
        breakdown,
        groups,
        unit="percent",
        numerator=values,
        denominator=whole,
        value=[value / whole * 100 for value in values],
        method="census count",
        note=f"population {people.name}",
    )
    return breakdowns.with_reasons(found, _why_no_share(people))


def _why_no_share(people: Population) -> dict[str, str]:
    """Return for each group why it has no share of the area's children; empty where it has."""
    groups = known_groups()
    no_whole = people.why_no_whole(groups)
    return {group: people.why_not(group) or no_whole for group in groups}


def index(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after over share of the area's children, by ethnic group.

    Children whose ethnicity is not known are left out of the share here, since the census has no
    such group; the note gives the limits of what they could change.

    Returns
    -------
    figures, one row per group [ratio]
    """
    people = population(record, period)
    if people is None:
        return unavailable("ethnicity_index", "ratio", record, period)
    found = tally(record.looked_after_on(period.end))
    groups = known_groups()
    known = found.reindex(groups)
    missing = int(found.sum() - known.sum())
    total = int(known.sum())
    whole = people.whole(groups)
    shares = [people.children(group) / whole for group in groups]
    if total == 0:
        return contracts.not_available(
            "ethnicity_index", breakdown, "ratio", "no child of known ethnicity is looked after"
        )
    value, lower, upper = ratios.representation(known.to_numpy(), total, shares)
    notes = [
        _index_note(int(count), total, missing, part, population_note(people, size, period.end))
        for count, part, size in zip(known, shares, map(people.children, groups), strict=True)
    ]
    figures = contracts.figures(
        "ethnicity_index",
        breakdown,
        groups,
        unit="ratio",
        numerator=known.to_numpy(),
        denominator=total,
        value=value,
        lower=lower,
        upper=upper,
        method=ratios.REPRESENTATION,
        note=notes,
    )
    return breakdowns.with_reasons(figures, _why_no_share(people))


def _index_note(count: int, total: int, missing: int, part: float, population: str) -> str:
    if not missing or math.isnan(part):
        return population
    low, high = count / (total + missing) / part, (count + missing) / (total + missing) / part
    return f"{population}; {missing_note(low, high)}"


def missing_note(low: float, high: float) -> str:
    """Return between what a ratio lies, wherever those of unknown ethnicity belong."""
    return (
        f"{printed(low, 2)} to {printed(high, 2)} wherever the children of unknown ethnicity belong"
    )


def rate(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day per 10,000 children of their ethnic group."""
    people = population(record, period)
    if people is None:
        return unavailable("ethnicity_rate", "per_10000", record, period)
    found = tally(record.looked_after_on(period.end)).reindex(known_groups())
    notes = [population_note(people, people.children(group), period.end) for group in found.index]
    return breakdowns.rates_of("ethnicity_rate", breakdown, found, people, notes)


def ratio_row(
    measure: str,
    breakdown: str,
    group: str,
    counts: tuple[int, int],
    estimate: tuple[float, float, float],
    method: str,
    note: str = "",
) -> pd.DataFrame:
    """Return one group's ratio as a figure.

    The reference group has no interval; a ratio that cannot be made is not available.
    """
    value, lower, upper = estimate
    if not math.isfinite(value):
        return contracts.not_available(measure, breakdown, "ratio", NOT_DEFINED, [group])
    if group == REFERENCE:
        value, lower, upper, note = 1.0, math.nan, math.nan, REFERENCE_NOTE
    return contracts.figures(
        measure,
        breakdown,
        [group],
        unit="ratio",
        numerator=counts[0],
        denominator=counts[1],
        value=value,
        lower=lower,
        upper=upper,
        method=method,
        note=note,
    )


def population_note(people: Population, size: float, day: date) -> str:
    """Return which population a group's figure rests on, and where that is few and old.

    Examples
    --------
    >>> held = Population(date(2011, 3, 27), "Census 2011", {}, "ONS")
    >>> population_note(held, 610, date(2020, 3, 31))
    'population Census 2011, of only 610 children and 9 years old'
    >>> population_note(held, 6296, date(2020, 3, 31))
    'population Census 2011'
    """
    limits = rules("population_of_few")
    old = (day - people.reference_date).days // 365.25
    if not size < limits["children"] or old < limits["years"]:  # none is given: no number
        return f"population {people.name}"
    return f"population {people.name}, of only {printed(size)} children and {old:.0f} years old"


def rate_ratios(
    measure: str, breakdown: str, found: pd.Series, people: Population, day: date
) -> pd.DataFrame:
    """Compare each group's rate with the reference group's, on a day or in the time up to it.

    Numerator: the group's children; denominator: those of the reference group.
    """
    base, base_population = int(found[REFERENCE]), people.children(REFERENCE)
    missing = int(found.sum() - found.reindex(known_groups()).sum())
    few = not too_many_unknown(int(found.sum()) - missing, missing)
    method = ratios.RATE_RATIO if few else RANGE_ONLY
    rows = []
    for group in known_groups():
        if reason := people.why_not(group) or people.why_not(REFERENCE):
            rows.append(contracts.not_available(measure, breakdown, "ratio", reason, [group]))
            continue
        count, size = int(found[group]), people.children(group)
        note = population_note(people, size, day)
        if missing and base:
            low = (count / size) / ((base + missing) / base_population)
            high = ((count + missing) / size) / (base / base_population)
            note = f"{note}; {missing_note(low, high)}"
        estimate = ratios.rate_ratio(count, size, base, base_population)
        rows.append(ratio_row(measure, breakdown, group, (count, base), estimate, method, note))
    return pd.concat(rows, ignore_index=True)


def rate_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate of being looked after on the last day, each ethnic group against White children.

    Returns
    -------
    figures, one row per group [ratio]
        Numerator: children of the group; denominator: White children looked after.
    """
    people = population(record, period)
    if people is None:
        return unavailable("ethnicity_rate_ratio", "ratio", record, period)
    found = tally(record.looked_after_on(period.end))
    return rate_ratios("ethnicity_rate_ratio", breakdown, found, people, period.end)


def started_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate of starting in the period, each ethnic group against White children [ratio]."""
    people = population(record, period)
    if people is None:
        return unavailable("ethnicity_started_ratio", "ratio", record, period)
    found = tally(record.started(period))
    return rate_ratios("ethnicity_started_ratio", breakdown, found, people, period.end)


def stay_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after for each one who started, each group against White children.

    Returns
    -------
    figures, one row per group [ratio]
        ``not_available`` for a period that is not a full year: entries of a part of a year would
        make every stay look longer.
    """
    measure = "ethnicity_stay_ratio"
    if not period.is_year:
        return contracts.not_available(measure, breakdown, "ratio", "given for full years only")
    stock = record.looked_after_on(period.end).set_index("child")["ethnicity"]
    entries = record.started(period).set_index("child")["ethnicity"]
    everyone = pd.concat([stock, entries[~entries.index.isin(stock.index)]])
    kinds = pd.DataFrame(
        {
            "ethnicity": everyone,
            "stock": everyone.index.isin(stock.index),
            "started": everyone.index.isin(entries.index),
        }
    )

    def three(group: str) -> tuple[int, int, int]:
        mine = kinds[kinds["ethnicity"] == group]
        return (
            int((mine["stock"] & mine["started"]).sum()),
            int((mine["stock"] & ~mine["started"]).sum()),
            int((~mine["stock"] & mine["started"]).sum()),
        )

    reference = three(REFERENCE)
    rows = []
    for group in known_groups():
        both, stock_only, started_only = three(group)
        rows.append(
            ratio_row(
                measure,
                breakdown,
                group,
                (both + stock_only, both + started_only),
                decomposition.stay_ratio(both, stock_only, started_only, reference),
                "children looked after per child started; bootstrap over children",
            )
        )
    return pd.concat(rows, ignore_index=True)


def three_or_more_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share with three or more placements in twelve months, each group against White children.

    Returns
    -------
    figures, one row per group [ratio]
        Numerator: children of the group with three or more; denominator: children of the group
        looked after. The interval treats both counts as rare events, which makes it rather wide.
    """
    measure = "ethnicity_three_or_more_ratio"
    people, reason = with_placement_counts(record, period)
    if reason:
        return contracts.not_available(measure, breakdown, "ratio", reason)
    everyone = tally(people)
    many = tally(people[people["many"]]).reindex(everyone.index, fill_value=0)
    rows = []
    for group in known_groups():
        counts = (int(many[group]), int(everyone[group]))
        estimate = ratios.rate_ratio(*counts, int(many[REFERENCE]), int(everyone[REFERENCE]))
        rows.append(ratio_row(measure, breakdown, group, counts, estimate, ratios.SHARE_RATIO))
    return pd.concat(rows, ignore_index=True)
