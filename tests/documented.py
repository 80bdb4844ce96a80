"""What the documents say to type: in blocks, within the lines, and in a scheduler's fields."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "GLOSSARY.md", "docs/tutorial.md",
         "docs/real-data.md", "docs/windows.md", "docs/scheduling.md", "docs/locked-laptop.md",
         "docs/methods.md", "docs/disclosure.md", "docs/proof-reading.md", "docs/take-away.md",
         "docs/speed.md", "docs/architecture.md", "docs/decisions.md",
         "docs/release.md"]  # fmt: skip
# Made from the records, and held to them; commands stand in their first lines.
MADE = ["docs/input.md", "docs/lists.md", "docs/measures.md", "docs/rules.md"]
MENTIONED = ("iro report", "iro audit", "iro check", "iro init", "iro demo", "iro new", "iro chart",
             "iro compare", "iro measures", "iro reference", "iro reference build")  # fmt: skip
FENCE = re.compile(r"^( *)```([\w-]*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
WITHIN = re.compile(r"`([^`\n]+)`")
# Makes or opens an environment, or a window. Its words are looked at, and not carried out: to make
# a new environment takes minutes and the network. What is tested of it instead: the recipes of
# the Makefile (`make report` is the line `iro report 2019-20`), the lines of pip on Windows against
# the Makefile's, environment.yml against pyproject.toml, and JupyterLab in test_jupyterlab.py.
# Continuous integration itself begins with `make lint`, `make test` and `make long` on a bare copy.
LOOKED_AT = ("make ", "conda ", "jupyter lab", ".venv/bin/jupyter lab", "py -3.12 ", "start ",
             ".venv/bin/python -m ", ".venv\\Scripts\\python", ".venv/bin/ruff",
             ".venv/bin/lint-imports")  # fmt: skip
# What the reader has, and what stands for it on the tests' desk.
STANDS_FOR = {
    "data/<authority>": "data/demo",
    "data/borough": "data/demo",
    "<DfE's files>": "published",
    "<folder>": "published",
    "tcp://host:8786": "local",
    "NAME": "how_settled",
    "FOLDER": "new_folder",
}


def blocks(project: Path, language: str) -> list[tuple[str, str]]:
    """Return (page, text) of each block in a language; "" is what is typed."""
    return [
        (page, text)
        for page in PAGES
        for _, kind, text in FENCE.findall((project / page).read_text(encoding="utf-8"))
        if kind == language
    ]


def commands(project: Path) -> list[tuple[str, str]]:
    """Return (page, line) of everything that can be typed, as it stands there.

    A program's bare name within a line (`iro check`) is a mention where the program asks for more.
    """
    found = []
    for page in [*PAGES, *MADE]:
        text = (project / page).read_text(encoding="utf-8")
        lines = [
            line
            for _, kind, block in FENCE.findall(text)
            if kind in ("", "cron")
            for line in block.splitlines()
        ]
        within = [part for part in WITHIN.findall(FENCE.sub("", text)) if " " in part]
        lines += [part for part in within if part not in MENTIONED]
        for line in lines:
            typed = re.sub(r"\s{2,}#.*", "", line).strip()
            if _program(typed) or typed.startswith((".venv/bin/papermill ", *LOOKED_AT)):
                found.append((page, typed))
    return list(dict.fromkeys(found))


def _program(typed: str) -> str:
    """Return a line from the word iro on, whichever way the program is named; else nothing."""
    typed = re.sub(r"^(\S+ ){5}cd \S+ && ", "", typed)  # cron's five fields, and the folder
    if typed.startswith("report "):  # the scheduler's field of arguments
        typed = f"iro {typed}"
    typed = re.sub(r"^\.venv[\\/](bin|Scripts)[\\/]iro ", "iro ", typed)
    return typed if typed.startswith("iro ") else ""


def filled(typed: str) -> list[str]:
    """Return the words after `iro` with what the desk has in the place of the reader's own."""
    typed = _program(typed).replace("\\", "/").partition(" > ")[0]
    for old, new in STANDS_FOR.items():
        typed = typed.replace(old, new)
    typed = re.sub(r"\breport\.(md|txt|html)\b", "printed.md", typed)
    return shlex.split(typed.replace("iro audit figures.csv", "iro audit printed.csv"))[1:]


def of_iro(project: Path, *names: str) -> list[list[str]]:
    """Return the words of the commands of `iro`, each once, in order; only those named, if any."""
    given = [filled(typed) for _, typed in commands(project) if _program(typed)]
    every = [list(words) for words in dict.fromkeys(map(tuple, given))]
    return [words for words in every if not names or words[0] in names]
