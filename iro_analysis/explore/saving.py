"""Save an answer: a picture, a table, or a notebook that makes it again.

A picture carries its heading, what it shows and where it comes from, so that it can stand alone in
a letter; an internal one is marked as such, and so is an internal table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import charts, tables
from iro_analysis.contracts import FIGURE_NUMBERS
from iro_analysis.errors import OutputError, ParameterError
from iro_analysis.exports import pictures
from iro_analysis.runner import findings, new_notebook, outputs
from iro_analysis.runner.pages import MARK
from iro_analysis.runner.places import Places

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

_OUTPUTS, _PREFIX = "outputs", "internal-"


def save(answer: Answer, path: Path) -> Path:
    """Write an answer to a file whose ending tells its kind: see ``Answer.save``."""
    write = _KINDS.get(path.suffix.lower())
    if write is None:
        raise ParameterError(f"{path.name}: expected a file ending in {', '.join(_KINDS)}")
    try:
        if answer.explorer.audience == "internal" and write is not _notebook:
            path = _internal(answer, path)
        path.parent.mkdir(parents=True, exist_ok=True)
        write(answer, path)
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written ({problem.strerror})") from None
    return path


def _internal(answer: Answer, path: Path) -> Path:
    """Return the path of an internal file: named so, and in the internal folder.

    An absolute folder is the analyst's own choice and is kept.
    """
    name = path.name if path.name.startswith(_PREFIX) else f"{_PREFIX}{path.name}"
    if path.is_absolute():
        return path.with_name(name)
    return Places(project() / _OUTPUTS, answer.explorer.authority.folder).make_internal() / name


def project() -> Path:
    """Return the folder that holds data and outputs: a notebook may run in one below."""
    here = Path.cwd()
    for place in (here, *here.parents):
        if any((place / name).is_dir() for name in (_OUTPUTS, "data")):
            return place
    return Path()


def _picture(answer: Answer, path: Path) -> None:
    draw(answer, answer.chart, path)


def draw(answer: Answer, chart: charts.Chart | tables.HtmlTable, path: Path) -> None:
    """Write an answer's chart, which this changes: heading above, source below."""
    if not isinstance(chart, charts.Chart) or chart.drawing is None:
        raise ParameterError(
            f"{answer.entry.title} by {answer.by} is shown as a table; expected .csv or .xlsx"
        )
    mark = MARK if answer.explorer.audience == "internal" else ""
    pictures.write_chart(
        chart, path, pictures.source_of(answer.last, answer.entry.id, answer.by, chart), mark
    )


def _source(answer: Answer) -> str:
    authority = answer.explorer.authority
    invented = " Demonstration data: no real child." if authority.synthetic else ""
    return f"Source: {authority.name}, SSDA903 return and local lists; iro_analysis.{invented}"


def _tidy(answer: Answer) -> pd.DataFrame:
    """Return the figures with the authority and audience: a table may travel far."""
    explorer, rows = answer.explorer, answer.figures
    rows.insert(0, "authority", explorer.authority.name)
    rows.insert(1, "audience", explorer.audience)
    return rows


def _csv(answer: Answer, path: Path) -> None:
    rows = _tidy(answer)
    outputs.write_table(
        rows.assign(**{name: rows[name].map(outputs.as_text) for name in FIGURE_NUMBERS}), path
    )


def _workbook(answer: Answer, path: Path) -> None:
    entry = answer.entry
    lines = [
        ("What it is", entry.title),
        ("Says", answer.sentence),
        ("Counted", entry.numerator),
        ("Out of", entry.denominator),
        ("Defined by", entry.source),
        ("Where it comes from", _source(answer)),
        ("Small numbers", _small_numbers(answer)),
        ("Made again by", answer.code),
    ]
    about = pd.DataFrame([line for line in lines if line[1]], columns=["About", "Words"])
    areas = answer.comparators
    areas = areas.assign(compared=[each and str(each.verdict) for each in areas["compared"]])
    sheets = {"Figures": _tidy(answer), "Other areas": areas, "About": about}
    findings.write_workbook({name: _cells(rows) for name, rows in sheets.items()}, path)


def _small_numbers(answer: Answer) -> str:
    return MARK if answer.explorer.audience == "internal" else answer.published.policy.note


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose missing and endless numbers are blank: a sheet holds neither."""

    def kept(cell: object) -> object:
        return None if isinstance(cell, float) and not math.isfinite(cell) else cell

    return rows.astype(object).map(kept)


def _notebook(answer: Answer, path: Path) -> None:
    call = answer.call.replace(f'"{answer.periods[-1].name}"', "period")
    if len(answer.periods) > 1:
        call = answer.call
    new_notebook.write(
        path,
        new_notebook.Contents(
            question=f"{answer.entry.title}: what does it say?",
            measure=answer.entry.id,
            period=answer.periods[-1].name,
            data=answer.explorer.data,
            audience=answer.explorer.audience,
            findings=(call,),
        ),
    )


_KINDS: dict[str, Callable[[Answer, Path], None]] = {
    ".svg": _picture,
    ".png": _picture,
    ".csv": _csv,
    ".xlsx": _workbook,
    ".ipynb": _notebook,
}
