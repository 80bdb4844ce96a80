"""An answer's figures as a table that can be sorted and searched, other areas in columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iro_analysis import tables
from iro_analysis.wording import in_html, number

if TYPE_CHECKING:
    from iro_analysis.explore.answer import Answer

AS_PUBLISHED = "As published"
OTHER_GROUPS = (
    f"{tables.NOT_APPLICABLE} not applicable: this authority has no figure of its own for the "
    "group as other areas publish it."
)


@dataclass(frozen=True)
class Grid:
    """Rows of text under heads; the first column holds the groups.

    Attributes
    ----------
    caption : str
    head : list of str
    rows : list of list of str
    notes : list of str
        Symbols and reasons, one sentence each.
    sources : list of str
        Where other areas' figures come from.
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
    notes: list[str]
    sources: list[str]

    @property
    def orders(self) -> dict[str, tuple[int, bool]]:
        """Return what it can be sorted by: words -> column, and whether the largest come first."""
        found = {f"{self.head[0]}, A to Z": (0, False)}
        for place, head in list(enumerate(self.head))[1:]:
            found[f"{head}, largest first"] = (place, True)
            found[f"{head}, smallest first"] = (place, False)
        return found

    def html(self, find: str = "", order: str = AS_PUBLISHED) -> str:
        """Return the table.

        Parameters
        ----------
        find : str
            Only rows that hold this text are shown, and a line says how many.
        order : str
            One of ``orders``. What has no number comes last.
        """
        wanted = find.strip().casefold()
        rows = [row for row in self.rows if wanted in " ".join(row).casefold()]
        column, descending = self.orders.get(order, (None, False))
        if column == 0:
            rows.sort(key=lambda row: row[0].casefold())
        elif column is not None:
            values = [(value_of(row[column]), row) for row in rows]
            known = [(value, row) for value, row in values if value is not None]
            known.sort(key=lambda pair: pair[0], reverse=descending)
            rows = [row for _, row in known] + [row for value, row in values if value is None]
        said = f"{len(rows)} of {len(self.rows)} rows hold “{find.strip()}”." if wanted else ""
        return self._table(rows, column, descending, said)

    def _table(self, rows: list[list[str]], column: int | None, down: bool, said: str) -> str:
        heads = []
        for place, head in enumerate(self.head):
            sorted_by = f' aria-sort="{"descending" if down else "ascending"}"'
            attributes = (' class="number"' if place else "") + (
                sorted_by if place == column else ""
            )
            heads.append(f'<th scope="col"{attributes}>{in_html(head)}</th>')
        label = in_html(self.caption)
        below = "".join(f'<p class="note">{in_html(note)}</p>' for note in self.notes)
        if self.sources:
            listed = "".join(f"<li>{in_html(source)}</li>" for source in self.sources)
            below += (
                f"<details><summary>Sources of other areas</summary><ul>{listed}</ul></details>"
            )
        body = "".join(tables.row_of(first, rest) for first, *rest in rows)
        status = f'<p class="note" role="status">{in_html(said)}</p>' if said else ""
        return (
            f'<div class="table-frame" role="group" aria-label="Table: {label}" tabindex="0">'
            f"<table><caption>{label}</caption><thead><tr>{''.join(heads)}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>{status}{below}"
        )


def value_of(cell: str) -> float | None:
    """Return the number that a cell shows; None for a symbol.

    Examples
    --------
    >>> value_of("1,204"), value_of("9%"), value_of("-3 to 4"), value_of("[c]")
    (1204.0, 9.0, -3.0, None)
    """
    found = re.match(r"[-\u2212]?\d[\d,]*(\.\d+)?", cell)
    return float(found[0].replace(",", "").replace("\u2212", "-")) if found else None


def of(answer: Answer) -> Grid | None:
    """Return an answer's figures; None where there are none, with the reason in its finding."""
    published = answer.published
    if len(answer.periods) > 1:
        caption, head, rows, notes = over_time(answer)
    elif published.reason:
        return None
    else:
        caption, notes = tables.described(published), tables.notes(published)
        head, given = tables.columns_and_rows(published)
        rows = [[label, *cells] for label, cells in given]
    return _with_areas(answer, Grid(caption, head, rows, notes, []))


def over_time(answer: Answer) -> tuple[str, list[str], list[list[str]], list[str]]:
    """Return caption, heads, rows and notes of a table: a row per group, a column per period."""
    figures, unit = answer.figures, answer.entry.unit
    hidden = {"suppressed": answer.published.policy.symbol, "not_available": tables.NOT_AVAILABLE}
    shown = [
        hidden.get(row.status) or number(row.value, unit) for row in figures.itertuples(index=False)
    ]
    wide = figures.assign(shown=shown).pivot_table("shown", "group", "period", "first")
    names = [period.name for period in answer.periods]
    wide = wide.reindex(index=_groups(answer), columns=names).fillna(tables.NOT_APPLICABLE)
    rows = [
        [tables.group_label(answer.entry.id, answer.by, group), *values]
        for group, values in zip(wide.index, wide.to_numpy().tolist(), strict=True)
    ]
    missing = figures.loc[figures["status"] == "not_available", "note"]
    notes = [f"{tables.NOT_AVAILABLE} not available: {each}." for each in dict.fromkeys(missing)]
    if figures["status"].eq("suppressed").any():
        notes.append(answer.published.policy.note)
    caption = f"{tables.named(answer.published)} ({unit.replace('_', ' ')})"
    return caption, ["Group", *names], rows, notes


def _groups(answer: Answer) -> list[str]:
    return list(dict.fromkeys(answer.figures["group"]))


def _with_areas(answer: Answer, own: Grid) -> Grid:
    """Add a column per area; groups that only other areas give are added as rows."""
    held = answer.comparators
    if held.empty:
        return own
    areas = list(dict.fromkeys(held["area"]))
    values = {
        (row.area, row.group): number(row.value, row.unit) for row in held.itertuples(index=False)
    }
    groups = _groups(answer) if len(answer.periods) > 1 else list(answer.published.figures["group"])
    more = [group for group in dict.fromkeys(held["group"]) if group not in groups]
    rows = own.rows + [
        [
            tables.group_label(answer.entry.id, answer.by, group),
            *[tables.NOT_APPLICABLE] * (len(own.head) - 1),
        ]
        for group in more
    ]
    rows = [
        [*row, *(values.get((area, group), tables.NOT_AVAILABLE) for area in areas)]
        for row, group in zip(rows, groups + more, strict=True)
    ]
    notes = own.notes + [OTHER_GROUPS] * bool(more)
    if any(tables.NOT_AVAILABLE in row[len(own.head) :] for row in rows):
        notes.append(f"{tables.NOT_AVAILABLE} of another area: no published figure is held.")
    of_day = f", {answer.periods[-1].name}" if len(answer.periods) > 1 else ""
    sources = [
        f"{area}, {release}: {source}"
        for area, release, source in dict.fromkeys(
            zip(held["area"], held["release"], held["source"], strict=True)
        )
    ]
    head = [*own.head, *(f"{area}{of_day}" for area in areas)]
    return Grid(own.caption, head, rows, notes, sources)
