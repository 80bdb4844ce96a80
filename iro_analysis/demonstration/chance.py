"""Seeded chance: the same seed gives the same draws on any machine.

Only uniform numbers are taken from numpy. Everything else (choices by weight, lengths of time) is
worked out from them with sums and straight lines, so that no platform's mathematics library can
change a result.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np

BLOCK = 65_536


class Chance:
    """A stream of draws from one seed.

    Parameters
    ----------
    seed : sequence of int
        The entropy; streams with different entropy are independent.
    """

    def __init__(self, *seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(list(seed))))
        self._block: list[float] = []
        self._cumulated: dict[int, tuple[object, list, list[float]]] = {}

    def uniform(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        if not self._block:
            self._block = self._generator.random(BLOCK).tolist()
        return self._block.pop()

    def happens(self, probability: float) -> bool:
        """Return whether an event of this probability happens."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def choose(self, weights: Mapping[str, float]) -> str:
        """Return a key of `weights`, drawn in proportion to its weight."""
        known = self._cumulated.get(id(weights))
        if known is None or known[0] is not weights:
            known = (weights, list(weights), list(accumulate(weights.values())))
            self._cumulated[id(weights)] = known
        _, keys, running = known
        return keys[min(bisect_right(running, self.uniform() * running[-1]), len(keys) - 1)]

    def position(self, weights: Sequence[float]) -> int:
        """Return the place in `weights` that was drawn in proportion to the weights."""
        running = list(accumulate(weights))
        return min(bisect_right(running, self.uniform() * running[-1]), len(weights) - 1)

    def days(self, quantiles: Sequence[int]) -> int:
        """Return a whole number drawn from a distribution given by its quantiles at equal steps."""
        return quantile(quantiles, self.uniform())

    def shuffled(self, things: Sequence) -> list:
        """Return the things in a drawn order."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.between(0, last)
            order[last], order[other] = order[other], order[last]
        return order

    def some(self, things: Sequence, count: int) -> list:
        """Return `count` of the things, or all where there are fewer, in their order."""
        kept = set(self.shuffled(range(len(things)))[: max(count, 0)])
        return [thing for place, thing in enumerate(things) if place in kept]

    def deck(self, weights: Mapping[str, float], size: int) -> list[str]:
        """Return `size` keys, shuffled, with counts in proportion to their weights."""
        return self.shuffled(dealt(weights, size))


def quantile(quantiles: Sequence[int], share: float) -> int:
    """Return the number at `share` (0 to 1) of a distribution given by equal-step quantiles."""
    if len(quantiles) == 1:
        return quantiles[0]
    place = share * (len(quantiles) - 1)
    left = min(int(place), len(quantiles) - 2)
    return int(quantiles[left] + (place - left) * (quantiles[left + 1] - quantiles[left]) + 0.5)


def dealt(weights: Mapping[str, float], size: int) -> list[str]:
    """Return `size` keys in proportion to their weights, by largest remainder, in order."""
    total = sum(weights.values())
    exact = {key: size * weight / total for key, weight in weights.items()}
    counts = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(weights, key=lambda key: (counts[key] - exact[key], str(key)))
    for key in by_remainder[: size - sum(counts.values())]:
        counts[key] += 1
    return [key for key in weights for _ in range(counts[key])]
