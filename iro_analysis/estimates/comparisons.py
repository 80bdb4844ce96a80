"""Test a table of groups by outcomes: Fisher's exact test, chi-squared, or simulation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iro_analysis.estimates.counts import counted, counted_of

_AS_LIKELY = 1e-7
_MOST_FILLS = 200_000
_MOST_WAYS = 2_000_000
_TOO_MANY = "too many tables with these totals: combine groups or outcomes"
_LEAST_EXPECTED = 5  # in each cell, for the chi-squared curve (STATISTICS 1.9)
_DRAWS, _SEED = 20_000, 20200331
EXACT = "exact test (Fisher, Freeman and Halton)"
BY_CURVE = "chi-squared test (too many tables for an exact one)"
SIMULATED = f"simulated exact test ({_DRAWS:,} tables; too many to go through all)"


class TooManyTablesError(ValueError):
    """An exact p value of this table would take too long."""


def fisher_p(x1: int, n1: int, x0: int, n0: int) -> float:
    """Return Fisher's exact two-sided p value of two proportions.

    Parameters
    ----------
    x1, n1, x0, n0 : whole numbers
        Numerator and denominator of each group.

    Returns
    -------
    float
        The chance, given the totals, of a table no likelier than the one seen; missing where a
        denominator is 0 or a count is missing.

    Raises
    ------
    ValueError
        If a count is negative, not whole, or a numerator exceeds its denominator.

    Notes
    -----
    Not for the same children in two years (``differences.share_difference``). Cautious at small n.

    References
    ----------
    scipy's ``fisher_exact``; agrees with R's ``fisher.test`` (STATISTICS 1.2).
    """
    from scipy import stats

    x, n = counted_of([x1, x0], [n1, n0])
    if not (n > 0).all() or np.isnan(x).any():
        return float("nan")
    return float(stats.fisher_exact(np.column_stack([x, n - x]).astype(int)).pvalue)


def any_difference(table: ArrayLike) -> tuple[float, int, float]:
    """Return Pearson's chi-squared test of a table: any difference between groups at all.

    Parameters
    ----------
    table : array-like of whole numbers
        One row per group, one column per outcome; empty rows and columns do not count.

    Returns
    -------
    chi_squared, freedom, p : float, int, float
        Without continuity correction; missing, with no freedom, where nothing can differ.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole.

    Notes
    -----
    Not where a cell expects fewer than 5: use `any_difference_exact`. It does not see an order of
    the groups: a trend over years is ``trends``.

    References
    ----------
    scipy's ``chi2_contingency``; agrees with R's ``chisq.test``.
    """
    from scipy import stats

    table = _table(table)
    if min(table.shape) < 2:
        return float("nan"), 0, float("nan")
    found = stats.chi2_contingency(table, correction=False)
    return float(found.statistic), int(found.dof), float(found.pvalue)


def _table(table: ArrayLike) -> NDArray[np.int64]:
    table = counted(table, "children")
    if table.ndim != 2 or np.isnan(table).any():
        raise ValueError("a table has rows and columns, and no cell of it is missing")
    table = table.astype(np.int64)
    return table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]


def difference_of_groups(table: ArrayLike) -> tuple[float, str]:
    """Return the p value of a table (any difference at all) by the best method that is in reach.

    Parameters
    ----------
    table : array-like of whole numbers
        One row per group, one column per outcome; empty rows and columns do not count.

    Returns
    -------
    p : float
        Missing where nothing can differ.
    method : str
        ``EXACT``; where there are too many tables to go through, ``BY_CURVE`` if every cell
        expects 5 or more, else ``SIMULATED``.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole.

    Notes
    -----
    The simulated one draws tables with the totals of the one seen, always the same draws, and
    counts the one seen among them, so that it is never 0. Not a statement of which groups differ.

    References
    ----------
    STATISTICS 1.9; Patefield 1981 for the tables, through scipy's ``random_table``; Hope 1968.
    """
    try:
        return any_difference_exact(table), EXACT
    except TooManyTablesError:
        table = _table(table)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if np.outer(rows, columns).min() >= _LEAST_EXPECTED * table.sum():
        return any_difference(table)[2], BY_CURVE
    return _simulated(table, rows, columns), SIMULATED


def _simulated(
    table: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> float:
    from scipy import special, stats

    draws = stats.random_table.rvs(rows, columns, size=_DRAWS, random_state=_SEED)
    likely = -special.gammaln(draws + 1).sum(axis=(1, 2))
    seen = -special.gammaln(table + 1).sum()
    return float((1 + (likely <= seen + _AS_LIKELY).sum()) / (1 + _DRAWS))


def any_difference_exact(table: ArrayLike) -> float:
    """Return the exact p value of a table (Fisher, Freeman and Halton): any difference at all.

    Parameters
    ----------
    table : array-like of whole numbers
        One row per group, one column per outcome; empty rows and columns do not count.

    Returns
    -------
    float
        The chance, given the totals of rows and columns, of a table no likelier than the one seen;
        missing where nothing can differ.

    Raises
    ------
    ValueError
        If a count is negative, missing or not whole.
    TooManyTablesError
        If there are too many tables with these totals to go through: `difference_of_groups` has
        another way then.

    Notes
    -----
    scipy's ``fisher_exact`` simulates here (0.691 for an exact 0.684: STATISTICS 1.9). All tables
    are gone through in two halves of the columns, which meet at the same rest of the row totals.
    Not for an order of the groups, such as years: a trend is ``trends.exact_trend_p``. Not for the
    same children in two groups.

    References
    ----------
    Freeman and Halton 1951; agrees with R's ``fisher.test``.
    """
    from scipy import special

    table = _table(table)
    if min(table.shape) < 2:
        return float("nan")
    if table.shape[0] > table.shape[1]:
        table = table.T
    rows, columns = table.sum(axis=1), np.sort(table.sum(axis=0))[::-1]
    left, left_weight = _ways(list(columns[::2]), rows)
    right, right_weight = _ways(list(columns[1::2]), rows)
    place = np.cumprod([1, *(rows[:-1] + 1)])
    left_at, right_at = left @ place, (rows - right) @ place
    constant = special.gammaln(np.concatenate([rows, columns]) + 1).sum()
    constant -= special.gammaln(rows.sum() + 1)
    seen = constant - special.gammaln(table + 1).sum() + np.log1p(_AS_LIKELY)
    order = np.lexsort((left_weight, left_at))
    left_at, left_weight = left_at[order], left_weight[order]
    order = np.argsort(right_at)
    right_at, right_weight = right_at[order], right_weight[order] + constant
    extreme = 0.0
    for where in np.intersect1d(left_at, right_at):
        own = left_weight[slice(*np.searchsorted(left_at, [where, where + 1]))]
        others = right_weight[slice(*np.searchsorted(right_at, [where, where + 1]))] + own[-1]
        # own is in order of likelihood: those up to a place make a table no likelier than seen.
        sums = np.concatenate([[0.0], np.cumsum(np.exp(own - own[-1]))])
        no_likelier = np.searchsorted(own - own[-1], seen - others, side="right")
        extreme += float((np.exp(others) * sums[no_likelier]).sum())
    return min(extreme, 1.0)


def _ways(
    columns: Sequence[int], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return all fillings of some columns: what they take of each row, and their log weight."""
    from scipy import special

    used, weight = np.zeros((1, len(rows)), np.int64), np.zeros(1)
    for total in columns:
        if np.prod(np.minimum(rows[:-1], total) + 1.0) > _MOST_FILLS:
            raise TooManyTablesError(_TOO_MANY)
        fills = np.array(
            [
                (*some, total - sum(some))
                for some in product(*(range(min(r, total) + 1) for r in rows[:-1]))
                if 0 <= total - sum(some) <= rows[-1]
            ],
            np.int64,
        )
        if len(used) * len(fills) > _MOST_WAYS:
            raise TooManyTablesError(_TOO_MANY)
        both = used[:, None, :] + fills[None, :, :]
        weights = weight[:, None] - special.gammaln(fills + 1).sum(axis=1)[None, :]
        fits = (both <= rows).all(axis=2)
        used, weight = both[fits], weights[fits]
    return used, weight
