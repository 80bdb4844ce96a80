"""The children behind an answer: for an internal session, with a warning, and never saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import members
from iro_analysis.errors import ParameterError, near_name
from iro_analysis.explore.pieces import paragraph, text_table
from iro_analysis.runner.pages import MARK
from iro_analysis.wording import of

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

WARNING = (
    "Identifiable children. For your work on this screen only: clear this output before you save "
    "the notebook, and copy no row of it into a message, a report or a shared folder."
)
MOST_SHOWN = 200


@dataclass(frozen=True, repr=False)
class Listing:
    """The rows behind an answer. Made by ``Answer.children``.

    Attributes
    ----------
    title : str
    rows : DataFrame
        One row a child, review or other thing; ``counted`` says whether it is in the numerator.
    """

    title: str
    rows: pd.DataFrame

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{self.title}: {len(self)} rows, identifiable children, not for publication>"

    @property
    def said(self) -> str:
        """How many rows there are, and how many of them are counted."""
        counted = int(self.rows["counted"].sum())
        return f"{of(counted, len(self))} rows are counted in the figure."

    def _repr_html_(self) -> str:
        shown = self.rows.head(MOST_SHOWN)
        cells = [
            [_text(value) for value in row] for row in shown.itertuples(index=False, name=None)
        ]
        head = [str(name).replace("_", " ").capitalize() for name in shown.columns]
        notes = [self.said]
        if len(self) > MOST_SHOWN:
            notes.append(f"The first {MOST_SHOWN} are shown; .rows holds all of them.")
        return (
            paragraph(MARK, strong=True)
            + paragraph(WARNING, strong=True)
            + text_table(self.title, head, cells, notes).html
        )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def behind(answer: Answer, group: str | None = None) -> Listing:
    """Return the children behind an answer's last period: see ``Answer.children``."""
    record, period = answer.explorer.record(), answer.periods[-1]
    rows = members.behind(record, period, answer.entry.id, answer.by)
    title = f"Behind {answer!r}"[:-1].replace("<", "")
    if group is None:
        return Listing(title, rows)
    known = list(answer.published.figures["group"])
    if group not in known:
        raise ParameterError(
            f"{answer.entry.id} by {answer.by} has no group {group!r}{near_name(group, known)}; "
            f"it has {', '.join(known)}"
        )
    return Listing(f"{title}: {group}", rows[rows["group"].eq(group)].reset_index(drop=True))
