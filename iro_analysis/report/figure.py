"""A published figure: its address, its numbers, and how each is printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from iro_analysis import catalogue
from iro_analysis.catalogue import Measure
from iro_analysis.contracts import ALL, COUNT_UNITS
from iro_analysis.report.text import Number
from iro_analysis.report.words import in_ten, one_in, tenths, tenths_of
from iro_analysis.rounding import printed
from iro_analysis.wording import LEAST_FOR_A_PERCENTAGE, number

SMALL = 5  # a remainder of so few is never printed


@dataclass(frozen=True)
class Ref:
    """A figure's address: measure, breakdown and group.

    Attributes
    ----------
    measure, breakdown, group : str
    share : bool
        Whether the share of the whole is meant, of a count.
    """

    measure: str
    breakdown: str = ALL
    group: str = ALL
    share: bool = False

    @classmethod
    def of(cls, words: str) -> Ref:
        """Read ``measure`` or ``measure/breakdown/group``, with ``:share`` behind it for a share.

        Examples
        --------
        >>> Ref.of("looked_after/sex/Male:share")
        Ref(measure='looked_after', breakdown='sex', group='Male', share=True)
        """
        name, _, how = words.partition(":")
        parts = name.split("/")
        measure, breakdown, group = [*parts, *[ALL] * (3 - len(parts))]
        return cls(measure, breakdown, group, how == "share")

    @classmethod
    def of_key(cls, key: str) -> Ref:
        """Return the address in a key of ``figures.csv``.

        Examples
        --------
        >>> Ref.of_key("disputes|all|all|2019-20")
        Ref(measure='disputes', breakdown='all', group='all', share=False)
        """
        measure, breakdown, group, _ = key.split("|")
        return cls(measure, breakdown, group)

    @property
    def entry(self) -> Measure:
        """The measure's record."""
        return catalogue.measure(self.measure)


@dataclass(frozen=True)
class Figure:
    """One published figure.

    Attributes
    ----------
    ref : Ref
    period : str
    value, numerator, denominator, lower, upper : float
    given_by : tuple of (str, str) or None
        Key and part of the published figure that gives the value, where it is another's.
    """

    ref: Ref
    period: str
    value: float
    numerator: float = math.nan
    denominator: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    given_by: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """The figure's key in ``figures.csv``."""
        return "|".join([self.ref.measure, self.ref.breakdown, self.ref.group, self.period])

    @property
    def size(self) -> float:
        """What is compared: the share where one is meant, else the value."""
        if self.ref.share:
            return self.value / self.denominator * 100 if self.denominator > 0 else math.nan
        return self.value

    @property
    def unit(self) -> str:
        """The unit of what is compared."""
        return "percent" if self.ref.share else self.ref.entry.unit

    @property
    def counted(self) -> bool:
        """Whether the figure is a count."""
        return not self.ref.share and self.unit in (*COUNT_UNITS, "days")

    def number(self, what: str = "value") -> Number | None:
        """Return one of the figure's numbers as printed; None where it has none to show."""
        shown = _printed(self, what)
        if not shown:
            return None
        if self.given_by is not None:
            return Number(shown, *self.given_by) if what == "value" else None
        return Number(shown, self.key, what)

    @classmethod
    def of_row(cls, ref: Ref, row: Any, period: str) -> Figure:
        """Return the figure of a row of published figures."""
        return cls(ref, period, row.value, row.numerator, row.denominator, row.lower, row.upper)

    def part(self, name: str) -> float:
        """Return a count that the figure holds: ``numerator``, ``rest``, or else its value."""
        if name == "rest":
            return self.denominator - self.numerator
        return self.numerator if name == "numerator" else self.value

    @property
    def shown(self) -> Number:
        """The figure's value as printed: every figure of the report has one."""
        found = self.number()
        if found is None:
            raise ValueError(f"{self.key} has no value to print")
        return found


def _printed(figure: Figure, what: str) -> str:
    entry = figure.ref.entry
    if what == "value":
        unit = "count" if entry.is_difference else entry.unit
        return "" if math.isnan(figure.value) else number(figure.value, unit)
    if what in ("lower", "upper"):
        end = getattr(figure, what)
        return number(end, entry.unit) if math.isfinite(end) else ""
    out_of, part = figure.denominator, figure.numerator
    if entry.unit in COUNT_UNITS:
        part = figure.value
    if what == "denominator":  # an average has one, and no numerator
        return "" if math.isnan(out_of) else printed(out_of)
    if math.isnan(out_of) or math.isnan(part):
        return ""
    if what == "numerator":
        return printed(part)
    if what == "rest":
        rest = out_of - part
        return printed(rest) if rest == 0 or rest > SMALL else ""
    if out_of < LEAST_FOR_A_PERCENTAGE:
        return ""
    if what == "share":
        return number(part / out_of * 100, "percent")
    return _FORMS[what](part / out_of)


_FORMS = {
    "tenths": tenths,
    "tenths_of": tenths_of,
    "one_in": one_in,
    "in_ten": in_ten,
    "not_in_ten": lambda share: in_ten(1 - share),
}
