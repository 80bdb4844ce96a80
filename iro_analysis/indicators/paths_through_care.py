"""Follow children who enter and leave care: entry cohorts, returns, moves over time.

A cohort is closed and followed in full: it ends so many months before the period's last day that
every child in it has been seen for as long. Short breaks (V3, V4) are left out, as everywhere.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.estimates import competing, recurrent, survival
from iro_analysis.indicators import breakdowns
from iro_analysis.indicators.placements import (
    moves,
    not_covered,
    rolling_note,
    rules,
    twelve_months,
)
from iro_analysis.periods import Period, add_months
from iro_analysis.working_days import months_after

IN_CARE = ("In care, first placement", "In care, moved once", "In care, moved twice or more")
SHORT_STAY = "Left within a week"
PER_DAYS = 1000
THIRD_MOVE, LEFT_CARE = 1, 2


def followed_period(period: Period, months: int) -> Period:
    """Return the twelve months whose children have been followed for some months by the last day.

    Examples
    --------
    >>> from iro_analysis.periods import single
    >>> followed_period(single("2019-20"), 6).name
    '2018-10-01:2019-09-30'
    """
    after = add_months(period.end + timedelta(days=1), -months)
    start = add_months(after, -12)
    end = after - timedelta(days=1)
    return Period(start, end, f"{start.isoformat()}:{end.isoformat()}")


def _not_followed(record: CareRecord, period: Period, months: int) -> str:
    """Return why children are not followed for some months in full; empty where they are."""
    return not_covered(record, followed_period(period, months))


def entry_outcome(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Count where the children of an entry cohort are some months after they entered [children].

    Returns
    -------
    figures, one row per situation
        Who is in care then counts by the moves made since entering (after a return, those of every
        period of care since); who is not by how the last period of care up to then ended. A stay
        of under 8 days with nothing after it is a group of its own.
    """
    months = months_of(breakdown)
    if reason := _not_followed(record, period, months):
        return contracts.not_available("entry_outcome", breakdown, "children", reason)
    people = situations(record, period, months)
    known = breakdowns.groups(breakdown)
    return breakdowns.counts(
        "entry_outcome", breakdown, people["situation"], known, "children", "count"
    )


def months_of(breakdown: str) -> int:
    """Return the months of a breakdown such as ``after_6_months``."""
    return int(breakdown.split("_")[1])


def situations(record: CareRecord, period: Period, months: int) -> pd.DataFrame:
    """Return the children of an entry cohort with their ``situation`` some months later.

    Returns
    -------
    DataFrame, one row per child
        As ``CareRecord.started``, with ``day`` (so many months after entering) and ``situation``.
    """
    key = ("situations", period, months)
    return record.once(key, lambda: _situations(record, period, months))


def _situations(record: CareRecord, period: Period, months: int) -> pd.DataFrame:
    people = record.started(followed_period(period, months))
    people["day"] = months_after(people["start"], months)
    pairs = people[["child", "day"]].assign(entered=people["start"])
    spells = pairs.merge(record.periods_of_care, on="child", suffixes=("", "_of_care"))
    spells = spells[(spells["start"] >= spells["entered"]) & (spells["start"] <= spells["day"])]
    last = spells.sort_values(["child", "start"], kind="stable").drop_duplicates(
        "child", keep="last"
    )
    last = last.set_index("child").reindex(people["child"])
    in_care = (last["stops"].isna() | (last["stops"] > last["day"])).to_numpy()
    moved = _moves_until(record, pairs).reindex(people["child"]).fillna(0).to_numpy()
    by_moves = np.array(IN_CARE)[np.clip(moved, 0, 2).astype(int)]
    people["situation"] = np.where(in_care, by_moves, route_of(last["reason_ceased"]).to_numpy())
    stay = (last["stops"] - last["entered"]).dt.days.to_numpy()
    short = ~in_care & (stay < rules("paths_through_care")["short_stay_days"])
    people["situation"] = people["situation"].mask(short, SHORT_STAY).astype(str)
    return people


def _moves_until(record: CareRecord, pairs: pd.DataFrame) -> pd.Series:
    """Return how many moves each child made from entering to a day; index: the child."""
    rows = pairs.merge(record.placements, on="child")
    since = (rows["start"] >= rows["entered"]) & (rows["start"] <= rows["day"])
    return rows[since & (rows["number"] > 1)].groupby("child").size()


def route_of(reasons: pd.Series) -> pd.Series:
    """Return how a child left care, in few groups, for codes of reasons for ceasing."""
    ways = rules("paths_through_care")
    route = {reason: name for name, several in ways["left_to"].items() for reason in several}
    return (
        codes.REASON_CEASED.label(reasons.fillna(""), "group")
        .map(route)
        .fillna(ways["left_otherwise"])
    )


def returned_to_care(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children who left care and came back within twelve months [percent].

    Returns
    -------
    figures
        One row for all of one year's leavers; by route, one row each for three years together.
    """
    within = rules("paths_through_care")["return_within_months"]
    if reason := _not_followed(record, period, within):
        return contracts.not_available("returned_to_care", breakdown, "percent", reason)
    if breakdown == ALL:
        people = leavers_followed(record, period, 1)
        return breakdowns.percentage(
            "returned_to_care", int(people["returned"].sum()), len(people), rolling_note(period)
        )
    years = years_pooled(record, period)
    if not years:
        reason = "the returns do not go back far enough to follow those who left"
        return contracts.not_available("returned_to_care", breakdown, "percent", reason)
    people = leavers_followed(record, period, years)
    known = breakdowns.groups(breakdown)
    grouped = people.groupby("route")["returned"].agg(["sum", "size"]).reindex(known, fill_value=0)
    note = breakdowns.years_together(years)
    return breakdowns.percentages(
        "returned_to_care", breakdown, known, grouped["sum"], grouped["size"], note
    )


def years_pooled(record: CareRecord, period: Period) -> int:
    """Return over how many years the leavers of each route are taken together."""
    most = rules("paths_through_care")["pooled_years"]
    windows = [followed_period(period, 12 * back) for back in range(1, most + 1)]
    return sum(not not_covered(record, window) for window in windows)


def leavers_followed(record: CareRecord, period: Period, years: int) -> pd.DataFrame:
    """Return who left care in one or more years that ended a year before the last day.

    Returns
    -------
    DataFrame, one row per child and year
        As ``CareRecord.ceased`` for those under 17, with ``route`` and ``returned``: whether
        another period of care began within twelve months.
    """
    limits = rules("paths_through_care")
    within = limits["return_within_months"]
    several = [record.ceased(followed_period(period, within + 12 * back)) for back in range(years)]
    people = pd.concat(several, ignore_index=True)
    people = people[people["age"].lt(limits["return_below_age"])].reset_index(drop=True)
    people["route"] = route_of(people["reason_ceased"])
    until = months_after(people["stops"], within)
    pairs = people[["child"]].assign(row=range(len(people)), left=people["stops"], until=until)
    again = pairs.merge(record.periods_of_care[["child", "start"]], on="child")
    back = again[(again["start"] > again["left"]) & (again["start"] < again["until"])]
    people["returned"] = pd.Series(range(len(people))).isin(set(back["row"])).to_numpy()
    return people


def moves_per_1000_days(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Placement moves per 1,000 days in care in twelve months [ratio], by time in care.

    Returns
    -------
    figures
        Numerator: moves; denominator: days in care. Limits by child. By time in care a group with
        fewer than 10 moves has no rate; periods of care whose beginning no return shows are left
        out.
    """
    measure = "moves_per_1000_days"
    if breakdown == ALL:
        found = _moves_and_days(record, period, record.periods_of_care, 0, 0)
        return _rate(measure, ALL, ALL, found, 1, rolling_note(period))
    seen = record.periods_of_care[record.periods_of_care["start_seen"]]
    least = rules("paths_through_care")["least_moves"]
    parts = [
        _rate(measure, breakdown, group, _moves_and_days(record, period, seen, *months), least, "")
        for group, months in rules("time_in_care")["groups"].items()
    ]
    return pd.concat(parts, ignore_index=True)


def _moves_and_days(
    record: CareRecord, period: Period, care: pd.DataFrame, first: int, last: int
) -> pd.DataFrame:
    """Return moves and days in care of each child in twelve months, for a stretch of time in care.

    Parameters
    ----------
    record : CareRecord
    period : Period
    care : DataFrame
        The periods of care to look at.
    first, last : int
        Months since entering care from which and up to which to look; 0 as `last` for no end.
    """
    window = twelve_months(period)
    opens = pd.Timestamp(window.start)
    closes = pd.Timestamp(window.end) + pd.Timedelta(days=1)
    counted = record.care_intervals.loc[care.index]
    begins = months_after(care["start"], first).clip(lower=opens)
    ends = counted["counted_until"].fillna(closes).clip(upper=closes)
    if last:
        ends = ends.where(
            ends < months_after(care["start"], last), months_after(care["start"], last)
        )
    from_ = begins.where(begins > counted["counted_from"], counted["counted_from"])
    days = (ends - from_).dt.days.clip(lower=0)
    at_risk = care[["period_of_care", "child"]].assign(begins=begins, ends=ends, days=days)
    at_risk = at_risk[at_risk["begins"] < at_risk["ends"]]
    later = moves(record)[["period_of_care", "start"]]
    pairs = later.merge(at_risk[["period_of_care", "child", "begins", "ends"]], on="period_of_care")
    inside = pairs[(pairs["start"] >= pairs["begins"]) & (pairs["start"] < pairs["ends"])]
    found = at_risk.groupby("child")["days"].sum().to_frame()
    found["moves"] = inside.groupby("child").size().reindex(found.index, fill_value=0)
    return found


def _rate(
    measure: str, breakdown: str, group: str, found: pd.DataFrame, least: int, note: str
) -> pd.DataFrame:
    moves, days = int(found["moves"].sum()), int(found["days"].sum())
    if not days:
        return contracts.not_available(measure, breakdown, "ratio", breakdowns.NOBODY, [group])
    if moves < least and breakdown != ALL:
        reason = f"fewer than {least} moves"
        return contracts.not_available(measure, breakdown, "ratio", reason, [group])
    rate = recurrent.clustered_rate(found["moves"], found["days"] / PER_DAYS)
    return contracts.figures(
        measure,
        breakdown,
        [group],
        unit="ratio",
        numerator=moves,
        denominator=days,
        value=rate.value,
        lower=rate.lower,
        upper=rate.upper,
        method=recurrent.CLUSTERED_RATE,
        note=note,
    )


def third_move(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Chance of a third move by some months after entering care [probability].

    Leaving care is another ending. Not given where fewer than ten periods of care are under
    observation on a day up to then.
    """
    measure, limits = "third_move", rules("placement_endings")
    found = spells_to_third_move(record, period)
    if found.empty:
        return contracts.not_available(measure, breakdown, "probability", breakdowns.NOBODY)
    curve = competing.incidence(found["entry"], found["time"], found["ending"])
    thin = curve.times[curve.at_risk < limits["least_at_risk"]]
    rows = []
    for group in breakdowns.groups(breakdown):
        day = int(group) * 365.25 / 12
        observed = int(survival.at_risk(found["entry"], found["time"], day))
        if (thin <= day).any() or observed < limits["least_at_risk"]:
            reason = f"fewer than {limits['least_at_risk']} are under observation then"
            rows.append(contracts.not_available(measure, breakdown, "probability", reason, [group]))
            continue
        value, lower, upper = curve.at(THIRD_MOVE, day)
        came = int((found["ending"].eq(THIRD_MOVE) & (found["time"] <= day)).sum())
        rows.append(
            contracts.figures(
                measure,
                breakdown,
                [group],
                unit="probability",
                numerator=came,
                denominator=observed,
                value=value,
                lower=lower,
                upper=upper,
                method=competing.INCIDENCE,
                note=rolling_note(period),
            )
        )
    return pd.concat(rows, ignore_index=True)


def spells_to_third_move(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the periods of care under observation in twelve months, up to a third move.

    Returns
    -------
    DataFrame, one row per period of care whose beginning a return shows
        ``child``, ``entry`` and ``time`` [days since it began], ``ending``: 0 still running, 1 a
        third move, 2 left care.
    """
    window = twelve_months(period)
    opens = pd.Timestamp(window.start)
    closes = pd.Timestamp(window.end) + pd.Timedelta(days=1)
    care = record.periods_of_care[record.periods_of_care["start_seen"]]
    fourth = record.placements[record.placements["number"] == 4]
    began = fourth.set_index("period_of_care")["start"].reindex(care["period_of_care"])
    moved = began.set_axis(care.index)
    ending = pd.Series(0, index=care.index)
    until = care["stops"].where(care["ended"]).fillna(closes)
    ending = ending.mask(care["ended"] & care["stops"].notna(), LEFT_CARE)
    third = moved.notna() & (moved < until)
    until, ending = until.mask(third, moved), ending.mask(third, THIRD_MOVE)
    vanished = care["stops"].notna() & ~care["ended"] & ~third
    until = until.mask(vanished, care["stops"])
    after = until >= closes
    until, ending = until.clip(upper=closes), ending.mask(after, 0)
    found = pd.DataFrame(
        {
            "child": care["child"],
            "entry": (opens - care["start"]).dt.days.clip(lower=0),
            "time": (until - care["start"]).dt.days,
            "ending": ending,
        }
    )
    return found[found["entry"] < found["time"]].reset_index(drop=True)
