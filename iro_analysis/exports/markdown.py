"""Convert the service's Markdown to paragraphs and lists of a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iro_analysis.exports import word

if TYPE_CHECKING:
    from bs4 import Tag
    from docx.document import Document


def add(document: Document, words: str) -> None:
    """Add Markdown: paragraphs and lists as they are; emphasis and links as plain words."""
    from bs4 import BeautifulSoup
    from nbconvert.filters import markdown2html

    page = BeautifulSoup(markdown2html(words), "html.parser")
    for piece in page.find_all(["p", "ul", "ol", "h1", "h2", "h3", "h4"]):
        if piece.find_parent("li"):
            continue
        if piece.name in ("ul", "ol"):
            lines = [(_words(line), "") for line in piece.find_all("li")]
            word.add_list(document, lines, piece.name == "ol")
        else:
            kind = word.STRONG if piece.name.startswith("h") else ""
            word.add_paragraph(document, _words(piece), kind)


def _words(piece: Tag) -> str:
    return " ".join(piece.get_text(" ").split())
