"""The same children at two times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import counted
from iro_analysis.estimates.proportions import clopper_pearson, wilson


@dataclass(frozen=True)
class Paired:
    """What changed for the same children between two times.

    Attributes
    ----------
    p, mid_p : float
        McNemar's exact two-sided p value, and the less cautious mid-P.
    ratio, lower, upper : float
        Children who changed the one way per child who changed the other, and exact limits.
    """

    p: float
    mid_p: float
    ratio: float
    lower: float
    upper: float


def mcnemar(second_only: int, first_only: int, level: float = LEVEL) -> Paired:
    """Return McNemar's exact test of the same children at two times.

    Parameters
    ----------
    second_only, first_only : whole numbers
        Children who met it only at the second time, and only at the first. Unchanged
        children do not count.
    level : float
        Confidence level.

    Returns
    -------
    Paired
        All missing where no child changed, or a count is missing.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Only for children matched one to one. Children seen at one time only are in neither count, and
    how many there are is to be printed beside it.

    References
    ----------
    McNemar 1947; Fagerland et al. 2013 for the mid-P; scipy's ``binomtest`` (STATISTICS 1.2).

    Examples
    --------
    >>> found = mcnemar(8, 1)
    >>> round(found.p, 4), round(found.ratio, 1)
    (0.0391, 8.0)
    """
    from scipy import stats

    counts = counted([second_only, first_only], "children")
    changed = counts.sum()
    if np.isnan(changed) or changed == 0:
        return Paired(*(float("nan"),) * 5)
    p = float(stats.binomtest(int(counts[0]), int(changed), 0.5).pvalue)
    own = float(stats.binom.pmf(counts[0], changed, 0.5))
    lower, upper = clopper_pearson(counts[0], changed, level)
    ratio = float(counts[0] / counts[1]) if counts[1] else float("inf")
    # Where as many changed either way, the exact p is 1 and counts the middle once.
    mid = p - own if counts[0] != counts[1] else 1 - own / 2
    return Paired(
        p,
        mid,
        ratio,
        float(lower / (1 - lower)),
        float(upper / (1 - upper)) if upper < 1 else float("inf"),
    )


def paired_difference(
    both: int, second_only: int, first_only: int, neither: int, level: float = LEVEL
) -> tuple[float, float, float]:
    """Return the change in a share of the same children, with Newcombe's paired interval.

    Parameters
    ----------
    both, second_only, first_only, neither : whole numbers
        Children who met it at both times, only at the second, only at the first, at neither.
    level : float
        Confidence level.

    Returns
    -------
    change, lower, upper : float
        Share at the second time less that at the first, between -1 and 1; missing where there is
        no child or a count is missing.

    Raises
    ------
    ValueError
        If a count is negative or not whole.

    Notes
    -----
    Only for children matched one to one.

    References
    ----------
    Newcombe 1998 (paired), method 10.
    """
    a, b, c, d = counts = counted([both, second_only, first_only, neither], "children")
    n = counts.sum()
    if np.isnan(n) or n == 0:
        return (float("nan"),) * 3
    later, earlier = (a + b) / n, (a + c) / n
    (low_later, low_earlier), (high_later, high_earlier) = wilson([a + b, a + c], [n, n], level)
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = a * d - b * c
    if cross > 0:
        cross = max(cross - n / 2, 0.0)
    phi = cross / margins**0.5 if margins else 0.0

    def reach(one: float, other: float) -> float:
        return float(max(one**2 - 2 * phi * one * other + other**2, 0.0) ** 0.5)

    change = float(later - earlier)
    return (
        change,
        change - reach(later - low_later, high_earlier - earlier),
        change + reach(high_later - later, earlier - low_earlier),
    )
