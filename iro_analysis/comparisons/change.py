"""Test totals and groups against a year before, and totals against the period before.

Every headline that has a year before is tested, or listed as not tested with both numbers and the
reason. Children, or brothers and sisters together, are the units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD, Measure
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.cohorts.siblings import families
from iro_analysis.comparisons.comparison import Comparison, Kind
from iro_analysis.comparisons.settings import margin, setting, together, verdict_of
from iro_analysis.comparisons.spread import (
    Spread,
    of_clusters,
    spread_of,
    spread_of_share,
    spread_of_stock,
)
from iro_analysis.contracts import ALL, PER
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.differences import (
    Difference,
    count_difference,
    mean_difference,
    share_difference,
    stock_difference,
)
from iro_analysis.members import behind
from iro_analysis.members.register import why_none
from iro_analysis.periods import Period, just_before, moved, single

YEAR_BEFORE, PERIOD_BEFORE = "headlines, a year before", "headlines, the period before"
RATE = "per_10000"
COUNTS_AND_RATES = frozenset(["children", "reviews", "count", RATE])
_HIDDEN = "a number that it rests on is hidden"
STOCK = frozenset(["looked_after", "looked_after_rate"])
_LEAP_DAYS = 0.04  # February, a quarter or a year with one


class Untested(Exception):
    """Why a comparison is not made."""


@dataclass(frozen=True)
class Made:
    """A test that was made.

    Attributes
    ----------
    found : Difference
    test : str
        The test and its units, in words.
    rests_on : tuple of int
        Counts of children that the interval and p value could tell: who changed one way, and who
        the other.
    """

    found: Difference
    test: str
    rests_on: tuple[int, ...] = ()

    def put_into(self, comparison: Comparison) -> Comparison:
        """Return a comparison with the difference, interval and p value that the test gave."""
        return replace(
            comparison,
            difference=self.found.difference,
            lower=self.found.lower,
            upper=self.found.upper,
            p=self.found.p,
            test=self.test,
            rests_on=self.rests_on,
        )


def changes(
    record: CareRecord, period: Period, published: Published, cautions: Mapping[str, str]
) -> Iterator[Comparison]:
    """Compare every headline with a year before, and with the period just before.

    Parameters
    ----------
    record : CareRecord
        With its children.
    period : Period
    published : Published
        The report's figures: only what is shown is compared.
    cautions : mapping
        Measure -> why the service says that its figures cannot be compared.
    """
    a_year, before = moved(period, -12).name, just_before(period).name
    for entry in catalogue.measures().values():
        if not entry.history:
            continue
        rows = {row.group: row for row in published.select(entry.id, PERIOD)}
        own = rows.get(period.name)
        for name in dict.fromkeys([a_year, before]):
            other = rows.get(name)
            if own is None or other is None or "not_available" in (own.status, other.status):
                continue
            family = YEAR_BEFORE if name == a_year else PERIOD_BEFORE
            yield _change(record, period, entry, own, other, family, cautions)


def _change(
    record: CareRecord,
    period: Period,
    entry: Measure,
    own: Any,
    other: Any,
    family: str,
    cautions: Mapping[str, str],
) -> Comparison:
    found = Comparison(
        period.name,
        entry.id,
        ALL,
        ALL,
        Kind.PERIOD,
        other.group,
        own.value,
        other.value,
        family=family,
        better=entry.better,
    )
    before = single(other.group)
    try:
        refuse_untestable(entry, (other, own), before, period, cautions)
        made = group_tested(record, entry, own, other, period, before)
    except Untested as why:
        return replace(found, reason=str(why))
    verdict = verdict_of(made.found, margin(entry.unit, other.value))
    return replace(made.put_into(found), verdict=verdict)


def refuse_untestable(
    entry: Measure,
    figures: Iterable[Any],
    first: Period,
    last: Period,
    cautions: Mapping[str, str],
) -> None:
    """Refuse to test figures of several periods that say nothing of a change.

    Parameters
    ----------
    entry : Measure
    figures : iterable of figures
        Of the periods from `first` to `last`.
    first, last : Period
    cautions : mapping
        Measure -> why the service says that its figures cannot be compared.

    Raises
    ------
    Untested
        With the reason: one is hidden, they are counted in different ways, the service warns of
        them, or the measure is not tested at all.
    """
    if any(row.status == "suppressed" for row in figures):
        raise Untested(_HIDDEN)
    if breaks := entry.breaks_between(first.end, last.end):
        raise Untested(f"counted in another way since: {breaks[-1].what}")
    if reason := cautions.get(entry.id, "") or setting("not_tested").get(entry.id, ""):
        raise Untested(reason)


def group_tested(
    record: CareRecord, entry: Measure, own: Any, other: Any, now: Period, before: Period
) -> Made:
    """Test a figure, or one group of a breakdown, against the same a period before.

    Parameters
    ----------
    record : CareRecord
    entry : Measure
    own, other : figures
        Of the two periods; both may be used.
    now, before : Period

    Raises
    ------
    Untested
        With the reason, where there is no test that holds.
    """
    if entry.unit == "percent":
        return _share(record, entry, own, other, now, before)
    if entry.unit in COUNTS_AND_RATES and entry.when == "day":
        return _stock(record, entry, own, other, now, before)
    if entry.unit in COUNTS_AND_RATES:
        return _count(record, entry, own, other, now, before)
    if entry.unit == "score":
        return _mean(record, entry, now, before)
    raise Untested("there is no test for such a figure")


def rows_behind(
    record: CareRecord, entry: Measure, figure: Any, period: Period
) -> pd.DataFrame | None:
    """Return the rows behind a figure with the family of each; None where no child is named."""
    if why_none(entry.id):
        return None
    of_whole = figure.breakdown in (ALL, PERIOD)
    breakdown = ALL if of_whole else figure.breakdown
    rows = record.once(
        ("rows behind", entry.id, breakdown, period),
        lambda: _with_family(record, behind(record, period, entry.id, breakdown)),
    )
    if of_whole:
        return rows
    several = together(entry.id, breakdown)
    if several is not None and figure.group == several.name:
        return rows[~rows["group"].isin(several.without)]
    return rows[rows["group"].eq(figure.group)]


def _with_family(record: CareRecord, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(family=rows["child"].map(families(record)).fillna(rows["child"]))


def by_cluster(rows: pd.DataFrame, column: str = "family") -> pd.DataFrame:
    """Return how many things of each cluster met something, and how many it had."""
    found = rows.groupby(column)["counted"].agg(["sum", "size"]).astype(float)
    return found.rename(columns={"sum": "met", "size": "of"})


def side_by_side(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return both periods of each cluster in one row; 0 where it is not in one of them."""
    return now.join(before.add_suffix("_before"), how="outer").fillna(0.0)


def _share(
    record: CareRecord, entry: Measure, own: Any, other: Any, now: Period, before: Period
) -> Made:
    later, earlier = rows_behind(record, entry, own, now), rows_behind(record, entry, other, before)
    if later is None or earlier is None:
        raise Untested("it does not count children named in the return or a list")
    agree(later, own)
    agree(earlier, other)
    if min(len(later), len(earlier)) < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} in one of the two")
    both = side_by_side(by_cluster(later), by_cluster(earlier))
    several = later["child"].duplicated().any() or earlier["child"].duplicated().any()
    if several and len(both) < setting("fewest_clusters"):
        raise Untested(f"fewer than {setting('fewest_clusters')} children, several to a child")
    whole = own.breakdown in (ALL, PERIOD)
    spread = spread_of_share(record, now, entry) if several and whole else None
    phi = spread.phi if spread else 1.0
    found = share_difference(both["met"], both["of"], both["met_before"], both["of_before"], phi)
    points = Difference(100 * found.difference, 100 * found.lower, 100 * found.upper, found.p)
    in_both = (both["of"] > 0) & (both["of_before"] > 0)
    more = both["met"] * both["of_before"] - both["met_before"] * both["of"]
    turned = int((in_both & (more > 0)).sum()), int((in_both & (more < 0)).sum())
    return Made(points, "difference of shares over everyone counted; families as units", turned)


def agree(rows: pd.DataFrame, figure: Any) -> None:
    """Refuse rows that are not, one by one, what a figure counts."""
    if int(rows["counted"].sum()) != figure.numerator or len(rows) != figure.denominator:
        raise Untested("the rows behind it are not held one by one")


def _stock(
    record: CareRecord, entry: Measure, own: Any, other: Any, now: Period, before: Period
) -> Made:
    later, earlier = rows_behind(record, entry, own, now), rows_behind(record, entry, other, before)
    if later is None or earlier is None:
        raise Untested("it does not count children named in the return or a list")
    both = side_by_side(by_cluster(later), by_cluster(earlier))
    moves = float((both["met"] - both["met_before"]).abs().sum())
    if moves < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} came or left")
    spread = spread_of_stock(record, now, entry) if entry.id in STOCK else None
    rate = entry.unit == RATE
    found = stock_difference(
        both["met"],
        both["met_before"],
        own.denominator / PER if rate else 1.0,
        other.denominator / PER if rate else 1.0,
        spread.phi if spread else 1.0,
        spread.freedom if spread else float("inf"),
    )
    came = (both["met"] - both["met_before"]).clip(lower=0).sum()
    return Made(found, "who came and who left; families as units", (int(came), int(moves - came)))


def _count(
    record: CareRecord, entry: Measure, own: Any, other: Any, now: Period, before: Period
) -> Made:
    rate = entry.unit == RATE
    counts = [row.numerator if rate else row.value for row in (own, other)]
    if sum(counts) < setting("fewest_things"):
        raise Untested(f"fewer than {setting('fewest_things')} in the two periods together")
    if any(count != int(count) for count in counts):
        raise Untested("an average, not a count")
    spread = spread_of(record, now, entry)
    together = _clustering(record, entry, own, other, now, before)
    if spread is None and together is None:
        raise Untested("nothing tells how much it usually varies")
    clusters = together or Spread(1.0, float("inf"), "")
    widest = max(filter(None, (spread, clusters)), key=lambda each: each.phi)
    phi, freedom = max(widest.phi, 1.0), widest.freedom
    of = own.denominator / PER if rate else 1.0  # a rate counts the same, of other numbers
    longer = own.denominator / other.denominator if rate else _longer(now, before)
    found = count_difference(counts[0], longer, counts[1], 1.0, phi, freedom)
    of_each = Difference(found.difference / of, found.lower / of, found.upper / of, found.p)
    source = widest.source or "chance alone"
    return Made(of_each, f"two counts; spread as found in {source}")


def _longer(now: Period, before: Period) -> float:
    """Return how many times as long the later period is; a leap day makes none longer."""
    longer = now.days / before.days
    return longer if abs(longer - 1) > _LEAP_DAYS else 1.0


def _clustering(
    record: CareRecord, entry: Measure, own: Any, other: Any, now: Period, before: Period
) -> Spread | None:
    """Return the spread that families alone make; None where no child is named."""
    later, earlier = rows_behind(record, entry, own, now), rows_behind(record, entry, other, before)
    if later is None or earlier is None:
        return None
    both = side_by_side(by_cluster(later), by_cluster(earlier))
    longer = _longer(now, before)
    return of_clusters(both["met"], longer * both["met_before"], longer)


def _mean(record: CareRecord, entry: Measure, now: Period, before: Period) -> Made:
    values, names = zip(*(scores_of(record, period) for period in (now, before)), strict=True)
    if min(map(len, values)) < setting("fewest_clusters"):
        raise Untested(f"fewer than {setting('fewest_clusters')} in one of the two")
    found = mean_difference(values[0], names[0], values[1], names[1])
    return Made(found, "difference of means over everyone counted; families as units")


def scores_of(record: CareRecord, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores of a period, and the family of each child that has one."""
    rows = behind(record, period, "sdq_completed", ALL)
    rows = _with_family(record, rows[rows["counted"]])
    return rows["sdq_score"].to_numpy(float), rows["family"].to_numpy(object)
