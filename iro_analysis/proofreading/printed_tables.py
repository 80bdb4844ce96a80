"""Read the figures of a printed table: which column counts, and which is a share of what."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from iro_analysis.proofreading import phrases, words
from iro_analysis.proofreading.figures import (
    COUNT,
    OWN,
    PERCENT,
    RATE,
    Figure,
    Place,
    Row,
    Table,
    Unread,
)

_NUMBER = re.compile(r"^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_PERCENT = re.compile(r"^(?P<n>\d+(?:\.\d+)?)\s?(?:%|per ?cent|percent)$", re.IGNORECASE)
LONG_TEXT = 12


def table_of(
    rows: list[tuple[int, list[str]]], file: str, caption: str = "", headed: bool = False
) -> tuple[Table, list[Unread]]:
    """Return a table with its figures, and what in it could not be read.

    Parameters
    ----------
    rows : list
        Line and cells of each row, as printed.
    file : str
    caption : str
        Its title, where there is one.
    headed : bool
        Whether the first row is known to be the heads of the columns; else it is where it holds no
        figure.
    """
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in rows]
    rows = [(line, cells) for line, cells in rows if not _is_rule(cells)]
    width = max((len(cells) for _, cells in rows), default=0)
    rows = [(line, cells + [""] * (width - len(cells))) for line, cells in rows]
    header: tuple[str, ...] = ("",) * width
    if rows and (headed or not any(_is_figure(cell) for cell in rows[0][1])):
        header, rows = tuple(rows[0][1]), rows[1:]
    labels = _label_columns(rows, width)
    body = tuple(
        Row(line, " ".join(cells[c] for c in labels if cells[c]), tuple(cells))
        for line, cells in rows
        if any(cells)
    )
    place = Place(file, body[0].line if body else 0)
    table = Table(place, caption, header, body)
    kinds = _kinds(table, labels)
    figures, unread = _figures(table, kinds)
    return replace(table, figures=tuple(figures)), unread


def area_of(cell: str) -> str:
    """Return the area that a cell names and nothing else: ``Outer London``; empty for none.

    Examples
    --------
    >>> area_of("Statistical neighbours (2021 model)"), area_of("Living in London")
    ('Statistical neighbours', '')
    """
    name = re.sub(r"\s*\(.*\)$", "", cell.strip())
    found = (area for area, pattern in words.areas().items() if pattern.fullmatch(name))
    return next(found, OWN)


def is_total(label: str) -> bool:
    """Return whether a row of this label is the table's total."""
    return bool(words.columns("total_rows").search(label))


def is_part(row: Row) -> bool:
    """Return whether a row is part of the row above it."""
    return bool(words.columns("part_rows").search(row.label))


def _is_rule(cells: list[str]) -> bool:
    return all(re.fullmatch(r":?-*:?", cell) for cell in cells)


def _is_figure(cell: str) -> bool:
    if _NUMBER.match(cell) or _PERCENT.match(cell):
        return True
    return "%" in cell and bool(re.search(r"\d\s?%", cell))


def _label_columns(rows: list[tuple[int, list[str]]], width: int) -> list[int]:
    """Return the leading columns that hold words."""
    labels = []
    for column in range(width):
        cells = [cells[column] for _, cells in rows if cells[column]]
        if any(_is_figure(cell) or _is_symbol(cell) for cell in cells):
            break
        labels.append(column)
    return labels or ([0] if width else [])


def _is_symbol(cell: str) -> bool:
    return cell != "" and cell in words.section("columns")["symbols"]


def _kinds(table: Table, labels: list[int]) -> dict[int, str]:
    """Return column -> count, share, rate, total or mixed; what is none of them is left out."""
    found = {}
    for column in range(len(table.header)):
        head = table.header[column]
        cells = [row.cells[column] for row in table.rows if row.cells[column]]
        if column in labels or not cells or words.columns("not_figures").search(head):
            continue
        numbers = [cell for cell in cells if _NUMBER.match(cell)]
        if any(_PERCENT.match(cell) for cell in cells):
            found[column] = "share"
        elif any(_is_figure(cell) for cell in cells) and not numbers:
            found[column] = "mixed"
        elif words.columns("rate").search(head):
            found[column] = "rate"
        elif words.columns("share").search(head):
            found[column] = "share"
        elif words.columns("total").search(head):
            found[column] = "total"
        elif numbers and all("." not in cell for cell in numbers):
            found[column] = "count"
    return found


def _figures(table: Table, kinds: dict[int, str]) -> tuple[list[Figure], list[Unread]]:
    figures, unread = [], []
    totals = _totals(table, kinds)
    for index, row in enumerate(table.rows):
        for column, kind in kinds.items():
            text = row.cells[column]
            where = Place(table.place.file, row.line, _cell_name(table, row, column))
            if text in words.section("columns")["symbols"]:
                continue
            made = _figure(table, row, column, kind, kinds, where)
            if made is None:
                unread.append(Unread(where, text, f"expected a {kind}"))
            elif isinstance(made, Figure):
                total, said = totals.get((index, column), (None, ""))
                if made.total is None and made.printed is not None and total is not None:
                    made = replace(made, total=total, total_from=said)
                area = area_of(table.header[column]) or next(
                    (area for cell in row.cells if (area := area_of(cell))), OWN
                )
                head = table.header[column]
                figures.append(replace(made, label=row.label, column=head, area=area))
    return figures, unread


def _cell_name(table: Table, row: Row, column: int) -> str:
    head = table.header[column]
    return f"row {row.label!r}" + (f", column {head!r}" if head else "")


def _figure(
    table: Table, row: Row, column: int, kind: str, kinds: dict[int, str], where: Place
) -> Figure | str | None:
    text = row.cells[column]
    if kind == "share" and _NUMBER.match(text) and _signed(table, column):
        # Beside "58%" a bare "328" is no percentage.
        whole = int(phrases.number(text)) if _whole(text) else None
        return Figure(where, text, count=whole, unit=COUNT)
    if kind in ("share", "rate"):
        match = _PERCENT.match(text) or _NUMBER.match(text)
        if not match:
            return _one_phrase(text, where)
        beside = _count_beside(kinds, column)
        count = row.cells[beside] if beside is not None else ""
        return Figure(
            where,
            f"{count} ({text})" if _NUMBER.match(count) else text,
            printed=phrases.number(text),
            unit=PERCENT if kind == "share" else RATE,
            count=int(phrases.number(count)) if _whole(count) and kind == "share" else None,
        )
    if kind == "mixed":
        return _one_phrase(text, where)
    if not _NUMBER.match(text):
        return None
    share = _share_beside(kinds, column)
    if share is not None and kind == "count" and _is_figure(row.cells[share]):
        return "read elsewhere"
    if kind == "total":
        return "read elsewhere"
    return Figure(where, text, count=int(phrases.number(text)), unit=COUNT)


def _signed(table: Table, column: int) -> bool:
    return any(_PERCENT.match(row.cells[column]) for row in table.rows)


def _whole(text: str) -> bool:
    return bool(_NUMBER.match(text)) and "." not in text


def _one_phrase(text: str, where: Place) -> Figure | None:
    found = phrases.figures_of(text, where)
    return replace(found[0], place=where) if len(found) == 1 else None


def _count_beside(kinds: dict[int, str], column: int) -> int | None:
    """Return the count column nearest to the left of a share, no other share between."""
    for other in range(column - 1, -1, -1):
        if kinds.get(other) == "count":
            return other
        if kinds.get(other) in ("share", "rate", "mixed"):
            return None
    return None


def _share_beside(kinds: dict[int, str], column: int) -> int | None:
    for other in range(column + 1, max(kinds) + 1):
        if kinds.get(other) == "share":
            return other
        if kinds.get(other) == "count":
            return None
    return None


def _totals(table: Table, kinds: dict[int, str]) -> dict[tuple[int, int], tuple[int, str]]:
    """Return (row's index, column) -> the total of a share, and where it was read."""
    found = {}
    total_rows = [row for row in table.rows if is_total(row.label)]
    of_column = next((column for column, kind in kinds.items() if kind == "total"), None)
    for column, kind in kinds.items():
        if kind not in ("share", "mixed"):
            continue
        counts = _count_beside(kinds, column) if kind == "share" else None
        stated = _out_of(table.header[column])
        for index, row in enumerate(table.rows):
            if stated:
                said = f"the column's head, {table.header[column]!r}"
                found[index, column] = (stated, said)
            elif of_column is not None and _whole(row.cells[of_column]):
                total = int(phrases.number(row.cells[of_column]))
                found[index, column] = (total, f"column {table.header[of_column]!r}")
            elif counts is not None and len(total_rows) == 1:
                text = total_rows[0].cells[counts]
                if _whole(text):
                    said = f"the table's total, line {total_rows[0].line}"
                    found[index, column] = (int(phrases.number(text)), said)
    return found


def _out_of(head: str) -> int | None:
    """Return the number that a head says all cells below it are out of."""
    for pattern in words.section("columns")["out_of"]:
        if match := re.search(pattern, head, words.FLAGS):
            return int(match["n"])
    return None


def counts_by_row(table: Table) -> dict[str, int]:
    """Return row label -> its count, of a table's first column of counts."""
    labels = _label_columns([(row.line, list(row.cells)) for row in table.rows], len(table.header))
    column = next((c for c, kind in _kinds(table, labels).items() if kind == "count"), None)
    if column is None:
        return {}
    return {
        row.label: int(phrases.number(row.cells[column]))
        for row in table.rows
        if _whole(row.cells[column])
    }


def columns_of(table: Table, kind: str) -> list[list[tuple[Row, Decimal]]]:
    """Return the numbers of every column of a kind, with their rows; symbols are left out."""
    labels = _label_columns([(row.line, list(row.cells)) for row in table.rows], len(table.header))
    return [
        [
            (row, phrases.number(row.cells[column]))
            for row in table.rows
            if _NUMBER.match(row.cells[column]) or _PERCENT.match(row.cells[column])
        ]
        for column, found in _kinds(table, labels).items()
        if found == kind
    ]


def has_gaps(table: Table) -> bool:
    """Return whether a cell of the table holds a symbol in place of a number."""
    return any(_is_symbol(cell) for row in table.rows for cell in row.cells)
