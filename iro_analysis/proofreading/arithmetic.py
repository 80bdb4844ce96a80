"""Exact arithmetic of printed shares: which counts and totals could have been printed like this.

Nothing here is a float: 28.75 is a half, and a half is where roundings differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

HALF_UP = "half up"
# In the order in which they are tried to explain a figure that half up does not give.
OTHER_RULES = ("half to even", "rounded up", "cut off")
RULES = (HALF_UP, *OTHER_RULES)
SCALE = {"percent": 100, "per_10000": 10_000, "per_1000": 1_000}


@dataclass(frozen=True)
class Span:
    """The whole numbers from `low` to `high`, both in; empty where `low` is above `high`."""

    low: int
    high: int

    def __bool__(self) -> bool:
        return self.low <= self.high

    def __contains__(self, number: int) -> bool:
        return self.low <= number <= self.high

    def __and__(self, other: Span) -> Span:
        return Span(max(self.low, other.low), min(self.high, other.high))


def places_of(printed: Decimal) -> int:
    """Return the decimal places with which a number is printed."""
    return max(0, -int(printed.as_tuple().exponent))


def rounded(count: int, total: int, places: int, rule: str = HALF_UP, scale: int = 100) -> Decimal:
    """Return a share as it is printed.

    Parameters
    ----------
    count, total : int
        ``total`` above 0.
    places : int
        Decimal places.
    rule : str
        One of ``RULES``.
    scale : int, default 100
        100 for a percentage, 10,000 for a rate per 10,000.

    Examples
    --------
    >>> rounded(23, 80, 1), rounded(1, 8, 0, "half to even"), rounded(207, 348, 0, "rounded up")
    (Decimal('28.8'), Decimal('12'), Decimal('60'))
    """
    whole, rest = divmod(count * scale * 10**places, total)
    if rule == HALF_UP:
        up = 2 * rest >= total
    elif rule == "half to even":
        up = 2 * rest > total or (2 * rest == total and whole % 2 == 1)
    elif rule == "rounded up":
        up = rest > 0
    elif rule == "cut off":
        up = False
    else:
        raise ValueError(f"{rule!r} is no rounding rule")
    return Decimal(whole + up).scaleb(-places)


def fits(count: int, total: int, printed: Decimal, rule: str = HALF_UP, scale: int = 100) -> bool:
    """Return whether a printed share is the share of a count in a total, rounded by a rule."""
    return rounded(count, total, places_of(printed), rule, scale) == printed


def rules_that_fit(count: int, total: int, printed: Decimal, scale: int = 100) -> tuple[str, ...]:
    """Return the rules by which a printed share follows from its count and total."""
    return tuple(rule for rule in RULES if fits(count, total, printed, rule, scale))


def bounds(printed: Decimal, rule: str = HALF_UP) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest value behind a printed number (either end may be open).

    Which end is in depends on the rule and is decided by ``fits``, not here.
    """
    step = Fraction(1, 10 ** places_of(printed))
    value = Fraction(printed)
    below, above = {
        HALF_UP: (step / 2, step / 2),
        "half to even": (step / 2, step / 2),
        "rounded up": (step, Fraction(0)),
        "cut off": (Fraction(0), step),
    }[rule]
    return value - below, value + above


def counts_that_fit(
    total: int, printed: Decimal, rules: Iterable[str] = (HALF_UP,), scale: int = 100
) -> list[int]:
    """Return every count of a total that is printed as this share by one of the rules.

    None means that the share is impossible for any whole count of that total: GRIM, the test of
    Brown and Heathers (2017) for means of whole numbers.

    Examples
    --------
    >>> counts_that_fit(19, Decimal("26")), counts_that_fit(19, Decimal("24"))
    ([5], [])
    """
    found = set()
    for rule in rules:
        low, high = bounds(printed, rule)
        first, last = int(low * total / scale), int(high * total / scale) + 1
        found |= {
            count
            for count in range(max(0, first), last + 1)
            if fits(count, total, printed, rule, scale)
        }
    return sorted(found)


def possible(total: int, printed: Decimal, scale: int = 100) -> bool:
    """Return whether some whole count gives a printed share, halves rounded either way."""
    half = Fraction(1, 2 * 10 ** places_of(printed))
    value = Fraction(printed)
    low, high = (value - half) * total / scale, (value + half) * total / scale
    return high >= 0 and -(-low.numerator // low.denominator) <= high


def totals_that_fit(
    count: int, printed: Decimal, rule: str = HALF_UP, scale: int = 100, most: int = 10_000_000
) -> Span:
    """Return the totals of which a count is printed as this share.

    The share falls as the total grows, so that they are one run of whole numbers.

    Examples
    --------
    >>> totals_that_fit(110, Decimal("32")), totals_that_fit(110, Decimal("32"), "rounded up")
    (Span(low=339, high=349), Span(low=344, high=354))
    """
    if count == 0:
        return Span(1, most) if fits(0, 1, printed, rule, scale) else Span(1, 0)
    low, high = bounds(printed, rule)
    if high <= 0:
        return Span(1, 0)
    first = int(Fraction(count * scale) / high)
    last = int(Fraction(count * scale) / low) if low > 0 else most
    first = max(first, 1)
    while first <= last and not fits(count, first, printed, rule, scale):
        first += 1
        if first > last or Fraction(count * scale, first) < low:
            return Span(1, 0)
    while last >= first and not fits(count, last, printed, rule, scale):
        last -= 1
    return Span(first, last)


def totals_that_fit_all(
    pairs: Sequence[tuple[int, Decimal]], rule: str = HALF_UP, scale: int = 100
) -> Span:
    """Return the totals that explain every count and share at once."""
    span = Span(1, 10_000_000)
    for count, printed in pairs:
        span = span & totals_that_fit(count, printed, rule, scale)
    return span


def can_sum_to(parts: Sequence[Decimal], whole: Decimal) -> bool:
    """Return whether printed parts can be rounded parts of a printed whole.

    Every part may be off by half of its last place, and so may the whole, unless it is 100.

    Examples
    --------
    >>> can_sum_to([Decimal(n) for n in (30, 43, 15, 13)], Decimal(100))
    True
    >>> can_sum_to([Decimal(n) for n in (59, 40)], Decimal(100))
    True
    >>> can_sum_to([Decimal(n) for n in (58, 40)], Decimal(100))
    False
    """
    slack = sum((Fraction(1, 2 * 10 ** places_of(part)) for part in parts), Fraction(0))
    if whole != 100:
        slack += Fraction(1, 2 * 10 ** places_of(whole))
    gap = Fraction(whole) - sum((Fraction(part) for part in parts), Fraction(0))
    return abs(gap) <= slack


def whole_counts_can_sum_to(parts: Sequence[Decimal], total: int, scale: int = 100) -> bool:
    """Return whether some whole counts that add up to a total are printed as these shares.

    Sharper than ``can_sum_to`` for small totals: of 7 children, 43% and 43% and 14% can be, 50%
    cannot.
    """
    low = high = 0
    for part in parts:
        counts = counts_that_fit(total, part, (HALF_UP,), scale)
        if not counts:
            return False
        low, high = low + counts[0], high + counts[-1]
    return low <= total <= high
