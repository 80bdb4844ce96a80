"""Which counts to hide: the small ones, and as few others as keep the small ones hidden."""

from __future__ import annotations

from iro_analysis.disclosure.audit import Attacker
from iro_analysis.disclosure.cells import System
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import DisclosureError


def cells_to_hide(system: System, policy: Policy) -> set[str]:
    """Return the cells that are not shown.

    Small counts first; then, until the attacker can bound none of them too closely, the smallest
    count that shares a sum with one that is not safe yet. Zeros stay.

    Parameters
    ----------
    system : System
    policy : Policy

    Raises
    ------
    DisclosureError
        If a small count cannot be protected; it names the cell.
    """
    published = [cell for cell in system.values if cell not in system.unpublished]
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
        extra = _cheapest(cell, attacker, hidden, set(published))
        if extra is None:
            raise DisclosureError(
                f"{cell.replace('|', ', ')}: the small number behind this figure can be worked "
                "out from the others; the report is not written"
            )
        hidden.add(extra)
        waiting = [cell, *waiting, extra]
    _verify(attacker, hidden, guarded, policy)
    return hidden


def _cheapest(cell: str, attacker: Attacker, hidden: set[str], published: set[str]) -> str | None:
    """Return the smallest shown count, not zero, that is linked to a cell; totals come last."""
    values = attacker.system.values
    totals = {total for total, _ in attacker.system.sums}
    reached, ring = {cell}, {cell}
    while ring:
        ring = {other for one in ring for other in attacker.neighbours(one)} - reached
        reached |= ring
        open_to_hide = [c for c in ring if c in published and c not in hidden and values[c] > 0]
        if open_to_hide:
            return min(open_to_hide, key=lambda c: (c in totals, values[c], c))
    return None


def _verify(attacker: Attacker, hidden: set[str], guarded: set[str], policy: Policy) -> None:
    unsafe = [c for c in sorted(hidden | guarded) if not attacker.is_safe(c, hidden, policy)]
    if unsafe:
        raise DisclosureError(
            *(f"{cell.replace('|', ', ')}: the hidden number can be worked out" for cell in unsafe)
        )
