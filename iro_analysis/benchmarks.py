"""What others have published: populations to divide by, and comparators to stand beside.

Every figure has its date, vintage and source (``reference/populations.csv``,
``reference/comparators.csv``). An authority that they do not hold gives its own populations in the
local list ``population``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import pandas as pd

from iro_analysis import codes
from iro_analysis.published.lookup import Publications

# Denominators are taken as they stood when DfE first printed the year's rate: METHODS 3.3.
VINTAGES = ("own list", "first published", "rebased", "Census 2021", "Census 2011")


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
    """

    reference_date: date
    vintage: str
    values: dict[str, float]
    source: str

    @property
    def name(self) -> str:
        """Date and vintage in few words: ``mid-2019, first published``."""
        if "Census" in self.vintage or "printed" in self.vintage:
            return self.vintage
        return f"mid-{self.reference_date.year}, {self.vintage}"


def population(
    ons_code: str, local: pd.DataFrame | None, breakdown: str, day: date
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
        The local list ``population``; it comes before the suite's own figures.
    breakdown : str
        ``all``, ``age_band`` or ``ethnicity``.
    day : date
        The day for which children are counted.
    """
    held = codes.table("populations")
    held = held[(held["area_code"] == ons_code) & (held["area_code"] != "")]
    held = held.assign(
        reference_date=pd.to_datetime(held["reference_date"]),
        value=held["value"].astype(float),
    )
    if local is not None:
        held = pd.concat([held, local.assign(vintage="own list")], ignore_index=True)
    held = held[(held["breakdown"] == breakdown) & (held["reference_date"] <= pd.Timestamp(day))]
    if breakdown != "ethnicity":
        mid_year = date(day.year if (day.month, day.day) >= (6, 30) else day.year - 1, 6, 30)
        held = held[held["reference_date"] == pd.Timestamp(mid_year)]
    if held.empty:
        return None
    rank = {vintage: place for place, vintage in enumerate(VINTAGES)}
    held = held.assign(rank=held["vintage"].map(rank))
    best = held.sort_values(["rank", "reference_date"], ascending=[True, False]).iloc[0]
    rows = held[(held["rank"] == best["rank"]) & (held["reference_date"] == best["reference_date"])]
    return Population(
        best["reference_date"].date(),
        str(best["vintage"]),
        dict(zip(rows["group"], rows["value"].astype(float), strict=True)),
        str(best["source"]),
    )


def populations(ons_code: str, local: pd.DataFrame | None, breakdown: str) -> list[Population]:
    """Return every population of a breakdown that is held for an area, the oldest first.

    Parameters
    ----------
    ons_code : str
    local : DataFrame or None
        The local list ``population``; where it has the breakdown its newest comes first.
    breakdown : str
        Of ``reference/populations.csv``: ``ethnicity``, ``ethnicity_age_10_to_17``,
        ``minority_ethnic_share``.
    """
    own = population(ons_code, local, breakdown, date.max) if local is not None else None
    held = codes.table("populations")
    held = held[held["area_code"].eq(ons_code) & held["area_code"].ne("")]
    held = held[held["breakdown"].eq(breakdown)]
    found = [own] if own is not None and own.vintage == VINTAGES[0] else []
    for (day, vintage), rows in held.groupby(["reference_date", "vintage"]):
        values = dict(zip(rows["group"], rows["value"].astype(float), strict=True))
        source = str(rows["source"].iloc[0])
        found.append(Population(date.fromisoformat(day), str(vintage), values, source))
    return found


def comparators(
    measure: str,
    breakdown: str,
    ons_code: str,
    day: date,
    unit: str = "",
    publications: Publications | None = None,
) -> pd.DataFrame:
    """Return published figures of other areas for a measure on a day.

    Those that the suite holds, and what DfE's own files hold besides. Where several releases give
    the same figure, the earliest one is taken, since the denominators are those first published;
    DfE's interactive tool (LAIT) comes last.

    Parameters
    ----------
    measure, breakdown : str
    ons_code : str
        The authority's.
    day : date
    unit : str
        The measure's; for DfE's files.
    publications : Publications, optional
        DfE's files as downloaded.

    Returns
    -------
    DataFrame, one row an area and group
        ``area``, ``group``, ``value``, ``unit``, ``release``, ``source``; empty where there is
        none. The authority itself is never its own comparator.
    """
    held = codes.table("comparators")
    mine = [not w or fnmatchcase(ons_code, w) for w in held["for_authority"]]
    held = held[
        pd.Series(mine, index=held.index)
        & (held["measure"] == measure)
        & (held["breakdown"] == breakdown)
        & (held["date"] == day.isoformat())
        & ((held["area_code"] != ons_code) | (ons_code == ""))
    ]
    held = held.assign(value=held["value"].astype(float), late=held["release"].str.startswith("L"))
    held = held.sort_values(["late", "release"], kind="stable").drop_duplicates(["area", "group"])
    held = held.sort_index()[["area", "group", "value", "unit", "release", "source"]]
    if publications is None:
        return held.reset_index(drop=True)
    groups = codes.record("breakdowns")[breakdown].get("groups", [])
    more = from_publications(publications, measure, breakdown, groups, ons_code, day, unit)
    new = ~more.set_index(["area", "group"]).index.isin(held.set_index(["area", "group"]).index)
    return (
        pd.concat([held, more[new]], ignore_index=True)
        if new.any()
        else held.reset_index(drop=True)
    )


def from_publications(
    publications: Publications,
    measure: str,
    breakdown: str,
    groups: Iterable[str],
    ons_code: str,
    day: date,
    unit: str,
) -> pd.DataFrame:
    """Return the comparators of a measure that DfE's own files hold, in the shape of `comparators`.

    England and the regions of the authority, for the year that ends on the day; the oldest release
    that has the figure, as `comparators` takes it. Empty where the day ends no year of DfE's.

    Parameters
    ----------
    publications : Publications
        DfE's files, as `published.lookup` reads them.
    measure, breakdown : str
    groups : iterable of str
        The groups wanted; ``["all"]`` where there is no breakdown.
    ons_code : str
        The authority's.
    day : date
    unit : str
        The measure's.
    """
    rows = []
    own = publications.area_of(ons_code)
    areas = ["England", *publications.regions_of(own)] if (day.month, day.day) == (3, 31) else []
    for area in areas:
        for group in groups:
            answers = publications.answers(measure, area, day.year, breakdown, group)
            held = [answer for answer in answers if answer.value is not None]
            if held:
                first = held[0]
                source = f"Department for Education, {first.release}, {first.file}"
                rows.append((area, group, float(first.value), unit, first.release, source))
    return pd.DataFrame(rows, columns=["area", "group", "value", "unit", "release", "source"])


def comparators_of(measure: str, breakdown: str, group: str, area: str, year: int) -> list[dict]:
    """Return one area's published figures for 31 March of a year, of every release held."""
    held = codes.table("comparators")
    mine = held[
        (held["measure"] == measure)
        & (held["breakdown"] == breakdown)
        & (held["group"] == group)
        & (held["area"] == area)
        & (held["date"] == f"{year}-03-31")
    ]
    return mine.to_dict("records")
