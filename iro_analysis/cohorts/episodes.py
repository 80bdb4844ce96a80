"""Chain episodes into periods of care, placements and years with one carer.

*Short breaks* (V3, V4) are left out of everything here and after.

*Period of care*: a chain of episodes in which each begins on the day another of the same child
ended (CONTRACT part 6; "a continuous period of being looked after, which may include more than one
placement or legal status", DfE data guidance 2022 to 2023).

*Placement*: a run of episodes with one carer. A new one begins with a period of care and where the
reason for the new episode says that the carer changed (P, B), but for: adoption by the current
carer (A3, A5); a change of status only (REASON_PLACE_CHANGE = PLACE on the episode before); a
temporary absence (T0 to T4); the return from one to the same place. L, T and U never begin one
(METHODS 2.4 and 3.4; T and U as the same placement is inferred). Where the reason is blank or
unknown, a change of placement type, provider or postcode begins one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from iro_analysis import codes


def counted(episodes: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes that count (all but V3 and V4), ordered, chained and numbered.

    Parameters
    ----------
    episodes : DataFrame
        The joined module, as ``reading.joining.join`` returns it.

    Returns
    -------
    DataFrame, one row per episode
        As given, ordered within each child's chains, with ``order`` (place in the joined table),
        ``stops`` (first day on which it no longer counts: its end, or the day from which a
        vanished episode is left out; missing while it runs), ``period_of_care`` and ``placement``
        (numbers), and ``settled_place``, ``settled_provider``, ``settled_postcode`` (those of the
        placement a child is temporarily absent from; blank where there is none before).
    """
    short_breaks = codes.LEGAL_STATUS.where("counted", "no")
    rows = episodes.assign(order=np.arange(len(episodes)))
    rows = rows[~rows["legal_status"].isin(short_breaks)].reset_index(drop=True)
    rows["stops"] = rows["end"].fillna(rows["counted_until"])
    rows["period_of_care"] = _chains(rows)
    rows = rows.sort_values(
        ["period_of_care", "start", "end", "order"], kind="stable", ignore_index=True
    )
    rows = _settled(rows)
    rows["placement"] = _begins_placement(rows).cumsum()
    return rows


def _chains(rows: pd.DataFrame) -> np.ndarray:
    """Assign chain numbers: episodes that touch end to start, or start on one day, are one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    place = rows[["child", "start", "end"]].assign(row=np.arange(len(rows)))
    ended = place.dropna(subset="end")[["child", "end", "row"]]
    touching = place[["child", "start", "row"]].merge(
        ended, left_on=["child", "start"], right_on=["child", "end"], suffixes=("", "_before")
    )
    same_start = place.groupby(["child", "start"], sort=False)["row"].transform("first")
    left = np.concatenate([touching["row"].to_numpy(), place["row"].to_numpy()])
    right = np.concatenate([touching["row_before"].to_numpy(), same_start.to_numpy()])
    links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), (len(rows), len(rows)))
    _, component = connected_components(links, directed=False)
    # Numbered in the order of child and first day, so that numbers do not hang on row order.
    first = rows.groupby(component)["start"].transform("min")
    keys = pd.DataFrame({"child": rows["child"], "first": first, "component": component})
    order = keys.drop_duplicates("component").sort_values(["child", "first", "component"])
    number = pd.Series(np.arange(len(order)), index=order["component"].to_numpy())
    return number.loc[component].to_numpy()


def _settled(rows: pd.DataFrame) -> pd.DataFrame:
    temporary = is_temporary(rows)
    for name, column in [
        ("settled_place", "place"),
        ("settled_provider", "provider"),
        ("settled_postcode", "placement_postcode"),
    ]:
        kept = rows[column].where(~temporary)
        rows[name] = kept.groupby(rows["period_of_care"]).ffill().fillna("")
    return rows


def is_temporary(rows: pd.DataFrame) -> pd.Series:
    """Return whether each episode is a temporary absence (T0 to T4)."""
    return rows["place"].isin(codes.PLACEMENT.where("kind", "temporary absence"))


def before_in_chain(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return a column's value on the episode before in the same period of care."""
    return rows.groupby("period_of_care", sort=False)[column].shift()


def _begins_placement(rows: pd.DataFrame) -> pd.Series:
    first = rows["period_of_care"].ne(rows["period_of_care"].shift())
    reason = rows["reason_new_episode"]
    reasons = codes.REASON_NEW_EPISODE
    temporary = is_temporary(rows)
    after_absence = temporary.groupby(rows["period_of_care"]).shift(fill_value=False)
    changed = _place_changed(rows)
    status_only = codes.REASON_PLACE_CHANGE.where("is_move", "no")
    stays = (
        rows["place"].isin(codes.PLACEMENT.where("kind", "adoption with current carer"))
        | before_in_chain(rows, "reason_place_change").isin(status_only)
        | temporary
        | (after_absence & ~changed)
    )
    said = reason.isin(reasons.where("change", "carer"))
    unsaid = ~reason.isin(reasons.known()) & changed
    starts = reason.isin(reasons.where("change", "start"))
    return first | starts | ((said | unsaid) & ~stays)


def _place_changed(rows: pd.DataFrame) -> pd.Series:
    """Whether type, provider or (where both are known) postcode differ from those before."""
    changed = pd.Series(False, index=rows.index)
    for own, settled in [
        ("place", "settled_place"),
        ("provider", "settled_provider"),
        ("placement_postcode", "settled_postcode"),
    ]:
        before = before_in_chain(rows, settled).fillna("")
        differs = rows[own].ne(before)
        if own == "placement_postcode":
            differs &= rows[own].ne("") & before.ne("")
        changed |= differs
    return changed


def _last_day(stops: pd.Series, keys: pd.Series) -> pd.Series:
    """Return the latest stop of a group; missing where one of the group still runs."""
    latest = stops.groupby(keys).max()
    running = stops.isna().groupby(keys).any()
    return latest.mask(running).astype("datetime64[s]")


def periods_of_care(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the periods of care.

    Parameters
    ----------
    rows : DataFrame
        As ``counted`` returns them.

    Returns
    -------
    DataFrame, one row per period of care
        ``period_of_care``, ``child``, ``start``; ``stops`` (first day on which the child is no
        longer looked after in it; missing while it runs); ``ended`` (whether that is an end the
        return gives, and not an episode that vanished from later returns); ``reason_ceased`` (code
        of the episode that ended last); ``need`` (code recorded when the period started);
        ``start_seen`` (whether the return says that it started then; a period of care that was
        running when the first return opened may have begun before the first episode given).
    """
    keys = rows["period_of_care"]
    grouped = rows.groupby(keys, sort=True)
    by_end = rows.sort_values("end", kind="stable", na_position="last")
    last_reason = by_end.groupby("period_of_care")["reason_ceased"].last()
    return pd.DataFrame(
        {
            "child": grouped["child"].first(),
            "start": grouped["start"].min().astype("datetime64[s]"),
            "stops": _last_day(rows["stops"], keys),
            "ended": rows["end"].notna().groupby(keys).all(),
            "reason_ceased": last_reason,
            "need": grouped["need"].first(),
            "start_seen": grouped["reason_new_episode"]
            .first()
            .isin(codes.REASON_NEW_EPISODE.where("change", "start")),
        }
    ).reset_index()


def placements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the placements: those that last a day (METHODS 3.4, "24 hours or more").

    Parameters
    ----------
    rows : DataFrame
        As ``counted`` returns them.

    Returns
    -------
    DataFrame, one row per placement, in order within each period of care
        ``placement``, ``period_of_care``, ``child``, ``start``, ``stops`` and ``ended`` as for a
        period of care; ``place`` and ``provider`` (codes of its first settled episode);
        ``reason_place_change`` (code of its last episode); ``number`` (1 is the first of the
        period of care); ``days`` (missing while it runs).
    """
    keys = rows["placement"]
    grouped = rows.groupby(keys, sort=True)
    table = pd.DataFrame(
        {
            "period_of_care": grouped["period_of_care"].first(),
            "child": grouped["child"].first(),
            "start": grouped["start"].min().astype("datetime64[s]"),
            "stops": _last_day(rows["stops"], keys),
            "ended": rows["end"].notna().groupby(keys).all(),
            "place": _first_given(rows["settled_place"], keys),
            "provider": _first_given(rows["settled_provider"], keys),
            "reason_place_change": grouped["reason_place_change"].last(),
        }
    ).reset_index()
    table["days"] = (table["stops"] - table["start"]).dt.days
    table = table[table["days"].isna() | (table["days"] > 0)].reset_index(drop=True)
    table["number"] = table.groupby("period_of_care").cumcount() + 1
    return table


def _first_given(texts: pd.Series, keys: pd.Series) -> pd.Series:
    """Return the first text of each group that is not blank; blank where all are, and text still.

    A provider is blank wherever it is right to be: placed with parents, Z1, the T codes (DfE
    validation rule 213).
    """
    given = texts[texts.ne("")]
    found = given.groupby(keys[given.index]).first()
    return found.reindex(keys.unique(), fill_value="").astype("str").sort_index()


def with_one_carer(rows: pd.DataFrame, *, fostering_for_adoption_is_a_move: bool) -> pd.DataFrame:
    """Return since when each episode's carer has looked after the child.

    Parameters
    ----------
    rows : DataFrame
        As ``counted`` returns them.
    fostering_for_adoption_is_a_move : bool
        DfE's method after 2020: a change between U2 or U5 and another code sets the clock back,
        with the same carer too (METHODS 3.5, method break b).

    Returns
    -------
    DataFrame, one row per episode, in the order of `rows`
        ``since``: start of the run with this carer. ``before_adoption``: of a child who is placed
        for adoption in this episode, in a run that began so, the start of the run before it in
        the period of care; else missing.

    References
    ----------
    NI 63: "are placed for adoption and their adoptive placement together with their previous
    placement together last for at least 2 years" (METHODS 3.5). It is where the child is that
    counts: who was placed for adoption and is now fostered by the same carer is not placed for
    adoption.
    """
    begins = rows["placement"].ne(rows["placement"].shift())
    if fostering_for_adoption_is_a_move:
        fosters = rows["settled_place"].isin(
            codes.PLACEMENT.where("kind", "fostering for adoption")
        )
        begins |= fosters.ne(fosters.shift())
    run = begins.cumsum()
    runs = rows.groupby(run).agg(
        start=("start", "min"),
        place=("settled_place", "first"),
        period_of_care=("period_of_care", "first"),
    )
    before = runs.groupby("period_of_care")["start"].shift()
    adoptive = codes.PLACEMENT.where("kind", "adoption", "adoption with current carer")
    before = run.map(before.where(runs["place"].isin(adoptive)))
    return pd.DataFrame(
        {
            "since": run.map(runs["start"]),
            "before_adoption": before.where(rows["settled_place"].isin(adoptive)),
        }
    )


def long_term_fostering(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the long-term foster placements, each from the day it was one.

    Parameters
    ----------
    rows : DataFrame
        As ``counted`` returns them; an absence (T0 to T4) belongs to the placement.

    Returns
    -------
    DataFrame, one row per placement
        ``child`` and ``start``: the first day with this carer under a code of long-term fostering;
        a placement that was made a long-term one begins on that day, not when the child came.

    References
    ----------
    ``rules.toml``, permanence; METHODS 3.10.
    """
    lasting = rows["settled_place"].isin(codes.record("rules")["permanence"]["long_term_fostering"])
    changed = lasting.ne(lasting.shift()) | rows["placement"].ne(rows["placement"].shift())
    run = changed.cumsum()[lasting]
    grouped = rows[lasting].groupby(run)
    return pd.DataFrame(
        {"child": grouped["child"].first(), "start": grouped["start"].min()}
    ).reset_index(drop=True)


def placed_for_adoption(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of being placed for adoption.

    Parameters
    ----------
    rows : DataFrame
        As ``counted`` returns them; an absence (T0 to T4) belongs to the run.

    Returns
    -------
    DataFrame, one row per run
        ``period_of_care``, ``placed`` (first day) and ``left`` (first day no longer placed; missing
        while the run lasts, also where it is a vanished episode that ends it).
    """
    adoptive = codes.PLACEMENT.where("kind", "adoption", "adoption with current carer")
    is_placed = rows["settled_place"].isin(adoptive)
    before = is_placed.groupby(rows["period_of_care"]).shift(fill_value=False)
    run = (is_placed & ~before).cumsum()[is_placed]
    placed = rows[is_placed]
    grouped = placed.groupby(run)
    return pd.DataFrame(
        {
            "period_of_care": grouped["period_of_care"].first(),
            "placed": grouped["start"].min(),
            "left": _last_day(placed["stops"], run),
        }
    ).reset_index(drop=True)
