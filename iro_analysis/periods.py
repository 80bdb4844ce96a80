"""Parse the periods of a report (year, half, quarter, two dates); choose those to compare with.

The year of the return runs from 1 April to 31 March and is written ``2019-20``.

Which periods are compared with one is decided here and nowhere else (CONTRACT part 9):

==========================  ==========================  ==========================
period                      the period before           the same dates a year before
==========================  ==========================  ==========================
2019-20                     2018-19                     2018-19
2019-20-H1                  2018-19-H2                  2018-19-H1
2019-20-Q1                  2018-19-Q4                  2018-19-Q1
Jan to Dec 2019             Jan to Dec 2018             Jan to Dec 2018
1 Sep 2021 to 31 Aug 2022   1 Sep 2020 to 31 Aug 2021   1 Sep 2020 to 31 Aug 2021
15 Sep 2021 to 14 Sep 2022  15 Sep 2020 to 14 Sep 2021  15 Sep 2020 to 14 Sep 2021
Feb 2020                    Jan 2020                    Feb 2019
18 Dec 2022 to 3 Jan 2023   1 Dec to 17 Dec 2022        18 Dec 2021 to 3 Jan 2022
29 Feb 2020                 28 Feb 2020                 28 Feb 2019
Apr 2018 to Mar 2020        Apr 2016 to Mar 2018        overlaps: of a day's count only
==========================  ==========================  ==========================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from iro_analysis.errors import PeriodError

EXPECTED = (
    "expected a year (2019-20), a half (2019-20-H1), a quarter (2019-20-Q3), "
    "two dates (2022-08-01:2023-01-31) or years (2016-17..2019-20)"
)
EARLIEST, LATEST = 1990, 2100
_YEAR = r"(\d{4})-(\d{2})"
_PARTS = {None: (0, 12), "H1": (0, 6), "H2": (6, 6)} | {
    f"Q{n}": (3 * (n - 1), 3) for n in range(1, 5)
}


@dataclass(frozen=True, order=True)
class Period:
    """A run of days, both ends inside.

    Attributes
    ----------
    start, end : date
        First and last day.
    name : str
        As the user writes it, and as ``figures.csv`` has it.
    """

    start: date
    end: date
    name: str

    @property
    def folder(self) -> str:
        """The period's folder in the outputs (a colon is not allowed on Windows)."""
        return self.name.replace(":", "_to_")

    @property
    def is_year(self) -> bool:
        """Whether it is a year of the return, 1 April to 31 March."""
        return self.start == year_of(self.end).start and self.end == year_of(self.end).end

    @property
    def title(self) -> str:
        """The period in words: ``1 April 2019 to 31 March 2020``."""
        return f"{in_words(self.start)} to {in_words(self.end)}"

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.name


def in_words(day: date) -> str:
    """Return a date as people write it: ``31 March 2020``."""
    return f"{day.day} {day:%B %Y}"


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months on, or that month's last day.

    30 months before 31 March 2020 is 30 September 2017: the cut-off that DfE prints for
    long-term stability. 29 February plus 12 months is 28 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def reporting_year(first: int) -> Period:
    """Return the year that starts on 1 April of a calendar year."""
    return Period(date(first, 4, 1), date(first + 1, 3, 31), f"{first}-{(first + 1) % 100:02d}")


def year_of(day: date) -> Period:
    """Return the year of the return in which a day falls."""
    return reporting_year(day.year if day.month >= 4 else day.year - 1)


def year_ends(on_or_before: date, count: int = 5) -> list[date]:
    """Return the last `count` 31 Marches up to a date, oldest first."""
    last = year_of(on_or_before)
    latest = last.end if on_or_before == last.end else date(last.start.year, 3, 31)
    return [date(latest.year - n, 3, 31) for n in reversed(range(count))]


def _single(text: str) -> Period:
    matched = re.fullmatch(rf"{_YEAR}(?:-(H[12]|Q[1-4]))?", text, re.IGNORECASE)
    if matched:
        first, part = int(matched[1]), matched[3].upper() if matched[3] else None
        if int(matched[2]) != (first + 1) % 100:
            raise PeriodError(
                f"period {text}: the year after {first} is {(first + 1) % 100:02d}"
                f"{_near(text)}; {EXPECTED}"
            )
        if not EARLIEST <= first <= LATEST:
            raise PeriodError(f"period {text}: no return is that old or new; {EXPECTED}")
        year = reporting_year(first)
        offset, length = _PARTS[part]
        start = add_months(year.start, offset)
        end = add_months(start, length) - timedelta(days=1)
        return Period(start, end, year.name + (f"-{part}" if part else ""))
    matched = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?::|_to_)(\d{4}-\d{2}-\d{2})", text)
    if matched:
        try:
            start, end = date.fromisoformat(matched[1]), date.fromisoformat(matched[2])
        except ValueError as problem:
            raise PeriodError(f"period {text}: there is no such date ({problem})") from None
        if end < start:
            raise PeriodError(f"period {text}: it ends before it begins; {EXPECTED}")
        if not EARLIEST <= start.year <= end.year <= LATEST:
            raise PeriodError(f"period {text}: no return is that old or new; {EXPECTED}")
        return Period(start, end, f"{matched[1]}:{matched[2]}")
    raise PeriodError(f"period {text!r} is not a period{_near(text)}: {EXPECTED}")


def _near(text: str) -> str:
    """Return "; did you mean 2019-20-Q3?" for words that name a year in another way, or nothing."""
    year = re.search(r"(?<!\d)(?:20)?(\d{2})(?=\D|20\d{2}|\d{2}(?!\d)|$)", text)
    part = re.search(r"H[12]|Q[1-4]", text.upper())
    if not year:
        return ""
    name = reporting_year(2000 + int(year[1])).name + (f"-{part[0]}" if part else "")
    return f"; did you mean {name}?"


def parse(text: str) -> list[Period]:
    """Return the periods that a user's words name, in order.

    Parameters
    ----------
    text : str
        ``2019-20``, ``2019-20-H1``, ``2019-20-Q3``, ``2022-08-01:2023-01-31`` (both ends inside)
        or ``2016-17..2019-20`` (each year of the range).

    Raises
    ------
    PeriodError
        If the words name no period, or one that ends before it begins.

    Examples
    --------
    >>> [period.title for period in parse("2019-20-Q3")]
    ['1 October 2019 to 31 December 2019']
    """
    text = str(text).strip()
    if ".." not in text:
        return [_single(text)]
    first, _, last = text.partition("..")
    begin, finish = _single(first), _single(last)
    if not (begin.is_year and finish.is_year):
        raise PeriodError(f"period {text}: a range is of whole years; {EXPECTED}")
    if finish.start < begin.start:
        raise PeriodError(f"period {text}: it ends before it begins; {EXPECTED}")
    return [reporting_year(year) for year in range(begin.start.year, finish.start.year + 1)]


def single(text: str) -> Period:
    """Return the one period that the words name; refuse a range."""
    found = parse(text)
    if len(found) > 1:
        raise PeriodError(f"period {text}: one period is needed here, not {len(found)}")
    return found[0]


def of_days(start: date, end: date) -> Period:
    """Return the period of two dates, by the name of the year, half or quarter that it is.

    Examples
    --------
    >>> of_days(date(2019, 10, 1), date(2019, 12, 31)).name
    '2019-20-Q3'
    >>> of_days(date(2019, 10, 1), date(2019, 12, 30)).name
    '2019-10-01:2019-12-30'
    """
    year = year_of(start).name
    for part in _PARTS:
        known = _single(f"{year}-{part}" if part else year)
        if (known.start, known.end) == (start, end):
            return known
    return Period(start, end, f"{start.isoformat()}:{end.isoformat()}")


def whole_months(period: Period) -> int:
    """Return how many whole months a period is; 0 where it is none.

    Calendar months, or twelve months (or a multiple) from any day.
    """
    after = period.end + timedelta(days=1)
    months = (after.year - period.start.year) * 12 + after.month - period.start.month
    calendar = period.start.day == after.day == 1
    years = months > 0 and months % 12 == 0 and add_months(period.start, months) == after
    return months if calendar or years else 0


def ending(period: Period, day: date) -> Period:
    """Return the period as long as another that ends on a day.

    As many whole months where the other is whole months, else as many days.

    Examples
    --------
    >>> ending(_single("2020-02-01:2020-02-29"), date(2020, 1, 31)).name
    '2020-01-01:2020-01-31'
    >>> ending(_single("2022-12-18:2023-01-03"), date(2022, 12, 17)).name
    '2022-12-01:2022-12-17'
    """
    months, after = whole_months(period), day + timedelta(days=1)
    return of_days(
        add_months(after, -months) if months else after - timedelta(days=period.days), day
    )


def just_before(period: Period) -> Period:
    """Return the period before: as long, and ending on the day before this one begins."""
    return ending(period, period.start - timedelta(days=1))


def moved(period: Period, months: int) -> Period:
    """Return a period moved by whole months, its dates the same; whole months stay whole.

    Examples
    --------
    >>> moved(_single("2019-20-Q3"), -12).name
    '2018-19-Q3'
    >>> moved(_single("2021-02-28:2021-02-28"), -12).name
    '2020-02-28:2020-02-28'
    >>> moved(_single("2021-02-01:2021-02-28"), -12).name
    '2020-02-01:2020-02-29'
    """
    start = add_months(period.start, months)
    if whole_months(period):
        after = add_months(period.end + timedelta(days=1), months)
        return of_days(start, after - timedelta(days=1))
    return of_days(start, add_months(period.end, months))


def overlap(one: Period, other: Period) -> bool:
    """Whether two periods have a day in common."""
    return one.start <= other.end and other.start <= one.end


def year_to_date(period: Period) -> Period | None:
    """Return 1 April to the period's end; None where that is the period, or lies in two years."""
    start = year_of(period.end).start
    if period.start <= start:
        return None
    return Period(start, period.end, f"{start.isoformat()}:{period.end.isoformat()}")


def compared_periods(period: Period, years: int = 5) -> list[Period]:
    """Return the earlier periods shown with a figure, and the period itself, oldest first.

    The same dates of the years before, and the period before: like is set beside like, so that
    nothing needs to be annualised. Each stands once. Those of a period longer than a year may
    overlap it: beside them stands only what is counted on a day (`apart`).

    Examples
    --------
    >>> [each.name for each in compared_periods(reporting_year(2019), years=3)]
    ['2017-18', '2018-19', '2019-20']
    >>> [each.name for each in compared_periods(_single("2019-20-Q3"), years=2)]
    ['2018-19-Q3', '2019-20-Q2', '2019-20-Q3']
    """
    found = [moved(period, -12 * n) for n in range(1, years)] + [just_before(period)]
    return [*sorted({(each.start, each.end): each for each in found}.values()), period]


def apart(several: list[Period], period: Period) -> list[Period]:
    """Return those of several periods that have no day in common with one, and that one itself."""
    return [each for each in several if each == period or not overlap(each, period)]
