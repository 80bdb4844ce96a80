"""Generate the local lists of higher education, interviews after going missing, exploitation."""

from __future__ import annotations

from datetime import date

from .calendars import (
    birthday,
    day,
    last_day,
    reference_day,
    return_years,
    written,
    year_starts,
)
from .chance import Chance
from .leavers import is_leaver
from .local_lists import aged, scaled
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def printed_year() -> int:
    """Return the year whose number of students is given: the printed one, or the last."""
    printed = settings("local_lists")["higher_education"]["year"]
    return printed if printed in return_years() else return_years()[-1]


def higher_education(
    chance: Chance, children: list[Child], leavers: dict[str, str], scale: float
) -> list[Row]:
    """Return young people in higher education: the printed number through all of one year.

    Nobody's course ends inside that year, so that it is the same number however the year is cut.
    """
    data = settings("local_lists")["higher_education"]
    year, length = printed_year(), data["years"]
    in_courses = [child for child in children if leavers.get(child.identifier) in data["codes"]]
    older = [
        child
        for child in children
        if _age_in(child, year) in range(19, data["ages"][1]) and _left_care(child)
    ]
    others = [child for child in older if child.identifier not in leavers]
    wanted = scaled(data["number"], scale)
    found = chance.some(in_courses, wanted)
    found += chance.some(others, wanted - len(found))
    rows = [
        (
            child,
            year - chance.between(0, min(length - 2, max(_age_in(child, year) - 18, 0))),
            length,
        )
        for child in found
    ]
    used = set(found)
    for start, number in _later_starts(year).items():
        of_age = [
            child
            for child in children
            if child not in used and _age_in(child, start) in (18, 19) and _left_care(child)
        ]
        courses = chance.some(of_age, scaled(number, scale))
        used |= set(courses)
        # A course that would end in the summer of the printed year is a shorter one.
        rows += [(child, start, length - (start + length == year)) for child in courses]
    return [
        {
            "child": child.identifier,
            "from": written(day(date(start, 9, 23))),
            "to": written(day(date(start + years, 6, 14)))
            if day(date(start + years, 6, 14)) <= last_day()
            else "",
        }
        for child, start, years in sorted(rows, key=lambda row: (row[1], row[0].identifier))
    ]


def _later_starts(year: int) -> dict[int, int]:
    """Return how many other young people begin a course, by the year in which they do."""
    given = settings("local_lists")["higher_education"]["starts"]
    starts = {int(start): number for start, number in given.items()}
    beyond = range(max(starts) + 1, return_years()[-1] + 1)
    starts |= {other: by_year(given, other) for other in beyond}
    return {start: number for start, number in starts.items() if start <= return_years()[-1]}


def _age_in(child: Child, year: int) -> int:
    """Return the age on 1 September of a year."""
    first = day(date(year, 9, 1))
    return next(
        (
            age
            for age in range(17, 25)
            if birthday(child.born, age) <= first < birthday(child.born, age + 1)
        ),
        0,
    )


def _left_care(child: Child) -> bool:
    return (
        not child.short_breaks and birthday(child.born, 18) <= last_day() and is_leaver(child, 18)
    )


def return_interviews(chance: Chance, missing: list[Row]) -> list[Row]:
    """Return interviews after going missing: offered to nearly all, held with most."""
    data = settings("local_lists")["return_interviews"]
    code = settings("modules")["missing"]["code"]
    rows = []
    for row in missing:
        if row["MISSING"] != code:
            continue
        offered = chance.happens(data["offered"])
        held = offered and chance.happens(data["held"])
        rows.append(
            {
                "child": row["CHILD"],
                "missing_start": row["MIS_START"],
                "offered": str(int(offered)),
                "held": str(int(held)),
            }
        )
    return rows


def exploitation(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return children tracked because of exploitation: the printed number on the reference day."""
    data = settings("local_lists")["exploitation"]
    reference = reference_day()
    tracked = chance.some(aged(children, reference, data["ages"]), scaled(data["number"], scale))
    rows, known = [], set(tracked)
    for child in tracked:
        period = child.period_at(reference)
        began = max(reference - chance.between(10, 300), period.start)
        rows.append((began, child.identifier, reference + chance.days(data["days"]), period.end))
    for year in return_years():
        when = year_starts(year) + chance.between(60, 200)
        eligible = [child for child in aged(children, when, data["ages"]) if child not in known]
        for child in chance.some(eligible, scaled(data["new_each_year"], scale)):
            ended = when + chance.days(data["days"])
            if when <= reference < min(ended, child.period_at(when).end):
                ended = reference - chance.between(0, 20)
            if ended > when:
                rows.append((when, child.identifier, ended, child.period_at(when).end))
            known.add(child)
    return [
        {
            "child": child,
            "from": written(began),
            "to": written(min(ended, left)) if min(ended, left) <= last_day() else "",
        }
        for began, child, ended, left in sorted(rows)
    ]
