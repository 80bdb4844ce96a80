"""Read the demonstration's data files: distributions, quotas and codes for the generator."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def settings(name: str) -> dict[str, Any]:
    """Return one data file.

    Parameters
    ----------
    name : str
        The file's name without its ending.

    Returns
    -------
    dict
        Its content; not to be changed.
    """
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def codes() -> dict[str, str]:
    """Return the codes that the generator has to know by name."""
    return settings("journeys")["codes"]


@cache
def table(name: str) -> list[dict[str, str]]:
    """Return one CSV data file as a list of rows."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(name: str) -> str:
    """Return one text file of the data folder."""
    return (FOLDER / name).read_text(encoding="utf-8")


def by_year(values: dict[str, Any], year: int) -> Any:
    """Return the value in force in a year, from a table keyed by first years."""
    return values[
        max((key for key in values if int(key) <= year), key=int, default=min(values, key=int))
    ]
