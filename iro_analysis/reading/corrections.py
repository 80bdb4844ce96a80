"""Find the episodes that a later return corrects, and which earlier row each replaces.

The rule (docs/joining.md; limits in ``return.toml``, corrections). Of one child, a row of a return
that the next return given does not hold, and a row of that next return that the earlier one does
not hold, are one episode where they overlap, agree in the reason for the new episode and in every
column that is neither a date nor a code, and either

* agree in every code and end on one day (or the earlier is open), so that only DECOM differs, or
* start within a month of each other, so that a code or DEC may have been corrected too.

An episode that ended on the day on which the corrected one began ends on the corrected day: a
correction moves no other figure, and begins no new period of care.
"""

from __future__ import annotations

import itertools

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.reading.texts import with_day

_BEGINS = "reason_new_episode"
_OF_AN_END = ("reason_ceased", "reason_place_change")  # filled only when an open episode ends


def pairs(rows: pd.DataFrame, module: contracts.Module) -> pd.DataFrame:
    """Return which rows are corrected by which.

    Parameters
    ----------
    rows : DataFrame
        Episodes as each return states them, with ``return_year``.
    module : Module
        Episodes.

    Returns
    -------
    DataFrame, one row per correction
        ``earlier`` and ``later``: labels of `rows`, each at most once.
    """
    returns = sorted(rows["return_year"].unique())
    found = [
        _between(rows[rows["return_year"] == one], rows[rows["return_year"] == after], module)
        for one, after in itertools.pairwise(returns)
    ]
    return pd.concat(found, ignore_index=True) if found else _none()


def _none() -> pd.DataFrame:
    return pd.DataFrame({"earlier": [], "later": []}, dtype="int64")


def _between(one: pd.DataFrame, after: pd.DataFrame, module: contracts.Module) -> pd.DataFrame:
    held_before, held_after = (with_day(rows["child"], rows["start"]) for rows in (one, after))
    lost = one[~held_before.isin(held_after)].rename_axis("earlier").reset_index()
    new = after[~held_after.isin(held_before)].rename_axis("later").reset_index()
    both = lost.merge(new, on="child", suffixes=("", "_after"))
    both = both[_overlap(both)]
    both = both[_agree(both, module)]
    if both.empty:
        return _none()
    both["apart"] = (both["start"] - both["start_after"]).abs()
    both = both.sort_values(["apart", "earlier", "later"], kind="stable")
    both = both.drop_duplicates("earlier").drop_duplicates("later")
    return both[["earlier", "later"]].reset_index(drop=True)


def _overlap(both: pd.DataFrame) -> pd.Series:
    far = pd.Timestamp.max.floor("s")
    first_end, second_end = both["end"].fillna(far), both["end_after"].fillna(far)
    return (both["start"] < second_end) & (both["start_after"] < first_end)


def _agree(both: pd.DataFrame, module: contracts.Module) -> pd.Series:
    day_limit = codes.record("return")["corrections"]["days"]
    is_open = both["end"].isna()
    same_end = is_open | both["end"].eq(both["end_after"])
    same_codes = pd.Series(True, index=both.index)
    same_rest = both[_BEGINS].eq(both[f"{_BEGINS}_after"])
    for column in module.columns:
        if column.name in module.key or column.kind == "date":
            continue
        same = both[column.name].eq(both[f"{column.name}_after"])
        if column.kind != "code":
            same_rest &= same
        else:
            same_codes &= same | (is_open if column.name in _OF_AN_END else False)
    near = (both["start"] - both["start_after"]).abs().dt.days <= day_limit
    return same_rest & ((same_codes & same_end) | near)


def with_last_start(rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the corrections with the start before, and the start that stands in the end.

    A start may be corrected again, or put back, in a return after the next.

    Parameters
    ----------
    rows, found : DataFrame
        As ``pairs`` takes and returns them.

    Returns
    -------
    DataFrame
        `found` with ``child``, ``before`` and ``stands``.
    """
    earlier, later = rows.loc[found["earlier"]], rows.loc[found["later"]]
    chain = found.assign(
        child=earlier["child"].array,
        before=earlier["start"].to_numpy(),
        stands=later["start"].to_numpy(),
        year=later["return_year"].to_numpy(),
    ).sort_values("year", ascending=False, kind="stable")
    last: dict[tuple[str, pd.Timestamp], pd.Timestamp] = {}
    stands = []
    for row in chain.itertuples(index=False):
        start = last.get((row.child, row.stands), row.stands)
        last[row.child, row.before] = start
        stands.append(start)
    return chain.assign(stands=stands).drop(columns="year").sort_index()


def moved_ends(rows: pd.DataFrame, found: pd.DataFrame) -> pd.Series:
    """Return the ends of episodes, those on the first day of a corrected one moved with it.

    Parameters
    ----------
    rows : DataFrame
        The episodes that are used.
    found : DataFrame
        As ``with_last_start`` returns it.

    Returns
    -------
    Series of datetime
        In the order of `rows`; no end is moved to before its own start.
    """
    starts = found.drop_duplicates(["child", "before"])[["child", "before", "stands"]]
    ended = rows[["child", "start", "end"]].rename_axis("row").reset_index()
    ended = ended.merge(starts, left_on=["child", "end"], right_on=["child", "before"])
    ended = ended[ended["stands"] > ended["start"]].set_index("row")["stands"]
    moved = rows["end"].copy()
    moved.loc[ended.index] = ended
    return moved
