"""Find and read DfE's and ONS's downloaded files in a folder: CSV, gzip, zip or workbook."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import ons
from iro_analysis.errors import InputError

EES, LAIT = "explore-education-statistics", "LAIT"
KINDS = (".csv", ".csv.gz", ".zip", ".xlsx")
TITLE_LINES = 12  # ONS puts a title and notes above the header


@dataclass(frozen=True)
class PublishedFile:
    """One file of DfE as it stands.

    Attributes
    ----------
    name : str
        The file's name, as it is spoken of.
    release : str
        ``2024 release`` or ``LAIT``.
    kind : str
        ``explore-education-statistics`` or ``LAIT``.
    rows : DataFrame of str
        Every cell as text, symbols and all.
    """

    name: str
    release: str
    kind: str
    rows: pd.DataFrame


def read_folder(folder: Path) -> list[PublishedFile]:
    """Read every file of DfE in a folder and the folders in it; other files are passed over.

    Raises
    ------
    InputError
        If there is no such folder, or nothing of DfE in it.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; expected DfE's files as downloaded")
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.name.endswith(KINDS)):
        for name, text in _contents(path):
            if one := _file(name, path, text):
                found.append(one)
    if not found:
        raise InputError(
            f"{folder}: no file of DfE here; expected CSV files of explore-education-statistics "
            "(with time_period and geographic_level) or the LAIT extract"
        )
    return found


def read_file(path: Path) -> PublishedFile | None:
    """Read one file; None where it is not one of DfE's."""
    [(name, content), *_] = _contents(path) or [("", b"")]
    return _file(name, path, content)


def _contents(path: Path) -> list[tuple[str, bytes]]:
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as packed:
                names = [name for name in packed.namelist() if name.endswith(".csv")]
                return [(Path(name).name, packed.read(name)) for name in names]
        if path.suffix == ".gz":
            return [(path.name, gzip.decompress(path.read_bytes()))]
        if path.suffix == ".xlsx":
            return _sheets(path)
        return [(path.name, path.read_bytes())]
    except (OSError, EOFError, zipfile.BadZipFile) as problem:
        raise InputError(f"{path}: cannot be read ({problem})") from None


def _sheets(path: Path) -> list[tuple[str, bytes]]:
    """Return the sheets of a workbook that hold a table of ONS's, as CSV.

    Read only here, where one was given: DfE's workbooks (the models of neighbours) hold none.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    found = []
    try:
        book = load_workbook(path, read_only=True)
    except (InvalidFileException, KeyError, ValueError) as problem:
        raise InputError(f"{path}: cannot be read ({problem})") from None
    try:
        for sheet in book.worksheets:
            first = [list(row) for row in sheet.iter_rows(max_row=TITLE_LINES, values_only=True)]
            texts = [["" if cell is None else str(cell) for cell in row] for row in first]
            if _kind_of(texts)[0] != ons.KIND:
                continue
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(sheet.iter_rows(values_only=True))
            found.append((f"{path.name}, {sheet.title}", text.getvalue().encode("utf-8")))
    finally:
        book.close()
    return found


def _file(name: str, path: Path, content: bytes) -> PublishedFile | None:
    start = content[:200_000].decode("utf-8-sig", errors="replace")
    kind, above = _kind_of(list(csv.reader(io.StringIO(start[:100_000])))[:TITLE_LINES])
    if kind is None:
        return None
    try:
        rows = pd.read_csv(
            io.BytesIO(content),
            dtype=str,
            keep_default_na=False,
            encoding="utf-8-sig",
            skiprows=above,
        )
    except (UnicodeDecodeError, pd.errors.ParserError) as problem:
        raise InputError(f"{path}: cannot be read ({problem})") from None
    rows.columns = [column.strip() for column in rows.columns]
    return PublishedFile(name, _release(path, rows, kind), kind, rows)


def _kind_of(lines: list[list[str]]) -> tuple[str | None, int]:
    """Return the kind of a file by its first lines, and how many title lines go before its header.

    Only ONS puts a title above the header.
    """
    for above, line in enumerate(lines):
        kind = _kind([column.strip(' "\r') for column in line])
        if kind == ons.KIND or (kind and not above):
            return kind, above
    return None, 0


def _kind(columns: list[str]) -> str | None:
    if ons.layout_of(columns):
        return ons.KIND
    if {"time_period", "geographic_level"} <= set(columns):
        return EES
    lait = codes.record("published_layouts")["lait"]["columns"]
    return LAIT if set(lait.values()) <= set(columns) else None


def _release(path: Path, rows: pd.DataFrame, kind: str) -> str:
    """Return the release: the folder's name says it, else the newest year in the file."""
    if kind in (LAIT, ons.KIND):
        return kind
    for part in reversed(path.parts):
        if match := re.search(r"release[ _-]?(\d{4})", part, re.IGNORECASE):
            return f"{match[1]} release"
    return f"{max(map(year_of, rows['time_period'].unique()))} release"


def year_of(time_period: str) -> int:
    """Return the year in which a period of DfE ends: ``2020`` or ``201920`` is 2020."""
    text = time_period.strip()
    if re.fullmatch(r"\d{6}", text):
        return int(text[:2] + text[4:]) if text[4:] != "00" else int(text[:4]) + 1
    return int(text[:4])
