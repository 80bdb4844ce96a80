"""Read one file of the return: recognise its module, rename its columns, check its values."""

from __future__ import annotations

import math

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.errors import InputError
from iro_analysis.reading import contract, repairs, values, years
from iro_analysis.reading.account import Account
from iro_analysis.reading.files import RawTable, normalised, shown

OF_THE_RETURN = "return"


def recognise(raw: RawTable) -> contracts.Module:
    """Return the module whose columns a file has; its name does not matter.

    Raises
    ------
    InputError
        If the columns are those of no module, or of two equally.
    """
    present = set(raw.rows.columns)
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
    given = [texts for name in dated if (texts := raw.rows.get(name)) is not None]
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
    present = set(raw.rows.columns)
    return [c.statutory for c in module.columns if normalised(c.statutory) not in present]


def extra_columns(raw: RawTable, module: contracts.Module) -> list[str]:
    """Return the columns of the file that the module does not have, as written."""
    known = {normalised(column.statutory) for column in module.columns} | {"LA", "YEAR"}
    extra = [name for name in raw.header if normalised(name) and normalised(name) not in known]
    return [shown(name) for name in extra]


def typed(raw: RawTable, module: contracts.Module, account: Account) -> pd.DataFrame:
    """Return a file's rows with our column names and types, each fault recorded.

    Rows whose key cannot be read, whose end is unreadable or lies before the start, or whose
    fields outnumber the header's are set aside: they are recorded and not returned.

    Returns
    -------
    DataFrame, one row per usable row of the file
        The module's columns in our words (a column the file lacks is blank), then ``file``,
        ``line``, and ``la`` and ``year_label`` (text; blank where the file has no such column).
    """
    source = raw.rows
    frame = pd.DataFrame(index=source.index)
    unusable = pd.Series(False, index=source.index)
    place = pd.DataFrame({"file": raw.file, "line": source["line"]}, index=source.index)
    place["child"] = values.children(source.get("CHILD"), source.index)

    def found(check: str, wrong: pd.Series, column: contracts.Column, texts: pd.Series) -> None:
        if wrong.any():
            account.find(check, place.assign(value=texts)[wrong], column.statutory, "value")

    for column in module.columns:
        texts = source.get(normalised(column.statutory))
        if texts is None:
            texts = pd.Series("", index=source.index, dtype=str)
        if column.kind == "date":
            frame[column.name] = values.dates(texts)
            bad = texts.ne("") & frame[column.name].isna()
            decides = column.name in module.key or column.name in module.date_pair
            found(_unreadable(column, module), bad, column, texts)
            unusable |= bad & decides
        elif column.kind == "integer":
            frame[column.name] = values.numbers(texts)
            found("unreadable_number", texts.ne("") & frame[column.name].isna(), column, texts)
            outside = _outside(frame[column.name], column)
            found("out_of_range", outside, column, texts)
            frame[column.name] = frame[column.name].mask(outside)
        elif column.kind == "code":
            given = values.codes(texts)
            frame[column.name] = repairs.spelt_out(given, column.code_list)
            found("code_spelt_out", frame[column.name].ne(given), column, texts)
        elif column.name in module.key:
            frame[column.name] = values.identifiers(texts)
            spoilt = values.shortened(texts)
            found("shortened_identifier", spoilt, column, texts)
            unusable |= spoilt
        else:
            frame[column.name] = texts
    for name in module.key:
        blank = source.get(normalised(module.statutory(name)), pd.Series("", source.index)).eq("")
        check = "no_child" if name == "child" else "no_key"
        account.find(check, place, module.statutory(name), where=blank & ~unusable)
        unusable |= blank
    unusable |= _end_before_start(frame, place, module, account, ~unusable)
    account.find(
        "too_many_fields",
        raw.ragged.assign(file=raw.file, wide=len(raw.header)),
        "",
        "fields",
        "wide",
    )
    for name, column_name in [("la", "LA"), ("year_label", "YEAR")]:
        frame[name] = source.get(column_name, pd.Series("", index=source.index, dtype=str))
    frame["file"], frame["line"] = raw.file, source["line"]
    return frame[~unusable].reset_index(drop=True)


def _unreadable(column: contracts.Column, module: contracts.Module) -> str:
    """Return the check of a date that cannot be read: the row may stand or fall with it."""
    if column.name in module.key:
        return "unreadable_key"
    return "unreadable_end" if column.name in module.date_pair else "unreadable_date"


def _outside(numbers: pd.Series, column: contracts.Column) -> pd.Series:
    low = numbers < (-math.inf if column.least is None else column.least)
    return low | (numbers > (math.inf if column.most is None else column.most))


def _end_before_start(
    frame: pd.DataFrame,
    place: pd.DataFrame,
    module: contracts.Module,
    account: Account,
    usable: pd.Series,
) -> pd.Series:
    if not module.date_pair:
        return pd.Series(False, index=frame.index)
    start, end = module.date_pair
    wrong = usable & (frame[end] < frame[start])
    faulty = place.assign(value=frame[end], other=frame[start])[wrong]
    account.find("end_before_start", faulty, module.statutory(end), "value", "other")
    return wrong


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
        given = frame[column.name]
        unknown = ~given.isin({"", *code_list.known()})
        account.find("unknown_code", frame, column.statutory, column.name, where=unknown)
        if column.required:
            blank = given.eq("")
            if blank.any():
                blank &= _is_collected(frame, column)
            account.find("missing_code", frame, column.statutory, where=blank)
        if column.valid_on:
            late = code_list.out_of_date(given, _date_of_validity(frame, column))
            account.find("code_of_another_year", frame, column.statutory, column.name, where=late)


def _is_collected(frame: pd.DataFrame, column: contracts.Column) -> pd.Series:
    known = {y: contract.is_collected(column, int(y)) for y in frame["return_year"].unique()}
    return frame["return_year"].map(known).astype(bool)


def _date_of_validity(frame: pd.DataFrame, column: contracts.Column) -> pd.Series:
    """Return the date on which a code must be valid: an event's, or the return's last day."""
    if column.valid_on != OF_THE_RETURN:
        return frame[column.valid_on]
    return years.closing_days(frame["return_year"])
