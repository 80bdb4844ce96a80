"""Define the pieces that a section of the report is made of, and print each."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Literal

from iro_analysis.report.marks import Axis, Bar, Dots, Range, Spark
from iro_analysis.report.text import Text
from iro_analysis.wording import in_html

Mark = Spark | Dots | Bar | Range
Cell = Text | Mark | None
ColumnKind = Literal["number", "main", "change", "mark", "words"]
DASH = "–"
NOTHING = Text()
_YEARS = re.compile(r"(?<=\s)\d{4}-\d{2}\b|\b\d{4}-\d{2}(?=\s)")  # one among other words


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    line : Text
    kind : str
        A class of the style sheet; empty for running text.
    label : str
        What the paragraph is about, in bold before it.
    """

    line: Text
    kind: str = ""
    label: str = ""

    @property
    def html(self) -> str:
        """The paragraph."""
        kind = f' class="{self.kind}"' if self.kind else ""
        label = f"<strong>{in_html(self.label)}</strong> " if self.label else ""
        return f"<p{kind}>{label}{self.line.html}</p>"

    @property
    def text(self) -> str:
        """The paragraph as running text."""
        return f"{self.label} {self.line}" if self.label else str(self.line)


@dataclass(frozen=True)
class Item:
    """A line of a list: what it says first, more of it, why it matters, the service's words on it.

    Attributes
    ----------
    lead, line : Text
    response : str
        What the service says of it, as plain words; empty for none.
    action : str
        Whose task that is, and by when; empty for none.
    remark : str
        Said of what the service has not said.
    link : str
        The id of the exhibit that shows it.
    why : str
        What it means for a child, whatever the figure is.
    """

    lead: Text
    line: Text = NOTHING
    response: str = ""
    action: str = ""
    remark: str = ""
    link: str = ""
    why: str = ""

    @property
    def html(self) -> str:
        """The line."""
        plain = not (self.line or self.why or self.response or self.remark)
        lead = self.lead.html if plain else f"<strong>{self.lead.html}</strong>"
        if self.link:
            lead = f'<a href="#{self.link}">{lead}</a>'
        parts = [lead, self.line.html]
        if self.why:
            parts.append(f'<span class="why">{in_html(self.why)}</span>')
        if self.response:
            parts.append(f'<q class="svc">{in_html(self.response)}</q>')
        if self.action:
            parts.append(f'<span class="svc action">{in_html(self.action)}</span>')
        if self.remark:
            parts.append(f'<span class="remark">{in_html(self.remark)}</span>')
        return f"<li>{' '.join(part for part in parts if part)}</li>"


@dataclass(frozen=True)
class Items:
    """A list.

    Attributes
    ----------
    items : tuple of Item
    ordered : bool
    kind : str
    """

    items: tuple[Item, ...]
    ordered: bool = False
    kind: str = ""

    @property
    def html(self) -> str:
        """The list; nothing where it is empty."""
        if not self.items:
            return ""
        tag = "ol" if self.ordered else "ul"
        kind = f' class="{self.kind}"' if self.kind else ""
        return f"<{tag}{kind}>{''.join(item.html for item in self.items)}</{tag}>"


@dataclass(frozen=True)
class Heading:
    """A heading within a section.

    Attributes
    ----------
    words : str
    unseen : str
        Added for who hears the page, where the words alone stand several times.
    """

    words: str
    unseen: str = ""

    @property
    def html(self) -> str:
        """The heading."""
        more = f'<span class="unseen"> ({in_html(self.unseen)})</span>' if self.unseen else ""
        return f"<h3>{in_html(self.words)}{more}</h3>"


@dataclass(frozen=True)
class ServiceWords:
    """What the service says, set off as its own.

    Attributes
    ----------
    markdown : str
    about : str
    """

    markdown: str
    about: str

    @property
    def html(self) -> str:
        """Its heading and its words."""
        from nbconvert.filters import markdown2html

        return (
            Heading("The service says", self.about).html
            + f'<blockquote class="commentary">{markdown2html(self.markdown)}</blockquote>'
        )


@dataclass(frozen=True)
class Quoted:
    """Words of the service that need no heading of their own.

    Attributes
    ----------
    markdown : str
    """

    markdown: str

    @property
    def html(self) -> str:
        """The words, set off."""
        from nbconvert.filters import markdown2html

        return f'<blockquote class="commentary">{markdown2html(self.markdown)}</blockquote>'


@dataclass(frozen=True)
class Row:
    """A row of an exhibit.

    Attributes
    ----------
    label : Text
    cells : tuple
        One a column; None where there is nothing to show.
    note : str
        Under the label, small.
    """

    label: Text
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Rows of an exhibit under a heading of their own.

    Attributes
    ----------
    title : str
        Empty where the exhibit has one group only.
    rows : tuple of Row
    """

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """A column of an exhibit.

    Attributes
    ----------
    title : str
    kind : ColumnKind
        ``number``, ``main`` (this year's), ``change`` (blank where there is none), ``mark`` or
        ``words``.
    axis : Axis or None
        The scale that the drawings of the column share.
    """

    title: str
    kind: ColumnKind = "number"
    axis: Axis | None = None


@dataclass(frozen=True)
class Exhibit:
    """A table with drawings in its rows.

    Attributes
    ----------
    id, caption : str
    columns : tuple of Column
        All but the first, which holds the labels.
    groups : tuple of Group
    first : str
        The title of the first column.
    key : str
        How to read the drawings, in a sentence; empty where there are none.
    notes : tuple of str
    kind : str
    """

    id: str
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    first: str = "Measure"
    key: str = ""
    notes: tuple[str, ...] = ()
    kind: str = ""

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for group in self.groups for row in group.rows]

    def without_empty_columns(self) -> Exhibit:
        """Return the exhibit without columns in which nothing stands."""
        kept = [
            place
            for place in range(len(self.columns))
            if any(_html(row.cells[place]) for row in self.rows)
        ]
        groups = tuple(
            Group(
                group.title,
                tuple(
                    Row(row.label, tuple(row.cells[place] for place in kept), row.note)
                    for row in group.rows
                ),
            )
            for group in self.groups
        )
        columns = tuple(self.columns[place] for place in kept)
        return Exhibit(
            self.id, self.caption, columns, groups, self.first, self.key, self.notes, self.kind
        )

    @property
    def html(self) -> str:
        """The table in a frame that scrolls by itself; nothing where it has no row."""
        if not self.rows:
            return ""
        label = in_html(self.caption)
        key = f'<span class="under">{in_html(self.key)}</span>' if self.key else ""
        heads = f'<th scope="col">{in_html(self.first)}</th>' + "".join(
            _head(column) for column in self.columns
        )
        bodies = "".join(self._body(group) for group in self.groups if group.rows)
        notes = "".join(f'<p class="note">{in_html(note)}</p>' for note in self.notes)
        return (
            f'<div class="table-frame exhibit-frame" id="{self.id}" role="group" '
            f'aria-label="Table: {label}" tabindex="0">'
            f'<table class="exhibit-table {self.kind}">'
            f'<caption><span class="said">{label} {key}</span></caption>'
            f"<thead><tr>{heads}</tr></thead>{bodies}</table></div>{notes}"
        )

    def _body(self, group: Group) -> str:
        title = ""
        if group.title:
            span = len(self.columns) + 1
            title = (
                f'<tr class="group"><th scope="rowgroup" colspan="{span}">'
                f"{in_html(group.title)}</th></tr>"
            )
        return f"<tbody>{title}{''.join(self._row(row) for row in group.rows)}</tbody>"

    def _row(self, row: Row) -> str:
        note = f'<span class="under">{in_html(row.note)}</span>' if row.note else ""
        pairs = list(zip(row.cells, self.columns, strict=True))
        cells = []
        for empty, run in itertools.groupby(pairs, key=lambda pair: _is_dash(*pair)):
            several = list(run)
            if empty and len(several) > 1:  # one dash, seen and heard once
                cells.append(f'<td class="none" colspan="{len(several)}">{DASH}</td>')
            else:
                cells += [f'<td class="{c.kind}">{_cell(cell, c)}</td>' for cell, c in several]
        return f'<tr><th scope="row">{row.label.html}{note}</th>{"".join(cells)}</tr>'


def _head(column: Column) -> str:
    """Return a column's head; a name without a space, such as a year, stays on one line."""
    whole = "" if " " in column.title else " whole"
    axis = "" if column.axis is None else column.axis.html
    title = _YEARS.sub(r'<span class="whole">\g<0></span>', in_html(column.title))
    return f'<th scope="col" class="{column.kind}{whole}">{title}{axis}</th>'


def _html(cell: Cell) -> str:
    return "" if cell is None else cell.html


def _is_dash(cell: Cell, column: Column) -> bool:
    return column.kind in ("number", "main") and not _html(cell)


def _cell(cell: Cell, column: Column) -> str:
    return DASH if _is_dash(cell, column) else _html(cell)


@dataclass(frozen=True)
class Section:
    """A section of the report: what it finds, and what bears it out.

    Attributes
    ----------
    id : str
    name : str
        In a few words, for the contents.
    finding : Text
        The heading.
    blocks : tuple
    kind : str
    """

    id: str
    name: str
    finding: Text
    blocks: tuple = ()
    kind: str = ""

    @property
    def html(self) -> str:
        """The section's heading and pieces."""
        inner = "".join(block.html for block in self.blocks)
        name = f' data-contents="{in_html(self.name)}"' if self.name else ""
        name += f' data-kind="{in_html(self.kind)}"' if self.kind else ""
        return f'<h2 id="{self.id}"{name}>{self.finding.html}</h2>{inner}'

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<{self.name}: {self.finding}>"

    @property
    def exhibits(self) -> list[Exhibit]:
        """Its tables and charts."""
        return [block for block in self.blocks if hasattr(block, "caption")]
