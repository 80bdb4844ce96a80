"""Read the service's own lists, each optional: what the return does not hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.errors import InputError
from iro_analysis.reading import list_checks, repairs, values
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.files import RawTable, normalised, read_table
from iro_analysis.reading.folders import files_below

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
                account.remarks.append(f"{file}: {_commented(commented, raw.rows.empty)}")
            if raw.rows.empty and raw.ragged.empty and commented:
                continue  # a template as `iro init` writes it: no list was given
            lists[name] = _typed(raw, name, account)
        except InputError as problem:
            account.unusable.extend(problem.lines)
    return lists


def _without_comments(raw: RawTable) -> tuple[RawTable, int]:
    """Return a table without the rows that begin with #, and how many there were."""
    first = raw.rows[normalised(raw.header[0])] if normalised(raw.header[0]) else None
    if first is None:
        return raw, 0
    commented = first.str.startswith(COMMENT)
    return replace(raw, rows=raw.rows[~commented].reset_index(drop=True)), int(commented.sum())


def _commented(count: int, alone: bool) -> str:
    rows = "1 row begins" if count == 1 else f"{count} rows begin"
    also = "; it holds no other row, so the list counts as not given" if alone else ""
    return f"{rows} with {COMMENT} and {'is' if count == 1 else 'are'} left alone{also}"


def _refuse_unanswered(bad: pd.Series, file: str, column: str) -> None:
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
_UNSEEN = r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"


def _label(texts: pd.Series) -> pd.Series:
    """Return texts as they may be a group's label anywhere: on a page, in a file, in a chart."""
    found = texts.str.replace(_UNSEEN, " ", regex=True)
    for mark, instead in _PARTING.items():
        found = found.str.replace(mark, instead, regex=False)
    return found.str.strip()


def _typed(raw: RawTable, name: str, account: Account) -> pd.DataFrame:
    record = codes.record("local_lists")[name]
    missing = [c for c in record["columns"] if normalised(c) not in raw.rows.columns]
    if missing:
        raise InputError(
            f"{raw.file}: the column {', '.join(missing)} is missing; the list is not used"
        )
    given = {c: k for c, k in record.get("optional", {}).items() if normalised(c) in raw.rows}
    columns = record["columns"] | given
    dates = frozenset(normalised(c) for c, kind in columns.items() if kind == "date")
    rows, repaired, found = repairs.without_placeholders(raw.rows, dates)
    account.remarks.extend(repairs.in_words(raw.file, repaired, found))
    raw = replace(raw, rows=rows)
    frame = pd.DataFrame(index=raw.rows.index)
    place = pd.DataFrame({"file": raw.file, "line": raw.rows["line"]})
    place["child"] = values.children(
        raw.rows["CHILD"] if "child" in record["columns"] else None, raw.rows.index
    )
    unusable = pd.Series(False, index=raw.rows.index)
    for column, kind in columns.items():
        texts = raw.rows[normalised(column)]
        in_key = column in record["key"]
        reader = _READERS.get(kind, values.identifiers if in_key else _label)
        frame[column] = reader(texts)
        if kind == "text" and in_key and column != "child":
            frame[column] = _label(frame[column])
        bad = texts.ne("") & frame[column].isna()
        faulty = place.assign(value=texts)
        if in_key:
            account.find("unreadable_key", faulty, column, "value", where=bad)
            account.find("no_key", faulty, column, where=texts.eq(""))
            unusable |= bad | texts.eq("")
        else:
            account.find(
                _UNREADABLE.get(kind, "unreadable_number"), faulty, column, "value", where=bad
            )
            if kind == "flag":
                _refuse_unanswered(bad, raw.file, column)
                unusable |= bad
    frame, impossible = list_checks.check(frame, place, name, account)
    unusable |= impossible
    account.find(
        "too_many_fields",
        raw.ragged.assign(file=raw.file, wide=len(raw.header)),
        "",
        "fields",
        "wide",
    )
    frame["file"], frame["line"] = raw.file, raw.rows["line"]
    frame[AUTHORITY] = raw.rows.get(normalised(AUTHORITY), "")
    repeats = conflicts = pd.Series(False, index=raw.rows.index)
    if record.get("repeats") != "kept":
        usable = frame[~unusable]
        again = usable.duplicated(list(columns))
        repeats = again.reindex(frame.index, fill_value=False)
        later = usable[~again].duplicated(record["key"], keep="last")
        conflicts = later.reindex(frame.index, fill_value=False)
    account.find("repeated_row", frame[repeats], record["key"][0])
    account.find("conflict_in_a_list", frame[conflicts], record["key"][0])
    account.files.append(
        FileAccount(
            file=raw.file,
            module=name,
            year="",
            read=len(raw.rows) + len(raw.ragged),
            set_aside=int(unusable.sum()) + len(raw.ragged),
            replaced=int(conflicts.sum()),
            repeated=int(repeats.sum()),
            repaired=int(repaired.sum()),
        )
    )
    return frame[~unusable & ~repeats & ~conflicts].reset_index(drop=True)
