"""Make one row per child, from the header or, where it has none, from other modules."""

from __future__ import annotations

import pandas as pd

from iro_analysis.reading.account import Account
from iro_analysis.reading.texts import looked_up

_COLUMNS = ["child", "birth_date", "sex", "ethnicity"]
_OF_A_MOTHER = "mothers_child_birth_date"


def one_row_each(tables: dict[str, pd.DataFrame], account: Account) -> pd.DataFrame:
    """Return the children of the return.

    Parameters
    ----------
    tables : dict of DataFrame
        The joined modules.
    account : Account
        Receives children without a header row, and dates of birth that differ.

    Returns
    -------
    DataFrame, one row per child with a header row or an episode
        ``child``, ``birth_date`` (the header's; else that of the latest return of another module
        that has one; else missing), ``sex`` and ``ethnicity`` (codes; blank without a header row),
        ``has_header``; ``mothers_child_birth_date`` where the header has the column.
    """
    episodes = tables["episodes"]
    none = pd.DataFrame(columns=[*_COLUMNS, "file", "line"], dtype=str)
    header = tables.get("children", none.astype({"child": episodes["child"].dtype}))
    kept = [*_COLUMNS, *([_OF_A_MOTHER] if _OF_A_MOTHER in header else [])]
    known = header[kept].assign(has_header=True)
    absent = episodes[~episodes["child"].isin(header["child"])].drop_duplicates("child")
    account.record_fault("no_header_row", absent, "CHILD")
    others = pd.DataFrame({"child": absent["child"], "sex": "", "ethnicity": ""}).assign(
        birth_date=pd.Series(pd.NaT, index=absent.index, dtype="datetime64[s]"), has_header=False
    )
    others = others.astype(known.dtypes[["sex", "ethnicity"]].to_dict())
    children = pd.concat([known, others], ignore_index=True)
    children["birth_date"] = pd.to_datetime(children["birth_date"]).astype("datetime64[s]")
    if len(latest := _birth_dates_elsewhere(tables)):
        elsewhere = looked_up(children["child"], latest["child"], latest["birth_date"])
        children["birth_date"] = children["birth_date"].fillna(elsewhere)
    _report_differences(tables, header, account)
    return children.sort_values("child", kind="stable", ignore_index=True)


def with_birth_date(rows: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the child's date of birth in the place of the module's own."""
    own = rows.drop(columns="birth_date", errors="ignore").reset_index(drop=True)
    born = looked_up(own["child"], children["child"], children["birth_date"])
    return own.assign(birth_date=born)


def _other_modules(tables: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    return [
        rows[["child", "birth_date", "return_year", "file", "line"]]
        for name, rows in tables.items()
        if name != "children" and "birth_date" in rows and len(rows)
    ]


def _birth_dates_elsewhere(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    stated = [rows.dropna(subset="birth_date") for rows in _other_modules(tables)]
    if not any(len(rows) for rows in stated):
        return pd.DataFrame()
    latest = pd.concat(stated).sort_values("return_year", kind="stable")
    return latest.drop_duplicates("child", keep="last")


def _report_differences(
    tables: dict[str, pd.DataFrame], header: pd.DataFrame, account: Account
) -> None:
    stated = header.dropna(subset="birth_date")
    if stated.empty:
        return
    for rows in _other_modules(tables):
        said = looked_up(rows["child"], stated["child"], stated["birth_date"])
        differs = rows["birth_date"].notna() & said.notna() & (said != rows["birth_date"])
        account.record_fault("birth_dates_differ", rows, "DOB", where=differs)
