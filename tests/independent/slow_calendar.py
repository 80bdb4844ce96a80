"""Months and working days for the slow independent count; the standard library only."""

from datetime import date, timedelta

from independent.slow_care import months_before

ONE_DAY = timedelta(days=1)


def months_after(day, months):
    """Same day number so many months later, clipped to the end of the month."""
    return months_before(day, -months)


def easter_sunday(year):
    """The Gregorian computus (Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    o = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * o) // 451
    n = h + o - 7 * m + 114
    return date(year, n // 31, n % 31 + 1)


def first_monday(year, month):
    day = date(year, month, 1)
    while day.weekday() != 0:
        day += ONE_DAY
    return day


def last_monday(year, month):
    day = date(year, month, 31)  # only asked for May and August
    while day.weekday() != 0:
        day -= ONE_DAY
    return day


def bank_holidays_of_england(year):
    """The eight of every year, with substitute days, and what a proclamation moved or added."""
    days = set()
    new_year = date(year, 1, 1)
    while new_year.weekday() > 4:
        new_year += ONE_DAY
    days.add(new_year)
    days.add(easter_sunday(year) - timedelta(days=2))
    days.add(easter_sunday(year) + timedelta(days=1))
    if year == 2020:
        days.add(date(2020, 5, 8))  # VE Day: moved from Monday 4 May
    else:
        days.add(first_monday(year, 5))
    if year == 2022:
        days.add(date(2022, 6, 2))  # moved from Monday 30 May
        days.add(date(2022, 6, 3))  # Platinum Jubilee
        days.add(date(2022, 9, 19))  # state funeral
    elif year == 2012:
        days.add(date(2012, 6, 4))
        days.add(date(2012, 6, 5))  # Diamond Jubilee
    else:
        days.add(last_monday(year, 5))
    if year == 2011:
        days.add(date(2011, 4, 29))  # royal wedding
    if year == 2023:
        days.add(date(2023, 5, 8))  # coronation
    days.add(last_monday(year, 8))
    christmas = date(year, 12, 25)
    if christmas.weekday() == 4:  # Friday: Boxing Day is a Saturday
        days |= {christmas, date(year, 12, 28)}
    elif christmas.weekday() == 5:  # Saturday
        days |= {date(year, 12, 27), date(year, 12, 28)}
    elif christmas.weekday() == 6:  # Sunday
        days |= {date(year, 12, 26), date(year, 12, 27)}
    else:
        days |= {christmas, date(year, 12, 26)}
    return days


_HOLIDAYS = {}


def is_working_day(day):
    if day.year not in _HOLIDAYS:
        _HOLIDAYS[day.year] = bank_holidays_of_england(day.year)
    return day.weekday() < 5 and day not in _HOLIDAYS[day.year]


def working_day_after(day, number):
    """The n-th working day after the day, the day itself being day 0."""
    while number > 0:
        day += ONE_DAY
        if is_working_day(day):
            number -= 1
    return day


def working_days_between(first, last):
    """How many working days there are after the first day, up to and with the last."""
    number = 0
    day = first
    while day < last:
        day += ONE_DAY
        if is_working_day(day):
            number += 1
    return number
