"""Select the rows of local lists that belong to a period or to a day."""

from __future__ import annotations

import pandas as pd

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.periods import Period


def dated_in(record: CareRecord, name: str, column: str, period: Period) -> pd.DataFrame:
    """Return the rows of a list whose date lies in a period, both ends inside."""
    rows = record.authority.lists[name]
    inside = rows[column].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    return rows[inside].reset_index(drop=True)


def open_on(
    record: CareRecord, name: str, period: Period, begins: str = "from", ends: str = "to"
) -> pd.DataFrame:
    """Return the rows of a list that have begun by a period's last day and not ended by it.

    What ends on the day itself is not open on it; an end left blank is none.
    """
    rows, day = record.authority.lists[name], pd.Timestamp(period.end)
    is_open = (rows[begins] <= day) & (rows[ends].isna() | (rows[ends] > day))
    return rows[is_open].reset_index(drop=True)
