"""How many children live in the area, and what is published of other areas.

Part of the slow independent count: see ``slow_count``. The standard library only. The facts are
read as data, from the reference files; what is taken of them is decided here again.
"""

import csv
import gzip
import tomllib
from datetime import date
from pathlib import Path

from independent.slow_return import read_date

REFERENCE = Path(__file__).parents[2] / "iro_analysis" / "reference"


def code_of(folder):
    """The authority's nine-character code as authority.toml gives it; None without one."""
    path = Path(folder, "authority.toml")
    if not path.exists():
        return None
    return tomllib.loads(path.read_text(encoding="utf-8")).get("ons_code") or None


def rows_of(path):
    """The rows of a CSV of the reference data, packed or not."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_KEPT = {}


def estimates_of(code, breakdown, local_rows):
    """[(day, vintage, group, number)] of one area's children, the authority's own list with it."""
    if (code, breakdown) not in _KEPT:
        found = []
        for path in (
            REFERENCE / "populations.csv",
            REFERENCE / "comparators" / "populations.csv.gz",
        ):
            for row in rows_of(path):
                area = row.get("area_code") or row.get("area")
                if area == code and row["breakdown"] == breakdown:
                    day = date.fromisoformat(row["reference_date"])
                    found.append((day, row["vintage"], row["group"], float(row["value"])))
        _KEPT[code, breakdown] = found
    own = []
    for row in local_rows or []:
        day = read_date(row.get("REFERENCE_DATE"))
        if day is not None and row.get("BREAKDOWN") == breakdown and row.get("VALUE"):
            own.append((day, "list", row["GROUP"], float(row["VALUE"])))
    return _KEPT[code, breakdown] + own


def population(authority, day, breakdown="all", group="all"):
    """The mid-year estimate last before the day, as first published where that is held.

    METHODS 3.3: 31 March of a year takes the middle of the year before. No other year stands in.
    """
    code = code_of(authority.folder)
    middle = date(day.year, 6, 30) if day > date(day.year, 6, 30) else date(day.year - 1, 6, 30)
    by_vintage = {}
    for when, vintage, of_group, number in estimates_of(
        code, breakdown, authority.local("population")
    ):
        if when == middle and of_group == group:
            by_vintage.setdefault(vintage, number)
    for vintage in ("first published", "rebased", "list"):
        if vintage in by_vintage:
            return by_vintage[vintage]
    return None


def per_10000(number, children):
    """(numerator, denominator, value), or nothing where no population is held."""
    if not children:
        return (None, None, None)
    return (number, children, 10000 * number / children)
