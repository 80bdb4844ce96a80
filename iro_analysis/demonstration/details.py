"""Give invented children identifier, sex, ethnicity, UPN, motherhood; make short-break children."""

from __future__ import annotations

from collections import Counter
from datetime import date

from .calendars import (
    age_on,
    birthday,
    last_day,
    reference_day,
    return_years,
    year_ends,
    year_starts,
)
from .chance import Chance, dealt
from .people import NUMBER_WIDTH, Child, Episode, Period, Place
from .settings import by_year, settings


def describe(chance: Chance, children: list[Child], prefix: str) -> list[Child]:
    """Give children their identifiers and characteristics.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    children : list of Child
        All children; they are changed.
    prefix : str
        What identifiers begin with, so that they are plainly false.

    Returns
    -------
    list of Child
        In the order of their identifiers, which is that of their first day in care.
    """
    ordered = sorted(children, key=lambda child: (child.periods[0].start, child.born))
    for number, child in enumerate(ordered, start=1):
        child.identifier = f"{prefix}{number:0{NUMBER_WIDTH}d}"
        child.upn = _upn(child, number)
    _deal_out(chance, ordered, "sex")
    _deal_out(chance, ordered, "ethnicity")
    _mothers(chance, ordered)
    _participation(chance, ordered)
    return ordered


def _upn(child: Child, number: int) -> str:
    data = settings("population")["upn"]
    if child.unaccompanied:
        return data["never_at_school"]
    return f"{data['prefix']}{number:0{13 - len(data['prefix'])}d}"


def _deal_out(chance: Chance, children: list[Child], name: str) -> None:
    """Deal out a characteristic by the printed shares of those here on the reference day."""
    data = settings("population")
    weights, apart = data[name], data[f"{name}_unaccompanied"]
    reference = reference_day()
    present = [child for child in children if child.period_at(reference)]
    elsewhere = [child for child in children if not child.period_at(reference)]
    for group, group_weights in ((True, apart), (False, weights)):
        some = [child for child in elsewhere if child.unaccompanied == group]
        _give(some, name, chance.deck(group_weights, len(some)))
    alone = [child for child in present if child.unaccompanied]
    left = Counter(dealt(weights, len(present)))
    for_alone = []
    for value in chance.deck(apart, len(alone)):
        # Where a group is used up, the next that is not: the whole stays as printed.
        value = next((key for key in (value, *apart, *weights) if left[key] > 0), value)
        left[value] -= 1
        for_alone.append(value)
    _give(alone, name, for_alone)
    rest = [key for key in weights for _ in range(left[key])]
    others = [child for child in present if not child.unaccompanied]
    _give(others, name, chance.shuffled(rest)[: len(others)])


def _give(children: list[Child], name: str, values: list[str]) -> None:
    for child, value in zip(children, values, strict=True):
        setattr(child, name, value)


def _mothers(chance: Chance, children: list[Child]) -> None:
    """Make some of the older girls mothers, while they are looked after."""
    data = settings("population")["mothers"]
    for child in children:
        if child.sex != "2" or birthday(child.born, 16) >= child.periods[-1].end:
            continue
        gave_birth = child.born + chance.days(data["age_in_days"])
        if chance.happens(data["share_of_girls_16_and_over"]) and child.period_at(gave_birth):
            child.mother_on = gave_birth


def _participation(chance: Chance, children: list[Child]) -> None:
    """Give each review its code: under four, or how the child took part, dealt out year by year."""
    data = settings("reviews")
    for year in return_years():
        first, last = year_starts(year), year_ends(year)
        of_age = []
        for child in children:
            fourth = birthday(child.born, data["no_code_age"])
            for period in child.periods:
                for review in period.reviews:
                    if first <= review.day <= last:
                        review.code = data["under_four"]
                        if review.day > fourth:
                            of_age.append(review)
        codes = chance.deck(by_year(data["participation"], year), len(of_age))
        for review, code in zip(of_age, codes, strict=True):
            review.code = code


def short_break_children(chance: Chance, scale: float) -> list[Child]:
    """Return children with a series of short breaks, who are never counted as looked after.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    scale : float
        The size of the authority, one being the reference size.

    Returns
    -------
    list of Child
        Each episode is a stay of its own; no reviews, no postcodes (validation rules 399 and 420).
    """
    data = settings("population")["short_breaks"]
    years = return_years()
    children = []
    for _ in range(round(data["children"] * scale)):
        first_year = years[chance.between(0, len(years) - 1)]
        low, high = data["age_on_entry"]
        born = year_starts(first_year) - chance.between(low * 366, high * 365)
        born = born - 1 if _leap_day(born) else born
        child = Child(born, short_breaks=True)
        code = chance.choose(data["codes"])
        kind = chance.choose(data["places"])
        place = Place(kind, data["providers"][kind])
        for year in range(first_year, first_year + data["years"]):
            _breaks_in_year(chance, child, year, code, place)
        if child.periods:
            children.append(child)
    return children


def _leap_day(number: int) -> bool:
    when = date.fromordinal(number)
    return (when.month, when.day) == (2, 29)


def _breaks_in_year(chance: Chance, child: Child, year: int, code: str, place: Place) -> None:
    """Add the stays of one year, some weeks apart."""
    data = settings("population")["short_breaks"]
    need = next(iter(settings("population")["need"]["short_breaks"]))
    start = year_starts(year) + chance.between(5, 30)
    for _ in range(chance.days(data["stays_in_year"])):
        end = start + chance.days(data["nights"])
        if end > last_day() or end > year_ends(year) or age_on(child.born, end) >= 18:
            return
        why = chance.choose(data["reasons"])
        period = Period(start, end, why, "short breaks", need)
        period.episodes = [Episode(start, end, "S", code, place.kind, place, why)]
        child.periods.append(period)
        start = end + chance.between(25, 60)
