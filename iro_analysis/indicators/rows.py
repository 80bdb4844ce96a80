"""Shape the rows that a listing shows behind a figure; no figure is computed from them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.periods import Period

Lister = Callable[[CareRecord, Period, str], pd.DataFrame]
KEPT = (
    "start", "stops", "period_start", "review_date", "due", "end", "date", "missing_start", "from",
    "to", "days", "age", "sex", "legal_status_group", "placements", "participation", "reason",
    "permanence_route", "sdq_score", "year", "in_touch", "activ", "accom",
)  # fmt: skip


def rows_of(
    found: pd.DataFrame, counted: bool | pd.Series = True, group: str | pd.Series = ALL
) -> pd.DataFrame:
    """Return the rows behind a figure.

    Parameters
    ----------
    found : DataFrame
        One row per thing that is counted, or could have been; has ``child``.
    counted : bool or Series of bool
        Whether the thing is in the numerator.
    group : str or Series of str
        The group of the breakdown.

    Returns
    -------
    DataFrame
        ``child``, ``group``, ``counted`` and what else is known of the thing.
    """
    details = [name for name in KEPT if name in found.columns and name != "group"]
    groups = [group] * len(found) if isinstance(group, str) else np.asarray(group, object)
    marks = [counted] * len(found) if isinstance(counted, bool) else counted
    # Of nobody too: without rows, a list tells pandas no type, and a mask of floats is none.
    shown = {
        "child": found["child"].array,
        "group": pd.array(groups, dtype="str"),
        "counted": np.asarray(marks, bool),
    }
    return pd.DataFrame(shown | {name: found[name].array for name in details})
