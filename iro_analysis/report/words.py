"""Say numbers as people do: six in ten, nearly twice, a third of."""

from __future__ import annotations

from iro_analysis.rounding import half_up, printed

_NAMES = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS = {2: "half of", 3: "a third of", 4: "a quarter of", 5: "a fifth of"}
_MULTIPLES = [
    (0.0, 0.20, "less than a fifth of"),
    (0.20, 0.225, "about a fifth of"),
    (0.225, 0.275, "about a quarter of"),
    (0.275, 0.30, "less than a third of"),
    (0.30, 0.365, "about a third of"),
    (0.365, 0.47, "less than half of"),
    (0.47, 0.53, "about half of"),
    (1.75, 1.95, "nearly twice"),
    (1.95, 2.05, "twice"),
    (2.05, 2.5, "more than twice"),
    (2.5, 2.9, "more than two and a half times"),
    (2.9, 3.1, "about three times"),
]


def number_word(count: int) -> str:
    """Return a small number as a word, a larger one in figures.

    Examples
    --------
    >>> number_word(6), number_word(22)
    ('six', '22')
    """
    return _NAMES[count] if 0 <= count < len(_NAMES) else printed(count)


def tenths(share: float) -> str:
    """Return a share as people say it, in tenths; never all or none unless it is.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Examples
    --------
    >>> tenths(0.591), tenths(0.17), tenths(0.997), tenths(1.0)
    ('six in ten', 'one in six', 'nearly all', 'all')
    """
    if share >= 1:
        return "all"
    if share >= 0.965:
        return "nearly all"
    if 0.44 <= share < 0.56:
        return "nearly half" if share < 0.48 else "half" if share <= 0.52 else "more than half"
    if share < 0.25:
        return one_in(share)
    return f"{_NAMES[int(half_up(share * 10))]} in ten"


def tenths_of(share: float) -> str:
    """Return a share in tenths as it stands before a noun.

    Examples
    --------
    >>> tenths_of(0.454), tenths_of(0.91)
    ('nearly half of', 'nine in ten')
    """
    said = tenths(share)
    return f"{said} of" if said.endswith("half") else said


def one_in(share: float) -> str:
    """Return a small share as one in so many.

    Examples
    --------
    >>> one_in(0.1006), one_in(0.1745), one_in(0)
    ('one in ten', 'one in six', 'none')
    """
    return f"one in {number_word(int(half_up(1 / share)))}" if share > 0 else "none"


def in_ten(share: float) -> str:
    """Return a share in figures as young people read it.

    Below a quarter it is one in so many, as `one_in` says it elsewhere on the page.

    Examples
    --------
    >>> in_ten(0.91), in_ten(0.079), in_ten(0.02), in_ten(0.99)
    ('9 in 10', '1 in 13', 'hardly any', 'nearly all')
    """
    if share >= 0.965:
        return "all" if share >= 1 else "nearly all"
    if share < 0.05:
        return "none" if share == 0 else "hardly any"
    if share < 0.25:
        return f"1 in {int(half_up(1 / share))}"
    return f"{int(half_up(share * 10))} in 10"


def multiple(now: float, before: float) -> str:
    """Return what a count is of an earlier one, in words; empty where it moved little.

    Examples
    --------
    >>> multiple(649, 348), multiple(22, 66), multiple(122, 181), multiple(31, 19)
    ('nearly twice', 'a third of', '', '1.6 times')
    """
    if before <= 0:
        return ""
    for part, words in _PARTS.items():
        if now * part == before:
            return words
    ratio = now / before
    for low, high, words in _MULTIPLES:
        if low <= ratio < high:
            return words
    return f"{printed(ratio, 1)} times" if ratio >= 1.5 else ""


def moved_by_a_third(now: float, before: float) -> bool:
    """Whether a count moved by a third or more.

    Examples
    --------
    >>> moved_by_a_third(22, 66), moved_by_a_third(122, 181)
    (True, False)
    """
    return before > 0 and abs(now - before) * 3 >= before
