"""Check episodes: what one row, or a row and its neighbours, cannot say together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading import years
from iro_analysis.reading.account import Account
from iro_analysis.reading.texts import each


def needed(check: str) -> dict[str, Any]:
    """Return the codes and limits that a check works with."""
    return codes.record("checks")[check]["with"]


def birthday(born: pd.Series, age: int) -> pd.Series:
    """Return the day on which each person reaches an age; born on 29 February: 1 March or later.

    A birthday that does not exist in the year is kept on the 28th, as in the counting rules.
    """
    return born + pd.DateOffset(years=age)


def check(episodes: pd.DataFrame, account: Account) -> None:
    """Record what episodes say that cannot be true.

    Parameters
    ----------
    episodes : DataFrame
        As ``consistency.in_order`` returns them.
    account : Account
        Receives the findings.
    """
    _dates(episodes, account)
    _ages(episodes, account)
    _overlaps(episodes, account)
    _links(episodes, account)
    _temporary_placements(episodes, account)
    _short_breaks(episodes, account)
    _codes_together(episodes, account)


def _dates(rows: pd.DataFrame, account: Account) -> None:
    ended, reason = rows["end"].notna(), rows["reason_ceased"].ne("")
    account.record_fault("end_without_reason", rows, "REC", "reason_ceased", where=ended != reason)
    account.record_fault("less_than_a_day", rows, "DEC", "end", where=rows["start"] == rows["end"])
    earliest = pd.Timestamp(needed("before_1991")["earliest"])
    account.record_fault("before_1991", rows, "DECOM", "start", where=rows["start"] < earliest)


def _ages(rows: pd.DataFrame, account: Account) -> None:
    unborn = rows["birth_date"] > rows["start"]
    account.record_fault("born_after_start", rows, "DECOM", "start", where=unborn)
    adult = birthday(rows["birth_date"], codes.record("rules")["looked_after"]["adult_age"])
    account.record_fault("starts_as_adult", rows, "DECOM", "start", where=rows["start"] >= adult)
    still_open = rows["end"].isna() & rows["counted_until"].isna()
    still_open &= adult <= rows["last_day_seen"]
    account.record_fault("adult_with_open_episode", rows, "DEC", where=still_open)
    rule = needed("independent_under_16")
    on = rows["start"].clip(lower=pd.Timestamp(rule["begins"]))
    young = rows["place"].isin(rule["places"]) & (birthday(rows["birth_date"], rule["age"]) > on)
    young &= rows["stops"].isna() | (rows["stops"] > on)
    young &= rows["last_day_seen"] >= pd.Timestamp(rule["begins"])
    account.record_fault("independent_under_16", rows, "PLACE", "place", where=young)


def _overlaps(rows: pd.DataFrame, account: Account) -> None:
    overlaps = rows["start"] < rows["furthest"]
    elsewhere = pd.Series(False, index=rows.index)
    for name in ("place", "provider", "placement_postcode"):
        elsewhere |= rows[name].ne(rows[f"before_{name}"])
    account.record_fault("in_two_places", rows, "DECOM", "start", where=overlaps & elsewhere)
    account.record_fault("overlapping_episodes", rows, "DECOM", "start", where=overlaps)


def _links(rows: pd.DataFrame, account: Account) -> None:
    """Check an episode against the one it continues and the one that continues it."""
    starts = codes.REASON_NEW_EPISODE.where("change", "start")
    says_start = rows["reason_new_episode"].isin(starts)
    says_on = rows["reason_new_episode"].ne("") & ~says_start
    # The first return may begin in the middle of a period of care.
    first = years.opens(int(rows["return_year"].min()))
    within = rows["start"] >= pd.Timestamp(first)
    account.record_fault(
        "continuation_does_not_touch",
        rows,
        "RNE",
        "reason_new_episode",
        where=says_on & ~rows["touches"] & within,
    )
    both = says_start & rows["touches"]
    account.record_fault("start_touches", rows, "RNE", "reason_new_episode", where=both)
    continues = rows["reason_ceased"].isin(needed("ends_without_continuation")["continues"])
    longer = rows["end"].gt(rows["start"])
    lost = continues & longer & ~rows["goes_on"]
    account.record_fault("ends_without_continuation", rows, "REC", where=lost)
    leaves = rows["reason_ceased"].ne("") & ~continues & longer & rows["goes_on"]
    account.record_fault("leaves_and_continues", rows, "REC", "reason_ceased", where=leaves)
    _changes(rows, account)


def _changes(rows: pd.DataFrame, account: Account) -> None:
    rule = needed("change_not_shown")
    follows = rows["before_end"].eq(rows["start"])
    other_status = rows["legal_status"].ne(rows["before_legal_status"])
    other_place = pd.Series(False, index=rows.index)
    for name in ("place", "placement_postcode", "urn", "provider"):
        other_place |= rows[name].ne(rows[f"before_{name}"])
    reason = rows["reason_new_episode"]
    known = reason.isin([*rule["status"], *rule["place"]])
    wrong = reason.isin(rule["status"]).ne(other_status)
    wrong |= reason.isin(rule["place"]).ne(other_place)
    wrong &= follows & known
    account.record_fault("change_not_shown", rows, "RNE", "reason_new_episode", where=wrong)


def _temporary_placements(rows: pd.DataFrame, account: Account) -> None:
    temporary = rows["temporary"]
    no_place = temporary & rows["before_place"].isna()
    account.record_fault("temporary_without_placement", rows, "PLACE", "place", where=no_place)
    last = temporary & rows["end"].notna() & ~rows["goes_on"]
    last &= ~rows["reason_ceased"].isin(needed("ends_without_continuation")["continues"])
    account.record_fault("ends_in_temporary_placement", rows, "PLACE", "place", where=last)
    _returns(rows, account)
    days = (rows["stops"].fillna(rows["last_day_seen"]) - rows["start"]).dt.days
    allowed = each(rows["place"], needed("temporary_too_long")["days"].get, float)
    account.record_fault("temporary_too_long", rows, "PLACE", "place", where=days > allowed)
    holidays = needed("too_many_holidays")
    away = rows[rows["place"].isin(holidays["places"])]
    earlier = away.groupby("child", sort=False)["start"].shift(holidays["allowed"])
    third = away["start"] < earlier + pd.DateOffset(years=1)
    account.record_fault("too_many_holidays", away, "PLACE", "place", where=third)


def _returns(rows: pd.DataFrame, account: Account) -> None:
    """Check that the episode after an absence, or after several in a row, is the one before it."""
    temporary = rows["temporary"]
    follows = rows["before_end"].eq(rows["start"])
    chain = (~follows).cumsum()
    settled = rows[~temporary]
    back_to = pd.Series(True, index=rows.index)
    for name in ("place", "provider", "placement_postcode"):
        left = settled[name].reindex(rows.index).groupby(chain).ffill()
        left = left.groupby(chain).shift()
        same = rows[name].eq(left)
        if name == "placement_postcode":  # one that is not given tells no move
            same |= rows[name].eq("") | left.eq("")
        back_to &= same
    was_away = temporary.groupby(chain).shift(fill_value=False)
    was_placed = (~temporary).groupby(chain).cummax().groupby(chain).shift(fill_value=False)
    after = follows & was_away & was_placed & ~temporary
    reason = rows["reason_new_episode"]
    unusual = ~reason.isin(needed("return_coded_otherwise")["returns"])
    account.record_fault("no_return_from_temporary", rows, "PLACE", "place", where=after & ~back_to)
    coded = after & back_to & unusual
    account.record_fault("return_coded_otherwise", rows, "RNE", "reason_new_episode", where=coded)


def _short_breaks(rows: pd.DataFrame, account: Account) -> None:
    rule = needed("short_break_too_long")
    breaks = rows[rows["legal_status"].isin(rule["statuses"])]
    opens = years.opening_days(breaks["return_year"])
    stops = breaks["stops"].fillna(breaks["last_day_seen"])
    long = (stops - breaks["start"]).dt.days > rule["days"]
    account.record_fault("short_break_too_long", breaks, "LS", "legal_status", where=long)
    begins = breaks["reason_new_episode"].isin(needed("short_break_with_a_move")["begins"])
    account.record_fault(
        "short_break_with_a_move", breaks, "RNE", "reason_new_episode", where=~begins
    )
    days = (stops - breaks["start"].where(breaks["start"] > opens, opens)).dt.days.clip(lower=0)
    in_year = days.groupby([breaks["child"], breaks["return_year"]]).transform("sum")
    many = in_year > needed("short_breaks_over_75_days")["days"]
    account.record_fault(
        "short_breaks_over_75_days", breaks, "LS", "legal_status", where=many & (days > 0)
    )
    kinds = rows[rows["legal_status"].isin(needed("two_kinds_of_short_break")["statuses"])]
    both = kinds.groupby(["child", "return_year"])["legal_status"].transform("nunique") > 1
    account.record_fault("two_kinds_of_short_break", kinds, "LS", "legal_status", where=both)


def _codes_together(rows: pd.DataFrame, account: Account) -> None:
    """Check the codes of one row against each other."""
    place, provider = rows["place"], rows["provider"]
    reason, status = rows["reason_ceased"], rows["legal_status"]

    def record(name: str, wrong: pd.Series, column: str, value: str) -> None:
        account.record_fault(name, rows, column, value, where=wrong)

    rule = needed("parents_under_section_20")
    wrong = place.isin(rule["places"]) & status.isin(rule["statuses"])
    record("parents_under_section_20", wrong, "PLACE", "place")
    rule = needed("parents_as_provider")
    wrong = provider.isin(rule["providers"]) & ~place.isin(rule["places"])
    record("parents_as_provider", wrong, "PLACE_PROVIDER", "provider")
    without = place.isin(needed("provider_not_asked")["places"])
    record("provider_not_asked", without & provider.ne(""), "PLACE_PROVIDER", "provider")
    missing = ~without & place.isin(codes.PLACEMENT.known()) & provider.eq("")
    record("provider_missing", missing, "PLACE_PROVIDER", "provider")
    rule = needed("adopted_but_not_placed")
    adopted = reason.isin(codes.REASON_CEASED.where("group", rule["group"]))
    record("adopted_but_not_placed", adopted & ~place.isin(rule["places"]), "PLACE", "place")
    rule = needed("placed_without_order")
    wrong = place.isin(rule["places"]) & ~status.isin(rule["statuses"])
    record("placed_without_order", wrong, "LS", "legal_status")
    rule = needed("guardian_was_no_foster_carer")
    wrong = reason.isin(rule["reasons"]) & ~place.isin(rule["places"])
    record("guardian_was_no_foster_carer", wrong, "PLACE", "place")
