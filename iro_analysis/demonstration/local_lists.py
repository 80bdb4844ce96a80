"""Generate the local lists on schooling and permanence plans, with helpers for the other lists."""

from __future__ import annotations

from datetime import date

from .calendars import (
    age_on,
    birthday,
    collection_year,
    day,
    last_day,
    months_after,
    reference_day,
    return_years,
    working_day_from,
    written,
    year_ends,
    year_starts,
)
from .chance import Chance
from .measures import twelve_months
from .people import Child
from .settings import by_year, settings

Row = dict[str, str]


def scaled(count: float, scale: float) -> int:
    """Return a count for an authority of another size, rounded half up."""
    return int(count * scale + 0.5)


def aged(children: list[Child], when: int, ages: list[int]) -> list[Child]:
    """Return children looked after on a day and of an age from the first to the second."""
    low, high = ages
    return [
        child
        for child in children
        if child.period_at(when) and low <= age_on(child.born, when) <= high
    ]


def evenly(things: list, share: float) -> list:
    """Return a share of the things, spread so evenly that it holds for any run of them."""
    return [
        thing
        for place, thing in enumerate(things)
        if int((place + 1) * share + 0.5) > int(place * share + 0.5)
    ]


def key_stage_4(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return pupils at the end of key stage 4 and their results."""
    rows = []
    results = (_with_both, _without_both, _five_any, _some_any, _none)
    for year in _result_years():
        results_of_year = by_year(settings("local_lists")["key_stage_4"], year)
        counts = [scaled(count, scale) for count in results_of_year]
        pupils = chance.shuffled(_pupils(chance, children, year, sum(counts)))
        kinds = [kind for kind, count in zip(results, counts, strict=True) for _ in range(count)]
        for pupil, kind in zip(pupils, kinds, strict=False):
            any_grade, grade_4, english, maths = kind(chance)
            rows.append(
                {
                    "child": pupil.identifier,
                    "year": str(year),
                    "gcses_any": str(any_grade),
                    "gcses_grade4": str(grade_4),
                    "english_grade4": str(english),
                    "maths_grade4": str(maths),
                }
            )
    return sorted(rows, key=lambda row: (row["year"], row["child"]))


def _result_years() -> list[int]:
    """Return the years whose GCSE results, given in August, the returns reach."""
    last = date.fromordinal(last_day())
    return list(range(return_years()[0] + 1, last.year + (last.month > 8)))


def _pupils(chance: Chance, children: list[Child], year: int, number: int) -> list[Child]:
    """Return pupils of the year group: first those in care all the year, then others."""
    spring, school_year = day(date(year, 3, 31)), day(date(year - 1, 8, 31))
    of_age = [
        child
        for child in children
        if not child.short_breaks and age_on(child.born, school_year) == 15
    ]
    here = [child for child in of_age if child.period_at(spring)]
    settled = [child for child in here if twelve_months(child, year_starts(year - 1), spring)]
    groups = (
        settled,
        [child for child in here if not twelve_months(child, year_starts(year - 1), spring)],
        _recent(of_age, here, spring),
    )
    found: list[Child] = []
    for group in groups:
        found += chance.some(group, number - len(found))
    return found


def _recent(of_age: list[Child], here: list[Child], spring: int) -> list[Child]:
    left = set(here)
    return [
        child
        for child in of_age
        if child not in left
        and any(spring - 365 < period.end and period.start <= spring for period in child.periods)
    ]


def _with_both(chance: Chance) -> tuple[int, int, int, int]:
    grade_4 = chance.between(5, 8)
    return chance.between(grade_4, 9), grade_4, 1, 1


def _without_both(chance: Chance) -> tuple[int, int, int, int]:
    grade_4, english = chance.between(5, 6), chance.between(0, 1)
    return chance.between(grade_4 + 1, 9), grade_4, english, 1 - english


def _five_any(chance: Chance) -> tuple[int, int, int, int]:
    grade_4 = chance.between(0, 4)
    english, maths = int(chance.happens(0.1 * grade_4)), int(chance.happens(0.08 * grade_4))
    return chance.between(5, 8), max(grade_4, english + maths), english, maths


def _some_any(chance: Chance) -> tuple[int, int, int, int]:
    any_grade = chance.between(1, 4)
    return any_grade, chance.between(0, min(any_grade, 1)), 0, 0


def _none(chance: Chance) -> tuple[int, int, int, int]:
    return 0, 0, 0, 0


def education_plans(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return, for each term's end, whether each pupil's personal education plan is up to date."""
    data = settings("local_lists")["education_plans"]
    rows = []
    for year in return_years():
        for month, month_day in data["term_ends"]:
            when = day(date(year + (month < 4), month, month_day))
            if when > last_day():
                continue
            pupils = sorted(aged(children, when, data["ages"]), key=lambda child: -child.born)
            current = set(
                evenly(_jumbled_ages(chance, pupils, when), by_year(data["up_to_date"], year))
            )
            rows += [
                {
                    "child": pupil.identifier,
                    "date": written(when),
                    "up_to_date": str(int(pupil in current)),
                }
                for pupil in sorted(pupils, key=lambda child: child.identifier)
            ]
    return rows


def _jumbled_ages(chance: Chance, pupils: list[Child], when: int) -> list[Child]:
    """Return pupils in order of age in years, in a drawn order within each year of age."""
    drawn = {pupil: chance.uniform() for pupil in pupils}
    return sorted(pupils, key=lambda pupil: (age_on(pupil.born, when), drawn[pupil]))


def ehc_plans(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return education, health and care plans: the printed share in every age group."""
    data = settings("local_lists")["ehc_plans"]
    reference = reference_day()
    here = aged(children, reference, data["ages"])
    first = year_starts(collection_year(reference))
    settled = [child for child in here if twelve_months(child, first, reference)]
    newer = [child for child in here if not twelve_months(child, first, reference)]
    with_plan = [
        child
        for group in (settled, newer)
        for child in evenly(_jumbled_ages(chance, group, reference), data["share"])
    ]
    rows = [_ehc_plan(chance, child, reference) for child in with_plan]
    others = [
        child
        for child in children
        if not child.short_breaks
        and not child.period_at(reference)
        and child.periods[-1].end > year_starts(return_years()[0])
    ]
    for child in others:
        period = child.periods[-1]
        seen = min(max(period.start, year_starts(return_years()[0])), last_day())
        age = age_on(child.born, min(period.end - 1, last_day()))
        if age >= data["ages"][0] and chance.happens(data["share"]):
            rows.append(_ehc_plan(chance, child, seen))
    return sorted(rows, key=lambda row: row["child"])


def _ehc_plan(chance: Chance, child: Child, seen: int) -> Row:
    """Return a plan that is in force on a day and runs on (plans may run to 25)."""
    data = settings("local_lists")["ehc_plans"]
    earliest = birthday(child.born, data["ages"][0] - 1)
    began = max(seen - chance.days(data["days_before"]), earliest)
    return {"child": child.identifier, "from": written(working_day_from(began)), "to": ""}


def suspensions(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return suspensions from school: so many children and so many school days in each year."""
    data = settings("local_lists")["suspensions"]
    rows = []
    for year in return_years():
        number = scaled(by_year(data["children"], year), scale)
        total = scaled(by_year(data["days"], year), scale)
        eligible = [child for child in children if _school_days(child, year)]
        found = chance.some(eligible, number)
        for child, days in zip(found, _shared_out(chance, total, len(found)), strict=True):
            rows += _suspended(chance, child, days, year)
    return sorted(
        rows, key=lambda row: (row["date"][6:] + row["date"][3:5] + row["date"][:2], row["child"])
    )


def _school_days(child: Child, year: int) -> list[int]:
    """Return working days of term in a year on which a pupil is looked after and of age."""
    data = settings("local_lists")["suspensions"]
    low, high = data["ages"]
    if child.short_breaks or age_on(child.born, year_starts(year)) not in range(low, high + 1):
        return []
    months = {(year + (month < 4), month) for month in data["term_months"]}
    days = []
    for number in range(year_starts(year), year_ends(year) - 10, 7):
        when = working_day_from(number)
        stays = child.period_at(when)
        if (
            stays
            and when + 10 < stays.end
            and (date.fromordinal(when).year, date.fromordinal(when).month) in months
        ):
            days.append(when)
    return days if len(days) > 6 else []


def _shared_out(chance: Chance, total: int, people: int) -> list[int]:
    """Share a total among people, at least one each."""
    shares = [1] * people
    for _ in range(max(total - people, 0) if people else 0):
        shares[chance.between(0, people - 1)] += 1
    return shares


def _suspended(chance: Chance, child: Child, days: int, year: int) -> list[Row]:
    """Split a pupil's days into suspensions on different days."""
    longest = settings("local_lists")["suspensions"]["longest"]
    lengths = []
    while days > 0:
        lengths.append(min(days, chance.between(1, longest)))
        days -= lengths[-1]
    dates = chance.some(_school_days(child, year), len(lengths))
    lengths[len(dates) :] = []
    return [
        {"child": child.identifier, "date": written(when), "days": str(length)}
        for when, length in zip(dates, lengths, strict=True)
    ]


def permanence_plans(chance: Chance, children: list[Child], scale: float) -> list[Row]:
    """Return when each period of care had a permanence plan; a few have none yet."""
    data = settings("local_lists")["permanence_plans"]
    reference = reference_day()
    begun = [
        (period.start, child)
        for child in children
        if (period := child.period_at(reference))
        and months_after(period.start, data["months"]) <= reference
    ]
    recent = [child for _, child in sorted(begun, key=lambda pair: -pair[0])]
    without = set(chance.some(recent[: len(recent) // 4], round(data["none"] * len(begun))))
    rows, first = [], year_starts(return_years()[0])
    for child in children:
        for period in child.periods:
            if child.short_breaks or period.end <= first:
                continue
            planned = period.start + chance.days(data["days"])
            if child in without and period is child.period_at(reference):
                planned = max(period.start + chance.days(data["late_days"]), reference + 20)
            elif period is not child.period_at(reference) and chance.happens(data["none"]):
                planned = period.start + chance.days(data["late_days"])
            dates = [planned]
            if period.start < first and child not in without:
                # The plan was made before the first return and has been looked at again since.
                dates.append(first + chance.days(data["revised_days"]))
            rows += [
                {"child": child.identifier, "date": written(when)}
                for when in dates
                if when < min(period.end, last_day() + 1)
            ]
    return rows
