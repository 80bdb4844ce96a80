"""GCSE results by cohort, and their trend.

Part of the slow independent count: see ``slow_further``. The standard library only.
References: the records of iro_analysis/reference/measures/education.toml; STATISTICS 1.6.
"""

from datetime import date
from math import exp

from independent.slow_authority import CANNOT_BE_SAID, percent
from independent.slow_lists import YES, listed, number_of


def grades(row, column):
    """How many; not filled is not known, and reaches no standard."""
    return number_of(row[column]) or 0


STANDARDS = {
    "gcse_1_any": lambda row: grades(row, "GCSES_ANY") >= 1,
    "gcse_5_any": lambda row: grades(row, "GCSES_ANY") >= 5,
    "gcse_5_grade4": lambda row: grades(row, "GCSES_GRADE4") >= 5,
    "gcse_5_grade4_with_english_maths": lambda row: (
        grades(row, "GCSES_GRADE4") >= 5
        and row["ENGLISH_GRADE4"].upper() in YES
        and row["MATHS_GRADE4"].upper() in YES
    ),
}


def odds_ratio_per_year(cohorts):
    """exp(slope) of the logistic line through the cohorts, by Newton's method.

    cohorts: [(year, pupils who reached the standard, pupils)].
    """
    middle = sum(year for year, _, _ in cohorts) / len(cohorts)
    level = slope = 0.0
    for _ in range(100):
        first = [0.0, 0.0]
        second = [0.0, 0.0, 0.0]
        for year, reached, pupils in cohorts:
            x = year - middle
            chance = 1 / (1 + exp(-(level + slope * x)))
            first[0] += reached - pupils * chance
            first[1] += x * (reached - pupils * chance)
            weight = pupils * chance * (1 - chance)
            second[0] += weight
            second[1] += weight * x
            second[2] += weight * x * x
        size = second[0] * second[2] - second[1] ** 2
        level += (second[2] * first[0] - second[1] * first[1]) / size
        slope += (second[0] * first[1] - second[1] * first[0]) / size
    return exp(slope)


def last_cohort(start, end):
    """Of a full year its own; of a part the last August before the month in which it ends."""
    full_year = (end.month, end.day) == (3, 31) and start == date(end.year - 1, 4, 1)
    return end.year if full_year or end.month >= 9 else end.year - 1


def gcse_figures(authority, start, end):
    """Up to five cohorts, one by one, together, and two by two: an odd year and the next."""
    result = {}
    last = last_cohort(start, end)
    rows = listed(authority, "key_stage_4")
    for measure, reaches in STANDARDS.items():
        years = sorted({int(row["YEAR"]) for row in rows or [] if int(row["YEAR"]) <= last})[-5:]
        if not years:
            result[measure, "all", "all"] = CANNOT_BE_SAID
            result["gcse_trend", "measure", measure] = CANNOT_BE_SAID
            continue
        cohorts = []
        for year in years:
            of_year = [row for row in rows if int(row["YEAR"]) == year]
            cohorts.append((year, sum(reaches(row) for row in of_year), len(of_year)))
            result[measure, "cohort_year", str(year)] = percent(*cohorts[-1][1:])
        reached = sum(cohort[1] for cohort in cohorts)
        pupils = sum(cohort[2] for cohort in cohorts)
        result[measure, "all", "all"] = percent(reached, pupils)
        for one, other in zip(cohorts, cohorts[1:]):
            if one[0] % 2 and other[0] == one[0] + 1:
                result[measure, "cohort_pair", f"{one[0]} and {other[0]}"] = percent(
                    one[1] + other[1], one[2] + other[2]
                )
        result["gcse_trend", "measure", measure] = (
            (reached, pupils, odds_ratio_per_year(cohorts))
            if len(cohorts) > 1 and 0 < reached < pupils
            else CANNOT_BE_SAID
        )
    return result
