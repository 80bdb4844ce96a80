"""Finding and reading DfE's files in a folder: CSV, also packed as gzip or zip."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.errors import InputError

EES, LAIT = "explore-education-statistics", "LAIT"
KINDS = (".csv", ".csv.gz", ".zip")


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
        return [(path.name, path.read_bytes())]
    except (OSError, EOFError, zipfile.BadZipFile) as problem:
        raise InputError(f"{path}: cannot be read ({problem})") from None


def _file(name: str, path: Path, content: bytes) -> PublishedFile | None:
    header = content[:4000].decode("utf-8-sig", errors="replace").split("\n", 1)[0]
    kind = _kind([column.strip(' "\r') for column in header.split(",")])
    if kind is None:
        return None
    try:
        rows = pd.read_csv(
            io.BytesIO(content), dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except (UnicodeDecodeError, pd.errors.ParserError) as problem:
        raise InputError(f"{path}: cannot be read ({problem})") from None
    rows.columns = [column.strip() for column in rows.columns]
    return PublishedFile(name, _release(path, rows, kind), kind, rows)


def _kind(columns: list[str]) -> str | None:
    if {"time_period", "geographic_level"} <= set(columns):
        return EES
    lait = codes.record("published_layouts")["lait"]["columns"]
    return LAIT if set(lait.values()) <= set(columns) else None


def _release(path: Path, rows: pd.DataFrame, kind: str) -> str:
    """Return the release: the folder's name says it, else the newest year in the file."""
    if kind == LAIT:
        return LAIT
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
