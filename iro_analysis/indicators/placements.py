"""Placement stability: how often children move, how long placements last.

Yearly figures cover the twelve months that end on the period's last day; for a part of a year that
is a rolling twelve months, and the note says so. Nothing is annualised.
"""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts import episodes as chains
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.estimates import survival
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period, add_months, in_words, reporting_year

COUNT = "count"
DAYS_A_MONTH = 365.25 / 12


def rules(name: str) -> dict:
    """Return the numbers of a definition: ``reference/rules.toml``."""
    return codes.record("rules")[name]


def twelve_months(period: Period) -> Period:
    """Return the twelve months that end on the period's last day."""
    start = add_months(period.end + timedelta(days=1), -12)
    return Period(start, period.end, f"{start.isoformat()}:{period.end.isoformat()}")


def rolling_note(period: Period) -> str:
    """Return the note on a period that is no year: rolling twelve months."""
    return "" if period.is_year else f"rolling twelve months to {in_words(period.end)}"


def not_covered(record: CareRecord, window: Period) -> str:
    """Return why twelve months are not covered by the returns; empty where they are."""
    first = reporting_year(record.authority.returns[0]).start
    if window.start >= first:
        return ""
    return (
        f"twelve months from {in_words(window.start)} are needed, "
        f"and the returns begin on {in_words(first)}"
    )


def with_placement_counts(record: CareRecord, period: Period) -> tuple[pd.DataFrame, str]:
    """Return the children looked after with their number of placements in twelve months.

    Returns
    -------
    people : DataFrame, one row per child looked after on the last day
        With ``placements`` and ``many`` (three or more, DfE's rule).
    reason : str
        Why it cannot be said; empty where it can.
    """
    window = twelve_months(period)
    if reason := not_covered(record, window):
        return pd.DataFrame(), reason
    people = record.looked_after_on(period.end)
    touched = record.placements_touching(window).groupby("child").size()
    people["placements"] = people["child"].map(touched).fillna(0).astype(int)
    people["many"] = people["placements"] >= rules("three_or_more")["placements"]
    return people, ""


def placements_in_year(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children looked after on the last day by their placements in twelve months.

    Returns
    -------
    figures, one row each for 1, 2 and 3 or more [children]

    References
    ----------
    LAIT 372; METHODS 3.4.
    """
    people, reason = with_placement_counts(record, period)
    if reason:
        return contracts.not_available("placements_in_year", breakdown, "children", reason)
    one, two, more = breakdowns.groups("placements")
    labels = people["placements"].clip(1, 3).map({1: one, 2: two, 3: more}).astype(str)
    found = breakdowns.counts(
        "placements_in_year", breakdown, labels, [one, two, more], "children", COUNT
    )
    return found.assign(note=rolling_note(period))


def three_or_more(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after with three or more placements in twelve months [percent]."""
    measure = "three_or_more_placements"
    people, reason = with_placement_counts(record, period)
    if not reason and people.empty:
        reason = "no child is looked after on the last day"
    if reason:
        return contracts.not_available(measure, breakdown, "percent", reason)
    return breakdowns.percentages(
        measure, ALL, [ALL], [people["many"].sum()], [len(people)], rolling_note(period)
    )


def three_or_more_by_definition(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Frequent moves by the definitions of DfE, the Children's Commissioner and Annex A.

    The last two are readings of published descriptions, not of a specification (METHODS 3.6):

    * ``commissioner``: two or more changes of carer in twelve months, re-entries counted as
      changes, adoption by the current carer counted as one, however short the placement.
    * ``annex_a``: three or more placements, where temporary absences, changes with the same carer
      and short breaks (V3, V4) count as placements.

    Returns
    -------
    figures, one row per definition [percent of children looked after on the last day]
        For the breakdown ``difference``: the children that one definition counts and another
        does not.
    """
    measure = "three_or_more_by_definition"
    people, reason = with_placement_counts(record, period)
    if not reason and people.empty:
        reason = "no child is looked after on the last day"
    if reason:
        return contracts.not_available(measure, breakdown, "percent", reason)
    marks = marks_by_definition(record, people, period)
    groups = breakdowns.groups(breakdown)
    if breakdown == "difference":
        pairs = [group.split(", not ") for group in groups]
        counted = [int((marks[one] & ~marks[other]).sum()) for one, other in pairs]
        return breakdowns.percentages(
            measure, breakdown, groups, counted, [len(people)] * len(groups), rolling_note(period)
        )
    found = breakdowns.percentages(
        measure, breakdown, groups, marks[groups].sum(), [len(people)] * len(groups), ""
    )
    notes = {"dfe": "the definition the report uses"}
    found["note"] = [
        "; ".join(filter(None, (rolling_note(period), notes.get(name, "")))) for name in groups
    ]
    return found


def marks_by_definition(record: CareRecord, people: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return whether each definition counts each child looked after: one column per definition."""
    window, limits = twelve_months(period), rules("three_or_more")
    changes = _changes_by_commissioner(record, window)
    annex = _runs_of_annex_a(record, window)
    return pd.DataFrame(
        {
            "dfe": people["many"],
            "commissioner": people["child"].map(changes).ge(limits["changes_commissioner"]),
            "annex_a": people["child"].map(annex).ge(limits["placements"]),
        }
    )


def _changes_by_commissioner(record: CareRecord, window: Period) -> pd.Series:
    """Count, by child, the changes of carer and returns to care in a window."""
    rows = record.episodes
    begins = rows["placement"].ne(rows["placement"].shift())
    adopted = codes.PLACEMENT.where("kind", "adoption with current carer")
    newly = rows["place"].isin(adopted) & ~chains.before_in_chain(rows, "settled_place").isin(
        adopted
    )
    entered_first = rows["child"].ne(rows["child"].shift())
    inside = rows["start"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    changed = (begins | newly) & ~entered_first & inside
    return rows[changed].groupby("child").size()


def _runs_touching(rows: pd.DataFrame, begins: pd.Series, window: Period) -> pd.Series:
    """Count, by child, the runs of episodes that touch a window."""
    run = begins.cumsum()
    grouped = rows.groupby(run.to_numpy())
    running = rows["stops"].isna().groupby(run.to_numpy()).any()
    table = pd.DataFrame(
        {
            "child": grouped["child"].first(),
            "start": grouped["start"].min(),
            "stops": grouped["stops"].max().mask(running),
        }
    )
    touches = (table["start"] <= pd.Timestamp(window.end)) & (
        table["stops"].isna() | (table["stops"] > pd.Timestamp(window.start))
    )
    return table[touches].groupby("child").size()


def _runs_of_annex_a(record: CareRecord, window: Period) -> pd.Series:
    rows = record.authority.tables["episodes"]
    rows = rows.sort_values(["child", "start", "end"], kind="stable", ignore_index=True)
    rows = rows.assign(stops=rows["end"].fillna(rows["counted_until"]))
    same = codes.REASON_NEW_EPISODE.where("placement_change", "no")
    first = rows["child"].ne(rows["child"].shift())
    return _runs_touching(rows, first | ~rows["reason_new_episode"].isin(same), window)


def changes(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Placement changes in the period: by reason, planned or not, and by month.

    A change is the beginning of a placement that is not the first of its period of care.

    Returns
    -------
    figures, one row per group [count of changes, not of children]
        The reason is that on the episode that ended; planned: a change under the care plan.
    """
    rows = moves_in(record, period)
    if breakdown == "month":
        return breakdowns.by_month("placement_changes", rows["start"], period)
    column = "planned" if breakdown == "planned" else "label"
    labels = codes.REASON_PLACE_CHANGE.label(rows["reason"], column)
    known = breakdowns.groups("planned")
    if breakdown == "reason":
        moves = codes.REASON_PLACE_CHANGE.where("is_move", "yes")
        names = codes.REASON_PLACE_CHANGE.column("label")
        known = [label for code, label in names.items() if code in moves]
    return breakdowns.counts("placement_changes", breakdown, labels, known, "count", COUNT)


def moves_in(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the placements that began a change in the period, with the ``reason`` code for it."""
    rows = moves(record)
    return rows[rows["start"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]


def moves(record: CareRecord) -> pd.DataFrame:
    """Return the placements that began a change of a child in care, with the ``reason`` code."""
    rows = record.placements
    before = rows.groupby("period_of_care")["reason_place_change"].shift().fillna("")
    counted = record.care_intervals[["counted_until"]].assign(
        period_of_care=record.periods_of_care["period_of_care"]
    )
    # An end of care on the day itself is no limit here: only the 18th birthday is before it.
    # By reindex and not by map, which knows no days where nobody was ever looked after.
    until = counted.set_index("period_of_care")["counted_until"].reindex(rows["period_of_care"])
    until = until.set_axis(rows.index)
    moved = (rows["number"] > 1) & (until.isna() | (rows["start"] < until))
    return rows.assign(reason=before)[moved]


def _began_before_returns(record: CareRecord, rows: pd.DataFrame) -> pd.Series:
    """Whether a period of care was running when the first return opened, its start not seen."""
    first = pd.Timestamp(reporting_year(record.authority.returns[0]).start)
    return ~rows["start_seen"] & (rows["start"] < first)


def long_term_stability(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children long in care who have been with one carer for two years.

    Of children under 16 on the last day whose period of care began thirty months before it or
    earlier (30 September for a 31 March): those whose placement began twenty-four months before it
    or earlier, or who are placed for adoption and whose placement before that one began so early.

    Returns
    -------
    figures, one row [percent]
        Up to 31 March 2020 by the method of that time; after it a change to or from fostering for
        adoption (U2, U5) sets the clock back. ``not_available`` where a period of care was running
        when the first return opened and its start cannot be told.

    References
    ----------
    LAIT 393; METHODS 3.5.
    """
    cohort, reason = long_in_care(record, period)
    if reason:
        return contracts.not_available("long_term_stability", ALL, "percent", reason)
    new_method = period.end > rules("long_term_stability")["old_method_to"]
    method = "method after 2020" if new_method else "method up to 2020"
    return breakdowns.percentages(
        "long_term_stability", ALL, [ALL], [cohort["settled"].sum()], [len(cohort)], method
    )


def long_in_care(record: CareRecord, period: Period) -> tuple[pd.DataFrame, str]:
    """Return the children long in care with ``settled``, or why they cannot be told."""
    limits = rules("long_term_stability")
    people = record.looked_after_on(period.end)
    people = people[people["age"] < limits["under_age"]]
    long_ago = pd.Timestamp(add_months(period.end, -limits["months_looked_after"]))
    settled_by = pd.Timestamp(add_months(period.end, -limits["months_in_placement"]))
    periods = record.periods_of_care.set_index("period_of_care")
    hidden = periods.index[_began_before_returns(record, periods) & (periods["start"] > long_ago)]
    unsure = int(people["period_of_care"].isin(hidden).sum())
    if unsure:
        return people, (
            "the returns do not go back far enough to say since when all children have been "
            "looked after"
        )
    cohort = people[people["period_start"] <= long_ago]
    if cohort.empty:
        return cohort, "no child under 16 has been looked after that long"
    new_method = period.end > limits["old_method_to"]
    carers = chains.with_one_carer(record.episodes, fostering_for_adoption_is_a_move=new_method)
    carers.index = record.episodes["order"]
    mine = carers.loc[cohort["order"]]
    there = (mine["since"] <= settled_by) | (mine["before_adoption"] <= settled_by)
    return cohort.assign(settled=there.to_numpy()), ""


def spells(rows: pd.DataFrame, window: Period) -> pd.DataFrame:
    """Return how long each placement had run when observation began and when it left it.

    Returns
    -------
    DataFrame, one row per placement touching the window
        ``entry``, ``time`` [days since the placement began; entry < time] and ``ended``.
    """
    opens = pd.Timestamp(window.start)
    closes = pd.Timestamp(window.end) + pd.Timedelta(days=1)
    leaves = rows["stops"].fillna(closes).clip(upper=closes)
    found = rows.assign(
        entry=(opens - rows["start"]).dt.days.clip(lower=0),
        time=(leaves - rows["start"]).dt.days,
        ended_here=rows["ended"] & rows["stops"].notna() & (rows["stops"] < closes),
    )
    return found[(found["time"] > found["entry"]) & (rows["start"] < closes)]


def survival_curve(record: CareRecord, period: Period) -> tuple[pd.DataFrame, survival.Curve]:
    """Return the spells of first placements in the twelve months, and their survival curve."""
    rows = seen_from_the_start(record)
    found = spells(rows[rows["number"] == 1], twelve_months(period))
    return found, survival.kaplan_meier(
        found["entry"].to_numpy(), found["time"].to_numpy(), found["ended_here"].to_numpy()
    )


def seen_from_the_start(record: CareRecord) -> pd.DataFrame:
    """Return the placements of periods of care whose start the returns show."""
    rows = record.placements
    periods = record.periods_of_care.set_index("period_of_care")
    unseen = periods.index[_began_before_returns(record, periods)]
    return rows[~rows["period_of_care"].isin(unseen)]


def still_in_first_placement(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Chance of still being in the first placement of a period of care after some months.

    Any ending of the placement counts: a move, going home, adoption, the 18th birthday. First
    placements open on a day of the twelve months are followed; those already running come in late.

    Returns
    -------
    figures, one row each for 1, 3, 6, 12, 24 months [probability]
        Numerator: placements that ended since the time before; denominator: under observation at
        that time. Not given where fewer than ten are.
    """
    measure, limits = "placement_survival", rules("placement_survival")
    window = twelve_months(period)
    if reason := not_covered(record, window):
        return contracts.not_available(measure, breakdown, "probability", reason)
    found, curve = survival_curve(record, period)
    rows, before, too_few = [], 0.0, False
    thin = curve.times[curve.at_risk < limits["least_at_risk"]]
    for months in limits["months"]:
        day = months * DAYS_A_MONTH
        too_few = too_few or bool((thin <= day).any())
        observed = survival.at_risk(found["entry"], found["time"], day)
        since = found["ended_here"] & (found["time"] > before) & (found["time"] <= day)
        before = day
        too_few = too_few or observed < limits["least_at_risk"]
        if too_few:
            rows.append(
                contracts.not_available(
                    measure,
                    breakdown,
                    "probability",
                    f"fewer than {limits['least_at_risk']} placements are under observation "
                    "on a day up to then",
                    [str(months)],
                )
            )
            continue
        value, lower, upper = curve.at(day)
        rows.append(
            contracts.figures(
                measure,
                breakdown,
                [str(months)],
                unit="probability",
                numerator=int(since.sum()),
                denominator=observed,
                value=value,
                lower=lower,
                upper=upper,
                method=survival.SURVIVAL,
                note=rolling_note(period),
            )
        )
    return pd.concat(rows, ignore_index=True)


def median_duration(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Days by which half of placements have ended, by type of placement.

    Returns
    -------
    figures, one row per type [days]
        Numerator: endings seen. Not given under ten endings, or where fewer than half end.
    """
    measure, limits = "placement_median_duration", rules("placement_survival")
    window = twelve_months(period)
    if reason := not_covered(record, window):
        return contracts.not_available(measure, breakdown, "days", reason)
    found = spells(record.placements, window)
    if breakdown == ALL:
        return _median(measure, ALL, ALL, found, limits, period)
    column = breakdowns.column_on("placement", period.end)
    labels = codes.PLACEMENT.label(found["place"], column)
    known = breakdowns.with_not_known(breakdowns.groups("placement", period.end), labels)
    return pd.concat(
        [
            _median(measure, breakdown, group, found[labels == group], limits, period)
            for group in known
        ],
        ignore_index=True,
    )


def _median(
    measure: str,
    breakdown: str,
    group: str,
    found: pd.DataFrame,
    limits: dict[str, float],
    period: Period,
) -> pd.DataFrame:
    ended = int(found["ended_here"].sum())
    least = limits["least_at_risk"]
    if ended < least:
        return contracts.not_available(
            measure, breakdown, "days", f"fewer than {least} endings were seen", [group]
        )
    curve = survival.kaplan_meier(
        found["entry"].to_numpy(), found["time"].to_numpy(), found["ended_here"].to_numpy()
    )
    enough = curve.at_risk >= least
    if not enough.all():  # the curve starts where ten or more are at risk (STATISTICS 1.5)
        first = int(np.argmax(enough)) if enough.any() else len(enough)
        start = float(curve.times[first]) if first < len(enough) else math.inf
        late = found[found["time"] >= start]
        entry = late["entry"].clip(lower=start - 1)
        if len(late) and first:
            curve = survival.kaplan_meier(
                entry.to_numpy(), late["time"].to_numpy(), late["ended_here"].to_numpy()
            )
    value, lower, upper = survival.quantile(survival.while_at_risk(curve, least))
    if math.isnan(value):
        return contracts.not_available(
            measure,
            breakdown,
            "days",
            f"fewer than half have ended while {least} or more are under observation",
            [group],
        )
    return contracts.figures(
        measure,
        breakdown,
        [group],
        unit="days",
        numerator=ended,
        value=value,
        lower=lower,
        upper=upper,
        method=survival.SURVIVAL,
        note=rolling_note(period),
    )
