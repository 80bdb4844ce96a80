"""List the children behind an answer: counts are shown, rows only when asked for.

A notebook keeps what its cells show, JupyterLab saves it by itself, and papermill and nbconvert
keep the state of widgets too. So a listing shows counts only. ``browse`` shows the rows at a click,
in a view that is empty when a notebook runs; ``rows`` is the table, for further work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from iro_analysis import members
from iro_analysis.errors import ParameterError, near_name
from iro_analysis.explore.pieces import paragraph, text_table
from iro_analysis.exports import working_lists
from iro_analysis.runner.pages import MARK
from iro_analysis.wording import of

if TYPE_CHECKING:
    from ipywidgets import VBox

    from iro_analysis.explore.answer import Answer

WARNING = (
    "Identifiable children. For your work on this screen only: clear the list when you have seen "
    "it, and copy no row of it into a message, a report or a shared folder."
)
HOW_TO_SEE = (
    "The rows are not shown here, because a notebook keeps what its cells show: .browse() lists "
    "them at a click and does not keep them; .rows is the table."
)
MOST_SHOWN = 200


@dataclass(frozen=True, repr=False)
class Listing:
    """The rows behind an answer. Made by ``Answer.children``.

    Attributes
    ----------
    title : str
    rows : DataFrame
        One row per child, review or other thing; ``counted`` says whether it is in the numerator.
    counted : bool or None
        Where only the rows counted in the figure, or only the others, are listed.
    whole : int
        How many rows there are with those that are not listed.
    """

    title: str
    rows: pd.DataFrame
    counted: bool | None
    whole: int

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<{self.title}: {len(self)} rows, identifiable children, not for publication>"

    @property
    def said(self) -> str:
        """How many rows there are, and how many of them are counted.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> inside = open_authority("data/demo", audience="internal")
        >>> inside.ask("reviews_on_time", "2019-20").children().said
        '904 of 992 rows are counted in the figure.'
        """
        if self.counted is None:
            counted = int(self.rows["counted"].sum())
            return f"{of(counted, len(self))} rows are counted in the figure."
        are = "are" if self.counted else "are not"
        return f"{of(len(self), self.whole)} rows {are} counted in the figure; these are listed."

    def _repr_html_(self) -> str:
        return (
            paragraph(MARK, strong=True)
            + paragraph(f"{self.title}. {self.said}")
            + paragraph(HOW_TO_SEE)
        )

    def browse(self) -> VBox:
        """Return a view with a button that lists the rows and one that clears them.

        Until the button is pressed the view holds no row, so a notebook run by itself (papermill,
        nbconvert, *Restart and run all*) keeps none. JupyterLab keeps the state of widgets only
        where *Save Widget State Automatically* is on; leave it off, or clear the list.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> inside = open_authority("data/demo", audience="internal")
        >>> view = inside.ask("reviews_on_time", "2019-20").children().browse()
        >>> view.children[-1].value
        ''
        """
        import ipywidgets as w

        rows = w.HTML()
        show = w.Button(description="List the rows", button_style="warning")
        clear = w.Button(description="Clear the list")
        show.on_click(lambda _: setattr(rows, "value", self.html))
        clear.on_click(lambda _: setattr(rows, "value", ""))
        said = w.HTML(paragraph(MARK, strong=True) + paragraph(self.said))
        return w.VBox([said, w.HBox([show, clear]), rows])

    @property
    def html(self) -> str:
        """The rows as a table under a warning. It must not be kept in a file.

        Examples
        --------
        >>> from iro_analysis.explore import open_authority
        >>> inside = open_authority("data/demo", audience="internal")
        >>> "Identifiable children" in inside.ask("reviews_on_time", "2019-20").children().html
        True
        """
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


def behind(answer: Answer, group: str | None = None, counted: bool | None = None) -> Listing:
    """Return the children behind an answer's last period: see ``Answer.children``."""
    record, period = answer.explorer.record(), answer.periods[-1]
    rows = members.behind(record, period, answer.entry.id, answer.by)
    rows = working_lists.with_officer_and_days(answer.last, answer.entry.id, rows)
    title = f"Behind {answer!r}"[:-1].replace("<", "")
    if group is None:
        return _listing(title, rows, counted)
    known = list(answer.published.figures["group"])
    if group not in known:
        raise ParameterError(
            f"{answer.entry.id} by {answer.by} has no group {group!r}{near_name(group, known)}; "
            f"it has {', '.join(known)}"
        )
    return _listing(f"{title}: {group}", rows[rows["group"].eq(group)], counted)


def _listing(title: str, rows: pd.DataFrame, counted: bool | None) -> Listing:
    kept = rows if counted is None else rows[rows["counted"].astype(bool).eq(counted)]
    return Listing(title, kept.reset_index(drop=True), counted, len(rows))
