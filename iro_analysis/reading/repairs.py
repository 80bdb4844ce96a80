"""Repair values that can be meant in one way only, and count them as repaired.

A word for nothing (``N/A``, ``NULL``, ``01/01/1900`` as a date) is read as blank. A code written
out (``Y``, ``White British``, ``PN1 - Child attends``) is read as the code. What has two possible
readings stays as it is and is reported as an unknown code.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from iro_analysis import codes
from iro_analysis.reading.files import shown
from iro_analysis.reading.texts import Texts
from iro_analysis.reading.values import MIDNIGHT

_CODE_FIRST = re.compile(r"([A-Z0-9]+)\s*[-\u2010-\u2015:=.,(]\s*(.+)")
_CODE_LAST = re.compile(r"(.+?)\s*[(\[]\s*([A-Z0-9]+)\s*[)\]]")


@cache
def _blank_words() -> frozenset[str]:
    return frozenset(word.casefold() for word in codes.record("readings")["blank"]["words"])


@cache
def _blank_dates() -> frozenset[str]:
    return frozenset(codes.record("readings")["blank"]["dates"])


def _stands_for_nothing(text: str, is_date: bool) -> bool:
    if text.casefold() in _blank_words():
        return True
    return is_date and MIDNIGHT.sub("", text) in _blank_dates()


def without_placeholders(
    texts: dict[str, Texts], dates: frozenset[str]
) -> tuple[dict[str, Texts], np.ndarray, dict[str, list[str]]]:
    """Return columns of text with every word for nothing made blank.

    Parameters
    ----------
    texts : dict of Texts
        Of one table, at least one.
    dates : frozenset of str
        The columns that hold dates.

    Returns
    -------
    dict of Texts
        As given, placeholders blank.
    ndarray of int
        How many values of each row were made blank.
    dict
        Column -> the words found in it, where there were any.
    """
    repaired = np.zeros(len(next(iter(texts.values())).places), dtype=np.int64)
    found: dict[str, list[str]] = {}
    changed = dict(texts)
    for name, column in texts.items():
        words = {text for text in column.distinct if _stands_for_nothing(text, name in dates)}
        if words:
            found[name] = sorted(words)
            repaired += column.where(words.__contains__)
            changed[name] = column.without(words)
    return changed, repaired, found


def spelt_out(texts: Texts, list_name: str) -> Texts:
    """Return codes with those written out read as the code they name.

    Parameters
    ----------
    texts : Texts
        Codes in capitals, as ``values.codes`` returns them.
    list_name : str
        The code list of the column.

    Returns
    -------
    Texts
        Unchanged where a text is a code already, or can be read in no way or in two.
    """
    known = {"", *codes.CodeList(list_name).known()}
    return texts.changed(lambda text: text if text in known else as_code(text, list_name) or text)


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


def in_words(file: str, repaired: np.ndarray, found: dict[str, list[str]]) -> list[str]:
    """Return what was read as blank in a file, as one line; none where nothing was."""
    if not found:
        return []
    words = ", ".join(sorted({word for words in found.values() for word in words}))
    columns = ", ".join(found)
    return [f"{file}: {repaired.sum():,} values read as blank ({shown(words)}) in {columns}"]
