"""Read and join one authority's inputs: the only way by which data come in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from iro_analysis import codes, contracts
from iro_analysis.comparators import populations
from iro_analysis.comparators.populations import Population
from iro_analysis.comparators.publications import Publications
from iro_analysis.errors import InputError, PeriodError, near_name
from iro_analysis.periods import Period, add_months, in_words, year_of
from iro_analysis.reading import (
    children,
    consistency,
    fitness,
    joining,
    list_checks,
    modules,
    regional,
    texts,
    years,
)
from iro_analysis.reading.account import SET_ASIDE, Account
from iro_analysis.reading.folders import leaves
from iro_analysis.reading.local import read_lists
from iro_analysis.reading.returns import Part, assign_years, read_parts
from iro_analysis.reading.settings import code_of, read_settings, remarks_on

PUBLISHED = "published"
# Where children are looked after these hold rows; a file without any is a failed export.
MUST_HOLD_ROWS = frozenset(["reviews", "oc2", "oc3", "missing"])
RETURN_FOLDER = "ssda903"
MARK = ".iro"  # the suite's own folder in an authority's: which ledgers know of it
LATE_ENOUGH = 31  # days: in most authorities something is recorded every month

# How a reason ends where the service did not give a list, or a column of one.
NOT_GIVEN = "was not given"


def _holds_files(folder: Path) -> bool:
    """Whether somebody put a file into a folder; systems leave hidden ones of their own."""
    return any(path.is_file() and not path.name.startswith(".") for path in folder.rglob("*"))


@dataclass(frozen=True)
class Authority:
    """Everything read for one authority.

    Attributes
    ----------
    name : str
        As printed. The folder's name where ``authority.toml`` gives none.
    folder : str
        Name of the authority's folder in the outputs.
    ons_code : str
        Empty where it is not given.
    synthetic : bool
        Whether ``authority.toml`` says that no child in it is real.
    tables : dict of DataFrame
        Module table -> joined rows (``reading.joining``). ``children`` has one row per child with
        an episode or a header row (``reading.children``).
    lists : dict of DataFrame
        The local lists that were given.
    returns : tuple of int
        First calendar year of each return given.
    given : dict
        Table -> the returns that have a file of it.
    lacking : dict
        (table, column) -> the returns whose file lacks that column.
    without_rows : dict
        Table -> the returns whose files of it hold no row that can be used.
    unfit : dict
        (table, return) -> why no figure may be made from it (``reading.fitness``).
    unknown : dict
        (table, column, return) -> how many of its codes are of no list, and of how many rows.
    account : Account
        The row account and the findings.
    settings : dict
        ``authority.toml`` as given.
    sources : tuple of Path
        Every file that was read, for the manifest.
    home : Path or None
        The authority's folder; None for one of a regional extract.
    newest_day : date
        The newest date of an event in the last return, up to its year's end.
    left_out : str
        Why older returns are not used, where none was given of a year after them.
    """

    name: str
    folder: str
    ons_code: str
    synthetic: bool
    tables: dict[str, pd.DataFrame]
    lists: dict[str, pd.DataFrame]
    returns: tuple[int, ...]
    given: dict[str, tuple[int, ...]]
    lacking: dict[tuple[str, str], tuple[int, ...]]
    without_rows: dict[str, tuple[int, ...]]
    account: Account
    unfit: dict[tuple[str, int], str] = field(default_factory=dict)
    unknown: dict[tuple[str, str, int], tuple[int, int]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    sources: tuple[Path, ...] = ()
    home: Path | None = None
    newest_day: date = date.max
    left_out: str = ""

    def without_children(self) -> Authority:
        """Return what may be known of the authority where no child may: no row, no value of one.

        Names, years, counts of rows and kinds of fault stay.
        """
        return replace(
            self,
            tables={name: rows.iloc[:0] for name, rows in self.tables.items()},
            lists={name: rows.iloc[:0] for name, rows in self.lists.items()},
            account=self.account.without_children(),
        )

    @property
    def published_folder(self) -> Path | None:
        """The folder ``published`` of DfE's files: the authority's own, or the one beside it."""
        if self.home is None:
            return None
        folders = (self.home / PUBLISHED, self.home.resolve().parent / PUBLISHED)
        return next((folder for folder in folders if _holds_files(folder)), None)

    @cached_property
    def publications(self) -> Publications | None:
        """DfE's own files, where there are any."""
        folder = self.published_folder
        return None if folder is None else Publications.of(folder)

    def population(self, breakdown: str, day: date) -> Population | None:
        """Return the children of the area to divide by on a day; None where none is held."""
        own = self.lists.get("population")
        return populations.latest(self.ons_code, own, breakdown, day, self.publications)

    def populations(self, breakdown: str) -> list[Population]:
        """Return every population of a breakdown that is held for the area, the oldest first."""
        own = self.lists.get("population")
        return populations.all_held(self.ons_code, own, breakdown, self.publications)

    @property
    def covers_from(self) -> date:
        """First day on which who was looked after is known: the day before the first return."""
        return years.opens(self.returns[0]) - timedelta(days=1)

    @property
    def covers_to(self) -> date:
        """Last day of the last return."""
        return years.closes(self.returns[-1])

    def check_covers(self, period: Period) -> None:
        """Refuse a period of which a day lies outside the returns.

        Raises
        ------
        PeriodError
            With the days that the returns cover.
        """
        first = years.opens(self.returns[0])
        if period.start < first or period.end > self.covers_to:
            beyond = f"; {self.left_out}" if self.left_out else ""
            raise PeriodError(
                f"period {period}: {self.name}'s returns cover {in_words(first)} to "
                f"{in_words(self.covers_to)}; the period is {period.title}{beyond}"
            )

    def why_not(self, need: str, period: Period, looks_back: int = 0) -> str:
        """Return why what a measure needs is not there for a period; empty where it is.

        Parameters
        ----------
        need : str
            ``table``, ``table.column``, ``list:name`` or ``list:name.column``.
        period : Period
        looks_back : int
            Months before the period whose returns are needed as well, as far as they were given.
        """
        if need.startswith("list:"):
            return self._why_not_list(need.removeprefix("list:"), period)
        table, _, column = need.partition(".")
        module = next(m for m in contracts.modules().values() if m.table == table)
        begins = min(column.first_year or 0 for column in module.columns)
        if begins > year_of(period.end).start.year:
            return f"{module.name} is part of the return from {years.name_of(begins)} on"
        if table not in self.tables:
            return f"no {module.name} file was given in the return"
        first = year_of(add_months(period.start, -looks_back)).start.year
        wanted = {year for year in self.returns if first <= year <= year_of(period.end).start.year}
        for each in ("episodes", table):  # who is looked after decides every figure
            if unfit := [year for year in sorted(wanted) if (each, year) in self.unfit]:
                return self.unfit[each, unfit[0]]
        empty = sorted(wanted & set(self.without_rows.get(table, ())))
        if empty and table in MUST_HOLD_ROWS:
            shown = ", ".join(years.name_of(year) for year in empty)
            return f"the {module.name} file of {shown} holds no row that can be used"
        if absent := sorted(wanted - set(self.given[table])):
            shown = ", ".join(years.name_of(year) for year in absent)
            return f"no {module.name} file was given in the return of {shown}"
        if lacking := sorted(wanted & set(self.lacking.get((table, column), ()))):
            shown = ", ".join(years.name_of(year) for year in lacking)
            return (
                f"the column {module.statutory(column)} is missing from the {module.name} file of "
                f"{shown}"
            )
        for year in sorted(wanted):
            unknown, rows = self.unknown.get((table, column, year), (0, 0))
            if reason := fitness.why_unknown(unknown, rows, column, module, year):
                return reason
        return ""

    def _why_not_list(self, name: str, period: Period) -> str:
        """Return why a local list does not cover a period; an ended list does not mean 0."""
        name, _, part = name.partition(".")
        file = f"local/{name}.csv"
        if name not in self.lists:
            given = any(line.startswith(file) for line in self.account.unusable)
            return f"{file} could not be used" if given else f"{file} {NOT_GIVEN}"
        if part and part not in self.lists[name]:
            return f"the column {part} of {file} {NOT_GIVEN}"
        if self._of_strangers.get(name):
            return f"no child of {file} is in the return"
        column = codes.record("local_lists")[name].get("dated", "")
        if not column:
            return ""
        days = self.lists[name][column].dropna()
        if days.empty:
            return f"{file} holds no row"
        first, newest = days.min().date(), days.max().date()
        if first > period.start + timedelta(days=period.days // 2) and first > self.covers_from:
            return f"{file} begins on {in_words(first)}"
        if newest < period.start and not codes.record("local_lists")[name].get("runs", False):
            return f"the newest row of {file} is of {in_words(newest)}"
        return ""

    @cached_property
    def _of_strangers(self) -> dict[str, bool]:
        """List -> whether it holds rows, and all of children who are in no return."""
        known = codes.record("local_lists")
        everyone = self.tables["episodes"]["child"].unique()
        return {
            name: bool(len(rows)) and not rows["child"].isin(everyone).any()
            for name, rows in self.lists.items()
            if known[name].get("of_children", False)
        }

    def may_end_early(self, period: Period) -> str:
        """Return a sentence where the returns seem to stop well before the period ends."""
        if (period.end - self.newest_day).days <= LATE_ENOUGH:
            return ""
        return (
            f"The newest date in the returns is {in_words(self.newest_day)}, and the period ends "
            f"on {in_words(period.end)}: what happened after the newest date is not in the figures"
        )


def slug(name: str) -> str:
    """Return a name as a folder's name: letters, digits, ``-`` and ``_``."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "authority"


def is_authority(folder: Path) -> bool:
    """Whether a folder holds one authority's inputs."""
    return (folder / RETURN_FOLDER).is_dir() or (folder / "authority.toml").is_file()


def authority_folders(folder: Path) -> list[Path]:
    """Return the authorities' folders: the folder itself, or those in it.

    Raises
    ------
    InputError
        If there is no such folder or nothing in it is a return.
    """
    if not folder.is_dir():
        raise InputError(
            f"{folder}: there is no such folder; expected an authority's folder{_beside(folder)}"
        )
    if is_authority(folder):
        return [folder]
    inside = sorted(path for path in folder.iterdir() if path.is_dir() and is_authority(path))
    if not inside:
        raise InputError(
            f"{folder}: no return here; expected a folder {RETURN_FOLDER} with the SSDA903 files, "
            "or folders of authorities that have one"
        )
    return inside


def _beside(folder: Path) -> str:
    """Return the nearest name of a folder beside one that is not there."""
    above = folder.parent
    known = [path.name for path in above.iterdir() if path.is_dir()] if above.is_dir() else []
    return near_name(folder.name, sorted(known))


def read_authority(folder: Path) -> list[Authority]:
    """Read one authority's folder: the return, the lists, the settings.

    Parameters
    ----------
    folder : Path
        As CONTRACT part 4 describes it.

    Returns
    -------
    list of Authority
        One; or, where the files have an ``LA`` column with several values, one each.

    Raises
    ------
    InputError
        If nothing in it can be used: one line per problem.
    """
    settings = read_settings(folder)
    account = Account(remarks=remarks_on(folder))
    if not (folder / RETURN_FOLDER).is_dir():
        raise InputError(
            f"{folder}: there is no folder {RETURN_FOLDER}; expected the SSDA903 files in it"
        )
    parts = read_parts(folder / RETURN_FOLDER, folder, account)
    if not any(part.module.table == "episodes" and len(part) for part in parts):
        causes = [
            f"{row.where}: {row.message}; expected {row.expected}; {row.effect}"
            for row in account.summary().itertuples(index=False)
            if row.severity == SET_ASIDE
        ]
        raise InputError(
            *account.unusable,
            *causes,
            f"{folder}: no Episodes file with a usable row was found in {RETURN_FOLDER}; "
            "without it no child can be counted",
        )
    assign_years(parts, account)
    for part in parts:
        modules.check_codes(part.rows, part.module, account)
    lists = read_lists(folder, account)
    sources = tuple(
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not leaves(path, folder) and MARK not in path.parts
    )
    names = sorted({la for part in parts for la in texts.held(part.rows["la"])} - {""})
    if len(names) < 2:
        default = names[0] if names else folder.resolve().name
        one = _one(parts, account, lists, settings, default, folder.resolve().name, sources)
        return [replace(one, home=folder)]
    found, lost = [], []
    for share in regional.split(parts, names, account, lists, settings):
        if any(p.module.table == "episodes" and len(p) for p in share.parts):
            found.append(
                _one(
                    share.parts, share.account, share.lists, share.settings, share.name, share.name,
                    sources,
                )
            )  # fmt: skip
        else:
            lost.append(
                f"authority {share.name}: no usable row of Episodes; no report is made of it"
            )
    for authority in found:
        authority.account.unusable.extend(lost)
    return found


def _one(
    parts: list[Part],
    account: Account,
    lists: dict[str, pd.DataFrame],
    settings: dict[str, Any],
    default: str,
    folder: str,
    sources: tuple[Path, ...],
) -> Authority:
    unfit = fitness.judge(parts, account)
    left_out = fitness.leave_out_before_a_gap(parts, unfit, account)
    tables = joining.join(parts, account)
    header = tables.get("children", pd.DataFrame())
    tables["children"] = children.one_row_each(tables, account)
    consistency.check(tables, header, account)
    tables = {name: texts.written_out(rows) for name, rows in tables.items()}
    lacking: dict[tuple[str, str], set[int]] = {}
    given: dict[str, set[int]] = {}
    filled: dict[str, set[int]] = {}
    for part in parts:
        given.setdefault(part.module.table, set()).update(part.years)
        with_rows = filled.setdefault(part.module.table, set())
        with_rows.update(int(year) for year in part.rows["return_year"].unique())
        for column in part.missing:
            lacking.setdefault((part.module.table, column), set()).update(part.years)
    given["children"] = given.get("children", set())
    returns = tuple(sorted(int(year) for year in _episode_years(parts)))
    covered = (years.opens(returns[0]), years.closes(returns[-1]))
    everyone = tables["episodes"]["child"].unique()
    strange = list_checks.strangers(lists, everyone, covered, account)
    lists = {name: rows for name, rows in lists.items() if name not in strange}
    return Authority(
        name=settings.get("name", default),
        folder=slug(folder),
        ons_code=code_of(settings, account),
        synthetic=bool(settings.get("synthetic", False)),
        tables=tables,
        lists=lists,
        returns=returns,
        given={table: tuple(sorted(found)) for table, found in given.items()},
        lacking={key: tuple(sorted(value)) for key, value in lacking.items()},
        unfit=unfit,
        unknown=fitness.unknown_codes(parts),
        without_rows={table: tuple(sorted(given[table] - filled[table])) for table in filled},
        account=account,
        settings=settings,
        sources=sources,
        newest_day=_newest_day(tables, years.closes(returns[-1])),
        left_out=left_out,
    )


def _newest_day(tables: dict[str, pd.DataFrame], last: date) -> date:
    """Return the newest date of an event up to a day."""
    found = [
        tables[table][column]
        for table, column in [
            ("episodes", "start"),
            ("episodes", "end"),
            ("reviews", "review_date"),
            ("missing", "start"),
        ]
        if table in tables
    ]
    every = pd.concat(found)
    return every[every <= pd.Timestamp(last)].max().date()


def _episode_years(parts: list[Part]) -> set[int]:
    return {
        year
        for part in parts
        if part.module.table == "episodes"
        for year in part.rows["return_year"].unique()
    }
