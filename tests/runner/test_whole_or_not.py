"""Outputs appear whole or not at all: killed, full, read-only, or two runs on one folder."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from iro_analysis.errors import OutputError
from iro_analysis.runner import outputs

KILLED = 50
# A report of several files, each saying which run wrote it, and a list of them written last.
# Each run that it is told of is a process forked from it, which need not load the libraries again.
WRITER = """
import json, os, pathlib, sys
from iro_analysis.runner import outputs
place = pathlib.Path(sys.argv[1])
def write(run):
    for turn in range(1000):
        with outputs.aside(place) as draft:
            (draft / "internal").mkdir()
            names = [f"{n}.html" for n in range(12)] + ["internal/findings.csv"]
            for name in names:
                (draft / name).write_text(f"{run} {turn} " + "x" * 50_000, encoding="utf-8")
            (draft / "manifest.json").write_text(json.dumps([run, turn, names]), encoding="utf-8")
for line in sys.stdin:
    process = os.fork()
    if not process:
        try:
            write(line.strip())
        finally:
            os._exit(0)
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
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


@contextmanager
def writer(place: Path) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(place)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:  # closes its input at the end, and waits for it
        yield process


def begin(writing: subprocess.Popen, run: str) -> int:
    """Have a writer begin a run, and return the run's process."""
    writing.stdin.write(f"{run}\n")
    writing.stdin.flush()
    return int(writing.stdout.readline())


def wait_for(place: Path, run: str) -> None:
    """Wait until a report of a run is in place."""
    until = time.monotonic() + 60
    while process_of(place) != run:
        assert time.monotonic() < until, f"{run} writes nothing"
        time.sleep(0.005)


def killed(writing: subprocess.Popen, process: int) -> int:
    """Kill a writer's run, and return how it ended."""
    os.kill(process, signal.SIGKILL)
    return int(writing.stdout.readline())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed by a signal")
def test_fifty_runs_killed_at_random_moments_leave_a_whole_report_each(tmp_path):
    place, choose = tmp_path / "council" / "2019-20", random.Random(903)
    write(place, "first")
    runs = set()
    with writer(place) as writing:
        for number in range(KILLED):
            process = begin(writing, f"run{number}")
            if number % 2:  # the others may be killed before they have written anything
                wait_for(place, f"run{number}")
            time.sleep(choose.uniform(0, 0.12))
            assert killed(writing, process) == -signal.SIGKILL
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
    seen = set()
    with writer(place) as first, writer(place) as second:
        pair = [(first, begin(first, "a")), (second, begin(second, "b"))]
        for _ in range(20):
            time.sleep(0.05)
            seen.add(process_of(place))
        ends = [killed(writing, process) for writing, process in pair]
    assert is_whole(place) in ("a", "b")
    assert ends == [-signal.SIGKILL] * 2, "one of them stopped"
    assert seen <= {"first", "a", "b"}


def process_of(place: Path) -> str:
    for _ in range(1000):
        with suppress(FileNotFoundError):  # one report is being put in the place of another
            return json.loads((place / "manifest.json").read_text(encoding="utf-8"))[0]
    raise AssertionError("there is no report")


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
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
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
