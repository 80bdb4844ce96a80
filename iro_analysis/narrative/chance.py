"""Could this be chance? One place decides what a figure supports, and every sentence asks it.

A claim needs both: the other figure outside the likely range, and a test that says the same. What
is hidden, or has no range, supports no claim. The words are those of ``wording``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from iro_analysis.comparisons.groups import p_of_ratio
from iro_analysis.contracts import PER
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import LEVEL, OUTER_LEVEL
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.estimates.proportions import WILSON, against_fixed, newcombe
from iro_analysis.estimates.rates import RATE, rate
from iro_analysis.estimates.ratios import rate_ratio, rate_ratio_p
from iro_analysis.indicators.matched import DIFFERENT, MATCHED
from iro_analysis.wording import (
    ABOUT_THE_SAME,
    BY_FAR,
    EVEN_SO,
    HIGHER,
    LOWER,
    NO_CLEAR_CHANGE,
    ROUNDED_BY,
    against,
    change,
    change_of_share,
    number,
)

_TAIL, _OUTER_TAIL = 1 - LEVEL, 1 - OUTER_LEVEL


def stands(row, other: float) -> str:
    """Return how a figure stands to a published one that is taken as fixed.

    Parameters
    ----------
    row : figure
        Published, status ``ok``.
    other : float
        England's, say, in the figure's unit; one that is a whole number may have been rounded, and
        the nearest of what rounds to it has to differ.

    Returns
    -------
    str
        ``higher`` or ``lower`` where the other lies outside the likely range (95%) and a share's
        test against it agrees; with ``BY_FAR`` in front where that is so at 99.8% too; else
        ``about the same``.

    References
    ----------
    STATISTICS 1.1 (the two levels) and 1.2 (against England).
    """
    how = against(row.value, row.lower, row.upper, other)
    if how == ABOUT_THE_SAME:
        return how
    slack = ROUNDED_BY if other == int(other) and other > 1 else 0
    nearest = other + slack if row.value > other else other - slack
    if row.method == WILSON:
        _, p = against_fixed(row.numerator, row.denominator, min(max(nearest / 100, 0), 1))
        if not p < _TAIL:
            return ABOUT_THE_SAME
        return f"{BY_FAR} {how}" if p < _OUTER_TAIL else how
    if row.method == RATE:
        _, low, high = rate(row.numerator, row.denominator, PER, OUTER_LEVEL)
        far = not float(low) <= nearest <= float(high) and not math.isnan(float(low))
        return f"{BY_FAR} {how}" if far else how
    return how


def clear(
    rows: Sequence, family: int, p_of: Callable[[object], float], reference: float = 1.0
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


def change_of_percentage(own, before, again: str) -> str:
    """Return what became of a share since an earlier period, as far as it can be said.

    Parameters
    ----------
    own, before : figures
        Of the two periods, both shown.
    again : str
        The catalogue's word on whom the later period counts: ``different``, ``same``, or the
        function by which the same children are matched; empty where nothing is known.
    """
    points, low, high = newcombe(
        own.numerator, own.denominator, before.numerator, before.denominator
    )
    if again == DIFFERENT:
        return change_of_share(points, low, high)
    if before.note and MATCHED in before.note:
        how = before.note.partition(MATCHED)[2]
        if how == (HIGHER if points > 0 else LOWER):
            return f"{how} now, {EVEN_SO} (the same children were compared)"
        return NO_CLEAR_CHANGE
    return "much the same children are counted both times, so the change is not tested"


def change_of_count(own, before, again: str, days: tuple[int, int] = (1, 1)) -> str:
    """Return what became of a count since an earlier period, and whether chance would do it.

    Parameters
    ----------
    own, before : figures
        Of the two periods, both shown.
    again : str
        As in `change_of_percentage`. Counts of things that come several to a child have none, and
        nothing is said of chance.
    days : (int, int)
        How long the two periods are, where the count is of a period.
    """
    said = change(before.value, own.value)
    if said == "the same":
        return "the same now"
    if again == DIFFERENT:
        sure = differ(own.value, days[0], before.value, days[1])
    elif before.note and MATCHED in before.note:
        sure = before.note.endswith(HIGHER if own.value > before.value else LOWER)
    else:
        return f"{said} now"
    return f"{said} now, {EVEN_SO if sure else 'no more than chance would explain'}"


def change_of_rate(own, before) -> str:
    """Return what became of a rate per 10,000 since an earlier period, and whether by chance.

    The children are compared one by one (who came, who left); the population is taken as known.
    """
    points = abs(own.value - before.value)
    if MATCHED in before.note and before.note.endswith(
        HIGHER if own.value > before.value else LOWER
    ):
        word = HIGHER if own.value > before.value else LOWER
        return f"{word} now by {number(points, 'per_10000')} in every 10,000, {EVEN_SO}"
    return NO_CLEAR_CHANGE


def differ(x1: float, n1: float, x0: float, n0: float) -> bool:
    """Whether two counts of different children differ by more than chance, given exposures.

    Both the exact p value and the exact interval have to say so.
    """
    if x1 + x0 == 0:
        return False
    _, low, high = rate_ratio(x1, n1, x0, n0)
    return bool((low > 1 or high < 1) and rate_ratio_p(x1, n1, x0, n0) < _TAIL)
