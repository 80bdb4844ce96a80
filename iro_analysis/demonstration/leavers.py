"""Generate a year's OC3 rows: care leavers aged 17 to 21, and 22 to 25 who asked for support."""

from __future__ import annotations

from .calendars import birthday, written, year_ends, year_starts
from .chance import Chance
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def leaver_rows(chance: Chance, children: list[Child], year: int) -> list[Row]:
    """Return the rows of OC3.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        All children, also those who left long ago.
    year : int
        The calendar year in which the collection year begins.

    Returns
    -------
    list of dict
        One row for each care leaver, in the order of the children.
    """
    ages = {
        child: age
        for child in children
        if (age := birthday_in_year(child, year)) and is_leaver(child, age)
    }
    answers: dict[Child, Row] = {}
    for first, last in settings("modules")["leavers"]["groups"]:
        group = [child for child, age in ages.items() if first <= age <= last]
        answers.update(_answers(chance, group, str(first), year))
    answers.update(_older(chance, children, year))
    return [
        {"CHILD": child.identifier, "DOB": written(child.born), **answers[child]}
        for child in children
        if child in answers
    ]


def birthday_in_year(child: Child, year: int) -> int:
    """Return which of the birthdays asked about falls in the year, or 0."""
    return _birthday_from(child, year, settings("modules")["leavers"]["ages"])


def _birthday_from(child: Child, year: int, ages: list[int]) -> int:
    """Return which birthday from the first to the second age falls in the year, or 0."""
    for age in range(ages[0], ages[1] + 1):
        if year_starts(year) <= birthday(child.born, age) <= year_ends(year):
            return age
    return 0


def _older(chance: Chance, children: list[Child], year: int) -> dict[Child, Row]:
    """Return the answers of those of 22 to 25 who asked for support; none in early years."""
    data = settings("years")["leavers"]
    if year < data["from_return"]:
        return {}
    of_age = [
        child
        for child in children
        if (age := _birthday_from(child, year, data["ages"])) and is_leaver(child, age)
    ]
    asked = [child for child in of_age if chance.happens(data["asked"])]
    last_group = settings("modules")["leavers"]["groups"][-1]
    return _answers(chance, asked, str(last_group[0]), year)


def is_leaver(child: Child, age: int) -> bool:
    """Return whether a young person has left care by a birthday after long enough in it."""
    data = settings("modules")["leavers"]
    when = birthday(child.born, age)
    fourteenth = birthday(child.born, data["after_age"])
    sixteenth = birthday(child.born, data["some_time_after_age"])
    before = [period for period in child.periods if period.start < when]
    if child.short_breaks or not before or before[-1].end > when:
        return False
    days = sum(max(period.end - max(period.start, fourteenth), 0) for period in before)
    enough = days >= data["days_in_care"] and before[-1].end > sixteenth
    return enough and before[-1].why_ended not in data["not_eligible"]


def _answers(chance: Chance, group: list[Child], first_age: str, year: int) -> dict[Child, Row]:
    """Deal out contact, activity and accommodation to an age group."""
    data = settings("modules")["leavers"]
    touch = chance.deck(by_year(data["in_touch"], year)[first_age], len(group))
    known = [
        child for child, code in zip(group, touch, strict=True) if code not in data["not_in_touch"]
    ]
    activity = dict(
        zip(known, chance.deck(by_year(data["activity"], year)[first_age], len(known)), strict=True)
    )
    suitable = set(chance.some(known, round(by_year(data["suitable"], year) * len(known))))
    homes = data["accommodation"]
    answers = {}
    for child, code in zip(group, touch, strict=True):
        home = homes["suitable" if child in suitable else "unsuitable"]
        answers[child] = {
            "IN_TOUCH": code,
            "ACTIV": activity.get(child, data["not_known"]),
            "ACCOM": chance.choose(home) if child in activity else data["not_known"],
        }
    return answers
