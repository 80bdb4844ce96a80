"""What the rows of a module must be in a year's return: one contract for documents and checks.

Each contract is a pandera schema made from the file specification (``return_columns.csv``) and the
code lists, so that what is written about the input and what is checked cannot differ. ``iro check``
holds the rows to it; the reports use the same two checks as plain masks, because pandera takes half
a second to load. A test holds the two to the same findings.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.reading import years
from iro_analysis.reading.account import Account

UNKNOWN, MISSING, OTHER_YEAR = "unknown_code", "missing_code", "code_of_another_year"
_KINDS = {"date": "datetime64[s]", "integer": float}
_OF_THE_RETURN = "return"


def accepted(column: contracts.Column, first: int) -> tuple[str, ...]:
    """Return the codes of a column that a year's return may hold.

    Parameters
    ----------
    column : Column
    first : int
        The calendar year in which the return's year starts.

    Returns
    -------
    tuple of str
        Those valid on the last day of the return's year where they hold for the return as a whole;
        those valid on any day of it where a date of the row decides.
    """
    rows = codes.CodeList(column.code_list).rows
    whole = column.valid_on == _OF_THE_RETURN
    from_day = (years.closes(first) if whole else years.opens(first)).isoformat()
    begun = rows["valid_from"].eq("") | (rows["valid_from"] <= years.closes(first).isoformat())
    lasts = rows["valid_to"].eq("") | (rows["valid_to"] >= from_day)
    return tuple(rows.loc[begun & lasts, "code"])


def is_collected(column: contracts.Column, first: int) -> bool:
    """Whether the return of a year has a column."""
    return column.first_year is None or column.first_year <= first


@cache
def contract(module: str, first: int):
    """Return the contract of a module's rows in the return of a year.

    Parameters
    ----------
    module : str
        A module of the specification, such as ``Episodes``.
    first : int
        The calendar year in which the return's year starts: 2019 for 2019-20.

    Returns
    -------
    pandera.DataFrameSchema
        Of the rows as they are read, in our words: dates are dates, numbers lie within their
        bounds, what makes a row is never blank, codes are known (``unknown_code``) and, where they
        hold for a return as a whole, of this year (``code_of_another_year``), and what the return
        must fill is filled (``missing_code``). Codes that hold on a date of the row are checked on
        that date by ``modules.check_codes``: an old episode keeps its code.
    """
    import pandera.pandas as pa

    entry = contracts.modules()[module]
    columns = {}
    for column in entry.columns:
        checks = []
        if column.code_list:
            known = [*codes.CodeList(column.code_list).known(), ""]
            checks.append(pa.Check.isin(known, error=UNKNOWN))
            if column.valid_on == _OF_THE_RETURN:
                others = set(known) - {*accepted(column, first), ""}
                checks.append(pa.Check.notin(sorted(others), error=OTHER_YEAR))
            if column.required and is_collected(column, first):
                checks.append(pa.Check(lambda texts: texts.ne(""), error=MISSING))
        if column.least is not None:
            checks.append(pa.Check.in_range(column.least, column.most))
        in_key = column.name in entry.key
        if in_key and column.kind == "text":
            checks.append(pa.Check(lambda texts: texts.ne("")))
        columns[column.name] = pa.Column(
            _KINDS.get(column.kind, str),
            checks,
            nullable=column.kind in _KINDS and not in_key,
            title=column.statutory,
        )
    return pa.DataFrameSchema(columns, name=f"{module} {years.name_of(first)}")


def hold(rows: pd.DataFrame, module: contracts.Module, account: Account) -> None:
    """Hold the usable rows of a module to its contract, each return to that of its year.

    Parameters
    ----------
    rows : DataFrame
        As ``modules.typed`` returns them, with ``return_year``.
    module : Module
    account : Account
        Receives the codes that are unknown, missing or of another year.

    Raises
    ------
    pandera.errors.SchemaErrors
        If the rows break the contract in a way that reading should have ruled out: a fault in the
        program.
    """
    from pandera.errors import SchemaErrors

    statutory = {column.name: column.statutory for column in module.columns}
    for first, of_year in rows.groupby("return_year"):
        try:
            contract(module.name, int(first)).validate(of_year, lazy=True)
        except SchemaErrors as broken:
            cases = broken.failure_cases
            if not set(cases["check"]) <= {UNKNOWN, MISSING, OTHER_YEAR}:
                raise
            for (check, column), part in cases.groupby(["check", "column"], sort=False):
                value = "" if check == MISSING else column
                faulty = of_year.loc[sorted(part["index"].astype(int))]
                account.find(check, faulty, statutory[column], value)


def as_markdown() -> str:
    """Return the specification of the input: a table a module, with the codes of the last year."""
    spec = codes.record("return")
    first, last = spec["first_year"], spec["last_year"]
    parts = [
        "# What the return must hold",
        "",
        "Made from `iro_analysis/reference` by `iro check --contract`; do not edit. A file is "
        f"known by its columns. Codes are those of the return of {years.name_of(last)}; those of "
        f"other years since {years.name_of(first)} stand in brackets with the years that accept "
        "them.",
    ]
    for module in contracts.modules().values():
        parts += ["", f"## {module.name}", "", "| column | what | kind | codes or bounds |"]
        parts += ["|---|---|---|---|"]
        parts += [_row(column, module, first, last) for column in module.columns]
    return "\n".join(parts)


def _row(column: contracts.Column, module: contracts.Module, first: int, last: int) -> str:
    must = "must be filled" if column.required else "may be blank"
    if column.name in module.key:
        must = "a row needs it"
    since = f", from {years.name_of(column.first_year)}" if column.first_year else ""
    what = column.name.replace("_", " ")
    kind = f"{column.kind}, {must}{since}"
    return f"| {column.statutory} | {what} | {kind} | {_codes(column, first, last)} |"


def _codes(column: contracts.Column, first: int, last: int) -> str:
    if column.least is not None:
        return f"{column.least:g} to {column.most:g}"
    if not column.code_list:
        return ""
    now = accepted(column, last)
    others = []
    for code in codes.CodeList(column.code_list).rows["code"]:
        held = [year for year in range(first, last + 1) if code in accepted(column, year)]
        if held and code not in now:
            others.append(f"{code} to {years.name_of(held[-1])}")
        elif held and held[0] > first:
            others.append(f"{code} from {years.name_of(held[0])}")
    return " ".join(now) + (f" ({', '.join(others)})" if others else "")
