"""Children of all minority ethnic groups together against White children.

One number for groups whose own rates differ many times over: it is shown with the named groups
and never in their place. "Minority ethnic" is every group but White; children whose ethnicity is
not known are in neither. `white_british_ratio` alone divides otherwise: White British children, and
those of all other known groups, White ones among them, as the Census 2021 does.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.comparators.school_census import PUPILS
from iro_analysis.estimates import ratios
from iro_analysis.estimates.decomposition import stay_ratio
from iro_analysis.indicators.disproportionality import (
    NOT_DEFINED,
    RANGE_ONLY,
    REFERENCE,
    known_groups,
    missing_note,
    too_many_unknown,
)
from iro_analysis.indicators.looked_after import no_population
from iro_analysis.periods import Period, year_of
from iro_analysis.rounding import printed

TOGETHER = "Minority ethnic"
TEN_TO_17 = "ethnicity_age_10_to_17"
WHITE_BRITISH, ALL_OTHERS = "White British", "All other ethnic groups"  # the census's two groups
STOCK, ENTRY, STAY, EXIT = "Looked after", "Entering", "Staying", "Leaving"
RESAMPLED = "children looked after per child started; bootstrap over children"


def _two(people: pd.DataFrame) -> tuple[int, int, int]:
    """Return the children of minority ethnic groups, White children, and those not known."""
    minority = people["ethnicity"].isin(set(known_groups()) - {REFERENCE})
    white = people["ethnicity"].eq(REFERENCE)
    return int(minority.sum()), int(white.sum()), int((~minority & ~white).sum())


def _others(people: Population) -> float:
    return people.whole(_groups(people)) - people.children(REFERENCE)


def _groups(people: Population) -> list[str]:
    """Return the groups that make the whole: of a share once printed, White and all others."""
    return list(people.values) if TOGETHER in people.values else known_groups()


def _populations(record: CareRecord, period: Period) -> list[Population]:
    """Return every population by ethnic group that is held: censuses, and a share once printed.

    The school census nearest to the period's end is the first: a second best, of pupils only.
    """
    place = record.authority
    held = place.populations("ethnicity")
    shares = place.populations("minority_ethnic_share")
    now = [each for each in shares if year_of(each.reference_date) == year_of(period.end)]
    pupils = place.populations(PUPILS)
    nearest = sorted(pupils, key=lambda each: abs(each.reference_date - period.end))[:1]
    return nearest + held + now


def _row(
    measure: str, breakdown: str, group: str, people: Population, two: tuple[int, int, int]
) -> pd.DataFrame:
    if reason := people.why_not(REFERENCE) or people.why_no_whole(_groups(people)):
        return contracts.not_available(measure, breakdown, "ratio", reason, [group])
    sizes = _others(people), people.children(REFERENCE)
    return _figure(measure, breakdown, group, people, two, sizes)


def _figure(
    measure: str,
    breakdown: str,
    group: str,
    people: Population,
    two: tuple[int, int, int],
    sizes: tuple[float, float],
) -> pd.DataFrame:
    minority, white, unknown = two
    n1, n0 = sizes
    value, lower, upper = ratios.rate_ratio(minority, n1, white, n0)
    if not (minority + white and value < float("inf")):
        return contracts.not_available(measure, breakdown, "ratio", NOT_DEFINED, [group])
    notes = [f"population {people.name}"]
    if people.of_pupils:
        notes.append(
            "pupils of state-funded schools, most of them 5 to 15, in place of all children"
        )
    if "printed" in people.vintage:
        share = n1 / (n1 + n0)
        (low, high), (least, most) = ratios.ratio_with_rounded_share(minority, white, share)
        notes.append(
            f"the share of {printed(share * 100)}% was rounded: {printed(low, 2)} to "
            f"{printed(high, 2)} by what it may have been, with chance {printed(least, 2)} to "
            f"{printed(most, 2)}"
        )
    if unknown:
        ways = ratios.ratio_with_unknown_group(minority, n1, white, n0, unknown)
        notes.append(missing_note(ways["none"][0], ways["all"][0]))
    method = RANGE_ONLY if too_many_unknown(minority + white, unknown) else ratios.RATE_RATIO
    return contracts.figures(
        measure,
        breakdown,
        [group],
        unit="ratio",
        numerator=minority,
        denominator=white,
        value=value,
        lower=lower,
        upper=upper,
        method=method,
        note="; ".join(notes),
    )


def ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate of being looked after of minority ethnic children against White ones, by population.

    Parameters
    ----------
    record : CareRecord
    period : Period
    breakdown : str
        ``population``: a row for each population by ethnic group that is held, named with its
        year; a census after the period's last day too, since it may lie nearer.

    Returns
    -------
    figures, one row per population [ratio of rates]
        Numerator: minority ethnic children looked after on the last day; denominator: White ones.
        Not to be read as one answer for every group, and no explanation of the difference.

    References
    ----------
    STATISTICS 1.3 and part 3.
    """
    measure, held = "minority_ethnic_ratio", _populations(record, period)
    if not held:
        reason = no_population(record, "by ethnic group", period)
        return contracts.not_available(measure, breakdown, "ratio", reason)
    two = _two(record.looked_after_on(period.end))
    rows = [_row(measure, breakdown, each.name, each, two) for each in held]
    return pd.concat(rows, ignore_index=True)


def ratio_10_to_17(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate ratio for ages 10 to 17 only, with a census held for those ages.

    Returns
    -------
    figures, one row [ratio of rates]
        Numerator and denominator are children aged 10 to 17 too.
    """
    measure, place = "minority_ethnic_ratio_10_to_17", record.authority
    held = place.populations(TEN_TO_17)
    if not held:
        reason = "no census by ethnic group of ages 10 to 17 is held for the area"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    people = record.looked_after_on(period.end)
    return _row(measure, breakdown, "all", held[-1], _two(people[people["age"].between(10, 17)]))


def white_british_ratio(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Rate of children of all groups but White British against that of White British children.

    Returns
    -------
    figures, one row [ratio of rates]
        Numerator: children looked after on the last day of a known group other than White British,
        White Irish and other White ones too; denominator: White British ones. Both rates are of
        ages 0 to 17 in the Census 2021, the nearest census by group for most councils.

    References
    ----------
    STATISTICS 1.3.
    """
    measure = "minority_ethnic_to_white_british_ratio"
    held = record.authority.populations("white_british")
    if not held:
        reason = "no census of White British and all other children is held for the area"
        return contracts.not_available(measure, breakdown, "ratio", reason)
    people = held[-1]
    if reason := people.why_not(WHITE_BRITISH) or people.why_not(ALL_OTHERS):
        return contracts.not_available(measure, breakdown, "ratio", reason)
    children = record.looked_after_on(period.end)
    known = children["ethnicity"].isin(known_groups())
    british = known & children["ethnicity_detail"].eq(WHITE_BRITISH)
    two = int((known & ~british).sum()), int(british.sum()), int((~known).sum())
    sizes = people.children(ALL_OTHERS), people.children(WHITE_BRITISH)
    return _figure(measure, breakdown, "all", people, two, sizes)


def parts(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Ratio of children looked after, split into entering, staying and leaving.

    In a steady state ``ln(looked after) = ln(entering) + ln(staying)``: what is left of the ratio
    of rates after that of entering is the ratio of lengths of stay.

    Returns
    -------
    figures, one row per part [ratio, minority ethnic against White]
        Looked after and entering: rates per child of the area. Staying: looked after on the last
        day per child who entered, with limits by drawing whole children again. Leaving: those who
        ceased per child looked after at its end or ceased. For full years only, and only while
        numbers are steady.

    References
    ----------
    STATISTICS 5.3.
    """
    measure, place = "minority_ethnic_parts", record.authority
    people = place.population("ethnicity", period.end)
    if people is None:
        reason = no_population(record, "by ethnic group", period)
        return contracts.not_available(measure, breakdown, "ratio", reason)
    if not period.is_year:
        return contracts.not_available(measure, breakdown, "ratio", "given for full years only")
    stock, started = record.looked_after_on(period.end), record.started(period)
    left = record.ceased(period)
    rows = [
        _bare(_row(measure, breakdown, STOCK, people, _two(stock))),
        _bare(_row(measure, breakdown, ENTRY, people, _two(started))),
        _staying(measure, breakdown, stock, started),
        _leaving(measure, breakdown, stock, left),
    ]
    return pd.concat(rows, ignore_index=True)


def _bare(row: pd.DataFrame) -> pd.DataFrame:
    """Return a figure without its counts, which stand with the figures that they are of."""
    return row.assign(numerator=float("nan"), denominator=float("nan"))


def _staying(
    measure: str, breakdown: str, stock: pd.DataFrame, started: pd.DataFrame
) -> pd.DataFrame:
    everyone = pd.concat([stock[["child", "ethnicity"]], started[["child", "ethnicity"]]])
    everyone = everyone.drop_duplicates("child")
    held, came = everyone["child"].isin(stock["child"]), everyone["child"].isin(started["child"])
    kinds = [_two(everyone[mask]) for mask in (held & came, held & ~came, ~held & came)]
    (both, both_white, _), (stayed, stayed_white, _), (began, began_white, _) = kinds
    value, lower, upper = stay_ratio(both, stayed, began, (both_white, stayed_white, began_white))
    if not value > 0:
        return contracts.not_available(measure, breakdown, "ratio", NOT_DEFINED, [STAY])
    return contracts.figures(
        measure,
        breakdown,
        [STAY],
        unit="ratio",
        value=value,
        lower=lower,
        upper=upper,
        method=RESAMPLED,
    )


def _leaving(measure: str, breakdown: str, stock: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    everyone = pd.concat([stock[["child", "ethnicity"]], left[["child", "ethnicity"]]])
    gone, at_risk = _two(left), _two(everyone.drop_duplicates("child"))  # who came back, once
    value, lower, upper = ratios.rate_ratio(gone[0], at_risk[0], gone[1], at_risk[1])
    if not (value >= 0 and value < float("inf")):
        return contracts.not_available(measure, breakdown, "ratio", NOT_DEFINED, [EXIT])
    return contracts.figures(
        measure,
        breakdown,
        [EXIT],
        unit="ratio",
        numerator=gone[0],
        denominator=gone[1],
        value=value,
        lower=lower,
        upper=upper,
        method=ratios.RATE_RATIO,
    )
