"""Read DfE's school census as pupils by ethnic group, a fallback where no census is recent.

DfE's table is "Pupil characteristics: ethnicity and language". It holds pupils of state-funded
schools only, most of them 5 to 15 years old, by the school they go to and not by where they live.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators.files import year_of

PUPILS = "ethnicity_pupils"
VINTAGE = "School census"
_THURSDAY = 3


def fits(columns: list[str]) -> bool:
    """Return whether a file's columns are of this table."""
    return {"new_la_code", "ethnicity", "language", "headcount", _phase(columns)} <= set(columns)


def pupils(rows: pd.DataFrame) -> pd.DataFrame:
    """Return pupils by local authority and ethnic group.

    Parameters
    ----------
    rows : DataFrame of str
        The file as downloaded.

    Returns
    -------
    DataFrame
        ``area`` (ONS code), ``reference_date`` (the census day, the third Thursday of January),
        ``breakdown``, ``group``, ``value``. Pupils of unclassified ethnicity are left out, as are
        rows of totals over several groups.
    """
    groups = codes.record("census_groups")["school_census"]
    total = rows["geographic_level"].eq("Local authority") & rows["language"].eq("Total")
    mine = rows[total & rows[_phase(list(rows))].eq("Total")]
    group = mine["ethnicity"].map(lambda label: groups.get(label, groups.get(_above(label))))
    value = pd.to_numeric(mine["headcount"].str.replace(",", ""), errors="coerce")
    found = pd.DataFrame(
        {
            "area": mine["new_la_code"],
            "reference_date": mine["time_period"].map(_census_day),
            "breakdown": PUPILS,
            "group": group,
            "value": value,
        }
    ).dropna()
    keys = ["area", "reference_date", "breakdown", "group"]
    return found.groupby(keys, as_index=False, sort=False)["value"].sum()


def _phase(columns: list[str]) -> str:
    known = ("phase_type_grouping", "phase-type_grouping")
    return next((column for column in columns if column.lower() in known), "phase_type_grouping")


def _above(label: str) -> str:
    """Return the group above a detailed one (``Asian - Indian``); empty for any other label."""
    above, dash, _ = label.partition(" - ")
    return f"{above} -" if dash else ""


def _census_day(time_period: str) -> str:
    first = date(year_of(time_period), 1, 1)
    return str(first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 14))
