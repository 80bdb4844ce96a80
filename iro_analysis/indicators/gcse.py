"""GCSE results of the cohorts that the virtual school lists: yearly, and over the years."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.estimates import proportions, trends
from iro_analysis.periods import Period

STANDARDS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "gcse_5_grade4_with_english_maths": lambda rows: (
        rows["gcses_grade4"].ge(5) & rows["english_grade4"].eq(1) & rows["maths_grade4"].eq(1)
    ),
    "gcse_5_grade4": lambda rows: rows["gcses_grade4"].ge(5),
    "gcse_5_any": lambda rows: rows["gcses_any"].ge(5),
    "gcse_1_any": lambda rows: rows["gcses_any"].ge(1),
}


def last_cohort(period: Period) -> int:
    """Return the newest year of results that a report for the period shows.

    A full year's report is written after the summer: 2019-20 shows the results of 2020. A part of
    a year shows those of the last August before the month in which it ends.
    """
    if period.is_year:
        return period.end.year
    return period.end.year if period.end.month >= 9 else period.end.year - 1


def cohorts(record: CareRecord, period: Period) -> dict[int, pd.DataFrame]:
    """Return year -> pupils, of the last five years of results up to the period's last one."""
    pupils = record.authority.lists["key_stage_4"]
    pupils = pupils[pupils["year"] <= last_cohort(period)]
    most = codes.record("rules")["gcse"]["most_cohorts"]
    known = sorted(int(year) for year in pupils["year"].unique())[-most:]
    return {year: pupils[pupils["year"] == year] for year in known}


def _by_cohort(measure: str, record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    found: dict[Any, pd.DataFrame] = cohorts(record, period)
    if not found:
        return contracts.not_available(
            measure, breakdown, "percent", "local/key_stage_4.csv holds no cohort up to then"
        )
    if breakdown == "cohort_pair":
        found = pairs(found)
        if not found:
            reason = "there are no two years together, an odd one and the next"
            return contracts.not_available(measure, breakdown, "percent", reason)
    reached = [int(STANDARDS[measure](rows).sum()) for rows in found.values()]
    totals = [len(rows) for rows in found.values()]
    groups, notes = [str(year) for year in found], [how_assessed(year) for year in found]
    if breakdown == ALL:
        reached, totals, groups = [sum(reached)], [sum(totals)], [ALL]
        notes = [f"cohorts of {min(found)} to {max(found)} together"]
    lower, upper = proportions.wilson(reached, totals)
    least = codes.record("rules")["gcse"]["least_for_a_percentage"]
    few = [total < least for total in totals]
    figures = contracts.figures(
        measure,
        breakdown,
        groups,
        unit="percent",
        numerator=reached,
        denominator=totals,
        value=[x / n * 100 for x, n in zip(reached, totals, strict=True)],
        lower=lower * 100,
        upper=upper * 100,
        method=proportions.WILSON,
        note=notes,
    )
    reason = f"fewer than {least} pupils: no percentage is given"
    figures.loc[few, ["value", "lower", "upper"]] = math.nan
    figures.loc[few, "status"], figures.loc[few, "note"] = "not_available", reason
    return figures


def pairs(found: dict[Any, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the cohorts two by two: an odd year and the next, of which both are there.

    Always the same pairs, whatever the newest year: pairs that moved on by a year would give the
    single years away.
    """
    return {
        f"{year} and {year + 1}": pd.concat([found[year], found[year + 1]])
        for year in found
        if year % 2 and year + 1 in found
    }


def how_assessed(year: int | str) -> str:
    """Return how grades came about where it was not by examination, else nothing.

    Parameters
    ----------
    year : int or str
        A year, or several as ``2019 and 2020``.
    """
    rows = codes.table("gcse_assessment")
    notes = dict(zip(rows["year"], rows["note"], strict=True))
    return "; ".join(notes[part] for part in str(year).split(" and ") if part in notes)


def five_at_grade_4_with_english_and_maths(
    record: CareRecord, period: Period, breakdown: str
) -> pd.DataFrame:
    """Pupils with five GCSEs at grade 4 or above, English and maths among them.

    Returns
    -------
    figures [percent of the cohort, or of the cohorts together for ``all``]
        No percentage under ten pupils. A pupil whose results are blank did not reach it.
    """
    return _by_cohort("gcse_5_grade4_with_english_maths", record, period, breakdown)


def five_at_grade_4(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Pupils with five GCSEs at grade 4 or above, by cohort."""
    return _by_cohort("gcse_5_grade4", record, period, breakdown)


def five_at_any_grade(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Pupils with five GCSEs at any grade, by cohort."""
    return _by_cohort("gcse_5_any", record, period, breakdown)


def one_at_any_grade(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Pupils with one GCSE or more at any grade, by cohort."""
    return _by_cohort("gcse_1_any", record, period, breakdown)


def trend(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Odds of reaching each standard, year on year, over the cohorts shown.

    Returns
    -------
    figures, one row per measure [ratio]
        1 is no trend. Numerator: pupils who reached it over all cohorts; denominator: all pupils.
        The note gives the exact two-sided p value (of many pupils a large-sample one, and the
        method says so) and the share that a cohort of the usual size
        would need to show a change. ``not_available`` with fewer than two cohorts, or where all or
        no pupils reached it.
    """
    found = cohorts(record, period)
    years = list(found)
    totals = [len(rows) for rows in found.values()]
    rows = []
    for measure, reaches in STANDARDS.items():
        reached = [int(reaches(pupils).sum()) for pupils in found.values()]
        offsets = [year - years[0] for year in years]
        if sum(totals) < codes.record("rules")["gcse"]["least_for_a_percentage"]:
            reason = "fewer than ten pupils in all cohorts: no trend is given"
            rows.append(
                contracts.not_available("gcse_trend", breakdown, "ratio", reason, [measure])
            )
            continue
        if not trends.testable(reached, totals):
            reason = "a trend needs two cohorts, and some but not all pupils reaching the standard"
            rows.append(
                contracts.not_available("gcse_trend", breakdown, "ratio", reason, [measure])
            )
            continue
        value, lower, upper = trends.odds_ratio_per_step(reached, totals, offsets)
        few = sum(totals) <= trends.MOST_COUNTED_OUT
        p = (
            trends.exact_trend_p(reached, totals, offsets)
            if few
            else trends.cochran_armitage(reached, totals, offsets)[1]
        )
        rows.append(
            contracts.figures(
                "gcse_trend",
                breakdown,
                [measure],
                unit="ratio",
                numerator=sum(reached),
                denominator=sum(totals),
                value=value,
                lower=lower,
                upper=upper,
                method=trends.TREND if few else trends.TREND_OF_MANY,
                note=f"{'exact p' if few else 'p'} = {p:.3f}",
            )
        )
    return pd.concat(rows, ignore_index=True)
