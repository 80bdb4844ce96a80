"""Read one file to its figures: a list of figures (CSV), a Markdown, text or HTML report."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd

from iro_analysis.comparators.files import read_file
from iro_analysis.comparators.layouts import symbol_in_words
from iro_analysis.errors import InputError
from iro_analysis.proofreading import annotate, phrases, printed_tables, words
from iro_analysis.proofreading.figures import (
    COUNT,
    PERCENT,
    RATE,
    Document,
    Figure,
    Paragraph,
    Place,
    Sentence,
    Unread,
)
from iro_analysis.proofreading.html_blocks import Page
from iro_analysis.proofreading.published_tables import of_published
from iro_analysis.reading import files

LIST_COLUMNS = ("label", "count", "total", "printed", "unit", "area", "period", "measure")
NO_COLUMN = f"it is none of {', '.join(LIST_COLUMNS)}, so nothing in it is read"
NOT_SEEN = "figures in it are not read"
UNITS = (PERCENT, RATE, COUNT)
COUNTS = ("children", "reviews")
KINDS = (".csv", ".gz", ".md", ".markdown", ".txt", ".text", ".html", ".htm")
_NEW_BLOCK = re.compile(r"^\s*(?:[-*•+]\s|\d+[.)]\s|#|>|\||```|!\[)")


def read(path: Path) -> Document:
    """Read a file of printed figures.

    Parameters
    ----------
    path : Path
        ``.csv`` is a list of figures, or a file of DfE as downloaded; ``.md``, ``.txt`` and
        ``.html`` are reports.

    Raises
    ------
    InputError
        If it is no such file, cannot be read, or holds nothing.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(
            f"{path}: a {kind or 'file without ending'} cannot be proof-read; expected a CSV list "
            "of figures, or a report as .md, .txt or .html (a Word file or PDF: save it as text)"
        )
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    if kind in (".csv", ".gz"):
        published = read_file(path)
        return of_published(published) if published else read_list(path)
    try:
        text = files.decode(path.read_bytes(), path.name)
    except OSError as problem:
        raise InputError(f"{path}: cannot be opened ({problem.strerror})") from None
    return read_html(text, path.name) if kind in (".html", ".htm") else read_text(text, path.name)


def read_list(path: Path) -> Document:
    """Read a CSV of printed figures: its columns are ``LIST_COLUMNS``, ``label`` is needed."""
    rows = files.read_table(path, path.name).rows
    rows, unread = _known_columns(rows, Place(path.name, 1))
    if "label" not in rows or not {"count", "printed"} & set(rows):
        raise InputError(
            f"{path.name}: expected columns {', '.join(LIST_COLUMNS)}; label, and count or "
            "printed, are needed"
        )
    rows = rows.reindex(columns=[*LIST_COLUMNS, "line"], fill_value="")
    listed = []
    for row in rows.itertuples(index=False):
        place = Place(path.name, int(row.line))
        try:
            listed.append(_listed(row, place))
        except (ValueError, ArithmeticError) as problem:
            unread.append(Unread(place, row.label, str(problem)))
    return Document(path.name, unread=tuple(unread), listed=tuple(listed))


def _known_columns(rows: pd.DataFrame, place: Place) -> tuple[pd.DataFrame, list[Unread]]:
    """Name the columns of a list as ``LIST_COLUMNS``, and say which are not read.

    A column has its own name or another that means the same (``list_columns`` of the words); where
    two columns mean the same, the first is read.
    """
    meant = {
        files.normalised(other): name
        for name in LIST_COLUMNS
        for other in (name, *words.section("list_columns").get(name, ()))
    }
    names: dict[str, str] = {}
    unread = []
    for column in rows.columns:
        name = meant.get(column)
        if name is not None and name not in names.values():
            names[column] = name
        elif column != "line":
            unread.append(Unread(place, f"column {column!r}", NO_COLUMN))
    return rows[[*names, "line"]].rename(columns=names), unread


def _listed(row: pd.Series, place: Place) -> Figure:
    count, total = _whole(row.count, "count"), _whole(row.total, "total")
    printed, unit = None, row.unit or ("" if row.printed else COUNT)
    if row.printed:
        if meaning := symbol_in_words(row.printed):
            raise ValueError(f"printed {row.printed!r}: {meaning}")
        match = re.fullmatch(r"([\d,]+(?:\.\d+)?|\.\d+)\s*(%|per cent|per 10,?000)?", row.printed)
        if not match:
            raise ValueError(f"printed {row.printed!r} is no number")
        printed = Decimal(match[1].replace(",", ""))
        unit = unit or (RATE if match[2] and match[2].startswith("per 1") else PERCENT)
    unit = COUNT if unit in COUNTS else unit
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not one of {', '.join((*UNITS, *COUNTS))}")
    if unit == COUNT and printed is not None:
        count, printed = _whole(row.printed, "printed"), None
    text = f"{row.count} ({row.printed})" if row.count and row.printed else row.printed or row.count
    return Figure(
        place, text, row.label, printed, unit, count, total,
        area=row.area, period=row.period, measure=row.measure, subject=row.measure,
    )  # fmt: skip


def _whole(text: str, column: str) -> int | None:
    if not text:
        return None
    plain = text.replace(",", "")
    if not plain.isdigit():
        raise ValueError(f"{column} {text!r} is no whole number")
    return int(plain)


def read_text(text: str, file: str) -> Document:
    """Read a text or Markdown report: its paragraphs, and tables with tabs or bars."""
    paragraphs, tables, unread = [], [], []
    lines = list(enumerate(text.splitlines(), 1))
    at, caption = 0, ""
    while at < len(lines):
        number, line = lines[at]
        if _separator(line):
            rows, at = _table_rows(lines, at)
            table, faults = printed_tables.table_of(rows, file, caption)
            tables.append(table)
            unread += faults
            paragraphs += _long_cells(rows, file)
        elif not line.strip():
            at += 1
        else:
            block, at = _block(lines, at)
            caption = line.strip("# *")
            if "![" in line:
                unread.append(Unread(Place(file, number), line.strip()[:80], NOT_SEEN))
            paragraphs.append(_paragraph(block, file))
    return _finished(Document(file, tuple(paragraphs), tuple(tables), tuple(unread)))


def _separator(line: str) -> str:
    if "\t" in line.strip("\n") and line.strip():
        return "\t"
    return "|" if line.count("|") > 1 else ""


def _table_rows(lines: list[tuple[int, str]], at: int) -> tuple[list[tuple[int, list[str]]], int]:
    """Return the rows of a table; a blank line inside it does not end it."""
    mark, rows = _separator(lines[at][1]), []
    while at < len(lines):
        number, line = lines[at]
        if _separator(line) == mark:
            text = line.strip().strip("|") if mark == "|" else line
            rows.append((number, [re.sub(r"[*_`]", "", cell) for cell in text.split(mark)]))
        elif line.strip() or at + 1 == len(lines) or _separator(lines[at + 1][1]) != mark:
            break
        at += 1
    return rows, at


def _block(lines: list[tuple[int, str]], at: int) -> tuple[list[tuple[int, str]], int]:
    block = [lines[at]]
    at += 1
    while at < len(lines):
        line = lines[at][1]
        if not line.strip() or _NEW_BLOCK.match(line) or _separator(line):
            break
        block.append(lines[at])
        at += 1
    return block, at


def _long_cells(rows: list[tuple[int, list[str]]], file: str) -> list[Paragraph]:
    """Return the cells of a table that hold prose, as paragraphs."""
    return [
        _paragraph([(line, cell)], file)
        for line, texts in rows
        for cell in texts
        if len(cell.split()) > printed_tables.LONG_TEXT
    ]


def _paragraph(block: list[tuple[int, str]], file: str) -> Paragraph:
    """Return a paragraph with its sentences, each at the line on which it begins."""
    text, starts = "", []
    for number, line in block:
        starts.append((len(text), number))
        text += re.sub(r"\*\*|__|`", "", line) + " "
    found, at = [], 0
    for sentence in phrases.sentences_of(text):
        at = max(at, text.find(sentence[:40], at))
        begins = max(number for start, number in starts if start <= at)
        found.append(Sentence(Place(file, begins), sentence))
        at += len(sentence)
    return Paragraph(Place(file, block[0][0]), tuple(found))


def _finished(document: Document) -> Document:
    """Read the figures of every sentence, and say what each is about."""
    paragraphs, unread = [], list(document.unread)
    for paragraph in document.paragraphs:
        sentences, antecedent = [], None
        for sentence in paragraph.sentences:
            figures = phrases.figures_of(sentence.text, sentence.place, antecedent)
            unread += phrases.unread_of(sentence.text, sentence.place, figures)
            bare = [f.count for f in figures if f.printed is None and f.count and not f.total]
            if bare:
                antecedent = bare[-1]
            elif not re.search(r"\bof (?:these|those)\b", sentence.text, re.IGNORECASE):
                antecedent = None
            sentences.append(replace(sentence, figures=tuple(figures)))
        paragraphs.append(replace(paragraph, sentences=tuple(annotate.sentences(sentences))))
    tables = tuple(annotate.table(table) for table in document.tables)
    return replace(document, paragraphs=tuple(paragraphs), tables=tables, unread=tuple(unread))


def read_html(text: str, file: str) -> Document:
    """Read a page: paragraphs, list items, headings and tables; charts are listed as unread."""
    page = Page()
    page.feed(text)
    page.close()
    paragraphs = [_paragraph(block, file) for block in page.blocks]
    tables, unread = [], []
    for (caption, rows), headed in zip(page.tables, page.headed, strict=True):
        table, faults = printed_tables.table_of(rows, file, caption, headed)
        tables.append(table)
        unread += faults
        paragraphs += _long_cells(rows, file)
    unread += [Unread(Place(file, line), "a chart or picture", NOT_SEEN) for line in page.pictures]
    return _finished(Document(file, tuple(paragraphs), tuple(tables), tuple(unread)))
