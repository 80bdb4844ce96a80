"""Compute control limits for quarterly figures, separately before and after each break."""

from __future__ import annotations

from dataclasses import dataclass

from iro_analysis import codes
from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates import laney
from iro_analysis.indicators.paths_through_care import PER_DAYS
from iro_analysis.periods import single

_PER = {"percent": 100.0, "ratio": float(PER_DAYS)}


@dataclass(frozen=True)
class Stretch:
    """Quarters between two breaks.

    Attributes
    ----------
    rows : tuple
        The figures, in order.
    limits : laney.Limits, optional
        None where they are too few, or a limit cannot be told.
    since : str
        What changed when it began; empty for the first.
    """

    rows: tuple
    limits: laney.Limits | None
    since: str = ""

    @property
    def per(self) -> float:
        """The factor that converts the limits to the unit of the figure."""
        return _PER.get(self.rows[0].unit, 1.0)

    @property
    def outside(self) -> list:
        """The quarters beyond a limit."""
        if self.limits is None:
            return []
        return [row for row, out in zip(self.rows, self.limits.outside, strict=True) if out]


def stretches(published: Published) -> list[Stretch]:
    """Return the quarters of a measure between its breaks, each stretch with limits of its own.

    Parameters
    ----------
    published : Published
        The breakdown ``recent_quarter`` of one measure.

    Returns
    -------
    list of Stretch
        In order of time; none where a quarter has no figure.
    """
    rows = [row for row in published if row.status == "ok"]
    if published.reason or len(rows) < len(published.figures):
        return []
    found: list[Stretch] = []
    begun: list = []
    since = ""
    for row in rows:
        changed = [
            each.what
            for each in published.measure.breaks
            if begun and single(begun[-1].group).start < each.on <= single(row.group).start
        ]
        if changed:
            found.append(Stretch(tuple(begun), _limits(begun), since))
            begun, since = [], "; ".join(changed)
        begun.append(row)
    return [*found, Stretch(tuple(begun), _limits(begun), since)]


def _limits(rows: list) -> laney.Limits | None:
    if rows[0].measure in codes.record("rules")["demand"]["without_limits"]:
        return None
    met, of = [row.numerator for row in rows], [row.denominator for row in rows]
    if not sum(met) or met == of or len(rows) < laney.FEWEST_POINTS:
        return None  # nothing happened, or all met it: there are no ups and downs
    if rows[0].unit == "percent":
        return laney.shares(met, of)
    return laney.rates(met, of if rows[0].unit in _PER else [1.0] * len(rows))
