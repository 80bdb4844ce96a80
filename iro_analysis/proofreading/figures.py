"""Records of what is read from a printed report: figures, sentences, tables, unread numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

PERCENT, RATE, COUNT = "percent", "per_10000", "count"
OWN = ""
_Number = TypeVar("_Number", int, Decimal)


@dataclass(frozen=True)
class Place:
    """Where something is printed.

    Attributes
    ----------
    file : str
    line : int
        Line of the file, from 1.
    cell : str
        Row and column of a table; empty in a sentence.
    """

    file: str
    line: int
    cell: str = ""

    def __str__(self) -> str:
        return f"line {self.line}" + (f", {self.cell}" if self.cell else "")


@dataclass(frozen=True)
class Figure:
    """One printed figure, with what is printed about it.

    Attributes
    ----------
    place : Place
    text : str
        As printed: ``110 (32%)``.
    label : str
        What it is a figure of, in the report's words.
    printed : Decimal or None
        The percentage or rate; None for a bare count.
    unit : str
        ``percent``, ``per_10000`` or ``count``.
    count, total : int or None
    total_from : str
        Where the total was read, where it does not stand in the figure's own words.
    hedge : str
        A word such as ``over`` before it.
    area : str
        Empty for the report's own authority.
    period : str
        A date, year or period in the report's words; empty where none is printed.
    measure, breakdown, group : str
        Of the suite, where known.
    subject : str
        What it is about, in a form that two places share; empty where unknown.
    column : str
        Of a table's cell: the head of its column.
    at : int
        Position in its sentence.
    """

    place: Place
    text: str
    label: str = ""
    printed: Decimal | None = None
    unit: str = COUNT
    count: int | None = None
    total: int | None = None
    total_from: str = ""
    hedge: str = ""
    area: str = OWN
    period: str = ""
    measure: str = ""
    breakdown: str = ""
    group: str = ""
    subject: str = ""
    column: str = ""
    at: int = 0

    @property
    def value(self) -> Decimal:
        """The number that the figure says: the share, else the count."""
        return self.printed if self.printed is not None else Decimal(self.count or 0)

    @property
    def share(self) -> Decimal:
        """The percentage or rate of a figure that has one; else a fault."""
        return _held(self.printed, "percentage or rate", self)

    @property
    def part(self) -> int:
        """The count of a figure that has one; else a fault."""
        return _held(self.count, "count", self)

    @property
    def whole(self) -> int:
        """The total of a figure that has one; else a fault."""
        return _held(self.total, "total", self)


def _held(number: _Number | None, what: str, figure: Figure) -> _Number:
    if number is None:
        raise ValueError(f"{figure.place}: a figure without a {what} was taken for one with it")
    return number


@dataclass(frozen=True)
class Sentence:
    """A sentence and the figures in it, in order."""

    place: Place
    text: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """The sentences of a paragraph, list item or caption."""

    place: Place
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of a table: its label, its line, its cells as text."""

    line: int
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table as printed, and the figures read from it."""

    place: Place
    caption: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Unread:
    """Something that looks like a figure and was not read, with the reason."""

    place: Place
    text: str
    why: str


@dataclass(frozen=True)
class Document:
    """A printed report as read."""

    file: str
    paragraphs: tuple[Paragraph, ...] = ()
    tables: tuple[Table, ...] = ()
    unread: tuple[Unread, ...] = ()
    listed: tuple[Figure, ...] = field(default=())

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in order."""
        return tuple(one for paragraph in self.paragraphs for one in paragraph.sentences)

    def corrected(self, figure: Figure, new: str) -> str:
        """Return the clause in which a figure stands, with another one in its place.

        Empty for a figure of a table or list, and for one that stands alone.
        """
        for sentence in self.sentences:
            if figure not in sentence.figures:
                continue
            before = re.split(r"[.;:()]\s|[()]", sentence.text[: figure.at])[-1].lstrip("-•*, ")
            after = re.split(r"[.;:]\s|[,()]", sentence.text[figure.at + len(figure.text) :])[0]
            clause = f"{before}{new}{after}".strip(" .")
            return f'"{clause}"' if clause != new else ""
        return ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure: of sentences, of tables, and of a list of figures."""
        of_text = [figure for sentence in self.sentences for figure in sentence.figures]
        of_tables = [figure for table in self.tables for figure in table.figures]
        return (*of_text, *of_tables, *self.listed)
