"""The attacker, who knows the rule, the zeros and every sum, and bounds each hidden count.

A linear programme bounds each hidden count from everything that is shown. Its limits are never
narrower than the true whole-number ones, so a count it finds unsafe is unsafe; a proof that the
others are safe needs whole-number witnesses as well (STATISTICS 2.2).
"""

from __future__ import annotations

import numpy as np

from iro_analysis.disclosure.cells import System
from iro_analysis.disclosure.policy import Policy


class Attacker:
    """Bounds hidden counts of a system.

    Parameters
    ----------
    system : System
    """

    def __init__(self, system: System) -> None:
        from scipy.sparse import lil_array

        self.system = system
        self.cells = list(system.values)
        self.place = {cell: number for number, cell in enumerate(self.cells)}
        atoms = len(system.crossings)
        crossed = sorted({cell for pair in system.crossings for cell in pair})
        rows = lil_array((len(system.sums) + len(crossed), len(self.cells) + atoms))
        for number, (total, parts) in enumerate(system.sums):
            rows[number, self.place[total]] -= 1
            for part in parts:
                rows[number, self.place[part]] += 1
        for number, cell in enumerate(crossed, start=len(system.sums)):
            rows[number, self.place[cell]] = -1
            for atom, pair in enumerate(system.crossings, start=len(self.cells)):
                if cell in pair:
                    rows[number, atom] = 1
        self.rows = rows.tocsr()
        self._zeros: dict[str, set[str]] = {}

    def zeros_beside(self, cell: str) -> set[str]:
        """Return the published zeros that share a sum with a cell.

        Where one of them is hidden too, nobody can say which of the hidden ones is the zero.
        """
        if cell not in self._zeros:
            self._zeros[cell] = {
                other
                for total, parts in self.system.sums
                if cell in parts
                for other in parts
                if self.system.values[other] == 0 and other not in self.system.unpublished
            }
        return self._zeros[cell]

    def limits(self, cell: str, hidden: set[str]) -> tuple[float, float]:
        """Return the least and the most that a hidden cell can be, seen from outside.

        Parameters
        ----------
        cell : str
            A hidden or unpublished cell.
        hidden : set of str
            The cells not shown. Zeros are shown, so each is known to be 1 or more, unless a zero
            is hidden beside it; an unpublished cell may be zero.
        """
        from scipy.optimize import linprog

        bounds = [self._bound(name, hidden) for name in self.cells]
        bounds += [(0, None)] * len(self.system.crossings)
        goal = np.zeros(len(bounds))
        found = []
        for sign in (1, -1):
            goal[self.place[cell]] = sign
            result = linprog(
                goal,
                A_eq=self.rows,
                b_eq=np.zeros(self.rows.shape[0]),
                bounds=bounds,
                method="highs",
            )
            if result.status == 3:
                found.append(float("inf"))
            elif result.status != 0:  # a failure to bound is never taken for safety
                return float(self.system.values[cell]), float(self.system.values[cell])
            else:
                found.append(sign * result.fun)
        return found[0], found[1]

    def _bound(self, name: str, hidden: set[str]) -> tuple[float, float | None]:
        if name in self.system.unpublished:
            return 0, None
        if name in hidden:
            may_be_zero = self.system.values[name] == 0 or self.zeros_beside(name) & hidden
            return (0 if may_be_zero else 1), None
        return self.system.values[name], self.system.values[name]

    def is_safe(self, cell: str, hidden: set[str], policy: Policy) -> bool:
        """Whether a hidden cell stays hidden.

        A small count is safe where the largest small count remains possible, and as wide a range
        as the small counts have (from 1 on, but for a total whose hidden parts are each known to
        be 1 or more). Another hidden count is safe where more than one count remains possible.
        """
        low, high = self.limits(cell, hidden)
        if policy.is_small(self.system.values[cell]):
            wide = high - low >= policy.hide_to - policy.hide_from - 1e-6
            return wide and high >= policy.hide_to - 1e-6
        return high - low >= 1 - 1e-6
