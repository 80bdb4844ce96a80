"""Search the figures of many reports for exact relations between counts, and ask what is known.

What always holds between published counts can be used by anybody who sees enough reports. A
relation is known where the sums of the audit's system imply it: the relation is then a weighted
sum of the system's rows, whatever the counts that no figure shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsqr

from iro_analysis import catalogue
from iro_analysis.disclosure.linear_system import AT, LinearSystem
from iro_analysis.disclosure.scope import searched_name

HEAD = """\
# Counts among which every relation that always holds has been searched for. The gate publishes
# no other: a count that is part of another under a new name would give a hidden number away.
# Written by `make relations`, which runs the search first; do not edit.

"""
BITS = 15  # for each count on the right: what a value must hold, so that sums do not meet by chance
LARGEST = 14  # groups of a breakdown of which every subset is tried
_NEAR = 1e-6


@dataclass(frozen=True)
class Relation:
    """What always holds: the counts on both sides add up to the same."""

    left: tuple[str, ...]
    right: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' + '.join(self.left)} = {' + '.join(self.right)}"

    def row(self) -> dict[str, int]:
        weights = dict.fromkeys(self.left, 1)
        for cell in self.right:
            weights[cell] = weights.get(cell, 0) - 1
        return {cell: weight for cell, weight in weights.items() if weight}


DATED = {"month", "recent_month", "date", "cohort_year", "cohort_pair"}  # labels of their period


def counts_of(system: LinearSystem) -> dict[str, str]:
    """Return the counts that figures of the report's own period are made of, by a lasting name.

    A month, a year end or a cohort is known by its place among the others of its report.
    """
    found: dict[str, str] = {}
    places: dict[str, int] = {}
    for cell in system.values:
        if cell in system.unpublished or AT in cell:
            continue
        name, _, _ = cell.rpartition("|")
        if name.rpartition("|")[2] in DATED:
            places[name] = places.get(name, 0) + 1
            found[f"{name}|{places[name]}"] = cell
        else:
            found[cell] = cell
    return found


def table(systems: list[LinearSystem]) -> tuple[list[str], np.ndarray]:
    """Return the counts that all reports can have, and their values, a column per report.

    A group that a report does not have is none there; a measure that one of them does not have is
    left out, and so is a count that hardly changes: of those everything would seem to hold.
    """
    found = [counts_of(system) for system in systems]
    breakdowns = [{cell.rpartition("|")[0] for cell in counts} for counts in found]
    everywhere = set.intersection(*breakdowns)
    names = sorted({c for counts in found for c in counts if c.rpartition("|")[0] in everywhere})
    values = np.array(
        [
            [
                s.values[counts[name]] if name in counts else 0
                for s, counts in zip(systems, found, strict=True)
            ]
            for name in names
        ]
    )
    busy = np.array([len(set(row.tolist())) >= min(5, len(systems) // 2) for row in values])
    return [name for name, keep in zip(names, busy, strict=True) if keep], values[busy]


def mined(cells: list[str], values: np.ndarray) -> list[Relation]:
    """Return every relation of two or three counts, and of a count and parts of a breakdown."""
    draw = np.random.default_rng(7)
    weights = draw.integers(1, 2**63, values.shape[1], dtype=np.uint64) | np.uint64(1)
    with np.errstate(over="ignore"):
        marks = [int(mark) for mark in (values.astype(np.uint64) * weights).sum(axis=1)]
    twins: dict[int, list[str]] = {}
    for cell, mark in zip(cells, marks, strict=True):
        twins.setdefault(mark, []).append(cell)
    found = [
        Relation((one,), (other,))
        for several in twins.values()
        for one, other in combinations(several, 2)
        if one.rpartition("|")[0] != other.rpartition("|")[0]
    ]
    first = {mark: several[0] for mark, several in twins.items()}
    for (one, a), (other, b) in combinations(((c, m) for m, c in first.items()), 2):
        if (whole := first.get((a + b) % 2**64)) is not None:
            found.append(Relation((whole,), (one, other)))
    found += _of_breakdowns(cells, marks, first)
    bits = dict(zip(cells, np.log2(1 + values).sum(axis=1).tolist(), strict=True))
    return [each for each in found if bits[each.left[0]] >= BITS * len(each.right)]


def _of_breakdowns(cells: list[str], marks: list[int], first: dict[int, str]) -> list[Relation]:
    """A count, or a count less another of its family, is a sum of groups of one breakdown."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for cell, mark in zip(cells, marks, strict=True):
        groups.setdefault(cell.rpartition("|")[0], []).append((cell, mark))
    found = []
    for several in groups.values():
        for size in range(3, min(len(several), LARGEST) + 1) if len(several) <= LARGEST else []:
            for part in combinations(several, size):
                whole = first.get(sum(mark for _, mark in part) % 2**64)
                if whole is not None and whole not in {cell for cell, _ in part}:
                    found.append(Relation((whole,), tuple(cell for cell, _ in part)))
    return found


def unknown(relations: list[Relation], system: LinearSystem) -> list[Relation]:
    """Return the relations that the system's sums do not imply.

    What is none in this report is left out: a whole that happens to have no rest, a group that
    happens to be empty.
    """
    counts = counts_of(system)
    rows = system.rows()
    cells = {cell for row in rows for cell in row} | set(system.values)
    names = sorted(cell for cell in cells if system.values.get(cell, 1))
    place = {name: number for number, name in enumerate(names)}
    entries = [(w, place[c], n) for n, row in enumerate(rows) for c, w in row.items() if c in place]
    data, down, across = zip(*entries, strict=True)
    matrix = csr_array((np.array(data, float), (down, across)), shape=(len(names), len(rows)))
    left = []
    for relation in relations:
        goal = np.zeros(len(names))
        for name, weight in relation.row().items():
            if (cell := counts.get(name)) in place:
                goal[place[cell]] += weight
        if goal.any() and lsqr(matrix, goal, atol=1e-12, btol=1e-12, iter_lim=4000)[3] > _NEAR:
            left.append(relation)
    return left


def counts_to_search() -> list[str]:
    """Return every count that the committee can be given, with the counts it is made of."""
    return [
        searched_name(entry.id, breakdown)
        for entry in catalogue.measures().values()
        if not entry.internal_only
        for breakdown in entry.breakdowns
    ]


def write_searched() -> None:
    """Write the list of counts that were searched; run by ``make relations`` after the search."""
    place = Path(catalogue.__file__).parent / "reference" / "searched.toml"
    lines = "".join(f'    "{each}",\n' for each in counts_to_search())
    place.write_text(f"{HEAD}counts = [\n{lines}]\n", encoding="utf-8")


if __name__ == "__main__":
    write_searched()
