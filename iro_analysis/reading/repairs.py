"""Repair values that can be meant in one way only, and count them as repaired.

A word for nothing (``N/A``, ``NULL``, ``01/01/1900`` as a date) is read as blank. A code written
out (``Y``, ``White British``, ``PN1 - Child attends``) is read as the code. What has two possible
readings stays as it is and is reported as an unknown code.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from iro_analysis import codes
from iro_analysis.reading.files import shown
from iro_analysis.reading.values import MIDNIGHT, each_distinct, in_one

_CODE_FIRST = re.compile(r"([A-Z0-9]+)\s*[-\u2010-\u2015:=.,(]\s*(.+)")
_CODE_LAST = re.compile(r"(.+?)\s*[(\[]\s*([A-Z0-9]+)\s*[)\]]")


@cache
def _blank_words() -> frozenset[str]:
    return frozenset(word.casefold() for word in codes.record("readings")["blank"]["words"])


@cache
def _blank_dates() -> frozenset[str]:
    return frozenset(codes.record("readings")["blank"]["dates"])


def stand_for_nothing(texts: pd.Series, are_dates: bool) -> pd.Series:
    """Return True where a text is a word, or a date, that stands for nothing.

    Parameters
    ----------
    texts : Series of str
    are_dates : bool
        Whether the column holds dates.
    """
    words, dates = _blank_words(), _blank_dates() if are_dates else frozenset()

    def is_blank(text: str) -> bool:
        return text.casefold() in words or MIDNIGHT.sub("", text) in dates

    return each_distinct(texts, is_blank, "bool")


def without_placeholders(
    rows: pd.DataFrame, dates: frozenset[str]
) -> tuple[pd.DataFrame, pd.Series, dict[str, list[str]]]:
    """Return rows of text with every word for nothing made blank.

    Parameters
    ----------
    rows : DataFrame of str
        With ``line``.
    dates : frozenset of str
        The columns that hold dates.

    Returns
    -------
    DataFrame
        As given, placeholders blank.
    Series of int
        How many values of each row were made blank.
    dict
        Column -> the words found in it, where there were any.
    """
    repaired = pd.Series(0, index=rows.index, dtype="int64")
    found: dict[str, list[str]] = {}
    changed = {}
    for name in rows.columns:
        if name == "line" or not _may_hold_one(rows[name], name in dates):
            continue
        blank = stand_for_nothing(rows[name], name in dates)
        if blank.any():
            found[name] = sorted(rows.loc[blank, name].unique())
            changed[name] = rows[name].mask(blank, "")
            repaired += blank.astype("int64")
    return (rows.assign(**changed) if changed else rows), repaired, found


def _may_hold_one(texts: pd.Series, are_dates: bool) -> bool:
    """Whether any text of a column can be a placeholder: one look at the whole column."""
    whole = f"{in_one(texts)}".casefold()
    if any(f"\n{word}\n" in whole for word in _blank_words()):
        return True
    return are_dates and any(f"\n{day}" in whole for day in _blank_dates())


def spelt_out(texts: pd.Series, list_name: str) -> pd.Series:
    """Return codes with those written out read as the code they name.

    Parameters
    ----------
    texts : Series of str
        Codes in capitals, as ``values.codes`` returns them.
    list_name : str
        The code list of the column.

    Returns
    -------
    Series of str
        Unchanged where a text is a code already, or can be read in no way or in two.
    """
    known = codes.CodeList(list_name).known()
    strange = [text for text in texts.unique() if text and text not in known]
    read = {text: code for text in strange if (code := as_code(text, list_name))}
    return texts.replace(read) if read else texts


def as_code(text: str, list_name: str) -> str:
    """Return the one code that a text can mean in a list; empty where there is none, or two.

    Examples
    --------
    >>> as_code("PN1 - CHILD ATTENDS", "participation"), as_code("WHITE BRITISH", "ethnicity")
    ('PN1', 'WBRI')
    >>> as_code("C2 - INTERIM CARE ORDER", "legal_status")
    ''
    """
    known = codes.CodeList(list_name).known()
    if named := _named(text, list_name):
        return named
    for pattern, place in ((_CODE_FIRST, 1), (_CODE_LAST, 2)):
        matched = pattern.fullmatch(text)
        if matched and matched[place] in known:
            other = _named(matched[3 - place].strip(" )]"), list_name)
            return matched[place] if other in ("", matched[place]) else ""
    return ""


def _named(text: str, list_name: str) -> str:
    """Return the code of a list that has a text as its label or another way of writing it."""
    return _names(list_name).get(_plain(text), "")


@cache
def _names(list_name: str) -> dict[str, str]:
    rows = codes.CodeList(list_name).rows
    found: dict[str, str] = {}
    for row in rows.itertuples(index=False):
        found.setdefault(_plain(row.label), row.code)  # one label is one meaning
    spelt = codes.record("readings")["spellings"].get(list_name, {})
    found.update({_plain(word): code for code, words in spelt.items() for word in words})
    return found


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())


def in_words(file: str, repaired: pd.Series, found: dict[str, list[str]]) -> list[str]:
    """Return what was read as blank in a file, as one line; none where nothing was."""
    if not found:
        return []
    words = ", ".join(sorted({word for words in found.values() for word in words}))
    columns = ", ".join(found)
    return [f"{file}: {repaired.sum():,} values read as blank ({shown(words)}) in {columns}"]
