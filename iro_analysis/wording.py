"""Format numbers, intervals and changes as text, and escape text for HTML and Markdown.

Sentences are chosen by the result. None claims a difference that its interval does not support.
"""

from __future__ import annotations

import html
import math
import re

from iro_analysis.rounding import half_up, printed

ABOUT_THE_SAME = "about the same"
NO_CLEAR_CHANGE = "no clear change"
NOT_CLEAR, NOT_TESTED = "not clearly different", "not tested"
INTERNAL_MARK = "OFFICIAL-SENSITIVE: contains small numbers, not for publication"
USUAL = "within what is usual here"
HIGHER, LOWER = "higher", "lower"
EVEN_SO = "more than chance would explain"
_OF_CHANCE = (
    "than chance would explain",
    "By chance alone",
    "likely range",
    ABOUT_THE_SAME,
    NO_CLEAR_CHANGE,
    NOT_CLEAR,
    NOT_TESTED,
    USUAL,
)
ROUNDED_BY = 0.5
LEAST_FOR_A_RELATIVE_CHANGE = 20  # from fewer, a percentage says more than the numbers do
LEAST_FOR_A_PERCENTAGE = 10
PLACES = {
    "children": 0,
    "reviews": 0,
    "count": 0,
    "percent": 0,
    "per_10000": 0,
    "ratio": 1,
    "days": 0,
    "score": 1,
    "months": 0,
    "probability": 0,
}


def number(value: float, unit: str, places: int | None = None) -> str:
    """Return a value as it is printed, with its unit sign where it has one.

    Examples
    --------
    >>> number(43.74, "percent"), number(43.74, "per_10000"), number(2.226, "ratio")
    ('44%', '44', '2.2')
    >>> number(0.0812, "probability")
    '8%'
    """
    if unit == "probability":  # a chance is worked out from 0 to 1 and said in percent
        value, unit = value * 100, "percent"
    if math.isinf(value):
        return "no upper limit"
    if unit == "percent" and 0 < value < 0.5 and not places:
        return "under 1%"
    shown = printed(value, PLACES[unit] if places is None else places)
    return f"{shown}%" if unit == "percent" else shown


def span(lower: float, upper: float, unit: str, places: int | None = None) -> str:
    """Return an interval in words: ``39 to 49``; ``82 or more`` where the upper is not reached."""
    if math.isnan(lower):
        return ""
    if math.isnan(upper):
        return f"{number(lower, unit, places)} or more"
    if math.isinf(upper):
        return f"at least {number(lower, unit, places)}"
    return f"{number(lower, unit, places)} to {number(upper, unit, places)}"


def by_chance(lower: float, upper: float, unit: str, what: str = "the figure") -> str:
    """Return a likely range as a sentence of its own: what chance alone could do to a figure.

    Examples
    --------
    >>> by_chance(86.4, 93.9, "percent")
    'By chance alone the figure could lie between 86% and 94%.'
    >>> by_chance(0.2, 1.7, "percent", "it"), by_chance(12, float("nan"), "days", "it")
    ('By chance alone it could be up to 2%.', 'By chance alone it could be 12 or more.')
    """
    low, high = number(lower, unit), number(upper, unit) if math.isfinite(upper) else ""
    if not high:
        return f"By chance alone {what} could be {low} or more."
    if high.startswith("under"):
        return f"By chance alone {what} would stay {high}."
    if lower == 0 or low.startswith("under"):
        return f"By chance alone {what} could be up to {high}."
    if low == high:
        return f"By chance alone {what} would stay at about {high}."
    return f"By chance alone {what} could lie between {low} and {high}."


def answers_chance(sentences: list[str]) -> bool:
    """Whether sentences say what chance could do: a range, a test, or why there is neither."""
    return any(words in sentence for sentence in sentences for words in _OF_CHANCE)


def of(numerator: float, denominator: float) -> str:
    """Return a frequency: ``110 of 328``."""
    return f"{printed(numerator)} of {printed(denominator)}"


def share(numerator: float, denominator: float, people: str = "") -> str:
    """Return a frequency, then its share of the whole; the frequency only under 10.

    Parameters
    ----------
    numerator, denominator : float
    people : str, optional
        What is counted, in the plural, where the sentence does not say it.

    Examples
    --------
    >>> share(110, 328), share(33, 328, "children"), share(1, 8)
    ('110 of 328 (34%)', '33 of 328 children (10%)', '1 of 8')
    """
    frequency = f"{of(numerator, denominator)} {people}".rstrip()
    if denominator < LEAST_FOR_A_PERCENTAGE:
        return frequency
    return f"{frequency} ({number(numerator / denominator * 100, 'percent')})"


def within(area: str) -> str:
    """Return an area as it stands in a sentence; which model of neighbours, their table says."""
    name = area.partition(" (")[0]
    return name[:1].lower() + name[1:] if name == "Statistical neighbours" else name


def in_figures(count: int) -> str:
    """Return a small number as a word that opens a sentence: ``Four``; else as figures."""
    words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"]
    return words[count] if 0 <= count < len(words) else printed(count)


def about_one_in(share: float) -> str:
    """Return a share as people say it: ``about 1 in 4``, ``about half``, ``about 7 in 10``.

    Examples
    --------
    >>> [about_one_in(x / 98) for x in (23, 49, 70, 2, 98)]
    ['about 1 in 4', 'about half', 'about 7 in 10', 'about 1 in 49', 'about 10 in 10']
    """
    if 0.45 <= share < 0.55:
        return "about half"
    if 0 < share < 0.375:
        return f"about 1 in {printed(1 / share)}"
    return f"about {printed(share * 10)} in 10"


def about_times(ratio: float) -> str:
    """Return a ratio in round words where it lies near one, else as a number.

    Examples
    --------
    >>> about_times(2.23), about_times(0.52), about_times(3.1), about_times(1.44)
    ('about twice', 'about half', 'about three times', '1.4 times')
    """
    near = [(0.45, 0.55, "half"), (1.75, 2.25, "twice"), (2.75, 3.25, "three times")]
    for low, high, words in near:
        if low <= ratio < high:
            return f"about {words}"
    return f"{number(ratio, 'ratio')} times"


def ratio_limits(lower: float, upper: float) -> str:
    """Return the range of a ratio, with a further place where an end would print as 1.0.

    Examples
    --------
    >>> ratio_limits(1.771, 2.791), ratio_limits(1.04, 2.3)
    ('1.8 to 2.8', '1.04 to 2.30')
    """
    near = any(math.isfinite(end) and printed(end, 1) == "1.0" for end in (lower, upper))
    return span(lower, upper, "ratio", 2 if near else None)


def times_as_likely(value: float, lower: float, upper: float, clear: bool = True) -> str:
    """Return a ratio against a reference group in words.

    Parameters
    ----------
    value, lower, upper : float
    clear : bool
        False where it is not clear for another reason than its own range: one of several groups.

    Examples
    --------
    >>> times_as_likely(2.226, 1.771, 2.791)
    '2.2 times as likely (likely range 1.8 to 2.8)'
    >>> times_as_likely(1.1, 0.8, 1.5)
    'no clear difference (1.1 times as likely; likely range 0.8 to 1.5)'
    """
    ratio = f"{number(value, 'ratio')} times as likely"
    limits = ratio_limits(lower, upper)
    if lower <= 1 <= upper or not clear:
        return f"no clear difference ({ratio}; likely range {limits})"
    return f"{ratio} (likely range {limits})"


def change(before: float, after: float) -> str:
    """Return a change of a count, absolute and relative; absolute only from a small number.

    Examples
    --------
    >>> change(348, 328), change(328, 328), change(6, 22)
    ('20 fewer (6% fewer)', 'the same', '16 more')
    """
    difference = after - before
    if difference == 0:
        return "the same"
    word = "more" if difference > 0 else "fewer"
    if before < LEAST_FOR_A_RELATIVE_CHANGE:
        return f"{printed(abs(difference))} {word}"
    relative = half_up(abs(difference) / before * 100)
    shown = f"{relative}%" if relative else "less than 1%"
    return f"{printed(abs(difference))} {word} ({shown} {word})"


def change_of_share(difference: float, lower: float, upper: float) -> str:
    """Return a change of a share in words; none is claimed that its interval does not support.

    Parameters
    ----------
    difference, lower, upper : float
        Shares from -1 to 1: now less before, and the likely range of that.

    Examples
    --------
    >>> change_of_share(0.0135, -0.012, 0.039)
    'no clear change'
    >>> change_of_share(0.06, 0.02, 0.1)
    'higher now by 6 percentage points (likely range 2 to 10), more than chance would explain'
    >>> change_of_share(0.02, 0.002, 0.05)
    'higher now by 2.0 percentage points (likely range 0.2 to 5.0), more than chance would explain'
    """
    if math.isnan(lower) or lower <= 0 <= upper:
        return NO_CLEAR_CHANGE
    word = "higher" if difference > 0 else "lower"
    low, high = sorted(abs(end) * 100 for end in (lower, upper))
    places = 0 if low >= ROUNDED_BY else 1  # a range that does not reach 0 prints none
    points = printed(abs(difference) * 100, places)
    noun = "point" if points == "1" else "points"
    limits = span(low, high, "count", places)
    return f"{word} now by {points} percentage {noun} (likely range {limits}), {EVEN_SO}"


def joined(parts: list[str]) -> str:
    """Return a list as a phrase; what holds commas itself is parted by semicolons.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a", "b, c or d"])
    ('a, b and c', 'a; and b, c or d')
    """
    if len(parts) < 2:
        return "".join(parts)
    if any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}; and {parts[-1]}"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def listed(pairs: list[tuple[str, str]]) -> str:
    """Return labels with their figures as a list in a sentence: ``a: 1; b: 2``."""
    return "; ".join(f"{label}: {text}" for label, text in pairs)


def in_markdown(text: str) -> str:
    """Return text that is not ours (a council's name) so that Markdown and HTML leave it alone."""
    return re.sub(r"([\\`*_{}\[\]()#+!|~$-])", r"\\\1", html.escape(text, quote=False))


def section_anchor(heading: str) -> str:
    """Return the anchor of a section of the page, by which links find it.

    Examples
    --------
    >>> section_anchor("Can we trust the data?")
    'can-we-trust-the-data'
    """
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def internal_banner() -> str:
    """Return the mark of an internal run as HTML that needs no style sheet."""
    style = "background:#801650;color:#fff;padding:.6rem 1rem;margin:0 0 1rem;font-weight:700"
    return f'<p role="note" style="{style}">{INTERNAL_MARK}</p>'


def in_html(text: str) -> str:
    """Return text escaped for HTML."""
    return html.escape(str(text), quote=True)
