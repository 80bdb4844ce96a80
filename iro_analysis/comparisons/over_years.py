"""Test whether a headline rises or falls over all the years held, not only the last two.

That a number has fallen in each of four years is a fact; that it is falling needs this test. One
straight line for each headline with four years or more, counted in one way in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons.change import (
    COUNTS_AND_RATES,
    RATE,
    STOCK,
    Made,
    Untested,
    agree,
    by_cluster,
    refuse_untestable,
    rows_behind,
    scores_of,
)
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import setting, verdict_of
from iro_analysis.comparisons.spread import (
    Spread,
    of_clusters_by_year,
    spread_of,
    spread_of_share,
    spread_of_stock,
)
from iro_analysis.contracts import ALL, PER
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.differences import Difference
from iro_analysis.estimates.slopes import count_slope, mean_slope, share_slope, stock_slope
from iro_analysis.periods import Period, moved, single

ALL_YEARS = "headlines, all years held"


@dataclass(frozen=True)
class _Years:
    """A headline in several years, the earliest first.

    Attributes
    ----------
    record : CareRecord
    entry : Measure
    figures : tuple
    periods : tuple of Period
    """

    record: CareRecord
    entry: Measure
    figures: tuple[Any, ...]
    periods: tuple[Period, ...]

    @property
    def name(self) -> str:
        """From which period to which."""
        return f"{self.periods[0].name} to {self.periods[-1].name}"

    def rows(self) -> list[pd.DataFrame] | None:
        """Return the rows behind every year; None where no child is named."""
        found = [
            rows_behind(self.record, self.entry, figure, period)
            for figure, period in zip(self.figures, self.periods, strict=True)
        ]
        known = [rows for rows in found if rows is not None]
        return known if len(known) == len(found) else None


def trends(
    record: CareRecord, period: Period, published: Published, cautions: Mapping[str, str]
) -> Iterator[Comparison]:
    """Test the line through every headline of which enough years are held.

    Parameters
    ----------
    record : CareRecord
        With its children.
    period : Period
    published : Published
        The report's figures: only what is shown is tested.
    cautions : mapping
        Measure -> why the service says that its figures cannot be compared.

    Notes
    -----
    The difference of such a comparison is the change a year, its other figure the first of the
    years. A year that is not there ends the years held.
    """
    for entry in catalogue.measures().values():
        if entry.history and (years := _held(record, period, published, entry)):
            yield _trend(years, period, cautions)


def _held(
    record: CareRecord, period: Period, published: Published, entry: Measure
) -> _Years | None:
    """Return the years of a headline without a gap; None where they are too few."""
    rows = {row.group: row for row in published.select(entry.id, PERIOD)}
    figures: list[Any] = []
    for back in range(len(rows)):
        row = rows.get(moved(period, -12 * back).name)
        if row is None or row.status == "not_available":
            break
        figures.insert(0, row)
    if len(figures) < setting("fewest_periods"):
        return None
    return _Years(record, entry, tuple(figures), tuple(single(row.group) for row in figures))


def _trend(years: _Years, period: Period, cautions: Mapping[str, str]) -> Comparison:
    entry, first, last = years.entry, years.figures[0], years.figures[-1]
    found = Comparison(
        period.name,
        entry.id,
        ALL,
        ALL,
        Kind.YEARS,
        years.name,
        last.value,
        first.value,
        family=ALL_YEARS,
        better=entry.better,
    )
    try:
        refuse_untestable(entry, years.figures, years.periods[0], period, cautions)
        made = _tested(years)
        if np.isnan(made.found.p):
            raise Untested("all or none in every year")
    except Untested as why:
        return replace(found, reason=str(why))
    return replace(made.put_into(found), verdict=verdict_of(made.found))


def _tested(years: _Years) -> Made:
    entry = years.entry
    if entry.unit == "percent":
        return _share(years)
    if entry.unit in COUNTS_AND_RATES and entry.when == "day":
        return _stock(years)
    if entry.unit in COUNTS_AND_RATES:
        return _count(years)
    if entry.unit == "score":
        return _mean(years)
    raise Untested("there is no test for such a figure")


def _by_year(rows: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what met something and what there was, families by years."""
    each = [by_cluster(one) for one in rows]
    met = pd.concat([one["met"] for one in each], axis=1).fillna(0.0)
    of = pd.concat([one["of"] for one in each], axis=1).fillna(0.0)
    return met, of


def _named(years: _Years) -> list[pd.DataFrame]:
    rows = years.rows()
    if rows is None:
        raise Untested("it does not count children named in the return or a list")
    return rows


def _share(years: _Years) -> Made:
    rows = _named(years)
    for each, figure in zip(rows, years.figures, strict=True):
        agree(each, figure)
    if min(map(len, rows)) < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} in one of the years")
    met, of = _by_year(rows)
    several = any(each["child"].duplicated().any() for each in rows)
    if several and len(met) < setting("fewest_clusters"):
        raise Untested(f"fewer than {setting('fewest_clusters')} children, several to a child")
    last = years.periods[-1]
    spread = spread_of_share(years.record, last, years.entry) if several else None
    found = share_slope(
        met,
        of,
        spread.phi if spread else 1.0,
        spread.freedom if spread else float("inf"),
    )
    points = Difference(100 * found.difference, 100 * found.lower, 100 * found.upper, found.p)
    share, was = (met.iloc[:, place] * of.iloc[:, -1 - place] for place in (-1, 0))
    both = (of.iloc[:, 0] > 0) & (of.iloc[:, -1] > 0)
    turned = int((both & (share > was)).sum()), int((both & (share < was)).sum())
    return Made(points, "line through the shares of everyone counted; families as units", turned)


def _stock(years: _Years) -> Made:
    present, _ = _by_year(_named(years))
    steps = present.diff(axis=1).iloc[:, 1:]
    came, left = (int((side * steps).clip(lower=0).to_numpy().sum()) for side in (1, -1))
    if came + left < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} came or left")
    last, entry = years.periods[-1], years.entry
    spread = spread_of_stock(years.record, last, entry) if entry.id in STOCK else None
    rate = entry.unit == RATE
    found = stock_slope(
        present,
        [row.denominator / PER if rate else 1.0 for row in years.figures],
        spread.phi if spread else 1.0,
        spread.freedom if spread else float("inf"),
    )
    return Made(
        found, "line through the days; who came and who left, families as units", (came, left)
    )


def _count(years: _Years) -> Made:
    rate = years.entry.unit == RATE
    counts = [row.numerator if rate else row.value for row in years.figures]
    if sum(counts) < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} in all years together")
    if any(count != int(count) for count in counts):
        raise Untested("an average, not a count")
    rows = years.rows()
    families = None if rows is None else of_clusters_by_year(_by_year(rows)[0])
    spread = spread_of(years.record, years.periods[-1], years.entry)
    if spread is None and rows is None:
        raise Untested("nothing tells how much it usually varies")
    both = both_spreads(spread, families)
    of = [row.denominator / PER if rate else 1.0 for row in years.figures]
    found = count_slope(counts, of, both.phi, both.freedom)
    source = both.source or "chance alone"
    return Made(found, f"line through the counts; spread as found in {source}")


def both_spreads(of_time: Spread | None, families: Spread | None) -> Spread:
    """Return the spread of a year's count by its own ups and downs, and by families, together.

    Parameters
    ----------
    of_time, families : Spread or None
        What the quarters or all authorities show, and what families add to chance. Over several
        years both count: the same children stay, and a year has ups and downs of its own.
    """
    known = [each for each in (of_time, families) if each is not None and each.phi > 1]
    return Spread(
        1 + sum(each.phi - 1 for each in known),
        min((each.freedom for each in known), default=float("inf")),
        " and ".join(each.source for each in known),
    )


def _mean(years: _Years) -> Made:
    values, names = zip(*(scores_of(years.record, each) for each in years.periods), strict=True)
    if min(map(len, values)) < setting("fewest_clusters"):
        raise Untested(f"fewer than {setting('fewest_clusters')} in one of the years")
    place = np.repeat(np.arange(len(values)), [len(each) for each in values])
    found = mean_slope(np.concatenate(values), place, np.concatenate(names))
    return Made(found, "line through the values of everyone counted; families as units")
