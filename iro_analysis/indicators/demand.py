"""Figures by quarter (entries, leavers, stock, moves, reviews), a forecast of stock and its test.

Calendar quarters, each covered in full by the returns. Short breaks (V3, V4) are left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import stock
from iro_analysis.indicators import breakdowns, evaluate, missing, reviews
from iro_analysis.indicators.paths_through_care import PER_DAYS
from iro_analysis.indicators.placements import DAYS_A_MONTH, moves, rules
from iro_analysis.periods import Period, add_months, in_words, of_days
from iro_analysis.working_days import months_after

QUARTER = 3  # months
CHILDREN, COUNT = "children", "count"


def quarters(record: CareRecord, period: Period, measure: str) -> list[Period]:
    """Return the whole calendar quarters up to the period's end for which a measure is available.

    Returns
    -------
    list of Period, oldest first
        No more than ``demand.most_quarters`` of ``reference/rules.toml``.
    """
    after = period.end + timedelta(days=1)
    after = date(after.year, 3 * ((after.month - 1) // 3) + 1, 1)
    found: list[Period] = []
    while len(found) < rules("demand")["most_quarters"]:
        quarter = of_days(add_months(after, -QUARTER), after - timedelta(days=1))
        if not evaluate.is_covered(record, quarter, period, measure):
            break
        found.insert(0, quarter)
        after = quarter.start
    return found


def _too_short(measure: str, breakdown: str, unit: str) -> pd.DataFrame:
    reason = "the returns cover no whole quarter up to then"
    return contracts.not_available(measure, breakdown, unit, reason)


def _counts(
    measure: str, breakdown: str, unit: str, several: list[Period], found: list[int]
) -> pd.DataFrame:
    if not several:
        return _too_short(measure, breakdown, unit)
    names = [quarter.name for quarter in several]
    values = [float(each) for each in found]
    return contracts.figures(
        measure, breakdown, names, unit=unit, numerator=values, value=values, method="count"
    )


def started(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who started to be looked after, by quarter [children]."""
    measure = "started_by_quarter"
    several = quarters(record, period, measure)
    found = [len(record.started(quarter)) for quarter in several]
    return _counts(measure, breakdown, CHILDREN, several, found)


def ceased(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who ceased to be looked after, by quarter [children]."""
    measure = "ceased_by_quarter"
    several = quarters(record, period, measure)
    found = [len(record.ceased(quarter)) for quarter in several]
    return _counts(measure, breakdown, CHILDREN, several, found)


def looked_after(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day of each quarter [children]."""
    measure = "looked_after_by_quarter"
    several = quarters(record, period, measure)
    found = [len(record.looked_after_on(quarter.end)) for quarter in several]
    return _counts(measure, breakdown, CHILDREN, several, found)


def missing_incidents(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Incidents of going missing that began, by quarter [count]."""
    measure = "missing_incidents_by_quarter"
    several = quarters(record, period, measure)
    found = []
    for quarter in several:
        rows, _ = missing.incidents_of(record, quarter)
        found.append(int((rows["start"] >= pd.Timestamp(quarter.start)).sum()))
    return _counts(measure, breakdown, COUNT, several, found)


def moves_per_1000_days(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Placement moves per 1,000 days in care, by quarter [ratio]."""
    measure = "moves_per_1000_days_by_quarter"
    several = quarters(record, period, measure)
    if not several:
        return _too_short(measure, breakdown, "ratio")
    care, moved = record.care_intervals, moves(record)["start"]
    days, moved_in = [], []
    for quarter in several:
        opens, closes = _ends(quarter)
        from_, until = care["counted_from"].clip(lower=opens), care["counted_until"].fillna(closes)
        days.append(int((until.clip(upper=closes) - from_).dt.days.clip(lower=0).sum()))
        moved_in.append(int(((moved >= opens) & (moved < closes)).sum()))
    known = np.array(days) > 0
    values = np.divide(moved_in, days, out=np.full(len(days), np.nan), where=known) * PER_DAYS
    return contracts.figures(
        measure,
        breakdown,
        [quarter.name for quarter in several],
        unit="ratio",
        numerator=moved_in,
        denominator=days,
        value=values,
        method="moves over days in care",
        status=["ok" if each else "not_available" for each in known],
        note=["" if each else breakdowns.NOBODY for each in known],
    )


def reviews_on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews held on time, by quarter [percent of reviews]."""
    measure = "reviews_on_time_by_quarter"
    several = quarters(record, period, measure)
    if not several:
        return _too_short(measure, breakdown, "percent")
    held = [reviews.judged(record, quarter)["on_time"] for quarter in several]
    met, of = [int(each.sum()) for each in held], [len(each) for each in held]
    names = [quarter.name for quarter in several]
    found = breakdowns.percentages(measure, breakdown, names, met, of)
    return found.assign(lower=np.nan, upper=np.nan, method="share of reviews")


def _ends(quarter: Period) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first day of a quarter and the first day after it."""
    return pd.Timestamp(quarter.start), pd.Timestamp(quarter.end) + pd.Timedelta(days=1)


def spells(record: CareRecord) -> pd.DataFrame:
    """Return the periods of care with the day by which each must have ended, the 18th birthday.

    Returns
    -------
    DataFrame, one row per period of care
        ``child``; ``start``, for one whose beginning no return shows so early that its time in
        care counts as long; ``stops``; ``adult`` (the 18th birthday; missing where the date of
        birth is).
    """
    return record.once(("spells",), lambda: _spells(record))


def _spells(record: CareRecord) -> pd.DataFrame:
    limits = rules("demand")
    found = record.periods_of_care[["child", "start", "stops", "start_seen"]].copy()
    longest = pd.Timedelta(days=round(limits["stretches_from_months"][-1] * DAYS_A_MONTH) + 1)
    found["start"] = found["start"].where(found["start_seen"], found["start"] - longest)
    born = record.children.drop_duplicates("child").set_index("child")["birth_date"]
    birth = pd.Series(born.reindex(found["child"]).to_numpy(), index=found.index)
    years = codes.record("rules")["looked_after"]["adult_age"]
    found["adult"] = months_after(pd.to_datetime(birth), 12 * years)
    return found


def expected(
    record: CareRecord, day: date, months: int, known_from: date
) -> stock.Prediction | None:
    """Return how many children are expected to be looked after some months after a day.

    Learnt from what had happened by that day: entries of the last year, leaving in up to two.
    None where that is not known for a year before it, or nobody is looked after.
    """
    key = ("expected", day, months, known_from)
    found = record.once(key, lambda: _as_rows(_expected(record, day, months, known_from)))
    return None if found.empty else stock.Prediction(*map(float, found.iloc[0]))


def _as_rows(found: stock.Prediction | None) -> pd.DataFrame:
    rows = [] if found is None else [(found.mean, found.std_dev)]
    return pd.DataFrame(rows, columns=["mean", "std_dev"])


def _expected(
    record: CareRecord, day: date, months: int, known_from: date
) -> stock.Prediction | None:
    limits = rules("demand")
    now = pd.Timestamp(day) + pd.Timedelta(days=1)
    since_entry = pd.Timestamp(add_months(now.date(), -limits["entries_from_months"]))
    first = pd.Timestamp(known_from)
    if since_entry < first:
        return None
    care = spells(record)
    care = care[(care["start"] < now) & ~(care["adult"] <= care["start"])]
    last = care["stops"].where(care["stops"] < now)  # what came later was not known then
    opens = max(first, pd.Timestamp(add_months(now.date(), -limits["leaving_from_months"])))
    begins = care["start"].clip(lower=opens)
    end = pd.concat([last, care["adult"].where(care["adult"] < now)], axis=1).min(axis=1)
    end = end.fillna(now)
    seen = begins < end
    edges = np.array(limits["stretches_from_months"]) * DAYS_A_MONTH
    rates = stock.leaving(
        (begins - care["start"]).dt.days[seen],
        (end - care["start"]).dt.days[seen],
        (last.notna() & (last <= end))[seen] & ~(care["adult"] <= last)[seen],
        edges,
    )
    there = care[last.isna() & ~(care["adult"] < now)].drop_duplicates("child", keep="last")
    came = care[care["start"] >= since_entry]
    ahead = (add_months(day + timedelta(days=1), months) - (day + timedelta(days=1))).days
    phi = codes.table("overdispersion").set_index("measure")["phi"].astype(float)
    today = pd.Timestamp(day)
    if there.empty and came.empty:
        return None
    return stock.ahead(
        (today - there["start"]).dt.days,
        (there["adult"] - today).dt.days.fillna(np.inf),
        rates,
        len(came),
        (now - since_entry).days,
        (came["adult"] - came["start"]).dt.days.fillna(np.inf),
        ahead,
        max(phi["started"], 1.0),
        max(phi["ceased"], 1.0),
    )


def forecast(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children expected to be looked after one to eight quarters ahead [children, not whole].

    Returns
    -------
    figures, one row per quarter ahead
        ``quarters_ahead``: limits between which the number lies in 95 of 100 such forecasts;
        ``quarters_ahead_80``: in 80 of 100.
    """
    measure = "looked_after_forecast"
    several = quarters(record, period, measure)
    level = 0.8 if breakdown.endswith("_80") else 0.95
    groups = breakdowns.groups(breakdown)
    asked = [
        expected(record, several[-1].end, QUARTER * int(group), several[0].start)
        for group in (groups if several else [])
    ]
    found = [each for each in asked if each is not None]
    if not found or len(found) < len(asked):
        reason = "a year of returns before the day is needed to learn from"
        return contracts.not_available(measure, breakdown, CHILDREN, reason)
    limits = [each.within(level) for each in found]
    return contracts.figures(
        measure,
        breakdown,
        groups,
        unit=CHILDREN,
        value=[each.mean for each in found],
        lower=[low for low, _ in limits],
        upper=[high for _, high in limits],
        method=stock.PREDICTION,
        note=f"from {in_words(several[-1].end)}",
    )


def past_forecasts(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return what would have been forecast at the end of each earlier quarter, and what came.

    Returns
    -------
    DataFrame, one row per forecast
        ``quarters`` ahead; ``mean``, ``held_80``, ``held_95`` (whether the number lay within the
        range), ``crps`` of the forecast and of the last number carried forward, ``carried``.
    """
    several = quarters(record, period, "forecast_coverage")
    rows = []
    for origin in range(len(several)):
        for steps in rules("demand")["scored_quarters"]:
            if origin + steps >= len(several):
                continue
            day = several[origin].end
            found = expected(record, day, QUARTER * steps, several[0].start)
            if found is None:
                continue
            came = len(record.looked_after_on(several[origin + steps].end))
            within = {level: found.within(level / 100) for level in (80, 95)}
            held = {f"held_{level}": low <= came <= high for level, (low, high) in within.items()}
            carried = abs(came - len(record.looked_after_on(day)))
            rows.append({"quarters": steps, **held, "crps": found.crps(came), "carried": carried})
    return pd.DataFrame(rows, columns=["quarters", "held_80", "held_95", "crps", "carried"])


def _scored(record: CareRecord, period: Period) -> pd.DataFrame:
    return record.once(("past_forecasts", period), lambda: past_forecasts(record, period))


def _of_group(scored: pd.DataFrame, group: str) -> tuple[str, pd.DataFrame]:
    """Return what a group is of (``80``, ``95``, ``forecast``, ``carried``) and its forecasts."""
    what, steps = group.split(" at ")
    return what, scored[scored["quarters"].eq(int(steps))]


def coverage(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of past forecasts whose range held the number that came [percent of forecasts].

    No interval: the forecasts overlap, so that one surprise counts in several.
    """
    measure, scored, parts = "forecast_coverage", _scored(record, period), []
    for group in breakdowns.groups(breakdown):
        level, mine = _of_group(scored, group)
        if mine.empty:
            parts.append(_not_scored(measure, breakdown, "percent", group))
            continue
        held = int(mine[f"held_{level}"].sum())
        found = breakdowns.percentages(measure, breakdown, [group], [held], [len(mine)])
        parts.append(found.assign(lower=np.nan, upper=np.nan, method="rolling origin"))
    return pd.concat(parts, ignore_index=True)


def error(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """How far past forecasts were off, by their CRPS [children], beside the last number carried."""
    measure, scored, parts = "forecast_error", _scored(record, period), []
    for group in breakdowns.groups(breakdown):
        what, mine = _of_group(scored, group)
        if mine.empty:
            parts.append(_not_scored(measure, breakdown, "score", group))
            continue
        column = "crps" if what == "forecast" else "carried"
        parts.append(
            contracts.figures(
                measure,
                breakdown,
                [group],
                unit="score",
                denominator=len(mine),
                value=float(mine[column].mean()),
                method="continuous ranked probability score, rolling origin",
            )
        )
    return pd.concat(parts, ignore_index=True)


def _not_scored(measure: str, breakdown: str, unit: str, group: str) -> pd.DataFrame:
    reason = "the returns are too short to look back on such a forecast"
    return contracts.not_available(measure, breakdown, unit, reason, [group])
