"""Hold a column of text as its distinct texts and, for each row, which of them it holds.

A return says the same few things over and over. Whatever is asked of a text is asked once for each
distinct one; a row costs a number. While a return is joined and checked its texts are categories,
in the order of the alphabet and the same in every table, so that rows are compared, sorted and
grouped by numbers; whoever takes the tables over gets text.
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

    def coded(self, numbers: dict[str, int], kind: pd.CategoricalDtype) -> pd.Categorical:
        """Return the texts row by row as numbers of the categories of a kind."""
        own = np.array([numbers[text] for text in self.distinct], dtype=np.int64)
        return pd.Categorical.from_codes(own[self.places], dtype=kind, validate=False)

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


def of_rows(
    columns: dict[str, Texts | np.ndarray], kept: np.ndarray
) -> dict[str, Texts | np.ndarray]:
    """Return columns with some of their rows: True where one is kept."""
    if kept.all():
        return columns
    return {
        name: column.of_rows(kept) if isinstance(column, Texts) else column[kept]
        for name, column in columns.items()
    }


def as_categories(tables: list[dict[str, Texts | np.ndarray]]) -> list[pd.DataFrame]:
    """Return tables whose texts are categories: columns of one name have the same, sorted."""
    held: dict[str, set[str]] = {}
    for columns in tables:
        for name, column in columns.items():
            if isinstance(column, Texts):
                held.setdefault(name, {""}).update(column.distinct)
    kinds = {name: pd.CategoricalDtype(sorted(texts)) for name, texts in held.items()}
    numbers = {
        name: {text: number for number, text in enumerate(kind.categories)}
        for name, kind in kinds.items()
    }
    return [
        pd.DataFrame(
            {
                name: column.coded(numbers[name], kinds[name])
                if isinstance(column, Texts)
                else column
                for name, column in columns.items()
            }
        )
        for columns in tables
    ]


def is_coded(column: pd.Series) -> bool:
    """Return whether a column holds its texts as categories."""
    return isinstance(column.dtype, pd.CategoricalDtype)


def as_text(column: pd.Series) -> pd.Series:
    """Return a column with its categories written out, any other column as it is."""
    if not is_coded(column):
        return column
    texts = column.cat.categories.array.take(column.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(texts, index=column.index, name=column.name)


def written_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its categories written out as text."""
    return pd.DataFrame({name: as_text(rows[name]) for name in rows}, index=rows.index)


def held(column: pd.Series) -> list[str]:
    """Return the texts that a column of categories holds."""
    return column.cat.categories.take(pd.unique(column.cat.codes.to_numpy())).tolist()


def each(column: pd.Series, read: Callable[[str], Any], dtype: Any) -> pd.Series:
    """Return for each row of a column of categories what a function reads from its text."""
    read_once = np.array([read(text) for text in column.cat.categories], dtype=dtype)
    return pd.Series(read_once[column.cat.codes.to_numpy()], index=column.index)


def looked_up(
    column: pd.Series, texts: pd.Series | pd.CategoricalIndex, known: pd.Series
) -> pd.Series:
    """Return for each row what is known of its text; missing where nothing is.

    Parameters
    ----------
    column : Series of category
    texts : Series or Index of category
        Of the same categories, each text once.
    known : Series
        What is known of each of `texts`, in their order.

    Raises
    ------
    ValueError
        If one of `texts` stands twice: which of the two is known would be by chance.
    """
    own = pd.Index(texts)
    if own.has_duplicates:
        raise ValueError("one text is known twice")
    places = np.full(len(own.categories) + 1, -1)  # the last is for a row without a text
    places[own.codes] = np.arange(len(own))
    found = known.array.take(places[column.cat.codes.to_numpy()], allow_fill=True)
    return pd.Series(found, index=column.index)


def with_day(texts: pd.Series, days: pd.Series) -> pd.Series:
    """Return a text of categories and a day as one number, to find pairs of them again.

    Where the day is missing the number means nothing.
    """
    day = days.to_numpy().astype("datetime64[D]").astype(np.int64)
    return pd.Series(texts.cat.codes.to_numpy().astype(np.int64) * 2**32 + day, index=texts.index)
