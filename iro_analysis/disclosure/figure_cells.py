"""Name the counts behind each figure, and build the linear system of sums between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.disclosure import relations
from iro_analysis.disclosure.linear_system import AT, LinearSystem
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import ReferenceDataError
from iro_analysis.periods import compared_periods, single, year_to_date

_PUBLIC = "public"
_LINE = (
    "its record in reference/measures a line such as "
    'counts = { denominator = "looked_after|all|all" }'
)


def _cell(spec: str, group: str, breakdown: str) -> str:
    """Return the cell that a record of the catalogue names, for a group of a breakdown."""
    parts = spec.split("|")
    if len(parts) == 3 or spec == _PUBLIC:
        return spec
    if len(parts) == 1:
        return f"{spec}|{breakdown}|{group}"
    return f"{spec}|{ALL}" if parts[1] == ALL else f"{spec}|{group}"


def _group(cell: str) -> str:
    return cell.partition(AT)[0].split("|")[2]


@dataclass(frozen=True)
class Cells:
    """The cells behind one figure.

    Attributes
    ----------
    numerator, denominator : str
        Empty where there is none, or where it is a published population.
    behind : tuple of str
        Further counts from which the value is made.
    note : tuple of str
        Counts from which the note is made.
    """

    numerator: str = ""
    denominator: str = ""
    behind: tuple[str, ...] = ()
    note: tuple[str, ...] = ()

    def at(self, period: str) -> Cells:
        """Return the same cells of another period."""

        def moved(cell: str) -> str:
            return f"{cell}{AT}{period}" if cell else ""

        return Cells(
            moved(self.numerator),
            moved(self.denominator),
            tuple(map(moved, self.behind)),
            tuple(map(moved, self.note)),
        )

    @property
    def shown(self) -> list[str]:
        """The cells that the figure itself shows."""
        return [cell for cell in (self.numerator, self.denominator) if cell]


@dataclass(frozen=True)
class FigureCells:
    """A figure of a report, and the cells behind it.

    Attributes
    ----------
    row : namedtuple
        Of ``contracts.FIGURE_COLUMNS``.
    cells : Cells
    """

    row: Any
    cells: Cells

    @classmethod
    def of(cls, figures: pd.DataFrame) -> list[FigureCells]:
        """Return every figure with its cells."""
        return [cls(row, of_row(row)) for row in figures.itertuples(index=False)]


def by_breakdown(figure_cells: list[FigureCells]) -> dict[tuple[str, str], list[FigureCells]]:
    """Return the figures of each measure and breakdown, in the order of the first of each."""
    found: dict[tuple[str, str], list[FigureCells]] = {}
    for each in figure_cells:
        found.setdefault((each.row.measure, each.row.breakdown), []).append(each)
    return found


def of_row(row: Any) -> Cells:
    """Return the cells behind one figure, as the catalogue's record names them.

    A figure of the trend over cohorts is made of every cohort's count; see ``publish``.
    """
    if row.breakdown == catalogue.PERIOD:
        alike = of_row(row._replace(breakdown=ALL, group=ALL))
        return alike if row.group == row.period else alike.at(row.group)
    counts = catalogue.measure(row.measure).counts
    group = row.group.split(": ")[0] if row.breakdown.endswith("_by_comparator") else row.group
    numerator = counts.get("numerator", f"{row.measure}|{row.breakdown}")
    if numerator == catalogue.EACH_COHORT:  # the trend shows the pupils of all cohorts together
        return Cells(f"{row.group}|{ALL}|{ALL}", f"gcse_cohort|{ALL}|{ALL}")
    denominator = counts.get("denominator", f"{row.measure}|{ALL}|{ALL}")
    if isinstance(denominator, dict):
        denominator = denominator[row.breakdown]
    has_numerator = numerator != _PUBLIC and pd.notna(row.numerator)
    has_denominator = denominator != _PUBLIC and pd.notna(row.denominator)
    return Cells(
        numerator=_cell(numerator, group, row.breakdown) if has_numerator else "",
        denominator=_cell(denominator, group, row.breakdown) if has_denominator else "",
        behind=tuple(_cell(spec, group, row.breakdown) for spec in counts.get("also", [])),
        note=tuple(counts.get("note", [])),
    )


def system_of(
    figures: pd.DataFrame, policy: Policy, behind: Mapping[str, int] | None = None
) -> LinearSystem:
    """Return the counts of a report and every sum between them that the suite knows.

    Parameters
    ----------
    figures : DataFrame
        All figures of one report.
    policy : Policy
    behind : mapping of str to int, optional
        Count of events -> the number of children behind it.
    """
    system = LinearSystem()
    counted = figures["status"].eq("ok")
    # A percentage that is not given for too few has its counts all the same: others hold them.
    counted |= figures["status"].eq("not_available") & figures["numerator"].notna()
    figure_cells = FigureCells.of(figures[counted & ~figures["measure"].isin(policy.shown_whole)])
    for row, cells in ((each.row, each.cells) for each in figure_cells):
        _check_named(row)
        for cell in {*cells.shown, *cells.behind}:
            system.uses[cell] = system.uses.get(cell, 0) + (row.status == "ok")
            system.when.setdefault(cell, _when(cell, row.measure))
        for cell, count in [
            (cells.numerator, row.numerator),
            (cells.denominator, row.denominator),
        ]:
            if cell and system.values.setdefault(cell, int(count)) != count:
                raise ReferenceDataError(
                    f"{row.measure}: the gate takes numerator and denominator for one count "
                    f"({cell}); give {_LINE} that says whose each is"
                )
    unsaid = {cell for cell, uses in system.uses.items() if not uses}
    system.unpublished |= unsaid & system.values.keys()
    system.lasting |= system.unpublished
    system.headlines = set(policy.keep_if_possible) & set(system.values)
    _partitions(figure_cells, system)
    _shares_of_a_whole(figure_cells, system)
    _parts_of_a_count(figure_cells, system)
    _to_date(figure_cells, system)
    if figure_cells:
        relations.link(system, single(figure_cells[0].row.period))
    system.children = {c: n for c, n in (behind or {}).items() if c in system.values}
    return system


def _check_named(row: Any) -> None:
    """Refuse an average over things whose count the catalogue does not name."""
    entry = catalogue.measure(row.measure)
    divides = entry.unit in catalogue.SPANS and pd.notna(row.denominator)
    if divides and "denominator" not in entry.counts and not entry.internal_only:
        raise ReferenceDataError(
            f"{row.measure}: its denominator is a count; give {_LINE} that says whose it is"
        )


def _when(cell: str, measure: str) -> str:
    """Return what a cell speaks of: as its own measure says, else the one that it is a part of."""
    name = cell.split("|")[0]
    own = catalogue.measures().get(name)
    return (own or catalogue.measure(measure)).when


def _partitions(figure_cells: list[FigureCells], system: LinearSystem) -> None:
    """Add the sums of a breakdown: its groups make up the total."""
    for (_, breakdown), several in by_breakdown(figure_cells).items():
        first = several[0].row
        whole = breakdown in (ALL, catalogue.PERIOD) or pd.isna(first.denominator)
        if first.unit not in COUNT_UNITS or whole:
            continue
        total = several[0].cells.denominator
        system.add_sum(total, [each.cells.numerator for each in several])


def _shares_of_a_whole(figure_cells: list[FigureCells], system: LinearSystem) -> None:
    """Add the remainder of a percentage's whole, which follows from it."""
    for row, cells in ((each.row, each.cells) for each in figure_cells):
        part, whole = cells.numerator, cells.denominator
        of_one_group = part and whole and _group(part) in (_group(whole), ALL)
        of_one_group = of_one_group or (part and row.breakdown == catalogue.PERIOD)
        own_count = row.unit == "ratio" and "numerator" not in catalogue.measure(row.measure).counts
        if of_one_group and whole and (row.unit == "percent" or own_count) and part != whole:
            system.add_remainder(whole, part)


def _parts_of_a_count(figure_cells: list[FigureCells], system: LinearSystem) -> None:
    """Add what the catalogue says of a count: its parts, and the count that it is part of."""
    known: set[tuple[str, ...]] = set()
    for row, cells in ((each.row, each.cells) for each in figure_cells):
        counts = catalogue.measure(row.measure).counts
        for name, cell in [("numerator", cells.numerator), ("denominator", cells.denominator)]:
            parts = [_like(cell, spec) for spec in counts.get(f"{name}_parts", [])]
            if cell and parts and (cell, name) not in known and set(parts) <= set(system.values):
                known.add((cell, name))
                if sum(system.values[part] for part in parts) == system.values[cell]:
                    system.add_sum(cell, parts)
        held = [_like(cells.denominator, spec) for spec in counts.get("denominator_holds", [])]
        if held and (cells.denominator,) not in known and set(held) <= set(system.values):
            known.add((cells.denominator,))
            if sum(system.values[part] for part in held) <= system.values[cells.denominator]:
                system.add_sum(cells.denominator, held)
        if cells.denominator and "denominator_inside" in counts:
            spec = counts["denominator_inside"]
            bare, at, period = cells.denominator.partition(AT)
            whole = _cell(spec, _group(bare), bare.split("|")[1]) + at + period
            if whole in system.values and (whole, cells.denominator) not in known:
                known.add((whole, cells.denominator))
                system.add_remainder(whole, cells.denominator)
    for (measure, breakdown), several in by_breakdown(figure_cells).items():
        if not codes.record("breakdowns")[breakdown].get("adds_up"):
            continue
        for name in ("numerator", "denominator"):
            parts = [getattr(each.cells, name) for each in several]
            total = f"{parts[0].split('|')[0]}|{ALL}|{ALL}" if parts[0] else ""
            if total in system.values and (total, measure, breakdown) not in known:
                known.add((total, measure, breakdown))
                system.add_sum(total, list(dict.fromkeys(parts)))


def _like(cell: str, spec: str) -> str:
    """Return a cell of the same period as another."""
    _, at, period = cell.partition(AT)
    return spec + at + period


def _to_date(figure_cells: list[FigureCells], system: LinearSystem) -> None:
    """Add the year to date, whose parts follow from each other."""
    if not figure_cells:
        return
    own = single(figure_cells[0].row.period)
    to_date = year_to_date(own)
    if to_date is None:
        return
    before = [p.name for p in compared_periods(own) if to_date.start <= p.start < own.start]
    for cell in [c for c in system.values if c.endswith(f"{AT}{to_date.name}")]:
        bare = cell.partition(AT)[0]
        parts = [c for c in (bare, *(f"{bare}{AT}{name}" for name in before)) if c in system.values]
        for several in [parts[:1], parts] if len(parts) > 1 else [parts]:
            if several and sum(system.values[c] for c in several) <= system.values[cell]:
                system.add_sum(cell, several)
