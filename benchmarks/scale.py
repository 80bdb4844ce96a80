"""How time and memory grow with the return: reading, checking, joining and every measure of a year.

``python benchmarks/scale.py 10000 100000 1000000`` makes returns of so many rows of Episodes (no
real child), and runs each in a process of its own. Beside it: what pandas takes to read the same
files as text. Stages are in processor seconds, which other work on the machine hardly moves; the
elapsed seconds are printed as well.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grown import episodes_of, grow

SIZES = [10_000, 100_000, 1_000_000]
STAGES = ["pandas", "read", "record", "measures"]
TITLES = {
    "pandas": "pandas reads the files",
    "read": "read, check, join",
    "record": "chain episodes",
    "measures": "all measures of a year",
}


def plain(folder: Path) -> dict[str, float]:
    """Read every file with pandas, as text."""
    import pandas as pd

    began = time.process_time()
    rows = sum(len(pd.read_csv(path, dtype=str)) for path in sorted(folder.rglob("*.csv")))
    return {"pandas": time.process_time() - began, "rows": rows, "memory": _memory()}


def ours(folder: Path) -> dict[str, float]:
    """Read, check, join and work out every measure, a stage at a time."""
    from iro_analysis import periods
    from iro_analysis.cohorts.record import CareRecord
    from iro_analysis.indicators import evaluate
    from iro_analysis.reading.authority import read_authority

    year, taken = periods.single("2019-20"), {}
    clock, began = time.perf_counter(), time.process_time()
    [authority] = read_authority(folder)
    taken["read"], began = time.process_time() - began, time.process_time()
    record = CareRecord.of(authority)
    taken["record"], began = time.process_time() - began, time.process_time()
    evaluate.all_figures(record, year)
    taken["measures"] = time.process_time() - began
    return {**taken, "clock": time.perf_counter() - clock, "memory": _memory()}


def _memory() -> float:
    """Return the most memory this process has held [GB]."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e9 if sys.platform == "darwin" else 1e6)


def apart(what: str, folder: Path) -> dict[str, float]:
    """Run one of the two in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def exponent(sizes: list[int], seconds: list[float]) -> float:
    """Return the power of size with which time grows: the slope between the logarithms."""
    x, y = [math.log(n) for n in sizes], [math.log(s) for s in seconds]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    rise = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True))
    return rise / sum((a - middle) ** 2 for a in x)


def main() -> None:
    """Print the table."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="EPISODES")
    given.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.one:
        print(json.dumps({"plain": plain, "ours": ours}[asked.one[0]](Path(asked.one[1]))))
        return
    print("| rows of Episodes | rows in all | " + " | ".join(TITLES.values())
          + " | ours in all | on the clock | ours / pandas | memory [GB] (pandas) |")  # fmt: skip
    print("|--:" * 10 + "|")
    sizes, totals = [], []
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = grow(Path(place) / "grown", size)
            episodes = episodes_of(folder)
            bare = apart("plain", folder)
            full = {**bare, **apart("ours", folder)}
        total = sum(full[stage] for stage in STAGES[1:])
        sizes.append(episodes)
        totals.append(total)
        print(
            f"| {episodes:,} | {int(bare['rows']):,} | "
            + " | ".join(f"{full[stage]:.1f}" for stage in STAGES)
            + f" | {total:.1f} | {full['clock']:.1f} | {total / full['pandas']:.1f}"
            + f" | {full['memory']:.2f} ({bare['memory']:.2f}) |",
            flush=True,
        )
    for place in range(1, len(sizes)):
        power = exponent(sizes[place - 1 : place + 1], totals[place - 1 : place + 1])
        print(f"{sizes[place - 1]:,} to {sizes[place]:,}: the {power:.2f}th power of the rows.")


if __name__ == "__main__":
    main()
