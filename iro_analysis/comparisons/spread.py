"""How much more than chance counts vary from year to year (phi).

From the authority's own earlier quarters where enough are held, else from the yearly figures of all
authorities (``reference/overdispersion.csv``). The period that is compared is never among them, so
that a change does not hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import dropwhile

import numpy as np

from iro_analysis import codes
from iro_analysis.catalogue import Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons.settings import setting
from iro_analysis.contracts import ALL
from iro_analysis.errors import AnalysisError
from iro_analysis.indicators import evaluate
from iro_analysis.periods import Period, add_months, moved, of_days


@dataclass(frozen=True)
class Spread:
    """How many times the variance of a count is its mean.

    Attributes
    ----------
    phi : float
        Not below 1.
    freedom : float
        Degrees of freedom of the estimate; infinite where it is taken as known.
    source : str
        In a few words.
    """

    phi: float
    freedom: float
    source: str


def spread_of(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    """Return the spread of a count of a period; None where nothing tells it."""
    own = _from_quarters(record, period, entry)
    return own if own is not None else of_all_authorities(entry.id)


def of_all_authorities(measure: str) -> Spread | None:
    """Return the spread of a measure's yearly counts over all authorities; None if not held."""
    held = codes.table("overdispersion")
    mine = held[held["measure"].eq(measure)]
    if mine.empty:
        return None
    return Spread(max(float(mine["phi"].iloc[0]), 1.0), float("inf"), "all authorities' years")


def _from_quarters(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    counts = _quarters(record, period, entry)
    if len(counts) < setting("fewest_quarters"):
        return None
    phi, freedom = dispersion(counts)
    return Spread(max(phi, 1.0), freedom, f"{len(counts)} earlier quarters")


def dispersion(counts) -> tuple[float, float]:
    """Return how much more than chance a row of counts varies about its straight line.

    Parameters
    ----------
    counts : array-like of whole numbers
        One element a quarter, in order.

    Returns
    -------
    phi, freedom : float
        Pearson's chi-squared over its degrees of freedom; 1 where there are no events.
    """
    counts = np.asarray(counts, float)
    place = np.arange(len(counts)) - (len(counts) - 1) / 2
    freedom = float(len(counts) - 2)
    if not counts.sum() or freedom < 1:
        return 1.0, max(freedom, 1.0)
    slope = float((place * counts).sum() / (place**2).sum())
    fitted = np.maximum(counts.mean() + slope * place, 0.5)
    return float(((counts - fitted) ** 2 / fitted).sum() / freedom), freedom


def _quarters(record: CareRecord, period: Period, entry: Measure) -> list[float]:
    """Return a count in each whole quarter before a period, oldest first, as far as it is held.

    Quarters without an event before the first one with any are left out: the list began later.
    """
    found: list[float] = []
    end = period.start - timedelta(days=1)
    last = of_days(add_months(period.start, -3), end)
    for back in range(setting("most_quarters")):
        quarter = moved(last, -3 * back)
        if entry.breaks_between(quarter.start, period.end):
            break
        try:
            record.authority.check_covers(quarter)
            figures = evaluate.figures(record, quarter, entry.id, ALL)
        except AnalysisError:
            break
        if not figures["status"].eq("ok").all():
            break
        found.insert(0, float(figures["value"].iloc[0]))
    return list(dropwhile(lambda count: count == 0, found))
