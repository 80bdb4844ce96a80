"""Health of children looked after for twelve months: the return's OC2 module.

The cohort is not that of 31 March: only children looked after on that day and without a break for
the twelve months to it are in it. The module is collected once a year, so that nothing can be said
of a period that does not end on 31 March.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, year_of

YES = "1"


def _rules() -> dict:
    return codes.record("rules")["health"]


def cohort(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after for twelve months, with their answers of that year's return.

    Returns
    -------
    DataFrame, one row per child
        ``child``, ``age`` on the day, and the columns of OC2; missing where the child has no row.
    """
    return record.once(("health", period), lambda: _cohort(record, period))


def _cohort(record: CareRecord, period: Period) -> pd.DataFrame:
    people = record.continuously_looked_after(period.end)[["child", "age"]]
    answers = record.authority.tables["oc2"]
    answers = answers[answers["return_year"].eq(year_of(period.end).start.year)]
    answers = answers.drop_duplicates("child", keep="last").drop(columns=["birth_date"])
    return people.merge(answers, on="child", how="left", validate="one_to_one")


def _answered(measure: str, people: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the share whose answer is yes; no answer is not yes; say how many are not known."""
    found = breakdowns.percentage(measure, int(people[column].eq(YES).sum()), len(people))
    given = people[column].fillna("")
    unknown = int((given.ne("") & ~given.isin(codes.CodeList("yes_or_no").known())).sum())
    if not unknown:
        return found
    return found.assign(note=f"not known for {unknown} of {len(people)}: the code is of no list")


def assessed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort whose health assessment was done [percent]; under five: both."""
    return _answered("health_assessment", cohort(record, period), "health_assessment")


def immunised(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort up to date with immunisations on 31 March [percent]."""
    return _answered("immunisations", cohort(record, period), "immunisations")


def dentist(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort, of any age, whose teeth were checked in the year [percent]."""
    return _answered("dental_check", cohort(record, period), "teeth_check")


def developed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort under five whose development checks are up to date [percent]."""
    people = cohort(record, period)
    people = people[people["age"] < _rules()["under_five"]]
    return _answered("development_checks", people, "health_check")


def substance_misuse(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort identified as misusing alcohol or drugs [percent]."""
    return _answered("substance_misuse", cohort(record, period), "substance_misuse")


def convicted(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort aged 10 to 17 convicted or cautioned in the year [percent]."""
    people = cohort(record, period)
    rules = _rules()
    people = people[people["age"].between(rules["convicted_from"], rules["convicted_to"])]
    return _answered("convicted", people, "convicted")


def _scores(record: CareRecord, period: Period) -> pd.Series:
    """Return the questionnaire's score of each child of 5 to 16; missing where there is none."""
    people = cohort(record, period)
    rules = _rules()
    people = people[people["age"].between(rules["sdq_from"], rules["sdq_to"])]
    return pd.to_numeric(people["sdq_score"], errors="coerce")


def sdq_completed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the cohort aged 5 to 16 with a score [percent]."""
    scores = _scores(record, period)
    return breakdowns.percentage("sdq_completed", int(scores.notna().sum()), len(scores))


def sdq_average(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Average of the scores received, ages 5 to 16 [score]; the denominator is how many."""
    return breakdowns.mean("sdq_average", _scores(record, period), "score")


def sdq_band(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Scores received by band [children]; the denominator is the scores received."""
    scores = _scores(record, period).dropna()
    rules = codes.record("rules")["sdq_bands"]
    labels = pd.Series(codes.NOT_KNOWN, index=scores.index, dtype=str)
    groups = breakdowns.groups(breakdown)
    for band in groups:
        low, high = rules[band]
        labels = labels.mask(scores.between(low, high), band)
    return breakdowns.counts("sdq_band", breakdown, labels, groups, "children", "count")
