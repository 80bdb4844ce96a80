"""Which counts to hide: the small ones, and the cheapest others that keep the small ones hidden.

For each hidden count that the attacker can bound too closely, an integer programme chooses the
cheapest further counts to hide so that two complete tables fit everything still shown: one with the
count at its floor, one with it at the largest small number (STATISTICS 2.4). All tables of the
report are one system.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from iro_analysis.disclosure.audit import Attacker
from iro_analysis.disclosure.cells import System
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import DisclosureError

SECONDS = 30


def cells_to_hide(system: System, policy: Policy) -> set[str]:
    """Return the cells that are not shown.

    Parameters
    ----------
    system : System
    policy : Policy

    Returns
    -------
    set of str
        The small counts, and what had to be hidden with them; a zero among these only where
        nothing else would do as cheaply.

    Raises
    ------
    DisclosureError
        If a small count cannot be protected; it names the cell.
    """
    return set().union(*(_hidden_in(part, policy) for part in system.parts()))


def _hidden_in(system: System, policy: Policy) -> set[str]:
    """Return the cells of one connected system that are not shown."""
    published = {cell for cell in system.values if cell not in system.unpublished}
    hidden = {cell for cell in published if policy.is_small(system.values[cell])}
    guarded = hidden | {c for c in system.unpublished if policy.is_small(system.values[c])}
    if not guarded:
        return hidden
    attacker = Attacker(system)
    waiting = sorted(guarded)
    while waiting:
        cell = waiting.pop(0)
        if attacker.is_safe(cell, hidden, policy):
            continue
        extra = _cheapest(cell, attacker, hidden, published, policy, from_one=True)
        extra = extra or _cheapest(cell, attacker, hidden, published, policy, from_one=False)
        if not extra:
            raise DisclosureError(
                f"{cell.replace('|', ', ')}: the small number behind this figure can be worked "
                "out from the others; the report is not written"
            )
        hidden |= extra
        waiting = [cell, *waiting, *sorted(extra)]
    _verify(attacker, hidden, guarded, policy)
    return hidden


def _cost(cell: str, system: System, policy: Policy) -> float:
    """Return what hiding a count costs: its size, more for totals and for headline figures."""
    size = max(system.values[cell], policy.cost_of_a_zero)
    if cell in policy.keep_if_possible:
        return size * policy.cost_of_a_headline
    totals = {total for total, _ in system.sums}
    return size * (policy.cost_of_a_total if cell in totals else 1)


def _cheapest(
    cell: str,
    attacker: Attacker,
    hidden: set[str],
    published: set[str],
    policy: Policy,
    *,
    from_one: bool,
) -> set[str]:
    """Return the cheapest counts to hide besides, so that one hidden count is safe; or nothing.

    With `from_one` a small count must be possible from the smallest small count on; without, over
    as wide a range anywhere.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array, csr_array, hstack, vstack

    system = attacker.system
    cells, values = attacker.cells, system.values
    count, width = len(cells), attacker.rows.shape[1]
    choices = [c for c in cells if c in published and c not in hidden]
    place = {c: 2 * width + number for number, c in enumerate(choices)}
    size = 2 * width + len(choices)
    most = max(values.values()) + policy.hide_to + 1
    zero = csr_array(attacker.rows.shape)
    nothing = csr_array((attacker.rows.shape[0], len(choices)))
    blocks = [
        hstack([attacker.rows, zero, nothing]),
        hstack([zero, attacker.rows, nothing]),
    ]
    lows, highs = [0.0] * (2 * attacker.rows.shape[0]), [0.0] * (2 * attacker.rows.shape[0])
    entries: list[tuple[int, int, float]] = []
    row = 0

    def require(parts: list[tuple[int, float]], low: float, high: float) -> None:
        nonlocal row
        entries.extend((row, column, weight) for column, weight in parts)
        lows.append(low)
        highs.append(high)
        row += 1

    for shift in (0, width):
        for number, name in enumerate(cells):
            column = shift + number
            if name in place:  # shown, unless chosen: then anything from 0 to `most`
                require([(column, 1), (place[name], -most)], -np.inf, values[name])
                require([(column, 1), (place[name], most)], values[name], np.inf)
            if name not in system.unpublished and values[name] > 0:
                zeros = attacker.zeros_beside(name)
                floor = 0 if zeros & hidden else 1
                require([(column, 1), *((place[z], 1) for z in zeros if z in place)], floor, np.inf)
    own = cells.index(cell)
    if policy.is_small(values[cell]):
        if from_one:
            require([(own, 1)], -np.inf, policy.hide_from)
        require([(width + own, 1), (own, -1)], policy.hide_to - policy.hide_from, np.inf)
        require([(width + own, 1)], policy.hide_to, np.inf)
    else:
        require([(width + own, 1), (own, -1)], 1, np.inf)
    rows, columns, weights = zip(*entries, strict=True)
    extra = coo_array((weights, (rows, columns)), shape=(row, size))
    goal = np.zeros(size)
    for name, column in place.items():
        goal[column] = _cost(name, system, policy)
    whole = np.zeros(size)
    whole[2 * width :] = 1
    whole[:count] = whole[width : width + count] = 1
    upper = np.full(size, np.inf)
    upper[2 * width :] = 1
    with _quiet():
        result = milp(
            goal,
            integrality=whole,
            bounds=Bounds(0, upper),
            constraints=LinearConstraint(vstack([*blocks, extra]).tocsr(), lows, highs),
            options={"time_limit": SECONDS, "mip_rel_gap": 0.02},
        )
    if result.x is None:
        return set()
    return {name for name, column in place.items() if result.x[column] > 0.5}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the solver itself prints out of a run's output."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:  # no output to keep clean
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _verify(attacker: Attacker, hidden: set[str], guarded: set[str], policy: Policy) -> None:
    unsafe = [c for c in sorted(hidden | guarded) if not attacker.is_safe(c, hidden, policy)]
    if unsafe:
        raise DisclosureError(
            *(f"{cell.replace('|', ', ')}: the hidden number can be worked out" for cell in unsafe)
        )
