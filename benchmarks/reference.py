"""Print how large the packaged published figures are and how long they take to load."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date

from iro_analysis.comparators import held, lookup, populations

DAY, LEEDS = date(2024, 3, 31), "E08000035"


def timed(what: str, call) -> None:
    """Print what a first and a second call take."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    print(f"{what}: {seconds[0] * 1000:.0f} ms, again {seconds[1] * 1000:.0f} ms")


def main() -> None:
    """Print sizes, counts and times."""
    files = [path for path in held.place().rglob("*") if path.is_file()]
    print(f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.2f} MB")
    timed("one rate", lambda: lookup.comparators("looked_after_rate", "all", LEEDS, DAY))
    timed("the largest table", lambda: lookup.comparators("ceased", "reason", LEEDS, DAY))
    timed("a population", lambda: populations.latest(LEEDS, None, "all", DAY))
    start = time.perf_counter()
    figures = sum(len(held.table(*each)) for each in held.tables())
    print(f"every table: {figures} figures, {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "iro_analysis", "--help"], check=True, stdout=subprocess.DEVNULL
    )
    print(f"iro --help: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
