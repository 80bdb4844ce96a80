"""Build the packaged tables of published figures from the files as DfE and ONS give them.

One command, so that the next release is a command and a reviewed list of changes: see
``iro reference build``.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from iro_analysis import codes
from iro_analysis.comparators import areas, held, layouts, ons
from iro_analysis.comparators.files import LAIT, PublishedFile, read_folder
from iro_analysis.comparators.populations import BUILT, BUILT_COLUMNS
from iro_analysis.comparators.publications import ALL, Publications, mapping
from iro_analysis.errors import InputError

SHOWN = 5  # changed figures named per table
NEIGHBOURS = 10
NONE = ("", "NA")  # a cell in which DfE printed nothing
LICENCE = "Open Government Licence v3.0."


@dataclass
class Change:
    """What a build changed in one table.

    Attributes
    ----------
    table : str
    rows : int
        Now.
    added, removed : int
        Figures that only the new or only the old table has.
    changed : list of str
        Each figure that both have with another value, in words.
    """

    table: str
    rows: int
    added: int = 0
    removed: int = 0
    changed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the change in one line, with the first changed figures below it."""
        head = f"{self.table}: {self.rows} figures"
        if not (self.added or self.removed or self.changed):
            return f"{head}, as before"
        lines = [
            f"{head}; {self.added} new, {self.removed} gone, {len(self.changed)} changed",
            *(f"    {each}" for each in self.changed[:SHOWN]),
        ]
        more = len(self.changed) - SHOWN
        return "\n".join([*lines, *([f"    and {more} more"] if more > 0 else [])])


def build(folder: Path, target: Path) -> list[Change]:
    """Write the packaged tables from a folder of files as downloaded.

    Parameters
    ----------
    folder : Path
        DfE's tables, the LAIT extract, the neighbour workbooks and ONS's estimates and censuses,
        in any folders; of one release's files a folder says ``release2025``.
    target : Path
        The folder of the packaged tables (``reference/comparators``).

    Returns
    -------
    list of Change
        One for each table.

    Raises
    ------
    InputError
        If a kind of file that the tables need is not in the folder.
    """
    files = read_folder(folder)
    publications = Publications(files)
    changes, sources = [], []
    for measure, breakdown in held.tables():
        rows = _figures(publications, measure, breakdown)
        name = held.file_name(measure, breakdown)
        changes.append(
            _write(target / "values" / name, held.COLUMNS, _texts(rows, held.COLUMNS), 4)
        )
        for release, source in _sources(publications, measure, breakdown, rows).items():
            sources.append([measure, breakdown, release, source])
    changes.append(
        _write(target / "sources.csv", ["measure", "breakdown", "release", "source"], sources, 3)
    )
    neighbours = [row for model in _models() for row in _neighbours(folder, model)]
    columns = ["model", "authority", "rank", "neighbour"]
    changes.append(_write(target / "neighbours.csv", columns, neighbours, 3))
    people = _populations(files)
    changes.append(_write(target / BUILT, BUILT_COLUMNS, people, 5))
    return changes


def _figures(publications: Publications, measure: str, breakdown: str) -> pd.DataFrame:
    """Return a table's figures: ``held.COLUMNS``, with ``file`` and ``is_lait``."""
    entry = mapping(measure, breakdown)
    is_rate = any(cell.get("value") == "rate" for cell in entry["cells"])
    found = [pd.DataFrame(columns=[*held.COLUMNS, "file", "is_lait"])]
    for group in entry.get("groups", [ALL]):
        rows = publications.series(measure, breakdown, group)
        is_lait = rows["release"] == LAIT
        total = rows["population"] if is_rate else rows["total"]
        places = rows[["area_code", "la_code", "area"]].itertuples(index=False)
        rows = rows.assign(
            group=group,
            area=[_code(*place) for place in places],
            is_lait=is_lait,
            release=_releases(publications, rows),
            count=rows["count"].mask(rows["count"] == rows["value"], ""),
            total=total.mask(is_lait, ""),
        )
        found.append(rows[rows["area"].ne("") & ~rows["value"].isin(NONE)])
    whole = pd.concat([part for part in found if len(part)] or found, ignore_index=True)
    keys = ["group", "area", "year", "release"]
    return whole.drop_duplicates(keys).sort_values(keys)


def _code(area_code: str, la_code: str, name: str) -> str:
    """Return the ONS code of a cell's area, whichever code or name it has; empty for no area."""
    if (area := areas.authority(area_code) or _by_dfe_code().get(la_code)) is not None:
        return area.code
    return _region_codes().get(name, "")


@cache
def _by_dfe_code() -> dict[str, areas.Area]:
    return {area.dfe_code: area for area in areas.every().values()}


@cache
def _region_codes() -> dict[str, str]:
    rows = codes.table("areas/regions")
    return dict(zip(rows["name"], rows["code"], strict=True))


def _releases(publications: Publications, rows: pd.DataFrame) -> pd.Series:
    """Return each row's release as the tables name it: ``release 2025``, ``LAIT 2025``."""
    newest = {
        file.release: max(file.rows[layouts.lait_columns()["year"]].astype(int))
        for file in publications.files
        if file.kind == LAIT
    }
    names = {LAIT: f"{LAIT} {newest.get(LAIT, '')}"}
    for release in rows["release"].unique():
        names.setdefault(release, f"release {release.removesuffix(' release')}")
    return rows["release"].map(names)


def _sources(
    publications: Publications, measure: str, breakdown: str, rows: pd.DataFrame
) -> dict[str, str]:
    """Return release -> the source as the page names it."""
    titles = codes.record("published_layouts")["publications"]
    found = {}
    for release, part in rows.groupby("release"):
        if part["is_lait"].any():
            title = _lait_title(publications, measure, breakdown)
            found[release] = f"{titles['lait']}, {title}; {LICENCE}"
            continue
        names = part["file"].drop_duplicates().str.partition(".")[0]
        which = next((key for key in titles if key in names.iloc[0]), "tables")
        year = str(release).removeprefix("release ")
        found[release] = f"{titles[which]}, {year} release, {', '.join(names)}; {LICENCE}"
    return found


def _lait_title(publications: Publications, measure: str, breakdown: str) -> str:
    """Return what DfE's interactive tool calls a measure."""
    columns = layouts.lait_columns()
    [name] = [cell["lait"] for cell in mapping(measure, breakdown)["cells"] if "lait" in cell]
    titles = [
        title
        for file in publications.files
        if file.kind == LAIT
        for title in file.rows.loc[file.rows[columns["name"]] == name, "Chart_title"].iloc[:1]
    ]
    return " ".join(titles[0].split())


def _models() -> list[dict]:
    return list(codes.record("comparators/models")["model"])


def _neighbours(folder: Path, model: dict) -> Iterable[list[str]]:
    """Yield model, authority, rank and neighbour of one of DfE's workbooks."""
    path = next(iter(sorted(folder.rglob(model["file"]))), None)
    if path is None:
        raise InputError(f"{folder}: no {model['file']}; expected the model of the neighbours")
    by_code = _by_dfe_code()
    for row in _sheet(path):
        if str(row[0] or "").isdigit() and (area := by_code.get(str(row[0]))) is not None:
            ten = [str(cell) for cell in row[5 : 5 + 2 * NEIGHBOURS : 2]]
            for rank, code in enumerate(filter(by_code.get, ten), 1):  # Isles of Scilly: a dash
                yield [model["id"], area.code, str(rank), by_code[code].code]


def _sheet(path: Path) -> Iterable[tuple]:
    from openpyxl import load_workbook  # only a build reads a workbook

    book = load_workbook(path, read_only=True)
    try:
        yield from list(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _populations(files: list[PublishedFile]) -> list[list[str]]:
    """Return the populations by area of ONS's files and of DfE's rates."""
    parts = [
        ons.children(file.name, file.rows).assign(vintage=_vintage(file), file=file.name)
        for file in files
        if file.kind == ons.KIND
    ]
    parts += [_of_rates(file) for file in files if "population_estimate" in file.rows]
    whole = pd.concat(parts, ignore_index=True)
    keys = ["area", "reference_date", "vintage", "breakdown", "group"]
    whole = whole.assign(value=whole["value"].astype(int)).drop_duplicates(keys)
    return sorted(_texts(whole, BUILT_COLUMNS), key=lambda row: row[:5])


def _vintage(file: PublishedFile) -> str:
    census = next((year for year in ons.CENSUS_DAYS if f"census{year}" in file.name), "")
    return f"Census {census}" if census else "first published"


def _of_rates(file: PublishedFile) -> pd.DataFrame:
    """Return the populations that DfE gives with its rates: of 31 March, the June before.

    In DfE's own table of estimates the year is the estimate's. The newest year of a release is as
    first published, the others are rebased.
    """
    rows = file.rows
    estimates = "age_group" in rows
    swapped = rows.get("la_name", pd.Series("", index=rows.index)).str.fullmatch(r"E\d{8}")
    code = rows["new_la_code"].mask(swapped, rows.get("la_name"))
    name = rows["region_name"].mask(rows["geographic_level"] == "National", areas.ENGLAND)
    places = zip(code, rows["old_la_code"], name, strict=True)
    found = pd.DataFrame(
        {
            "area": [_code(*place) for place in places],
            "year": rows["time_period"].astype(int) - (0 if estimates else 1),
            "value": pd.to_numeric(rows["population_estimate"], errors="coerce"),
        }
    ).dropna()
    newest = found["year"] == found["year"].max()
    found = found[found["area"].ne("")] if estimates else found[found["area"].ne("") & newest]
    return found.assign(
        reference_date=found["year"].astype(str) + "-06-30",
        vintage="rebased" if estimates else "first published",
        breakdown=ALL,
        group=ALL,
        file=file.name,
    )


def _write(path: Path, columns: list[str], rows: list[list[str]], n_keys: int) -> Change:
    """Write a table, packed where its name says so, and return what changed in it."""
    change = _compare(path, columns, rows, n_keys)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    content = text.getvalue().encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without a time in it a table that did not change is the same file.
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
    return change


def _compare(path: Path, columns: list[str], rows: list[list[str]], n_keys: int) -> Change:
    unpack: Callable[[bytes], bytes] = gzip.decompress if path.suffix == ".gz" else bytes
    before = unpack(path.read_bytes()).decode("utf-8") if path.is_file() else ""
    old = {tuple(row[:n_keys]): row[n_keys:] for row in list(csv.reader(io.StringIO(before)))[1:]}
    new = {tuple(row[:n_keys]): row[n_keys:] for row in rows}
    changed = [
        f"{', '.join(key)}: {_words(old[key])} is now {_words(value)}"
        for key, value in new.items()
        if key in old and old[key] != value
    ]
    added, removed = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    return Change(path.name, len(new), added, removed, changed)


def _words(cells_of_row: list[str]) -> str:
    return ", ".join(filter(None, cells_of_row))


def _texts(rows: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    return rows[columns].astype(str).values.tolist()
