"""Write accessible worksheets: a title, notes above, one named table, text that stays text.

Follows the Government Analysis Function's "Releasing statistics in spreadsheets": no merged, blank
or hidden cells, no filter and no frozen pane in what is published, a heading in A1, and symbols
explained above the table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iro_analysis.exports.archive import write_without_times

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.worksheet import Worksheet

HIDDEN, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
SYMBOLS = frozenset([HIDDEN, NOT_AVAILABLE, NOT_APPLICABLE])
FONT = "Arial"
LANGUAGE = "en-GB"
_MOST_LETTERS = 32_767  # of a cell, by the file format
_MOST_IN_A_NAME = 31  # letters of a sheet's name, by the file format
_WIDEST, _NARROWEST = 42, 9  # letters
_ROW = 15  # points
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML
# What a spreadsheet takes for the start of a formula, in the widths that it reads.
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_MOVES = ("\t", "\r", "\n")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Number:
    """A number with the format that it is shown in.

    Attributes
    ----------
    value : float
    form : str
        The number format of a spreadsheet, ``#,##0`` for example.
    """

    value: float
    form: str = "General"


def new_workbook(title: str, subject: str) -> Workbook:
    """Create an empty workbook with its title, subject and language set."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title = plain_text(title)
    book.properties.subject = plain_text(subject)
    book.properties.creator = "IRO analysis suite"
    book.properties.language = LANGUAGE
    return book


def sheet_name(title: str, taken: Iterable[str] = ()) -> str:
    """Return a name for a sheet: at most 31 letters, allowed by the file format, not yet taken.

    Examples
    --------
    >>> sheet_name("Health: checks and SDQ"), sheet_name("Notes", ["Notes"])
    ('Health checks and SDQ', 'Notes 2')
    """
    name = _NOT_IN_A_NAME.sub("", title).strip()[:_MOST_IN_A_NAME].strip() or "Sheet"
    used = {each.casefold() for each in taken}
    if name.casefold() not in used:
        return name
    number = 2
    while (other := f"{name[: _MOST_IN_A_NAME - 3]} {number}").casefold() in used:
        number += 1
    return other


def add_text_sheet(
    book: Workbook, title: str, lines: Sequence[str], heading: str = ""
) -> Worksheet:
    """Add a sheet of text: a heading in A1 and one line per row below."""
    sheet = book.create_sheet(sheet_name(title, book.sheetnames))
    _put_heading(sheet, heading or title)
    for number, line in enumerate(lines, start=2):
        cell = _put(sheet, number, 1, line)
        cell.alignment = _wrapped()
    sheet.column_dimensions["A"].width = 100
    _set_heights(sheet, 2)
    _fit_to_paper(sheet)
    return sheet


def add_table_sheet(
    book: Workbook,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    notes: Sequence[str],
    *,
    heading: str = "",
    filters: bool = False,
) -> Worksheet:
    """Add a sheet with one named table under its heading and notes.

    Parameters
    ----------
    book : Workbook
    title : str
        The sheet's name.
    columns : sequence of str
        The header row; no name twice.
    rows : sequence of sequences
        Text, numbers, ``Number``, dates or None; what is missing is shown as ``[z]``.
    notes : sequence of str
        One line each, above the table.
    heading : str, optional
        The text of A1; the title where not given.
    filters : bool
        Whether the table has filter buttons: for working lists, never for what is published.
    """
    from openpyxl.worksheet.table import Table, TableStyleInfo

    sheet = book.create_sheet(sheet_name(title, book.sheetnames))
    _put_heading(sheet, heading or title)
    for number, line in enumerate(notes, start=2):
        _put(sheet, number, 1, line).alignment = _at_the_top()
    first = len(notes) + 2
    for place, column in enumerate(columns, start=1):
        cell = _put(sheet, first, place, column)
        cell.font, cell.alignment = _bold(), _wrapped()
    for number, row in enumerate(rows, start=first + 1):
        for place, value in enumerate(row, start=1):
            _put(sheet, number, place, NOT_APPLICABLE if is_missing(value) else value)
    if not rows:  # a table must have a row; a row of blanks would be read as a fault
        for place in range(1, len(columns) + 1):
            _put(sheet, first + 1, place, "None" if place == 1 else NOT_APPLICABLE)
    last = sheet.cell(first + max(len(rows), 1), len(columns)).coordinate
    table = Table(displayName=_table_name(sheet.title, book), ref=f"A{first}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, columns, strict=True):
        column.name = name
    if not filters:
        table.autoFilter = None
    _align(sheet, first, len(columns))
    _set_widths(sheet, first, len(columns))
    _set_heights(sheet, first)
    _fit_to_paper(sheet, first)
    return sheet


def add_link(sheet: Worksheet, row: int, column: int, target: Worksheet, text: str) -> None:
    """Write a link to another sheet of the workbook."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell = _put(sheet, row, column, text)
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate, location=f"'{target.title}'!A1", display=cell.value
    )
    cell.font = Font(name=FONT, size=11, color="0563C1", underline="single")


def save(book: Workbook, path: Path) -> None:
    """Save a workbook that opens at A1 of its first sheet; the same bytes for the same content."""
    book.active = 0
    stream = BytesIO()
    book.save(stream)
    write_without_times(stream.getvalue(), path)


def harmless(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("C2"), harmless(-3)
    ("'=1+1", "' @SUM(A1)", 'C2', -3)
    """
    if not isinstance(cell, str):
        return cell
    first = cell.lstrip()[:1] or cell[:1]
    return f"'{cell}" if first in _FORMULA or cell[:1] in _MOVES else cell


def plain_text(value: str) -> str:
    """Return text that a cell can hold and a spreadsheet cannot take for a formula."""
    return str(harmless(_CONTROL.sub(" ", value)))[:_MOST_LETTERS]


def is_missing(value: object) -> bool:
    """Whether a cell would be blank."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, Number):
        value = value.value
    return isinstance(value, float) and math.isnan(value)


def _put(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    cell = sheet.cell(row, column)
    cell.alignment = _at_the_top()
    if isinstance(value, Number):
        cell.value, cell.number_format = value.value, value.form
        if math.isinf(value.value):
            cell.value = "no upper limit"
    elif isinstance(value, bool):
        cell.value = "yes" if value else "no"
    elif isinstance(value, datetime | date):
        cell.value, cell.number_format = value, "dd/mm/yyyy"
    elif isinstance(value, str):
        cell.value = plain_text(value)
        cell.data_type = "s"  # text, whatever it looks like
        if len(value) > _WIDEST:
            cell.alignment = _wrapped()
    else:
        cell.value = value
    cell.font = _plain()
    return cell


def _put_heading(sheet: Worksheet, text: str) -> None:
    from openpyxl.styles import Font

    cell = sheet.cell(1, 1, plain_text(text))
    cell.data_type = "s"
    cell.style = "Headline 1"
    cell.font = Font(name=FONT, size=14, bold=True)
    sheet.row_dimensions[1].height = 22


@cache
def _plain() -> Font:
    from openpyxl.styles import Font

    return Font(name=FONT, size=11)


@cache
def _bold() -> Font:
    from openpyxl.styles import Font

    return Font(name=FONT, size=11, bold=True)


def _align(sheet: Worksheet, first: int, columns: int) -> None:
    """Set headings and symbols as the numbers of their column, and text apart from a number."""
    after_numbers = False
    for place in range(1, columns + 1):
        head, *cells = (sheet.cell(row, place) for row in range(first, sheet.max_row + 1))
        of_numbers = any(cell.data_type in ("n", "d") for cell in cells)
        if of_numbers:
            words = [cell for cell in cells if cell.value in SYMBOLS]
            aligned: dict[str, Any] = {"horizontal": "right"}
        else:
            words = cells
            aligned = {"horizontal": "left", "indent": int(after_numbers)}
        for cell in [head, *words]:
            cell.alignment = _aligned(bool(cell.alignment.wrap_text), **aligned)
        after_numbers = of_numbers


@cache
def _aligned(wrapped: bool, **how: str | int) -> Alignment:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=wrapped, vertical="top", **how)


@cache
def _at_the_top() -> Alignment:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=False, vertical="top")


@cache
def _wrapped() -> Alignment:
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


def _table_name(title: str, book: Workbook) -> str:
    """Return a name that tables of a workbook may have: letters, digits, underscores, once."""
    base = re.sub(r"\W+", "_", title.casefold()).strip("_") or "table"
    base = base if base[0].isalpha() else f"table_{base}"
    taken = {name for sheet in book.worksheets for name in sheet.tables}
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def _set_heights(sheet: Worksheet, first: int) -> None:
    """Make each row high enough for its wrapped text: not every program does so by itself."""
    for row in sheet.iter_rows(min_row=first):
        lines = 1
        for cell in row:
            if cell.alignment.wrap_text and isinstance(cell.value, str):
                width = sheet.column_dimensions[cell.column_letter].width
                lines = max(lines, math.ceil(len(cell.value) / width))
        if lines > 1:
            sheet.row_dimensions[row[0].row].height = lines * _ROW


def _fit_to_paper(sheet: Worksheet, header: int = 0) -> None:
    """Print a sheet as wide as a landscape A4 page, the header row on each page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if header:
        sheet.print_title_rows = f"{header}:{header}"


def _set_widths(sheet: Worksheet, first: int, columns: int) -> None:
    """Set each column as wide as its longest word needs, within limits."""
    from openpyxl.utils import get_column_letter

    for place in range(1, columns + 1):
        texts = [
            len(str(sheet.cell(row, place).value))
            for row in range(first, min(sheet.max_row, first + 500) + 1)
        ]
        width = min(max(max(texts, default=0) + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
