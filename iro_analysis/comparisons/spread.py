"""How much more than chance counts vary from year to year (phi).

From the authority's own earlier quarters where enough are held, else from the yearly figures of all
authorities (``reference/overdispersion.csv``). The period that is compared is never among them, so
that a change does not hide itself.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    counts = _quarters(record, period, entry)
    if len(counts) < setting("fewest_quarters"):
        return of_all_authorities(entry.id)
    phi, freedom = dispersion(counts)
    return Spread(max(phi, 1.0), freedom, f"{len(counts)} earlier quarters")


def spread_of_stock(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    """Return the spread of a change of stock over the number who came and left; None if unknown."""
    net, moves = [], []
    for quarter in _quarters_before(record, period):
        came, left = len(record.started(quarter)), len(record.ceased(quarter))
        day = quarter.start - timedelta(days=1)
        if day < record.authority.covers_from:
            break
        net.insert(0, len(record.looked_after_on(quarter.end)) - len(record.looked_after_on(day)))
        moves.insert(0, came + left)
    if len(net) < setting("fewest_quarters") or not sum(moves):
        return of_all_authorities(entry.id)
    change, moved_ = np.array(net, float), np.array(moves, float)
    rate = change.sum() / moved_.sum()
    freedom = float(len(net) - 1)
    phi = float(((change - rate * moved_) ** 2 / np.maximum(moved_, 0.5)).sum() / freedom)
    return Spread(max(phi, 1.0), freedom, f"{len(net)} earlier quarters")


def of_all_authorities(measure: str) -> Spread | None:
    """Return the spread of a measure's yearly counts over all authorities; None if not held."""
    held = codes.table("overdispersion")
    mine = held[held["measure"].eq(measure)]
    if mine.empty:
        return None
    return Spread(max(float(mine["phi"].iloc[0]), 1.0), float("inf"), "all authorities' years")


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
    for quarter in _quarters_before(record, period):
        if entry.breaks_between(quarter.start, period.end):
            break
        figures = evaluate.figures(record, quarter, entry.id, ALL)
        if not figures["status"].eq("ok").all():
            break
        found.insert(0, float(figures["value"].iloc[0]))
    return list(dropwhile(lambda count: count == 0, found))


def _quarters_before(record: CareRecord, period: Period) -> Iterator[Period]:
    """Return the whole quarters of a year that the returns hold before a period, latest first."""
    last = of_days(add_months(period.start, -3), period.start - timedelta(days=1))
    for back in range(setting("most_quarters")):
        quarter = moved(last, -3 * back)
        try:
            record.authority.check_covers(quarter)
        except AnalysisError:
            return
        yield quarter
