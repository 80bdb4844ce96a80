"""Every report that the documents say to make is made, as typed, on small authorities.

A command runs in this process, where what other areas publish is read once, and its pages are made
by one process for all commands. With several jobs or a cluster it has processes of its own.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import documented
import nbformat
import pytest
import typed

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


def _asked(words):
    """Return of what, and how, a line makes its report, and the parts of it that it asks for."""
    given = vars(parser().parse_args(words))
    given["data"] = given["data"] or ["data/demo"]
    parts = {(name, one) for name in ("periods", "notebook") for one in given.pop(name)}
    parts |= {(name, value) for name in ("pdf", "docx", "log") if (value := given.pop(name))}
    return repr(given), parts


def _can_be_parsed(words):
    """Whether the command takes these words; if not, test_docs.py says so, and runs all others."""
    with contextlib.suppress(SystemExit), contextlib.redirect_stderr(io.StringIO()):
        return bool(parser().parse_args(words))
    return False


def _distinct(lines):
    """Leave out a line that asks for the same as another one, or for a part of it."""
    lines, kept = list(filter(_can_be_parsed, lines)), {}
    for words in sorted(lines, key=lambda words: -len(_asked(words)[1])):
        how, parts = _asked(words)
        if not any(parts <= others for others in kept.get(how, {}).values()):
            kept.setdefault(how, {})[tuple(words)] = parts
    left = {words for lines in kept.values() for words in lines}
    return [words for words in lines if tuple(words) in left]


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
        when = ("--from", "2022-23", "--to", "2024-25")
        assert typed.iro("demo", name, *whose, *when, cwd=place).returncode == 0
    shutil.copytree(project / "notebooks", place / "notebooks")
    for words in {tuple(words) for words in documented.of_iro(project, "new")}:
        typed.iro(*words, cwd=place)  # the same notebook may be typed in two documents
    assert (place / "my_notebooks" / "how_settled.ipynb").is_file()
    return place


def _process(desk, *words):
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=desk, capture_output=True, text=True,
        encoding="utf-8", timeout=900, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_documents_show_every_way_to_make_a_report():
    lines_typed = {" ".join(words[1:]) for words in TYPED}
    assert len(lines_typed) == len(TYPED) >= len(REPORTS) >= 10
    for words in ("--audience internal", "--pdf", "--cluster local", "--jobs 4", "--log",
                  "--notebook how_settled", "2016-17..2019-20", "2022-08-01:2023-01-31",
                  "--data data/demo", "--data regional", "2019-20-Q3"):  # fmt: skip
        assert any(words in one for one in lines_typed), words
    lines = [line for page, line in documented.commands(PROJECT) if page == "docs/scheduling.md"]
    assert any(line.startswith("0 6 5 ") for line in lines)
    assert any(line.startswith("report ") and "\\" in line for line in lines)
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    made = re.search(r"^report:.*\n\t\$\(BIN\)/iro report (.*)$", makefile, re.MULTILINE)
    assert made[1] in lines_typed, "make report is one of the lines that are run below"


@pytest.mark.long
@pytest.mark.parametrize("words", REPORTS, ids=" ".join)
def test_a_report_as_typed_is_made(small_desk, one_maker, words):
    given = parser().parse_args(words)
    if given.cluster or given.jobs > 1:
        done = _process(small_desk, "iro_analysis", *words)
    else:
        done = typed.iro(*words, cwd=small_desk)
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


@pytest.mark.long
def test_papermill_runs_a_notebook_as_the_documents_say(small_desk):
    lines = [
        line for _, line in documented.commands(PROJECT) if line.startswith(".venv/bin/papermill ")
    ]
    assert lines
    for line in lines:
        words = line.split()[1:]
        done = _process(small_desk, "papermill", *words, "--no-progress-bar")
        assert done.returncode == 0, done.stderr
        notebook = nbformat.read(small_desk / words[1], as_version=4)
        injected = [
            cell.source for cell in notebook.cells
            if "injected-parameters" in cell.metadata.get("tags", [])
        ]  # fmt: skip
        name, value = words[words.index("-p") + 1 :][:2]
        assert injected == [f'# Parameters\n{name} = "{value}"\n']
        assert not CHILD.search(nbformat.writes(notebook))
