"""Take hidden counts out of a report's figures, and read from the rest what they show."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from iro_analysis.contracts import FIGURE_COLUMNS, FIGURE_NUMBERS
from iro_analysis.disclosure.audit import View
from iro_analysis.disclosure.figure_cells import Cells, of_row
from iro_analysis.disclosure.policy import Policy
from iro_analysis.disclosure.suppression import Background, in_words
from iro_analysis.errors import DisclosureError

WITHHELD = "it is withheld under the disclosure policy"
_SO_MANY_OF = re.compile(r"\b(\d[\d,]*) of\b")


def without_hidden(figures: pd.DataFrame, hidden: set[str], rules: Policy) -> pd.DataFrame:
    """Return the figures without the numbers of those that are made of a hidden count."""

    def few(found: re.Match) -> str:
        return "a few of" if rules.is_small(int(found[1].replace(",", ""))) else found[0]

    shown = figures[FIGURE_COLUMNS].copy()
    behind = [of_row(row) for row in figures.itertuples(index=False)]
    is_hidden = pd.Series(
        [
            row.status == "ok" and _touches(row, cells, hidden)
            for row, cells in zip(figures.itertuples(index=False), behind, strict=True)
        ],
        index=figures.index,
    )
    shown.loc[is_hidden, FIGURE_NUMBERS] = float("nan")
    shown.loc[is_hidden, "status"] = "suppressed"
    bare = is_hidden | pd.Series(
        [any(cell in hidden for cell in cells.note) for cells in behind], index=figures.index
    )
    shown.loc[bare & figures["status"].eq("ok"), "note"] = ""
    # A note says of how many the answer is not known; few of them are a small number too.
    shown["note"] = shown["note"].str.replace(_SO_MANY_OF, few, regex=True)
    # A percentage that is not given for too few pupils must not give their number away.
    unsaid = figures["status"].eq("not_available")
    shown.loc[unsaid, FIGURE_NUMBERS] = float("nan")
    return shown


def with_withheld(shown: pd.DataFrame, figures: pd.DataFrame, lost: set[str]) -> pd.DataFrame:
    """Return the figures with those that nothing can hide any more as not given, not as hidden."""
    if not lost:
        return shown
    rows = shown.copy()
    mine = rows["status"].eq("suppressed") & pd.Series(
        [not lost.isdisjoint(_behind(of_row(row))) for row in figures.itertuples(index=False)],
        index=rows.index,
    )
    rows.loc[mine, "status"] = "not_available"
    rows.loc[mine, "note"] = WITHHELD
    return rows


def _behind(cells: Cells) -> list[str]:
    return [*cells.shown, *cells.behind]


def seen_from_outside(
    shown: pd.DataFrame, names: dict[str, str], meant: View, background: Background
) -> View:
    """Return what is known once the figures are out: as they are printed, not as was meant."""
    known = dict(background.known)
    for row in shown[shown["status"].eq("ok")].itertuples(index=False):
        cells = of_row(row)
        for cell, count in [(cells.numerator, row.numerator), (cells.denominator, row.denominator)]:
            if cell in names:
                known[names[cell]] = int(count)
    if revealed := sorted(cell for cell in meant.guarded if cell in known):
        raise DisclosureError(
            *(f"{in_words(cell)}: hidden, and shown by a figure" for cell in revealed)
        )
    return View(meant.rows, known, meant.guarded)


def _touches(row: Any, cells: Cells, hidden: set[str]) -> bool:
    if row.measure == "gcse_trend":
        return any(cell.startswith((f"{row.group}|", "gcse_cohort|")) for cell in hidden)
    return any(cell in hidden for cell in _behind(cells))
