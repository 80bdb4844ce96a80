"""Checks across the rows of a child: overlaps, adults, breaks in the chain. Nothing is changed."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading import years
from iro_analysis.reading.account import Account

_EVENTS = [
    ("episodes", "start", "DECOM"),
    ("episodes", "end", "DEC"),
    ("reviews", "review_date", "REVIEW"),
    ("missing", "start", "MIS_START"),
]


def check(tables: dict[str, pd.DataFrame], account: Account) -> None:
    """Record what the joined rows say that cannot all be true.

    Parameters
    ----------
    tables : dict of DataFrame
        The joined modules, with ``children``.
    account : Account
        Receives the findings.
    """
    episodes = tables["episodes"].merge(
        tables["children"][["child", "birth_date"]], on="child", validate="many_to_one"
    )
    _dates_after_the_return(tables, account)
    _one_row_checks(episodes, account)
    _chain_checks(episodes, account)


def _dates_after_the_return(tables, account) -> None:
    for table, column, statutory in _EVENTS:
        if table not in tables:
            continue
        rows = tables[table]
        closes = pd.to_datetime(rows["return_year"].map(lambda y: years.closes(int(y))))
        # An episode may be recorded as ended on the first day of the next year.
        slack = pd.Timedelta(days=1 if column == "end" else 0)
        account.find("future_date", rows[rows[column] > closes + slack], statutory, column)


def _one_row_checks(episodes: pd.DataFrame, account: Account) -> None:
    ended, reason = episodes["end"].notna(), episodes["reason_ceased"].ne("")
    account.find("end_without_reason", episodes[ended != reason], "REC", "reason_ceased")
    account.find("less_than_a_day", episodes[episodes["start"] == episodes["end"]], "DEC", "end")
    account.find(
        "born_after_start", episodes[episodes["birth_date"] > episodes["start"]], "DECOM", "start"
    )
    eighteenth = episodes["birth_date"] + pd.DateOffset(years=18)
    adult = episodes["end"].isna() & episodes["counted_until"].isna()
    adult &= eighteenth <= _last_day_seen(episodes)
    account.find("adult_with_open_episode", episodes[adult], "DEC")


def _last_day_seen(episodes: pd.DataFrame) -> pd.Series:
    """Return, for each row, the last day its return can speak of: a part-year one ends early."""
    closes = pd.to_datetime(episodes["return_year"].map(lambda y: years.closes(int(y))))
    inside = episodes[["start", "end"]].where(episodes[["start", "end"]].le(closes, axis=0))
    newest = inside.max(axis=1).groupby(episodes["return_year"]).max()
    return closes.clip(upper=episodes["return_year"].map(newest))


def _chain_checks(episodes: pd.DataFrame, account: Account) -> None:
    ordered = episodes.sort_values(["child", "start"], kind="stable")
    before = ordered.groupby("child", sort=False)
    open_end = pd.Timestamp.max.floor("s")
    ends = ordered["end"].fillna(ordered["counted_until"]).fillna(open_end)
    furthest = ends.groupby(ordered["child"], sort=False).cummax()
    previous_end = furthest.groupby(ordered["child"], sort=False).shift()
    account.find("overlapping_episodes", ordered[ordered["start"] < previous_end], "DECOM", "start")
    touching = pd.MultiIndex.from_frame(ordered[["child", "start"]]).isin(
        pd.MultiIndex.from_frame(ordered.dropna(subset="end")[["child", "end"]])
    )
    starts = codes.REASON_NEW_EPISODE.where("change", "start")
    says_start = ordered["reason_new_episode"].isin(starts)
    says_on = ordered["reason_new_episode"].ne("") & ~says_start
    # The first return may begin in the middle of a period of care.
    first = ordered["return_year"].min()
    within = ordered["start"] >= pd.Timestamp(years.opens(int(first)))
    account.find(
        "continuation_does_not_touch",
        ordered[says_on & ~touching & within],
        "RNE",
        "reason_new_episode",
    )
    account.find("start_touches", ordered[says_start & touching], "RNE", "reason_new_episode")
    temporary = ordered["place"].isin(codes.PLACEMENT.where("kind", "temporary absence"))
    no_place = temporary & before["place"].shift().isna()
    account.find("temporary_without_placement", ordered[no_place], "PLACE", "place")
