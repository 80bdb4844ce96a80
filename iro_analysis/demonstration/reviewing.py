"""Generate the reviews of one period of care, some of them late."""

from __future__ import annotations

from .calendars import (
    birthday,
    collection_year,
    last_day,
    months_after,
    working_day_after,
    working_day_from,
    working_day_to,
)
from .chance import Chance
from .people import Review
from .settings import by_year, settings


def reviews_of(chance: Chance, born: int, start: int, end: int, placed: int = 0) -> list[Review]:
    """Return the reviews of one period of care.

    Parameters
    ----------
    chance : Chance
        The stream of draws.
    born : int
        The day of birth: under-fives are reviewed more often, nobody on the 4th birthday.
    start, end : int
        The period of care.
    placed : int
        The day on which the child was placed for adoption; 0 where it was not.

    Returns
    -------
    list of Review
        In order, up to the end of the period or of the data.
    """
    data = settings("reviews")
    reviews: list[Review] = []
    stop = min(end, last_day() + 1)
    fifth = birthday(born, data["under_five_years"])
    fourth = birthday(born, data["no_code_age"])
    before = start
    while True:
        due, wanted = _due_and_wanted(chance, len(reviews), before, fifth)
        if placed and min(due, wanted) > placed:
            since = sum(review.day > placed for review in reviews)
            due, wanted = _when_placed(chance, placed, since, before)
        held = working_day_to(min(wanted, due))
        if chance.happens(by_year(data["late"], collection_year(due))):
            held = working_day_from(due + chance.days(data["late_by_days"]))
        if held == fourth:
            held = working_day_to(held - 1)
        if held <= before:
            held = working_day_from(before + 1)
        if held >= stop:
            return reviews
        reviews.append(Review(held, held <= due))
        before = held


def _when_placed(chance: Chance, placed: int, since: int, before: int) -> tuple[int, int]:
    """Return the same two days for a child placed for adoption, after so many reviews since."""
    data = settings("reviews")["placed_for_adoption"]
    if not since:
        return placed + data["first_within_days"], placed + chance.days(data["first_after_days"])
    which = "second" if since == 1 else "later"
    due = months_after(before, data[f"{which}_within_months"])
    return due, before + chance.days(data[f"{which}_after_days"])


def _due_and_wanted(chance: Chance, number: int, before: int, fifth: int) -> tuple[int, int]:
    """Return the last day in time for the next review, and the day meant for it."""
    data = settings("reviews")
    if number == 0:
        due = working_day_after(before, data["first_within_working_days"])
        return due, working_day_after(before, chance.days(data["first_on_working_day"]))
    months = data["second_within_months" if number == 1 else "later_within_months"]
    interval = "second_after_days" if number == 1 else "later_after_days"
    if before < fifth and number > 1:
        interval = "under_five_after_days"
    return months_after(before, months), before + chance.days(data[interval])
