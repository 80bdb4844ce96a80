"""Read the return from an Excel workbook, a sheet per module, to the same rows as from CSV.

openpyxl reads it row by row, and parses through defusedxml: no entity is expanded or fetched.
What a workbook would unpack to is looked at before anything is unpacked.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import codes
from iro_analysis.errors import InputError
from iro_analysis.reading.files import RawTable, header_of, shown, table_of_rows

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_ROWS = 1_048_576  # of any sheet, by the file format
_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


def read_workbook(path: Path, file: str) -> tuple[list[RawTable], list[str]]:
    """Read a workbook: a table per sheet, each named ``file [sheet]``; ``line`` is the sheet's row.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        The name under which it is spoken of.

    Returns
    -------
    list of RawTable
        Cells as text: dates as dd/mm/yyyy, whole numbers without a point, yes and no as 1 and 0.
    list of str
        What a user should know: empty sheets.

    Raises
    ------
    InputError
        If it cannot be opened, is no workbook, is locked, or would unpack to more than a return
        can be. One line for each sheet with a formula, a column twice or no header line; the
        other sheets of such a workbook are not read either.
    """
    try:
        _check_size(path, file)
        tables, remarks, problems = _sheets(path, file)
    except OSError as problem:
        raise InputError(f"{file}: cannot be opened ({problem.strerror})") from None
    if problems:
        raise InputError(*problems)
    return tables, remarks


def _check_size(path: Path, file: str) -> None:
    """Refuse what is no workbook, and one that would unpack to more than a return can be."""
    with path.open("rb") as stream:
        begins = stream.read(4)
    if begins == _OLD_OR_LOCKED:
        raise InputError(
            f"{file}: the workbook is locked with a password or of the old form; expected an "
            "unlocked .xlsx; the file is not used"
        )
    limits = codes.record("return")["limits"]
    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError):
        raise InputError(f"{file}: this is no Excel workbook; the file is not used") from None
    if unpacked > limits["unpacked_bytes"] or unpacked > limits["packed_ratio"] * max(
        path.stat().st_size, limits["packed_bytes_of_any_ratio"]
    ):
        raise InputError(
            f"{file}: the workbook would unpack to {unpacked:,} bytes, more than a return can be; "
            "the file is not used"
        )


def _sheets(path: Path, file: str) -> tuple[list[RawTable], list[str], list[str]]:
    import openpyxl

    with path.open("rb") as stream, warnings.catch_warnings():
        # openpyxl warns of styles and extensions, which hold no data.
        warnings.filterwarnings("ignore", module="openpyxl")
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=False)
            return _tables(book, file)
        except (OSError, MemoryError):
            raise
        except Exception:
            # Whatever a damaged part of a workbook makes its parser stumble over.
            raise InputError(
                f"{file}: the workbook is damaged and cannot be read; the file is not used"
            ) from None


def _tables(book: Workbook, file: str) -> tuple[list[RawTable], list[str], list[str]]:
    tables: list[RawTable] = []
    remarks: list[str] = []
    problems: list[str] = []
    for sheet in book.worksheets:
        name = f"{file} [{shown(sheet.title)}]"
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        try:
            table = _table(name, sheet)
        except InputError as problem:
            problems.extend(problem.lines)
            continue
        if table is None:
            remarks.append(f"{name}: the sheet is empty")
        else:
            tables.append(table)
    return tables, remarks, problems


def _table(name: str, sheet: ReadOnlyWorksheet) -> RawTable | None:
    rows = ((line, fields) for line, fields in _rows(name, sheet) if any(fields))
    header = header_of(name, rows)
    return None if header is None else table_of_rows(name, header, rows)


def _rows(name: str, sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    columns = codes.record("return")["limits"]["sheet_columns"]
    cells = sheet.iter_rows(max_row=_ROWS, max_col=columns, values_only=True)
    for line, row in enumerate(cells, 1):
        read = [_as_text(value) for value in row]
        fields = [text for text in read if text is not None]
        if len(fields) < len(read):
            raise InputError(
                f"{name} line {line}: a cell holds a formula; expected values: copy the sheet and "
                "paste it as values; the workbook is not used"
            )
        while fields and not fields[-1]:
            fields.pop()
        yield line, fields


def _as_text(value: object) -> str | None:
    """Return a cell's value as a CSV file would have it; None for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        whole = value.time() == time()
        return value.strftime("%d/%m/%Y" if whole else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, int | float | time):
        return str(value)
    return value if isinstance(value, str) and not value.startswith("=") else None
