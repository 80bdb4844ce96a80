"""Read the service's own lists, each optional: what the return does not hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from iro_analysis import codes
from iro_analysis.errors import InputError, near_name
from iro_analysis.reading import list_checks, modules, repairs, values
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.files import RawTable, first_lines, normalised, read_table
from iro_analysis.reading.folders import files_below
from iro_analysis.reading.texts import Texts, as_frame

COMMENT = "#"  # a row that begins with it is a note or an example
AUTHORITY = "authority"  # of a regional extract: whose the row is
_TABLES = frozenset([".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"])
# What a value of a kind should be: in the words of a refusal.
_EXPECTED = {
    "date": ("no date", "dd/mm/yyyy (or yyyy-mm-dd), the year with four digits, or nothing"),
    "flag": ("neither yes nor no", "1 or 0, yes or no, or nothing"),
    "number": ("no number", "a number, or nothing"),
}
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
    lists = {}
    local = folder / "local"
    files, refused = files_below(local, folder) if local.is_dir() else ([], [])
    account.unusable.extend(f"local/{line}" for line in refused)
    for name, paths in _files_of_lists(files, local, account).items():
        shown = [f"local/{path.relative_to(local).as_posix()}" for path in paths]
        if len(shown) > 1:
            account.unusable.append(
                f"local/{name}.csv: the list is given more than once ({', '.join(shown)}); "
                "expected one file with all rows; none of them is used"
            )
            continue
        [path], [file] = paths, shown
        try:
            raw, commented = _without_comments(read_table(path, file))
            if commented:
                account.remarks.append(f"{file}: {_commented(commented, not len(raw.lines))}")
            if not len(raw.lines) and raw.ragged.empty and commented:
                continue  # a template as `iro init` writes it: no list was given
            rows = _typed(raw, name, account)
            if rows is not None:
                lists[name] = rows
        except InputError as problem:
            account.unusable.extend(_below_a_title(path, file, name) or problem.lines)
    return lists


def _files_of_lists(files: list[Path], local: Path, account: Account) -> dict[str, list[Path]]:
    """Return list -> its files; a table that is no list is named as one that is not used."""
    known = codes.record("local_lists")
    found: dict[str, list[Path]] = {}
    for path in files:
        file, name = f"local/{path.relative_to(local).as_posix()}", path.stem.lower()
        if path.suffix.lower() == ".csv" and name in known:
            found.setdefault(name, []).append(path)
        elif path.suffix.lower() not in _TABLES:
            account.remarks.append(f"{file}: not one of the lists this version reads, left alone")
        elif name in known:
            account.unusable.append(
                f"{file}: lists are read from CSV; save it as local/{name}.csv; it is not used"
            )
        else:
            account.unusable.append(
                f"{file}: no list has this name{_nearest(name)}; iro check --lists prints the "
                "names and columns; the file is not used"
            )
    return found


def _nearest(name: str) -> str:
    """Return the list that a file's name seems to mean: ``disputes 2019-20`` is disputes."""
    known = sorted(codes.record("local_lists"), key=len, reverse=True)
    plain = re.sub(r"[^a-z0-9]+", "_", name)
    inside = next((each for each in known if each in plain), "")
    return f"; did you mean {inside}.csv?" if inside else near_name(plain, sorted(known))


def _below_a_title(path: Path, file: str, name: str) -> list[str]:
    """Return one line where a list's column names stand below title lines; none where not."""
    needed = {normalised(column) for column in codes.record("local_lists")[name]["columns"]}
    try:
        lines = first_lines(path, file)
    except (InputError, OSError):
        return []
    for number, fields in enumerate(lines[1:], start=2):
        if needed <= {normalised(field.strip(' "')) for field in fields}:
            above = "line 1" if number == 2 else f"lines 1 to {number - 1}"
            return [
                f"{file}: the header with the column names stands in line {number}, below a title; "
                f"delete {above} and save again; the list is not used"
            ]
    return []


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


def _beyond_limit(bad: int, rows: int) -> bool:
    """Whether so many of a list's rows cannot be used that the rest tells nothing."""
    limit = codes.record("return")["fitness"]
    return bad >= limit["unknown_least"] and bad > limit["unknown_share"] * rows


def _why_not_used(unreadable: dict[str, tuple[str, int]], aside: int, rows: int) -> list[str]:
    """Return why a list is not used as a whole, one reason a column; none where it is used."""
    share = codes.record("return")["fitness"]["unknown_share"]
    reasons = []
    for column, (kind, bad) in unreadable.items():
        if _beyond_limit(bad, rows):
            what, expected = _EXPECTED[kind]
            reasons.append(
                f"{column} holds {what} in {bad:,} of {rows:,} rows, more than {share:.0%}; "
                f"expected {expected}; the list is not used"
            )
    if not reasons and _beyond_limit(aside, rows):
        reasons.append(
            f"{aside:,} of {rows:,} rows cannot be used, more than {share:.0%}; "
            "the list is not used"
        )
    return reasons


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


def _typed(raw: RawTable, name: str, account: Account) -> pd.DataFrame | None:
    """Return a list's usable rows; None, and the reason in the account, where it is not used."""
    record = codes.record("local_lists")[name]
    missing = [c for c in record["columns"] if normalised(c) not in raw.texts]
    if missing:
        raise InputError(
            f"{raw.file}: the column {', '.join(missing)} is missing; the list is not used"
        )
    further = {c: k for c, k in record.get("optional", {}).items() if normalised(c) in raw.texts}
    columns = record["columns"] | further
    dates = frozenset(normalised(c) for c, kind in columns.items() if kind == "date")
    read, repaired, words = repairs.without_placeholders(raw.texts, dates)
    account.remarks.extend(repairs.in_words(raw.file, repaired, words))
    rows = len(raw.lines)
    every, unusable = np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool)
    of_child = read["CHILD"] if "child" in record["columns"] else None
    place = as_frame({"line": raw.lines, "child": values.children(of_child, rows)}, every)
    whose = read.get(normalised(AUTHORITY), Texts.same("", rows)).array()
    place = place.assign(file=raw.file, authority=whose)

    def found(check: str, wrong: np.ndarray, column: str, texts: Texts | None = None) -> None:
        if wrong.any():
            faulty = place if texts is None else place.assign(value=texts.array())
            account.record_fault(check, faulty[wrong], column, "" if texts is None else "value")

    # Where a value decides a figure, one that cannot be read is no blank: a dispute resolved on
    # "28-May-24" is not one still open, and "8 GCSEs" are not none.
    deciding = {c for c, kind in columns.items() if kind in ("date", "flag")}
    deciding.update(record.get("decides", ()))
    unreadable: dict[str, tuple[str, int]] = {}
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
        if in_key or column == record.get("dated"):
            found("unreadable_key", bad, column, texts)
            found("no_key", texts.blank, column)
            unusable |= bad | texts.blank
        elif kind == "flag":
            found("unreadable_answer", bad, column, texts)
        elif column in deciding:
            found("unreadable_deciding", bad, column, texts)
        else:
            found("unreadable_number", bad, column, texts)
        if in_key or column in deciding:
            unusable |= bad
            unreadable[column] = (kind, int(bad.sum()))
    frame, impossible = list_checks.check(as_frame(typed, every), place, name, account, deciding)
    unusable |= impossible.to_numpy()
    modules.record_too_many_fields(raw, account)
    given, aside = rows + len(raw.ragged), int(unusable.sum()) + len(raw.ragged)
    by_label = name == list_checks.POPULATION  # a row without a group costs that group only
    if reasons := _why_not_used(unreadable, 0 if by_label else aside, given):
        account.unusable.extend(f"{raw.file}: {reason}" for reason in reasons)
        account.record_fault("list_not_used", place, where=pd.Series(~unusable))
        account.files.append(FileAccount(raw.file, name, "", given, given))
        return None
    frame["file"], frame["line"] = raw.file, raw.lines
    frame[AUTHORITY] = whose
    repeats = conflicts = pd.Series(False, index=frame.index)
    if record.get("repeats") != "kept":
        # Two authorities of a regional extract have the same officer R1, and the same groups.
        usable = frame[~unusable].assign(of=frame[AUTHORITY].str.casefold().str.strip())
        again = usable.duplicated([*columns, "of"])
        repeats = again.reindex(frame.index, fill_value=False)
        later = usable[~again].duplicated([*record["key"], "of"], keep="last")
        conflicts = later.reindex(frame.index, fill_value=False)
    account.record_fault("repeated_row", frame, record["key"][0], where=repeats)
    account.record_fault("conflict_in_a_list", frame, record["key"][0], where=conflicts)
    account.files.append(
        FileAccount(
            file=raw.file,
            module=name,
            year="",
            read=given,
            set_aside=aside,
            replaced=int(conflicts.sum()),
            repeated=int(repeats.sum()),
            repaired=int(repaired.sum()),
        )
    )
    return frame[~unusable & ~repeats & ~conflicts].reset_index(drop=True)
