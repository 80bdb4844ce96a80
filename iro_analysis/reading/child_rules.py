"""Check the other modules and the header against each child's age, episodes and other rows."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from iro_analysis import codes
from iro_analysis.reading import years
from iro_analysis.reading.account import Account
from iro_analysis.reading.children import with_birth_date
from iro_analysis.reading.episode_rules import birthday, needed
from iro_analysis.reading.texts import each, looked_up
from iro_analysis.reading.values import NO, YES


def check(tables: dict[str, pd.DataFrame], account: Account) -> None:
    """Record what the modules say of a child that cannot be true.

    Parameters
    ----------
    tables : dict of DataFrame
        The joined modules, with ``children``.
    account : Account
        Receives the findings.
    """
    for name, rule in [
        ("reviews", _reviews),
        ("missing", _missing),
        ("oc2", _outcomes),
        ("uasc", _seeking_asylum),
        ("placed_for_adoption", _placed_for_adoption),
        ("deprivations_of_liberty", _deprived_of_liberty),
    ]:
        if name in tables and len(tables[name]):
            rows = with_birth_date(tables[name], tables["children"])
            rule(rows, tables["episodes"], account)


def looked_after_on(rows: pd.DataFrame, day: str, episodes: pd.DataFrame) -> pd.Series:
    """Whether the child of each row is looked after on the row's day, short-term breaks left out.

    Parameters
    ----------
    rows : DataFrame
        With ``child`` and the column named by `day`.
    day : str
    episodes : DataFrame
        The joined episodes.
    """
    counted = episodes["legal_status"].isin(codes.LEGAL_STATUS.where("counted", "no"))
    spells = episodes.loc[~counted, ["child", "start", "end", "counted_until"]]
    spells = spells.assign(stops=spells["end"].fillna(spells["counted_until"]))
    asked = rows[["child", day]].rename(columns={day: "day"}).reset_index(names="row")
    pairs = asked.merge(spells, on="child")
    inside = (pairs["start"] <= pairs["day"]) & (
        pairs["stops"].isna() | (pairs["stops"] > pairs["day"])
    )
    return pd.Series(rows.index.isin(pairs.loc[inside, "row"]), index=rows.index)


def _reviews(rows: pd.DataFrame, episodes: pd.DataFrame, account: Account) -> None:
    outside = ~looked_after_on(rows, "review_date", episodes)
    first = episodes.groupby("child")["start"].min()
    begins = looked_up(rows["child"], first.index, first)
    early = outside & (rows["review_date"] < begins)
    account.record_fault("review_before_care", rows, "REVIEW", "review_date", where=early)
    account.record_fault(
        "review_not_looked_after", rows, "REVIEW", "review_date", where=outside & ~early
    )
    rule = needed("participation_and_age")
    fourth = birthday(rows["birth_date"], rule["age"])
    young = rows["participation"].isin(rule["codes"])
    known = rows["participation"].isin(codes.CodeList("participation").known())
    wrong = (young & (rows["review_date"] > fourth)) | (
        known & ~young & (rows["review_date"] < fourth)
    )
    account.record_fault("participation_and_age", rows, "REVIEW_CODE", "participation", where=wrong)


def _missing(rows: pd.DataFrame, episodes: pd.DataFrame, account: Account) -> None:
    outside = ~looked_after_on(rows, "start", episodes)
    account.record_fault("missing_not_looked_after", rows, "MIS_START", "start", where=outside)
    ordered = rows.sort_values(["child", "start"], kind="stable", ignore_index=True)
    open_end = pd.Timestamp.max.floor("s")
    # One without an end runs to the close of its return: a later return holds it again.
    ends = ordered["end"].fillna(years.closing_days(ordered["return_year"]))
    furthest = ends.fillna(open_end).groupby(ordered["child"], sort=False).cummax()
    before = furthest.groupby(ordered["child"], sort=False).shift()
    again = ordered["start"] < before
    account.record_fault("missing_twice_at_once", ordered, "MIS_START", "start", where=again)


def _outcomes(rows: pd.DataFrame, episodes: pd.DataFrame, account: Account) -> None:
    # A part-year return may tell the age on the last day it speaks of, not on 31 March.
    closes = years.closing_days(rows["return_year"])
    newest = episodes.groupby("return_year")["start"].max()
    seen = rows["return_year"].map(newest).fillna(closes).clip(upper=closes)
    for name, column, statutory, asked_from in [
        ("conviction_and_age", "convicted", "CONVICTED", True),
        ("development_check_and_age", "health_check", "HEALTH_CHECK", False),
    ]:
        reached = birthday(rows["birth_date"], needed(name)["age"])
        surely_asked = reached <= seen if asked_from else reached > closes
        surely_not = reached > closes if asked_from else reached <= seen
        given = rows[column].ne("")
        wrong = (surely_asked & ~given) | (surely_not & given)
        account.record_fault(name, rows, statutory, column, where=wrong)
    received, offered = rows["intervention_received"], rows["intervention_offered"]
    needless = received.isin(YES) & offered.ne("")
    unasked = rows["substance_misuse"].isin(YES) & received.isin(NO) & offered.eq("")
    account.record_fault(
        "intervention_and_offer",
        rows,
        "INTERVENTION_OFFERED",
        "intervention_offered",
        where=needless | unasked,
    )
    last_day = rows.assign(closes=closes)
    absent = ~looked_after_on(last_day, "closes", episodes)
    account.record_fault("outcomes_not_looked_after", rows, "CHILD", where=absent)


def _seeking_asylum(rows: pd.DataFrame, _: pd.DataFrame, account: Account) -> None:
    adult = birthday(rows["birth_date"], codes.record("rules")["looked_after"]["adult_age"])
    account.record_fault(
        "uasc_as_adult", rows, "DUC", "uasc_ceased", where=rows["uasc_ceased"] > adult
    )


def _placed_for_adoption(rows: pd.DataFrame, _: pd.DataFrame, account: Account) -> None:
    wrong = rows["date_placed_ceased"].notna() != rows["reason_placed_ceased"].ne("")
    account.record_fault("decision_without_reason", rows, "REASON_PLACED_CEASED", where=wrong)


def _deprived_of_liberty(rows: pd.DataFrame, episodes: pd.DataFrame, account: Account) -> None:
    """Look at the placements during orders with both dates, as DfE's rules do."""
    allowed = needed("deprived_in_unexpected_place")["places"]
    forbidden = needed("deprived_in_forbidden_place")["places"]
    whole = rows[rows["end"].notna()].reset_index(drop=True)
    spells = episodes[["child", "start", "end", "place"]]
    pairs = whole.merge(spells, on="child", suffixes=("", "_of_place"))
    during = (pairs["start_of_place"] <= pairs["end"]) & (
        pairs["end_of_place"].isna() | (pairs["end_of_place"] > pairs["start"])
    )
    pairs = pairs[during & pairs["place"].ne("")].drop_duplicates(["file", "line", "place"])
    never = pairs["place"].isin(forbidden)
    unexpected = ~never & ~pairs["place"].isin(allowed)
    for name, wrong in [
        ("deprived_in_unexpected_place", unexpected),
        ("deprived_in_forbidden_place", never),
    ]:
        account.record_fault(name, pairs, "DOLO_START", "place", where=wrong)


def check_header(header: pd.DataFrame, account: Account) -> None:
    """Record what the header says of a child that cannot be true, or of two that may be one.

    Parameters
    ----------
    header : DataFrame
        The joined header rows; may be empty.
    account : Account
        Receives the findings.
    """
    if header.empty:
        return
    oldest = needed("impossible_age")["oldest"]
    opens = years.opening_days(header["return_year"])
    closes = years.closing_days(header["return_year"])
    old = birthday(header["birth_date"], oldest + 1) <= opens
    wrong = old | (header["birth_date"] > closes)
    account.record_fault("impossible_age", header, "DOB", "birth_date", where=wrong)
    rule = needed("upn_form")
    form, none = re.compile(rule["form"]), re.compile(rule["none"])
    wrong = each(header["upn"], lambda upn: upn and not form.fullmatch(upn.upper()), bool)
    account.record_fault("upn_form", header, "UPN", "upn", where=wrong)
    real = header[each(header["upn"], lambda upn: upn and not none.fullmatch(upn.upper()), bool)]
    shared = real.groupby(each(real["upn"], str.upper, object))["child"].transform("nunique") > 1
    account.record_fault("upn_of_two_children", real, "UPN", where=shared)
    forms = [re.sub(r"\s+", "", child.upper()) for child in header["child"].cat.categories]
    alike = pd.factorize(np.array(forms, dtype=object))[0][header["child"].cat.codes.to_numpy()]
    twice = header.groupby(alike)["child"].transform("nunique") > 1
    account.record_fault("identifier_in_two_forms", header, "CHILD", where=twice)
