"""Write a workbook of the children behind figures that ask for action: internal only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import catalogue, codes, members
from iro_analysis.errors import AnalysisError
from iro_analysis.exports import sheets
from iro_analysis.periods import in_words
from iro_analysis.study import Study

if TYPE_CHECKING:
    from openpyxl import Workbook

MARK = "OFFICIAL-SENSITIVE: identifiable children. For the service's own work, not for publication."
ALLOCATIONS = "allocations"
_CHILD, _OFFICER, _NOT_ALLOCATED = "Child", "Officer", "Not allocated"


@dataclass(frozen=True)
class WorkingList:
    """The children behind one figure, ready to be worked through.

    Attributes
    ----------
    name, title : str
        Of ``reference/working_lists.toml``.
    rows : DataFrame
        One row per child, review or incident.
    reason : str
        Why there are no rows, where the figure is not available.
    """

    name: str
    title: str
    rows: pd.DataFrame
    reason: str = ""


def working_lists(study: Study) -> list[WorkingList]:
    """Return every working list of a period.

    Parameters
    ----------
    study : Study
        For internal use; its record holds the children.

    Returns
    -------
    list of WorkingList
        In the order of the records. The number of rows of each is the numerator of its measure, or
        the denominator less the numerator.
    """
    return [_working_list(study, name, entry) for name, entry in _records().items()]


def _records() -> dict[str, dict]:
    return codes.record("working_lists")


def _working_list(study: Study, name: str, entry: dict) -> WorkingList:
    try:
        rows = members.behind(study.record, study.period, entry["measure"])
    except AnalysisError as problem:
        return WorkingList(name, entry["title"], pd.DataFrame(), problem.lines[0])
    rows = rows[rows["counted"].astype(bool) == entry["counted"]]
    kept = [column for column in entry["columns"] if column in rows.columns]
    found = rows[["child", *kept]].rename(columns={"child": _CHILD, **entry["columns"]})
    if officers := officers_of(study, rows["child"]):
        found.insert(1, _OFFICER, officers)
    if days := entry.get("days"):
        found[days["heading"]] = _days(study, rows, days)
        found = found.sort_values(days["heading"], ascending=False, kind="stable")
    return WorkingList(name, entry["title"], found.reset_index(drop=True))


def with_officer_and_days(study: Study, measure: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows behind a measure with the officer, and the days its working list counts.

    Parameters
    ----------
    study : Study
        For internal use.
    measure : str
    rows : DataFrame
        As ``members.behind`` returns them.

    Returns
    -------
    DataFrame
        With the columns ``officer`` (where there is a list of allocations) and, for a measure whose
        working list counts days, those: ``days_late``. The most days come first.
    """
    rows = rows.copy()
    if officers := officers_of(study, rows["child"]):
        rows.insert(1, "officer", officers)
    for entry in _records().values():
        if entry["measure"] == measure and (days := entry.get("days")):
            name = days["heading"].lower().replace(" ", "_")
            rows[name] = _days(study, rows, days)
            return rows.sort_values(name, ascending=False, kind="stable", ignore_index=True)
    return rows


def _days(study: Study, rows: pd.DataFrame, days: dict) -> pd.Series:
    until = pd.Timestamp(study.period.end) if days["until"] == "end" else rows[days["until"]]
    return (until - rows[days["from"]]).dt.days


def officers_of(study: Study, children: pd.Series) -> list[str]:
    """Return the officer of each child on the last day; empty without the list of allocations."""
    held = study.authority.lists.get(ALLOCATIONS)
    if held is None:
        return []
    day = pd.Timestamp(study.period.end)
    open_now = held[(held["from"] <= day) & (held["to"].isna() | (held["to"] > day))]
    by_child = open_now.sort_values("from").drop_duplicates("child", keep="last")
    return list(children.map(by_child.set_index("child")["officer"]).fillna(_NOT_ALLOCATED))


def write_working_lists(study: Study, path: Path) -> None:
    """Write the working lists of a period as a workbook with filters.

    Parameters
    ----------
    study : Study
        For internal use.
    path : Path
        The file to write; it belongs in the internal folder.
    """
    title = f"{study.authority.name}: working lists"
    book = sheets.new_workbook(title, study.period.title)
    found = working_lists(study)
    account = study.authority.account
    lines = [MARK, f"Period: {study.period.title}."]
    for each in found:
        entry = catalogue.measure(_records()[each.name]["measure"])
        said = each.reason or f"{len(each.rows)} rows, from the figure {entry.title!r}"
        lines.append(f"{each.title}: {said}.")
    lines.append(f"Rows not counted: {len(account.rows_set_aside)} rows of the inputs.")
    sheets.add_text_sheet(book, "About", lines, title)
    day, whole = f"On {in_words(study.period.end)}.", f"{study.period.title}."
    for each in found:
        if not each.reason:
            of_the_day = catalogue.measure(_records()[each.name]["measure"]).when == "day"
            _add(book, each.title, each.rows, day if of_the_day else whole)
    _add(book, "Rows not counted", _in_words(account.rows_set_aside), whole)
    sheets.save(book, path)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.rename(columns=lambda name: str(name).replace("_", " ").capitalize())


def _add(book: Workbook, title: str, rows: pd.DataFrame, when: str) -> None:
    cells = [
        [None if pd.isna(value) else _as_cell(value) for value in row]
        for row in rows.itertuples(index=False, name=None)
    ]
    notes = (MARK, when)
    sheets.add_table_sheet(book, title, list(rows.columns), cells, notes, filters=True)


def _as_cell(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.date()
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value.item() if hasattr(value, "item") else value
