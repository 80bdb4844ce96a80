"""How placements end: the chance of an unplanned ending, and which first placements last.

A placement can end unplanned, under the care plan, for a reason that is not recorded, or because
the child leaves care: the endings compete. Nothing here is of one child; a step of a curve is only
given where enough endings lie behind it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import competing, log_rank, survival
from iro_analysis.indicators import breakdowns
from iro_analysis.indicators.looked_after import provision_of
from iro_analysis.indicators.placements import (
    not_covered,
    rolling_note,
    rules,
    seen_from_the_start,
    spells,
    twelve_months,
)
from iro_analysis.periods import Period

RUNNING, UNPLANNED, PLANNED, NOT_RECORDED, LEFT_CARE = range(5)
_MOVES = {"Unplanned": UNPLANNED, "Planned": PLANNED}


def with_endings(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the placements under observation in twelve months, and how each left it.

    Returns
    -------
    DataFrame, one row per placement
        As ``placements.spells``, with ``ending``: still running, unplanned, planned, for a reason
        not recorded, or because the child left care (home, adoption, 18th birthday). A placement
        that vanished from later returns is still running when it is last seen.
    """
    rows = record.placements
    last = rows.groupby("period_of_care")["number"].transform("max").eq(rows["number"])
    reasons = codes.REASON_PLACE_CHANGE.label(rows["reason_place_change"].fillna(""), "planned")
    moved = reasons.map(_MOVES).fillna(NOT_RECORDED).astype(int)
    found = spells(rows.assign(kind=moved.mask(last, LEFT_CARE)), twelve_months(period))
    return found.assign(ending=found["kind"].where(found["ended_here"], RUNNING).astype(int))


def unplanned(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Chance that a placement has ended unplanned by some days after it began.

    Aalen-Johansen with late entry: other endings compete, and are neither unplanned nor still
    running. Limits by drawing whole children again, since a child's placements are alike.

    Returns
    -------
    figures, one row each for 30, 90, 180 and 365 days [probability]
        Numerator: unplanned endings since the last day for which one is given; denominator:
        placements under observation on that day. A day waits until six endings have come since
        the one before, so that no step is of a few children; not given where fewer than ten are
        under observation on a day up to then, nor with fewer than ten unplanned endings in all.
        Not 1 less the chance of still being there, and not for one placement or one child.

    References
    ----------
    STATISTICS 1.5.
    """
    measure, limits = "unplanned_ending", rules("placement_endings")
    if reason := not_covered(record, twelve_months(period)):
        return contracts.not_available(measure, breakdown, "probability", reason)
    found = with_endings(record, period)
    days = limits["days"]
    happened = found.loc[found["ending"].eq(UNPLANNED), "time"]
    if len(happened) < limits["least_endings"]:
        reason = f"fewer than {limits['least_endings']} placements ended unplanned"
        return contracts.not_available(measure, breakdown, "probability", reason)
    entry, time, ending = (found[name].to_numpy() for name in ("entry", "time", "ending"))
    curve = competing.incidence(entry, time, ending)
    value = [curve.at(UNPLANNED, day)[0] for day in days]
    lower, upper = competing.limits_by_child(
        found["child"].to_numpy(), entry, time, ending, UNPLANNED, days
    )
    thin = curve.times[curve.at_risk < limits["least_at_risk"]]
    rows, before = [], 0
    for place, day in enumerate(days):
        came = int(happened.between(before, day, inclusive="right").sum())
        observed = survival.at_risk(found["entry"], found["time"], day)
        reason = ""
        if (thin <= day).any() or observed < limits["least_at_risk"]:
            reason = f"fewer than {limits['least_at_risk']} placements are under observation then"
        elif came < limits["least_to_release"]:
            reason = "too few have ended since the day before it to give another step"
        if reason:
            rows.append(
                contracts.not_available(measure, breakdown, "probability", reason, [str(day)])
            )
            continue
        before = day
        rows.append(
            contracts.figures(
                measure,
                breakdown,
                [str(day)],
                unit="probability",
                numerator=came,
                denominator=observed,
                value=value[place],
                lower=lower[place],
                upper=upper[place],
                method=competing.INCIDENCE,
                note=rolling_note(period),
            )
        )
    return pd.concat(rows, ignore_index=True)


def lasting(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Chance that a first placement still runs after six months, by where it was.

    Returns
    -------
    figures, one row per kind of provision [probability]
        Numerator: first placements that ended by then; denominator: under observation then. Kinds
        with fewer than ten under observation are not given. The note says whether the kinds differ
        at all by more than chance (log-rank). Any ending counts, going home and adoption too:
        lasting is not necessarily good.

    References
    ----------
    STATISTICS 1.5.
    """
    measure, limits = "first_placement_lasting", rules("placement_endings")
    if reason := not_covered(record, twelve_months(period)):
        return contracts.not_available(measure, breakdown, "probability", reason)
    first = seen_from_the_start(record)
    found = spells(first[first["number"] == 1], twelve_months(period))
    labels = provision_of(found["place"], found["provider"])
    day, rows = limits["lasting_days"], []
    enough = {
        kind: int(survival.at_risk(mine["entry"], mine["time"], day))
        for kind, mine in found.groupby(labels)
    }
    kept = labels.map(enough).ge(limits["least_at_risk"])
    note = _differ(found[kept], labels[kept])
    for kind in breakdowns.with_not_known(breakdowns.groups(breakdown), labels):
        mine = found[labels == kind]
        if enough.get(kind, 0) < limits["least_at_risk"]:
            reason = f"fewer than {limits['least_at_risk']} are under observation then"
            rows.append(contracts.not_available(measure, breakdown, "probability", reason, [kind]))
            continue
        curve = survival.kaplan_meier(
            mine["entry"].to_numpy(), mine["time"].to_numpy(), mine["ended_here"].to_numpy()
        )
        if (curve.at_risk[curve.times <= day] < limits["least_at_risk"]).any():
            reason = f"fewer than {limits['least_at_risk']} are under observation on a day before"
            rows.append(contracts.not_available(measure, breakdown, "probability", reason, [kind]))
            continue
        value, lower, upper = curve.at(day)
        rows.append(
            contracts.figures(
                measure,
                breakdown,
                [kind],
                unit="probability",
                numerator=int((mine["ended_here"] & (mine["time"] <= day)).sum()),
                denominator=enough[kind],
                value=value,
                lower=lower,
                upper=upper,
                method=survival.SURVIVAL,
                note=note,
            )
        )
    return pd.concat(rows, ignore_index=True)


ALIKE, UNLIKE = "the kinds do not clearly differ", "the kinds differ by more than chance"


def _differ(found: pd.DataFrame, labels: pd.Series) -> str:
    if labels.nunique() < 2 or not found["ended_here"].any():
        return ""
    tested = log_rank.log_rank(
        found["entry"].to_numpy(),
        found["time"].to_numpy(),
        found["ended_here"].to_numpy(),
        np.unique(labels, return_inverse=True)[1],
    )
    return UNLIKE if tested.p < 0.05 else ALIKE
