"""Write the committee's report as a Word document, from the same sections as the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iro_analysis import codes
from iro_analysis.errors import InputError
from iro_analysis.exports import markdown, trend_picture, word
from iro_analysis.report import blocks, opening, trend, young
from iro_analysis.report.blocks import Exhibit, Section
from iro_analysis.report.text import Text
from iro_analysis.study import Study

if TYPE_CHECKING:
    from docx.document import Document

MARK = "OFFICIAL-SENSITIVE: contains small numbers, not for publication."
SYNTHETIC = "Demonstration: every child in this report is invented."
TEMPLATE = "template"  # the setting of authority.toml
_COVER_FIRST = "Recommendations"
_LABEL_WIDTH = 2.8
_WIDTHS: dict[blocks.ColumnKind, float] = {  # to one another and to that of the labels
    "number": 1.15,
    "main": 1.1,
    "change": 1.1,
    "words": 2.2,
}
_DRAWN = "mark"  # the kind of a column of small drawings, which the numbers beside it repeat


def write_document(study: Study, path: Path) -> None:
    """Write the report of a period as a Word document.

    Cover block, recommendations, body and, as an appendix, the implications. The words, figures
    and their order are those of the page; the small drawings in its tables are left out, since the
    numbers beside them say the same. All figures are in ``figures.xlsx``.

    Parameters
    ----------
    study : Study
        With `template` in its settings, the council's own styles are used.
    path : Path
        The file to write, ``report.docx``.

    Raises
    ------
    InputError
        If the council's template is not there or is no Word document.
    """
    report = study.report()
    document = word.new_document(_template(study))
    title = study.words.facts.get("title") or f"{study.authority.name}: children in our care"
    word.set_properties(document, title, study.period.title)
    if study.audience == "internal":
        word.add_paragraph(document, MARK, word.STRONG)
    if study.authority.synthetic:
        word.add_paragraph(document, SYNTHETIC, word.STRONG)
    word.add_title(document, title)
    word.add_paragraph(document, f"{study.authority.name}, {study.period.title}")
    _add_cover(document, study, codes.record("cover")["head"], "Cover sheet")
    if said := report.source.says(_COVER_FIRST):
        word.add_heading(document, _COVER_FIRST, 1)
        markdown.add(document, said)
    word.add_heading(document, "Contents", 1)
    glance = opening.at_a_glance(report.source)
    word.add_contents(document, [str(each.finding) for each in (glance, *report.sections)])
    word.add_heading(document, str(glance.finding), 1, page_break=True)
    _add_paragraph(document, opening.verdict(report.source))
    if (corrected := opening.corrected(report.source)) is not None:
        _add_paragraph(document, corrected)
    add_blocks(document, glance)
    for section in report.sections:
        word.add_heading(document, str(section.finding), 1)
        add_blocks(document, section)
    _add_implications(document, study)
    word.save(document, path)


def _template(study: Study) -> Path | None:
    given = study.authority.settings.get(TEMPLATE)
    if given is None or study.authority.home is None:
        return None
    path = study.authority.home / str(given)
    if not path.is_file() or path.suffix.lower() != ".docx":
        raise InputError(
            f"authority.toml: template = {given!r}: expected a Word document (.docx) beside "
            "authority.toml; no report.docx is made"
        )
    return path


def _add_cover(document: Document, study: Study, rows: list, caption: str) -> None:
    facts = study.words.facts
    known = [[label, facts[key]] for key, label in rows if key in facts]
    if known:
        word.add_table(document, caption, ["Item", "Detail"], known)


def _add_implications(document: Document, study: Study) -> None:
    record = codes.record("cover")
    facts = study.words.facts
    groups = [*record["implications"].items(), ("Documents", record["foot"])]
    held = {title: rows for title, rows in groups if any(key in facts for key, _ in rows)}
    if not held:
        return
    word.add_heading(document, "Appendix: implications", 1)
    for title, rows in held.items():
        word.add_heading(document, title, 2)
        _add_cover(document, study, rows, "")


def add_blocks(document: Document, section: Section) -> None:
    """Add the pieces of a section, without its heading.

    Parameters
    ----------
    document : Document
    section : Section
        A column of drawings in its tables is left out.
    """
    for block in section.blocks:
        _ADDERS[type(block)](document, block)


def _add_paragraph(document: Document, block: blocks.Paragraph) -> None:
    word.add_paragraph(document, block.text)


def _add_items(document: Document, block: blocks.Items) -> None:
    word.add_list(document, [_item(item) for item in block.items], block.ordered)


def _item(item: blocks.Item) -> tuple[str, str]:
    response = f"The service says: {item.response}" if item.response else ""
    words = [str(item.line), item.why, response, item.action, item.remark]
    return str(item.lead), " ".join(part for part in words if part)


def _add_exhibit(document: Document, block: Exhibit) -> None:
    kept = [place for place, column in enumerate(block.columns) if column.kind != _DRAWN]
    head = [block.first, *(block.columns[place].title for place in kept)]
    rows: list[Any] = []
    groups: list[Any] = []
    for group in block.groups:
        if group.title and group.rows:
            groups.append(len(rows))
            rows.append([group.title, *[""] * len(kept)])
        for row in group.rows:
            label = f"{row.label} ({row.note})" if row.note else str(row.label)
            rows.append(
                [label, *(_words(row.cells[place], block.columns[place]) for place in kept)]
            )
    if rows:
        widths = [_LABEL_WIDTH, *(_WIDTHS[block.columns[place].kind] for place in kept)]
        word.add_table(document, block.caption, head, rows, groups, widths)
        for note in block.notes:
            word.add_paragraph(document, note, word.NOTE)


def _words(cell: blocks.Cell, column: blocks.Column) -> str:
    """Return what a cell says; a drawing is left out, nothing is a dash, no change is a blank."""
    if isinstance(cell, Text) and cell:
        return str(cell)
    return "" if column.kind == "change" else blocks.DASH


def _add_trend(document: Document, block: trend.Trend) -> None:
    word.add_picture(
        document, trend_picture.as_png(block), block.caption, trend_picture.in_words(block)
    )
    for note in block.notes:
        word.add_paragraph(document, note, word.NOTE)


def _add_edition(document: Document, block: young.Edition) -> None:
    word.add_paragraph(document, block.lead)
    for heading, lines in block.parts:
        word.add_heading(document, heading, 2)
        for line in lines:
            word.add_paragraph(document, str(line))
    word.add_paragraph(document, block.ask, word.STRONG)


def _add_service_words(document: Document, block: blocks.ServiceWords) -> None:
    word.add_heading(document, f"The service says about {block.about}", 2)
    markdown.add(document, block.markdown)


_ADDERS: dict[type, Callable[[Any, Any], None]] = {
    blocks.Paragraph: _add_paragraph,
    blocks.Items: _add_items,
    blocks.Heading: lambda document, block: word.add_heading(document, block.words, 2),
    blocks.Quoted: lambda document, block: markdown.add(document, block.markdown),
    blocks.ServiceWords: _add_service_words,
    Exhibit: _add_exhibit,
    trend.Trend: _add_trend,
    young.Edition: _add_edition,
}
