"""Parse text to dates, codes, numbers and yes or no; what cannot be read becomes missing."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

import numpy as np

from iro_analysis.reading.texts import Texts

_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MIDDLE_OVER_12 = re.compile(r"/(?!0\d|1[0-2])\d\d/")
MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_POINT_ZERO = re.compile(r"^(\d+)\.0+$")
_SHORTENED = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_MONTHS = 12
_EARLIEST, _LATEST = 1900, 2100
_KEPT = 100_000  # dates: each return repeats those of the years before it
YES = frozenset(["1", "YES", "Y", "TRUE", "T"])
NO = frozenset(["0", "NO", "N", "FALSE", "F"])


@lru_cache(_KEPT)
def as_date(text: str) -> datetime | None:
    """Return the date that a text holds, or None if it is no date the suite accepts.

    ``dd/mm/yyyy`` and ``yyyy-mm-dd``, with or without Excel's midnight behind it. A two-digit
    year is refused: 01/04/19 could be 1919. Years before 1900 or after 2100 are no dates here.

    Examples
    --------
    >>> as_date("01/04/2019 00:00"), as_date("1-Apr-19"), as_date("31/02/2019")
    (datetime.datetime(2019, 4, 1, 0, 0), None, None)
    """
    text = MIDNIGHT.sub("", text.strip())
    if matched := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in matched.groups())
    elif matched := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in matched.groups())
    else:
        return None
    if not _EARLIEST <= year <= _LATEST:
        return None
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def months_first_and_days_first(texts: Texts) -> tuple[int, int]:
    """Return how many dates can only be mm/dd/yyyy, and how many only dd/mm/yyyy.

    Examples
    --------
    >>> months_first_and_days_first(Texts.of(["03/25/2019", "25/03/2019", "01/02/2019"]))
    (1, 1)
    """
    found = texts.each(_month_or_day_first, np.int64)
    return int((found == 1).sum()), int((found == 2).sum())


@lru_cache(_KEPT)
def _month_or_day_first(text: str) -> int:
    """Return 1 for what can only be mm/dd/yyyy, 2 for what can only be dd/mm/yyyy, else 0."""
    matched = _DAY_FIRST.fullmatch(MIDNIGHT.sub("", text.strip()))
    if not matched:
        return 0
    first, second = int(matched[1]), int(matched[2])
    return 1 if first <= _MONTHS < second else 2 if second <= _MONTHS < first else 0


def may_be_month_first(texts: Texts) -> bool:
    """Return whether a date that can only be mm/dd/yyyy may be among them; False is certain."""
    return _MIDDLE_OVER_12.search(texts.in_one()) is not None


def dates(texts: Texts) -> np.ndarray:
    """Return the dates of a column of text; blank or unreadable is missing."""
    return texts.each(as_date, "datetime64[s]")


def _whole(text: str) -> str:
    return _POINT_ZERO.sub(r"\1", text) if "." in text else text


def codes(texts: Texts) -> Texts:
    """Return codes in capitals, without the ``.0`` that Excel puts behind a number."""
    return texts.changed(lambda text: _whole(text.upper()))


def identifiers(texts: Texts) -> Texts:
    """Return identifiers as they stand, without the ``.0`` that a spreadsheet puts behind digits.

    Zeros in front are kept: 000123 and 123 are two children.
    """
    return texts.changed(_whole) if "." in texts.in_one() else texts


def is_shortened(text: str) -> bool:
    """Return whether a spreadsheet has shortened an identifier (1.23E+11): it is lost."""
    return "+" in text and bool(_SHORTENED.fullmatch(text))


def children(texts: Texts | None, rows: int) -> Texts:
    """Return the child of each row for the account of faults; blank where it cannot be told."""
    if texts is None:
        return Texts.same("", rows)
    return identifiers(texts).changed(lambda text: "" if is_shortened(text) else text)


def as_number(text: str) -> float:
    """Return the number a text holds; missing for anything else.

    Examples
    --------
    >>> as_number("1.0"), as_number("1e3"), as_number("1_000"), as_number("1,5")
    (1.0, 1000.0, nan, nan)
    """
    if not _NUMBER.fullmatch(text):
        return float("nan")
    value = float(text)
    return value if abs(value) < 1e15 else float("nan")


def numbers(texts: Texts) -> np.ndarray:
    """Return the numbers of a column of text; blank or unreadable is missing."""
    return texts.each(as_number, np.float64)


def _as_flag(text: str) -> float:
    text = _whole(text.upper())
    return 1.0 if text in YES else 0.0 if text in NO else float("nan")


def flags(texts: Texts) -> np.ndarray:
    """Return 1.0 for yes, 0.0 for no, missing for anything else."""
    return texts.each(_as_flag, np.float64)
