"""Calculate with days as whole numbers: years covered, ages, months later, working days."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from .settings import settings


@dataclass(frozen=True)
class Span:
    """The time that the returns cover.

    Attributes
    ----------
    first_return : int
        The calendar year in which the first return opens, on 1 April.
    last : date
        The last day of the last return, which may cover a part of a year.
    reference : date
        The day on which the number of children looked after is the one asked for.
    """

    first_return: int
    last: date
    reference: date

    @classmethod
    def of_demonstration(cls) -> Span:
        """Return the time that `data/demo` covers."""
        data = settings("population")
        return cls(data["first_return"], data["last_day"], data["reference_day"])

    @classmethod
    def between(cls, first: date, last: date) -> Span:
        """Return the span from the return that holds one day up to another day.

        The reference day is the last 31 March in it, or the last day where there is none.
        """
        opens = collection_year(first.toordinal())
        closes = collection_year((last + timedelta(days=1)).toordinal())
        year_end = date(closes, 3, 31)
        return cls(opens, last, year_end if year_end >= date(opens, 4, 1) else last)


_SPAN: ContextVar[Span | None] = ContextVar("span", default=None)


@contextmanager
def covering(span: Span) -> Iterator[None]:
    """Generate for another time than that of `data/demo`, within the `with` block."""
    token = _SPAN.set(span)
    try:
        yield
    finally:
        _SPAN.reset(token)


def span() -> Span:
    """Return the time that is being generated."""
    return _SPAN.get() or Span.of_demonstration()


def day(value: date) -> int:
    """Return a date as a day number."""
    return value.toordinal()


@cache
def written(number: int) -> str:
    """Return a day number as the return writes it, dd/mm/yyyy."""
    return date.fromordinal(number).strftime("%d/%m/%Y")


def last_day() -> int:
    """Return the last day that the returns cover."""
    return day(span().last)


def reference_day() -> int:
    """Return the day on which the number of children looked after is the one asked for."""
    return day(span().reference)


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
    return list(range(span().first_return, collection_year(last_day()) + 1))


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
