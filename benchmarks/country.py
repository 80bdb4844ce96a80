"""What a folder of many authorities takes: one committee report each, by two workers.

``python benchmarks/country.py 30`` copies the demonstration under so many names, and prints the
seconds, the processor seconds and the most memory that the deciding process held.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grown import DEMO
from reports import BIN, both


def copies(place: Path, number: int) -> Path:
    """Write the demonstration under many names."""
    for each in range(number):
        folder = place / f"place{each:03d}"
        shutil.copytree(DEMO, folder)
        told = folder / "authority.toml"
        lines = told.read_text(encoding="utf-8").splitlines()
        named = [f'name = "Place {each:03d}"' if line.startswith("name =") else line
                 for line in lines]  # fmt: skip
        told.write_text("\n".join(named) + "\n", encoding="utf-8")
    return place


def report(data: Path, out: Path, most: list[int]) -> None:
    """Make the reports, and note the most memory of the deciding process [kB], where Linux says."""
    process = subprocess.Popen(
        [BIN / "iro", "report", "2019-20", "--data", data, "--out", out, "--jobs", "2"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        lines = status.read_text().splitlines() if status.exists() else []
        most += [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
        time.sleep(0.2)


def main() -> None:
    """Print a line."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 153
    with tempfile.TemporaryDirectory() as place:
        data, out, most = copies(Path(place) / "data", number), Path(place) / "outputs", [0]
        clock, used = both(report, data, out, most)
        made = len(list(out.glob("*/2019-20/report.html")))
    print(f"{made} of {number} reports: {clock:.0f} s, {clock / number:.1f} s each")
    print(f"{used:.0f} processor seconds, {used / number:.1f} each; {max(most) / 1000:.0f} MB")


if __name__ == "__main__":
    main()
