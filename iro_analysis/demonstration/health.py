"""Generate the OC2 (health) rows of one year, for children looked after throughout it."""

from __future__ import annotations

from .calendars import age_on, written, year_ends, year_starts
from .chance import Chance, quantile
from .measures import twelve_months
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def health_rows(chance: Chance, children: list[Child], year: int) -> list[Row]:
    """Return the rows of OC2: shares of the year are met by dealing out, not by chance.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        Children looked after in the year.
    year : int
        The calendar year in which the collection year begins.

    Returns
    -------
    list of dict
        One row for each child looked after continuously for twelve months.
    """
    data = settings("modules")["health"]
    first, last = year_starts(year), year_ends(year)
    cohort = [child for child in children if twelve_months(child, first, last)]
    ages = {child: age_on(child.born, last) for child in cohort}
    young = [child for child in cohort if ages[child] < data["under_five"]]
    may_be_convicted = [child for child in cohort if ages[child] >= data["convicted_from"]]
    older = [child for child in cohort if ages[child] >= data["substance_from"]]
    assessed = _yes(chance, cohort, by_year(data["assessment"], year))
    immunised = _yes(chance, cohort, by_year(data["immunisations"], year))
    teeth = _yes(chance, cohort, by_year(data["teeth"], year))
    developed = _yes(chance, young, by_year(data["development"], year))
    convicted = _yes(chance, may_be_convicted, by_year(data["convicted"], year))
    misusing = set(chance.some(older, round(by_year(data["substance"], year) * len(cohort))))
    helped = _yes(
        chance, [child for child in older if child in misusing], by_year(data["intervention"], year)
    )
    scores = _scores(chance, cohort, ages, year)
    return [
        {
            "CHILD": child.identifier,
            "DOB": written(child.born),
            **scores[child],
            "CONVICTED": _flag(child in convicted) if child in may_be_convicted else "",
            "HEALTH_CHECK": _flag(child in developed) if child in young else "",
            "IMMUNISATIONS": _flag(child in immunised),
            "TEETH_CHECK": _flag(child in teeth),
            "HEALTH_ASSESSMENT": _flag(child in assessed),
            "SUBSTANCE_MISUSE": _flag(child in misusing),
            "INTERVENTION_RECEIVED": _flag(child in helped) if child in misusing else "",
            "INTERVENTION_OFFERED": _flag(True)
            if child in misusing and child not in helped
            else "",
        }
        for child in cohort
    ]


def _yes(chance: Chance, children: list[Child], share: float) -> set[Child]:
    """Return a share of the children, to the nearest child."""
    return set(chance.some(children, round(share * len(children))))


def _flag(value: bool) -> str:
    return str(int(value))


def _scores(
    chance: Chance, cohort: list[Child], ages: dict[Child, int], year: int
) -> dict[Child, Row]:
    """Return the strengths and difficulties score of each child, or why there is none."""
    data = settings("modules")["health"]
    low, high = data["sdq_ages"]
    published, _ = data["published_sdq_ages"]
    asked = [child for child in cohort if low <= ages[child] <= high]
    received = _yes(chance, asked, by_year(data["sdq_received"], year))
    levels = by_year(data["sdq"], year)
    answers: dict[Child, Row] = {}
    # Those of the ages that are published, and the others, each get the whole distribution.
    for older in (True, False):
        group = [
            child for child in asked if child in received and (ages[child] >= published) == older
        ]
        spread = [quantile(levels, (place + 0.5) / len(group)) for place in range(len(group))]
        for child, score in zip(group, chance.shuffled(spread), strict=True):
            answers[child] = {"SDQ_SCORE": str(score), "SDQ_REASON": ""}
    for child in cohort:
        if child in answers:
            continue
        if low <= ages[child] <= high:
            reason = chance.choose(data["sdq_refused"])
        else:
            reason = data["sdq_not_of_age"] if ages[child] > high else ""
        answers[child] = {"SDQ_SCORE": "", "SDQ_REASON": reason}
    return answers
