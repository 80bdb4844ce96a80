"""Read a page of HTML to its blocks of text and its tables, with their lines."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PASSED = frozenset(["script", "style", "svg", "nav", "head", "template"])
_BLOCKS = frozenset(
    ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dd", "dt", "div", "blockquote"]
)


class Page(HTMLParser):
    """Collects the blocks and tables of a page with the lines on which they stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[tuple[int, str]]] = []
        self.tables: list[tuple[str, list[tuple[int, list[str]]]]] = []
        self.headed: list[bool] = []
        self.pictures: list[int] = []
        self._text: list[str] = []
        self._line = 1
        self._passing = 0
        self._all_heads = True
        self._row: list[str] | None = None
        self._cell: list[str] | None = None

    def close(self) -> None:
        """End the page: what is left is its last block."""
        super().close()
        self._flush()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a table's row or cell, or something that is passed over."""
        if tag in ("svg", "img"):
            self.pictures.append(self.getpos()[0])
        if tag in _PASSED:
            self._passing += 1
        elif tag == "table":
            self._flush()
            self.tables.append(("", []))
            self.headed.append(False)
            self._all_heads = True
        elif tag == "tr":
            self._cell, self._row, self._all_heads = None, [], True
        elif tag in ("td", "th", "caption"):
            self._flush()
            self._end_cell()
            self._cell = []
            self._all_heads &= tag != "td"
        elif tag in _BLOCKS:
            self._flush()
        elif tag == "br":
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End it, and keep what it held."""
        if tag in _PASSED:
            self._passing = max(0, self._passing - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "caption" and self._cell is not None and self.tables:
            self.tables[-1] = (_spaced(self._cell), self.tables[-1][1])
            self._cell = None
        elif tag == "tr" and self._row is not None and self.tables:
            self._end_cell()
            if not self.tables[-1][1]:
                self.headed[-1] = self._all_heads
            self.tables[-1][1].append((self.getpos()[0], self._row))
            self._row = None
        elif tag in _BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        """Keep the text of the block or cell that is open."""
        if self._passing:
            return
        if self._cell is not None:
            self._cell.append(data)
            return
        if not self._text:
            self._line = self.getpos()[0]
        if data.strip() or self._text:
            self._text.append(data)

    def _end_cell(self) -> None:
        """Keep the cell that is open; its end tag may be left out."""
        if self._cell is not None and self._row is not None:
            self._row.append(_spaced(self._cell))
        self._cell = None

    def _flush(self) -> None:
        if text := _spaced(self._text):
            self.blocks.append([(self._line, text)])
        self._text = []


def _spaced(parts: list[str]) -> str:
    return re.sub(r"\s+", " ", "".join(parts)).strip()
