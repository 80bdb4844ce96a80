"""Read the service's own lists, each optional: what the return does not hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from iro_analysis import codes
from iro_analysis.errors import InputError
from iro_analysis.reading import list_checks, modules, repairs, values
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.files import RawTable, normalised, read_table
from iro_analysis.reading.folders import files_below
from iro_analysis.reading.texts import Texts, as_frame

COMMENT = "#"  # a row that begins with it is a note or an example
AUTHORITY = "authority"  # of a regional extract: whose the row is
_UNREADABLE = {"date": "unreadable_date", "flag": "unreadable_answer"}
_READERS = {"date": values.dates, "number": values.numbers, "flag": values.flags}


def read_lists(folder: Path, account: Account) -> dict[str, pd.DataFrame]:
    """Read ``local/*.csv``: list name -> rows with the columns of its record.

    Parameters
    ----------
    folder : Path
        The authority's folder.
    account : Account
        Receives the row account and the faults; a list that cannot be used is named in it.

    Returns
    -------
    dict of DataFrame
        Only lists that are known (``reference/local_lists.toml``), given and usable.
    """
    known = codes.record("local_lists")
    lists = {}
    local = folder / "local"
    files, refused = files_below(local, folder) if local.is_dir() else ([], [])
    account.unusable.extend(f"local/{line}" for line in refused)
    for path in files:
        file = f"local/{path.relative_to(local).as_posix()}"
        name = path.stem.lower()
        if path.suffix.lower() != ".csv" or name not in known:
            account.remarks.append(f"{file}: not one of the lists this version reads, left alone")
            continue
        try:
            raw, commented = _without_comments(read_table(path, file))
            if commented:
                account.remarks.append(f"{file}: {_commented(commented, not len(raw.lines))}")
            if not len(raw.lines) and raw.ragged.empty and commented:
                continue  # a template as `iro init` writes it: no list was given
            lists[name] = _typed(raw, name, account)
        except InputError as problem:
            account.unusable.extend(problem.lines)
    return lists


def _without_comments(raw: RawTable) -> tuple[RawTable, int]:
    """Return a table without the rows that begin with #, and how many there were."""
    first = raw.texts.get(normalised(raw.header[0]))
    if first is None:
        return raw, 0
    commented = first.where(lambda text: text.startswith(COMMENT))
    return raw.of_rows(~commented), int(commented.sum())


def _commented(count: int, alone: bool) -> str:
    rows = "1 row begins" if count == 1 else f"{count} rows begin"
    also = "; it holds no other row, so the list counts as not given" if alone else ""
    return f"{rows} with {COMMENT} and {'is' if count == 1 else 'are'} left alone{also}"


def _refuse_unanswered(bad: np.ndarray, file: str, column: str) -> None:
    """Refuse a list in which too many answers are neither yes nor no."""
    limit, count = codes.record("return")["fitness"], int(bad.sum())
    if count >= limit["unknown_least"] and count > limit["unknown_share"] * len(bad):
        raise InputError(
            f"{file}: {column} holds neither yes nor no in {count:,} of {len(bad):,} rows, more "
            f"than {limit['unknown_share']:.0%}; expected 1 or 0, yes or no, or nothing; the list "
            "is not used"
        )


# In the names of counts these part measure, group and period; in a workbook control characters
# are refused, and marks that turn the reading direction make a label read as another.
_PARTING = {"|": "/", " @ ": " at ", " # ": " no. ", " ~ ": " - "}
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def _label(text: str) -> str:
    """Return a text as it may be a group's label anywhere: on a page, in a file, in a chart."""
    text = _UNSEEN.sub(" ", text)
    for mark, instead in _PARTING.items():
        text = text.replace(mark, instead)
    return text.strip()


def _typed(raw: RawTable, name: str, account: Account) -> pd.DataFrame:
    record = codes.record("local_lists")[name]
    missing = [c for c in record["columns"] if normalised(c) not in raw.texts]
    if missing:
        raise InputError(
            f"{raw.file}: the column {', '.join(missing)} is missing; the list is not used"
        )
    given = {c: k for c, k in record.get("optional", {}).items() if normalised(c) in raw.texts}
    columns = record["columns"] | given
    dates = frozenset(normalised(c) for c, kind in columns.items() if kind == "date")
    read, repaired, words = repairs.without_placeholders(raw.texts, dates)
    account.remarks.extend(repairs.in_words(raw.file, repaired, words))
    rows = len(raw.lines)
    every, unusable = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    of_child = read["CHILD"] if "child" in record["columns"] else None
    place = as_frame({"line": raw.lines, "child": values.children(of_child, rows)}, every)
    place = place.assign(file=raw.file)

    def found(check: str, wrong: np.ndarray, column: str, texts: Texts | None = None) -> None:
        if wrong.any():
            faulty = place if texts is None else place.assign(value=texts.array())
            account.record_fault(check, faulty[wrong], column, "" if texts is None else "value")

    typed: dict[str, Texts | np.ndarray] = {}
    for column, kind in columns.items():
        texts = read[normalised(column)]
        in_key = column in record["key"]
        if kind in _READERS:
            typed[column] = _READERS[kind](texts)
            bad = ~texts.blank & pd.isna(typed[column])
        else:
            of_key = values.identifiers(texts) if in_key else texts
            typed[column] = of_key if in_key and column == "child" else of_key.changed(_label)
            bad = np.zeros(rows, dtype=bool)
        if in_key:
            found("unreadable_key", bad, column, texts)
            found("no_key", texts.blank, column)
            unusable |= bad | texts.blank
        else:
            found(_UNREADABLE.get(kind, "unreadable_number"), bad, column, texts)
            if kind == "flag":
                _refuse_unanswered(bad, raw.file, column)
                unusable |= bad
    frame, impossible = list_checks.check(as_frame(typed, every), place, name, account)
    unusable |= impossible.to_numpy()
    modules.record_too_many_fields(raw, account)
    frame["file"], frame["line"] = raw.file, raw.lines
    frame[AUTHORITY] = read.get(normalised(AUTHORITY), Texts.same("", rows)).array()
    repeats = conflicts = pd.Series(False, index=frame.index)
    if record.get("repeats") != "kept":
        usable = frame[~unusable]
        again = usable.duplicated(list(columns))
        repeats = again.reindex(frame.index, fill_value=False)
        later = usable[~again].duplicated(record["key"], keep="last")
        conflicts = later.reindex(frame.index, fill_value=False)
    account.record_fault("repeated_row", frame, record["key"][0], where=repeats)
    account.record_fault("conflict_in_a_list", frame, record["key"][0], where=conflicts)
    account.files.append(
        FileAccount(
            file=raw.file,
            module=name,
            year="",
            read=rows + len(raw.ragged),
            set_aside=int(unusable.sum()) + len(raw.ragged),
            replaced=int(conflicts.sum()),
            repeated=int(repeats.sum()),
            repaired=int(repaired.sum()),
        )
    )
    return frame[~unusable & ~repeats & ~conflicts].reset_index(drop=True)
