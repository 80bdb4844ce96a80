"""Write an empty folder for an authority's own data: settings, list templates, headings."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

from iro_analysis import codes
from iro_analysis.comparators.areas import Area

from .settings import text

COMMENT = "# "


def write_folder(folder: Path, area: Area, period: str, neighbours: tuple[str, ...] = ()) -> None:
    """Write the folder of an authority, ready for its returns and lists.

    Parameters
    ----------
    folder : Path
        Made if it is not there.
    area : Area
        The authority.
    period : str
        The period of the commentary whose headings are written.
    neighbours : tuple of str
        Names of its statistical neighbours, shown in a comment.
    """
    region = area.region + (f" ({area.part_of_region})" if area.part_of_region else "")
    shown = f"# Statistical neighbours: {'; '.join(neighbours)}.\n" if neighbours else ""
    _write(
        folder / "authority.toml",
        text("init_authority.toml").format(
            name=area.name, code=area.code, region=region, neighbours=shown
        ),
    )
    _write(
        folder / "README.md",
        text("init_README.md").format(name=area.name, folder=folder, period=period),
    )
    for name in codes.record("local_lists"):
        _write(folder / "local" / f"{name}.csv", template(name))
    _write(folder / "commentary" / f"{period}.md", headings(period))
    (folder / "ssda903").mkdir(parents=True, exist_ok=True)


def template(name: str) -> str:
    """Return the template of a local list: its header, and one invented row commented out."""
    record = codes.record("local_lists")[name]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*record["columns"], *record.get("optional", {})])
    first, *others = record["example"]
    writer.writerow([f"{COMMENT}{first}", *others])
    return out.getvalue()


def headings(period: str) -> str:
    """Return a commentary with every heading of the report and no words yet."""
    cover = codes.record("cover")["prose"]
    service = codes.record("report")["service"]
    sections = [*cover, *codes.record("sections").values(), *service.values()]
    head = f'+++\ntitle = "Independent Reviewing Officer report {period}"\n+++\n\n'
    return head + "\n".join(f"## {heading}\n" for heading in sections)


def folder_name(area: Area) -> str:
    """Return a name for an authority's folder: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", area.name.lower()).strip("-")


def _write(path: Path, content: str) -> None:
    """Write a text file with the same line ends on every system."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8", newline="\n")
