"""Count the children behind counts of events, so that events of few children are suppressed."""

from __future__ import annotations

import pandas as pd

from iro_analysis import catalogue
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.figure_cells import FigureCells
from iro_analysis.members.register import rows_behind
from iro_analysis.periods import Period, single


def children_behind(record: CareRecord, period: Period, figures: pd.DataFrame) -> dict[str, int]:
    """Return count -> the number of children behind it, where it counts events of children.

    Parameters
    ----------
    record : CareRecord
    period : Period
    figures : DataFrame
        All figures of the report.

    Returns
    -------
    dict
        Also for what a percentage leaves over. Counts of which each one is another child are
        left out: they are their own number of children.
    """
    found: dict[str, int] = {}
    given = figures[figures["status"].eq("ok")]
    once: set[str] = set()  # measures that count each child once
    for (measure, breakdown), rows in given.groupby(["measure", "breakdown"], sort=False):
        if measure in once:
            continue
        figure_cells = FigureCells.of(rows)
        if breakdown != catalogue.PERIOD:
            events = rows_behind(record, period, measure, breakdown)
            if events is None or not events.duplicated(["group", "child"]).any():
                once.add(measure)
                continue
            found |= _of_groups(figure_cells, events)
            continue
        for each in figure_cells:
            if each.row.group != period.name:
                events = rows_behind(record, single(each.row.group), measure, ALL)
                found |= _of_groups([each], events) if events is not None else {}
    return found


def _of_groups(figure_cells: list[FigureCells], events: pd.DataFrame) -> dict[str, int]:
    found = {}
    for each in figure_cells:
        row, cells = each.row, each.cells
        whole = row.group == ALL or row.breakdown == catalogue.PERIOD
        mine = events if whole else events[events["group"] == row.group]
        counted = mine[mine["counted"].astype(bool)]
        # Only where the rows are those of the figure: a count of something else says nothing.
        if cells.numerator and len(counted) == row.numerator:
            found[cells.numerator] = counted["child"].nunique()
        if cells.denominator and len(mine) == row.denominator:
            found[cells.denominator] = mine["child"].nunique()
            rest = mine[~mine["counted"].astype(bool)]
            found[f"rest|{cells.denominator}|{cells.numerator}"] = rest["child"].nunique()
    return found
