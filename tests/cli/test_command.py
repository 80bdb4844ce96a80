"""The command as its users type it: exit codes, one line per problem, never a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest
from builders import write_return
from typed import iro

from iro_analysis import catalogue

TWO = [
    {"CHILD": "SYN1", "DECOM": "01/05/2019"},
    {"CHILD": "SYN2", "DECOM": "01/06/2019", "DEC": "01/09/2019", "REC": "E4A"},
]


def process(*arguments):
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "iro_analysis", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", timeout=900, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def refused(done, words):
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert all(len(line) < 400 for line in done.stderr.splitlines())


@pytest.mark.parametrize("command", ["", "report", "check", "demo", "audit", "measures"])
def test_every_command_has_help(command):
    done = iro(*([command] if command else []), "--help")
    assert (done.returncode, "usage: iro" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report", "last year"], "is not a period"),
        (["report", "2019-21"], "the year after 2019 is 20"),
        (["report", "2019-20", "--data", "nowhere"], "no such folder"),
        (["report", "2019-20", "--notebook", "comittee_report"], "did you mean committee_report"),
        (["report", "2019-20", "-p", "perod", "2018-19"], "did you mean period"),
        (["report", "2019-20", "--audience", "press"], "invalid choice"),
        (["report", "2019-20", "--colour", "blue"], "unrecognized arguments"),
        (["report", "2019-20", "--jobs", "0"], "expected 1 or more"),
        (["report"], "required"),
        (["measures", "looked_aftr"], "did you mean looked_after"),
        (["check", "nowhere"], "no such folder"),
        (["nonsense"], "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(arguments, words, project):
    refused(iro(*arguments, cwd=project), words)


def test_a_period_that_the_returns_do_not_cover_is_refused(tmp_path):
    place = write_return(tmp_path / "small", TWO)
    refused(iro("report", "2030-31", "--data", place, "--out", tmp_path), "returns cover")


def test_a_folder_that_is_no_return_is_refused(tmp_path):
    refused(process("report", "2019-20", "--data", tmp_path), "no return here")


@pytest.mark.parametrize("words", [["--help"], ["nonsense"], ["report", "last year"]])
def test_a_process_ends_with_the_status_and_says_what_the_command_says_here(words, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")  # else the help is as wide as the terminal
    alone, here = process(*words), iro(*words)
    assert (alone.returncode, alone.stdout, alone.stderr) == (
        here.returncode, here.stdout, here.stderr,
    )  # fmt: skip


def test_check_says_what_is_wrong_and_where(tmp_path):
    rows = [*TWO, {"CHILD": "SYN3", "DECOM": "31/02/2019"}]
    done = iro("check", write_return(tmp_path, rows), "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "2019-20/episodes.csv line 4" in done.stderr
    assert "31/02/2019" in done.stderr
    assert "set aside" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_finds_nothing_in_a_clean_return(tmp_path):
    done = iro("check", write_return(tmp_path, TWO), "--out", tmp_path / "out")
    assert (done.returncode, "Nothing was found" in done.stdout) == (0, True)


def test_measures_lists_every_one():
    done = iro("measures")
    assert done.returncode == 0
    assert all(name in done.stdout for name in catalogue.measures())
    one = iro("measures", "looked_after_rate")
    assert "mid-year estimate" in one.stdout


@pytest.mark.slow
def test_the_demonstration_is_what_the_generator_writes(tmp_path, demo):
    assert process("demo", tmp_path / "demo").returncode == 0
    made = {p.relative_to(tmp_path / "demo"): p.read_bytes()
            for p in (tmp_path / "demo").rglob("*") if p.is_file()}  # fmt: skip
    kept = {p.relative_to(demo): p.read_bytes() for p in demo.rglob("*") if p.is_file()}
    assert made == kept


@pytest.mark.long
@pytest.mark.slow
def test_the_generator_writes_several_small_authorities(tmp_path):
    assert iro("demo", tmp_path / "d", "--children", "12", "--authorities", "2", "--seed", "7")\
        .returncode == 0  # fmt: skip
    done = iro("check", tmp_path / "d", "--out", tmp_path / "out")
    assert "Traceback" not in done.stderr
    assert len(list((tmp_path / "d").glob("*/ssda903"))) == 2


def test_the_generator_overwrites_nothing(tmp_path):
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    refused(iro("demo", tmp_path), "is not empty")
