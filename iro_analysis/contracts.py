"""Columns of the return's modules and of the figures table, and functions that make figure rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from iro_analysis import codes


class FigureRow(NamedTuple):
    """A row of the table of figures: one number, with what it counts and of what.

    Numbers that a row has not are NaN; texts that it has not are empty.
    """

    period: str
    measure: str
    breakdown: str
    group: str
    numerator: float
    denominator: float
    value: float
    lower: float
    upper: float
    unit: str
    method: str
    status: str
    note: str


FIGURE_COLUMNS = list(FigureRow._fields)
# Units of whole numbers that add up: what disclosure hides, and what a share is taken of.
COUNT_UNITS = frozenset(["children", "reviews", "count"])
FIGURE_NUMBERS = ["numerator", "denominator", "value", "lower", "upper"]
UNITS = frozenset(
    [
        "children",
        "reviews",
        "count",
        "percent",
        "per_10000",
        "ratio",
        "days",
        "score",
        "months",
        "probability",
    ]
)
ALL = "all"
PER = 10_000  # rates are per so many children


@dataclass(frozen=True)
class Column:
    """One column of a module of the return.

    Attributes
    ----------
    statutory : str
        The name in the return (``DECOM``).
    name : str
        Our word for it (``start``).
    kind : str
        ``text``, ``date``, ``code`` or ``integer``.
    required : bool
        Whether the return must fill it.
    code_list : str
        Name of the code list its values come from; empty if none is held.
    valid_on : str
        Our name of the date on which a code must be valid, or ``return`` for the last day of the
        return's year; empty if codes carry no dates here.
    least, most : float or None
        The bounds of a number; None where it has none.
    first_year : int or None
        The year in which the first return that has the column starts; None for all.
    """

    statutory: str
    name: str
    kind: str
    required: bool
    code_list: str
    valid_on: str
    least: float | None = None
    most: float | None = None
    first_year: int | None = None


@dataclass(frozen=True)
class Module:
    """One module (file) of the return.

    Attributes
    ----------
    name, table : str
        The module's name in the specification, and the name of the table it becomes.
    columns : tuple of Column
        In the order of the specification; files are matched by name, never by position.
    known_by : tuple of str
        Statutory names of which one at least tells it from the other modules.
    key : tuple of str
        Our names of the columns that make a row; a row without them cannot be used.
    date_pair : tuple of str
        Two of our names: the second date may not lie before the first. Empty if there is none.
    replaced_by_later : bool
        Whether the same key in a later year's return replaces the earlier row.
    element : str
        The element of an XML return of which each one is a row; empty for what stands in HEADER.
    flag : str
        The element of HEADER that says whether the child has a row; empty if none does.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    known_by: tuple[str, ...]
    key: tuple[str, ...]
    date_pair: tuple[str, ...]
    replaced_by_later: bool
    element: str = ""
    flag: str = ""

    def statutory(self, name: str) -> str:
        """Return the return's own name of one of our column names."""
        return next(column.statutory for column in self.columns if column.name == name)


@cache
def modules() -> dict[str, Module]:
    """Return every module of the return by its name."""
    columns = codes.table("return_columns")
    found = {}
    for name, entry in codes.record("return")["modules"].items():
        rows = columns[columns["module"] == name]
        found[name] = Module(
            name=name,
            table=entry["table"],
            columns=tuple(
                Column(
                    row.column,
                    row.name,
                    row.kind,
                    row.required == "yes",
                    row.code_list,
                    row.valid_on,
                    float(row.least) if row.least else None,
                    float(row.most) if row.most else None,
                    int(row.first_year) if row.first_year else None,
                )
                for row in rows.itertuples(index=False)
            ),
            known_by=tuple(entry["known_by"]),
            key=tuple(entry["key"]),
            date_pair=tuple(entry.get("date_pair", ())),
            replaced_by_later=entry["years"] == "replace",
            element=entry.get("element", ""),
            flag=entry.get("flag", ""),
        )
    return found


def figures(
    measure: str,
    breakdown: str,
    groups: list[str],
    *,
    unit: str,
    numerator: Any = None,
    denominator: Any = None,
    value: Any = None,
    lower: Any = None,
    upper: Any = None,
    method: str | Sequence[str] = "",
    status: str | Sequence[str] = "ok",
    note: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Return figures in the one shape that everything above the indicators understands.

    Parameters
    ----------
    measure, breakdown : str
        Ids of the catalogue.
    groups : list of str
        Labels, in the order in which they are shown.
    unit : str
        One of ``UNITS``.
    numerator, denominator, value, lower, upper : array-like or number, optional
        Unrounded; missing where there is none.
    method, status, note : str or list of str
        As ``figures.csv`` has them; one for all rows or one per row.

    Returns
    -------
    DataFrame, one row per group
        Columns of ``FIGURE_COLUMNS`` but for the period, which the caller of the measure adds.
    """
    if unit not in UNITS:
        raise ValueError(f"{measure}: no such unit {unit}")
    rows = pd.RangeIndex(len(groups))
    given = [numerator, denominator, value, lower, upper]
    # One frame made at once: a report makes hundreds of them, and each column set costs as much.
    return pd.DataFrame(
        {
            "measure": _words(measure, rows),
            "breakdown": _words(breakdown, rows),
            "group": _words(groups, rows),
            **{
                column: _numbers(values, rows)
                for column, values in zip(FIGURE_NUMBERS, given, strict=True)
            },
            "unit": _words(unit, rows),
            "method": _words(method, rows),
            "status": _words(status, rows),
            "note": _words(note, rows),
        },
        index=rows,
    )


def _words(words: str | Sequence[str], rows: pd.RangeIndex) -> ExtensionArray:
    """Return a column of text: one text for all rows, or one per row."""
    if isinstance(words, str):
        return _repeated(words, len(rows))
    return pd.array(list(_in_row_order(words, rows)), dtype="str")


@lru_cache(2_000)
def _repeated(words: str, many: int) -> ExtensionArray:
    """Return one text so many times. Callers must not change it; a frame copies it."""
    return pd.array([words] * many, dtype="str")


def _numbers(values: Any, rows: pd.RangeIndex) -> np.ndarray:
    """Return a column of numbers: one for all rows, or one per row; missing where there is none."""
    if values is None or np.ndim(values) == 0:
        return np.full(len(rows), np.nan if values is None else values, dtype=float)
    return np.array(_in_row_order(values, rows), dtype=float)


def _in_row_order(values: Any, rows: pd.RangeIndex) -> Any:
    return values.reindex(rows) if isinstance(values, pd.Series) else values


def not_available(
    measure: str, breakdown: str, unit: str, reason: str, groups: list[str] | None = None
) -> pd.DataFrame:
    """Return the row (or one per group) that says why a figure cannot be given."""
    return figures(
        measure, breakdown, groups or [ALL], unit=unit, status="not_available", note=reason
    )
