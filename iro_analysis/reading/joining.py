"""Join several years' returns into one table per module (docs/joining.md).

The same key in a later return replaces the earlier row. A later return's episode that corrects an
earlier one replaces it too (``corrections``). Exact repeats collapse. Two rows with one key inside
one return are both kept and reported, but an open one gives way to one that has ended, unless it
follows an episode that starts and ends on one day. An open episode that no later return holds
counts up to the end of the return that held it (``counted_until``), not after.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.reading import corrections, years
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.returns import Part

_OF_THE_FILE = ["file", "line", "la", "year_label", "return_label", "superseded"]


def join(parts: list[Part], account: Account) -> dict[str, pd.DataFrame]:
    """Return table name -> joined rows, for every module that was given.

    Parameters
    ----------
    parts : list of Part
        Of one authority; each row has its ``return_year``.
    account : Account
        Receives the row account of each file and return.

    Returns
    -------
    dict of DataFrame
        The module's columns in our words, with ``return_year`` (of the return whose row stands),
        ``file`` and ``line``; rows in the order of their returns and files. ``episodes`` also has
        ``counted_until`` (the day from which a vanished episode is no longer counted; else
        missing).
    """
    tables = {}
    for module in contracts.modules().values():
        mine = [part for part in parts if part.module.name == module.name]
        if not mine:
            continue
        rows = pd.concat([part.rows for part in mine], ignore_index=True)
        rows = rows.sort_values(["return_year", "file", "line"], kind="stable", ignore_index=True)
        fate = _fate(rows, module, account)
        if module.table == "episodes":
            rows = _corrected(rows, fate, module, account)
        _account_for(mine, rows, fate, account)
        kept = rows[fate == "used"].reset_index(drop=True)
        if module.table == "episodes":
            returns = sorted(rows["return_year"].unique())  # of superseded files too
            kept["counted_until"] = _vanished(kept, returns, account)
            kept = kept.drop(columns="corrects")
            still = ~fate.isin(["repeated", "corrected"]) & ~rows["superseded"]
            _continuity(rows[still], module, account)
        tables[module.table] = kept.drop(columns=["la", "year_label", "return_label", "superseded"])
    return tables


def _fate(rows: pd.DataFrame, module: contracts.Module, account: Account) -> pd.Series:
    """Say of each row whether it is used, repeats another, or a later return replaces it."""
    key = list(module.key)
    content = [name for name in rows.columns if name not in _OF_THE_FILE]
    fate = pd.Series("used", index=rows.index)
    fate[rows["superseded"]] = "replaced"  # a newer file of the return has its rows
    rows = rows[~rows["superseded"]]
    repeats = rows.duplicated(content)
    account.record_fault("repeated_row", rows, module.statutory(key[-1]), where=repeats)
    fate[rows.index[repeats]] = "repeated"
    distinct = rows[~repeats]
    in_one_return = distinct[distinct.duplicated([*key, "return_year"])]
    account.record_fault("conflict_in_one_year", in_one_return, module.statutory(key[-1]))
    if module.replaced_by_later:
        latest = distinct.groupby(key, sort=False)["return_year"].transform("max")
        fate[distinct.index[distinct["return_year"] < latest]] = "replaced"
        if module.date_pair:
            fate[distinct.index[_superseded(distinct, key, *module.date_pair)]] = "replaced"
        if key == ["child"]:  # one row per child: a conflict leaves the later row in the file
            fate[distinct.index[distinct.duplicated(key, keep="last")]] = "replaced"
    return fate


def _superseded(rows: pd.DataFrame, key: list[str], start: str, end: str) -> pd.Series:
    """Whether a row is open and another of its key and return has ended: that one is newer.

    An episode that goes on (X1) on the day it began is no newer one: the open row is what follows.
    """
    ended = rows[end].notna()
    if "reason_ceased" in rows:
        ended &= rows[end].ne(rows[start]) | rows["reason_ceased"].ne("X1")
    has_ended = ended.groupby([rows[name] for name in [*key, "return_year"]])
    return rows[end].isna() & has_ended.transform("any")


def _corrected(
    rows: pd.DataFrame, fate: pd.Series, module: contracts.Module, account: Account
) -> pd.DataFrame:
    """Mark the rows that a later return corrects; return rows with the ends that follow from it."""
    stated = rows[~fate.eq("repeated") & ~rows["superseded"]]
    found = corrections.pairs(stated, module)
    rows = rows.assign(corrects=rows.index.isin(found["later"]))
    if found.empty:
        return rows
    used = fate.eq("used")
    found = corrections.with_last_start(stated, found)
    mine = found[used[found["earlier"]].to_numpy()]
    fate[mine["earlier"]] = "corrected"
    later = rows.loc[mine["later"]].assign(earlier=rows.loc[mine["earlier"], "start"].to_numpy())
    account.record_fault("corrected_episode", later, module.statutory("start"), "start", "earlier")
    moved = corrections.moved_ends(rows[fate.eq("used")], found)
    return rows.assign(end=moved.reindex(rows.index).fillna(rows["end"]))


def _account_for(parts: list[Part], rows: pd.DataFrame, fate: pd.Series, account: Account) -> None:
    counted = pd.DataFrame({"return_year": rows["return_year"], "fate": fate})
    of_file = rows.groupby("file").indices
    for part in parts:
        mine = counted.iloc[of_file.get(part.file, [])]
        aside, repaired = len(part.origin) - len(mine), int(part.origin["repaired"].sum())
        for year, group in mine.groupby("return_year"):
            entry = FileAccount(part.file, part.module.name, years.name_of(int(year)), len(group))
            entry.replaced = int((group["fate"] == "replaced").sum())
            entry.repeated = int((group["fate"] == "repeated").sum())
            entry.corrected = int((group["fate"] == "corrected").sum())
            entry.read, entry.set_aside = entry.read + aside, aside
            entry.repaired = repaired
            aside = repaired = 0
            account.files.append(entry)
        if mine.empty:
            account.files.append(_of_no_use(part, aside, repaired))


def _of_no_use(part: Part, rows: int, repaired: int) -> FileAccount:
    entry = FileAccount(part.file, part.module.name, "", rows, rows)
    entry.repaired = repaired
    return entry


def _vanished(episodes: pd.DataFrame, returns: list[int], account: Account) -> pd.Series:
    later = {
        year: min((other for other in returns if other > year), default=None) for year in returns
    }
    next_return = episodes["return_year"].map(later)
    ghost = episodes["end"].isna() & next_return.notna()
    account.record_fault("vanished", episodes, "DEC", where=ghost)
    until = next_return.where(ghost).map(
        lambda year: pd.Timestamp(years.opens(int(year))), na_action="ignore"
    )
    return pd.to_datetime(until).astype("datetime64[s]")


def _continuity(episodes: pd.DataFrame, module: contracts.Module, account: Account) -> None:
    """Compare the episodes of a return with those of the return before, where that was given."""
    key = list(module.key)
    rows = episodes.sort_values([*key, "return_year"], kind="stable")
    before = rows.groupby(key, sort=False)
    held_before = before["return_year"].shift()
    follows = held_before.eq(rows["return_year"] - 1)
    for name in codes.record("checks")["changed_between_returns"]["with"]["names"]:
        earlier = before[name].shift()
        changed = follows & earlier.ne(rows[name]) & earlier.notna()
        account.record_fault(
            "changed_between_returns",
            rows.assign(earlier=earlier),
            module.statutory(name),
            name,
            "earlier",
            where=changed,
        )
    given = set(rows["return_year"])
    new = rows["return_year"].sub(1).isin(given) & ~follows
    new &= rows["start"] < years.opening_days(rows["return_year"])
    # The same key twice in one return: the second follows the first, not the return before.
    new &= held_before.ne(rows["return_year"]) & ~rows["corrects"]
    account.record_fault("not_in_last_return", rows, module.statutory("start"), where=new)
