"""Make docs/explore.png and docs/explore-narrow.png: the panel in JupyterLab (`make pictures`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import lab
from PIL import Image

PROJECT = Path(__file__).parents[1]
WIDTHS = {"explore.png": 1400, "explore-narrow.png": 600}
COLOURS = 200


def main() -> int:
    """Write the pictures; 1 where there is no browser."""
    with tempfile.TemporaryDirectory() as place:
        own = Path(place, "own")
        root = lab.copy_of_project(PROJECT, Path(place, "analyst"))
        with lab.server(root, own) as running:
            for name, width in WIDTHS.items():
                with lab.page_of(running, "notebooks/explore.ipynb", width, 2400) as page:
                    if page is None:
                        return 1
                    lab.run_all(page)
                    lab.pick(page, "Measure", "Share of children looked after by age")
                    page.get_by_text("aged 10 to 15").first.wait_for()
                    page.get_by_text("Download table").first.wait_for()
                    target = PROJECT / "docs" / name
                    page.locator(".iro-panel").first.screenshot(path=target)
                with Image.open(target) as picture:
                    picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
