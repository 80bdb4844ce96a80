"""Find which of several figures clearly differ from a reference (Holm's adjustment).

What is hidden, or has no range, supports no claim. Other verdicts are in ``comparisons``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from iro_analysis.comparisons.groups import p_of_ratio
from iro_analysis.contracts import FigureRow
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.wording import (
    HIGHER,
    LOWER,
)

_TAIL = 1 - LEVEL


def clear(
    rows: Sequence[FigureRow],
    family: int,
    p_of: Callable[[FigureRow], float],
    reference: float = 1.0,
) -> dict[str, str]:
    """Return which of several figures looked at together clearly differ from a reference.

    Parameters
    ----------
    rows : sequence of figures
        Those that are shown.
    family : int
        How many comparisons the family has, those that are hidden among them: a hidden one counts
        as if it showed nothing, which makes the others no clearer.
    p_of : callable
        From a figure to its own p value.
    reference : float
        1 for ratios, 0 for differences.

    Returns
    -------
    dict
        Group -> ``higher`` or ``lower``; a group that is not clear is not in it.

    References
    ----------
    Holm over the family, fixed by the catalogue before the data are seen: STATISTICS 1.3.
    """
    p = [p_of(row) for row in rows] + [1.0] * max(family - len(rows), 0)
    found = {}
    for row, adjusted in zip(rows, holm(p), strict=False):
        outside = row.lower > reference or row.upper < reference
        if outside and adjusted < _TAIL:
            found[row.group] = HIGHER if row.value > reference else LOWER
    return found


def clear_ratios(published: Published, without: str) -> dict[str, str]:
    """Return which groups' ratios clearly differ from 1, all groups looked at together.

    Parameters
    ----------
    published : Published
        Ratios by group.
    without : str
        The group of reference, which is compared with nothing.
    """
    every = [row for row in published if row.status in ("ok", "suppressed")]
    base = next((row for row in every if row.group == without), None)
    family = sum(row.group != without for row in every)
    rows = [row for row in every if row.status == "ok" and not math.isnan(row.lower)]
    return clear(rows, family, lambda row: p_of_ratio(row, base))
