"""Populations to divide by: children of an area by age and ethnic group.

Every figure has its date, vintage and source (``reference/populations.csv``). An authority that
the package does not hold gives its own populations in the local list ``population``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pandas as pd

from iro_analysis import codes

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
        if "Census" in self.vintage or "printed" in self.vintage:
            return self.vintage
        return f"mid-{self.reference_date.year}, {self.vintage}"

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
            whom = "" if group == "all" else f" for the group {group}"
            return f"the population held ({self.name}) gives 0 children{whom}"
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


def latest(
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
    every = held
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
        _everyone(every, best),
    )


def _everyone(held: pd.DataFrame, best: pd.Series) -> float:
    """Return all children by the source and date of a population by group."""
    totals = held[(held["breakdown"] == "all") & (held["vintage"] == best["vintage"])]
    totals = totals[totals["reference_date"] == best["reference_date"]]
    return float(totals["value"].iloc[-1]) if len(totals) else math.nan


def all_held(ons_code: str, local: pd.DataFrame | None, breakdown: str) -> list[Population]:
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
    own = latest(ons_code, local, breakdown, date.max) if local is not None else None
    held = codes.table("populations")
    held = held[held["area_code"].eq(ons_code) & held["area_code"].ne("")]
    held = held[held["breakdown"].eq(breakdown)]
    found = [own] if own is not None and own.vintage == VINTAGES[0] else []
    for (day, vintage), rows in held.groupby(["reference_date", "vintage"]):
        values = dict(zip(rows["group"], rows["value"].astype(float), strict=True))
        source = str(rows["source"].iloc[0])
        found.append(Population(date.fromisoformat(day), str(vintage), values, source))
    return found
