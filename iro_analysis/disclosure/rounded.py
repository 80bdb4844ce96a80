"""Round what a report shows, after suppression, where an authority's policy asks for it.

Rounding comes last. The figures were suppressed and audited as if the exact counts were printed, so
whoever reads the rounded ones knows less. No figure is left that is worked out of exact
counts and could tell them: a percentage or rate is made again of the rounded counts, its range of
every count that is rounded so; an average, which tells no count, keeps few digits; what
cannot be made again is not given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from iro_analysis import catalogue
from iro_analysis.contracts import COUNT_UNITS, FIGURE_NUMBERS
from iro_analysis.disclosure.figure_cells import Cells, of_row
from iro_analysis.disclosure.policy import Policy, rounded_count
from iro_analysis.estimates import LEVEL
from iro_analysis.estimates.proportions import wilson
from iro_analysis.estimates.rates import poisson_limits

NOT_MADE_AGAIN = "it is not given where counts are rounded, since it is worked out of exact counts"
ROUNDED = "counts rounded to the nearest"  # in the method of a figure, with the number
_AVERAGES = {"days": 0, "score": 1, "months": 1}  # unit -> decimals: no count follows from them
_SO_MANY_OF = re.compile(r"\b(?:\d[\d,]*|a few) of (?:\d[\d,]*)?")
_NUMBER = re.compile(r"\d[\d,]*")
_MULTIPLES = {"percent": 100, "ratio": 1, "per_10000": 10_000}
_SHARES = ("proportion; Wilson", "share")  # how methods begin whose range can be made again
_PUBLIC = "public"
_NEAR = 1e-9
_Range = tuple[float, float]


def rounded(shown: pd.DataFrame, rules: Policy) -> pd.DataFrame:
    """Return figures for the committee with their counts rounded, and with what follows from them.

    Parameters
    ----------
    shown : DataFrame
        After suppression.
    rules : Policy
        With ``round_to``.
    """
    made = shown.copy()
    own = shown["group"].str.split(": ").str[0]  # of "1 to 4: England"
    groups = own.groupby([shown["measure"], shown["breakdown"]]).transform("nunique")
    for place, row, several in zip(shown.index, shown.itertuples(index=False), groups, strict=True):
        made.loc[place, "note"] = _note(row, rules)
        if row.status != "ok" or row.measure in rules.shown_whole:
            continue
        numbers = _made_again(row, int(several), rules)
        if numbers is None:
            made.loc[place, FIGURE_NUMBERS] = np.nan
            made.loc[place, ["status", "method", "note"]] = ["not_available", "", NOT_MADE_AGAIN]
            continue
        made.loc[place, FIGURE_NUMBERS] = numbers
        made.loc[place, "method"] = f"{row.method}; {ROUNDED} {rules.round_to}"
    return made


def _made_again(row: Any, several: int, rules: Policy) -> list[float] | None:
    """Return a figure's numbers of rounded counts; None where they cannot be made of those."""
    cells, base = of_row(row), rules.round_to
    numerator = _count(row.numerator, cells.numerator, base)
    denominator = _count(row.denominator, cells.denominator, base)
    if row.unit in COUNT_UNITS and _is_average(row):
        return _divided(row, 1, numerator, denominator)
    if row.unit in COUNT_UNITS:
        if pd.isna(row.numerator) and row.value != int(row.value):
            return None
        value = float(rounded_count(row.value, base))
        return [numerator, denominator, value, np.nan, np.nan]
    if row.unit in _AVERAGES:
        digits = _AVERAGES[row.unit]
        if row.method == "sum":
            return [numerator, denominator, float(rounded_count(row.value, base)), np.nan, np.nan]
        ends = _outwards(row.lower, digits, np.floor), _outwards(row.upper, digits, np.ceil)
        return [numerator, denominator, round(row.value, digits), *ends]
    if _is_of_nobody(row):
        return [row.numerator, row.denominator, row.value, row.lower, row.upper]
    if row.unit in _MULTIPLES and (row.unit != "ratio" or row.method == "mean"):
        numbers = _divided(row, _MULTIPLES[row.unit], numerator, denominator)
        if numbers is not None:
            numbers[3:] = _range(row, cells, several, base)
        return numbers
    return None


def _outwards(end: float, digits: int, to: Callable[[float], float]) -> float:
    return float(to(end * 10**digits) / 10**digits)


def _is_of_nobody(row: Any) -> bool:
    """Whether a figure is of the population alone, which anybody can look up."""
    counts = catalogue.measure(row.measure).counts
    return counts.get("numerator") == counts.get("denominator") == _PUBLIC


def _is_average(row: Any) -> bool:
    """Whether a figure in children is an average, as a caseload is: no count of anybody."""
    return pd.notna(row.numerator) and abs(row.value - row.numerator) > _NEAR


def _count(number: float, cell: str, base: int) -> float:
    """Return a count rounded; what is published of a population, or counts nobody, as it is."""
    if pd.isna(number) or not cell or number != int(number):
        return number
    return float(rounded_count(number, base))


def _divided(row: Any, per: int, numerator: float, denominator: float) -> list[float] | None:
    """Return the quotient of rounded counts, with what was added to it that anybody can look up."""
    if not row.denominator > 0 or not denominator > 0:
        return None
    beside = _beside(row)
    if beside is None and abs(row.value - per * row.numerator / row.denominator) > _NEAR * max(
        1.0, abs(row.value)
    ):
        return None
    value = per * numerator / denominator + (beside or 0.0)
    return [numerator, denominator, value, np.nan, np.nan]


def _beside(row: Any) -> float | None:
    """Return what a share is compared with, as it stands in the figure: another area's share."""
    if row.unit != "percent" or not row.breakdown.endswith("_by_comparator"):
        return None
    # Of so many digits only: the last ones are made of the exact count.
    return round(row.value - 100 * row.numerator / row.denominator, 6)


def _range(row: Any, cells: Cells, several: int, base: int) -> _Range:
    """Return a range that holds those of all counts that are rounded to what is shown."""
    none = (np.nan, np.nan)
    if np.isnan(row.lower):
        return none
    low, high = _could_be(row.numerator, cells.numerator, base)
    if row.unit == "per_10000" and not cells.denominator:
        ends = poisson_limits([low, high])
        return 1e4 * float(ends[0][0]) / row.denominator, 1e4 * float(ends[1][1]) / row.denominator
    if row.unit != "percent" or not row.method.startswith(_SHARES):
        return none
    at_once = "Goodman" in row.method
    level = 1 - (1 - LEVEL) / several if at_once else LEVEL
    least, most = _could_be(row.denominator, cells.denominator, base)
    lower = wilson([low], [max(most, low)], level)[0][0]
    upper = wilson([min(high, least)], [least], level)[1][0]
    beside = _beside(row) or 0.0
    return 100 * float(lower) + beside, 100 * float(upper) + beside


def _could_be(number: float, cell: str, base: int) -> tuple[int, int]:
    """Return the least and the most that is rounded to the same as a count; a 0 is exact."""
    if not cell or number == 0:
        return int(number), int(number)
    nearest = rounded_count(number, base)
    return nearest - base // 2, nearest + (base - 1) // 2


def _note(row: Any, rules: Policy) -> str:
    """Return the note of a figure, with the counts in it rounded."""
    note = row.note if isinstance(row.note, str) else ""

    def number(found: re.Match) -> str:
        return f"{rounded_count(int(found[0].replace(',', '')), rules.round_to):,}"

    return _SO_MANY_OF.sub(lambda found: _NUMBER.sub(number, found[0]), note)
