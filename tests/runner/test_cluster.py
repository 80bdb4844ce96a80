"""Pages made by one process, by two, and by a cluster that loses a worker: the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from builders import write_return

from iro_analysis.errors import InputError
from iro_analysis.runner.cluster import Cluster

pytestmark = pytest.mark.slow
PAGES = ["report", "age_profile"]
PERIODS = ["2019-20-Q1", "2019-20-Q2", "2019-20-H1"]
ROWS = [{"CHILD": f"SYN{n}", "DECOM": f"{n % 28 + 1:02d}/05/2019"} for n in range(60)]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}


def begun(data, out, project, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "iro_analysis", "report", *PERIODS, "--data", str(data),
         "--out", str(out), "--notebook", "age_profile", *more],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        text=True, encoding="utf-8",
    )  # fmt: skip


def ended(run):
    said, complained = run.communicate(timeout=300)
    assert run.returncode == 0, complained
    return said


def made(out):
    """File -> bytes of everything but the manifests, which hold the times."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*") if path.is_file() and not path.name.endswith("manifest.json")
    }  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_return(tmp_path_factory.mktemp("data") / "small", ROWS)


@pytest.fixture(scope="module")
def alone(data, tmp_path_factory, project):
    out = tmp_path_factory.mktemp("alone")
    ended(begun(data, out, project))
    return made(out)


@pytest.mark.long
def test_two_workers_make_the_same_bytes_as_one(data, alone, tmp_path, project):
    pages = [f"small/{period}/{page}.html" for period in PERIODS for page in PAGES]
    assert set(pages) <= set(alone)
    ended(begun(data, tmp_path, project, "--jobs", "2"))
    assert made(tmp_path) == alone


def _address(file):
    """Where the scheduler listens; it may still be writing the file when the file is seen."""
    until = time.monotonic() + 60
    while True:
        try:
            return json.loads(file.read_text(encoding="utf-8"))["address"]
        except (OSError, json.JSONDecodeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path, project):
    """A scheduler and two workers on this machine, none of them looked after by another process."""
    file = tmp_path / "scheduler.json"
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    started = []

    def start(program, *more):
        command = [sys.executable, "-m", f"distributed.cli.{program}", *more, *common]
        started.append(subprocess.Popen(command, cwd=tmp_path, **QUIET))
        return started[-1]

    try:
        start("dask_scheduler", "--scheduler-file", str(file), "--port", "0")
        address = _address(file)
        yield (
            address,
            [start("dask_worker", address, "--no-nanny", "--nthreads", "1") for _ in range(2)],
        )
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


@pytest.mark.long
def test_a_cluster_that_loses_a_worker_half_way_loses_no_report(
    data, alone, cluster, tmp_path, project
):
    address, workers = cluster
    out = tmp_path / "out"
    run = begun(data, out, project, "--cluster", address)
    until = time.monotonic() + 200
    while not list(out.glob("small/*/report.html")) and time.monotonic() < until:
        assert run.poll() is None
        time.sleep(0.02)
    workers[0].send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    workers[0].wait()
    assert run.poll() is None, "it was killed while there was work to do"
    said = ended(run)
    assert said.count("report.html") == len(PERIODS)
    assert made(out) == alone
    assert workers[1].poll() is None


def test_a_cluster_that_is_not_there_is_said_in_a_line(monkeypatch):
    monkeypatch.setattr("iro_analysis.runner.cluster._PATIENCE", "1s")
    with pytest.raises(InputError, match="no scheduler answers"):
        Cluster("tcp://127.0.0.1:9")
    assert os.environ.get("IRO_PREPARED") is None
