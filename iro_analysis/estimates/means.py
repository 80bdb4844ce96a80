"""Confidence interval of an average."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.counts import tail_of
from iro_analysis.estimates.distributions import t_quantile


def limits(values: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Return Student's interval of an average; missing for fewer than two values.

    Parameters
    ----------
    values : array-like of float
        One for each child, none missing.
    level : float
        Level of confidence, between 0 and 1.

    Returns
    -------
    lower, upper : float
        In the unit of the values. Of equal values both are the average.

    Raises
    ------
    ValueError
        If a value is missing or infinite, or the level is not between 0 and 1.

    Notes
    -----
    Not for children of one family counted apart, nor for fewer than 30 skewed values.

    References
    ----------
    Student (1908), The probable error of a mean. The same as R's ``t.test(values)$conf.int``.

    Examples
    --------
    Student's own table of hours of sleep gained (R's ``sleep``, group 1):

    >>> low, high = limits([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    >>> round(low, 4), round(high, 4)
    (-0.5298, 2.0298)
    """
    known, tail = np.asarray(values, float), tail_of(level)
    if not np.isfinite(known).all():
        raise ValueError("a value of an average is missing or infinite")
    if known.size < 2:
        return math.nan, math.nan
    reach = float(t_quantile(1 - tail, known.size - 1))
    reach *= float(known.std(ddof=1)) / math.sqrt(known.size)
    return float(known.mean()) - reach, float(known.mean()) + reach
