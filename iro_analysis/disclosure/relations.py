"""Add the sums between counts that ``reference/relations.toml`` names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, pairwise

from iro_analysis import codes
from iro_analysis.disclosure.linear_system import AT, LinearSystem
from iro_analysis.errors import ReferenceDataError
from iro_analysis.periods import Period, moved, single

_KINDS = {
    "sum": {"what", "left", "right", "without", "rest", "each_period", "only_years"},
    "nested": {"chain"},
    "compared": {"what", "cells"},
    "pair": {"what", "pairs", "single", "joined_by"},
    "crossing": {
        "what", "one", "other", "code_list", "one_column", "one_column_from_2023", "other_column",
        "by_provider",
    },
}  # fmt: skip


def link(system: LinearSystem, own: Period) -> None:
    """Add every sum that the records name between counts of a report.

    Parameters
    ----------
    system : LinearSystem
        Of a report; sums and remainders are added to it.
    own : Period
        The report's.

    Raises
    ------
    ReferenceDataError
        If a record has an unknown part.
    """
    records = codes.record("relations")
    for kind, entries in records.items():
        for entry in entries:
            if unknown := set(entry) - _KINDS.get(kind, set()):
                raise ReferenceDataError(f"relations.toml: {kind}: unknown parts {sorted(unknown)}")
    for entry in records["sum"]:
        _sum(entry, system, own)
    for entry in records["nested"]:
        for inner, outer in pairwise(entry["chain"]):
            _nested(inner, outer, system)
    for entry in records["compared"]:
        _compared(_cells(entry["cells"], system) or [], system)
    for entry in records["pair"]:
        _pair(entry, system)
    for entry in records["crossing"]:
        _crossing(entry, system)


def _cells(
    specs: list[str], system: LinearSystem, without: tuple[str, ...] = ()
) -> list[str] | None:
    """Return the counts that some specifications name; None where one is not in the report."""
    found = []
    for spec in specs:
        if spec.endswith("*"):
            start = spec.removesuffix("*")
            several = [c for c in system.values if c.startswith(start) and AT not in c]
            several = [c for c in several if c not in without and c not in system.unpublished]
            if not several:
                return None
            found += several
        elif (name := spec.removesuffix("?")) in system.values:
            found.append(name)
        elif not spec.endswith("?"):
            return None
    return found


def _sum(entry: dict, system: LinearSystem, own: Period) -> None:
    if entry.get("only_years") and not own.is_year:
        return
    periods = [(own, "")]
    if entry.get("each_period"):
        shown = [c for c in system.values if AT in c and c not in system.unpublished]
        known = dict.fromkeys(cell.partition(AT)[2] for cell in shown)
        periods += [(single(name), f"{AT}{name}") for name in known]
    for period, at in periods:
        left, right = (
            _cells([_filled(spec, period, at) for spec in entry[side]], system, _without(entry))
            for side in ("left", "right")
        )
        if left and right:
            _balance(system, left, right, entry.get("rest", ""))


def _without(entry: dict) -> tuple[str, ...]:
    return tuple(entry.get("without", ()))


def _filled(spec: str, period: Period, at: str) -> str:
    """Return a specification with the days of a period, and as a count of that period."""
    bare, _, back = spec.partition(" @ {")
    if back:
        return f"{bare}{AT}{moved(period, 12 * int(back.removesuffix('}'))).name}"
    eve = period.start - timedelta(days=1)
    dated = spec.replace("{eve}", eve.isoformat()).replace("{end}", period.end.isoformat())
    return dated if dated != spec else spec + at


def _balance(system: LinearSystem, left: list[str], right: list[str], rest: str) -> None:
    """Record that the left holds the right, and what it holds besides."""
    over = sum(system.values[cell] for cell in left) - sum(system.values[cell] for cell in right)
    if over < 0:
        return  # the data contradict the record: nothing follows from it
    total = left[0]
    if len(left) > 1:
        total = f"together|{'+'.join(left)}"
        if total not in system.values:
            system.values[total] = sum(system.values[cell] for cell in left)
            system.unpublished.add(total)
            system.sums.append((total, left))
    if rest:
        system.values.setdefault(rest, over)
        system.unpublished.add(rest)
        system.sums.append((total, [*right, rest]))
    else:
        system.add_sum(total, right)


def _nested(inner: str, outer: str, system: LinearSystem) -> None:
    """Add the difference between a figure and one that includes it."""
    for part in [cell for cell in system.values if cell.startswith(f"{inner}|")]:
        whole = outer + part.removeprefix(inner)
        if part not in system.unpublished and whole in system.values:
            system.add_remainder(whole, part)


def _compared(cells: list[str], system: LinearSystem) -> None:
    for pair in combinations(cells, 2):
        small, large = sorted(pair, key=lambda cell: system.values[cell])
        system.add_remainder(large, small)


def _pair(entry: dict, system: LinearSystem) -> None:
    """Two groups given together are the one and the other."""
    mark = f"|{entry['pairs']}|"
    for cell in [cell for cell in system.values if mark in cell and AT not in cell]:
        name, _, groups = cell.partition(mark)
        parts = [f"{name}|{entry['single']}|{g}" for g in groups.split(entry["joined_by"])]
        if cell not in system.unpublished and set(parts) <= set(system.values):
            system.add_sum(cell, parts)


def _crossing(entry: dict, system: LinearSystem) -> None:
    """Two views of one code: which groups go together is public."""
    one, other = (
        {
            cell.rpartition("|")[2]: cell
            for cell in system.values
            if cell.startswith(f"{entry[side]}|") and AT not in cell
        }
        for side in ("one", "other")
    )
    if not one or not other:
        return
    pairs = [pair for pair in _pairs(entry, set(one)) if pair[0] in one and pair[1] in other]
    system.crossings += sorted((one[first], other[second]) for first, second in set(pairs))


def _pairs(entry: dict, groups: set[str]) -> Iterator[tuple[str, str]]:
    rows = codes.CodeList(entry["code_list"]).rows
    column = entry["one_column"]
    later = entry.get("one_column_from_2023")
    if later and not set(rows[column]) >= groups - {codes.NOT_KNOWN}:
        column = later
    yield codes.NOT_KNOWN, codes.NOT_KNOWN
    by_provider = codes.PLACEMENT_PROVIDER
    for first, second in zip(rows[column], rows[entry["other_column"]], strict=True):
        if second == "by provider":
            yield from ((first, name) for name in by_provider.groups(entry["by_provider"]))
        else:
            yield first, second or codes.NOT_KNOWN
