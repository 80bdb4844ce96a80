"""The counts behind the figures, and how they add up: what an attacker could put together."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import ReferenceDataError
from iro_analysis.periods import single

COUNT_UNITS = frozenset(["children", "reviews", "count"])
_PUBLIC = "public"
_EACH_COHORT = "each_cohort"


@dataclass
class System:
    """Counts and the sums that hold between them.

    Attributes
    ----------
    values : dict
        Cell -> its true count. A cell is ``measure|breakdown|group``.
    unpublished : set of str
        Cells that no figure shows, but that follow from others (what is left of a whole).
    sums : list of (str, list of str)
        A cell, and the cells that add up to it.
    crossings : list of (str, str)
        Cells of two breakdowns that may hold the same child: each cell is the sum of its
        crossings, whose counts nobody shows.
    """

    values: dict[str, int] = field(default_factory=dict)
    unpublished: set[str] = field(default_factory=set)
    sums: list[tuple[str, list[str]]] = field(default_factory=list)
    crossings: list[tuple[str, str]] = field(default_factory=list)

    def add_sum(self, total: str, parts: list[str]) -> None:
        """Record that parts add up to a total; what they lack of it is a cell nobody shows."""
        rest = self.values[total] - sum(self.values[part] for part in parts)
        if rest:
            name = f"rest|{total}|{len(self.sums)}"
            self.values[name] = rest
            self.unpublished.add(name)
            parts = [*parts, name]
        self.sums.append((total, parts))

    def add_remainder(self, total: str, part: str) -> None:
        """Record that what is left of a total without one part follows from the two."""
        name = f"rest|{total}|{part}"
        if total == part or self.values[total] < self.values[part]:
            return
        self.values[name] = self.values[total] - self.values[part]
        self.unpublished.add(name)
        self.sums.append((total, [part, name]))


def _cell(spec: str, group: str) -> str:
    """Return the cell that a record of the catalogue names, for a group."""
    parts = spec.split("|")
    if len(parts) == 3:
        return spec
    if len(parts) == 2 and parts[1] == ALL:
        return f"{spec}|{ALL}"
    return f"{spec}|{group}"


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

    @property
    def shown(self) -> list[str]:
        """The cells that the figure itself shows."""
        return [cell for cell in (self.numerator, self.denominator) if cell]


def of_row(row) -> Cells:
    """Return the cells behind one figure, as the catalogue's record names them.

    A figure of the trend over cohorts is made of every cohort's count; see ``publish``.
    """
    counts = catalogue.measure(row.measure).counts
    group = row.group.split(": ")[0] if row.breakdown.endswith("_by_comparator") else row.group
    numerator = counts.get("numerator", f"{row.measure}|{row.breakdown}")
    if numerator == _EACH_COHORT:
        return Cells()
    denominator = counts.get("denominator", f"{row.measure}|{ALL}|{ALL}")
    if denominator != _PUBLIC and "|" not in denominator:
        denominator = f"{denominator}|{row.breakdown}"
    has_numerator = numerator != _PUBLIC and pd.notna(row.numerator)
    has_denominator = denominator != _PUBLIC and pd.notna(row.denominator)
    return Cells(
        numerator=_cell(numerator, group) if has_numerator else "",
        denominator=_cell(denominator, group) if has_denominator else "",
        behind=tuple(_cell(spec, group) for spec in counts.get("also", [])),
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
    usable = figures[figures["status"] == "ok"]
    for row in usable.itertuples(index=False):
        cells = of_row(row)
        for cell, count in [
            (cells.numerator, row.numerator),
            (cells.denominator, row.denominator),
        ]:
            if cell and system.values.setdefault(cell, int(count)) != count:
                raise ReferenceDataError(
                    f"{row.measure}: the cell {cell} stands for two different counts; see its "
                    "record in measures.toml"
                )
    _partitions(usable, system)
    _shares_of_a_whole(usable, system)
    _detail_in_groups(system)
    _known_ethnicity(system)
    _same_day(usable, system)
    _placement_by_provision(system)
    _nested(usable, policy, system)
    _cohorts(usable, system)
    _endings(system)
    _definitions(system)
    return system


def _partitions(figures: pd.DataFrame, system: System) -> None:
    """Groups of a count, and of an unpublished whole, add up to the total."""
    for (_, breakdown), rows in figures.groupby(["measure", "breakdown"], sort=False):
        first = next(rows.itertuples(index=False))
        if first.unit not in COUNT_UNITS or breakdown == ALL or pd.isna(first.denominator):
            continue
        cells = [of_row(row) for row in rows.itertuples(index=False)]
        system.add_sum(cells[0].denominator, [cell.numerator for cell in cells])


def _shares_of_a_whole(figures: pd.DataFrame, system: System) -> None:
    """What is left of a percentage's whole follows from it."""
    for row in figures.itertuples(index=False):
        part, whole = of_row(row).numerator, of_row(row).denominator
        of_one_group = part and whole and part.split("|")[2] in (whole.split("|")[2], ALL)
        own_count = row.unit == "ratio" and "numerator" not in catalogue.measure(row.measure).counts
        if of_one_group and (row.unit == "percent" or own_count) and part != whole:
            system.add_remainder(whole, part)
    many = [c for c in system.values if c.startswith("ethnicity_three_or_more_ratio|")]
    whole = "placements_in_year|placements|3 or more"
    if many and whole in system.values:
        system.add_sum(whole, many)


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


def _same_day(figures: pd.DataFrame, system: System) -> None:
    """The last year end shown may be the day of the count itself."""
    if figures.empty:
        return
    end = single(figures["period"].iloc[0]).end
    twin, own = f"looked_after_history|date|{end.isoformat()}", "looked_after|all|all"
    if twin in system.values and own in system.values:
        system.add_sum(own, [twin])


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


def _nested(figures: pd.DataFrame, policy: Policy, system: System) -> None:
    """What lies between a figure and one that holds it follows from the two."""
    for inner, outer in policy.nested:
        for row in figures[figures["measure"] == inner].itertuples(index=False):
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
    cells = [c for c in system.values if c.startswith("three_or_more_by_definition|")]
    for number, one in enumerate(cells):
        for other in cells[number + 1 :]:
            small, large = sorted((one, other), key=lambda cell: system.values[cell])
            system.add_remainder(large, small)
    report = "placements_in_year|placements|3 or more"
    own = "three_or_more_by_definition|definition|dfe"
    if report in system.values and own in system.values:
        system.add_sum(report, [own])


def _cohorts(figures: pd.DataFrame, system: System) -> None:
    """The cohorts' counts add up to those of all cohorts together."""
    for measure in [*figures["measure"].unique(), "gcse_cohort"]:
        parts = [c for c in system.values if c.startswith(f"{measure}|cohort_year|")]
        total = f"{measure}|{ALL}|{ALL}"
        if parts and total in system.values:
            system.add_sum(total, parts)
