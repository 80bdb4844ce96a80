"""Find counts that are always part of another count, by comparing the children behind each.

Two counts whose things are always nested, though their difference is no count of the report, can be
subtracted by anybody who knows the definitions: few of the one may be outside the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from mining import counts_of
from scipy.optimize import linprog
from scipy.sparse import csr_array

from iro_analysis import catalogue
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.figure_cells import FigureCells
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.members.register import rows_behind
from iro_analysis.periods import Period

BITS = 40  # what a pair must hold against chance: that every thing of the one is in the other
REPORTS = 4  # in which both counts must be known
_DAYS = ("review_date", "missing_start", "date")
_DAYS_OF_EVENTS = (*_DAYS, "start")  # the first day of an incident; of a child, that it came in


@dataclass(frozen=True)
class Inside:
    """What is always among something else: a count, and the count that holds it."""

    part: str
    whole: str

    def __str__(self) -> str:
        return f"{self.part} is always among {self.whole}"


def things_behind(record: CareRecord, period: Period, figures: pd.DataFrame) -> dict[str, set]:
    """Return the children or events behind each count of a report whose rows can be listed.

    A thing is a child, or an event of a child on a day: measures of the same reviews count the same
    things. A count whose rows are not as many as its figure says is left out.
    """
    found: dict[str, set] = {}
    given = figures[figures["status"].eq("ok") & figures["breakdown"].ne(catalogue.PERIOD)]
    for (measure, breakdown), rows in given.groupby(["measure", "breakdown"], sort=False):
        listed = rows_behind(record, period, measure, breakdown)
        if listed is None or listed.empty:
            continue
        things = pd.Series(_things(listed, measure), index=listed.index)
        counted = listed["counted"].astype(bool)
        for each in FigureCells.of(rows):
            row, cells = each.row, each.cells
            mine = listed["group"].eq(row.group) | (row.group == ALL)
            for cell, count, which in [
                (cells.numerator, row.numerator, mine & counted),
                (cells.denominator, row.denominator, mine),
                (cells.denominator, row.denominator, mine | True),
            ]:
                some = set(things[which])
                if cell and len(some) == count:
                    found.setdefault(cell, some)
    return found


def _things(listed: pd.DataFrame, measure: str) -> list[tuple]:
    unit = catalogue.measure(measure).unit
    days = _DAYS_OF_EVENTS if unit == "count" else () if unit == "children" else _DAYS
    day = next((name for name in days if name in listed), None)
    if day is None:
        return [(child,) for child in listed["child"]]
    return list(zip(listed["child"], listed[day], strict=True))


def always_inside(reports: list[tuple[LinearSystem, dict[str, set]]]) -> list[Inside]:
    """Return the counts of which all things are among those of another, in every report.

    A pair is left out where that may be by chance: where few things, or most of all there are,
    would make it so.
    """
    names = sorted({name for system, things in reports for name in _named(system, things)})
    place = {name: number for number, name in enumerate(names)}
    size = (len(names), len(names))
    holds, bits, seen = np.ones(size, bool), np.zeros(size), np.zeros(size, int)
    for system, things in reports:
        known = _named(system, things)
        for length in (1, 2):  # children, events
            mine = {n: s for n, s in known.items() if s and len(next(iter(s))) == length}
            if not mine:
                continue
            some = sorted(set().union(*mine.values()), key=str)
            column = {thing: number for number, thing in enumerate(some)}
            table = np.zeros((len(mine), len(some)), np.float32)
            for number, each in enumerate(mine.values()):
                table[number, [column[thing] for thing in each]] = 1
            both, own = table @ table.T, table.sum(axis=1)
            where = np.ix_(*[[place[name] for name in mine]] * 2)
            holds[where] &= both == own[:, None]
            bits[where] += own[:, None] * np.log2(len(some) / own[None, :])
            seen[where] += 1
    always = holds & (bits >= BITS) & (seen >= REPORTS)
    np.fill_diagonal(always, val=False)
    direct = always & ~_by_way_of_another(always)
    of_one = [name.rpartition("|")[0] for name in names]
    return [
        Inside(names[part], names[whole])
        for part, whole in zip(*np.nonzero(direct), strict=True)
        if of_one[part] != of_one[whole]
    ]


def _by_way_of_another(always: np.ndarray) -> np.ndarray:
    """Return which pairs follow from two others: what is in a part is in its whole."""
    smaller = always & ~always.T  # by way of what is the same set, each would follow from the other
    return (smaller.astype(np.float32) @ smaller.astype(np.float32)) > 0


def _named(system: LinearSystem, things: dict[str, set]) -> dict[str, set]:
    """Return the things by the counts' lasting names; year ends are counts of other days."""
    named = {name: things[cell] for name, cell in counts_of(system).items() if cell in things}
    return {name: each for name, each in named.items() if "|date|" not in name}


def unknown_inside(pairs: list[Inside], system: LinearSystem) -> list[Inside]:
    """Return the pairs of which the system's sums do not imply that the part is no larger.

    Implied is it where the whole less the part is a sum of counts, each of which is none or more:
    a weighted sum of the system's rows in which all but the part weigh no less than none.
    """
    counts, rows = counts_of(system), system.rows()
    cells = sorted({cell for row in rows for cell in row})
    place = {cell: number for number, cell in enumerate(cells)}
    entries = [(w, place[c], n) for n, row in enumerate(rows) for c, w in row.items()]
    data, down, across = zip(*entries, strict=True)
    matrix = csr_array((np.array(data, float), (down, across)), shape=(len(cells), len(rows)))
    left = []
    for pair in pairs:
        part, whole = counts.get(pair.part), counts.get(pair.whole)
        if part is None or whole is None or part == whole:
            continue
        if part not in place or whole not in place:
            left.append(pair)
            continue
        # The whole less the part less a sum of others is none: weights of at most 0 elsewhere.
        most = np.zeros(len(cells))
        most[place[whole]] = 1
        most[place[part]] = -1
        found = linprog(
            np.zeros(len(rows)), A_ub=matrix, b_ub=most, bounds=(None, None), method="highs"
        )
        if found.status != 0:
            left.append(pair)
    return left
