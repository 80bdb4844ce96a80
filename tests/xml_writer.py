"""Writes a return's CSV files as the XML that holds the same children."""

from __future__ import annotations

import csv
from pathlib import Path
from xml.sax.saxutils import escape

from iro_analysis import contracts

RENAMED = {"CHILD": "CHILDID", "PLACE": "PL"}
OF_THE_HEADER = ["CHILD", "UPN", "SEX", "DOB", "ETHNIC", "MOTHER", "MC_DOB"]


def modules_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Module -> rows of a folder of CSV files, known by their columns."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
            columns = set(csv.reader([path.read_text(encoding="utf-8").splitlines()[0]]).__next__())
        for module in contracts.modules().values():
            if set(module.known_by) <= columns <= {each.statutory for each in module.columns}:
                found[module.name] = rows
    return found


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"


def group(module: contracts.Module, row: dict[str, str], line_end: str) -> str:
    inside = "".join(
        element(RENAMED.get(name, name), text)
        for name, text in row.items()
        if name not in ("CHILD", "DOB")
    )
    return f"<{module.element}>{inside}</{module.element}>{line_end}"


def as_xml(folder: Path, line_end: str = "\n") -> str:
    """Return the XML of one year's CSV files; without line ends it is all on one line."""
    found = modules_of(folder)
    by_child: dict[str, dict[str, list[dict[str, str]]]] = {}
    for name, rows in found.items():
        for row in rows:
            by_child.setdefault(row["CHILD"], {}).setdefault(name, []).append(row)
    words = ["<?xml version='1.0' encoding='utf-8'?>", "<EXPSSDA903>"]
    for child, mine in by_child.items():
        words.append("<CHILD><HEADER>")
        header = {**(mine.get("Header") or [{"CHILD": child}])[0]}
        header |= {"UASC": "1" if "UASC" in mine else "0"}
        for name in ("UASC", "OC3", "AD1"):
            for row in mine.get(name, []):
                header |= {column: text for column, text in row.items() if column not in header}
        words.append(
            "".join(element(RENAMED.get(name, name), text) for name, text in header.items())
        )
        for name, module in contracts.modules().items():
            if module.element and name != "Episodes":
                words += [group(module, row, "") for row in mine.get(name, [])]
        words.append("</HEADER>")
        words += [
            group(contracts.modules()["Episodes"], row, "") for row in mine.get("Episodes", [])
        ]
        words.append("</CHILD>")
    words.append("</EXPSSDA903>")
    return line_end.join(words) + "\n"


def convert(folder: Path, target: Path, line_end: str = "\n") -> Path:
    """Write an authority's folder again with an XML file in the place of each year's CSV files."""
    for year in sorted(path for path in (folder / "ssda903").iterdir() if path.is_dir()):
        place = target / "ssda903" / year.name
        place.mkdir(parents=True)
        (place / "return.xml").write_text(as_xml(year, line_end), encoding="utf-8")
    return target
