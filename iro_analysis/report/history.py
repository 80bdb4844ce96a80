"""Write the part of a sentence that compares a figure with earlier periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iro_analysis.comparisons import Verdict
from iro_analysis.periods import Period, of_days
from iro_analysis.report.text import Number, Text
from iro_analysis.report.words import number_word

if TYPE_CHECKING:
    from iro_analysis.report.figure import Figure, Ref
    from iro_analysis.report.figures import Figures

UP, DOWN, UNCHANGED = "up from", "down from", "unchanged from"
NOT_CLEAR = "not clearly different from"
_WAYS: dict[str, str] = {
    Verdict.HIGHER: UP,
    Verdict.LOWER: DOWN,
    Verdict.ABOUT_THE_SAME: "little changed from",
    Verdict.NOT_CLEAR: NOT_CLEAR,
}
_UNTESTED = "against"
FEWEST_YEARS = 3


def history(figures: Figures, ref: Ref) -> Text | None:
    """Return how a figure stands to its past, to be set behind it in a sentence.

    A count is exact: it rose, fell or stayed. Of a share or rate a direction is said only where
    the comparison of the two periods claims one.

    Parameters
    ----------
    figures : Figures
    ref : Ref

    Returns
    -------
    Text or None
        ``, up from 348 a year before; the most in three years``; empty where no earlier figure is
        shown, None where the figure itself is not.
    """
    now = figures.get(ref)
    if now is None:
        return None
    steps = [
        (way(figures, now, then), then.number("share" if ref.share else "value"), when)
        for then, when in _past(figures, ref)
    ]
    pieces: list[str | Number] = []
    last = ""
    for direction, number, when in steps:
        if number is None:
            continue
        joined = "or" if direction == NOT_CLEAR else "and"
        between = f" {joined} " if direction == last else f" and {direction} " if last else ""
        pieces += [between or f", {direction} ", number, f" {when}"]
        last = direction
    return Text((*pieces, *extreme(figures, ref).pieces))


def extreme(figures: Figures, ref: Ref) -> Text:
    """Return that a figure is the highest or lowest of all years held; empty where it is neither.

    Every year must be shown. A share or rate must also differ clearly from a year before: the
    highest of several that vary by chance is expected.

    Parameters
    ----------
    figures : Figures
    ref : Ref
    """
    now, points = figures.get(ref), [figure for _, figure in figures.unbroken(ref)]
    if now is None or not figures.period.is_year or len(points) < FEWEST_YEARS or ref.share:
        return Text()
    earlier = [point for point in points if point is None or point.period != now.period]
    if not all(earlier) or len(earlier) != len(points) - 1:
        return Text()
    values = [point.value for point in earlier if point is not None]
    is_high, is_low = now.value > max(values), now.value < min(values)
    verdict = figures.against(ref, "before")
    wanted = Verdict.HIGHER if is_high else Verdict.LOWER
    if not (is_high or is_low) or not (now.counted or verdict == wanted):
        return Text()
    words = ("most", "fewest") if now.counted else ("highest", "lowest")
    return Text((f"; the {words[0] if is_high else words[1]} in {number_word(len(points))} years",))


def way(figures: Figures, now: Figure, then: Figure) -> str:
    """Return the direction from an earlier figure to this one, in words."""
    if now.counted:
        if now.value == then.value:
            return UNCHANGED
        return UP if now.value > then.value else DOWN
    found = figures.verdict(now.ref, then.period)
    return _WAYS.get(found.verdict, _UNTESTED) if found is not None else _UNTESTED


def _past(figures: Figures, ref: Ref) -> list[tuple[Figure, str]]:
    """Return the earlier figures that a sentence names, each with its time in words."""
    found = [(figures.earlier(ref), "a year before")]
    if not figures.period.is_year:
        found.append((figures.previous(ref), f"in {the_period_before(figures.period)}"))
    return [(figure, when) for figure, when in found if figure is not None]


def the_period_before(period: Period) -> str:
    """Return what the period just before is called.

    Examples
    --------
    >>> from iro_analysis.periods import single
    >>> the_period_before(single("2019-20-Q3")), the_period_before(single("2019-20-H1"))
    ('the quarter before', 'the half-year before')
    >>> the_period_before(single("2019-04-01:2019-09-30"))
    'the half-year before'
    """
    name = of_days(period.start, period.end).name
    if name.partition("-Q")[2]:
        return "the quarter before"
    return "the half-year before" if name.partition("-H")[2] else "the months before"
