"""Write figures.csv, comparisons.csv and other files or folders of a run, each in one step."""

from __future__ import annotations

import csv
import ctypes
import glob
import hashlib
import io
import math
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis.contracts import FIGURE_COLUMNS, FIGURE_NUMBERS
from iro_analysis.errors import OutputError
from iro_analysis.exports.sheets import harmless
from iro_analysis.runner import places

if TYPE_CHECKING:
    from iro_analysis.comparisons import Comparison

_OLD = "-old"
_ABANDONED = 24 * 3600  # seconds
_TRIES = 5
_SORTED_BY = ["period", "measure", "breakdown", "group"]


def as_text(value: float) -> str:
    """Return a number as ``figures.csv`` has it: whole numbers without a point, others in full."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(int(value)) if value == int(value) else repr(float(value))


def write_figures(figures: pd.DataFrame, path: Path) -> None:
    """Write ``figures.csv``: UTF-8, sorted, the same bytes for the same figures."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(figures_text(figures))


def figures_text(figures: pd.DataFrame) -> str:
    """Return ``figures.csv`` as it is written, its text safe to open in a spreadsheet."""
    rows = figures[FIGURE_COLUMNS].sort_values(_SORTED_BY, kind="stable")
    shown = rows.assign(
        **{
            name: rows[name].map(as_text if name in FIGURE_NUMBERS else harmless)
            for name in FIGURE_COLUMNS
        }
    )
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FIGURE_COLUMNS)
    writer.writerows(shown.itertuples(index=False, name=None))
    return stream.getvalue()


def write_comparisons(comparisons: Iterable[Comparison], path: Path) -> None:
    """Write ``comparisons.csv``: UTF-8, sorted, the same bytes for the same comparisons."""
    from iro_analysis.comparisons import as_table

    table = as_table(comparisons)
    numbers = list(table.select_dtypes("number"))
    for name in table:
        table[name] = table[name].map(as_text if name in numbers else harmless)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table.to_csv(stream, index=False, lineterminator="\n")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table of text as CSV, its cells safe to open in a spreadsheet."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows([harmless(cell) for cell in row] for row in table.itertuples(index=False))


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def aside(place: Path, private: bool = False) -> Iterator[Path]:
    """Give a folder to write in, and put it in the place of `place` when all went well.

    Whatever stops the run before that leaves what stood there as it was. What earlier runs left
    when they were killed is cleared first.

    Parameters
    ----------
    place : Path
        The folder to write or replace.
    private : bool
        Whether only this user may open what is in it, whatever the umask.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _tidy(place)
        prefix = f".{place.name}-{here()}-{os.getpid()}-"
        draft = Path(tempfile.mkdtemp(prefix=prefix, dir=place.parent))
    except OSError as problem:
        raise OutputError(
            f"{place}: cannot be written ({problem.strerror}); nothing was changed"
        ) from None
    try:
        yield draft
        if private:
            for path in [draft, *draft.rglob("*")]:
                places.close_to_others(path)
        else:
            draft.chmod(0o755)
        _put_in_place(draft, place)
    except OSError as problem:
        raise OutputError(
            f"{place}: cannot be written ({problem.strerror}); the last report stands"
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def here() -> str:
    """Return a short name of this machine: the number of a process says nothing on another."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _tidy(place: Path) -> None:
    """Put back a report that a killed run had moved aside, and clear the drafts of dead runs."""
    left = [path for path in place.parent.glob(f".{glob.escape(place.name)}-*") if path.is_dir()]
    for path in sorted(left):
        if path.name.endswith(_OLD) and not place.exists():
            path.rename(place)
        elif _is_dead(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_dead(draft: Path) -> bool:
    """Whether the run that wrote a draft is over."""
    parts = draft.name.removesuffix(_OLD).rsplit("-", 3)
    return len(parts) == 4 and is_over(draft, parts[1], parts[2])


def is_over(path: Path, machine: str, process: str) -> bool:
    """Whether the run that wrote a file or folder is over: its process is gone, or it is a day old.

    Parameters
    ----------
    path : Path
    machine, process : str
        Of the run.
    """
    try:
        if time.time() - path.stat().st_mtime > _ABANDONED:
            return True
        if machine != here() or sys.platform == "win32":
            return False
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _put_in_place(draft: Path, place: Path) -> None:
    for _ in range(_TRIES - 1):
        try:
            return _move(draft, place)
        except OSError:
            # Another run may have put its own there, or moved it aside, a moment ago.
            if not draft.exists():
                raise
            time.sleep(0.01)
    return _move(draft, place)


def _move(draft: Path, place: Path) -> None:
    if not place.exists():
        draft.rename(place)
    elif not _exchanged(draft, place):
        # No exchange in one step here: the old folder goes aside first, and comes back on failure.
        old = draft.with_name(f"{draft.name}{_OLD}")
        place.rename(old)
        try:
            draft.rename(place)
        except OSError:
            old.rename(place)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _exchanged(draft: Path, place: Path) -> bool:
    """Swap two folders in one step where the system can (Linux); the old one is then `draft`."""
    if not sys.platform.startswith("linux"):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return rename(here, os.fsencode(draft), here, os.fsencode(place), swap) == 0


@contextmanager
def replacing(path: Path, private: bool = False) -> Iterator[Path]:
    """Give a file to write, and put it in the place of `path` when all went well.

    Parameters
    ----------
    path : Path
    private : bool
        Whether only this user may open it, whatever the umask.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o600 if private else 0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
