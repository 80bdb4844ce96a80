"""List each breakdown's groups, and build counts, shares, rates and means as figure rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from iro_analysis import codes, contracts
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators import populations
from iro_analysis.contracts import ALL, PER
from iro_analysis.estimates import clustered, means, proportions, rates
from iro_analysis.periods import Period

Indicator = Callable[[CareRecord, Period, str], pd.DataFrame]
NOBODY = "there is nobody to count"


def years_together(years: int) -> str:
    """Return the note of a figure that is counted over so many years."""
    return "one year alone" if years == 1 else f"{years} years together"


def groups(breakdown: str, day: date | None = None) -> list[str]:
    """Return the labels of a breakdown in the order in which they are shown.

    Parameters
    ----------
    breakdown : str
        Id of ``reference/breakdowns.toml``.
    day : date, optional
        Decides between DfE's two groupings of placement types.
    """
    record = codes.record("breakdowns")[breakdown]
    if "groups" in record:
        return list(record["groups"])
    labels = codes.CodeList(record["code_list"]).groups(column_on(breakdown, day))
    return [label for label in dict.fromkeys(labels) if label not in record.get("without", ())]


def column_on(breakdown: str, day: date | None) -> str:
    """Return the code list's column that a breakdown takes its labels from on a day."""
    record = codes.record("breakdowns")[breakdown]
    second = codes.record("rules")["placement_groups"]["second_grouping_from"]
    if "column_from_2023" in record and day is not None and day >= second:
        return record["column_from_2023"]
    return record["column"]


def with_not_known(known: list[str], present: pd.Series) -> list[str]:
    """Return the groups with Not known behind them where someone is in it."""
    extra = [label for label in present.unique() if label not in known]
    return known + ([codes.NOT_KNOWN] if extra else [])


def tally(labels: pd.Series, known: list[str]) -> pd.Series:
    """Return the count of each group, zeros too; labels of no group are Not known."""
    shown = with_not_known(known, labels)
    tidy = labels.where(labels.isin(known), codes.NOT_KNOWN)
    return tidy.value_counts().reindex(shown, fill_value=0).astype(int)


def counts(
    measure: str, breakdown: str, labels: pd.Series, known: list[str], unit: str, method: str
) -> pd.DataFrame:
    """Return a count by group as figures: numerator and value the count, denominator the total."""
    found = tally(labels, known)
    return contracts.figures(
        measure,
        breakdown,
        list(found.index),
        unit=unit,
        numerator=found.to_numpy(),
        denominator=len(labels),
        value=found.to_numpy(),
        method=method,
    )


def shares(measure: str, breakdown: str, labels: pd.Series, known: list[str]) -> pd.DataFrame:
    """Return each group's share of the whole as figures, with simultaneous intervals [percent]."""
    found = tally(labels, known)
    whole = int(found.sum())
    if not whole:
        return contracts.not_available(measure, breakdown, "percent", "there is no child to count")
    lower, upper = proportions.goodman(found.to_numpy())
    return contracts.figures(
        measure,
        breakdown,
        list(found.index),
        unit="percent",
        numerator=found.to_numpy(),
        denominator=whole,
        value=found.to_numpy() / whole * 100,
        lower=lower * 100,
        upper=upper * 100,
        method=proportions.GOODMAN,
    )


def total(measure: str, count: int, unit: str, method: str) -> pd.DataFrame:
    """Return the one figure of a measure without breakdown that is a count."""
    return contracts.figures(
        measure,
        ALL,
        [ALL],
        unit=unit,
        numerator=count,
        denominator=count,
        value=count,
        method=method,
    )


def by_month(measure: str, days: pd.Series, period: Period) -> pd.DataFrame:
    """Return how many of the days fall in each month of a period, as figures [count]."""
    months = pd.period_range(period.start, period.end, freq="M")
    known = [f"{month:%B %Y}" for month in months.to_timestamp()]
    labels = days.dt.strftime("%B %Y").astype(str)
    return counts(measure, "month", labels, known, "count", "count")


def by_own_label(
    measure: str, breakdown: str, labels: pd.Series, every: pd.Series, name: str
) -> pd.DataFrame:
    """Return a count by the labels that a local list uses itself, as figures [count].

    Parameters
    ----------
    measure, breakdown : str
    labels : Series
        Of the rows counted; blank is Not known.
    every : Series
        Of all rows of the list, of any date: each label has a row, zeros too.
    name : str
        The list, for the reason where it holds no row.
    """
    known = sorted(set(every) - {""})
    if not known:
        return contracts.not_available(
            measure, breakdown, "count", f"local/{name}.csv gives no {breakdown}"
        )
    return counts(measure, breakdown, labels.replace("", codes.NOT_KNOWN), known, "count", "count")


def percentages(
    measure: str,
    breakdown: str,
    groups: list[str],
    x: ArrayLike,
    n: ArrayLike,
    note: str | list[str] = "",
) -> pd.DataFrame:
    """Return shares of wholes of their own as figures, with Wilson intervals [percent].

    Parameters
    ----------
    measure, breakdown : str
    groups : list of str
    x, n : array-like
        Numerators and denominators. Where nobody is in the denominator there is no figure.
    note : str or list of str

    Returns
    -------
    figures, one row per group
    """
    x, n = np.asarray(x, float), np.asarray(n, float)
    lower, upper = proportions.wilson(x, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = x / n * 100
    found = contracts.figures(
        measure,
        breakdown,
        groups,
        unit="percent",
        numerator=x,
        denominator=n,
        value=value,
        lower=lower * 100,
        upper=upper * 100,
        method=proportions.WILSON,
        note=note,
    )
    nobody = n == 0
    found.loc[nobody, "status"], found.loc[nobody, "note"] = "not_available", NOBODY
    return found


def rates_of(
    measure: str,
    breakdown: str,
    found: pd.Series,
    people: populations.Population,
    notes: Sequence[str] = (),
) -> pd.DataFrame:
    """Return rates per 10,000 children of each group as figures, with Poisson intervals.

    Parameters
    ----------
    measure, breakdown : str
    found : Series
        Children counted; index: the group.
    people : Population
        A group for which it gives no children has no rate, and the others have theirs.
    notes : sequence of str, optional
        What to say beside each group's rate; without: which population it is of.
    """
    groups = list(found.index)
    divisor = [people.children(group) for group in groups]
    value, lower, upper = rates.rate(found.to_numpy(), divisor, PER)
    rows = contracts.figures(
        measure,
        breakdown,
        groups,
        unit="per_10000",
        numerator=found.to_numpy(),
        denominator=divisor,
        value=value,
        lower=lower,
        upper=upper,
        method=rates.RATE,
        note=list(notes) or f"population {people.name}",
    )
    return with_reasons(rows, {group: people.why_not(group) for group in groups})


def with_reasons(rows: pd.DataFrame, reasons: dict[str, str]) -> pd.DataFrame:
    """Return figures with those not available for which a reason is given, the others as they are.

    Parameters
    ----------
    rows : DataFrame
        Figures, one row per group.
    reasons : dict
        Group -> why it has no figure; empty where it has one.
    """
    reason = rows["group"].map(reasons).fillna("").astype("str")
    none = reason.ne("")
    rows.loc[none, contracts.FIGURE_NUMBERS] = np.nan
    rows.loc[none, ["method", "status"]] = ["", "not_available"]
    rows.loc[none, "note"] = reason[none]
    return rows


def percentage(measure: str, x: int, n: int, note: str = "") -> pd.DataFrame:
    """Return one share as a figure: see ``percentages``."""
    return percentages(measure, ALL, [ALL], [x], [n], note)


def clustered_percentage(measure: str, children: pd.Series, met: pd.Series) -> pd.DataFrame:
    """Return the share of things that met something, where one child may have several, as a figure.

    Parameters
    ----------
    measure : str
    children : Series
        The child of each row.
    met : Series of bool
        Whether it met it.

    Returns
    -------
    figures, one row [percent]
        Where there are twenty children or more the range allows for correlation within a child;
        with fewer it is Wilson's, as if there were none.
    """
    found = percentage(measure, int(met.sum()), len(met))
    if children.nunique() < clustered.LEAST_CHILDREN:
        return found
    by_child = met.astype(bool).groupby(children.to_numpy()).agg(["sum", "size"])
    share = clustered.clustered_share(by_child["sum"], by_child["size"])
    return found.assign(
        lower=share.lower * 100, upper=share.upper * 100, method=clustered.CLUSTERED
    )


def mean(measure: str, values: pd.Series, unit: str, note: str = "") -> pd.DataFrame:
    """Return an average as a figure; the denominator is how many values there are.

    The interval is Student's, given where there are enough values for it to hold although they
    are skewed (``rules.toml``, ``range_of_an_average``). Without a value there is no figure.
    """
    known = values.dropna()
    if known.empty:
        return contracts.not_available(measure, ALL, unit, NOBODY)
    lower, upper = means.limits(known)
    if len(known) < codes.record("rules")["range_of_an_average"]["fewest"]:
        lower = upper = math.nan
    return contracts.figures(
        measure,
        ALL,
        [ALL],
        unit=unit,
        denominator=len(known),
        value=float(known.mean()),
        lower=lower,
        upper=upper,
        method="mean",
        note=note,
    )
