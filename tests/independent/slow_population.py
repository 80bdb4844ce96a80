"""Children of an area by ethnic group, as the censuses counted them.

Part of the slow independent count: see ``slow_ethnicity``. The standard library only. The numbers
are published ones; they are read from the reference data, row by row.
"""

import csv
import gzip
import re
from datetime import date
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "iro_analysis" / "reference"


def area_of(folder):
    """ons_code of authority.toml, None without one."""
    path = Path(folder, "authority.toml")
    if not path.exists():
        return None
    found = re.search(r'^ons_code = "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


def rows_of(area):
    """Every population of the area that is held, as dicts."""
    rows = []
    with open(REFERENCE / "populations.csv", newline="", encoding="utf-8") as file:
        rows += [row for row in csv.DictReader(file) if row["area_code"] == area]
    packed = REFERENCE / "comparators" / "populations.csv.gz"
    with gzip.open(packed, "rt", newline="", encoding="utf-8") as file:
        rows += [row for row in csv.DictReader(file) if row["area"] == area]
    return rows


def populations(area, breakdown):
    """{vintage: {group: children}}, the oldest first; {} where none is held."""
    found = {}
    for row in sorted(rows_of(area), key=lambda row: row["reference_date"]):
        if row["breakdown"] == breakdown:
            found.setdefault(row["vintage"], {})[row["group"]] = float(row["value"])
    return found


def latest(area, breakdown):
    """{group: children} of the latest one held, None where none is."""
    found = populations(area, breakdown)
    return list(found.values())[-1] if found else None


def printed_once(area, end):
    """{vintage: {group: share}} of a share once printed: for its own year alone."""
    days = {row["vintage"]: row["reference_date"] for row in rows_of(area)}
    return {
        vintage: shares
        for vintage, shares in populations(area, "minority_ethnic_share").items()
        if year_of(date.fromisoformat(days[vintage])) == year_of(end)
    }


def year_of(day):
    """The first year of the return that holds the day."""
    return day.year if (day.month, day.day) >= (4, 1) else day.year - 1
