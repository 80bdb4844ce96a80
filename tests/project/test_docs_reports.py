"""Every report that the documents say to make is made, as typed, on small authorities."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import documented
import nbformat
import pytest

from iro_analysis import periods
from iro_analysis.cli.command import parser
from iro_analysis.demonstration import write_demonstration
from iro_analysis.runner import printing

pytestmark = pytest.mark.slow
PROJECT = Path(__file__).parents[2]
TYPED = documented.of_iro(PROJECT, "report")
CHILDREN = 12  # looked after on the reference day: few, so that the gate has most to do
CHILD = re.compile(r"SYN\d{3}")
LISTED = re.compile(r"^  (\S+\.(?:html|pdf))$", re.MULTILINE)


def _distinct(typed):
    """Leave out what asks for the same in other words: without --data it is data/demo."""
    asked = {}
    for words in typed:
        given = parser().parse_args(words)
        given.data = given.data or ["data/demo"]
        asked.setdefault(repr(given), words)
    return list(asked.values())


REPORTS = _distinct(TYPED)


@pytest.fixture(scope="module")
def small_desk(tmp_path_factory, project):
    """A folder as the reader has it: authorities alone and two in a folder, notebooks."""
    place = tmp_path_factory.mktemp("small_desk")
    write_demonstration(place / "data" / "demo", children=CHILDREN)
    write_demonstration(place / "data" / "borough", 7, CHILDREN)
    write_demonstration(place / "regional", children=CHILDREN, authorities=2)
    for name in ("trial/leeds", "region/leeds", "region/kent"):
        whose = ("--authority", name.rpartition("/")[2], "--children", str(CHILDREN))
        _run(place, "iro_analysis", "demo", name, *whose, "--from", "2022-23", "--to", "2024-25")
    shutil.copytree(project / "notebooks", place / "notebooks")
    for typed in {tuple(words) for words in documented.of_iro(project, "new")}:
        _run(place, "iro_analysis", *typed)  # the same notebook may be typed in two documents
    assert (place / "my_notebooks" / "how_settled.ipynb").is_file()
    return place


def _run(desk, *words):
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=desk, capture_output=True, text=True,
        encoding="utf-8", timeout=300, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_documents_show_every_way_to_make_a_report():
    typed = {" ".join(words[1:]) for words in TYPED}
    assert len(typed) == len(TYPED) >= len(REPORTS) >= 10
    for words in ("--audience internal", "--pdf", "--cluster local", "--jobs 4", "--log",
                  "--notebook how_settled", "2016-17..2019-20", "2022-08-01:2023-01-31",
                  "--data data/demo", "--data regional", "2019-20-Q3"):  # fmt: skip
        assert any(words in one for one in typed), words
    lines = [line for page, line in documented.commands(PROJECT) if page == "docs/scheduling.md"]
    assert any(line.startswith("0 6 5 ") for line in lines)
    assert any(line.startswith("report ") and "\\" in line for line in lines)
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    made = re.search(r"^report:.*\n\t\$\(BIN\)/iro report (.*)$", makefile, re.MULTILINE)
    assert made[1] in typed, "make report is one of the lines that are run below"


@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_report_as_typed_is_made(small_desk, words):
    given = parser().parse_args(words)
    done = _run(small_desk, "iro_analysis", *words)
    printed = not given.pdf or printing.browser() is not None
    assert done.returncode == (0 if printed else 1), done.stderr
    assert "Traceback" not in done.stderr
    if not printed:
        assert printing.NONE_HERE in done.stderr

    listed = [small_desk / name for name in LISTED.findall(done.stdout)]
    pages = [page for page in listed if "region" not in page.parts]  # the region's has its own test
    asked = list(dict.fromkeys(one for text in given.periods for one in periods.parse(text)))
    authorities = 2 if given.data and given.data[0] in ("data", "regional", "region") else 1
    reports = [page for page in pages if page.name == "report.html"]
    assert len(set(reports)) == authorities * len(asked)
    also = [f"{name}.html" for name in given.notebook]
    also += ["report.pdf"] if given.pdf and printed else []
    assert set(pages) == {*reports, *(page.with_name(name) for page in reports for name in also)}
    for page in pages:
        assert page.stat().st_size > 10_000, page
        if page.suffix == ".pdf":
            assert page.read_bytes().startswith(b"%PDF-")
        else:
            assert not CHILD.search(page.read_text(encoding="utf-8")), page
    for page in reports:
        assert (page.parents[2].name == "internal") == (given.audience == "internal")
        assert page.with_name("figures.csv").is_file()
        if given.audience == "committee":
            index = page.parents[1] / "index.html"
            assert f"{page.parent.name}/report.html" in index.read_text(encoding="utf-8")

    assert not CHILD.search(done.stdout + done.stderr)
    if given.log:
        log = (small_desk / given.log).read_text(encoding="utf-8")
        assert f"exit 0: iro {' '.join(words)}" in log
        assert not CHILD.search(log)


def test_papermill_runs_a_notebook_as_the_documents_say(small_desk):
    typed = [
        line for _, line in documented.commands(PROJECT) if line.startswith(".venv/bin/papermill ")
    ]
    assert typed
    for line in typed:
        words = line.split()[1:]
        done = _run(small_desk, "papermill", *words, "--no-progress-bar")
        assert done.returncode == 0, done.stderr
        notebook = nbformat.read(small_desk / words[1], as_version=4)
        injected = [
            cell.source for cell in notebook.cells
            if "injected-parameters" in cell.metadata.get("tags", [])
        ]  # fmt: skip
        name, value = words[words.index("-p") + 1 :][:2]
        assert injected == [f'# Parameters\n{name} = "{value}"\n']
        assert not CHILD.search(nbformat.writes(notebook))
