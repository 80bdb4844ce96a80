"""Read the package's own tables of published figures: authorities, regions and England.

One table for each measure and breakdown (``reference/comparators/values``), made from DfE's files
by ``iro reference build``; figures of releases whose files are no longer published are kept in
``earlier_releases.csv``. Nothing is read before it is asked for.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import areas
from iro_analysis.comparators.publications import ALL, mapped, mapping

FOLDER = "comparators"
COLUMNS = ["group", "area", "year", "release", "value", "count", "total"]
LAIT, RATE = "LAIT", "per_10000"


def place() -> Path:
    """Return the folder of the packaged tables."""
    return Path(str(resources.files("iro_analysis").joinpath("reference", FOLDER)))


def file_name(measure: str, breakdown: str) -> str:
    """Return the name of a measure's table."""
    return f"{measure}.{breakdown}.csv.gz"


@cache
def table(measure: str, breakdown: str = ALL) -> pd.DataFrame:
    """Return every published figure of a measure and breakdown, the release to prefer first.

    See `preference`. Callers must not change the table.

    Returns
    -------
    DataFrame, one row per group, area, year and release
        ``group``; ``area`` (ONS code); ``year`` (ends on 31 March); ``release``; ``value``,
        ``count`` and ``total`` as printed (text): a symbol where DfE printed one, blank where the
        file has none; ``source``; ``unit``.
    """
    entry = mapping(measure, breakdown)
    of, by = _alias(measure, breakdown)
    path = place() / "values" / file_name(of, by)
    found = _read(path) if path.is_file() else pd.DataFrame(columns=COLUMNS, dtype=str)
    older = _earlier_releases().get((of, by))
    if found.empty and older is None:
        return pd.DataFrame(columns=[*COLUMNS, "source", "unit"], dtype=str)
    found = found.assign(source=found["release"].map(_sources().get((of, by), {})))
    whole = found if older is None else pd.concat([older, found], ignore_index=True)
    whole["year"] = whole["year"].astype(int)
    unit = entry.get("unit", "")
    order = {each: preference(unit, each) for each in whole["release"].unique()}
    whole = whole.assign(order=whole["release"].map(order)).sort_values("order", kind="stable")
    return whole.drop(columns="order").assign(unit=unit).reset_index(drop=True)


@cache
def _earlier_releases() -> dict[tuple[str, str], pd.DataFrame]:
    """Return measure and breakdown -> figures of releases that are no longer published."""
    rows = codes.table(f"{FOLDER}/earlier_releases").assign(count="", total="")
    return {
        (str(of), str(by)): part[[*COLUMNS, "source"]]
        for (of, by), part in rows.groupby(["measure", "breakdown"])
    }


def preference(unit: str, release: str) -> tuple[int, int]:
    """Return the place of a release among those that give the same figure; the lowest is taken.

    Of a rate the earliest, since its denominator is the one first published (METHODS 3.3), and
    DfE's interactive tool (LAIT) last. Of any other figure the newest, since DfE corrects the
    years before; of one year's the table rather than the tool.

    Examples
    --------
    >>> releases = ["LAIT 2025", "release 2025", "release 2024"]
    >>> sorted(releases, key=lambda one: preference("per_10000", one))
    ['release 2024', 'release 2025', 'LAIT 2025']
    >>> sorted(releases, key=lambda one: preference("percent", one))
    ['release 2025', 'LAIT 2025', 'release 2024']
    """
    digits = re.search(r"\d{4}", release)
    year, is_lait = int(digits[0]) if digits else 0, release.startswith(LAIT)
    return (is_lait, year) if unit == RATE else (-year, is_lait)


def _alias(measure: str, breakdown: str) -> tuple[str, str]:
    entry = codes.record("published_measures").get(measure, {}).get(breakdown, {})
    if "same_as" in entry:
        of, _, by = entry["same_as"].partition(".")
        return of, by
    return measure, breakdown


def _read(path: Path) -> pd.DataFrame:
    # Its columns are COLUMNS, in that order; a blank and "NA" stay the text they are.
    return pd.read_csv(path, names=COLUMNS, header=0, dtype=str, na_filter=False)


def tables() -> list[tuple[str, str]]:
    """Return every measure and breakdown of which a table is held, each table once."""
    return [each for each in mapped() if _alias(*each) == each]


@cache
def _sources() -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in codes.table(f"{FOLDER}/sources").to_dict("records"):
        found.setdefault((row["measure"], row["breakdown"]), {})[row["release"]] = row["source"]
    return found


@cache
def neighbours(model: str) -> dict[str, tuple[str, ...]]:
    """Return authority -> its ten statistical neighbours in a model, the nearest first (codes)."""
    rows = codes.table(f"{FOLDER}/neighbours")
    rows = rows[rows["model"] == model]
    return {
        str(code): tuple(areas.every()[each].code for each in part.sort_values("rank")["neighbour"])
        for code, part in rows.assign(rank=rows["rank"].astype(int)).groupby("authority")
    }
