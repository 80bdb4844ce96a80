"""Reviews of children looked after: held, on time, overdue, and how children took part."""

from __future__ import annotations

import pandas as pd

from iro_analysis import codes, contracts, working_days
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns
from iro_analysis.periods import Period


def dated_in(days: pd.Series, period: Period) -> pd.Series:
    """Whether each day lies in a period, both ends inside."""
    return days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))


def held_in(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews held in a period, of children looked after on the day."""
    rows = record.reviews_held
    return record.once(
        ("reviews held", period), lambda: rows[dated_in(rows["review_date"], period)]
    )


def held(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews held in the period, of children looked after on the day [reviews].

    One for each child and date. A review of anyone else is not counted.

    References
    ----------
    CONTRACT part 6, counting rules.
    """
    return breakdowns.total("reviews_held", len(held_in(record, period)), "reviews", "count")


def judged(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews held in a period whose due day can be told, with ``on_time``."""
    return record.once(("judged", period), lambda: _judged(record, period))


def _judged(record: CareRecord, period: Period) -> pd.DataFrame:
    rows = record.reviews_required
    rows = rows[dated_in(rows["review_date"], period) & rows["due"].notna()]
    return rows.assign(on_time=rows["review_date"] <= rows["due"])


def on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of the reviews held in the period that were held by the day they were due.

    Parameters
    ----------
    record : CareRecord
    period : Period
    breakdown : str
        ``all``; ``timetable``: by which of the limits applied; ``short_breaks``: reviews of
        children in short breaks, who are not among the others.

    Returns
    -------
    figures, one row per group [percent of reviews]
        A review whose due day cannot be told is in neither number. Never to be set beside
        ``children_all_reviews_on_time``, which is a share of children.

    References
    ----------
    METHODS 3.8; ``cohorts.reviews`` for the rules.
    """
    measure = "reviews_on_time"
    if breakdown == "short_breaks":
        rows = of_short_breaks(record, period)
        if rows.empty:
            return contracts.not_available(
                measure,
                breakdown,
                "percent",
                "the return holds no review of a child in short breaks",
            )
        good = int(rows["on_time"].sum())
        return breakdowns.percentages(
            measure, breakdown, breakdowns.groups(breakdown), [good], [len(rows)]
        )
    rows = judged(record, period)
    if breakdown == ALL:
        return breakdowns.clustered_percentage(measure, rows["child"], rows["on_time"])
    parts = []
    for group in breakdowns.groups(breakdown):
        mine = rows[rows["timetable"].eq(group)]
        found = breakdowns.clustered_percentage(measure, mine["child"], mine["on_time"])
        parts.append(found.assign(breakdown=breakdown, group=group))
    return pd.concat(parts, ignore_index=True)


def of_short_breaks(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews of children in short breaks held in a period, with ``on_time``."""
    rows = record.reviews_of_short_breaks
    rows = rows[dated_in(rows["review_date"], period)]
    return rows.assign(on_time=rows["review_date"] <= rows["due"])


def outstanding(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews that were due by the period's last day and not held by it."""
    rows, end = record.reviews_required, pd.Timestamp(period.end)
    late = rows["review_date"].isna() | (rows["review_date"] > end)
    known_then = rows["before"].isna() | (rows["before"] <= end)
    # A review due only after the child had left care was never required; one still due when care
    # ended belongs to the period in which it was due.
    runs = rows["stops"].isna() | (rows["stops"] > end)
    due = rows["due_at_latest"]
    required = runs | ((due < rows["stops"]) & dated_in(due, period))
    return rows[(due <= end) & late & known_then & required]


def children_on_time(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children all of whose reviews in the period were on time [percent of children].

    Of the children looked after on the last day, for more than twenty working days, who had a
    review held in the period or outstanding at its end: those with none held late and none left
    out, in every period of care of theirs.

    References
    ----------
    Former PAF C68 and NI 66, whose full text was not found: METHODS 3.8.
    """
    good = all_on_time(record, period)
    return breakdowns.percentage("children_all_reviews_on_time", int(good.sum()), len(good))


def all_on_time(record: CareRecord, period: Period) -> pd.Series:
    """Whether all reviews of each child looked after were on time; index: the child."""
    people = record.looked_after_on(period.end)
    limit = codes.record("rules")["review_timetable"]["first_within_working_days"]
    long_enough = working_days.after(people["period_start"], limit) < pd.Timestamp(period.end)
    mine = people.loc[long_enough, "child"]
    held = judged(record, period).set_index("child")["on_time"]
    waiting = outstanding(record, period).set_index("child").assign(on_time=False)
    every = pd.concat([held, waiting["on_time"]]).astype(bool)
    good = every.groupby(level=0).all()
    return good[good.index.isin(mine)]


def overdue(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after on the last day whose next review is overdue [percent].

    A review that was never held is not seen where only those held are counted.
    """
    people = with_overdue(record, period)
    return breakdowns.percentage("reviews_overdue", int(people["overdue"].sum()), len(people))


def with_overdue(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after on the last day with ``overdue``: whether a review is."""
    people = record.looked_after_on(period.end)
    late = set(outstanding(record, period)["period_of_care"])
    return people.assign(overdue=people["period_of_care"].isin(late))


def participation(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Reviews held by participation code PN0 to PN7 [reviews]; a blank code is Not known."""
    labels = held_in(record, period)["participation"]
    known = breakdowns.groups(breakdown)
    return breakdowns.counts("review_participation", breakdown, labels, known, "reviews", "count")


def asked(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews at four and over whose participation is known."""
    rows = held_in(record, period)
    return rows[rows["participation"].isin(codes.PARTICIPATION.where("attended", "yes", "no"))]


def _with_codes(
    measure: str, record: CareRecord, period: Period, wanted: frozenset[str]
) -> pd.DataFrame:
    rows = asked(record, period)
    met = rows["participation"].isin(wanted)
    return breakdowns.clustered_percentage(measure, rows["child"], met)


def attended(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews at four and over that the child attended: PN1 to PN4 [percent]."""
    return _with_codes(
        "reviews_attended", record, period, codes.PARTICIPATION.where("attended", "yes")
    )


def views_conveyed(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews at four and over to which views were conveyed [percent].

    PN1, PN2, PN3, PN5 and PN6; not PN4, attending without contributing.
    """
    return _with_codes(
        "views_conveyed", record, period, codes.PARTICIPATION.where("views_conveyed", "yes")
    )


def no_participation(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of reviews at four and over in which the child took no part: PN7 [percent]."""
    neither = codes.PARTICIPATION.where("attended", "no") & codes.PARTICIPATION.where(
        "views_conveyed", "no"
    )
    return _with_codes("no_participation", record, period, neither)


def under_five(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of under-fives' reviews held within three months of the one before [percent].

    Of reviews held in the period of children under five on the day, that have a review before them
    in the same period of care. Services set this standard themselves; the law asks for six months.
    """
    rows = of_under_fives(record, period)
    return breakdowns.clustered_percentage(
        "under_five_three_monthly", rows["child"], rows["in_three_months"]
    )


def of_under_fives(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the reviews of under-fives that follow another, with ``in_three_months``."""
    rules = codes.record("rules")["under_five_reviews"]
    rows = record.reviews_required
    rows = rows[dated_in(rows["review_date"], period) & rows["before"].notna()]
    rows = rows[rows["age"] < rules["under_age"]]
    limit = working_days.months_after(rows["before"], rules["within_months"])
    return rows.assign(in_three_months=rows["review_date"] <= limit)
