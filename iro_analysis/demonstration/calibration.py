"""Choose, among generated children, an authority whose figures are the printed ones.

No journey is edited: each child is generated whole, and the search only decides who belongs to the
authority. All sums are of whole numbers, so the choice is the same on any machine.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from .calendars import day
from .measures import Figure, adds
from .people import Child
from .settings import settings, table


class NotMet(RuntimeError):
    """The printed figures could not all be met with these draws."""


def figures() -> list[Figure]:
    """Return the figures to be met, in the order of the data file."""
    return [
        Figure(
            row["measure"],
            row["group"],
            day(date.fromisoformat(row["first"] or row["last"])),
            day(date.fromisoformat(row["last"])),
            int(row["value"]),
        )
        for row in table("targets")
    ]


def chosen(pool: list[Child], seed: int) -> list[Child]:
    """Return the children of the pool who together give the printed figures.

    Parameters
    ----------
    pool : list of Child
        Many more children than are needed.
    seed : int
        For the order in which exchanges are tried.

    Returns
    -------
    list of Child
        In the order of the pool.

    Raises
    ------
    NotMet
        If the steps of the data file do not suffice.
    """
    contributions = np.array(
        [[adds(child, figure) for figure in figures()] for child in pool], dtype=np.int64
    )
    search = Search(contributions, np.random.Generator(np.random.PCG64(seed)))
    return [child for child, taken in zip(pool, search.run(), strict=True) if taken]


class Search:
    """Exchange children between the authority and the pool to bring the figures nearer."""

    def __init__(self, contributions: np.ndarray, generator: np.random.Generator) -> None:
        rows = table("targets")
        nobody = np.zeros((1, contributions.shape[1]), dtype=np.int64)
        self.contributions = np.vstack([contributions, nobody])  # the last row stands for nobody
        self.wanted = np.array(
            [0 if row["measure"] == "reviews_in_time" else int(row["value"]) for row in rows],
            dtype=np.int64,
        )
        self.tolerance = np.array([int(row["tolerance"]) for row in rows], dtype=np.int64)
        self.weight = np.array([int(row["weight"]) for row in rows], dtype=np.int64)
        self.generator = generator
        self.rules = settings("targets")["search"]

    def cost(self, differences: np.ndarray) -> np.ndarray:
        """Return the weighted squares of what lies outside the tolerances, for one or many rows."""
        outside = np.maximum(np.abs(differences) - self.tolerance, 0)
        return (outside * outside) @ self.weight

    def run(self) -> np.ndarray:
        """Return who is taken, one flag for each child of the pool."""
        children = len(self.contributions) - 1
        taken = np.zeros(children + 1, dtype=bool)
        taken[:children] = self._random(children) < 2**32 // self.rules["pool"]
        difference = self.contributions[taken].sum(axis=0) - self.wanted
        cost = int(self.cost(difference))
        for step in range(self.rules["steps"]):
            if cost <= self.rules["enough"]:
                return taken[:children]
            leaves, joins, new_cost = self._exchange(taken, difference, step)
            if new_cost <= cost + self._random(1)[0] % (self.rules["slack"] + 1) * (
                step % self.rules["slack_every"] == 0
            ):
                difference += self.contributions[joins] - self.contributions[leaves]
                taken[leaves], taken[joins] = False, True
                taken[children] = False
                cost = new_cost
        raise NotMet(f"the figures are still {cost} away after {self.rules['steps']} exchanges")

    def _random(self, count: int) -> np.ndarray:
        return self.generator.integers(0, 2**32, size=count, dtype=np.int64)

    def _drawn(
        self, taken: np.ndarray, difference: np.ndarray, *, guided: bool, entering: bool
    ) -> tuple[int, bool]:
        """Return a child to move and whether it enters; guided, it helps a figure."""
        able = ~taken[:-1] if entering else taken[:-1]
        wrong = np.flatnonzero(np.abs(difference) > self.tolerance)
        if guided and len(wrong):
            figure = int(wrong[self._random(1)[0] % len(wrong)])
            entering = bool(difference[figure] < 0)
            helpful = self.contributions[:-1, figure] > 0
            able = helpful & (~taken[:-1] if entering else taken[:-1])
        children = np.flatnonzero(able)
        if not len(children) or self._random(1)[0] % 10 == 0:
            return len(taken) - 1, entering
        return int(children[self._random(1)[0] % len(children)]), entering

    def _exchange(
        self, taken: np.ndarray, difference: np.ndarray, step: int
    ) -> tuple[int, int, int]:
        """Return who leaves, who joins, and the cost after: one is drawn, the other the best."""
        drawn, entering = self._drawn(
            taken, difference, guided=step % 4 < 2, entering=step % 2 == 0
        )
        others = np.flatnonzero(taken[:-1] if entering else ~taken[:-1])
        if len(others) > self.rules["candidates"]:
            others = others[self._random(self.rules["candidates"]) % len(others)]
        sample = np.append(others, len(taken) - 1)
        sign = 1 if entering else -1
        moved = difference + sign * (self.contributions[drawn] - self.contributions[sample])
        costs = self.cost(moved)
        best = int(costs.argmin())
        other = int(sample[best])
        return (other, drawn, int(costs[best])) if entering else (drawn, other, int(costs[best]))
