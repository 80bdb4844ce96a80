"""Read a table of the return: recognise its module, name its columns, check its values."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.errors import InputError
from iro_analysis.reading import contract, repairs, values, years
from iro_analysis.reading.account import Account
from iro_analysis.reading.files import RawTable, normalised, shown
from iro_analysis.reading.texts import Texts, as_frame, of_rows

OF_THE_RETURN = "return"


def recognise(raw: RawTable) -> contracts.Module:
    """Return the module whose columns a file has; its name does not matter.

    Raises
    ------
    InputError
        If the columns are those of no module, or of two equally.
    """
    present = set(raw.texts)
    scores = {}
    for module in contracts.modules().values():
        if any(normalised(name) in present for name in module.known_by):
            names = {normalised(column.statutory) for column in module.columns}
            scores[module.name] = len(names & present) / len(names)
    if not scores:
        raise InputError(
            f"{raw.file} line 1: the columns named there are those of no module of the SSDA903 "
            "return; expected its column names in the first line; the file is not used"
        )
    best = max(scores, key=lambda name: scores[name])
    if list(scores.values()).count(scores[best]) > 1:
        tied = " and ".join(sorted(name for name in scores if scores[name] == scores[best]))
        raise InputError(f"{raw.file}: its columns fit {tied} equally; the file is not used")
    return contracts.modules()[best]


def line_of_header(lines: list[list[str]]) -> int:
    """Return the line that names a module's columns below other lines; 0 where none does."""
    for number, fields in enumerate(lines[1:], start=2):
        names = {normalised(field.strip(' "')) for field in fields}
        for module in contracts.modules().values():
            keys = {normalised(module.statutory(name)) for name in module.key}
            if keys <= names and any(normalised(name) in names for name in module.known_by):
                return number
    return 0


def month_first(raw: RawTable, module: contracts.Module) -> str:
    """Return what is wrong where a file's dates look like mm/dd/yyyy; empty where they do not.

    A date such as 03/25/2019 can only be read month first, one such as 25/03/2019 only day first.
    """
    dated = [normalised(column.statutory) for column in module.columns if column.kind == "date"]
    given = [texts for name in dated if (texts := raw.texts.get(name)) is not None]
    if not any(map(values.may_be_month_first, given)):
        return ""
    counts = [values.months_first_and_days_first(texts) for texts in given]
    month_first, day_first = (sum(each) for each in zip(*counts, strict=True))
    limit = codes.record("return")["fitness"]
    decided = month_first + day_first
    if (
        month_first < limit["month_first_least"]
        or month_first < limit["month_first_share"] * decided
    ):
        return ""
    return (
        f"this file looks like mm/dd/yyyy ({month_first:,} of its dates have a month over 12 if "
        f"read as dd/mm/yyyy, {day_first:,} a day over 12); export dates as dd/mm/yyyy"
    )


def missing_columns(raw: RawTable, module: contracts.Module) -> list[str]:
    """Return the statutory names of the module's columns that the file lacks."""
    return [c.statutory for c in module.columns if normalised(c.statutory) not in raw.texts]


def extra_columns(raw: RawTable, module: contracts.Module) -> list[str]:
    """Return the columns of the file that the module does not have, as written."""
    known = {normalised(column.statutory) for column in module.columns} | {"LA", "YEAR"}
    extra = [name for name in raw.header if normalised(name) and normalised(name) not in known]
    return [shown(name) for name in extra]


def typed(
    raw: RawTable, module: contracts.Module, account: Account
) -> dict[str, Texts | np.ndarray]:
    """Return a file's rows with our column names and types, each fault recorded.

    Rows whose key cannot be read, whose end is unreadable or lies before the start, or whose
    fields outnumber the header's are set aside: they are recorded and not returned.

    Returns
    -------
    dict of Texts or ndarray, one row per usable row of the file
        The module's columns in our words (a column the file lacks is blank), then ``file``,
        ``line``, and ``la`` and ``year_label`` (text; blank where the file has no such column).
    """
    rows = len(raw.lines)
    nothing = Texts.same("", rows)
    frame: dict[str, Texts | np.ndarray] = {}
    dates: dict[str, np.ndarray] = {}
    unusable = np.zeros(rows, dtype=bool)
    child = values.children(raw.texts.get("CHILD"), rows)

    def found(
        check: str, wrong: np.ndarray, column: contracts.Column, texts: Texts | None = None
    ) -> None:
        if wrong.any():
            account.record_fault(check, _place(raw, child, wrong, value=texts), column.statutory,
                         "" if texts is None else "value")  # fmt: skip

    for column in module.columns:
        texts = raw.texts.get(normalised(column.statutory), nothing)
        if column.kind == "date":
            days = frame[column.name] = dates[column.name] = values.dates(texts)
            bad = ~texts.blank & np.isnat(days)
            found(_unreadable(column, module), bad, column, texts)
            if column.name in module.key or column.name in module.date_pair:
                unusable |= bad
        elif column.kind == "integer":
            numbers = values.numbers(texts)
            found("unreadable_number", ~texts.blank & np.isnan(numbers), column, texts)
            outside = _outside(numbers, column)
            found("out_of_range", outside, column, texts)
            frame[column.name] = np.where(outside, np.nan, numbers)
        elif column.kind == "code":
            given = values.codes(texts)
            read = frame[column.name] = repairs.spelt_out(given, column.code_list)
            found("code_spelt_out", given.differs(read), column, texts)
        elif column.name in module.key:
            frame[column.name] = values.identifiers(texts)
            spoilt = texts.where(values.is_shortened)
            found("shortened_identifier", spoilt, column, texts)
            unusable |= spoilt
        else:
            frame[column.name] = texts
    columns = {column.name: column for column in module.columns}
    for name in module.key:
        blank = raw.texts.get(normalised(columns[name].statutory), nothing).blank
        found("no_child" if name == "child" else "no_key", blank & ~unusable, columns[name])
        unusable |= blank
    if module.date_pair:
        start, end = (dates[name] for name in module.date_pair)
        wrong = ~unusable & (end < start)
        faulty = _place(raw, child, wrong, value=end, other=start)
        account.record_fault(
            "end_before_start", faulty, columns[module.date_pair[1]].statutory, "value", "other"
        )
        unusable |= wrong
    record_too_many_fields(raw, account)
    frame["la"], frame["year_label"] = (raw.texts.get(name, nothing) for name in ("LA", "YEAR"))
    frame["file"], frame["line"] = Texts.same(raw.file, rows), raw.lines
    return of_rows(frame, ~unusable)


def _place(
    raw: RawTable, child: Texts, rows: np.ndarray, **columns: Texts | np.ndarray | None
) -> pd.DataFrame:
    """Return file, line and child of some rows, and columns beside them: for the account."""
    given = {name: column for name, column in columns.items() if column is not None}
    return as_frame({"child": child, "line": raw.lines, **given}, rows).assign(file=raw.file)


def record_too_many_fields(raw: RawTable, account: Account) -> None:
    """Record the rows with more fields than the header."""
    rows = raw.ragged.assign(file=raw.file, wide=len(raw.header))
    account.record_fault("too_many_fields", rows, "", "fields", "wide")


def _unreadable(column: contracts.Column, module: contracts.Module) -> str:
    """Return the check of a date that cannot be read: the row may be unusable because of it."""
    if column.name in module.key:
        return "unreadable_key"
    return "unreadable_end" if column.name in module.date_pair else "unreadable_date"


def _outside(numbers: np.ndarray, column: contracts.Column) -> np.ndarray:
    low = numbers < (-math.inf if column.least is None else column.least)
    return low | (numbers > (math.inf if column.most is None else column.most))


def check_codes(frame: pd.DataFrame, module: contracts.Module, account: Account) -> None:
    """Record unknown codes, blank ones, and codes not accepted on their date.

    Parameters
    ----------
    frame : DataFrame
        Usable rows of a module, with ``return_year``.
    module : Module
    account : Account
    """
    for column in module.columns:
        if not column.code_list:
            continue
        code_list = codes.CodeList(column.code_list)
        given, known = frame[column.name], code_list.known()
        strange = [text for text in given.cat.categories if text and text not in known]
        if strange:
            unknown = given.isin(strange)
            account.record_fault(
                "unknown_code", frame, column.statutory, column.name, where=unknown
            )
        if column.required:
            blank = given.eq("")
            if blank.any():
                blank &= _is_collected(frame, column)
            account.record_fault("missing_code", frame, column.statutory, where=blank)
        if column.valid_on:
            late = code_list.out_of_date(given, _date_of_validity(frame, column))
            account.record_fault(
                "code_of_another_year", frame, column.statutory, column.name, where=late
            )


def _is_collected(frame: pd.DataFrame, column: contracts.Column) -> pd.Series:
    known = {y: contract.is_collected(column, int(y)) for y in frame["return_year"].unique()}
    return frame["return_year"].map(known).astype(bool)


def _date_of_validity(frame: pd.DataFrame, column: contracts.Column) -> pd.Series:
    """Return the date on which a code must be valid: an event's, or the return's last day."""
    if column.valid_on != OF_THE_RETURN:
        return frame[column.valid_on]
    return years.closing_days(frame["return_year"])
