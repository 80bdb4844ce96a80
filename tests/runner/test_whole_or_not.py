"""Outputs appear whole or not at all: killed, full, read-only, or two runs on one folder."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iro_analysis.errors import OutputError
from iro_analysis.runner import outputs

KILLED = 50
# A report of several files, each saying which run wrote it, and a list of them written last.
WRITER = """
import json, pathlib, sys, time
from iro_analysis.runner import outputs
place, run = pathlib.Path(sys.argv[1]), sys.argv[2]
print("begun", flush=True)
for turn in range(1000):
    with outputs.aside(place) as draft:
        (draft / "internal").mkdir()
        names = [f"{n}.html" for n in range(12)] + ["internal/findings.csv"]
        for name in names:
            (draft / name).write_text(f"{run} {turn} " + "x" * 50_000, encoding="utf-8")
        (draft / "manifest.json").write_text(json.dumps([run, turn, names]), encoding="utf-8")
"""


def is_whole(place: Path) -> str:
    """The run that wrote the report; every file of it must be that run's own."""
    run, turn, names = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert found == {*names, "manifest.json"}
    for name in names:
        text = (place / name).read_text(encoding="utf-8")
        assert text.startswith(f"{run} {turn} ")
        assert len(text) > 50_000
    return run


def write(place: Path, run: str) -> None:
    with outputs.aside(place) as draft:
        (draft / "manifest.json").write_text(json.dumps([run, 0, []]), encoding="utf-8")


def begun(place: Path, run: str) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place), run], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_fifty_runs_killed_at_random_moments_leave_a_whole_report_each(tmp_path):
    place, choose = tmp_path / "council" / "2019-20", random.Random(903)
    write(place, "first")
    runs = set()
    for number in range(KILLED):
        process = begun(place, f"run{number}")
        time.sleep(choose.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        runs.add(is_whole(place))
    assert len(runs) > KILLED // 2
    write(place, "last")
    assert json.loads((place / "manifest.json").read_text(encoding="utf-8"))[0] == "last"
    # What killed runs left beside the report is cleared by the next run that has the time.
    assert sorted(path.name for path in place.parent.iterdir()) == ["2019-20"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_two_runs_on_one_folder_leave_a_whole_report_of_one_of_them(tmp_path):
    place = tmp_path / "council" / "2019-20"
    write(place, "first")
    pair = [begun(place, run) for run in ("a", "b")]
    seen = set()
    for _ in range(20):
        time.sleep(0.05)
        seen.add(process_of(place))
    for process in pair:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    assert is_whole(place) in ("a", "b")
    assert all(process.returncode == -signal.SIGKILL for process in pair), "one of them stopped"
    assert seen <= {"first", "a", "b"}


def process_of(place: Path) -> str:
    return json.loads((place / "manifest.json").read_text(encoding="utf-8"))[0]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only"), (errno.EACCES, "Permission")],
)
def test_a_disk_that_is_full_or_read_only_leaves_the_last_report(tmp_path, number, words):
    place = tmp_path / "council" / "2019-20"
    write(place, "last")

    def fail():
        with outputs.aside(place) as draft:
            (draft / "report.html").write_text("half", encoding="utf-8")
            raise OSError(number, os.strerror(number))

    with pytest.raises(OutputError, match=words) as refused:
        fail()
    assert "the last report stands" in refused.value.lines[0]
    assert is_whole(place) == "last"
    assert [path.name for path in place.parent.iterdir()] == ["2019-20"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device is a Linux thing")
def test_a_really_full_device_is_said_in_one_line(tmp_path):
    def fail():
        with outputs.aside(tmp_path / "x") as draft:
            (draft / "figures.csv").symlink_to("/dev/full")
            (draft / "figures.csv").write_text("x" * 100_000, encoding="utf-8")

    with pytest.raises(OutputError, match="No space left"):
        fail()
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_written(tmp_path):
    (tmp_path / "council").write_text("a file", encoding="utf-8")
    with (
        pytest.raises(OutputError, match="nothing was changed"),
        outputs.aside(tmp_path / "council" / "2019-20"),
    ):
        raise AssertionError("never reached")


def test_a_read_only_folder_is_said_in_one_line(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(outputs.tempfile, "mkdtemp", refused)
    with pytest.raises(OutputError, match="Permission"), outputs.aside(tmp_path / "x"):
        raise AssertionError("never reached")


def test_where_no_exchange_is_possible_the_old_report_comes_back(tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "_exchanged", lambda *_: False)
    place = tmp_path / "2019-20"
    write(place, "first")
    write(place, "second")
    assert is_whole(place) == "second"
    real = Path.rename

    def fails_once(self, target):
        if Path(target) == place and not self.name.endswith("-old"):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(OutputError, match="the last report stands"):
        write(place, "third")
    assert is_whole(place) == "second"


def test_a_run_that_is_interrupted_clears_what_it_began(tmp_path):
    def stop():
        with outputs.aside(tmp_path / "x") as draft:
            (draft / "a").write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_cleared_and_what_a_running_one_writes_is_not(tmp_path):
    place = tmp_path / "2019-20"
    here, mine = outputs.here(), os.getpid()
    gone = begun(tmp_path / "else", "x")
    gone.kill()
    gone.wait()
    gone.stdout.close()
    shutil.rmtree(tmp_path / "else", ignore_errors=True)
    for path in tmp_path.glob(".else-*"):
        shutil.rmtree(path)
    kept = [f".2019-20-{here}-{mine}-a", f".2019-20-another-{gone.pid}-b", ".2020-21-x-1-c"]
    for name, hours in [*((name, 0) for name in kept), (f".2019-20-{here}-{gone.pid}-d", 0),
                        (".2019-20-another-1-e", 30)]:  # fmt: skip
        (tmp_path / name).mkdir()
        then = time.time() - hours * 3600
        os.utime(tmp_path / name, (then, then))
    write(place, "last")
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([*kept, "2019-20"])


def test_a_report_that_a_killed_run_had_moved_aside_comes_back(tmp_path):
    place = tmp_path / "2019-20"
    write(place, "last")
    place.rename(tmp_path / ".2019-20-another-1-x-old")

    def stop():
        with outputs.aside(place):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert is_whole(place) == "last"


def test_a_report_that_another_run_put_there_first_is_exchanged(tmp_path):
    place = tmp_path / "2019-20"
    with outputs.aside(place) as draft:
        (draft / "manifest.json").write_text('["slow", 0, []]', encoding="utf-8")
        write(place, "quick")
    assert is_whole(place) == "slow"
