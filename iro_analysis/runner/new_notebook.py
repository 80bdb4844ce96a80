"""Write a new analysis notebook, or copy a shipped one without outputs (``iro new``).

Question, who is counted, can we trust the data, findings, what this does not show, definitions,
source; one cell of parameters; no outputs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iro_analysis import catalogue
from iro_analysis.contracts import ALL
from iro_analysis.errors import OutputError, ParameterError
from iro_analysis.runner import notebooks

# Names of the report's own files, and those that Windows keeps for itself.
TAKEN = frozenset(
    ["report", "internal", "con", "prn", "aux", "nul", "committee_report"]
    + [f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)]
)
LIMITS = (
    "A figure says how many, not why. Differences between groups are not adjusted for age, "
    "deprivation or need. What is not in the return or the lists is not in the figures."
)
TRUST = (
    "We account for every row of the return and the lists. Faults are counted here; the analyst "
    "has the list of the rows they are in."
)


@dataclass(frozen=True)
class Contents:
    """What a new notebook asks.

    Attributes
    ----------
    question : str
        Its title.
    measure : str
        The measure that it begins with.
    period, data, audience : str
        Defaults of its parameters.
    findings : tuple of str
        Code of the cells under the finding; where none is given, the measure and each breakdown.
    """

    question: str
    measure: str = "looked_after"
    period: str = "2019-20"
    data: str = "data/demo"
    audience: str = "committee"
    findings: tuple[str, ...] = ()


def place_of(name: str, here: Path) -> Path:
    """Return where a new notebook goes: into ``my_notebooks`` unless a folder is given.

    Parameters
    ----------
    name : str
        With or without its ending; with a folder before it, that folder.
    here : Path
        The current folder.

    Raises
    ------
    ParameterError
        If it is no name of a notebook.
    """
    given = Path(name)
    stem = given.stem if given.suffix.lower() == ".ipynb" else given.name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", stem) or stem.lower() in TAKEN:
        raise ParameterError(
            f"{name}: no name for a notebook; expected letters, digits, - and _, and none of the "
            "report's own"
        )
    folder = given.parent
    if folder == Path():
        folder = Path(notebooks.OWN)
    return folder / f"{stem}.ipynb"


def compose(contents: Contents) -> Any:
    """Return a notebook with the standard sections.

    Raises
    ------
    ParameterError
        If there is no such measure; the nearest name is suggested.
    """
    import nbformat.v4 as v4

    entry = catalogue.measure(contents.measure)
    cells = [
        v4.new_markdown_cell(f"# {contents.question}"),
        _code(_parameters(contents), "parameters"),
        _code(
            "from iro_analysis.explore import open_authority\n\n"
            "authority = open_authority(data, audience)\nauthority",
            "working",
        ),
        v4.new_markdown_cell(f"## Who is counted\n\n{_who(entry)}"),
        v4.new_markdown_cell(f"## Can we trust the data?\n\n{TRUST}"),
        _code("authority.trust(period)"),
        v4.new_markdown_cell("## What we found"),
        *[_code(source) for source in contents.findings or _findings(entry)],
        v4.new_markdown_cell(f"## What this does not show\n\n{LIMITS}"),
        v4.new_markdown_cell("## Definitions"),
        _code(f'authority.definitions("{entry.id}")'),
        v4.new_markdown_cell("## Where this comes from"),
        _code("authority.provenance(period)"),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number:02d}"
    notebook = v4.new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    return notebook


def _code(source: str, *tags: str) -> Any:
    import nbformat.v4 as v4

    return v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def _parameters(contents: Contents) -> str:
    return (
        f"period: str = {_text(contents.period)}  "
        "# a year, half, quarter or two dates: see the README\n"
        f"data: str = {_text(contents.data)}  # the authority's folder\n"
        f"audience: str = {_text(contents.audience)}  "
        "# committee: small numbers hidden; internal: nothing hidden"
    )


def _text(value: str) -> str:
    shown = repr(value)
    return f'"{shown[1:-1]}"' if shown[0] == "'" and '"' not in value else shown


def _who(entry: catalogue.Measure) -> str:
    out_of = f" Out of: {entry.denominator}." if entry.denominator else ""
    return f"{entry.numerator}.{out_of}"


def _findings(entry: catalogue.Measure) -> list[str]:
    shown = [name for name in entry.breakdowns if name != catalogue.PERIOD]
    return [
        f'authority.ask("{entry.id}", period)'
        if name == ALL
        else f'authority.ask("{entry.id}", period, by="{name}")'
        for name in shown
    ]


def write(path: Path, contents: Contents) -> Path:
    """Write a new notebook; one that is there is never replaced.

    Raises
    ------
    OutputError
        If there is a file of that name, or it cannot be written.
    """
    return _write(path, compose(contents))


def copy(name: str, path: Path) -> Path:
    """Copy a shipped notebook without its outputs; one that is there is never replaced.

    Parameters
    ----------
    name : str
        As ``iro report --notebook`` takes it.
    path : Path
        Where the copy goes.

    Raises
    ------
    ParameterError
        If there is no such notebook; the nearest name is suggested.
    OutputError
        If there is a file of the copy's name, or it cannot be written.
    """
    import nbformat

    source = notebooks.find(name)
    notebooks.check_parameters(source, {})
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    return _write(path, notebook)


def _write(path: Path, notebook: Any) -> Path:
    import nbformat

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            nbformat.write(notebook, stream)
    except FileExistsError:
        raise OutputError(f"{path}: is there already; nothing was changed") from None
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written ({problem.strerror})") from None
    notebooks.check_parameters(path, {})
    return path
