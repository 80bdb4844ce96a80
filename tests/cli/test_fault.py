"""A fault in the program itself: exit 3, how to report it, and a log without a child's data."""

from __future__ import annotations

import stat
import sys

import pytest
from builders import write_return

from iro_analysis.cli import command, fault
from iro_analysis.reading import authority
from iro_analysis.runner import kernel_fault

CHILD = "SECRET-CHILD-0042"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IRO_TRACEBACK", raising=False)
    return write_return(tmp_path / "Fictonshire", [{"CHILD": CHILD, "DECOM": "01/05/2019"}])


def broken(*_, **__):
    rows = {CHILD: "14/07/2011"}
    try:
        int(f"{CHILD} 14/07/2011")
    except ValueError as problem:
        raise KeyError(f"{CHILD}, 14/07/2011: {rows}") from problem


def run(monkeypatch, capsys, *arguments):
    from iro_analysis.cli import check

    monkeypatch.setattr(check, "check", broken)
    status = command.main([str(part) for part in arguments])
    return status, capsys.readouterr().err


def test_a_fault_says_how_to_report_it_in_two_lines(place, monkeypatch, capsys):
    status, said = run(monkeypatch, capsys, "check", place)
    assert status == 3
    first, second = said.splitlines()
    assert first.startswith("iro: a fault in the program itself (KeyError in broken, line ")
    assert "to report it, open an issue of the project (see CONTRIBUTING.md)" in second
    assert str(place.parent / ".iro" / "fault.log") in second
    assert CHILD not in said
    assert "Traceback" not in said


def test_the_log_of_a_fault_has_the_places_in_the_code_and_no_value(place, monkeypatch, capsys):
    run(monkeypatch, capsys, "check", place)
    text = (place.parent / ".iro" / "fault.log").read_text(encoding="utf-8")
    assert "builtins.KeyError" in text
    assert "builtins.ValueError" in text  # what it came from
    assert "iro_analysis/cli/command.py:" in text
    assert "cli/test_fault.py:" in text
    assert "iro check" in text
    for secret in (CHILD, "14/07/2011", "2011", "Fictonshire", str(place.parent)):
        assert secret not in text


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_log_of_a_fault_is_for_its_owner_alone(place, monkeypatch, capsys):
    run(monkeypatch, capsys, "check", place)
    folder = place.parent / authority.MARK
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "fault.log").stat().st_mode) == 0o600


def test_faults_of_notebooks_are_written_to_one_log(place):
    shipped = ("notebook reviews", "KeyError", "  iro_analysis/study.py:7 figures")
    own = (kernel_fault.OWN, "ValueError", "  cell run 3, line 1")
    [said] = fault.report_of_notebooks([shipped], "report")
    assert said.startswith("to report it, open an issue of the project")
    [said] = fault.report_of_notebooks([shipped, own], "report")
    assert said.startswith("unless the fault is in a cell of your own: to report it")
    path = place.parent / ".iro" / "fault.log"
    assert str(path) in said
    text = path.read_text(encoding="utf-8")
    assert text.startswith("iro_analysis ")
    assert "\n".join(["", *shipped, "", *own, ""]) in text


def test_a_log_that_cannot_be_written_is_said(place, monkeypatch, capsys):
    (place.parent / authority.MARK).write_text("a file in the way", encoding="utf-8")
    status, said = run(monkeypatch, capsys, "check", place)
    assert status == 3
    assert "the log could not be written here" in said.splitlines()[1]
