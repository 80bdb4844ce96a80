"""A run that is stopped: nothing goes on, nothing is left, one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from builders import write_return

from iro_analysis.cli.stopping import Stopped, stoppable
from iro_analysis.runner import workers

SECONDS = 10


def test_a_request_to_end_is_raised_once_and_the_handlers_come_back():
    before = signal.getsignal(signal.SIGTERM)

    def end():
        with stoppable():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:  # while it is cleared up, a second request changes nothing
                signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Stopped) as stopped:
        end()
    assert stopped.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_no_more_processes_are_begun_than_a_few_for_each_core():
    cores = os.cpu_count() or 1
    assert workers.processes_for(1) == 1
    assert workers.processes_for(10_000) == workers.PER_CORE * cores


@pytest.mark.parametrize(("jobs", "pages", "begun"), [(4, 1, 1), (2, 5, 2), (1, 9, 1)])
def test_no_more_processes_are_begun_than_there_are_pages(monkeypatch, jobs, pages, begun):
    asked = []

    class Pool:
        def __init__(self, most, **_):
            asked.append(most)

        def submit(self, *_):
            asked.append("ready")

    monkeypatch.setattr(workers, "ProcessPoolExecutor", Pool)
    workers.Local(jobs, pages)
    assert asked == [min(jobs, workers.processes_for(jobs)), *["ready"] * begun]


def test_a_stopped_pool_has_no_thread_left_that_python_would_wake_at_its_exit():
    """Woken while it closed its pipe, it ended a run with a traceback; not each time."""
    before = set(threading.enumerate())
    for _ in range(20):
        made = workers.Local(2, 2)
        assert set(threading.enumerate()) - before
        made.stop()
        assert not set(threading.enumerate()) - before


def _heed_interrupts():
    """Heed Ctrl-C, which a program that runs in the background is told to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def descendants_of(temporary):
    """Every process that was begun with a temporary folder of its own."""
    wanted = f"TMPDIR={temporary}".encode()
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                if wanted in (place / "environ").read_bytes().split(b"\0"):
                    found.append(int(place.name))
            except OSError:
                continue
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize(  # each pair of jobs, signal and time meets
    ("jobs", "number", "seconds"),
    [
        (1, signal.SIGTERM, 2),
        (2, signal.SIGINT, 2),
        pytest.param(2, signal.SIGTERM, 6, marks=pytest.mark.long),
        pytest.param(1, signal.SIGINT, 6, marks=pytest.mark.long),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing(tmp_path, project, jobs, number, seconds):
    data = write_return(
        tmp_path / "small", [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    )
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-m", "iro_analysis", "report", "2019-20", "2019-20-H1", "--data", data,
         "--out", tmp_path / "out", "--jobs", str(jobs), "--notebook", "reviews"],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(temporary)}, start_new_session=True,
        preexec_fn=_heed_interrupts,
    )  # fmt: skip
    until = time.monotonic() + 60
    while len(descendants_of(temporary)) < 2 and time.monotonic() < until:
        time.sleep(0.05)  # its workers are begun
    time.sleep(seconds)
    assert run.poll() is None, "it was over before it was stopped"
    began = time.monotonic()
    if number == signal.SIGINT:  # a terminal sends it to the whole group
        os.killpg(run.pid, number)
    else:
        run.send_signal(number)
    _, said = run.communicate(timeout=60)
    took = time.monotonic() - began
    assert run.returncode == 128 + number
    assert said.splitlines()[-1] == "iro: stopped; what was not finished is as it was before"
    assert all(line.startswith("iro: ") for line in said.splitlines())
    until = time.monotonic() + SECONDS
    while descendants_of(temporary) and time.monotonic() < until:
        time.sleep(0.1)
    assert descendants_of(temporary) == []
    assert took < SECONDS
    assert not [path for path in temporary.iterdir() if path.name.startswith("iro-")]
    drafts = [path for path in (tmp_path / "out").rglob(".*") if path.is_dir()]
    assert drafts == []
