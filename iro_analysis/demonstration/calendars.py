"""Days as whole numbers (`date.toordinal`): collection years, working days, birthdays."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date
from functools import cache, lru_cache

from .settings import settings


def day(value: date) -> int:
    """Return a date as a day number."""
    return value.toordinal()


@cache
def written(number: int) -> str:
    """Return a day number as the return writes it, dd/mm/yyyy."""
    return date.fromordinal(number).strftime("%d/%m/%Y")


def last_day() -> int:
    """Return the last day that the demonstration covers."""
    return day(settings("population")["last_day"])


@cache
def collection_year(number: int) -> int:
    """Return the calendar year in which the collection year of a day began on 1 April."""
    when = date.fromordinal(number)
    return when.year if when.month >= 4 else when.year - 1


def year_starts(year: int) -> int:
    """Return 1 April of a collection year."""
    return day(date(year, 4, 1))


def year_ends(year: int) -> int:
    """Return the last covered day of a collection year: 31 March, or the end of the data."""
    return min(day(date(year + 1, 3, 31)), last_day())


def year_label(year: int) -> str:
    """Return a collection year as it is written, for example 2019-20."""
    return f"{year}-{(year + 1) % 100:02d}"


def return_years() -> list[int]:
    """Return the collection years that have a return."""
    return list(range(settings("population")["first_return"], collection_year(last_day()) + 1))


@cache
def months_after(number: int, months: int) -> int:
    """Return the same day of the month `months` later, clipped to the month's end."""
    when = date.fromordinal(number)
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    return day(date(year, month + 1, min(when.day, monthrange(year, month + 1)[1])))


@cache
def birthday(born: int, age: int) -> int:
    """Return the day on which someone reaches an age (nobody here is born on 29 February)."""
    when = date.fromordinal(born)
    return day(date(when.year + age, when.month, when.day))


def age_on(born: int, number: int) -> int:
    """Return completed years of age on a day."""
    years = date.fromordinal(number).year - date.fromordinal(born).year
    return years - (birthday(born, years) > number)


@lru_cache(maxsize=1)
def working_days() -> list[int]:
    """Return every working day that could matter, in order."""
    holidays = {day(holiday) for holiday in settings("reviews")["holidays"]["days"]}
    first = min(holidays)
    # Day 1, 1 January of year 1, was a Monday: a remainder of 6 is Saturday and 0 Sunday.
    days = range(first - 10, max(holidays) + 400)
    return [number for number in days if 1 <= number % 7 <= 5 and number not in holidays]


@cache
def working_day_after(number: int, count: int) -> int:
    """Return the working day that is `count` working days after a day, which itself is day 0."""
    days = working_days()
    return days[bisect_right(days, number) + count - 1]


@cache
def working_day_from(number: int) -> int:
    """Return the first working day on or after a day."""
    days = working_days()
    return days[bisect_left(days, number)]


@cache
def working_day_to(number: int) -> int:
    """Return the last working day on or before a day."""
    days = working_days()
    return days[bisect_right(days, number) - 1]
