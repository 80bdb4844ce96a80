"""Build the documentation site: ``make site``, or ``python docs/site/build.py FOLDER``.

The documents as they stand, a page for each measure made from its record, and the reference of the
library made from its docstrings. A warning of Sphinx is an error. The documents keep their places
and links, so that they can be read in the repository too.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import shutil
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sphinx.cmd.build import build_main

import iro_analysis
from iro_analysis import catalogue
from iro_analysis.cli import dictionary

PROJECT = Path(__file__).parents[2]
SETTINGS = Path(__file__).parent
# In the order of the contents. A document that stands in none of them fails the build.
PARTS = {
    "Use it": (
        "tutorial", "gallery", "real-data", "input", "lists", "rules", "joining", "take-away",
        "proof-reading", "scheduling", "windows", "locked-laptop",
    ),
    "What figures mean": ("measures", "methods", "estimates", "disclosure"),
    "Change it": ("architecture", "decisions", "speed", "release"),
}  # fmt: skip
ROOT = ("GLOSSARY", "SECURITY", "CONTRIBUTING", "CHANGELOG")
FILES = ("LICENSE", "NOTICE")
# Behind the commands, which the documents describe: nothing that a notebook or a measure calls.
BEHIND = {
    "cli", "demonstration", "exports", "packing", "prepared", "proofreading", "report", "runner",
}  # fmt: skip
ARROW = re.compile(r"^ +(\w+) --> (\w+)$", re.MULTILINE)


def main(words: list[str] | None = None) -> int:
    """Build the site into a folder; 1 where Sphinx finds a fault."""
    reader = argparse.ArgumentParser(description="Build the documentation site.")
    reader.add_argument("out", nargs="?", type=Path, default=PROJECT / "dist" / "site")
    out = reader.parse_args(words).out
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        lay_out(source)
        doctrees = str(Path(folder, "doctrees"))
        status = build_main([
            "-b", "html", "-W", "--keep-going", "-q", "-E", "-j", "2",
            "-c", str(SETTINGS), "-d", doctrees, str(source), str(out),
        ])  # fmt: skip
    if status == 0:
        sys.stdout.write(f"{out / 'index.html'}\n")
    return status


def lay_out(source: Path) -> None:
    """Write everything that Sphinx reads into an empty folder."""
    shutil.copytree(
        PROJECT / "docs", source / "docs", ignore=shutil.ignore_patterns("*.py", "site")
    )
    for name in (*(f"{page}.md" for page in ROOT), *FILES):
        shutil.copy(PROJECT / name, source / name)
    (source / "benchmarks").mkdir()
    shutil.copy(PROJECT / "benchmarks" / "README.md", source / "benchmarks")
    rewrite(source / "docs" / "scheduling.md", without_cron)
    rewrite(source / "docs" / "architecture.md", in_words)
    measures(source / "docs")
    reference(source / "reference")
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    (source / "index.md").write_text(readme + contents(), encoding="utf-8")


def contents() -> str:
    """Return the contents of the site, for the side of each page."""
    parts = [tree(name, [f"docs/{page}" for page in pages]) for name, pages in PARTS.items()]
    parts.append(tree("Look up", ["reference/index", "benchmarks/README", *ROOT]))
    return "".join(parts)


def tree(caption: str, pages: list[str], *options: str) -> str:
    """Return a list of pages as Sphinx reads it in Markdown."""
    shown = [f":caption: {caption}"] if caption else []
    lines = ["", "```{toctree}", *shown, *(options or (":hidden:", ":maxdepth: 1")), ""]
    return "\n".join([*lines, *pages, "```", ""])


def rewrite(page: Path, change: Callable[[str], str]) -> None:
    """Change a document on its way into the site."""
    page.write_text(change(page.read_text(encoding="utf-8")), encoding="utf-8")


def without_cron(text: str) -> str:
    """Return a page with its lines for cron as plain ones: Sphinx cannot colour them."""
    return text.replace("```cron", "```")


def in_words(text: str) -> str:
    """Return the page on architecture with its drawing as a table: it is drawn on the web only."""
    start = text.index("```mermaid")
    end = text.index("```", start + 3) + 3
    imports = defaultdict(list)
    for importer, imported in ARROW.findall(text[start:end]):
        imports[importer].append(f"`{imported}`")
    rows = [f"| `{name}` | {', '.join(found)} |" for name, found in imports.items()]
    table = "\n".join(["| module | imports |", "|---|---|", *rows])
    return text[:start] + table + text[end:]


def measures(docs: Path) -> None:
    """Write a page for each measure, and the list of them in the place of the long document."""
    (docs / "measures").mkdir()
    parts = ["# Measures\n"]
    for section, entries in catalogue.sections().items():
        named = [f"* [{entry.title}](measures/{entry.id}.md)" for entry in entries]
        parts += [f"\n## {section}\n", *named, ""]
        for entry in entries:
            page = docs / "measures" / f"{entry.id}.md"
            # Outside the contents, which each page repeats: the list of measures leads to it.
            words = "---\norphan: true\n---\n" + dictionary.as_page(entry) + worked_out(entry)
            page.write_text(words, encoding="utf-8")
    (docs / "measures.md").write_text("\n".join(parts), encoding="utf-8")


def worked_out(entry: catalogue.Measure) -> str:
    """Return links to the functions that count a measure and list the rows behind it."""
    lines = ["\n## In the code\n", f"* Counted by {link(f'indicators.{entry.computed_by}')}"]
    if entry.rows:
        lines.append(f"* Rows behind it: {link(entry.rows)}")
    return "\n".join([*lines, ""])


def link(name: str) -> str:
    """Return a link to a function of the reference, from ``module:function``."""
    return "{py:func}`iro_analysis." + name.replace(":", ".") + "`"


def reference(folder: Path) -> None:
    """Write a page for each module of the top level, with what its docstrings say."""
    folder.mkdir()
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    [layers] = [one["layers"] for one in contracts if one["type"] == "layers"]
    names = [name for layer in layers for name in layer.split(" | ")]
    names = [name for name in names if name not in BEHIND]
    for name in names:
        (folder / f"{name}.rst").write_text(page_of(name), encoding="utf-8")
    words = (
        "# Reference of the library\n\nNotebooks open an authority with `explore` or `study`. "
        "Below them each layer imports only layers further down.\n"
    )
    (folder / "index.md").write_text(words + tree("", names, ":maxdepth: 1"), encoding="utf-8")


def page_of(name: str) -> str:
    """Return the page of a module, or of a package and the modules in it."""
    module = importlib.import_module(f"{iro_analysis.__name__}.{name}")
    parts = [titled(name, "="), documented(module.__name__, "" if ispackage(module) else MEMBERS)]
    if ispackage(module):
        for found in pkgutil.iter_modules(module.__path__):
            whole = f"{module.__name__}.{found.name}"
            parts += [titled(f"{name}.{found.name}", "-"), documented(whole, MEMBERS)]
    return "\n".join(parts)


MEMBERS = "   :members:\n"


def ispackage(module: object) -> bool:
    """Whether a module has modules in it."""
    return hasattr(module, "__path__")


def titled(words: str, line: str) -> str:
    """Return a heading."""
    return f"{words}\n{line * len(words)}\n"


def documented(module: str, options: str) -> str:
    """Return the line by which Sphinx reads a module's docstrings."""
    return f".. automodule:: {module}\n{options}"


if __name__ == "__main__":
    sys.exit(main())
