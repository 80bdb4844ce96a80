"""Write the page and the table of what changed between two runs."""

from __future__ import annotations

import string
from importlib import resources
from pathlib import Path

import pandas as pd

from iro_analysis.runner import outputs, pages
from iro_analysis.runner.compare import COLUMNS, Move, Run, reasons, title_of
from iro_analysis.tables import framed
from iro_analysis.wording import in_html

FOR_THE_SERVICE = "For the service, not for publication: it shows what may be hidden now"
PAGE, TABLE = "compare.html", "compare.csv"


def write(place: Path, title: str, before: Run, after: Run, found: list[Move]) -> None:
    """Write the comparison into a folder that only this user can open.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    with outputs.aside(place, private=True) as draft:
        (draft / PAGE).write_text(_page(title, before, after, found), encoding="utf-8")
        outputs.write_table(_table(found), draft / TABLE)


def _table(found: list[Move]) -> pd.DataFrame:
    rows = [
        (*move.key[1:], move.key[0], move.unit, move.moved, move.before, move.after, move.why)
        for move in found
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _page(title: str, before: Run, after: Run, found: list[Move]) -> str:
    template = (
        resources.files("iro_analysis")
        .joinpath("templates", "compare", "index.html")
        .read_text(encoding="utf-8")
    )
    listed = [words for words in reasons(before, after).values() if words]
    internal = after.made.get("parameters", {}).get("audience") == "internal"
    return string.Template(template).substitute(
        title=in_html(title),
        style=pages.style(),
        mark=in_html(pages.MARK) if internal else FOR_THE_SERVICE,
        count=f"{len(found)} of {len({*before.rows, *after.rows})} figures moved",
        before=in_html(_named(before)),
        after=in_html(_named(after)),
        reasons=f"<ul>{''.join(f'<li>{in_html(words)}</li>' for words in listed)}</ul>"
        if listed
        else "<p>Nothing that the manifests name.</p>",
        moves=framed(
            "Figures that moved",
            ["Figure", "What", "Before", "After", "Why"],
            [_row(move) for move in found],
            [],
            numbers=frozenset(),
        )
        if found
        else "<p>No figure moved.</p>",
    )


def _named(run: Run) -> str:
    made = run.made.get("finished", "")
    return f"{run.place}" + (f", made {made[:16].replace('T', ' ')}" if made else "")


def _row(move: Move) -> str:
    _, measure, breakdown, group = move.key
    name = title_of(measure) + ("" if breakdown == "all" else f", {breakdown}: {group}")
    cells = [move.moved, move.before, move.after, move.why]
    return (
        f'<tr><th scope="row">{in_html(name)}</th>'
        + "".join(f"<td>{in_html(cell)}</td>" for cell in cells)
        + "</tr>"
    )
