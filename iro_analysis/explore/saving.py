"""Answers as files: a picture, a table, a notebook that makes the answer again.

A picture carries its heading, what it shows and where it comes from, so that it can stand alone in
a letter; an internal one is marked as such, and so is an internal table.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import charts
from iro_analysis.contracts import FIGURE_NUMBERS
from iro_analysis.errors import OutputError, ParameterError
from iro_analysis.runner import findings, new_notebook, outputs
from iro_analysis.runner.pages import MARK

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

RESOLUTION = 200  # dots per inch: sharp in print
_LETTERS_AN_INCH = 12


def save(answer: Answer, path: Path) -> Path:
    """Write an answer to a file whose ending tells its kind: see ``Answer.save``."""
    write = _KINDS.get(path.suffix.lower())
    if write is None:
        raise ParameterError(f"{path.name}: expected a file ending in {', '.join(_KINDS)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(answer, path)
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written ({problem.strerror})") from None
    return path


def _picture(answer: Answer, path: Path) -> None:
    import matplotlib as mpl

    chart = answer.chart
    if not isinstance(chart, charts.Chart) or chart.drawing is None:
        raise ParameterError(
            f"{answer.entry.title} by {answer.by} is shown as a table; expected .csv or .xlsx"
        )
    drawing, width = chart.drawing, int(chart.drawing.get_figwidth() * _LETTERS_AN_INCH)
    heading = textwrap.wrap(chart.title, width) + textwrap.wrap(chart.caption, width)
    above = ([MARK] if answer.explorer.audience == "internal" else []) + heading
    drawing.suptitle("\n".join(above), x=0.01, ha="left", fontsize=9, fontweight="bold")
    drawing.supxlabel(
        "\n".join(textwrap.wrap(_source(answer), width + width // 2)), x=0.01, ha="left", size=7
    )
    drawing.set_figheight(drawing.get_figheight() + 0.17 * len(above) + 0.3)
    kind = path.suffix.lower().removeprefix(".")
    words = {"Title": chart.title, "Description": chart.description}
    said = {**words, "Date": None, "Creator": None} if kind == "svg" else words
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "iro"}):
        drawing.savefig(path, format=kind, dpi=RESOLUTION, metadata=said)


def _source(answer: Answer) -> str:
    authority = answer.explorer.authority
    invented = " Demonstration data: no real child." if authority.synthetic else ""
    return f"Source: {authority.name}, SSDA903 return and local lists; iro_analysis.{invented}"


def _tidy(answer: Answer) -> pd.DataFrame:
    """Return the figures with whose they are and for whom: a table may travel far."""
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
    sheets = {"Figures": _tidy(answer), "Other areas": answer.comparators, "About": about}
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
