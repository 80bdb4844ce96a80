"""One comparison: what was compared with what, how, and what may be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

COLUMNS = [
    "period",
    "measure",
    "breakdown",
    "group",
    "against",
    "difference",
    "lower",
    "upper",
    "test",
    "p",
    "family",
    "verdict",
    "reason",
]
_MISSING = float("nan")


class Verdict(StrEnum):
    """What a comparison supports."""

    HIGHER = "higher"
    LOWER = "lower"
    NOT_CLEAR = "not clearly different"
    ABOUT_THE_SAME = "about the same"
    NOT_TESTED = "not tested"


class Kind(StrEnum):
    """What a figure is compared with."""

    PERIOD = "an earlier period"
    YEARS = "all years held"
    AREA = "another area"
    AUTHORITIES = "all authorities"
    GROUP = "the reference group"


@dataclass(frozen=True)
class Comparison:
    """A figure compared with another.

    Attributes
    ----------
    period, measure, breakdown, group : str
        The figure, as in ``figures.csv``.
    kind : Kind
    against : str
        An earlier period's name, an area's name, ``All authorities`` or the reference group; of
        all years held, from which to which.
    value, other : float
        Both numbers, in the figure's unit; of a ratio the other is 1. For all authorities it is
        the share or rate of all of them together, for all years held that of the first year.
    difference, lower, upper : float
        Value less other, with its 95% interval; of a count brought to a period of equal length,
        of all years held the change a year.
        Missing where it is not tested. The interval is missing, with a reason, where it would tell
        a small number.
    test : str
        The test and its units; empty where there was none.
    p : float
        Two-sided, of this comparison alone.
    adjusted : float
        P after Holm's step over its family.
    family : str
        The comparisons that were looked at together.
    verdict : Verdict
    reason : str
        Why it was not tested, or a caution that belongs to it.
    better : str
        ``higher``, ``lower`` or ``neither``: the direction that the catalogue calls good.
    leads : bool
        Whether it may stand in the summary: clear over everything that the summary looks at.
    rests_on : tuple of int
        Counts of children that the interval could tell; empty once it has passed the gate.
    areas, above, below : int
        Of all or similar authorities: how many there are, how many have a higher figure and how
        many a lower one; 0 for other comparisons.
    """

    period: str
    measure: str
    breakdown: str
    group: str
    kind: Kind
    against: str
    value: float
    other: float
    difference: float = _MISSING
    lower: float = _MISSING
    upper: float = _MISSING
    test: str = ""
    p: float = _MISSING
    adjusted: float = _MISSING
    family: str = ""
    verdict: Verdict = Verdict.NOT_TESTED
    reason: str = ""
    better: str = "neither"
    leads: bool = False
    rests_on: tuple[int, ...] = ()
    areas: int = 0
    above: int = 0
    below: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether a difference is claimed."""
        return self.verdict in (Verdict.HIGHER, Verdict.LOWER)

    def plain(self) -> dict:
        """Return the comparison as plain values."""
        return {
            name: str(value) if isinstance(value, StrEnum) else value
            for name, value in vars(self).items()
            if name != "rests_on"
        }

    @classmethod
    def of_plain(cls, held: dict) -> Comparison:
        """Return the comparison of what ``plain`` gave."""
        kind, verdict = Kind(held["kind"]), Verdict(held["verdict"])
        return cls(**{**held, "kind": kind, "verdict": verdict})


def as_table(comparisons: Iterable[Comparison]) -> pd.DataFrame:
    """Return comparisons as the table that ``comparisons.csv`` holds, sorted."""
    rows = [[getattr(each, name) for name in COLUMNS] for each in comparisons]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["verdict"] = table["verdict"].astype(str)
    order = ["period", "measure", "breakdown", "group", "against", "test"]
    return table.sort_values(order, kind="stable", ignore_index=True)


def select(
    comparisons: Sequence[Comparison],
    measure: str = "",
    breakdown: str = "",
    kind: Kind | None = None,
    against: str = "",
) -> tuple[Comparison, ...]:
    """Return the comparisons of a measure, breakdown, kind or other side; all where none is named.

    Parameters
    ----------
    comparisons : sequence of Comparison
    measure, breakdown, against : str
        Empty: any.
    kind : Kind, optional
        None: any.
    """
    return tuple(
        each
        for each in comparisons
        if (not measure or each.measure == measure)
        and (not breakdown or each.breakdown == breakdown)
        and (kind is None or each.kind is kind)
        and (not against or each.against == against)
    )
