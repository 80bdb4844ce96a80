"""Narrow the bounds of hidden counts from one sum at a time, which often spares the solver.

Each row bounds each of its counts by what the others can be. Where a count takes the best of its
bounds, and no count has a choice left then, that table is the only best one: a solver would find
the same, and take many times as long.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

Line = tuple[list[tuple[int, float]], float, float]  # number of a count and weight; low, high
_NEAR = 1e-9
_APART = 1e-6  # bounds that contradict each other by more leave no table at all
_TIMES = 10  # that each row is looked at: bounds can close in on each other for ever


class Ranges:
    """Bounds of each count that the rows, taken one by one, imply.

    Parameters
    ----------
    lower, upper : sequence of float
        What each count may be at least and at most; none of them infinite.
    lines : list of Line
        The rows.

    Attributes
    ----------
    is_possible : bool
        False where no table fits. True says nothing: rows can contradict each other together.
    """

    def __init__(self, lower: Sequence[float], upper: Sequence[float], lines: list[Line]) -> None:
        self._lines = lines
        self._least, self._most = list(lower), list(upper)
        self._beside: list[list[int]] = [[] for _ in lower]
        for number, (parts, _, _) in enumerate(lines):
            for count, _ in parts:
                self._beside[count].append(number)
        begun = not any(low > high for low, high in zip(lower, upper, strict=True))
        self.is_possible = begun and self._narrow(self._least, self._most, range(len(lines)))

    def only_best(self, goal: np.ndarray) -> np.ndarray | None:
        """Return the one table that makes a weighted sum smallest, where bounds alone settle it.

        Parameters
        ----------
        goal : ndarray
            A weight for each count.

        Returns
        -------
        ndarray or None
            A table of whole numbers; None where there may be several, or none.
        """
        least, most = list(self._least), list(self._most)
        asked = np.flatnonzero(goal).tolist()
        for count in asked:
            if goal[count] > 0:
                most[count] = least[count]
            else:
                least[count] = most[count]
        rows = dict.fromkeys(number for count in asked for number in self._beside[count])
        if not self._narrow(least, most, rows):
            return None
        if any(high - low > _NEAR for low, high in zip(least, most, strict=True)):
            return None
        table = np.rint(least)
        return table if np.abs(table - least).max(initial=0) <= _NEAR else None

    def _narrow(self, least: list[float], most: list[float], rows: Iterable[int]) -> bool:
        """Narrow the bounds by some rows, and by those that this touches; False: nothing fits."""
        waiting = deque(rows)
        queued = set(waiting)
        for _ in range(_TIMES * len(self._lines)):
            if not waiting:
                break
            number = waiting.popleft()
            queued.discard(number)
            for count in self._narrowed(number, least, most):
                if least[count] > most[count] + _APART:
                    return False
                for other in self._beside[count]:
                    if other != number and other not in queued:
                        queued.add(other)
                        waiting.append(other)
        return True

    def _narrowed(self, number: int, least: list[float], most: list[float]) -> list[int]:
        """Narrow the bounds of a row's counts by each other's; return those that became closer."""
        parts, low, high = self._lines[number]
        bottom = sum(w * (least[count] if w > 0 else most[count]) for count, w in parts)
        top = sum(w * (most[count] if w > 0 else least[count]) for count, w in parts)
        closer = []
        for count, weight in parts:
            under, over = (high - bottom) / weight, (low - top) / weight
            if weight < 0:
                under, over = over, under
            below, above = most[count] + over, least[count] + under
            if below > least[count] + _NEAR:
                least[count] = below
                closer.append(count)
            if above < most[count] - _NEAR:
                most[count] = above
                closer.append(count)
        return closer
