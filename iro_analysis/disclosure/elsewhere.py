"""Find the counts that DfE publishes about an authority, which an attacker can look up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from iro_analysis.catalogue import measures
from iro_analysis.comparators.lookup import published_counts
from iro_analysis.comparators.publications import Publications, mapped, mapping, number
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure.linear_system import AT, LinearSystem
from iro_analysis.disclosure.over_time import ALONE
from iro_analysis.periods import Period, year_of

Tables = Mapping[str, frozenset[int]]
NO_TABLES: Tables = MappingProxyType({})


def tables_of(
    authority: str, period: Period, publications: Publications | None = None
) -> dict[str, frozenset[int]]:
    """Return DfE's counts of an authority for a period's years, the one before and the one after.

    What DfE hid itself is no number, and is left out. Releases can differ: each one's is given.

    Parameters
    ----------
    authority : str
        Its ONS code; of one that is none of England's, nothing is published.
    period : Period
    publications : Publications, optional
        DfE's files as downloaded.

    Returns
    -------
    dict
        Count of a year or of its 31 March, by its lasting name -> what DfE printed.
    """
    known = measures()
    found: dict[str, set[int]] = {}
    for year in range(year_of(period.start).end.year - 1, year_of(period.end).end.year + 2):
        day = date(year, 3, 31)
        year_long = f"{year_of(day).start.isoformat()}:{day.isoformat()}"
        held = published_counts(authority, day)[["measure", "breakdown", "group", "count"]]
        rows = [*held.itertuples(index=False, name=None), *_in_files(publications, authority, year)]
        for measure, breakdown, group, text in rows:
            count = number(text)
            if count is None or measure not in known or count != int(count):
                continue
            # The count's name in the report decides which of the two it is.
            for days in (day.isoformat(), year_long):
                cell = f"{measure}|{breakdown}|{group}{AT}{days}"
                found.setdefault(cell, set()).add(int(count))
    return {cell: frozenset(counts) for cell, counts in found.items()}


def _in_files(
    publications: Publications | None, authority: str, year: int
) -> Iterator[tuple[str, str, str, str]]:
    """Give measure, breakdown, group and count of each of an authority's cells in DfE's files."""
    area = publications.area_of(authority) if publications is not None else ""
    if publications is None or not area:
        return
    for measure, breakdown in mapped():
        entry = mapping(measure, breakdown)
        is_count = entry.get("unit", "") in COUNT_UNITS
        for group in entry.get("groups", [ALL]):
            for answer in publications.answers(measure, area, year, breakdown, group):
                value = "" if answer.value is None else str(answer.value)
                yield measure, breakdown, group, value if is_count else answer.count


def in_tables(tables: Tables, system: LinearSystem, period: Period) -> dict[str, int]:
    """Return the counts of a report that DfE prints with the same number.

    A count that DfE rounded, or that was revised since, differs from the report's: it is no fact
    about the report's count, and would contradict what the report shows. Groups that the report
    gives together stand one by one in DfE's tables.
    """
    found = {}
    for cell, count in system.values.items():
        bare, alone, _ = cell.partition(ALONE)
        year_long = f"{period.start.isoformat()}:{period.end.isoformat()}"
        names = (
            [f"{bare}{AT}{period.end.isoformat()}", f"{bare}{AT}{year_long}"] if alone else [cell]
        )
        if any(count in tables.get(name, ()) for name in names):
            found[cell] = count
    return found
