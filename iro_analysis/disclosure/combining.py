"""Merge small categories before suppressing (global recoding), so that less is suppressed.

Where too many groups of a breakdown would be hidden, the finest grouping in which few are is given
instead (or another breakdown of the report that has larger groups of the same); where none will do,
the whole without its groups. What that decides is the report's own
figures and the policy, so that the same figures always come out the same. The counts of single
groups stay in the system as counts that nobody is shown: whatever is given besides may not lead to
them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL, COUNT_UNITS, FIGURE_COLUMNS
from iro_analysis.disclosure.figure_cells import FigureCells, by_breakdown, of_row
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.scope import leave_out

TOGETHER = "it is given in combined groups, since too many single ones are small"
WHOLE_ONLY = "it is not given group by group, since too many of the groups are small"
LARGER_ONLY = (
    "it is not given group by group but in the larger groups of another table, since too many of "
    "the groups are small"
)
HOW_FAR = ("as agreed", "wherever one is small", "nowhere")  # the next where the last will not do
Grouping = dict[str, list[str]]  # a label, and the groups under it


@dataclass(frozen=True)
class Combined:
    """The figures of a report once groups are combined.

    Attributes
    ----------
    figures : DataFrame
        Columns of ``contracts.FIGURE_COLUMNS``: groups that are given together have their own
        rows; those of the single ones say so.
    single : set of str
        Counts that no figure shows any more.
    sums : list of (str, list of str)
        The count of a combined group, and the counts of the groups in it.
    values : dict
        The counts of combined groups.
    """

    figures: pd.DataFrame
    single: set[str] = field(default_factory=set)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)

    def entered(self, system: LinearSystem) -> LinearSystem:
        """Return the counts of the report with what was combined."""
        # At least so many children: those of the group in it that has most.
        children = {
            total: max(system.children.get(part, system.values[part]) for part in parts)
            for total, parts in self.sums
            if not system.children.keys().isdisjoint(parts)
        }
        # A figure that is given together may name a count that this report does not have.
        single = self.single & {*system.values, *self.values}
        return replace(
            system,
            children={**system.children, **children},
            values={**system.values, **self.values},
            uses={**system.uses, **dict.fromkeys(self.values, 1)},
            sums=system.sums + self.sums,
            unpublished=system.unpublished | single,
            lasting=system.lasting | single,
            when={**system.when, **{total: system.when[parts[0]] for total, parts in self.sums}},
        )


def combined(figures: pd.DataFrame, system: LinearSystem, policy: Policy) -> Combined:
    """Return a report's figures with groups combined where too many of them would be hidden.

    Parameters
    ----------
    figures : DataFrame
        All figures of one report.
    system : LinearSystem
        Their counts, before anything is combined.
    policy : Policy
        From which part of hidden groups on they are combined, or the whole alone is given.
    """
    found = Combined(figures[FIGURE_COLUMNS].copy())
    small = {cell for cell in system.values if system.is_small(cell, policy)}
    more = []
    usable = figures["status"].eq("ok") & ~figures["measure"].isin(policy.shown_whole)
    usable &= ~figures["breakdown"].isin([ALL, "date"])  # a day's count is a whole of its own
    figure_cells = FigureCells.of(figures[usable])
    several_of = by_breakdown(figure_cells)
    places = figures[usable].groupby(["measure", "breakdown"], sort=False).groups
    parts = {
        which: _hidden_part(several, small, system, policy) for which, several in several_of.items()
    }
    reasons: dict[str, list[int]] = {LARGER_ONLY: [], WHOLE_ONLY: [], TOGETHER: []}
    for (measure, breakdown), several in several_of.items():
        best, groups, given = parts[measure, breakdown], None, several
        if best <= policy.combine_above:
            continue
        where = list(places[measure, breakdown])
        larger = codes.record("breakdowns").get(breakdown, {}).get("larger_groups", "")
        if parts.get((measure, larger), 1.0) < best:
            reasons[LARGER_ONLY] += where
            continue
        for grouping in _groupings(several):
            after = _given_together(several, grouping)
            its_part = _hidden_part(after, small, system, policy)
            if its_part < best:
                best, groups, given = its_part, grouping, after
            if best <= policy.combine_above:
                break
        if best > policy.whole_only_above:
            reasons[WHOLE_ONLY] += where
        elif groups is not None:
            names = {name for single in groups.values() for name in single}
            reasons[TOGETHER] += [
                place for place, each in zip(where, several, strict=True) if each.row.group in names
            ]
            new = [each for each in given if each.row.group in groups]
            more.append((where[0], new))
            _note_sums(found, several, new, groups)
    for reason, where in reasons.items():
        leave_out(found.figures, pd.Index(where), reason)
    given = found.figures[found.figures["status"].eq("ok")]
    left = _cells_behind(FigureCells.of(given)) | set(found.values)
    found.single.update(_cells_behind(figure_cells) - left)
    return Combined(_with_rows(found.figures, more), found.single, found.sums, found.values)


def _cells_behind(figure_cells: list[FigureCells]) -> set[str]:
    return {cell for each in figure_cells for cell in (*each.cells.shown, *each.cells.behind)}


def _hidden_part(
    figure_cells: list[FigureCells], small: set[str], system: LinearSystem, policy: Policy
) -> float:
    """Return which part of the groups would be hidden, zeros apart, as far as small counts go."""
    some = [each for each in figure_cells if each.row.numerator != 0]  # none at all counts as one
    hidden = [each for each in some if _is_hidden(each, small, system, policy)]
    if not some:
        return 0.0
    alone = len(hidden) == 1 or sum(each.row.value for each in hidden) <= policy.hide_to
    first = figure_cells[0].row
    beside = first.unit in COUNT_UNITS and first.breakdown != catalogue.PERIOD
    another = bool(hidden) and beside and alone and len(hidden) < len(some)
    return (len(hidden) + another) / len(some)


def _is_hidden(figure: FigureCells, small: set[str], system: LinearSystem, policy: Policy) -> bool:
    row, cells = figure.row, figure.cells
    if row.measure == "gcse_trend":
        return any(c.startswith((f"{row.group}|", "gcse_cohort|")) for c in small)
    if policy.is_small(row.numerator) and cells.numerator:
        return True
    if policy.is_small(system.children.get(f"rest|{cells.denominator}|{cells.numerator}", 0)):
        return True
    rest = row.denominator - row.numerator if row.unit == "percent" else 0
    return policy.is_small(rest) or any(c in small for c in (*cells.shown, *cells.behind))


def _groupings(figure_cells: list[FigureCells]) -> list[Grouping]:
    """Return how the groups of a count can be put together, the finest first."""
    first = figure_cells[0].row
    if first.unit not in COUNT_UNITS or "numerator" in catalogue.measure(first.measure).counts:
        return []
    groups = [each.row.group for each in figure_cells]
    if first.breakdown == "month":
        return [_months_by(groups, several) for several in (3, 6) if len(groups) > several]
    found = []
    for step in codes.record("combined_groups").get(first.breakdown, {}).get("steps", []):
        here = {name: [g for g in several if g in groups] for name, several in step.items()}
        here = {name: several for name, several in here.items() if len(several) > 1}
        if here:
            found.append(here)
    return found


def _months_by(months: list[str], several: int) -> Grouping:
    """Return so many months each under one label.

    Examples
    --------
    >>> _months_by(["November 2019", "December 2019", "January 2020"], 3)
    {'November 2019 to January 2020': ['November 2019', 'December 2019', 'January 2020']}
    """
    found = {}
    for first in range(0, len(months), several):
        part = months[first : first + several]
        if len(part) > 1:
            begin, end = (datetime.strptime(part[n], "%B %Y") for n in (0, -1))
            start = part[0] if begin.year != end.year else f"{begin:%B}"
            found[f"{start} to {part[-1]}"] = part
    return found


def _given_together(figure_cells: list[FigureCells], grouping: Grouping) -> list[FigureCells]:
    """Return a count with some groups put together, each where its first one stood."""
    label = {group: name for name, several in grouping.items() for group in several}
    first: dict[str, Any] = {}
    totals: dict[str, float] = {}
    for row in (each.row for each in figure_cells):
        name = label.get(row.group, row.group)
        first.setdefault(name, row)
        totals[name] = totals.get(name, 0.0) + (0.0 if math.isnan(row.numerator) else row.numerator)
    after = [
        row._replace(
            group=name,
            numerator=totals[name],
            value=totals[name],
            note="" if name in grouping else row.note,
        )
        for name, row in first.items()
    ]
    return [FigureCells(row, of_row(row)) for row in after]


def _note_sums(
    found: Combined, figure_cells: list[FigureCells], new: list[FigureCells], grouping: Grouping
) -> None:
    cell = {each.row.group: each.cells.numerator for each in figure_cells}
    for each in new:
        total = each.cells.numerator
        found.values[total] = int(each.row.numerator)
        found.sums.append((total, [cell[group] for group in grouping[each.row.group]]))


def _with_rows(figures: pd.DataFrame, more: list[tuple[int, list[FigureCells]]]) -> pd.DataFrame:
    """Return the figures with combined groups before the single ones of their breakdown."""
    if not more:
        return figures
    pieces, done = [], 0
    for place, figure_cells in more:
        first = figures.index.get_loc(place)
        rows = pd.DataFrame([each.row for each in figure_cells])[FIGURE_COLUMNS]
        pieces += [figures.iloc[done:first], rows.astype(figures.dtypes)]
        done = first
    return pd.concat([*pieces, figures.iloc[done:]], ignore_index=True)
