"""Write the files of `iro check`: all that was found in the inputs, as CSV and as a workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from iro_analysis.errors import OutputError
from iro_analysis.exports.sheets import harmless
from iro_analysis.reading import impact
from iro_analysis.reading.account import Account
from iro_analysis.runner import outputs
from iro_analysis.runner.places import Places

CHECK = "check"
_MOST_ROWS = 1_048_575  # of a sheet, its header line apart, by the file format
_MOST_LETTERS = 32_767  # of a cell
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML


def write_check(account: Account, places: Places) -> Path:
    """Write everything found into the authority's internal folder, whole or not at all.

    Parameters
    ----------
    account : Account
    places : Places
        Of the authority.

    Returns
    -------
    Path
        The folder, with ``findings.csv`` and ``findings.xlsx`` (every fault), ``summary.csv`` (a
        row a kind of fault), ``rows_set_aside.csv`` and ``reconciliation.csv``. Values stand in
        them: nothing in it is for publication. No child's identifier does, unless it is at fault.
    """
    every = impact.findings(account)
    kinds = impact.summary(account)
    kinds = kinds.assign(measures=["; ".join(names) for names in kinds["measures"]])
    place = places.internal / CHECK
    try:
        places.make_internal()
    except OSError as problem:
        raise OutputError(f"{place}: cannot be written ({problem.strerror})") from None
    with outputs.aside(place, private=True) as draft:
        outputs.write_table(every, draft / "findings.csv")
        outputs.write_table(kinds, draft / "summary.csv")
        outputs.write_table(account.rows_set_aside, draft / "rows_set_aside.csv")
        outputs.write_table(account.reconciliation(), draft / "reconciliation.csv")
        write_workbook(
            {
                "Kinds of fault": kinds,
                "Every fault": every,
                "Rows by file": account.reconciliation(),
            },
            draft / "findings.xlsx",
        )
    return place


def write_workbook(sheets: dict[str, pd.DataFrame], path: Path) -> None:
    """Write tables as a workbook in which every text is text: nothing in it can be a formula.

    Parameters
    ----------
    sheets : dict of DataFrame
        Sheet name -> table. Rows beyond what a sheet holds are left out; the CSV file has them.
    path : Path
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, column) for column in table.columns])
        for row in table.head(_MOST_ROWS).itertuples(index=False):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def _cell(sheet: Any, value: object) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, _FORBIDDEN.sub(" ", str(harmless(value)))[:_MOST_LETTERS])
    cell.data_type = "s"  # text, whatever it looks like
    return cell
