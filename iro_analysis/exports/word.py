"""Make accessible parts of a Word document: true headings, captions, header rows, alt text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis.exports.archive import write_without_times

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Row
    from docx.text.paragraph import Paragraph

LANGUAGE = "en-GB"
STRONG, NOTE = "strong", "note"
_FONT = "Arial"
_WIDTH = 16.5  # centimetres between the margins of an A4 page
_FIRST_COLUMN = 1.5  # of the width of the others
_NUMBER = re.compile(r"[\d.,%–-]+( to [\d.,%]+)?$|\d{4}-\d\d$")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not in XML


def new_document(template: Path | None = None) -> Document:
    """Create a document on A4 with the styles of a template, or plain ones.

    Parameters
    ----------
    template : Path, optional
        A council's own Word document: its styles, header and footer are kept, its text is not.
    """
    import docx
    from docx.shared import Cm, Pt, RGBColor

    document = docx.Document(str(template) if template else None)
    if template:
        _empty(document)
        return document
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in [("Normal", 11), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13),
                       ("Caption", 10)]:  # fmt: skip
        style = document.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().attrib.clear()
        style.font.name = _FONT
        if name != "Normal":
            style.font.color.rgb, style.font.bold = RGBColor(0x12, 0x43, 0x6D), True
            style.font.italic = False
    document.styles["Caption"].paragraph_format.keep_with_next = True
    _add_page_numbers(document)
    return document


def set_properties(document: Document, title: str, subject: str) -> None:
    """Set a document's title, subject and language."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.core_properties
    properties.title, properties.subject = _clean(title), _clean(subject)
    properties.author, properties.language = "IRO analysis suite", LANGUAGE
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = run.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        run.append(language)
    language.set(qn("w:val"), LANGUAGE)


def add_title(document: Document, words: str) -> None:
    """Add the document's title."""
    document.add_paragraph(_clean(words), style="Title")


def add_heading(document: Document, words: str, level: int, page_break: bool = False) -> None:
    """Add a true heading, on a new page where asked for."""
    heading = document.add_heading(_clean(words), level)
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.page_break_before = page_break


def add_paragraph(document: Document, words: str, kind: str = "") -> None:
    """Add a paragraph; `kind` is ``strong`` or ``note``."""
    from docx.shared import Pt

    run = document.add_paragraph().add_run(_clean(words))
    run.bold = kind == STRONG or None
    if kind == NOTE:
        run.font.size = Pt(9.5)


def add_list(document: Document, items: Sequence[tuple[str, str]], ordered: bool = False) -> None:
    """Add a list: each line's lead in bold where words follow it; numbers begin at 1.

    Parameters
    ----------
    document : Document
    items : sequence of (str, str)
        The lead of each line, and the words after it.
    ordered : bool
    """
    wanted = "List Number" if ordered else "List Bullet"
    style = wanted if wanted in _styles(document) else None
    number = _new_numbering(document, style) if ordered and style else None
    for lead, words in items:
        line = document.add_paragraph(style=style)
        if number is not None:
            properties = line._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val = number
            properties.get_or_add_ilvl().val = 0
        line.add_run(_clean(lead)).bold = bool(words) or None
        if words:
            line.add_run(f" {_clean(words)}")


def _new_numbering(document: Document, style: str) -> int | None:
    """Return the number of a new list that has the style's look and begins at 1."""
    properties = document.styles[style].element.pPr
    numbered = None if properties is None else properties.numPr
    if numbered is None or numbered.numId is None:
        return None
    numbering = document.part.numbering_part.numbering_definitions._numbering
    abstract = numbering.num_having_numId(numbered.numId.val).abstractNumId.val
    new = numbering.add_num(abstract)
    new.add_lvlOverride(ilvl=0).add_startOverride(1)
    return new.numId


def add_table(
    document: Document,
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    groups: Sequence[int] = (),
    widths: Sequence[float] = (),
) -> None:
    """Add a table with its caption above, a repeated header row, and rows that do not split.

    Parameters
    ----------
    document : Document
    caption : str
    head : sequence of str
    rows : sequence of sequences of str
    groups : sequence of int
        Numbers of the rows that are headings over those below them.
    widths : sequence of float
        How wide the columns are to one another; all alike but a wider first where not given.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    if caption:
        document.add_paragraph(_clean(caption), style="Caption")
    table = document.add_table(rows=1 + len(rows), cols=len(head))
    table.style = "Table Grid" if "Table Grid" in _styles(document) else None
    table.autofit = False
    widths = _widths(len(head), widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for number, (row, words) in enumerate(zip(table.rows, [head, *rows], strict=True)):
        _mark_row(row, header=number == 0)
        strong = number == 0 or number - 1 in groups
        for place, cell in enumerate(row.cells):
            cell.width = Cm(widths[place])
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(_clean(words[place]))
            run.bold, run.font.size = strong or None, Pt(9.5)
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = number < len(rows)  # with its caption
            if place and _NUMBER.match(words[place] or ""):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if len(rows) > 12:  # a long table may break between rows
        for row in table.rows[1:]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = False
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def add_picture(document: Document, png: bytes, caption: str, description: str) -> None:
    """Add a picture with its caption above and its words as alternative text."""
    from docx.shared import Cm

    document.add_paragraph(_clean(caption), style="Caption")
    shape = document.add_picture(BytesIO(png), width=Cm(_WIDTH))
    names = shape._inline.docPr
    names.set("descr", _clean(description))
    names.set("title", _clean(caption))


def add_contents(document: Document, headings: Sequence[str]) -> None:
    """Add a field of contents that lists headings; an update adds their pages."""
    _add_field(document.add_paragraph(), 'TOC \\o "1-1" \\h \\z \\u', headings)


def save(document: Document, path: Path) -> None:
    """Write a document; the same bytes for the same content."""
    stream = BytesIO()
    document.save(stream)
    write_without_times(stream.getvalue(), path)


def _styles(document: Document) -> set[str]:
    return {style.name for style in document.styles}


def _widths(columns: int, shares: Sequence[float]) -> list[float]:
    """Return the widths of a table's columns, in centimetres."""
    shares = shares or [_FIRST_COLUMN, *[1.0] * (columns - 1)]
    return [share / sum(shares) * _WIDTH for share in shares]


def _mark_row(row: _Row, header: bool) -> None:
    from docx.oxml import OxmlElement

    settings = row._tr.get_or_add_trPr()
    settings.append(OxmlElement("w:cantSplit"))
    if header:
        settings.append(OxmlElement("w:tblHeader"))


def _add_page_numbers(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("Page ")
    _add_field(paragraph, "PAGE", ["1"])


def _add_field(paragraph: Paragraph, instruction: str, shown: Sequence[str]) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def character(kind: str) -> None:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(mark)

    character("begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = instruction
    paragraph.add_run()._r.append(text)
    character("separate")
    for place, line in enumerate(shown):
        run = paragraph.add_run()
        if place:
            run.add_break()
        run.add_text(_clean(line))
    character("end")


def _empty(document: Document) -> None:
    """Remove what a template says, and keep its styles and page settings."""
    from docx.oxml.ns import qn

    body = document.element.body
    for piece in list(body):
        if piece.tag != qn("w:sectPr"):
            body.remove(piece)


def _clean(words: str) -> str:
    return _CONTROL.sub(" ", str(words))
