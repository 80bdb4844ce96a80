"""Draw the package's rooms and their imports in docs/architecture.md, as Mermaid.

Run by ``make architecture``. An arrow is drawn only where no longer path leads the same way.
"""

from __future__ import annotations

import re
from pathlib import Path

import grimp

PAGE = Path(__file__).parent / "architecture.md"
PACKAGE = "iro_analysis"
_BLOCK = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)


def imports() -> dict[str, set[str]]:
    """Return room -> the rooms that it imports itself; ``__main__`` is left out."""
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            one, two = _room(module), _room(other)
            if one and two and one != two:
                found.setdefault(one, set()).add(two)
                found.setdefault(two, set())
    return found


def _room(module: str) -> str:
    name = module.split(".")[1] if "." in module else ""
    return "" if name == "__main__" else name


def reduced(edges: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Return the edges of a graph without circles that no longer path replaces.

    Examples
    --------
    >>> reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()})
    [('a', 'b'), ('b', 'c')]
    """

    def reached(start: str) -> set[str]:
        return set().union(*({one} | reached(one) for one in edges[start]))

    return sorted(
        (one, two)
        for one in edges
        for two in edges[one]
        if not any(two in reached(other) for other in edges[one] - {two})
    )


def picture() -> str:
    """Return the picture as a Mermaid block."""
    lines = [f"    {one} --> {two}" for one, two in reduced(imports())]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"]) + "\n"


def main() -> None:
    """Renew the picture on the page."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda _: picture(), page), encoding="utf-8")


if __name__ == "__main__":
    main()
