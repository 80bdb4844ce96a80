"""Make docs/explore.png: the panel of explore.ipynb in JupyterLab (`make pictures`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import lab

PROJECT = Path(__file__).parents[1]


def main() -> int:
    """Write the picture; 1 where there is no browser."""
    with tempfile.TemporaryDirectory() as place:
        own = Path(place, "own")
        root = lab.copy_of_project(PROJECT, Path(place, "analyst"))
        with (
            lab.server(root, own) as running,
            lab.page_of(running, "notebooks/explore.ipynb", 1000, 2400) as page,
        ):
            if page is None:
                return 1
            lab.run_all(page)
            lab.pick(page, "Measure", "Age profile: Share of children looked after by age")
            lab.pick(page, "Beside", "England")
            page.wait_for_selector(".iro-view svg")
            page.locator(".jp-OutputArea", has=page.locator(".widget-dropdown")).first.screenshot(
                path=PROJECT / "docs" / "explore.png"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
