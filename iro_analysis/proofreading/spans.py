"""Find which period a report covers, and whether a dated figure belongs to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from iro_analysis.errors import PeriodError
from iro_analysis.periods import Period, of_days, reporting_year, single
from iro_analysis.proofreading.comparators import report_year, year_of
from iro_analysis.proofreading.figures import Document

_DAY = r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+ \d{4}"
_SPAN = re.compile(rf"\b({_DAY}) (?:to|and|until|-|–) (?:the )?({_DAY})\b")
_PART = re.compile(r"\b(\d{4})[-/–](\d\d)[-_ ]?([QH][1-4])\b", re.IGNORECASE)


def report_period(document: Document) -> Period | None:
    """Return the period that a report is of; None where it names none.

    A part of a year by the file's name, or by most rows of a list; else a year by the same; else
    the first "1 October 2019 to 31 December 2019" in the text; else the year that it names most.
    """
    named = _part(document.file) or _most(figure.period for figure in document.listed)
    if named is not None:
        return named
    if not year_of(document.file.replace("_", " ")) and not document.listed:
        for sentence in document.sentences:
            for match in _SPAN.finditer(sentence.text):
                if found := _span(*match.groups()):
                    return found
    year = report_year(document)
    return None if year is None else reporting_year(year - 1)


def _part(text: str) -> Period | None:
    """Return the half or quarter that a text names."""
    match = _PART.search(text.replace("_", " "))
    try:
        return single(f"{match[1]}-{match[2]}-{match[3]}") if match else None
    except PeriodError:
        return None


def _most(texts: Iterable[str]) -> Period | None:
    counted = Counter(part for text in texts if (part := _part(text)))
    return counted.most_common(1)[0][0] if counted else None


def _span(first: str, last: str) -> Period | None:
    """Return the period of two printed days; None where they are no days in order."""
    days = []
    for text in (first, last):
        plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", text)
        try:
            days.append(datetime.strptime(plain, "%d %B %Y").date())
        except ValueError:
            return None
    return of_days(*days) if days[0] < days[1] else None


def is_of(printed: str, period: Period) -> bool:
    """Whether what is printed beside a figure, ``2019-20 Q3`` or ``2020``, may mean a period.

    Examples
    --------
    >>> [is_of(text, single("2019-20-Q3")) for text in ("", "2019", "2019-20 Q3", "2018-19 Q3")]
    [True, True, True, False]
    >>> [is_of("2019-20", single(name)) for name in ("2019-20", "2019-20-Q3")]
    [True, False]
    """
    if _PART.search(printed):
        return _part(printed) == period
    year = year_of(printed)
    is_span = re.search(r"\d{4}[-/–]\d", printed) is not None
    return year is None or (year == period.end.year and (period.is_year or not is_span))
