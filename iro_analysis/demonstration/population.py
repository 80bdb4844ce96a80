"""Generate the children who start to be looked after each year, with their periods of care."""

from __future__ import annotations

from datetime import date

from .calendars import age_on, birthday, collection_year, day, last_day, year_starts
from .chance import Chance
from .journeys import period_of_care
from .people import Child
from .settings import settings

ADULT = 18


def entrants(chance: Chance, scale: float) -> list[Child]:
    """Return children who start to be looked after, year by year, with all their periods of care.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    scale : float
        How many children for each one of the intake table.

    Returns
    -------
    list of Child
        In the order of the intake table.
    """
    data = settings("population")
    children = []
    for intake in _intakes():
        unaccompanied = _whole(chance, intake["unaccompanied"] * scale)
        in_last_band = sum(
            chance.happens(data["age_on_entry"]["unaccompanied_in_last_band"])
            for _ in range(unaccompanied)
        )
        apart = [0] * (len(data["bands"]) - 2) + [unaccompanied - in_last_band, in_last_band]
        for number, (band, starts) in enumerate(zip(data["bands"], intake["bands"], strict=True)):
            for _ in range(apart[number]):
                children.append(_entrant(chance, intake["year"], band, number, True))
            for _ in range(_whole(chance, max(starts * scale - apart[number], 0))):
                children.append(_entrant(chance, intake["year"], band, number, False))
    return [child for child in children if child is not None]


def _intakes() -> list[dict]:
    """Return the intake of each year; years after the last of the table are like that one."""
    table = settings("population")["intake"]
    last, end = table[-1], collection_year(last_day())
    later = [last | {"year": year} for year in range(last["year"] + 1, end + 1)]
    return [intake for intake in table if intake["year"] <= end] + later


def _whole(chance: Chance, expected: float) -> int:
    """Return a whole number with this expectation: the part after the point is drawn."""
    return int(expected) + chance.happens(expected - int(expected))


def _entrant(chance: Chance, year: int, band: str, number: int, unaccompanied: bool) -> Child:
    """Return one child with a first period of care, and any later ones."""
    data = settings("population")
    first, last = year_starts(year), min(year_starts(year + 1) - 1, last_day())
    start = chance.between(first, last)
    born = _birth(chance, start, band, data["band_starts"][number])
    child = Child(born, unaccompanied)
    plans = settings("journeys")["plans"]
    plan = chance.choose(plans["unaccompanied" if unaccompanied else band])
    need = chance.choose(data["need"]["unaccompanied" if unaccompanied else band])
    period_of_care(chance, child, start, plan, need)
    if unaccompanied:
        _set_status_end(chance, child)
    _return_to_care(chance, child)
    return child


def _birth(chance: Chance, start: int, band: str, band_start: int) -> int:
    """Return a day of birth that gives an age in the band on the first day."""
    born = start - chance.days(settings("population")["age_on_entry"][band])
    when = date.fromordinal(born)
    if (when.month, when.day) == (2, 29):
        born -= 1  # the 18th birthday of a 29 February has two readings; nobody here has it
    when = date.fromordinal(born)
    return day(date(when.year - band_start, when.month, when.day)) if band_start else born


def _set_status_end(chance: Chance, child: Child) -> None:
    """Give the day on which the status ends: a decision, or the 18th birthday."""
    data = settings("population")["unaccompanied"]
    adult = birthday(child.born, ADULT)
    decided = child.periods[0].start + chance.days(data["days_to_decision"])
    early = chance.happens(data["status_ends_before_18"])
    child.status_ended = decided if early and decided < min(adult, child.periods[-1].end) else adult


def _return_to_care(chance: Chance, child: Child) -> None:
    """Add a second period of care for some children who went home."""
    data = settings("journeys")
    rule, last = data["returns"], child.periods[-1]
    if (
        child.unaccompanied
        or last.why_ended not in rule["after"]
        or not chance.happens(rule["share"])
    ):
        return
    start = last.end + max(chance.days(rule["days"]), 2)
    if start > last_day() or age_on(child.born, start) > rule["oldest"]:
        return
    bands = settings("population")
    age = age_on(child.born, start)
    band = bands["bands"][
        max(place for place, low in enumerate(bands["band_starts"][:-1]) if low <= age)
    ]
    plan = chance.choose(data["plans"][band])
    period_of_care(chance, child, start, plan, last.need)
