"""Hold a column of text as its distinct texts and, for each row, which of them it holds.

A return says the same few things over and over. Whatever is asked of a text is asked once for each
distinct one; a row costs a number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Texts:
    """A column of text.

    Attributes
    ----------
    places : ndarray of int
        For each row, the place of its text in `distinct`.
    distinct : list of str
        Each text that a row holds, once.
    """

    places: np.ndarray
    distinct: list[str]

    @classmethod
    def of(cls, values: Sequence[str] | np.ndarray) -> Texts:
        """Return the column of these values; a missing one is blank."""
        places, found = pd.factorize(np.asarray(values, dtype=object))
        distinct = found.tolist()
        if (places < 0).any():
            blank = [*distinct, ""].index("")
            return cls(
                np.where(places < 0, blank, places), [*distinct[:blank], "", *distinct[blank + 1 :]]
            )
        return cls(places, distinct)

    @classmethod
    def same(cls, text: str, rows: int) -> Texts:
        """Return a column with one text in every row."""
        return cls(np.zeros(rows, dtype=np.intp), [text] if rows else [])

    def each(self, read: Callable[[str], Any], dtype: Any) -> np.ndarray:
        """Return for each row what a function reads from its text."""
        return np.array([read(text) for text in self.distinct], dtype=dtype)[self.places]

    def where(self, test: Callable[[str], bool]) -> np.ndarray:
        """Return for each row whether its text passes a test."""
        passed = [test(text) for text in self.distinct]
        if not any(passed):
            return np.zeros(len(self.places), dtype=bool)
        return np.array(passed)[self.places]

    @property
    def blank(self) -> np.ndarray:
        """Whether each row's text is blank."""
        return self.where(lambda text: not text)

    def changed(self, read: Callable[[str], str]) -> Texts:
        """Return the column with what a function makes of each text in its place."""
        texts = [read(text) for text in self.distinct]
        if texts == self.distinct:
            return self
        numbers: dict[str, int] = {}
        renumbered = np.array([numbers.setdefault(text, len(numbers)) for text in texts])
        return Texts(renumbered[self.places], list(numbers))

    def without(self, words: Collection[str]) -> Texts:
        """Return the column with some of its texts made blank."""
        return self.changed(lambda text: "" if text in words else text)

    def differs(self, other: Texts) -> np.ndarray:
        """Return for each row whether another column, made from this one, has another text."""
        if other is self:
            return np.zeros(len(self.places), dtype=bool)
        mine, theirs = (np.array(each.distinct, dtype=object) for each in (self, other))
        return mine[self.places] != theirs[other.places]

    def of_rows(self, rows: np.ndarray) -> Texts:
        """Return the column of some rows: True where one is kept."""
        places, used = pd.factorize(self.places[rows])
        return Texts(places, [self.distinct[place] for place in used])

    def in_one(self) -> str:
        """Return the texts as one, a line break around each: to look for a sign at once."""
        return "\n".join(["", *self.distinct, ""])

    def array(self) -> pd.api.extensions.ExtensionArray:
        """Return the texts row by row, as pandas holds text."""
        return pd.array(self.distinct, dtype="str").take(self.places)


def as_frame(columns: dict[str, Texts | np.ndarray], kept: np.ndarray) -> pd.DataFrame:
    """Return some rows of columns as a table: True where one is kept."""
    arrays = {
        name: column.array() if isinstance(column, Texts) else column
        for name, column in columns.items()
    }
    every = kept.all()
    return pd.DataFrame({name: array if every else array[kept] for name, array in arrays.items()})
