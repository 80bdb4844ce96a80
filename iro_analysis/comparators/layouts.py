"""Convert any of DfE's file layouts to one table: counts, totals, percentages and rates."""

from __future__ import annotations

import re
from itertools import chain

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators.files import EES, PublishedFile, year_of

COLUMNS = [
    "file", "release", "year", "level", "area_code", "la_code", "area", "group",
    "characteristic", "count", "total", "percent", "rate", "population",
]  # fmt: skip


def cells_of(file: PublishedFile) -> pd.DataFrame:
    """Return the cells of a file.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``, numbers as printed (text): ``count``, ``total``, ``percent``,
        ``rate``, ``population``, blank where a file has none, a symbol where DfE printed one.
        ``total`` is the count of the row that the percentage is out of. Of LAIT, the value of a
        measure is in ``rate``, and ``characteristic`` is its short name.
    """
    if file.kind != EES:
        found = _lait(file)
    else:
        wide = _layouts()["wide"]
        is_wide = wide["total"] in file.rows
        found = _wide(file, wide) if is_wide else _long(file)
    return found.assign(file=file.name, release=file.release).reindex(
        columns=COLUMNS, fill_value=""
    )


def _layouts() -> dict:
    return codes.record("published_layouts")


def lait_columns() -> dict[str, str]:
    """Return the columns of DfE's interactive tool by what they hold."""
    return dict(_layouts()["lait"]["columns"])


def areas() -> dict[str, str]:
    """Return the names under which DfE's tool lists areas -> the names of its tables."""
    table = codes.table("published_areas")
    return dict(zip(table["name"], table["area"], strict=True))


def _places(rows: pd.DataFrame) -> pd.DataFrame:
    """Return year, level, codes and name of each row's area."""
    level = rows["geographic_level"]
    blank = pd.Series("", index=rows.index)
    name = rows.get(_layouts()["identity"]["area_column"], blank)
    name = name.mask(level == "National", "England")
    if "la_name" in rows:
        name = name.mask(level == "Local authority", rows["la_name"])
        name = name.mask(level == "Regional", rows["region_name"])
    code = rows.get("new_la_code", blank)
    code = code.mask(level == "Regional", rows.get("region_code", blank))
    code = code.mask(level == "National", "E92000001")
    years = {text: year_of(text) for text in rows["time_period"].unique()}
    return pd.DataFrame(
        {
            "year": rows["time_period"].map(years),
            "level": level,
            "area_code": code,
            "la_code": rows.get("old_la_code", blank),
            "area": name,
        }
    )


def _first(rows: pd.DataFrame, names: list[str]) -> pd.Series:
    for name in names:
        if name in rows:
            return rows[name].str.strip()
    return pd.Series("", index=rows.index)


def _joined(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return the words of some filters as one: ``CLA on 31 March / Any moves``."""
    joint = rows[columns[0]] if columns else pd.Series("", index=rows.index)
    for column in columns[1:]:
        joint = joint + " / " + rows[column]
    return joint


def _long(file: PublishedFile) -> pd.DataFrame:
    rows, layout = file.rows, _layouts()["long"]
    known = {*_layouts()["identity"]["columns"], *chain.from_iterable(layout.values())}
    filters = [column for column in rows.columns if column not in known]
    found = _places(rows)
    found["characteristic"] = rows[filters[-1]] if filters else ""
    found["group"] = _joined(rows, filters[:-1])
    for role, names in layout.items():
        found[role] = _first(rows, names)
    found["total"] = _totals(found)
    return found


def _totals(found: pd.DataFrame) -> pd.Series:
    """Return the count of the row that each percentage is out of; blank where there is none."""
    keys = ["year", "level", "area_code", "area", "group"]
    totals = _layouts()["totals"]
    pattern = re.compile("|".join(totals["patterns"]))
    is_total = {text: bool(pattern.search(text)) for text in found["characteristic"].unique()}
    rows = found[found["characteristic"].map(is_total)].drop_duplicates(keys)
    total = found[keys].merge(rows[[*keys, "count"]], on=keys, how="left")["count"]
    total.index = found.index
    for characteristic, base in totals["other"].items():
        mine = found["characteristic"] == characteristic
        bases = found[found["characteristic"] == base].drop_duplicates(keys)
        other = found.loc[mine, keys].merge(bases[[*keys, "count"]], on=keys, how="left")
        total.loc[mine] = other["count"].to_numpy()
    return total.fillna("")


def _wide(file: PublishedFile, wide: dict) -> pd.DataFrame:
    rows = file.rows
    places = _places(rows)
    identity = set(_layouts()["identity"]["columns"])
    shares = [name for name in rows if name.startswith(wide["percent"])]
    numbers = re.compile(rf"^(?:{wide['percent']}|{wide['count']}|avg_|p8)")
    filters = [name for name in rows if name not in identity and not numbers.match(name)]
    of_others = {name: total for total, names in wide["other_total"].items() for name in names}
    group, parts = _joined(rows, filters), []
    for share in shares:
        name = share.removeprefix(wide["percent"])
        part = places.assign(
            group=group,
            characteristic=name,
            count=rows[wide["count"] + name].str.strip(),
            total=rows[of_others.get(name, wide["total"])].str.strip(),
            percent=rows[share].str.strip(),
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _lait(file: PublishedFile) -> pd.DataFrame:
    names = _layouts()["lait"]["columns"]
    rows = file.rows
    area = rows[names["area"]].replace(areas())
    england = area == "England"
    return pd.DataFrame(
        {
            "year": rows[names["year"]].astype(int),
            "level": "",
            "area_code": pd.Series("", index=rows.index).mask(england, "E92000001"),
            "la_code": rows[names["la"]].str.removesuffix(".0"),
            "area": area,
            "group": "LAIT",
            "characteristic": rows[names["name"]],
            "rate": rows[names["value"]].str.strip(),
        }
    )


def exceptions() -> list[dict]:
    """Return the cells that DfE is known to have printed inconsistently with its own numbers."""
    return list(_layouts()["exceptions"])


def symbol_in_words(text: str) -> str:
    """Return what a symbol of DfE means; empty for a number."""
    return _layouts()["symbols"].get(text, "")
