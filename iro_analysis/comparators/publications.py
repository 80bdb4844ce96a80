"""Answer questions about a measure, area and year from DfE's files that a user downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import layouts, ons, school_census
from iro_analysis.comparators.files import LAIT, PublishedFile, read_folder
from iro_analysis.rounding import half_up

ALL = "all"


@dataclass(frozen=True)
class Answer:
    """One figure as DfE published it.

    Attributes
    ----------
    value : Decimal or None
        None where DfE printed a symbol.
    symbol : str
        The symbol, else empty.
    area : str
    year : int
        The year ends on 31 March (or is the school year that ends in it).
    release : str
    file : str
    count, total : str
        As printed beside it; empty where the file has none.
    """

    value: Decimal | None
    symbol: str
    area: str
    year: int
    release: str
    file: str
    count: str = ""
    total: str = ""

    @property
    def number(self) -> Decimal:
        """The value of a figure that has one; else a fault."""
        if self.value is None:
            raise ValueError(f"DfE printed {self.symbol!r}, no number: {self.release}")
        return self.value

    @property
    def words(self) -> str:
        """The figure with its release: ``64 (2022 release)``."""
        shown = self.symbol if self.value is None else f"{self.value:,}"
        meaning = f", {layouts.symbol_in_words(self.symbol)}" if self.value is None else ""
        return f"{shown} ({self.release}{meaning})"


class Publications:
    """The files of a folder, answering for measures of the suite."""

    def __init__(self, files: Iterable[PublishedFile]) -> None:
        given = list(files)
        self.files = [file for file in given if file.kind != ons.KIND]
        self._estimates = [file for file in given if file.kind == ons.KIND]
        self._cells: dict[tuple[str, str], pd.DataFrame] = {}
        self._answers: dict[tuple[str, str, str], dict[tuple[str, int], list[Answer]]] = {}

    @classmethod
    def of(cls, folder: Path) -> Publications:
        """Read a folder of DfE's files."""
        return cls(read_folder(folder))

    @cached_property
    def populations(self) -> pd.DataFrame:
        """Children by area in the files of ONS's, pupils in DfE's: ``ons.COLUMNS``, ``source``."""
        parts = [
            ons.children(file.name, file.rows).assign(
                source=f"Office for National Statistics, {file.name}, as downloaded"
            )
            for file in self._estimates
        ]
        parts += [
            school_census.pupils(file.rows).assign(
                source=f"Department for Education, Schools, pupils and their characteristics, "
                f"{file.name}, as downloaded"
            )
            for file in self.files
            if school_census.fits(list(file.rows))
        ]
        columns = [*ons.COLUMNS, "source"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    @cached_property
    def areas(self) -> list[str]:
        """The names of the local authorities in the files, longest first."""
        names = {
            name
            for file in self.files
            if "la_name" in file.rows
            for name in file.rows["la_name"].unique()
        }
        return sorted(names - {""}, key=len, reverse=True)

    def area_of(self, ons_code: str) -> str:
        """Return the name that DfE's tables have for an authority; empty where unknown."""
        for file in self.files:
            if ons_code and {"la_name", "new_la_code"} <= set(file.rows):
                mine = file.rows.loc[file.rows["new_la_code"] == ons_code, "la_name"]
                if len(mine):
                    return str(mine.iloc[0])
        return ""

    def regions_of(self, area: str) -> list[str]:
        """Return the regions in which DfE's tables put an authority, the widest last."""
        found = {
            name
            for file in self.files
            if {"la_name", "region_name"} <= set(file.rows)
            for name in file.rows.loc[file.rows["la_name"] == area, "region_name"].unique()
        }
        within = codes.record("published_layouts")["within"]
        narrow = sorted(found - {""} - set(within.values()))
        return [*narrow, *dict.fromkeys(within[name] for name in narrow if name in within)]

    def answers(
        self, measure: str, area: str, year: int, breakdown: str = ALL, group: str = ALL
    ) -> list[Answer]:
        """Return what DfE published, one answer a release, the oldest release first.

        Parameters
        ----------
        measure, breakdown, group : str
            Of the suite.
        area : str
            Name as DfE's tables have it.
        year : int
            The one in which the year ends: 2020 for 31 March 2020.
        """
        key = (measure, breakdown, group)
        if key not in self._answers:
            self._answers[key] = {}
            for row in self.series(measure, breakdown, group).to_dict("records"):
                place = (row["area"], int(row["year"]))
                self._answers[key].setdefault(place, []).append(_answer(row))
        return list(self._answers[key].get((area, year), []))

    def series(self, measure: str, breakdown: str = ALL, group: str = ALL) -> pd.DataFrame:
        """Return a measure's published cells, all areas and years: ``value`` as printed."""
        entry = mapping(measure, breakdown)
        columns = [*layouts.COLUMNS, "value"]
        if not entry or (breakdown != ALL and group not in entry["groups"]):
            return pd.DataFrame(columns=columns)
        found = [
            self._select(file, selector, entry.get("groups", {}).get(group, ""))
            for file in self.files
            for selector in entry["cells"]
            if ("lait" in selector) == (file.kind == LAIT) and selector.get("only", group) == group
        ]
        found = [part for part in found if len(part)]
        if not found:
            return pd.DataFrame(columns=columns)
        whole = pd.concat(found, ignore_index=True)
        whole = whole[whole["year"].astype(int) >= entry.get("from_year", {}).get(group, 0)]
        whole["late"] = whole["release"] == LAIT
        return whole.sort_values(["late", "release"], kind="stable")[columns]

    def _select(self, file: PublishedFile, selector: dict, label: str) -> pd.DataFrame:
        """Return the cells of a file that a selector and the words of a group name."""
        if not re.search(selector.get("file", ""), file.name):
            return pd.DataFrame()
        key = (file.release, file.name)
        if key not in self._cells:
            self._cells[key] = layouts.cells_of(file)
        table = self._cells[key]
        if "lait" in selector:
            mine = table["characteristic"] == selector["lait"]
            return table[mine].assign(value=table.loc[mine, "rate"])
        mine = pd.Series(True, index=table.index)
        labels = {selector.get("groups_in", "characteristic"): label} if label else {}
        for column in ("group", "characteristic"):
            for text in filter(None, (selector.get(column), labels.get(column))):
                pattern = re.compile(text)
                known = {word: bool(pattern.search(word)) for word in table[column].unique()}
                mine &= table[column].map(known)
        return table[mine].assign(value=table.loc[mine, selector["value"]])


def mapping(measure: str, breakdown: str = ALL) -> dict:
    """Return where DfE publishes a measure's breakdown; empty where it does not."""
    entry = codes.record("published_measures").get(measure, {}).get(breakdown, {})
    if "same_as" in entry:
        return mapping(*entry["same_as"].split("."))
    return entry


def mapped() -> list[tuple[str, str]]:
    """Return every measure and breakdown that DfE publishes."""
    entries = codes.record("published_measures")
    return [(name, by) for name, own in entries.items() if name != "source" for by in own]


def number(text: str) -> Decimal | None:
    """Return the number of a cell; None for a symbol or a blank."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _answer(row: dict) -> Answer:
    value = number(row["value"])
    return Answer(
        value, "" if value is not None else row["value"], row["area"], int(row["year"]),
        row["release"], row["file"], row["count"], row["total"],
    )  # fmt: skip


def says(answer: Answer, printed: Decimal) -> bool:
    """Return whether a printed figure is what DfE published, at the coarser of their precisions."""
    if answer.value is None:
        return False
    places = max(0, -int(printed.as_tuple().exponent))
    theirs = max(0, -int(answer.value.as_tuple().exponent))
    if places <= theirs:
        return half_up(float(answer.value), places) == printed
    return half_up(float(printed), theirs) == answer.value
