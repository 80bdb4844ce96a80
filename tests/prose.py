"""Bar words of a private or old-fashioned English from the project's text.

Run by ``make lint``, over the files named on the command line or over all of them.
"""
# ruff: noqa: T201

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1]
WORDS = PROJECT / "tests" / "plain_words.toml"
KINDS = {".css", ".csv", ".html", ".ipynb", ".j2", ".js", ".md", ".py", ".toml", ".yaml", ".yml"}
FOLDERS = (".ci", "benchmarks", "docs", "fuzz", "iro_analysis", "notebooks", "tests")
# Files that other people worded, or that are about the words themselves.
NOT_OURS = (
    "tests/plain_words.toml",
    "tests/project/test_prose.py",
    "iro_analysis/reference/comparators/",
)


class Words:
    """The barred words, with what to write instead."""

    def __init__(self, path: Path = WORDS):
        with path.open("rb") as stream:
            record = tomllib.load(stream)
        self.instead = {
            re.compile(rf"(?<![a-z]){pattern_of(words)}(?![a-z])", re.IGNORECASE): (words, better)
            for words, better in record["instead"].items()
        }
        self.allowed = record["allowed"]

    def faults(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Yield line number, barred words and what to write instead."""
        for number, line in enumerate(text.splitlines(), 1):
            for pattern, (words, better) in self.instead.items():
                left = line
                for quoted in self.allowed.get(words, []):
                    left = left.replace(quoted, "")
                for found in pattern.finditer(left):
                    yield number, found.group(), better


def pattern_of(words: str) -> str:
    """Return a pattern in one group; a blank also matches an underscore of a name."""
    return f"(?:{words})".replace(" ", "[ _]")


def own_files() -> Iterator[Path]:
    """Yield the project's own text files."""
    places = [PROJECT.glob("*"), *((PROJECT / name).rglob("*") for name in FOLDERS)]
    for path in sorted(path for place in places for path in place if path.is_file()):
        if is_ours(path):
            yield path


def is_ours(path: Path) -> bool:
    """Whether the check looks at a file."""
    name = path.resolve().relative_to(PROJECT).as_posix()
    return path.suffix in KINDS and not name.startswith(NOT_OURS)


def main(names: list[str]) -> int:
    """Print each barred word with its place; return 1 where there is one."""
    words, bad = Words(), 0
    for path in [Path(name) for name in names if is_ours(Path(name))] if names else own_files():
        for number, found, better in words.faults(path.read_text(encoding="utf-8-sig")):
            bad += 1
            where = path.resolve().relative_to(PROJECT).as_posix()
            print(f"{where}:{number}: '{found}': write {better}")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
