"""Bound each hidden count as an attacker could; used to choose what to hide and to prove it.

A hidden count is safe where two complete tables of whole numbers fit everything that is shown and
differ in it by as much as the policy asks. Such a pair is a proof that addition alone can check,
whatever solver found it. A linear programme goes first: its range is never narrower than that over
whole numbers, so what it finds unsafe is unsafe; whole numbers are searched for only where it
finds a count safe and gives no pair itself (STATISTICS 2.2). A search that is given up counts as
unsafe.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from iro_analysis.disclosure.constraints import SECONDS, Constraints
from iro_analysis.disclosure.linear_system import Row
from iro_analysis.disclosure.policy import Policy

_NEAR = 1e-6
_ROOM = 50  # beyond the largest sum shown: no limit that a verdict could rest on


@dataclass(frozen=True)
class Guard:
    """How well a count that is not shown must stay hidden.

    Attributes
    ----------
    floor : int
        What it is known to be at least: zeros are shown, so a figure that is hidden is 1 or
        more, unless a 0 is hidden beside it; what is in no figure may be 0.
    is_small : bool or None
        Whether the range must be as wide as the policy asks of a small number. Of another hidden
        figure it is enough that more than one count remains possible. None: nobody has counted it,
        and only a range in which a small number lies must be so wide.
    """

    floor: int
    is_small: bool | None


@dataclass(frozen=True)
class View:
    """What somebody outside knows.

    Attributes
    ----------
    rows : list of dict
        Cell -> weight: the weighted sum is 0.
    known : dict
        Cell -> count, where it is shown or published elsewhere.
    guarded : dict
        Cell -> ``Guard``: figures shown by a symbol, and small counts that no figure shows but
        that would follow from others.
    """

    rows: list[Row]
    known: dict[str, int]
    guarded: dict[str, Guard]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What can be learned of a count that is not shown.

    A count that is in no report, and clearly no small one, is safe without witnesses.

    Attributes
    ----------
    cell : str
    low, high : float
        Between which the attacker puts it; for a safe one, as far as its witnesses show.
    is_safe : bool
    witnesses : tuple of ndarray
        For a safe one: two complete tables, one with the low count and one with the high one.
    part : Part or None
        The counts with which it hangs together.
    """

    cell: str
    low: float
    high: float
    is_safe: bool
    witnesses: tuple[np.ndarray, ...] = ()
    part: Part | None = None

    @property
    def tables(self) -> Part:
        """The counts with which it hangs together, where there are any."""
        if self.part is None:
            raise LookupError(f"{self.cell} was judged alone")
        return self.part


@dataclass(frozen=True, eq=False)
class Part:
    """Counts not shown that hang together, and the rows in which they stand.

    Attributes
    ----------
    constraints : Constraints
    rows : list of dict
    """

    constraints: Constraints
    rows: list[Row]


@dataclass
class Auditor:
    """Bounds every hidden count; parts that have not changed since are not looked at again.

    Attributes
    ----------
    policy : Policy
    seconds : float
        For each search of a solver.
    """

    policy: Policy
    seconds: float = SECONDS
    _seen: dict[object, list[Verdict]] = field(default_factory=dict)

    def verdicts(self, view: View) -> list[Verdict]:
        """Return a verdict for every guarded count."""
        found = []
        for names, rows in _parts(view):
            key = _key(names, rows, view)
            if key not in self._seen:
                self._seen[key] = self._of_part(names, rows, view)
            found += self._seen[key]
        return found

    def _of_part(self, names: list[str], rows: list[Row], view: View) -> list[Verdict]:
        if len(names) == 1 and rows:
            return [self._of_one(names[0], rows, view)]
        part = _part_of(names, rows, view, _ROOM + self.policy.hide_to)
        witnesses: list[np.ndarray] = []
        return [
            self._of_cell(part, number, view.guarded[name], witnesses)
            for number, name in enumerate(names)
            if name in view.guarded
        ]

    def _of_one(self, name: str, rows: list[Row], view: View) -> Verdict:
        """Return the verdict on a count that stands alone in a row: it can be read off."""
        count = _rest_of(rows[0], view) / rows[0][name]
        if self._is_no_secret(count, count, view.guarded[name]):
            return Verdict(name, count, count, True)
        return Verdict(name, count, count, False, part=_part_of([name], rows, view, _ROOM))

    def _of_cell(
        self, part: Part, number: int, guard: Guard, witnesses: list[np.ndarray]
    ) -> Verdict:
        """Return the verdict on one unknown count; tables found on the way serve those after it."""
        constraints, name = part.constraints, part.constraints.names[number]
        goal = np.zeros(len(constraints.names))
        goal[number] = 1.0
        low, high = -math.inf, math.inf
        for whole in (False, True):
            if pair := self._pair(witnesses, number, guard):
                return Verdict(name, pair[0][number], pair[1][number], True, pair, part)
            for sign in (-1, 1):
                best = constraints.best(sign * goal, whole=whole, seconds=self.seconds)
                if math.isnan(best.value):
                    return Verdict(name, math.nan, math.nan, False, part=part)
                if sign < 0:
                    high = math.floor(-best.value + _NEAR)
                else:
                    low = math.ceil(best.value - _NEAR)
                if best.table is not None and constraints.holds(np.rint(best.table)):
                    witnesses.append(np.rint(best.table))
            if not self._is_enough(low, high, guard):
                is_safe = self._is_no_secret(low, high, guard)
                return Verdict(name, low, high, is_safe, part=part)
        pair = self._pair(witnesses, number, guard)
        return Verdict(name, low, high, bool(pair), pair, part)

    def _is_enough(self, low: float, high: float, guard: Guard) -> bool:
        if guard.is_small is False:
            return high - low >= 1
        return self.policy.is_wide(low, high)

    def _is_no_secret(self, low: float, high: float, guard: Guard) -> bool:
        none_small = low > self.policy.hide_to or high < self.policy.hide_from
        return guard.is_small is None and none_small

    def _pair(
        self, witnesses: list[np.ndarray], number: int, guard: Guard
    ) -> tuple[np.ndarray, ...]:
        if not witnesses:
            return ()
        least = min(witnesses, key=lambda table: table[number])
        most = max(witnesses, key=lambda table: table[number])
        return (least, most) if self._is_enough(least[number], most[number], guard) else ()


def without_a_fit(view: View) -> set[str]:
    """Return the counts that are not shown for which no number at all fits what is known."""
    wrong: set[str] = set()
    for names, rows in _parts(view):
        if not _fits(names, rows, view):
            wrong.update(names)
    return wrong


def misleading(view: View, doubtful: list[Row]) -> list[Row]:
    """Return the doubtful rows to remove so that some numbers fit all the other rows.

    The sums of the doubtful rows are changed as little as possible in total, over numbers that need
    not be whole. Rows that had to change are removed; the rest stay known. Of what does not fit
    even without all doubtful rows, nothing is removed.

    Parameters
    ----------
    view : View
    doubtful : list of dict
        Rows of the view that need not hold.
    """
    found: list[Row] = []
    own = {id(row) for row in doubtful}
    for names, rows in _parts(view):
        if _fits(names, rows, view):
            continue
        elastic = [number for number, row in enumerate(rows) if id(row) in own]
        stretched = _part_of(names, rows, view, _ROOM).constraints.stretched(elastic) or []
        kept = [row for number, row in enumerate(rows) if number not in stretched]
        for row in (rows[number] for number in stretched):  # put back each that fits
            if _fits(names, [*kept, row], view):
                kept.append(row)
            else:
                found.append(row)
    return found


def _fits(names: list[str], rows: list[Row], view: View) -> bool:
    """Whether some numbers agree with all rows."""
    constraints = _part_of(names, rows, view, _ROOM).constraints
    return not math.isnan(constraints.best(np.zeros(len(names)), whole=False).value)


def digest(verdicts: Iterable[Verdict]) -> str:
    """Return the SHA-256 of all witnesses together: it names the proof without giving a table."""
    sums = hashlib.sha256()
    for verdict in sorted(verdicts, key=lambda each: each.cell):
        for table in verdict.witnesses:
            words = " ".join(
                f"{name}={int(count)}"
                for name, count in zip(verdict.tables.constraints.names, table, strict=True)
            )
            sums.update(f"{verdict.cell}: {words}\n".encode())
    return sums.hexdigest()


def revealed_by(verdict: Verdict, view: View, policy: Policy) -> list[str]:
    """Return the shown counts by which a count is given away, the fewest rows that do it."""
    rows = list(verdict.tables.rows)
    for row in list(rows):
        fewer = [other for other in rows if other is not row]
        names = sorted({cell for each in fewer for cell in each if cell not in view.known})
        if verdict.cell not in names:
            continue
        constraints = _part_of(names, fewer, view, _ROOM + policy.hide_to).constraints
        limits = constraints.limits(verdict.cell, whole=False)
        if limits and limits[0] >= verdict.low - _NEAR and limits[1] <= verdict.high + _NEAR:
            rows = fewer
    return sorted({cell for row in rows for cell in row if cell in view.known})


def _parts(view: View) -> list[tuple[list[str], list[Row]]]:
    """Return the counts that are not shown in groups that have nothing to do with one another."""
    leader = {cell: cell for cell in view.guarded if cell not in view.known}

    def find(cell: str) -> str:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    unknown = []
    for row in view.rows:
        cells = [cell for cell in row if cell not in view.known]
        unknown.append(cells)
        for cell in cells:
            leader.setdefault(cell, cell)
            leader[find(cell)] = find(cells[0])
    groups: dict[str, tuple[list[str], list[Row]]] = {}
    for cell in sorted(leader):
        groups.setdefault(find(cell), ([], []))[0].append(cell)
    for row, cells in zip(view.rows, unknown, strict=True):
        if cells:
            groups[find(cells[0])][1].append(row)
    return [group for group in groups.values() if not view.guarded.keys().isdisjoint(group[0])]


def _part_of(names: list[str], rows: list[Row], view: View, room: int) -> Part:
    bare = [
        {cell: weight for cell, weight in row.items() if cell not in view.known} for row in rows
    ]
    sums = [_rest_of(row, view) for row in rows]
    most = sum(map(abs, sums)) + room
    lower = [view.guarded[cell].floor if cell in view.guarded else 0 for cell in names]
    return Part(Constraints.of(names, lower, [most] * len(names), bare, sums, sums), rows)


def _rest_of(row: Row, view: View) -> int:
    """Return what the counts of a row that are not known add up to."""
    return -sum(weight * view.known[cell] for cell, weight in row.items() if cell in view.known)


def _key(names: list[str], rows: list[Row], view: View) -> object:
    """Return all that a part's verdicts depend on."""
    return (
        tuple((name, view.guarded.get(name)) for name in names),
        tuple(
            sorted(
                tuple(sorted((cell, weight, view.known.get(cell)) for cell, weight in row.items()))
                for row in rows
            )
        ),
    )
