"""Find and read all files of a return's folder, sorted by authority and year."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from iro_analysis import contracts
from iro_analysis.errors import InputError
from iro_analysis.reading import modules, repairs, years
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.files import RawTable, first_lines, normalised, read_table
from iro_analysis.reading.folders import files_below
from iro_analysis.reading.texts import Texts, as_categories
from iro_analysis.reading.workbook import read_workbook
from iro_analysis.reading.xml_return import read_xml


def _read_delimited(path: Path, file: str) -> tuple[list[RawTable], list[str]]:
    return [read_table(path, file)], []


_FORMS = {
    ".csv": _read_delimited,
    ".txt": _read_delimited,
    ".tsv": _read_delimited,
    ".xml": read_xml,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
}
_OTHER_FORMS = {
    ".xls": "an Excel workbook of the old form; save it as .xlsx or CSV",
    ".xlsb": "an Excel workbook in binary form; expected .xlsx or CSV",
    ".zip": "a zip archive; unpack it, and give the files in it",
    ".7z": "a packed archive; unpack it, and give the files in it",
    ".rar": "a packed archive; unpack it, and give the files in it",
    ".gz": "a packed file; unpack it",
    ".pdf": "a PDF; expected CSV, XML or .xlsx",
    ".ods": "an OpenDocument sheet; expected .xlsx or CSV",
}
_DATED = {"Episodes": ("start", "end")}


@dataclass
class Part:
    """The rows of one module in one file.

    Attributes
    ----------
    module : Module
    file : str
    columns : dict of Texts or ndarray
        The usable rows, column by column, until the year of their return is known.
    missing : list of str
        Our names of the columns that the file lacks.
    label : str
        The folder's or file's name, which may tell the year.
    empty_years : set of int
        The return of a file without rows.
    rows : DataFrame
        The usable rows, from then on; texts are categories.
    origin : DataFrame
        ``line``, ``la`` and ``repaired`` (values) of every row read, usable or not.
    """

    module: contracts.Module
    file: str
    columns: dict[str, Texts | np.ndarray]
    missing: list[str]
    label: str
    origin: pd.DataFrame
    empty_years: set[int] = field(default_factory=set)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __len__(self) -> int:
        """Return the number of usable rows."""
        return len(np.asarray(self.columns["line"])) if self.columns else len(self.rows)

    @property
    def years(self) -> set[int]:
        """The returns of which the part holds rows; that of its label where it holds none."""
        found = {int(year) for year in self.rows["return_year"].unique()}
        return found or self.empty_years

    def of_authority(self, la: str) -> Part:
        """Return the part's rows of one authority of a regional extract."""
        rows = self.rows[self.rows["la"] == la].reset_index(drop=True)
        origin = self.origin[self.origin["la"] == la]
        return replace(self, rows=rows, origin=origin)


def read_parts(folder: Path, root: Path, account: Account) -> list[Part]:
    """Read every file of the return below ``ssda903``; what is no module is recorded and left.

    Parameters
    ----------
    folder : Path
        The folder that holds the return.
    root : Path
        The authority's folder.
    account : Account
        Receives the faults, and one line for each file that cannot be used.
    """
    parts = []
    files, refused = files_below(folder, root)
    account.unusable.extend(refused)
    for path in files:
        file = path.relative_to(folder).as_posix()
        label = _label_of(path.relative_to(folder))
        for raw in _tables_of(path, file, account):
            part = _part(raw, label, account, path)
            if part is not None:
                parts.append(part)
    return parts


def _tables_of(path: Path, file: str, account: Account) -> list[RawTable]:
    """Read one file of whatever form; one that cannot be used is named in the account."""
    form = path.suffix.lower()
    if form in _OTHER_FORMS:
        account.unusable.append(f"{file}: {_OTHER_FORMS[form]}; the file is not used")
        return []
    if form not in _FORMS:
        account.remarks.append(f"{file}: not a file of the return, left alone")
        return []
    try:
        tables, remarks = _FORMS[form](path, file)
    except InputError as problem:
        account.unusable.extend(problem.lines)
        return []
    account.remarks.extend(remarks)
    return tables


def _part(raw: RawTable, label: str, account: Account, path: Path) -> Part | None:
    """Return one table's rows as those of a module; None, and the reason, if it is none."""
    try:
        module = modules.recognise(raw)
    except InputError as problem:
        account.unusable.extend(_below_a_title(raw, path) or problem.lines)
        _set_aside_whole(raw, "", account, "not_a_module")
        return None
    raw, repaired = _without_placeholders(raw, module, account)
    if why := modules.month_first(raw, module):
        _refused(raw, module, account, why, "month_before_day")
        return None
    missing = modules.missing_columns(raw, module)
    keys = {module.statutory(name) for name in module.key}
    if lacking := [name for name in missing if name in keys]:
        why = f"the column {', '.join(lacking)} is missing from {module.name}"
        _refused(raw, module, account, why, "column_missing", lacking[0])
        return None
    for name in missing:
        account.remarks.append(f"{raw.file}: the column {name} is missing from {module.name}")
    if extra := modules.extra_columns(raw, module):
        account.remarks.append(f"{raw.file}: columns not used: {', '.join(extra)}")
    rows = modules.typed(raw, module, account)
    spelt_out = account.per_line("code_spelt_out", raw.file)
    repaired = repaired + spelt_out.reindex(raw.lines, fill_value=0).to_numpy()
    names = {column.statutory: column.name for column in module.columns}
    lacking = [names[column] for column in missing]
    return Part(module, raw.file, rows, lacking, label, _origin(raw, repaired))


def _label_of(path: Path) -> str:
    """Return the part of a path that names a year: the nearest folder, else the file itself."""
    folders = [part for part in reversed(path.parts[:-1]) if years.from_label(part)[0]]
    return folders[0] if folders else path.stem


def _below_a_title(raw: RawTable, path: Path) -> list[str]:
    """Return one line where the header of a module stands below title lines; none where not."""
    if _FORMS.get(path.suffix.lower()) is not _read_delimited:
        return []
    line = modules.line_of_header(first_lines(path, raw.file))
    if not line:
        return []
    above = "line 1" if line == 2 else f"lines 1 to {line - 1}"
    return [
        f"{raw.file}: the header with the column names stands in line {line}, below a title; "
        f"delete {above} and save again; the file is not used"
    ]


def _refused(
    raw: RawTable, module: contracts.Module, account: Account, problem: str, check: str,
    column: str = "",
) -> None:  # fmt: skip
    """Set aside every row of a file that cannot be used, and say why in one line."""
    count = len(raw.lines) + len(raw.ragged)
    account.unusable.append(f"{raw.file}: {problem}; none of its {count} rows can be used")
    _set_aside_whole(raw, module.name, account, check, column)


def _set_aside_whole(
    raw: RawTable, module: str, account: Account, check: str, column: str = ""
) -> None:
    """Set aside every row of a file, of whatever module."""
    lines = np.concatenate([raw.lines, raw.ragged["line"]])
    account.files.append(FileAccount(raw.file, module, "", len(lines), len(lines)))
    account.record_fault(check, pd.DataFrame({"line": lines, "file": raw.file}), column)


def _without_placeholders(
    raw: RawTable, module: contracts.Module, account: Account
) -> tuple[RawTable, np.ndarray]:
    """Return a table with words for nothing read as blank, and how many each row had; say it."""
    dates = frozenset(normalised(c.statutory) for c in module.columns if c.kind == "date")
    texts, repaired, found = repairs.without_placeholders(raw.texts, dates)
    account.remarks.extend(repairs.in_words(raw.file, repaired, found))
    return replace(raw, texts=texts), repaired


def _origin(raw: RawTable, repaired: np.ndarray) -> pd.DataFrame:
    la = raw.texts.get("LA", Texts.same("", len(raw.lines))).array()
    found = pd.DataFrame({"line": raw.lines, "la": la, "repaired": repaired})
    if raw.ragged.empty:
        return found
    first = la[0] if len(la) else ""
    ragged = pd.DataFrame({"line": raw.ragged["line"], "la": first, "repaired": 0})
    return pd.concat([found, ragged], ignore_index=True)


def assign_years(parts: list[Part], account: Account) -> None:
    """Give each row the year of its return (``return_year``, the calendar year it starts in).

    A ``YEAR`` column decides first, then the folder's or file's name, then the dates. The parts'
    rows are tables from then on.
    """
    dated: dict[str, tuple[list[np.ndarray], list[np.ndarray]]] = {}
    labels_of = [_labels(part) for part in parts]
    for part, labels in zip(parts, labels_of, strict=True):
        part.columns["return_label"] = labels
        for place, label in enumerate(labels.distinct):
            days = dated.setdefault(label, ([], []))
            for name, found_days in zip(_DATED.get(part.module.name, ()), days, strict=False):
                found_days.append(np.asarray(part.columns[name])[labels.places == place])
    found: dict[int, int] = {}
    for label in sorted(dated):
        year, certain = years.from_label(label)
        newest = years.newest_year([_series(days) for days in dated[label]])
        if year is not None and not certain and newest is not None:
            found[year] = newest
    starts = years.starts_or_ends(found)
    if found:
        word = "starts" if starts else "ends"
        shown = ", ".join(str(year) for year in sorted(found))
        account.remarks.append(
            f"year labels {shown} are read as the year in which the return {word}: "
            "the dates in the episodes decide"
        )
    every = zip(*dated.values(), strict=True)
    everything = years.newest_year([_series([*chain(*days)]) for days in every])
    if any(years.from_label(label)[0] is None for label in dated):
        account.remarks.append(
            f"files without a year in their name are read as the return of "
            f"{years.name_of(everything)}: the dates in the episodes decide"
            if everything is not None
            else "no year can be told from the names or the dates of the files"
        )

    def year_of(label: str) -> int | None:
        year, certain = years.from_label(label)
        if year is None:
            return everything
        return year if certain or starts else year - 1

    for part, labels in zip(parts, labels_of, strict=True):
        if any(year_of(label) is None for label in labels.distinct):
            raise InputError(
                f"{part.file}: the year of the return cannot be told; expected a folder named "
                "for it (ssda903/2019-20), a YEAR column, or dates in the episodes"
            )
        part.columns["return_year"] = labels.each(year_of, np.int64)
        year = year_of(part.label)
        part.empty_years = {year} if year is not None else set()
    for part, rows in zip(parts, as_categories([part.columns for part in parts]), strict=True):
        part.rows, part.columns = rows, {}


def _labels(part: Part) -> Texts:
    """Return the label that gives each row's year: its column's, else the folder's or file's."""
    given = part.columns["year_label"]
    assert isinstance(given, Texts)
    return given.changed(lambda text: text or part.label)


def _series(days: list[np.ndarray]) -> pd.Series:
    return pd.Series(np.concatenate([np.array([], dtype="datetime64[s]"), *days]))
