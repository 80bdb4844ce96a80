"""The counts behind the figures, and how they add up: what an attacker could put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure import in_depth
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.system import AT, System
from iro_analysis.errors import ReferenceDataError
from iro_analysis.periods import moved, single, standing_beside, year_to_date

COUNT_UNITS = frozenset(["children", "reviews", "count"])
_PUBLIC = "public"
_EACH_COHORT = "each_cohort"


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
class Told:
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
    def of(cls, figures: pd.DataFrame) -> list[Told]:
        """Return every figure with its cells."""
        return [cls(row, of_row(row)) for row in figures.itertuples(index=False)]


def by_breakdown(told: list[Told]) -> dict[tuple[str, str], list[Told]]:
    """Return the figures of each measure and breakdown, in the order of the first of each."""
    found: dict[tuple[str, str], list[Told]] = {}
    for each in told:
        found.setdefault((each.row.measure, each.row.breakdown), []).append(each)
    return found


def of_row(row) -> Cells:
    """Return the cells behind one figure, as the catalogue's record names them.

    A figure of the trend over cohorts is made of every cohort's count; see ``publish``.
    """
    if row.breakdown == catalogue.PERIOD:
        alike = of_row(row._replace(breakdown=ALL, group=ALL))
        return alike if row.group == row.period else alike.at(row.group)
    counts = catalogue.measure(row.measure).counts
    group = row.group.split(": ")[0] if row.breakdown.endswith("_by_comparator") else row.group
    numerator = counts.get("numerator", f"{row.measure}|{row.breakdown}")
    if numerator == _EACH_COHORT:  # the trend shows the pupils of all cohorts together
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


def system_of(figures: pd.DataFrame, policy: Policy) -> System:
    """Return the counts of a report and every sum between them that the suite knows.

    Parameters
    ----------
    figures : DataFrame
        All figures of one report.
    policy : Policy
        Names the measures that are part of one another.
    """
    system = System()
    usable = figures[figures["status"].eq("ok") & ~figures["measure"].isin(policy.shown_whole)]
    told = Told.of(usable)
    for row, cells in ((each.row, each.cells) for each in told):
        for cell in {*cells.shown, *cells.behind}:
            system.uses[cell] = system.uses.get(cell, 0) + 1
            system.when.setdefault(cell, _when(cell, row.measure))
        for cell, count in [
            (cells.numerator, row.numerator),
            (cells.denominator, row.denominator),
        ]:
            if cell and system.values.setdefault(cell, int(count)) != count:
                raise ReferenceDataError(
                    f"{row.measure}: the gate takes numerator and denominator for one count "
                    f"({cell}); give its record in reference/measures a line such as "
                    'counts = { denominator = "looked_after|all|all" } that says whose each is'
                )
    system.headlines = set(policy.keep_if_possible) & set(system.values)
    _partitions(told, system)
    _shares_of_a_whole(told, system)
    _parts_of_a_count(told, system)
    _to_date(told, system)
    _adoptions(told, system)
    _stock_and_flow(told, system)
    _detail_in_groups(system)
    _known_ethnicity(system)
    _same_day(told, system)
    _placement_by_provision(system)
    _nested(told, policy, system)
    _endings(system)
    _definitions(system)
    in_depth.link(system)
    return system


def _when(cell: str, measure: str) -> str:
    """Return what a cell speaks of: as its own measure says, else the one that it is a part of."""
    name = cell.split("|")[0]
    own = catalogue.measures().get(name)
    return (own or catalogue.measure(measure)).when


def _partitions(told: list[Told], system: System) -> None:
    """Groups of a count, and of an unpublished whole, add up to the total."""
    for (_, breakdown), several in by_breakdown(told).items():
        first = several[0].row
        whole = breakdown in (ALL, catalogue.PERIOD) or pd.isna(first.denominator)
        if first.unit not in COUNT_UNITS or whole:
            continue
        total = several[0].cells.denominator
        system.add_sum(total, [each.cells.numerator for each in several])


def _shares_of_a_whole(told: list[Told], system: System) -> None:
    """What is left of a percentage's whole follows from it."""
    for row, cells in ((each.row, each.cells) for each in told):
        part, whole = cells.numerator, cells.denominator
        of_one_group = part and whole and _group(part) in (_group(whole), ALL)
        of_one_group = of_one_group or (part and row.breakdown == catalogue.PERIOD)
        own_count = row.unit == "ratio" and "numerator" not in catalogue.measure(row.measure).counts
        if of_one_group and whole and (row.unit == "percent" or own_count) and part != whole:
            system.add_remainder(whole, part)
    many = [c for c in system.values if c.startswith("ethnicity_three_or_more_ratio|")]
    whole = "placements_in_year|placements|3 or more"
    if many and whole in system.values:
        system.add_sum(whole, many)


def _parts_of_a_count(told: list[Told], system: System) -> None:
    """What the catalogue says of a count: of what others it is the sum, in which one it lies."""
    known = set()
    for row, cells in ((each.row, each.cells) for each in told):
        counts = catalogue.measure(row.measure).counts
        for name, cell in [("numerator", cells.numerator), ("denominator", cells.denominator)]:
            parts = [_like(cell, spec) for spec in counts.get(f"{name}_parts", [])]
            if cell and parts and (cell, name) not in known and set(parts) <= set(system.values):
                known.add((cell, name))
                if sum(system.values[part] for part in parts) == system.values[cell]:
                    system.add_sum(cell, parts)
        held = [_like(cells.denominator, spec) for spec in counts.get("denominator_holds", [])]
        if held and cells.denominator not in known and set(held) <= set(system.values):
            known.add(cells.denominator)
            if sum(system.values[part] for part in held) <= system.values[cells.denominator]:
                system.add_sum(cells.denominator, held)
        if cells.denominator and "denominator_inside" in counts:
            spec = counts["denominator_inside"]
            bare, at, period = cells.denominator.partition(AT)
            whole = _cell(spec, _group(bare), bare.split("|")[1]) + at + period
            if whole in system.values and (whole, cells.denominator) not in known:
                known.add((whole, cells.denominator))
                system.add_remainder(whole, cells.denominator)
    for (measure, breakdown), several in by_breakdown(told).items():
        if not codes.record("breakdowns")[breakdown].get("adds_up"):
            continue
        for name in ("numerator", "denominator"):
            parts = [getattr(each.cells, name) for each in several]
            total = f"{parts[0].split('|')[0]}|{ALL}|{ALL}" if parts[0] else ""
            if total in system.values and (total, measure, breakdown) not in known:
                known.add((total, measure, breakdown))
                system.add_sum(total, list(dict.fromkeys(parts)))


def _adoptions(told: list[Told], system: System) -> None:
    """The adopted of three years are known; an average leaves those out whose days are not."""
    if not told:
        return
    own = single(told[0].row.period)
    counts = [f"adopted_in_three_years_{which}|{ALL}|{ALL}" for which in ("placed", "matched")]
    counts = [cell for cell in counts if cell in system.values]
    cell = "ceased|reason|Adopted"
    years = [f"{cell}{AT}{moved(own, -12 * back).name}" for back in (2, 1)]
    every = [*years, cell]
    if own.is_year and counts and set(every) <= set(system.values):
        total = "adopted in three years"
        system.values[total] = sum(system.values[each] for each in every)
        system.unpublished.add(total)
        system.sums.append((total, every))
        for count in counts:
            system.add_remainder(total, count)
    if len(counts) == 2:
        small, large = sorted(counts, key=lambda count: system.values[count])
        system.add_remainder(large, small)


def _stock_and_flow(told: list[Told], system: System) -> None:
    """Who was looked after in a period: those of its eve and starters, or leavers and stayers."""
    if not told:
        return
    own = single(told[0].row.period)
    during, stock = f"looked_after_during|{ALL}|{ALL}", f"looked_after|{ALL}|{ALL}"
    eve = (own.start - timedelta(days=1)).isoformat()
    before = f"looked_after_history|date|{eve}"
    for first, second in [(stock, f"ceased|{ALL}|{ALL}"), (before, f"started|{ALL}|{ALL}")]:
        if not {during, first, second} <= set(system.values):
            continue
        twice = system.values[first] + system.values[second] - system.values[during]
        if twice >= 0:
            name, both = f"twice|{first}", f"sum|{first}"
            system.values[name] = twice
            system.values[both] = system.values[first] + system.values[second]
            system.unpublished.update([name, both])
            system.sums.append((both, [first, second]))
            system.sums.append((both, [during, name]))


def _like(cell: str, spec: str) -> str:
    """Return a cell of the same period as another."""
    _, at, period = cell.partition(AT)
    return spec + at + period


def _to_date(told: list[Told], system: System) -> None:
    """What is left of a year to date without its last parts follows from them."""
    if not told:
        return
    own = single(told[0].row.period)
    to_date = year_to_date(own)
    if to_date is None:
        return
    before = [p.name for p in standing_beside(own) if to_date.start <= p.start < own.start]
    for cell in [c for c in system.values if c.endswith(f"{AT}{to_date.name}")]:
        bare = cell.partition(AT)[0]
        parts = [c for c in (bare, *(f"{bare}{AT}{name}" for name in before)) if c in system.values]
        for several in [parts[:1], parts] if len(parts) > 1 else [parts]:
            if several and sum(system.values[c] for c in several) <= system.values[cell]:
                system.add_sum(cell, several)


def _detail_in_groups(system: System) -> None:
    rows = codes.ETHNICITY.rows
    for group, detail in rows.groupby("group", sort=False)["label"]:
        total = f"looked_after|ethnicity|{group}"
        parts = [f"looked_after|ethnicity_detail|{label}" for label in detail]
        if total in system.values and all(part in system.values for part in parts):
            system.add_sum(total, parts)


def _known_ethnicity(system: System) -> None:
    """Children of known ethnicity are all children less those whose ethnicity is not known."""
    known, everyone = "looked_after|ethnicity_known|all", "looked_after|all|all"
    cells = [cell for cell in system.values if cell.startswith("looked_after|ethnicity|")]
    unknown = [c for c in cells if c.split("|")[2] in (codes.NOT_KNOWN, _refused())]
    if known in system.values and everyone in system.values and cells:
        system.add_sum(everyone, [known, *unknown])
        system.add_sum(known, [cell for cell in cells if cell not in unknown])


def _refused() -> str:
    return codes.record("breakdowns")["ethnicity"]["groups"][-1]


def _same_day(told: list[Told], system: System) -> None:
    """A year end of the history may be the last day of a period shown, or of the report's own."""
    if not told:
        return
    own = "looked_after|all|all"
    ends = {single(told[0].row.period).end.isoformat(): own}
    for cell in system.values:
        if cell.startswith(f"{own}{AT}"):
            ends[single(cell.partition(AT)[2]).end.isoformat()] = cell
    for day, cell in ends.items():
        twin = f"looked_after_history|date|{day}"
        if twin in system.values and cell in system.values:
            system.add_sum(cell, [twin])


def _placement_by_provision(system: System) -> None:
    """Type of placement and provision are two views of one code: which go together is public."""
    starts = {"placement": "looked_after|placement|", "provision": "looked_after|provision|"}
    cells = {
        name: {cell.removeprefix(start): cell for cell in system.values if cell.startswith(start)}
        for name, start in starts.items()
    }
    if not all(cells.values()):
        return
    rows = codes.PLACEMENT.rows
    column = (
        "group_2019"
        if set(cells["placement"]) & set(rows["group_2019"])
        >= set(cells["placement"]) - {codes.NOT_KNOWN}
        else "group_2024"
    )
    by_provider = codes.PLACEMENT_PROVIDER.groups("foster_provision")
    pairs = {(codes.NOT_KNOWN, codes.NOT_KNOWN)}
    for placement, provision in zip(rows[column], rows["provision"], strict=True):
        for name in by_provider if provision == "by provider" else [provision]:
            pairs.add((placement, name))
    system.crossings = sorted(
        (cells["placement"][placement], cells["provision"][provision])
        for placement, provision in pairs
        if placement in cells["placement"] and provision in cells["provision"]
    )


def _nested(told: list[Told], policy: Policy, system: System) -> None:
    """What lies between a figure and one that holds it follows from the two."""
    for inner, outer in policy.nested:
        for row in (each.row for each in told if each.row.measure == inner):
            part = f"{inner}|{row.breakdown}|{row.group}"
            whole = f"{outer}|{row.breakdown}|{row.group}"
            if part in system.values and whole in system.values:
                system.add_remainder(whole, part)


def _endings(system: System) -> None:
    """Endings by type of placement add up to all of them, with those of types not given."""
    total = f"placement_median_duration|{ALL}|{ALL}"
    parts = [c for c in system.values if c.startswith("placement_median_duration|placement|")]
    if parts and total in system.values:
        system.add_sum(total, parts)


def _definitions(system: System) -> None:
    """Two definitions of one thing differ on few children: the difference follows from the two."""
    cells = [c for c in system.values if c.startswith("three_or_more_by_definition|definition|")]
    for number, one in enumerate(cells):
        for other in cells[number + 1 :]:
            small, large = sorted((one, other), key=lambda cell: system.values[cell])
            system.add_remainder(large, small)
    for cell in [
        c for c in system.values if c.startswith("three_or_more_by_definition|difference|")
    ]:
        one, other = _group(cell).split(", not ")
        twin = f"three_or_more_by_definition|difference|{other}, not {one}"
        whole = f"three_or_more_by_definition|definition|{one}"
        if whole in system.values and system.values[whole] >= system.values[cell] and twin:
            # Both definitions count those of the one who are not left out by the other.
            both = f"both|{'|'.join(sorted((one, other)))}"
            system.values[both] = system.values[whole] - system.values[cell]
            system.unpublished.add(both)
            system.sums.append((whole, [cell, both]))
    report = "placements_in_year|placements|3 or more"
    own = "three_or_more_by_definition|definition|dfe"
    if report in system.values and own in system.values:
        system.add_sum(report, [own])
