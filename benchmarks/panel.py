"""How long the explorer makes an analyst wait, stage by stage: ``python benchmarks/panel.py``.

On the demonstration, in processor seconds of one process from a cold start for each audience;
``python benchmarks/panel.py internal`` is one of them. The last column sets each stage against
imports and reading, which every session pays once.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

DEMO = str(Path(__file__).parents[1] / "data" / "demo")
FIRST, SECOND = "2019-20", "2018-19"


def main() -> None:
    """Print a table for each audience, or that of the one named."""
    if len(sys.argv) > 1:
        print_stages(sys.argv[1])
        return
    for audience in ("committee", "internal"):
        subprocess.run([sys.executable, __file__, audience], check=True)


def print_stages(audience: str) -> None:
    """Print the table of one audience."""
    clock = [time.process_time()]

    def passed() -> float:
        clock.append(time.process_time())
        return clock[-1] - clock[-2]

    from iro_analysis.explore import open_authority

    stages = [("imports", passed())]
    demo = open_authority(DEMO, audience)
    stages.append(("reading", passed()))
    for name in (FIRST, SECOND):
        study = demo.study(name)
        stages.append((f"{name} opened", passed()))
        demo.ask("looked_after_rate", name)._repr_html_()
        stages.append((f"first view of {name}", passed()))
        demo.ask("reviews_on_time", name)._repr_html_()
        stages.append((f"another measure of {name}", passed()))
        demo.ask("looked_after_rate", name)._repr_html_()
        stages.append((f"the first view of {name} again", passed()))
    study.comparisons()
    stages.append((f"every comparison of {SECOND}, for which no view waits", passed()))
    opening = stages[0][1] + stages[1][1]
    print(f"| {audience} | processor seconds | of opening |\n|---|--:|--:|")
    for stage, seconds in stages:
        print(f"| {stage} | {seconds:.2f} | {seconds / opening:.2f} |")


if __name__ == "__main__":
    main()
