"""Hold sentences in which each number refers to its figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from iro_analysis.wording import in_html

_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Number:
    """A number as printed, and the figure that it is.

    Attributes
    ----------
    shown : str
    figure : str
        ``measure|breakdown|group|period`` of ``figures.csv``.
    what : str
        Which of the figure's numbers: ``value``, ``numerator``, ``denominator``, ``rest``,
        ``share``, ``tenths``, ``lower``, ``upper``, ``change``, ``multiple``, or the name of
        another area whose published figure it is.
    """

    shown: str
    figure: str
    what: str = "value"

    @property
    def html(self) -> str:
        """The number with its figure as an attribute."""
        how = "" if self.what == "value" else f' data-what="{in_html(self.what)}"'
        return f'<span data-figure="{in_html(self.figure)}"{how}>{in_html(self.shown)}</span>'

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True)
class Text:
    """Words and numbers in one line.

    Attributes
    ----------
    pieces : tuple of str or Number
    """

    pieces: tuple[str | Number, ...] = ()

    @property
    def html(self) -> str:
        """The line as HTML."""
        return "".join(p.html if isinstance(p, Number) else in_html(p) for p in self.pieces)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers in it."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Number))

    def __str__(self) -> str:
        return "".join(map(str, self.pieces))

    def __bool__(self) -> bool:
        return any(map(str, self.pieces))

    def __add__(self, other: Text) -> Text:
        return Text(self.pieces + other.pieces)


def plain(words: str) -> Text:
    """Return words without a figure as a line."""
    return Text((words,))


def join(lines: list[Text], by: str = " ") -> Text:
    """Return several lines as one."""
    pieces: list[str | Number] = []
    for place, line in enumerate(lines):
        if place:
            pieces.append(by)
        pieces += line.pieces
    return Text(tuple(pieces))


def fill(template: str, find: Callable[[str], Text | None]) -> Text | None:
    """Return a template with its placeholders filled; None where one of them has no figure.

    Parameters
    ----------
    template : str
        Words with ``{placeholder}``.
    find : callable
        From a placeholder to what stands for it.
    """
    pieces: list[str | Number] = []
    at = 0
    for place in _PLACE.finditer(template):
        found = find(place[1])
        if found is None:
            return None
        pieces.append(template[at : place.start()])
        pieces += found.pieces
        at = place.end()
    pieces.append(template[at:])
    return capital(Text(tuple(piece for piece in pieces if piece != "")))


def capital(line: Text) -> Text:
    """Begin a line with a capital letter, also where a number in words opens it."""
    if not line.pieces:
        return line
    first, *rest = line.pieces
    if isinstance(first, Number):
        first = Number(first.shown[:1].upper() + first.shown[1:], first.figure, first.what)
    else:
        first = first[:1].upper() + first[1:]
    return Text((first, *rest))
