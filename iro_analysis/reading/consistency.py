"""Run all checks on joined rows; only dates after the return are here, the rest in `*_rules.py`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iro_analysis import codes
from iro_analysis.reading import child_rules, episode_rules, years
from iro_analysis.reading.account import Account
from iro_analysis.reading.children import with_birth_date
from iro_analysis.reading.texts import with_day

_OF_A_NEIGHBOUR = (
    "start", "end", "place", "provider", "legal_status", "placement_postcode", "urn",
    "reason_new_episode",
)  # fmt: skip
_EVENTS = [
    ("episodes", "start", "DECOM"),
    ("episodes", "end", "DEC"),
    ("reviews", "review_date", "REVIEW"),
    ("missing", "start", "MIS_START"),
]


def check(tables: dict[str, pd.DataFrame], header: pd.DataFrame, account: Account) -> None:
    """Record what the joined rows say that cannot all be true.

    Parameters
    ----------
    tables : dict of DataFrame
        The joined modules, with ``children`` as ``children.one_row_each`` returns it.
    header : DataFrame
        The joined header rows; empty where none was given.
    account : Account
        Receives the findings.
    """
    episodes = with_birth_date(tables["episodes"], tables["children"])
    _dates_after_the_return(tables, account)
    episode_rules.check(in_order(episodes), account)
    child_rules.check(tables, account)
    child_rules.check_header(header, account)


def _dates_after_the_return(tables: dict[str, pd.DataFrame], account: Account) -> None:
    for table, column, statutory in _EVENTS:
        if table not in tables:
            continue
        rows = tables[table]
        closes = years.closing_days(rows["return_year"])
        # An episode may be recorded as ended on the first day of the next year.
        slack = pd.Timedelta(days=1 if column == "end" else 0)
        account.record_fault(
            "future_date", rows, statutory, column, where=rows[column] > closes + slack
        )


def in_order(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return a child's episodes one after the other, each beside the one before and after it.

    Returns
    -------
    DataFrame, one row per episode, sorted by child and start
        With ``stops`` (its end; the day from which a vanished one is not counted; else missing),
        ``furthest`` (the latest day to which an earlier episode of the child runs; a day beyond all
        others if one is open), ``touches`` (an episode of the child ended on its first day),
        ``goes_on`` (one starts on its last day), and ``before_`` and ``after_`` columns: the
        neighbour's start, end, codes, postcode and URN (missing where there is none).
    """
    rows = episodes.sort_values(["child", "start"], kind="stable", ignore_index=True)
    rows["stops"] = rows["end"].fillna(rows["counted_until"])
    open_end = pd.Timestamp.max.floor("s")
    reached = rows["stops"].fillna(open_end).groupby(rows["child"], sort=False).cummax()
    rows["furthest"] = reached.groupby(rows["child"], sort=False).shift()
    starts, ends = (with_day(rows["child"], rows[name]) for name in ("start", "end"))
    has_ended = rows["end"].notna()
    rows["touches"] = starts.isin(ends[has_ended])
    rows["goes_on"] = ends.isin(starts) & has_ended
    children = rows["child"].cat.codes.to_numpy()
    place, same = np.arange(len(rows)), children[1:] == children[:-1]
    for word, beside in [
        ("before", np.where(np.append(False, same), place - 1, -1)),
        ("after", np.where(np.append(same, False), place + 1, -1)),
    ]:
        for name in _OF_A_NEIGHBOUR:
            rows[f"{word}_{name}"] = rows[name].array.take(beside, allow_fill=True)
    temporary = codes.PLACEMENT.where("kind", "temporary absence")
    rows["temporary"] = rows["place"].isin(temporary)
    rows["last_day_seen"] = _last_day_seen(rows)
    rows["first_return"] = rows["return_year"] == rows["return_year"].min()
    return rows


def _last_day_seen(episodes: pd.DataFrame) -> pd.Series:
    """Return, for each row, the last day its return can speak of: a part-year one ends early."""
    closes = years.closing_days(episodes["return_year"])
    inside = episodes[["start", "end"]].where(episodes[["start", "end"]].le(closes, axis=0))
    newest = inside.max(axis=1).groupby(episodes["return_year"]).max()
    return closes.clip(upper=episodes["return_year"].map(newest))
