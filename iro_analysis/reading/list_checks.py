"""Check the local lists: values that cannot be, labels of groups, children of no return.

A value that cannot be is read as not known. A row whose key cannot be, whose value decides a figure
and cannot be, or whose label is no group's, is set aside. Bounds and labels:
``reference/list_checks.toml``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading.account import Account

POPULATION = "population"


def check(
    frame: pd.DataFrame,
    place: pd.DataFrame,
    name: str,
    account: Account,
    deciding: Collection[str] = (),
) -> tuple[pd.DataFrame, pd.Series]:
    """Record the values of a list that cannot be.

    Parameters
    ----------
    frame : DataFrame
        The list's columns as read.
    place : DataFrame
        ``file``, ``line`` and ``child`` of each row, in the same order.
    name : str
        The list.
    account : Account
    deciding : collection of str
        Columns in which a value that cannot be costs the row: as a blank it would tell something.

    Returns
    -------
    DataFrame
        As given, impossible values missing, labels of groups the suite's own.
    Series of bool
        The rows that cannot be used.
    """
    spec, record = codes.record("list_checks"), codes.record("local_lists")[name]
    frame = frame.copy()
    aside = pd.Series(False, index=frame.index)
    for column, kind in record["columns"].items():
        wrong = _impossible(frame[column], kind, spec["bounds"].get(name, {}).get(column))
        if not wrong.any():
            continue
        faulty = place.assign(value=frame[column])
        if column in record["key"]:
            account.record_fault("impossible_key", faulty, column, "value", where=wrong)
            aside |= wrong
        elif column in deciding:
            account.record_fault("impossible_deciding", faulty, column, "value", where=wrong)
            aside |= wrong
        else:
            account.record_fault("impossible_value", faulty, column, "value", where=wrong)
            frame[column] = frame[column].mask(wrong)
    for check_name, limit, more in (
        ("more_than_it_is_of", spec["at_most"], True),
        ("ends_before_it_begins", spec["not_before"], False),
    ):
        for column, other in limit.get(name, {}).items():
            wrong = frame[column] > frame[other] if more else frame[column] < frame[other]
            faulty = place.assign(value=frame[column], other=frame[other])
            account.record_fault(check_name, faulty, column, "value", "other", where=wrong)
    if name == POPULATION:
        names = frame["breakdown"].str.casefold().str.strip()
        frame["breakdown"] = names.str.replace(" ", "_")
        frame["group"], unknown = _labelled(frame, place, account)
        aside |= unknown
        account.record_fault(
            "population_of_zero", place, "value", where=frame["value"].eq(0) & ~aside
        )
    return frame, aside


def _impossible(values: pd.Series, kind: str, bounds: list[float] | None) -> pd.Series:
    if kind == "date":
        return values < pd.Timestamp(codes.record("list_checks")["earliest"])
    if bounds:
        return (values < bounds[0]) | (values > bounds[1])
    return pd.Series(False, index=values.index)


def strangers(
    lists: dict[str, pd.DataFrame],
    everyone: Collection[str],
    days: tuple[date, date],
    account: Account,
) -> frozenset[str]:
    """Record the rows of lists whose child is in no return; return the lists not to be used.

    Only rows dated within the returns are judged: a list may reach further back.

    Parameters
    ----------
    lists : dict of DataFrame
    everyone : collection of str
        The children with an episode.
    days : (date, date)
        First and last day that the returns cover.
    account : Account

    Returns
    -------
    frozenset of str
        Lists of which more than a share of the children are in no return: what they would give is
        a count of those who happen to match.
    """
    share = codes.record("list_checks")["strangers_share"]
    first, last = (pd.Timestamp(day) for day in days)
    unfit = set()
    for name, rows in lists.items():
        record = codes.record("local_lists")[name]
        if not record.get("of_children", False):
            continue
        rows = rows[rows[record["dated"]].between(first, last)]
        strange = ~rows["child"].isin(list(everyone))
        if not record.get("runs", False):  # a plan may be older than the child's time in care
            account.record_fault("not_in_any_return", rows, "child", where=strange)
        number, known = rows.loc[strange, "child"].nunique(), rows["child"].nunique()
        if number > share * known:
            unfit.add(name)
            account.unusable.append(
                f"local/{name}.csv: {number:,} of its {known:,} children dated within the returns "
                "are in none of them; expected the identifiers of the return (zeros in front, "
                "capitals, no further characters); the list is not used"
            )
    return frozenset(unfit)


def accepted_labels(breakdown: str) -> dict[str, str]:
    """Return every label that a breakdown's groups may have in ``population.csv`` -> the group."""
    spec = codes.record("list_checks")["labels"].get(breakdown, {})
    return {_plain(label): group for group, others in spec.items() for label in (group, *others)}


def _plain(label: str) -> str:
    return " ".join(str(label).casefold().replace("&", "and").split())


def _labelled(
    frame: pd.DataFrame, place: pd.DataFrame, account: Account
) -> tuple[pd.Series, pd.Series]:
    """Return the groups by the suite's labels, and which rows name none; say each by its line."""
    labels = codes.record("list_checks")["labels"]
    groups = frame["group"].copy()
    unknown = pd.Series(False, index=frame.index)
    for row in frame.itertuples():
        if row.breakdown not in labels:
            unknown[row.Index] = True
            account.unusable.append(
                f"{place.file[row.Index]} line {place.line[row.Index]}: {row.breakdown!r} is no "
                f"breakdown of the population; accepted: {', '.join(labels)}; the row is not used"
            )
            continue
        group = accepted_labels(row.breakdown).get(_plain(row.group))
        if group is not None:
            groups[row.Index] = group
            continue
        unknown[row.Index] = True
        own = ", ".join(labels[row.breakdown])
        account.unusable.append(
            f"{place.file[row.Index]} line {place.line[row.Index]}: {row.group!r} is no group of "
            f"{row.breakdown}; accepted: {own}, and the Census's own labels; the row is not used"
        )
    faulty = place.assign(value=frame["group"])
    account.record_fault("unknown_label", faulty, "group", "value", where=unknown)
    _missing_groups(frame, groups, unknown, place, account)
    return groups, unknown


def _of(place: pd.DataFrame, part: pd.DataFrame) -> str:
    """Return the file of some rows, and in a regional extract whose they are."""
    first = place.loc[part.index[0]]
    return f"{first['file']}, {first['authority']}" if first["authority"] else first["file"]


def _missing_groups(
    frame: pd.DataFrame,
    groups: pd.Series,
    unknown: pd.Series,
    place: pd.DataFrame,
    account: Account,
) -> None:
    labels = codes.record("list_checks")["labels"]
    known = frame.assign(group=groups, of=place["authority"].str.casefold())[~unknown]
    for (_, day, breakdown), part in known.groupby(["of", "reference_date", "breakdown"]):
        lacking = [group for group in labels.get(breakdown, {}) if group not in set(part["group"])]
        if lacking:
            account.remarks.append(
                f"{_of(place, part)}: {breakdown} of {day:%d/%m/%Y} has no row for "
                f"{', '.join(lacking)}; figures of that group are not available"
            )
