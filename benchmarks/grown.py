"""The demonstration's children many times over: a return of any size, no child of it real."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

DEMO = Path(__file__).parents[1] / "data" / "demo"
_OF_A_CHILD = ("CHILD", "child")
_ONE_OF_EACH = ("UPN", "URN")  # numbers that no two children may share


def episodes_of(folder: Path) -> int:
    """Return how many rows of Episodes a return holds, all years together."""
    return sum(_rows(path) for path in sorted(folder.glob("ssda903/*/episodes.csv")))


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def grow(place: Path, episodes: int) -> Path:
    """Write a return with at least so many rows of Episodes, and its local lists.

    Every child of the demonstration stands in it several times, each time under another number;
    lists that name no child are as they were.

    Parameters
    ----------
    place : Path
        A new folder.
    episodes : int
        Rows of Episodes wanted, all years together.
    """
    copies = max(1, -(-episodes // episodes_of(DEMO)))
    for path in sorted(DEMO.rglob("*")):
        target = place / path.relative_to(DEMO)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.suffix == ".csv":
            _many(path, target, copies)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return place


def _many(path: Path, target: Path, copies: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    child = next((header.index(name) for name in _OF_A_CHILD if name in header), None)
    unique = [header.index(name) for name in _ONE_OF_EACH if name in header]
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for copy in range(copies if child is not None else 1):
            for row in rows:
                changed = list(row)
                if child is not None:
                    changed[child] = f"{row[child]}{copy:05d}"
                for column in unique:
                    changed[column] = ""
                writer.writerow(changed)
