"""Look up which columns and codes a year's return may hold; return the lists as Markdown."""

from __future__ import annotations

from iro_analysis import codes, contracts
from iro_analysis.reading import years

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


def as_markdown() -> str:
    """Return the input's specification: a table per module, with the codes of the last year."""
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
