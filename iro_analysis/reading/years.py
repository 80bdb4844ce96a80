"""Find which year's return a file, folder or row belongs to.

A label such as 2019-20 says so itself. A single year (2020) may be the year the return starts or
the year it ends: the dates in the file decide, and the reader says how it decided.
"""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from iro_analysis.periods import reporting_year

_BOTH = re.compile(r"(?<!\d)(20\d{2})[-_ /]?(?:20)?(\d{2})(?!\d)")
_FOUR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


def from_label(label: str) -> tuple[int | None, bool]:
    """Return the year in a label and whether it is surely the year the return starts.

    Examples
    --------
    >>> from_label("2019-20"), from_label("2020-episodes"), from_label("Episodes_20")
    ((2019, True), (2020, False), (2020, False))
    >>> from_label("episodes")
    (None, False)
    """
    if matched := _BOTH.search(label):
        first, second = int(matched[1]), int(matched[2])
        if second == (first + 1) % 100:
            return first, True
    if matched := _FOUR.search(label):
        return int(matched[1]), False
    if matched := re.search(r"(?:^|[_\- ])(\d{2})(?:$|[_\- .])", label):
        return 2000 + int(matched[1]), False
    return None, False


def newest_year(dates: list[pd.Series]) -> int | None:
    """Return the first calendar year of the newest reporting year that the dates speak of.

    A year counts where one date in two hundred lies in it, so that a typing error (2091) does
    not move a return. An episode may end on 1 April, the day after the return's year.
    """
    starts, *ends = dates
    shifted = [series - pd.Timedelta(days=1) for series in ends]
    every = pd.concat([starts, *shifted]).dropna()
    if every.empty:
        return None
    first = every.dt.year - (every.dt.month < 4).astype(int)
    counts = first.value_counts()
    return int(max(counts[counts >= max(1, len(every) / 200)].index))


def starts_or_ends(labels: dict[int, int]) -> bool:
    """Return whether single-year labels name the year in which the return starts.

    Parameters
    ----------
    labels : dict
        Label -> first year of the newest dates found under that label.
    """
    starts = sum(label == found for label, found in labels.items())
    ends = sum(label - 1 == found for label, found in labels.items())
    return starts > ends


def name_of(first: int) -> str:
    """Return a return's name: 2019 -> ``2019-20``."""
    return reporting_year(first).name


def opens(first: int) -> date:
    """Return the 1 April on which a return's year opens."""
    return reporting_year(first).start


def closes(first: int) -> date:
    """Return the 31 March on which a return's year closes."""
    return reporting_year(first).end


def closing_days(firsts: pd.Series) -> pd.Series:
    """Return the 31 March on which each row's return closes."""
    known = {year: pd.Timestamp(closes(int(year))) for year in firsts.unique()}
    return firsts.map(known).astype("datetime64[s]")


def opening_days(firsts: pd.Series) -> pd.Series:
    """Return the 1 April on which each row's return opens."""
    known = {year: pd.Timestamp(opens(int(year))) for year in firsts.unique()}
    return firsts.map(known).astype("datetime64[s]")
