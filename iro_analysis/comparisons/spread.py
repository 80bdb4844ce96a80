"""Estimate how far counts vary beyond chance (phi), from earlier quarters, areas or families.

From the authority's own earlier quarters where enough are held, else from the yearly figures of all
authorities (``reference/overdispersion.csv``). The period that is compared is never among them, so
that a change does not hide itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from itertools import dropwhile

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from iro_analysis import catalogue, codes
from iro_analysis.catalogue import Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons.settings import setting
from iro_analysis.contracts import ALL
from iro_analysis.errors import AnalysisError
from iro_analysis.indicators import evaluate
from iro_analysis.periods import Period, add_months, moved, of_days

_MOST_ALIKE = 0.8


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


def _once(work_out: Callable[..., Spread | None]) -> Callable[..., Spread | None]:
    """Keep what was worked out of a record: every group of a measure asks for the same."""

    @wraps(work_out)
    def kept(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
        def as_rows() -> pd.DataFrame:
            found = work_out(record, period, entry)
            return pd.DataFrame([] if found is None else [vars(found)])

        rows = record.once((work_out.__name__, entry.id, period), as_rows)
        return None if rows.empty else Spread(**rows.to_dict("records")[0])

    return kept


@_once
def spread_of(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    """Return the spread of a count of a period; None where nothing tells it."""
    entry = catalogue.measure(setting("count_of").get(entry.id, entry.id))
    figures = _quarters(record, period, entry)
    if len(figures) < setting("fewest_quarters"):
        return of_all_authorities(entry.id)
    phi, freedom = dispersion([each.value for each in figures])
    return Spread(max(phi, 1.0), freedom, f"{len(figures)} earlier quarters")


@_once
def spread_of_share(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    """Return the spread of a share of what happens in a period; None where nothing tells it."""
    if entry.when != "period":
        return None
    figures = _quarters(record, period, entry)
    if len(figures) < setting("fewest_quarters"):
        return None
    phi, freedom = dispersion(
        [each.numerator for each in figures], [each.denominator for each in figures]
    )
    return Spread(max(phi, 1.0), freedom, f"{len(figures)} earlier quarters")


@_once
def spread_of_stock(record: CareRecord, period: Period, entry: Measure) -> Spread | None:
    """Return the spread of a change of stock over the number who came and left; None if unknown."""
    net: list[int] = []
    moves: list[int] = []
    for quarter in _quarters_before(record, period):
        came, left = len(record.started(quarter)), len(record.ceased(quarter))
        day = quarter.start - timedelta(days=1)
        if day < record.authority.covers_from:
            break
        net.insert(0, len(record.looked_after_on(quarter.end)) - len(record.looked_after_on(day)))
        moves.insert(0, came + left)
    if len(net) < setting("fewest_quarters") or not sum(moves):
        return of_all_authorities(entry.id)
    change, moved_ = np.asarray(net, dtype=float), np.asarray(moves, dtype=float)
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


def of_clusters(now: ArrayLike, before: ArrayLike, longer: float = 1.0) -> Spread | None:
    """Return the spread of a count that families make: brothers and sisters, several to a child.

    Parameters
    ----------
    now, before : array-like of numbers
        Of each family in the later period; and in the earlier one, brought to the same length.
    longer : float
        How many times as long the later period is.

    Notes
    -----
    The fewer families make up most of the squares, the fewer degrees of freedom.
    """
    now, before = np.asarray(now, float), np.asarray(before, float)
    mean = float(now.sum() + longer * before.sum())
    squares = (now - before) ** 2
    if not mean or not squares.sum():
        return None
    freedom = max(float(squares.sum() ** 2 / (squares**2).sum()), 1.0)
    return Spread(float(squares.sum()) / mean, freedom, "families")


def of_clusters_by_year(counts: ArrayLike) -> Spread | None:
    """Return the spread that families make in the line through several years' counts.

    Parameters
    ----------
    counts : array-like of numbers, families by years
        How many of each family there are in each year; the years are evenly spaced and as long.
    """
    counts = np.asarray(counts, float)
    days = np.arange(counts.shape[1]) - (counts.shape[1] - 1) / 2
    mean = float((counts * days**2).sum())
    squares = (counts @ days) ** 2
    if not mean or not squares.sum():
        return None
    freedom = max(float(squares.sum() ** 2 / (squares**2).sum()), 1.0)
    return Spread(float(squares.sum()) / mean, freedom, "families")


def dispersion(counts: ArrayLike, of: ArrayLike | None = None) -> tuple[float, float]:
    """Return how many times the variance of a year's figure is what chance alone would make it.

    Parameters
    ----------
    counts : array-like of whole numbers
        One element per quarter, in order.
    of : array-like of whole numbers, optional
        What each is a share of; none for counts of events.

    Returns
    -------
    phi, freedom : float
        Pearson's chi-squared about a straight line over its degrees of freedom, times what
        quarters like their neighbours add when four are summed. 1 where there are no events.

    Notes
    -----
    Not for fewer than eight quarters. The likeness of neighbours is taken to fade as in a first
    order autoregression; its estimate is freed of most of its bias in short series.

    References
    ----------
    McCullagh and Nelder 1989 (phi); Marriott and Pope 1954 (the bias); STATISTICS 1.7.
    """
    counts = np.asarray(counts, float)
    base = np.ones(len(counts)) if of is None else np.asarray(of, float)
    freedom = float(len(counts) - 2)
    if not counts.sum() or freedom < 1 or not (base > 0).all():
        return 1.0, max(freedom, 1.0)
    place = np.arange(len(counts)) - np.average(np.arange(len(counts)), weights=base)
    level = counts.sum() / base.sum()
    slope = float((place * counts).sum() / (base * place**2).sum())
    fitted = np.maximum(base * (level + slope * place), 0.5)
    variance = fitted
    if of is not None:
        fitted = np.minimum(fitted, base)
        variance = np.maximum(fitted * (1 - fitted / base), 0.5)
    residuals = (counts - fitted) / np.sqrt(variance)
    phi = float((residuals**2).sum() / freedom)
    return phi * _in_a_year(residuals), freedom


def _in_a_year(residuals: NDArray[np.float64]) -> float:
    """Return what likeness of neighbouring quarters adds to the variance of a year's sum."""
    total = float((residuals**2).sum())
    if not total:
        return 1.0
    many = len(residuals)
    likeness = float((residuals[1:] * residuals[:-1]).sum()) / total
    likeness = min(max((many * likeness + 1) / (many - 4), 0.0), _MOST_ALIKE)
    return 1 + 2 * sum((1 - lag / 4) * likeness**lag for lag in (1, 2, 3))


def _quarters(record: CareRecord, period: Period, entry: Measure) -> list:
    """Return a figure in each whole quarter before a period, oldest first, as far as it is held.

    Quarters without an event before the first one with any are left out: the list began later.
    """
    found: list[pd.DataFrame] = []
    for quarter in _quarters_before(record, period):
        if entry.breaks_between(quarter.start, period.end):
            break
        figures = evaluate.figures(record, quarter, entry.id, ALL)
        if not figures["status"].eq("ok").all():
            break
        found.insert(0, figures.head(1))
    rows = pd.concat(found).itertuples(index=False) if found else iter(())
    return list(dropwhile(lambda figure: not figure.value, rows))


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
