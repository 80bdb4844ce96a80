"""Small returns for tests: a table of episodes as a domain expert writes it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.audit import Verdict
from iro_analysis.periods import Period
from iro_analysis.reading.authority import Authority, read_authority
from iro_analysis.study import Study

EPISODES = [
    "CHILD",
    "DECOM",
    "RNE",
    "LS",
    "CIN",
    "PLACE",
    "PLACE_PROVIDER",
    "DEC",
    "REC",
    "REASON_PLACE_CHANGE",
    "HOME_POST",
    "PL_POST",
    "URN",
]
HEADER = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
EPISODE = {
    "RNE": "S", "LS": "V2", "CIN": "N1", "PLACE": "U6", "PLACE_PROVIDER": "PR1", "DEC": "",
    "REC": "", "REASON_PLACE_CHANGE": "", "HOME_POST": "ZZ1 1AA", "PL_POST": "ZZ2 2BB", "URN": "",
}  # fmt: skip
CHILD = {
    "SEX": "2",
    "DOB": "15/06/2010",
    "ETHNIC": "WBRI",
    "UPN": "UN1",
    "MOTHER": "",
    "MC_DOB": "",
}


def table(text: str) -> list[dict[str, str]]:
    """Read a little table: names in the first line, a dash for blank."""
    lines = [line.split() for line in text.strip().splitlines()]
    return [
        {name: "" if value == "-" else value for name, value in zip(lines[0], line, strict=True)}
        for line in lines[1:]
    ]


def write_csv(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)


def write_return(
    folder: Path,
    episodes: str | list[dict[str, str]],
    year: str = "2019-20",
    children: list[dict[str, str]] | None = None,
) -> Path:
    """Write a return of one year: episodes as given, a header row for each child."""
    rows = table(episodes) if isinstance(episodes, str) else episodes
    rows = [{**EPISODE, **row} for row in rows]
    place = folder / "ssda903" / year
    write_csv(place / "episodes.csv", EPISODES, rows)
    if children is None:
        children = [{"CHILD": child} for child in dict.fromkeys(row["CHILD"] for row in rows)]
    write_csv(place / "header.csv", HEADER, [{**CHILD, **child} for child in children])
    return folder


def read(folder: Path) -> Authority:
    [authority] = read_authority(folder)
    return authority


@cache
def shared_record(folder: Path) -> CareRecord:
    """The care record of a folder that no test changes, read once for all tests of a process."""
    return CareRecord.of(read(folder))


@cache
def shared_study(folder: Path, period: Period, audience: str) -> Study:
    """A study of a folder that no test changes."""
    return Study.of_record(shared_record(folder), period, audience)


def record(
    folder: Path, episodes: str, year: str = "2019-20", children: list[dict] | None = None
) -> CareRecord:
    """The care record of a small return."""
    return CareRecord.of(read(write_return(folder, episodes, year, children)))


def add_module(folder: Path, module: str, rows: str, year: str = "2019-20", **common: str) -> Path:
    """Add a module to a small return: a little table, and what all its rows have in common."""
    written = [{**common, **row} for row in table(rows)]
    columns = list(dict.fromkeys(name for row in written for name in row))
    write_csv(folder / "ssda903" / year / f"{module}.csv", columns, written)
    return folder


def add_list(folder: Path, name: str, rows: str) -> Path:
    """Add a local list: a little table; an underscore stands for a space."""
    written = [{k: v.replace("_", " ") for k, v in row.items()} for row in table(rows)]
    columns = rows.strip().splitlines()[0].split()
    write_csv(folder / "local" / f"{name}.csv", columns, written)
    return folder


def is_proved(verdict: Verdict) -> bool:
    """Whether a verdict's witnesses agree with everything that is shown: by addition alone."""
    holds = verdict.tables.constraints.holds
    return bool(verdict.witnesses) and all(holds(table) for table in verdict.witnesses)
