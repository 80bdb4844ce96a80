"""Permanence: routes out of care and days to adoption; plans and courts from local lists."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.cohorts import episodes as chains
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.indicators import breakdowns, lists
from iro_analysis.periods import Period, add_months, in_words, year_of
from iro_analysis.reading.years import name_of

COUNT = "count"
ADOPTED, GUARDIANSHIP = "Adopted", "Special guardianship order"
ARRANGEMENTS = "Child arrangements/residence order"
HOME = ("Returned home (planned)", "Returned home (unplanned)")


def _left_by(measure: str, record: CareRecord, period: Period, *reasons: str) -> pd.DataFrame:
    people = record.ceased(period)
    count = int(people["reason"].isin(reasons).sum())
    return contracts.figures(
        measure,
        ALL,
        [ALL],
        unit="children",
        numerator=count,
        denominator=len(people),
        value=count,
        method=COUNT,
    )


def reached(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children who reached a permanent home in a period.

    Returns
    -------
    DataFrame, one row per child
        ``child``, ``date`` (the day of leaving care, or the first of the long-term foster
        placement) and ``permanence_route``. Of several the last counts, on one day leaving care. Of
        leaving care only the last time in the period, as ``CareRecord.ceased`` has it, so that
        routes and leavers agree.

    References
    ----------
    ``rules.toml``, permanence; METHODS 3.10.
    """
    rule = codes.record("rules")["permanence"]
    route = {reason: name for name, reasons in rule["routes"].items() for reason in reasons}
    left = record.ceased(period)
    left = left.assign(permanence_route=left["reason"].map(route), date=left["stops"])
    begun = chains.long_term_fostering(record.episodes).rename(columns={"start": "date"})
    begun = begun[begun["date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    begun = begun.assign(permanence_route=rule["in_care"])
    columns = ["child", "date", "permanence_route"]
    both = pd.concat([begun[columns], left.dropna(subset="permanence_route")[columns]])
    both = both.sort_values(["child", "date"], kind="stable")
    return both.drop_duplicates("child", keep="last").reset_index(drop=True)


def achieved(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who reached a permanent home in the period, by route [children]; see `reached`."""
    measure, people = "permanence_achieved", reached(record, period)
    if breakdown == ALL:
        return breakdowns.total(measure, len(people), "children", COUNT)
    routes = breakdowns.groups(breakdown)
    return breakdowns.counts(measure, breakdown, people[breakdown], routes, "children", COUNT)


def adopted(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who left care by adoption, out of all who left it in the period [children]."""
    return _left_by("adopted", record, period, ADOPTED)


def special_guardianship(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who left care under a special guardianship order, old and new codes [children]."""
    return _left_by("special_guardianship", record, period, GUARDIANSHIP)


def _share_left_by(measure: str, *reasons: str) -> breakdowns.Indicator:
    """Return the function for the share of leavers who left for some reasons."""

    def share(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
        """Share of children who ceased in the period, the last time for the reason [percent]."""
        people = record.ceased(period)
        count = int(people["reason"].isin(reasons).sum())
        return breakdowns.percentage(measure, count, len(people))

    return share


special_guardianship_share = _share_left_by("special_guardianship_share", GUARDIANSHIP)
child_arrangements_share = _share_left_by("child_arrangements_share", ARRANGEMENTS)


def returned_home(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children who went home to someone with parental responsibility [children]."""
    return _left_by("returned_home", record, period, *HOME)


def _adopted_in_three_years(record: CareRecord, period: Period) -> tuple[pd.DataFrame, str, str]:
    """Return the children adopted in the three years, the years in words, and why not."""
    months = codes.record("rules")["adoption_scorecard"]["months"]
    start = add_months(period.end + timedelta(days=1), -months)
    years = f"three years to {in_words(period.end)}"
    first = record.authority.covers_from + timedelta(days=1)
    if start < first:
        reason = (
            f"three years from {in_words(start)} are needed, and the returns begin on "
            f"{in_words(first)}"
        )
        return pd.DataFrame(), years, reason
    window = Period(start, period.end, f"{start.isoformat()}:{period.end.isoformat()}")
    people = record.ceased(window)
    return people[people["reason"].eq(ADOPTED)].reset_index(drop=True), years, ""


def _of_each(keys: pd.Series, days: pd.Series) -> pd.Series:
    """Return the day of each key; no day where there is none, or where there are none at all."""
    return days.reindex(keys).set_axis(keys.index)


def entry_to_placing(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Average days from entering care to moving in with the adoptive family (A1).

    Returns
    -------
    figures, one row [days]
        Of children adopted in the three years to the period's last day; the last time that the
        child was placed for adoption (A3 to A6) within the period of care. DATE_PLACED of the
        return is the day of the decision, not of the move. Left out are children with no such
        episode, and those whose care had begun before the first return so that its start is not
        seen. No interval.

    References
    ----------
    METHODS 3.10; the file specification for DATE_PLACED.
    """
    people, years, reason = _adopted_in_three_years(record, period)
    if reason:
        return contracts.not_available("adoption_a1_days", ALL, "days", reason)
    placed = chains.placed_for_adoption(record.episodes)
    last = placed.groupby("period_of_care")["placed"].max()
    began = people["start"].where(people["start_seen"])
    days = (_of_each(people["period_of_care"], last) - began).dt.days
    return breakdowns.mean("adoption_a1_days", days, "days", years)


def order_to_match(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Average days from the placement order to the match with an adoptive family (A2).

    Returns
    -------
    figures, one row [days]
        Of children adopted in the three years to the period's last day who had an episode under a
        placement order (E1) in the period of care and a day of matching; 0 where they were matched
        before the order. No interval.

    References
    ----------
    METHODS 3.10.
    """
    people, span, reason = _adopted_in_three_years(record, period)
    if reason:
        return contracts.not_available("adoption_a2_days", ALL, "days", reason)
    given = record.authority.given.get("adoptions", ())
    years = {year_of(day.date()).start.year for day in people["stops"]}
    if absent := sorted(years - set(given)):
        shown = ", ".join(name_of(year) for year in absent)
        reason = f"children were adopted in {shown}, and no AD1 file was given in that return"
        return contracts.not_available("adoption_a2_days", ALL, "days", reason)
    if people.empty:
        return contracts.not_available("adoption_a2_days", ALL, "days", breakdowns.NOBODY)
    orders = codes.LEGAL_STATUS.where("group", "Placement order")
    episodes = record.episodes[record.episodes["legal_status"].isin(orders)]
    ordered = _of_each(people["period_of_care"], episodes.groupby("period_of_care")["start"].min())
    matches = record.authority.tables["adoptions"].drop_duplicates("child", keep="last")
    matched = _of_each(people["child"], matches.set_index("child")["date_matched"])
    days = (matched - ordered).dt.days.clip(lower=0)
    return breakdowns.mean("adoption_a2_days", days, "days", span)


def _with_plan_by(record: CareRecord, rows: pd.DataFrame, day: str) -> pd.Series:
    """Whether each child has a plan dated from the start of its period of care to a day."""
    plans = record.authority.lists["permanence_plans"]
    mine = rows[["child", "period_start", day]].assign(row=range(len(rows)))
    pairs = mine.merge(plans[["child", "date"]], on="child")
    found = set(pairs.loc[pairs["date"].between(pairs["period_start"], pairs[day]), "row"])
    return pd.Series([number in found for number in range(len(rows))], index=rows.index)


def plan_missing(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children looked after for two months or more without a permanence plan [percent].

    A plan counts where it is dated from the start of the period of care to the last day.
    """
    people = due_a_plan(record, period)
    missing = ~people["has_plan"]
    return breakdowns.percentage("permanence_plan_missing", int(missing.sum()), len(people))


def due_a_plan(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the children looked after long enough to have a plan, with ``has_plan``."""
    months = codes.record("rules")["permanence_plan"]["after_months"]
    people = record.looked_after_on(period.end)
    people = people[people["period_start"] <= pd.Timestamp(add_months(period.end, -months))]
    return people.assign(has_plan=_with_plan_by(record, people, "day"))


def plan_by_second_review(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Share of children with a plan by their second review, of those held in the period [percent].

    Only periods of care whose first review is in the returns have a second one that can be told.
    """
    rows = second_reviews(record, period)
    good = int(rows["has_plan"].sum())
    return breakdowns.percentage("permanence_plan_by_second_review", good, len(rows))


def second_reviews(record: CareRecord, period: Period) -> pd.DataFrame:
    """Return the second reviews held in the period, with ``has_plan`` by then."""
    rows = record.reviews_required
    first = rows[rows["number"].eq(0) & rows["due"].notna() & rows["review_date"].notna()]
    rows = rows[rows["number"].eq(1) & rows["period_of_care"].isin(first["period_of_care"])]
    rows = rows[rows["review_date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
    began = record.periods_of_care.set_index("period_of_care")["start"]
    rows = rows.assign(period_start=_of_each(rows["period_of_care"], began))
    return rows.assign(has_plan=_with_plan_by(record, rows, "review_date"))


def _by_outcome(
    measure: str, name: str, column: str, record: CareRecord, period: Period, breakdown: str
) -> pd.DataFrame:
    rows = lists.dated_in(record, name, column, period)
    if breakdown == ALL:
        return breakdowns.total(measure, len(rows), COUNT, COUNT)
    every = record.authority.lists[name]["outcome"]
    return breakdowns.by_own_label(measure, breakdown, rows["outcome"], every, name)


def proceedings(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Children subject to care proceedings issued in the period, by outcome [count]."""
    return _by_outcome("care_proceedings", "proceedings", "issued", record, period, breakdown)


def drug_alcohol_court(record: CareRecord, period: Period, breakdown: str) -> pd.DataFrame:
    """Families referred to the family drug and alcohol court in the period, by outcome [count]."""
    return _by_outcome(
        "family_drug_alcohol_court", "drug_alcohol_court", "referred", record, period, breakdown
    )
