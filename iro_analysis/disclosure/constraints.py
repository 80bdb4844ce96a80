"""Integer unknowns under linear constraints, and the least and greatest value that each can have.

The finest counts of a report are the unknowns. Every published figure is a row over them: an
equality (a count that is shown) or a range (a rounded figure, a printed percentage). What an
attacker can learn of a row or an unknown is its least and greatest value over all tables that fit
(STATISTICS 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from iro_analysis.disclosure.narrowing import Ranges

SECONDS = 10.0
_FITS = 1e-6
_OPTIMAL, _UNBOUNDED = 0, 3  # scipy's codes for how a solver ended


@dataclass(frozen=True, eq=False)
class Constraints:
    """A system of whole numbers.

    Attributes
    ----------
    names : tuple of str
        The unknown counts.
    lower, upper : ndarray
        What each may be at least and at most; ``inf`` where nothing bounds it.
    rows : csr_array
        Weights, one row per published figure, one column per unknown.
    low, high : ndarray
        Between which the sum of each row lies; alike where the figure is exact.
    """

    names: tuple[str, ...]
    lower: np.ndarray
    upper: np.ndarray
    rows: Any
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        lower: Sequence[float],
        upper: Sequence[float],
        rows: Sequence[Mapping[str, float]],
        low: Sequence[float],
        high: Sequence[float],
    ) -> Constraints:
        """Return the system of unknowns whose rows are given as name -> weight."""
        from scipy.sparse import csr_array

        place = {name: number for number, name in enumerate(names)}
        entries = [
            (weight, number, place[name])
            for number, row in enumerate(rows)
            for name, weight in row.items()
        ]
        weights, down, across = zip(*entries, strict=True) if entries else ((), (), ())
        return cls(
            tuple(names),
            np.asarray(lower, float),
            np.asarray(upper, float),
            csr_array((weights, (down, across)), shape=(len(rows), len(names)), dtype=float),
            np.asarray(low, float),
            np.asarray(high, float),
        )

    def best(self, goal: np.ndarray, *, whole: bool, seconds: float = SECONDS) -> Best:
        """Return the table that makes a weighted sum as small as it can be.

        Parameters
        ----------
        goal : ndarray
            A weight for each unknown.
        whole : bool
            Whether only whole numbers will do. Without, the answer is never above the true one.
        seconds : float
            After which the search is given up.
        """
        ranges = self._ranges
        if ranges is not None:
            if not ranges.is_possible:
                return Best(np.nan, None)
            table = ranges.only_best(goal)
            if table is not None and self.holds(table):
                return Best(float(goal @ table), table)
        return self._searched(goal, whole, seconds)

    def _searched(self, goal: np.ndarray, whole: bool, seconds: float) -> Best:
        """Return what a solver finds."""
        from scipy.optimize import milp

        bounds, constraints = self._for_the_solver
        result = milp(
            goal,
            integrality=np.full(len(self.names), int(whole)),
            bounds=bounds,
            constraints=constraints,
            options={"time_limit": seconds},
        )
        if result.status == _UNBOUNDED:
            return Best(-np.inf, None)
        if result.status != _OPTIMAL:
            return Best(np.nan, None)
        return Best(float(result.fun), result.x)

    @cached_property
    def _for_the_solver(self) -> tuple[Any, list[Any]]:
        """The bounds and rows as the solver takes them: it is asked for each unknown."""
        from scipy.optimize import Bounds, LinearConstraint
        from scipy.sparse import csc_array

        columns = csc_array(self.rows)  # as the solver holds them
        rows = [LinearConstraint(columns, self.low, self.high)] if len(self.low) else []
        return Bounds(self.lower, self.upper), rows

    @cached_property
    def _ranges(self) -> Ranges | None:
        """What the bounds alone can settle; None where a count has no bound."""
        if not np.isfinite([self.lower, self.upper]).all():
            return None
        ends, places, weights = (
            part.tolist() for part in (self.rows.indptr, self.rows.indices, self.rows.data)
        )
        entries = list(zip(places, weights, strict=True))
        lines = [entries[first:last] for first, last in pairwise(ends)]
        rows = list(zip(lines, self.low.tolist(), self.high.tolist(), strict=True))
        return Ranges(self.lower.tolist(), self.upper.tolist(), rows)

    def limits(
        self, name: str, *, whole: bool = True, seconds: float = SECONDS
    ) -> tuple[float, float] | None:
        """Return the least and the most that an unknown can be, or None where that was not found.

        Parameters
        ----------
        name : str
        whole : bool
            Over whole numbers, or over all numbers (which never gives a narrower range).
        seconds : float
            For each of the two searches. One that is given up says nothing: None, never safety.
        """
        goal = np.zeros(len(self.names))
        goal[self.names.index(name)] = 1.0
        least = self.best(goal, whole=whole, seconds=seconds).value
        most = -self.best(-goal, whole=whole, seconds=seconds).value
        return None if np.isnan(least) or np.isnan(most) else (least, most)

    def stretched(self, rows: Sequence[int]) -> list[int] | None:
        """Return which of some rows cannot hold, where as little as can be is taken from them.

        Parameters
        ----------
        rows : sequence of int
            The rows that need not hold.

        Returns
        -------
        list of int or None
            None where no table fits even the others, or none was found in time.
        """
        from scipy.sparse import csr_array, hstack

        count, ends = len(rows), np.arange(len(rows))
        more = csr_array(
            (np.ones(count), (np.asarray(rows, int), ends)), shape=(len(self.low), count)
        )
        eased = Constraints(
            self.names + ("",) * (2 * count),
            np.concatenate([self.lower, np.zeros(2 * count)]),
            np.concatenate([self.upper, np.full(2 * count, np.inf)]),
            hstack([self.rows, more, -more], format="csr"),
            self.low,
            self.high,
        )
        goal = np.concatenate([np.zeros(len(self.names)), np.ones(2 * count)])
        table = eased.best(goal, whole=False).table
        if table is None:
            return None
        up, down = table[len(self.names) :].reshape(2, count)
        return [row for row, gap in zip(rows, up + down, strict=True) if gap > _FITS]

    def holds(self, table: np.ndarray) -> bool:
        """Whether a table of whole numbers agrees with every row: by addition alone."""
        if not np.array_equal(table, np.rint(table)):
            return False
        if (table < self.lower).any() or (table > self.upper).any():
            return False
        sums = self.rows @ table
        return bool(((sums >= self.low - _FITS) & (sums <= self.high + _FITS)).all())


@dataclass(frozen=True, eq=False)
class Best:
    """What a solver found.

    Attributes
    ----------
    value : float
        ``-inf`` where nothing bounds it, not a number where no answer was found in time.
    table : ndarray or None
    """

    value: float
    table: np.ndarray | None
