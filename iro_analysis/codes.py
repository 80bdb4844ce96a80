"""Load the tables and records of ``reference/``, and look up codes in its code lists.

Every code list has one row per code with its label, its groups, the dates between which the
statutory return accepts it, and a source. Python holds no code.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from iro_analysis.errors import ReferenceDataError

NOT_KNOWN = "Not known"


def _reference(*parts: str) -> Any:
    return resources.files("iro_analysis").joinpath("reference", *parts)


@cache
def table(name: str) -> pd.DataFrame:
    """Return a reference table (``reference/<name>.csv``), every cell as text.

    Callers must not change it: it is read once and shared.
    """
    path = _reference(*f"{name}.csv".split("/"))
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=str)


@cache
def record(name: str) -> dict[str, Any]:
    """Return a reference record (``reference/<name>.toml``)."""
    path = _reference(*f"{name}.toml".split("/"))
    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class CodeList:
    """One code list of the return.

    Attributes
    ----------
    name : str
        The file under ``reference/codes``, without its ending.
    """

    name: str

    @property
    def rows(self) -> pd.DataFrame:
        """The list itself: one row per code."""
        return table(f"codes/{self.name}")

    def known(self) -> frozenset[str]:
        """Return every code of the list, of any year."""
        return _known(self.name)

    def column(self, column: str) -> dict[str, str]:
        """Return code -> value of a column of the list. Callers must not change it."""
        return _column(self.name, column)

    def where(self, column: str, *values: str) -> frozenset[str]:
        """Return the codes whose column holds one of the values."""
        mapping = self.column(column)
        return frozenset(code for code, value in mapping.items() if value in values)

    def groups(self, column: str = "label") -> list[str]:
        """Return the distinct labels of a column, in the order of the list."""
        return list(dict.fromkeys(self.column(column).values()))

    def label(self, codes: pd.Series, column: str = "label") -> pd.Series:
        """Return the label of each code; a code that is blank or not in the list is Not known."""
        return codes.map(self.column(column)).fillna(NOT_KNOWN).astype(str)

    def out_of_date(self, codes: pd.Series, on: pd.Series) -> pd.Series:
        """Return True where a known code was not accepted on the date beside it.

        A missing date or an unknown code is not out of date.
        """
        places, distinct = pd.factorize(codes)
        start, end = (
            np.array([*map(limits.get, distinct), None], dtype="datetime64[s]")[places]
            for limits in (_dates(self.name, "valid_from"), _dates(self.name, "valid_to"))
        )
        return (on < start) | (on > end)


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(table(f"codes/{name}")["code"])


@cache
def _column(name: str, column: str) -> dict[str, str]:
    rows = table(f"codes/{name}")
    if column not in rows:
        raise ReferenceDataError(f"code list {name} has no column {column}")
    return dict(zip(rows["code"], rows[column], strict=True))


@cache
def _dates(name: str, column: str) -> dict[str, date | None]:
    texts = _column(name, column)
    return {code: date.fromisoformat(text) if text else None for code, text in texts.items()}


ACCOMMODATION = CodeList("accommodation")
ACTIVITY = CodeList("activity")
ETHNICITY = CodeList("ethnicity")
IN_TOUCH = CodeList("in_touch")
LEGAL_STATUS = CodeList("legal_status")
NEED = CodeList("need")
PARTICIPATION = CodeList("participation")
PLACEMENT = CodeList("placement")
PLACEMENT_PROVIDER = CodeList("placement_provider")
REASON_CEASED = CodeList("reason_ceased")
REASON_NEW_EPISODE = CodeList("reason_new_episode")
REASON_PLACE_CHANGE = CodeList("reason_place_change")
SEX = CodeList("sex")
