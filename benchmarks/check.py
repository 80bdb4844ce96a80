"""Say which stages got slower by more than a quarter than the ratios in ``ratios.toml``.

``python benchmarks/check.py`` works out each stage's processor seconds as a multiple of what pandas
takes to read the same files as text: the least of several turns. It exits with 1 where one got
slower.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from pathlib import Path

from grown import grow
from scale import TITLES, apart

RECORDED = Path(__file__).with_name("ratios.toml")
ALLOWED = 1.25


def measured(episodes: int, turns: int) -> dict[str, float]:
    """Return each stage's processor seconds as a multiple of pandas' own."""
    with tempfile.TemporaryDirectory() as place:
        folder = grow(Path(place) / "grown", episodes)
        every = [{**apart("plain", folder), **apart("ours", folder)} for _ in range(turns)]
    least = {stage: min(turn[stage] for turn in every) for stage in TITLES}
    return {stage: least[stage] / least["pandas"] for stage in TITLES if stage != "pandas"}


def main() -> int:
    """Print the ratios beside the recorded ones; return 1 where one got slower."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--turns", type=int, default=3)
    recorded = tomllib.loads(RECORDED.read_text(encoding="utf-8"))
    slower = False
    for stage, ratio in measured(recorded["episodes"], given.parse_args().turns).items():
        before = recorded["of_pandas"][stage]
        is_slower = ratio > ALLOWED * before
        slower |= is_slower
        print(f"{TITLES[stage]}: {ratio:.1f} times pandas, recorded {before:.1f}"
              f"{', SLOWER' if is_slower else ''}")  # fmt: skip
    return int(slower)


if __name__ == "__main__":
    sys.exit(main())
