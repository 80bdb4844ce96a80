"""Choose the population to divide by: the authority's list, its ONS files, or the package's.

Every figure has its date, vintage and source. The authority's own list ``population`` goes first,
then ONS's files that it was given (``published/``), then the tables in the package.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import areas, held, ons, school_census
from iro_analysis.comparators.publications import Publications
from iro_analysis.periods import in_words

# Denominators are taken as they stood when DfE first printed the year's rate: METHODS 3.3.
OWN_LIST, OWN_FILE = "own list", "own file"
VINTAGES = (OWN_LIST, OWN_FILE, "first published", "rebased", "Census 2021", "Census 2011")
BUILT = "populations.csv.gz"
BUILT_COLUMNS = ["area", "reference_date", "vintage", "breakdown", "group", "value", "file"]
COLUMNS = ["reference_date", "vintage", "breakdown", "group", "value", "source"]
KEYS = ["reference_date", "vintage", "breakdown", "group"]


@dataclass(frozen=True)
class Population:
    """Children aged 0 to 17 in an area.

    Attributes
    ----------
    reference_date : date
        The day to which the estimate or census refers.
    vintage : str
    values : dict
        Group -> number of children.
    source : str
    everyone : float
        All children aged 0 to 17 by the same source and date; missing where it gives no total.
    """

    reference_date: date
    vintage: str
    values: dict[str, float]
    source: str
    everyone: float = math.nan

    @property
    def name(self) -> str:
        """Date and vintage in few words: ``mid-2019, first published``."""
        if self.of_pupils:
            return f"school census of January {self.reference_date.year}"
        if "Census" in self.vintage or "printed" in self.vintage:
            return self.vintage
        if self.vintage == OWN_FILE and self.reference_date.isoformat() in ons.CENSUS_DAYS.values():
            return f"Census {self.reference_date.year}, {OWN_FILE}"
        return f"mid-{self.reference_date.year}, {self.vintage}"

    @property
    def in_words(self) -> str:
        """The population as a sentence names it.

        Examples
        --------
        >>> Population(date(2011, 3, 27), "Census 2011", {}, "ONS").in_words
        'the 2011 Census'
        >>> Population(date(2021, 6, 30), "own list", {}, "ONS").in_words
        'the council’s own figures for 30 June 2021'
        """
        of_census = self.reference_date.isoformat() in ons.CENSUS_DAYS.values()
        if "Census" in self.vintage or (of_census and self.vintage in (OWN_FILE, OWN_LIST)):
            return f"the {self.reference_date.year} Census"
        if self.of_pupils:
            return f"the {self.name}"
        if self.vintage == OWN_LIST:
            return f"the council’s own figures for {in_words(self.reference_date)}"
        return f"the population estimates for {in_words(self.reference_date)}"

    @property
    def of_pupils(self) -> bool:
        """Whether it counts pupils of state-funded schools instead of all children."""
        return self.vintage == school_census.VINTAGE

    def children(self, group: str) -> float:
        """Return the children of a group; missing where none are given, so that none is divided by.

        A list may leave a group out, or give 0 for it. Neither has a rate.
        """
        return self.values.get(group) or math.nan

    def whole(self, groups: Collection[str]) -> float:
        """Return the children of all groups together; missing where a group is left out.

        Where it is, the total that the source itself gives takes the place of the sum, if it is
        no less than that.
        """
        given = sum(self.values.get(group, 0) for group in groups)
        if all(group in self.values for group in groups):
            return given or math.nan
        return self.everyone if self.everyone >= given and self.everyone > 0 else math.nan

    def why_not(self, group: str) -> str:
        """Return why nothing can be divided by a group's children; empty where it can."""
        if group not in self.values:
            return f"the population held ({self.name}) gives no number for the group {group}"
        if not self.values[group]:
            of_group = "" if group == "all" else f" for the group {group}"
            return f"the population held ({self.name}) gives 0 children{of_group}"
        return ""

    def why_no_whole(self, groups: Collection[str]) -> str:
        """Return why the children of all groups together are not known; empty where they are."""
        if not math.isnan(self.whole(groups)):
            return ""
        left_out = [group for group in groups if group not in self.values]
        if not left_out:
            return f"the population held ({self.name}) gives 0 children"
        return (
            f"the population held ({self.name}) gives no number for {' and '.join(left_out)}, "
            "so the whole is not known"
        )


@cache
def of_area(ons_code: str) -> pd.DataFrame:
    """Return every packaged population of an area: ``COLUMNS``; empty for an unknown code.

    Figures kept in ``reference/populations.csv`` go before those made from files. Callers must
    not change the table.
    """
    area = areas.authority(ons_code)
    code = area.code if area else ons_code
    kept = codes.table("populations")
    kept = kept[kept["area_code"].isin(area.codes if area else [code]) & kept["area_code"].ne("")]
    rows = _built().get(code, [])
    made = pd.DataFrame(rows, columns=BUILT_COLUMNS[1:], dtype=str)
    made["source"] = [_source(row.file, row.reference_date) for row in made.itertuples(index=False)]
    found = pd.concat([kept[COLUMNS], made[COLUMNS]], ignore_index=True).drop_duplicates(KEYS)
    return found.assign(value=found["value"].astype(float)).reset_index(drop=True)


@cache
def _built() -> dict[str, list[list[str]]]:
    path = held.place() / BUILT
    text = gzip.decompress(path.read_bytes()).decode("utf-8") if path.is_file() else ""
    found: dict[str, list[list[str]]] = {}
    for area, *rest in list(csv.reader(io.StringIO(text)))[1:]:
        found.setdefault(area, []).append(rest)
    return found


def _source(file: str, reference_date: str) -> str:
    year = int(reference_date[:4])
    for row in codes.record("comparators/population_sources")["source"]:
        if row["file"] in file:
            return str(row["text"]).format(year=year, release=year + 1)
    return file


def _all_held(
    ons_code: str, local: pd.DataFrame | None, publications: Publications | None
) -> pd.DataFrame:
    """Return every population that an area has: of its own list, its files and the package."""
    parts = [of_area(ons_code)]
    if publications is not None and (area := areas.authority(ons_code)) is not None:
        theirs = publications.populations
        mine = theirs[theirs["area"] == area.code].assign(vintage=OWN_FILE)
        of_pupils = mine["breakdown"].eq(school_census.PUPILS)
        mine["vintage"] = mine["vintage"].mask(of_pupils, school_census.VINTAGE)
        parts.append(mine[COLUMNS])
    if local is not None:
        own = local.assign(vintage=OWN_LIST)
        parts.append(own.assign(reference_date=own["reference_date"].astype(str)))
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rank = {vintage: place for place, vintage in enumerate(VINTAGES)}
    return whole.assign(
        reference_date=pd.to_datetime(whole["reference_date"]),
        value=whole["value"].astype(float),
        rank=whole["vintage"].map(rank).fillna(len(VINTAGES)),
    )


def latest(
    ons_code: str,
    local: pd.DataFrame | None,
    breakdown: str,
    day: date,
    publications: Publications | None = None,
) -> Population | None:
    """Return the population to divide by for a day, or None where none is held.

    Totals and age bands: the mid-year estimate (30 June) last before the day, so that 31 March of
    a year takes the June before it (METHODS 3.3, verified on 2,265 local-authority rows). Ethnic
    groups: the last census on or before the day that is held.

    Parameters
    ----------
    ons_code : str
        The area.
    local : DataFrame or None
        The local list ``population``; it comes before every other figure.
    breakdown : str
        ``all``, ``age_band`` or ``ethnicity``.
    day : date
        The day for which children are counted.
    publications : Publications, optional
        The files in ``published/``: ONS's come before the package's figures.
    """
    every = _all_held(ons_code, local, publications)
    rows = every[every["breakdown"] == breakdown]
    rows = rows[rows["reference_date"] <= pd.Timestamp(day)]
    if breakdown != "ethnicity":
        mid_year = date(day.year if (day.month, day.day) >= (6, 30) else day.year - 1, 6, 30)
        rows = rows[rows["reference_date"] == pd.Timestamp(mid_year)]
    if rows.empty:
        return None
    best = rows.sort_values(["rank", "reference_date"], ascending=[True, False]).iloc[0]
    mine = rows[(rows["rank"] == best["rank"]) & (rows["reference_date"] == best["reference_date"])]
    return _population(mine, every)


def _everyone(held: pd.DataFrame, best: pd.Series) -> float:
    """Return all children by the source and date of a population by group."""
    totals = held[(held["breakdown"] == "all") & (held["vintage"] == best["vintage"])]
    totals = totals[totals["reference_date"] == best["reference_date"]]
    return float(totals["value"].iloc[-1]) if len(totals) else math.nan


def all_held(
    ons_code: str,
    local: pd.DataFrame | None,
    breakdown: str,
    publications: Publications | None = None,
) -> list[Population]:
    """Return every population of a breakdown that is held for an area, the oldest first.

    Parameters
    ----------
    ons_code : str
    local : DataFrame or None
        The local list ``population``; where it has the breakdown its newest comes first.
    breakdown : str
        ``ethnicity``, ``ethnicity_age_10_to_17``, ``ethnicity_pupils``, ``white_british`` or
        ``minority_ethnic_share``.
    publications : Publications, optional
        The files in ``published/``.
    """
    every = _all_held(ons_code, local, publications)
    rows = every[every["breakdown"] == breakdown]
    own = rows[rows["vintage"] == OWN_LIST]
    newest = own[own["reference_date"] == own["reference_date"].max()]
    found = [_population(newest, every)] if len(newest) else []
    others = rows[rows["vintage"] != OWN_LIST].sort_values(["reference_date", "vintage"])
    by = ["reference_date", "vintage"]
    return found + [_population(part, every) for _, part in others.groupby(by, sort=False)]


def _population(rows: pd.DataFrame, every: pd.DataFrame) -> Population:
    first = rows.iloc[0]
    return Population(
        first["reference_date"].date(),
        str(first["vintage"]),
        dict(zip(rows["group"], rows["value"], strict=True)),
        str(first["source"]),
        _everyone(every, first),
    )
