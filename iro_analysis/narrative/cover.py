"""Lay out the cover sheet of a committee report, as councils' forms have it."""

from __future__ import annotations

from iro_analysis import codes
from iro_analysis.reading.commentary import Commentary
from iro_analysis.tables import HtmlTable
from iro_analysis.wording import in_html


def _list(rows: list[list[str]], facts: dict[str, str]) -> str:
    items = "".join(
        f"<div><dt>{in_html(label)}</dt><dd>{in_html(facts[key])}</dd></div>"
        for key, label in rows
        if key in facts
    )
    return f'<dl class="facts">{items}</dl>' if items else ""


def head(given: Commentary) -> HtmlTable:
    """Return decision maker, date, title and officers."""
    found = _list(codes.record("cover")["head"], given.facts)
    return HtmlTable(
        found or '<p class="note">authority.toml gives no facts for a cover sheet.</p>'
    )


def implications(given: Commentary) -> HtmlTable:
    """Return the sections on policy, money, staff, law and the rest, and the documents."""
    cover = codes.record("cover")
    parts = [
        f"<h4>{in_html(title)}</h4>{found}"
        for title, rows in cover["implications"].items()
        if (found := _list(rows, given.facts))
    ]
    parts.append(_list(cover["foot"], given.facts))
    inner = "".join(parts)
    if not inner:
        return HtmlTable("")
    return HtmlTable(
        '<details class="implications"><summary>Policy, financial, personnel, legal, procurement '
        f"and other implications</summary>{inner}</details>"
    )
