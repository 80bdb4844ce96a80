"""How long the explorer makes an analyst wait, stage by stage: ``python benchmarks/panel.py``.

In one process from a cold start, on the demonstration. The last column sets each stage against the
opening (imports and reading), which every session pays once.
"""

from __future__ import annotations

import time
from pathlib import Path

DEMO = str(Path(__file__).parents[1] / "data" / "demo")
FIRST, SECOND = "2019-20", "2018-19"


def main() -> None:
    """Print the table."""
    clock = [time.perf_counter()]

    def passed() -> float:
        clock.append(time.perf_counter())
        return clock[-1] - clock[-2]

    from iro_analysis.explore import open_authority

    demo = open_authority(DEMO)
    stages = [("open: imports, reading", passed())]
    for name in (FIRST, SECOND):
        study = demo.study(name)
        stages.append((f"figures of {name}, through the gate", passed()))
        demo.ask("looked_after_rate", name)._repr_html_()
        stages.append((f"first view of {name}", passed()))
        demo.ask("reviews_on_time", name)._repr_html_()
        stages.append((f"another measure of {name}", passed()))
    study.comparisons()
    stages.append((f"every comparison of {SECOND}, for which no view waits", passed()))
    opening = stages[0][1]
    print("| stage | seconds | of opening |\n|---|--:|--:|")
    for stage, seconds in stages:
        print(f"| {stage} | {seconds:.2f} | {seconds / opening:.2f} |")


if __name__ == "__main__":
    main()
