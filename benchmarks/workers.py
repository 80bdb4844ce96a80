"""Pages by dask workers beside ``--jobs``.

``python benchmarks/workers.py`` makes a quarter's report of the demonstration, with an analysis
notebook, by 1, 2 and 4 workers both ways in turn, and says whether the outputs are the same bytes
(the list of reports names the day: a run past midnight differs there).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
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


if __name__ == "__main__":
    main()
