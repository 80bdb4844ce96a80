"""Give each count one name for all of an authority's reports, and link counts by sums over time.

Parts of a period add up to it, whatever the periods are called: quarters, halves, a year to date,
months, or any other days. A child looked after on a day was already looked after on an earlier day,
or started in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from iro_analysis import codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.linear_system import AT, LinearSystem, Row, added
from iro_analysis.periods import Period, add_months, single

ALONE = " # "  # a count that is in no figure belongs to its report alone
REVISED = " ~ "
BETWEEN = "between|"  # what two stocks and a flow leave over: who left, or came back
_DAY = timedelta(days=1)
_DATED_TO = " to "


def lasting_names(system: LinearSystem, period: Period) -> dict[str, str]:
    """Return for each cell of a report the name that it has in all reports of the authority."""
    cohorts = _cohorts(system)
    return {
        cell: f"{cell}{ALONE}{period.name}"
        if cell in system.unpublished and cell not in system.lasting
        else _lasting(cell, system.when.get(cell, "period"), period, cohorts)
        for cell in system.values
    }


def _cohorts(system: LinearSystem) -> dict[str, str]:
    """Return for each count of several cohorts together which ones they are."""
    adding = [name for name, entry in codes.record("breakdowns").items() if entry.get("adds_up")]
    found: dict[str, list[str]] = {}
    for cell, when in system.when.items():
        name, _, rest = cell.partition("|")
        breakdown, _, group = rest.partition("|")
        if when == "own" and breakdown in adding and AT not in cell:
            found.setdefault(name, []).append(group)
    return {name: "+".join(sorted(groups)) for name, groups in found.items()}


def _lasting(cell: str, when: str, own: Period, cohorts: dict[str, str]) -> str:
    bare, at, name = cell.partition(AT)
    period = single(name) if at else own
    measure, breakdown, group = bare.split("|")
    if measure == "looked_after_history":
        return f"looked_after|{ALL}|{ALL}{AT}{group}"
    if when == "own" and group != ALL:
        return bare
    if when == "own" and measure in cohorts:
        return f"{bare}{AT}{cohorts[measure]}"
    if breakdown == "month" and (days := _months(group, period)):
        return f"{measure}|{ALL}|{ALL}{AT}{_days(*days)}"
    if when == "period":
        return f"{bare}{AT}{_days(period.start, period.end)}"
    return f"{bare}{AT}{period.end.isoformat()}"


def _days(start: date, end: date) -> str:
    return f"{start.isoformat()}:{end.isoformat()}"


def _months(label: str, period: Period) -> tuple[date, date] | None:
    """Return the first and last day of a month, or of several, that lie in a period whole.

    Examples
    --------
    >>> days = _months("November 2019 to January 2020", single("2019-20"))
    >>> [day.isoformat() for day in days]
    ['2019-11-01', '2020-01-31']
    """
    first, _, last = label.partition(_DATED_TO)
    last = last or first
    try:
        end = datetime.strptime(last, "%B %Y").date()
        whole = first if first[-1:].isdigit() else f"{first} {end.year}"
        start = datetime.strptime(whole, "%B %Y").date()
    except ValueError:
        return None  # a label of another kind
    end = add_months(end, 1) - _DAY
    return (start, end) if period.start <= start and end <= period.end else None


@dataclass(frozen=True)
class Link:
    """A sum between counts of different days.

    Attributes
    ----------
    row : dict
        What adds up.
    weaker : tuple of dict
        What holds even where the sum does not, since a child can be counted in two parts of a
        period: the parts together are no fewer than the whole, and no part is more than it.
    """

    row: Row
    weaker: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        """The link in words that are the same in every report."""
        sides = [sorted(cell for cell in self.row if self.row[cell] * sign > 0) for sign in (1, -1)]
        return " = ".join(" + ".join(side) for side in sides)


def links(cells: set[str]) -> list[Link]:
    """Return every sum over time between counts that are known or could be."""
    return [*_parts_of_periods(cells), *_stock_and_flow(cells)]


def _parts_of_periods(cells: set[str]) -> Iterator[Link]:
    """Yield the sums of periods over the parts of them that are known."""
    spans: dict[str, set[tuple[date, date]]] = {}
    for cell in cells:
        if (found := _span(cell)) is not None:
            bare, start, end = found
            spans.setdefault(bare, set()).add((start, end))
    for bare, known in sorted(spans.items()):
        cuts = sorted({start for start, _ in known} | {end + _DAY for _, end in known})
        for start, end in sorted(known):
            inside = [day for day in cuts if start <= day <= end + _DAY]
            pieces = [f"{bare}{AT}{_days(one, other - _DAY)}" for one, other in pairwise(inside)]
            if len(pieces) > 1:
                whole = f"{bare}{AT}{_days(start, end)}"
                row = added([(whole, -1), *((piece, 1) for piece in pieces)])
                twice = {**row, f"twice|{whole}|{len(pieces)}": -1}
                rests = [{whole: -1, p: 1, f"others|{whole}|{p}": 1} for p in pieces]
                yield Link(row, (twice, *rests))


def _span(cell: str) -> tuple[str, date, date] | None:
    """Return what a count is of, and its first and last day; None where it is of no period."""
    bare, _, days = cell.partition(AT)
    start, colon, end = days.partition(":")
    if not colon or ALONE in cell or REVISED in cell or bare.count("|") != 2:
        return None
    return bare, date.fromisoformat(start), date.fromisoformat(end)


def _stock_and_flow(cells: set[str]) -> Iterable[Link]:
    """Those looked after on a day were so on an earlier one, or started in between."""
    groups = [
        (ALL, ALL),
        *(("ethnicity", g) for g in codes.record("breakdowns")["ethnicity"]["groups"]),
    ]
    for breakdown, group in groups:
        stock, flow = f"looked_after|{breakdown}|{group}{AT}", f"started|{breakdown}|{group}"
        for cell in sorted(cells):
            found = _span(cell)
            if found is None or found[0] != flow:
                continue
            before, after = f"{stock}{(found[1] - _DAY).isoformat()}", f"{stock}{found[2]}"
            if {before, after} <= cells:
                yield Link({before: 1, cell: 1, after: -1, f"{BETWEEN}left|{cell}": -1})
    stock = f"looked_after|{ALL}|{ALL}{AT}"
    for cell in sorted(cells):
        found = _span(cell)
        if found is None or found[0] != f"looked_after_during|{ALL}|{ALL}":
            continue
        days = cell.partition(AT)[2]
        for kind, flow, day in [
            ("back", f"started|{ALL}|{ALL}{AT}{days}", found[1] - _DAY),
            ("again", f"ceased|{ALL}|{ALL}{AT}{days}", found[2]),
        ]:
            on = f"{stock}{day.isoformat()}"
            if {on, flow} <= cells:
                yield Link({on: 1, flow: 1, cell: -1, f"{BETWEEN}{kind}|{cell}": -1})
