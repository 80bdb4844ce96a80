"""How long the explorer makes an analyst wait, stage by stage: ``python benchmarks/panel.py``.

On the demonstration, in processor seconds of one process from a cold start for each audience;
``python benchmarks/panel.py internal`` is one of them. The last column sets each stage against
imports and reading, which every session pays once.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iro_analysis.explore.explorer import Explorer

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
    if audience == "committee":
        with tempfile.TemporaryDirectory() as project:  # where the panel remembers its view
            os.chdir(project)
            asyncio.run(_panel(demo))
            os.chdir(Path(DEMO).anchor)
        stages.append(("the panel, its view still to come", passed()))
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


async def _panel(explorer: Explorer) -> None:
    """Make the panel as a notebook in JupyterLab does: what may be shown is decided after it."""
    os.environ["JPY_SESSION_NAME"] = "benchmark.ipynb"
    panel = explorer.panel("looked_after", period=FIRST)
    assert panel.widget
    assert not panel.view.value
    del os.environ["JPY_SESSION_NAME"]


if __name__ == "__main__":
    main()
