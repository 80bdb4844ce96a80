"""Decide what a committee report carries at all, before anything in it is suppressed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from iro_analysis import catalogue, codes
from iro_analysis.contracts import ALL, FIGURE_NUMBERS
from iro_analysis.disclosure.figure_cells import Cells, of_row
from iro_analysis.disclosure.policy import Policy
from iro_analysis.errors import DisclosureError
from iro_analysis.indicators.looked_after import NO_POPULATION
from iro_analysis.periods import Period, single, year_of, year_to_date

INTERNAL = "it is given in the internal report only, since it would give small numbers away"
YEARLY = (
    "it is given in the report of a whole year only, since counts of a part and of the whole give "
    "away the rest"
)
FEW = (
    "it is not given for part of a year, since with the whole year's it could give away a small "
    "number"
)
REST_IS_FEW = (
    "it is not given for part of a year, since what the year so far holds besides is a small number"
)
_OF_A_DAY = frozenset(["day", "twelve_months"])  # and of the history's days: they add up to nothing
_OF_DAYS = frozenset(["period"])
_WHOLE = frozenset([ALL, catalogue.PERIOD])
_HISTORY = "date"


def figures_for_committee(figures: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Return figures without what the committee is not given: rows with the reason instead.

    Parameters
    ----------
    figures : DataFrame
        All figures of one report.
    policy : Policy
    """
    kept = figures.copy()
    inside = [name for name, entry in catalogue.measures().items() if entry.internal_only]
    # That a population is missing says nothing of a child, and is the reason for every reader.
    known = figures["note"].str.startswith(NO_POPULATION)
    leave_out(kept, figures["measure"].isin(inside) & ~known, INTERNAL)
    in_part = ~figures["period"].map(_is_year).astype(bool)
    if policy.in_year == "full" or not in_part.any():
        return kept
    reasons = [_in_year(row, policy) for row in figures.itertuples(index=False)]
    leaves_few = _leaves_few(figures, policy)
    reasons = [
        said or (REST_IS_FEW if few else "") for said, few in zip(reasons, leaves_few, strict=True)
    ]
    open_ = in_part & kept["status"].eq("ok")
    for reason in (YEARLY, FEW, REST_IS_FEW):
        leave_out(kept, open_ & pd.Series([t == reason for t in reasons], kept.index), reason)
    leave_out(kept, open_ & _made_of_what_is_left_out(kept), FEW)
    return kept


def _leaves_few(figures: pd.DataFrame, policy: Policy) -> list[bool]:
    """Return which counts of a part of the year leave a small number of the year to date.

    The part is not given then: else the year's own report could not give its total, which would
    give the small number away.
    """
    to_date = year_to_date(single(figures["period"].iloc[0]))
    if to_date is None:
        return [False] * len(figures)
    by_period = figures["breakdown"].eq(catalogue.PERIOD)
    rows = figures[by_period & figures["group"].eq(to_date.name) & figures["status"].eq("ok")]
    so_far = {row.measure: row for row in rows.itertuples(index=False)}
    found = []
    for row in figures.itertuples(index=False):
        whole = so_far.get(row.measure) if row.breakdown in _WHOLE else None
        day = row.period if row.breakdown == ALL else row.group
        inside = whole is not None and row.group != to_date.name and _is_in(day, to_date)
        found.append(inside and any(policy.is_small(rest) for rest in _rests(whole, row)))
    return found


def _rests(whole: Any, part: Any) -> tuple[float, float]:
    return whole.numerator - part.numerator, whole.denominator - part.denominator


def _is_in(name: str, whole: Period) -> bool:
    return whole.start <= single(name).start and single(name).end <= whole.end


def _made_of_what_is_left_out(figures: pd.DataFrame) -> pd.Series:
    """Whether a given figure has a count behind it that the report does not give."""
    rows = list(figures.itertuples(index=False))
    cells = [of_row(row) if row.status == "ok" else Cells() for row in rows]
    given = {cell for each in cells for cell in each.shown}
    return pd.Series([not given.issuperset(each.behind) for each in cells], figures.index)


def check_searched(figures: pd.DataFrame) -> None:
    """Refuse counts that nobody has searched for relations with the others.

    Raises
    ------
    DisclosureError
        If one is not in ``reference/searched.toml``: a count under a new name can give away a
        number that is hidden under another.
    """
    known = frozenset(codes.record("searched")["counts"])
    given = figures.loc[figures["status"].eq("ok"), ["measure", "breakdown"]].drop_duplicates()
    rows = [(row.measure, row.breakdown) for row in given.itertuples(index=False)]
    if new := [f"{row[0]} by {row[1]}" for row in rows if searched_name(*row) not in known]:
        raise DisclosureError(
            *(
                f"{name}: this count, or what its record says that it is made of, has not been "
                "searched for relations with the others, so it could give a hidden number away; "
                "expected it in reference/searched.toml (make relations); no committee report is "
                "written"
                for name in new
            )
        )


def searched_name(measure: str, breakdown: str) -> str:
    """Return a count as ``reference/searched.toml`` lists it, with the counts it is made of.

    A record whose ``counts`` change after the search is another count to the gate.
    """
    made_of = [
        f"{part} = {_in_words(spec, breakdown)}"
        for part, spec in sorted(catalogue.measure(measure).counts.items())
    ]
    name = f"{measure} by {breakdown}"
    return f"{name} ({'; '.join(made_of)})" if made_of else name


def _in_words(spec: str | list[str] | dict[str, str], breakdown: str) -> str:
    """Return the counts that a line of a record names, for one breakdown."""
    if isinstance(spec, dict):
        return spec.get(breakdown, "")
    return spec if isinstance(spec, str) else ", ".join(spec)


def leave_out(figures: pd.DataFrame, which: pd.Series | pd.Index, reason: str) -> None:
    """Put a reason in the place of some figures."""
    figures.loc[which, FIGURE_NUMBERS] = float("nan")
    figures.loc[which, "status"] = "not_available"
    figures.loc[which, "note"] = reason
    figures.loc[which, "method"] = ""


def _is_year(name: str) -> bool:
    return single(name).is_year


def _in_year(row: Any, policy: Policy) -> str:
    """Return why a figure is not given for part of a year; empty where it is."""
    when = catalogue.measure(row.measure).when
    if when in _OF_A_DAY or row.breakdown == _HISTORY:
        return "" if row.breakdown in policy.in_year_breakdowns else YEARLY
    if when not in _OF_DAYS or row.breakdown not in _WHOLE:
        return YEARLY
    counts = [row.numerator, row.denominator]
    if row.unit == "percent":
        counts.append(row.denominator - row.numerator)
    rest = _rest_for_each(single(row.period if row.breakdown == ALL else row.group))
    return FEW if any(min(n, n * rest) < policy.in_year_from for n in counts) else ""


def _rest_for_each(part: Period) -> float:
    """Return how many the rest of the year holds at the same pace, for each one of the part.

    That of days in two years, or of the whole year, is 1: no year's report tells a rest of it.
    """
    whole = year_of(part.start)
    if part.end > whole.end or part.days == whole.days:
        return 1
    return (whole.days - part.days) / part.days
