"""Make small pieces of HTML for JupyterLab: a paragraph, a table of text."""

from __future__ import annotations

from iro_analysis.tables import HtmlTable, framed
from iro_analysis.wording import in_html


def paragraph(text: str, strong: bool = False) -> str:
    """Return text as a paragraph of HTML.

    Examples
    --------
    >>> paragraph("A & B")
    '<p>A &amp; B</p>'
    """
    inner = in_html(text)
    return f"<p><strong>{inner}</strong></p>" if strong else f"<p>{inner}</p>"


def text_table(
    caption: str, head: list[str], rows: list[list[str]], notes: list[str] | None = None
) -> HtmlTable:
    """Return rows of text as a table of the page; the first cell of each is its header."""
    body = [
        f'<tr><th scope="row">{in_html(first)}</th>'
        + "".join(f"<td>{in_html(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    ]
    return HtmlTable(framed(caption, head, body, notes or [], numbers=frozenset()))
