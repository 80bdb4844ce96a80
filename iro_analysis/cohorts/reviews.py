"""Reviews of children looked after: which were held, when each was due, which are outstanding.

*Held*: a row of Reviews, one for each child and date, of a child looked after on that date.

*Due*, within a period of care: the first by the twentieth working day after it began; the second
three months after the first; later ones six months after the one before. Once a child is placed for
adoption: four weeks after the day it was placed, then three months, then six. Intervals run from
the review before as it was held (METHODS 3.8).

*Cannot be determined*: the first review in the returns of a period of care that had begun long
enough before them for its first review to have been due then, or whose start the returns do not
show. The one before it is not in the returns. Reviews after it are taken as later ones; those of a
child who was placed for adoption before the returns likewise. A review that was due before the
child was placed stays due on that day.
"""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, working_days
from iro_analysis.cohorts.background import completed_years

FIRST, SECOND, LATER = "First review", "Second review", "Later reviews"
ADOPTION = "Placed for adoption"


def _rules() -> dict:
    return codes.record("rules")["review_timetable"]


def held(reviews: pd.DataFrame, episodes: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    """Return the reviews that count.

    Parameters
    ----------
    reviews : DataFrame
        The joined module Reviews.
    episodes : DataFrame
        As ``episodes.counted`` returns them. Of two open ones the one that started later decides.
    children : DataFrame
        As ``reading.children.one_row_each`` returns it.

    Returns
    -------
    DataFrame, one row per child and date
        ``child``, ``review_date``, ``participation``, ``period_of_care``, ``age`` on the day
        (missing where the date of birth is), in order within each period of care. Someone of 18
        or over, or not yet born, is not looked after.
    """
    rows = reviews[["child", "review_date", "participation"]]
    rows = rows.drop_duplicates(["child", "review_date"], keep="last")
    care = episodes[["child", "period_of_care", "start", "stops", "order"]]
    rows = rows.merge(care, on="child").sort_values(["start", "order"], kind="stable")
    inside = (rows["start"] <= rows["review_date"]) & (
        rows["stops"].isna() | (rows["stops"] > rows["review_date"])
    )
    rows = rows[inside].drop_duplicates(["child", "review_date"], keep="last")
    rows = rows.merge(
        children[["child", "birth_date"]], on="child", how="left", validate="many_to_one"
    )
    rows["age"] = completed_years(rows["birth_date"], rows["review_date"])
    adult = codes.record("rules")["looked_after"]["adult_age"]
    unborn = rows["birth_date"] > rows["review_date"]
    rows = rows[~unborn & ~(rows["age"] >= adult)]
    kept = ["child", "review_date", "participation", "period_of_care", "age"]
    return rows[kept].sort_values(["period_of_care", "review_date"], ignore_index=True)


def required(
    found: pd.DataFrame, periods: pd.DataFrame, placed: pd.DataFrame, opens: pd.Timestamp
) -> pd.DataFrame:
    """Return every review that was required: those held, and the next one of each period of care.

    Parameters
    ----------
    found : DataFrame
        As ``held`` returns them.
    periods : DataFrame
        As ``episodes.periods_of_care`` returns them.
    placed : DataFrame
        As ``episodes.placed_for_adoption`` returns them.
    opens : Timestamp
        First day of the first return.

    Returns
    -------
    DataFrame, one row per review
        Those of ``held`` with ``before`` (the review before; missing for the first), ``due``
        (missing where it cannot be told), ``due_at_latest`` (where only that can be told, the day
        on which it is certainly overdue), ``timetable`` and ``number`` (0 is the first seen); and
        for each period of care one row without ``review_date``: the review that comes next.
    """
    coming = periods[["child", "period_of_care"]].assign(review_date=pd.NaT)
    coming["review_date"] = coming["review_date"].astype(found["review_date"].dtype)
    rows = pd.concat([found, coming], ignore_index=True)
    rows = rows.sort_values(["period_of_care", "review_date"], na_position="last")
    rows = rows.reset_index(drop=True)
    care = periods.set_index("period_of_care")[["start", "start_seen", "stops"]]
    rows = rows.join(care, on="period_of_care")
    rows["before"] = rows.groupby("period_of_care")["review_date"].shift()
    rows["number"] = rows.groupby("period_of_care").cumcount()
    _ordinary(rows, opens)
    _when_placed(rows, placed, opens)
    return rows.drop(columns=["start", "start_seen", "unseen"])


def _ordinary(rows: pd.DataFrame, opens: pd.Timestamp) -> None:
    rules = _rules()
    first_due = working_days.after(rows["start"], rules["first_within_working_days"])
    unseen = (first_due < opens) | (~rows["start_seen"] & (rows["start"] < opens))
    rows["unseen"] = unseen
    second = working_days.months_after(rows["before"], rules["second_within_months"])
    later = working_days.months_after(rows["before"], rules["later_within_months"])
    number = rows["number"]
    is_second = (number == 1) & ~unseen
    due = later.mask(is_second, second)
    due = due.mask(number == 0, first_due)
    rows["due"] = due.mask(unseen & (number == 0), pd.NaT).astype("datetime64[s]")
    # The one before was held before the returns open: six months on it is overdue for certain.
    latest = working_days.months_after(
        pd.Series(opens, index=rows.index), rules["later_within_months"]
    )
    rows["due_at_latest"] = rows["due"].mask(unseen & (number == 0), latest)
    rows["timetable"] = LATER
    rows.loc[is_second, "timetable"] = SECOND
    rows.loc[(number == 0) & ~unseen, "timetable"] = FIRST


def _when_placed(rows: pd.DataFrame, placed: pd.DataFrame, opens: pd.Timestamp) -> None:
    """Put the timetable of children placed for adoption in place of the ordinary one."""
    rules = _rules()
    numbered = rows[["period_of_care", "review_date"]].assign(row=rows.index)
    pairs = numbered.merge(placed, on="period_of_care")
    day = pairs["review_date"].fillna(pd.Timestamp.max.floor("s"))
    still = pairs["left"].isna() | (day < pairs["left"])
    pairs = pairs[still & (pairs["placed"] < day)]
    pairs = pairs.sort_values("placed").drop_duplicates("row", keep="last")
    since = pairs.set_index("row")["placed"].reindex(rows.index)
    known = rows["due"].notna() | rows["before"].notna()
    mine = since.notna() & ~(rows["due"] < since) & known
    already = rows["before"] > since
    run = [rows["period_of_care"], since]
    nth = (mine & already).groupby(run, dropna=False).cumsum()
    first = since + pd.Timedelta(days=rules["placed_for_adoption_first_within_days"])
    second = working_days.months_after(
        rows["before"], rules["placed_for_adoption_second_within_months"]
    )
    later = working_days.months_after(
        rows["before"], rules["placed_for_adoption_later_within_months"]
    )
    # Of a child placed before the returns open the first review that they hold may be no first one.
    is_second = (nth == 1) & (~rows["unseen"] | (since >= opens))
    due = first.mask(already, later.mask(is_second, second))
    rows["due"] = rows["due"].mask(mine, due).astype("datetime64[s]")
    rows["due_at_latest"] = rows["due_at_latest"].mask(mine, due).astype("datetime64[s]")
    rows.loc[mine, "timetable"] = ADOPTION


def of_short_breaks(
    reviews: pd.DataFrame, episodes: pd.DataFrame, others: pd.DataFrame
) -> pd.DataFrame:
    """Return the reviews of children on a day of a short break (V3, V4), with the day each was due.

    A child who is looked after otherwise on the day is among the others, and a break that vanished
    from later returns runs to the end of its own return's year.

    The first is due three months after the first short break, later ones six months after the one
    before (reg. 48). The return asks for none of them (DfE rule 399), and few are in it.

    Parameters
    ----------
    reviews, episodes : DataFrame
        The joined modules.
    others : DataFrame
        As ``held`` returns them: counted there, and not here.

    Returns
    -------
    DataFrame, one row per child and date
        ``child``, ``review_date``, ``due``.
    """
    rules = _rules()
    breaks = episodes[episodes["legal_status"].isin(codes.LEGAL_STATUS.where("counted", "no"))]
    began = breaks.groupby("child")["start"].min()
    rows = reviews[["child", "review_date"]].drop_duplicates()
    breaks = breaks.assign(stops=breaks["end"].fillna(breaks["counted_until"]))
    rows = rows.merge(breaks[["child", "start", "stops"]], on="child")
    inside = (rows["start"] <= rows["review_date"]) & (
        rows["stops"].isna() | (rows["stops"] > rows["review_date"])
    )
    rows = rows[inside].drop_duplicates(["child", "review_date"])
    keys = pd.MultiIndex.from_frame(rows[["child", "review_date"]])
    rows = rows[~keys.isin(pd.MultiIndex.from_frame(others[["child", "review_date"]]))]
    rows = rows.sort_values(["child", "review_date"], ignore_index=True)
    before = rows.groupby("child")["review_date"].shift()
    # By reindex and not by map, which knows no days where no child was ever in a short break.
    since = began.reindex(rows["child"]).set_axis(rows.index)
    first = working_days.months_after(since, rules["short_breaks_first_within_months"])
    later = working_days.months_after(before, rules["short_breaks_later_within_months"])
    rows["due"] = later.mask(before.isna(), first)
    return rows[["child", "review_date", "due"]]
