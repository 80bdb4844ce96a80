"""Pages by dask workers beside ``--jobs``, and what the loss of a worker costs.

``python benchmarks/workers.py`` makes a quarter's report of the demonstration, with an analysis
notebook, by 1, 2 and 4 workers both ways in turn; then two quarters' by two workers, and by two of
which one is killed after the first report. It says whether the outputs are the same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reports import ROOT, both

ASKED = ["report", "--notebook", "age_profile"]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def begun(out: Path, *more: object) -> subprocess.Popen:
    """Begin a run."""
    words = [
        sys.executable,
        "-m",
        "iro_analysis",
        *ASKED,
        "--out",
        str(out),
        *map(str, more),
        "2019-20-Q1",
    ]
    return subprocess.Popen(words, cwd=ROOT, **QUIET)


def whole(out: Path, *more: object) -> None:
    """Make the reports; stop where that fails."""
    if begun(out, *more).wait():
        raise SystemExit(f"{more}: failed")


def made(out: Path) -> dict[str, bytes]:
    """Return every file but the manifests, which hold the times."""
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*")
            if path.is_file() and not path.name.endswith("manifest.json")}  # fmt: skip


def with_a_cluster(place: Path, out: Path, loses: bool) -> None:
    """Make the reports by a scheduler and two workers, of which one may be killed on the way."""
    file, started = place / f"{out.parent.name}.json", []

    def start(program: str, *more: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *more, "--no-dashboard",
                   "--host", "127.0.0.1"]  # fmt: skip
        started.append(subprocess.Popen(command, cwd=place, **QUIET))
        return started[-1]

    try:
        start("dask_scheduler", "--scheduler-file", str(file), "--port", "0")
        while not (file.exists() and file.read_text(encoding="utf-8").endswith("}")):
            time.sleep(0.05)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        workers = [start("dask_worker", address, "--no-nanny", "--nthreads", "1") for _ in "ab"]
        run = begun(out, "--cluster", address, "2019-20-Q2")
        while loses and run.poll() is None and not list(out.glob("*/*/report.html")):
            time.sleep(0.02)
        if loses:
            workers[0].kill()
        if run.wait():
            raise SystemExit("the run with a cluster failed")
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def main() -> None:
    """Print the table."""
    print("| workers | way | seconds | of --jobs | processor seconds | same bytes |\n"
          "|--:|---|--:|--:|--:|---|")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        place, first = Path(name), {}

        def row(number: int, way: str, of: float, out: Path, *call) -> float:
            clock, used = both(*call)
            files = made(out)
            first.setdefault("files", files)
            same = "yes" if files == first["files"] else "NO"
            print(f"| {number} | {way} | {clock:.1f} | {clock / (of or clock):.2f} | {used:.1f} "
                  f"| {same} |", flush=True)  # fmt: skip
            return clock

        for number in (1, 2, 4):
            out = place / f"jobs{number}" / "outputs"
            alone = row(number, "--jobs", 0, out, whole, out, "--jobs", number)
            out = place / f"local{number}" / "outputs"
            row(number, "--cluster local", alone, out, whole, out,
                "--jobs", number, "--cluster", "local")  # fmt: skip
        first.clear()  # of two quarters from here
        for loses in (False, True):
            out = place / f"loses{loses}" / "outputs"
            way = "scheduler and workers" + (", one killed" if loses else "")
            row(2, way, 0, out, with_a_cluster, place, out, loses)


if __name__ == "__main__":
    main()
