"""Add working days (leaving out England's bank holidays) or calendar months to dates."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd


@cache
def bank_holidays(first: int, last: int) -> np.ndarray:
    """Return the bank holidays of England from one year to another [dates]."""
    # Loaded here: who counts no working days need not wait for it.
    import holidays

    days = holidays.country_holidays("GB", subdiv="ENG", years=range(first, last + 1))
    return np.array(sorted(days), dtype="datetime64[D]")


def after(days: pd.Series, count: int) -> pd.Series:
    """Return the n-th working day after each day, n being ``count``.

    Parameters
    ----------
    days : Series of dates
        Day 0; it is not counted, whether it is a working day or not.
    count : int

    Returns
    -------
    Series of dates
        Missing where the day is missing.

    Examples
    --------
    The 20th working day after Monday 2 December 2019, with three bank holidays between:

    >>> after(pd.Series(pd.to_datetime(["2019-12-02"])), 20)[0]
    Timestamp('2020-01-02 00:00:00')
    """
    known = days.dropna()
    found = pd.Series(pd.NaT, index=days.index, dtype="datetime64[s]")
    if known.empty:
        return found
    free = bank_holidays(known.dt.year.min(), known.dt.year.max() + 1)
    begins = known.to_numpy().astype("datetime64[D]")
    moved = np.busday_offset(begins, count, roll="backward", holidays=free)
    found.loc[known.index] = moved.astype("datetime64[s]")
    return found


def months_after(days: pd.Series, months: int) -> pd.Series:
    """Return the same day of the month so many months on, or that month's last day.

    Examples
    --------
    >>> months_after(pd.Series(pd.to_datetime(["2019-11-30"])), 3)[0]
    Timestamp('2020-02-29 00:00:00')
    """
    month = days.to_numpy().astype("datetime64[M]") + months
    first = month.astype("datetime64[D]")
    length = (month + 1).astype("datetime64[D]") - first
    offset = (days.dt.day.fillna(1).to_numpy().astype(int) - 1).astype("timedelta64[D]")
    found = first + np.minimum(offset, length - np.timedelta64(1, "D"))
    return pd.Series(found.astype("datetime64[s]"), index=days.index)
