"""Parse text to dates, codes and numbers, each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

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


def months_first_and_days_first(texts: pd.Series) -> tuple[int, int]:
    """Return how many dates can only be mm/dd/yyyy, and how many only dd/mm/yyyy.

    Examples
    --------
    >>> months_first_and_days_first(pd.Series(["03/25/2019", "25/03/2019", "01/02/2019"]))
    (1, 1)
    """
    found = each_distinct(texts, _month_or_day_first, "int64")
    return int(found.eq(1).sum()), int(found.eq(2).sum())


@lru_cache(_KEPT)
def _month_or_day_first(text: str) -> int:
    """Return 1 for what can only be mm/dd/yyyy, 2 for what can only be dd/mm/yyyy, else 0."""
    matched = _DAY_FIRST.fullmatch(MIDNIGHT.sub("", text.strip()))
    if not matched:
        return 0
    first, second = int(matched[1]), int(matched[2])
    return 1 if first <= _MONTHS < second else 2 if second <= _MONTHS < first else 0


def may_be_month_first(texts: pd.Series) -> bool:
    """Return whether a date that can only be mm/dd/yyyy may be among them; False is certain."""
    return _MIDDLE_OVER_12.search(in_one(texts)) is not None


def each_distinct(texts: pd.Series, read: Callable[[str], Any], dtype: Any) -> pd.Series:
    """Return what a function reads from each text of a column, asked once for each distinct one."""
    places, distinct = pd.factorize(texts)
    found = pd.array([read(text) for text in one_by_one(distinct)], dtype=dtype)
    values = found.take(places, allow_fill=True) if (places < 0).any() else found.take(places)
    return pd.Series(values, index=texts.index, name=texts.name)


def one_by_one(texts: pd.Series | pd.Index) -> list[str]:
    """Return the texts as a list: a loop over the column itself takes ten times as long."""
    return np.asarray(texts, dtype=object).tolist()


def in_one(texts: pd.Series) -> str:
    """Return all texts of a column as one, a line break around each: to look for a sign at once."""
    return "\n".join(["", *one_by_one(texts), ""])


def dates(texts: pd.Series) -> pd.Series:
    """Return the dates of a column of text; blank or unreadable is missing."""
    return each_distinct(texts, as_date, "datetime64[s]")


def _whole(text: str) -> str:
    return _POINT_ZERO.sub(r"\1", text) if "." in text else text


def codes(texts: pd.Series) -> pd.Series:
    """Return codes in capitals, without the ``.0`` that Excel puts behind a number."""
    return each_distinct(texts, lambda text: _whole(text.upper()), "str")


def identifiers(texts: pd.Series) -> pd.Series:
    """Return identifiers as they stand, without the ``.0`` that a spreadsheet puts behind digits.

    Zeros in front are kept: 000123 and 123 are two children.
    """
    if "." not in in_one(texts):
        return texts
    return each_distinct(texts, _whole, "str")


def shortened(texts: pd.Series) -> pd.Series:
    """Return True where a spreadsheet has shortened an identifier (1.23E+11): it is lost."""
    if "+" not in in_one(texts):
        return pd.Series(False, index=texts.index, name=texts.name)
    return each_distinct(
        texts, lambda text: "+" in text and bool(_SHORTENED.fullmatch(text)), "bool"
    )


def children(texts: pd.Series | None, index: pd.Index) -> pd.Series:
    """Return the child of each row for the account of faults; blank where it cannot be told."""
    if texts is None:
        return pd.Series("", index=index, dtype=str)
    lost = shortened(texts)
    return identifiers(texts).mask(lost, "") if lost.any() else identifiers(texts)


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


def numbers(texts: pd.Series) -> pd.Series:
    """Return the numbers of a column of text; blank or unreadable is missing."""
    return each_distinct(texts, as_number, "float64")


def flags(texts: pd.Series) -> pd.Series:
    """Return 1.0 for yes, 0.0 for no, missing for anything else."""
    known = {
        text: 1.0 if text.upper() in YES else 0.0 if text.upper() in NO else float("nan")
        for text in codes(texts).unique()
    }
    return codes(texts).map(known).astype(float)
