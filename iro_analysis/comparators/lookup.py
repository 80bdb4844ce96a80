"""Published figures of other areas to compare an authority with.

Every figure has its date, release and source (``reference/comparators.csv``); DfE's files as
downloaded add to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators.publications import Publications


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
