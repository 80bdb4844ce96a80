"""Worked values from other implementations, read strictly."""

from __future__ import annotations

import csv
import math
from pathlib import Path

FOLDER = Path(__file__).parent / "vectors"


def vectors(name):
    """Return the rows of a file of worked values."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(text):
    """Return a value; a blank is not defined."""
    return float(text) if text else math.nan


def numbers(text):
    """Return the whole numbers or scores of a list in one cell."""
    return [float(value) if "." in value else int(value) for value in text.split(";")]


def agrees(found, expected, tolerance=1e-9):
    """Whether a value is the one expected: not defined, infinite, or as near as said."""
    if math.isnan(expected) or math.isnan(found):
        return math.isnan(expected) and math.isnan(found)
    if math.isinf(expected) or math.isinf(found):
        return found == expected
    return math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)


def check(row, found, columns, tolerance=1e-9):
    """Assert that values agree with the columns of a row, one by one."""
    for value, column in zip(found, columns, strict=True):
        assert agrees(float(value), number(row[column]), tolerance), (column, float(value), row)
