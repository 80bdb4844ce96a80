"""Our run beside the plain commands: five notebooks for four periods, and one report cold.

``python benchmarks/reports.py`` runs, one after another in one go: ``papermill`` and
``jupyter nbconvert`` on each notebook and period; the same pages by the suite's own runner with one
worker and with two; then the committee's report both ways, and by ``floor.py``. A ratio below 1 is
faster than plain.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NOTEBOOKS = ["disproportionality", "age_profile", "placement_stability", "gcse_trends", "reviews"]
Pair = tuple[float, float]  # seconds on the clock, on processors
PERIODS = ["2016-17", "2017-18", "2018-19", "2019-20"]
HEAD = "| what | seconds | of plain | processor seconds | of plain |\n|---|--:|--:|--:|--:|"


def run(*command: object) -> None:
    """Run a command from the project's root; stop where it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, capture_output=True)


def plain(notebook: str, period: str, out: Path) -> None:
    """Execute a notebook and export it, as anyone would by hand."""
    executed = out / f"{notebook}-{period}.ipynb"
    run(BIN / "papermill", ROOT / "notebooks" / f"{notebook}.ipynb", executed,
        "-p", "period", period)  # fmt: skip
    run(BIN / "jupyter", "nbconvert", "--to", "html", "--no-input", executed)


def timed(what, *arguments) -> float:
    """Return how long something takes [s]."""
    began = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - began


def both(what, *arguments) -> Pair:
    """Return the seconds on the clock and on processors, with all that it starts."""
    began = _processor()
    seconds = timed(what, *arguments)
    return seconds, _processor() - began


def _processor() -> float:
    used = os.times()
    return used.children_user + used.children_system  # 0 on Windows


def ours(out: Path, jobs: int) -> None:
    """Make the same pages by the runner, from a cold start."""
    run(sys.executable, __file__, "--pages", out, jobs)


def pages(out: str, jobs: int) -> None:
    """Make the pages of the five notebooks alone: ``iro report`` always makes the report too."""
    from iro_analysis import periods
    from iro_analysis.runner import inputs
    from iro_analysis.runner import run as runner
    from iro_analysis.runner.tasks import Batch, Task
    from iro_analysis.runner.workers import Local

    with contextlib.closing(Local(jobs)) as workers:
        [(name, authority)] = inputs.authorities(["data/demo"])
        tasks = [
            Task(name, periods.single(period), out, "committee", tuple(NOTEBOOKS))
            for period in PERIODS
        ]
        results = runner.make_all([Batch(tasks, authority)], workers)
    assert all(result.folder for result in results), [result.problems for result in results]


def main() -> None:
    """Print the table."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--pages", nargs=2, help=argparse.SUPPRESS)
    given.add_argument(
        "--plain", type=int, default=len(PERIODS), metavar="N",
        help="run the plain commands for N of the periods only, and scale their time up",
    )  # fmt: skip
    given.add_argument("--turns", type=int, default=3, help="of the cold report")
    given.add_argument("--only", choices=["pages", "cold", "start"], help="one of the three parts")
    asked = given.parse_args()
    if asked.pages:
        pages(asked.pages[0], int(asked.pages[1]))
        return
    with tempfile.TemporaryDirectory() as place:
        print(HEAD)
        if asked.only in (None, "pages"):
            many_reports(Path(place), asked.plain)
        if asked.only in (None, "cold"):
            one_report(Path(place), asked.turns)
    if asked.only in (None, "start"):
        start()


def many_reports(out: Path, measured: int) -> None:
    """Print the time of five notebooks for four periods, ours between the plain ones."""
    taken: dict[int, list[Pair]] = {1: [], 2: []}
    each: list[Pair] = []
    for turn, period in enumerate(PERIODS[-measured:]):
        for place, name in enumerate(NOTEBOOKS):
            each.append(both(plain, name, period, out))
            if turn % 2 == 0 and place in (1, 3):  # in between: as busy a machine for both
                jobs = {1: 2, 3: 1}[place]
                taken[jobs].append(both(ours, out / f"{jobs}-{turn}", jobs))
    bare, used = (sum(part) * len(PERIODS) / measured for part in zip(*each, strict=True))
    scaled = "" if measured == len(PERIODS) else f" ({measured} of 4 measured, scaled up)"
    print(f"| 5 notebooks x 4 periods, plain commands{scaled} | {bare:.1f} | 1.00 "
          f"| {used:.1f} | 1.00 |")  # fmt: skip
    for jobs, pairs in sorted(taken.items()):
        mean, own = (sum(part) / len(pairs) for part in zip(*pairs, strict=True))
        print(
            f"| the same by our runner, --jobs {jobs} | {mean:.1f} | {mean / bare:.3f} "
            f"| {own:.1f} | {own / used if used else math.nan:.3f} |"
        )


def one_report(out: Path, turns: int) -> None:
    """Print the committee's report both ways in turn, from a cold start and with no ledger."""
    ways = ["plain commands", "iro report, cold", "benchmarks/floor.py"]
    taken: dict[str, list[Pair]] = {way: [] for way in ways}
    for turn in range(turns):
        folder = out / f"turn{turn}"  # each with a ledger of its own: nothing was released before
        folder.mkdir()
        calls = [
            (plain, "committee_report", "2019-20", folder),
            (run, BIN / "iro", "report", "2019-20", "--out", folder / "outputs"),
            (run, sys.executable, Path(__file__).with_name("floor.py")),
        ]
        for way, call in zip(ways, calls, strict=True):
            taken[way].append(both(*call))
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
            clock, used = taken[way][-1]
            print(f"{way}: {clock:.1f} s, {used:.1f} processor seconds, load {load:.1f}",
                  file=sys.stderr, flush=True)  # fmt: skip
    middle = {way: [sorted(part)[turns // 2] for part in zip(*taken[way], strict=True)]
              for way in ways}  # fmt: skip
    clock_of, used_of = middle[ways[0]]
    for way, (clock, used) in middle.items():
        print(f"| the committee's report, {way} (median of {turns}) | {clock:.1f} "
              f"| {clock / clock_of:.2f} | {used:.1f} "
              f"| {used / used_of if used_of else math.nan:.2f} |")  # fmt: skip


def start() -> None:
    """Print what the command takes to say what it can do."""
    nothing = sorted(timed(run, sys.executable, "-c", "pass") for _ in range(9))[4]
    help_ = sorted(timed(run, BIN / "iro", "--help") for _ in range(9))[4]
    print(
        f"\n`iro --help` takes {help_:.2f} s, `python -c pass` {nothing:.2f} s: "
        f"{help_ - nothing:.2f} s of its own, {help_ / nothing:.1f} times."
    )


if __name__ == "__main__":
    main()
