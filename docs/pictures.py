"""The pictures of the page in the README, made from the demonstration: ``make pictures``.

docs/page.png      the first screen of the committee's page
docs/page-narrow.png   the same on a telephone
docs/page-print.png    two of its pages on paper
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from iro_analysis import cli
from iro_analysis.runner import printing

DOCS = Path(__file__).parent
SCREENS = {"page.png": (1200, 900), "page-narrow.png": (390, 844)}  # width, height
PAPER, PAGES, SCALE = "page-print.png", (0, 4), 0.9


def main() -> int:
    """Make the report and photograph it; 1 where there is no browser."""
    browser = printing.browser()
    if browser is None:
        sys.stderr.write("no browser was found: the pictures stand as they were\n")
        return 1
    with tempfile.TemporaryDirectory() as out:
        status = cli.main(["report", "2019-20", "--pdf", "--out", out])
        if status:
            return status
        report = Path(out) / "demo" / "2019-20"
        photograph(browser, report / "report.html")
        lay_out(report / "report.pdf")
    return 0


def photograph(browser: str, page_file: Path) -> None:
    """Save the first screen of a page at each width."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=list(printing.FLAGS))
        for name, (width, height) in SCREENS.items():
            page = opened.new_page(viewport={"width": width, "height": height})
            page.goto(page_file.as_uri())
            page.screenshot(path=DOCS / name)
            page.close()
        opened.close()


def lay_out(paper: Path) -> None:
    """Save some pages of a PDF side by side."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(paper)
    images = [document[place].render(scale=SCALE).to_pil() for place in PAGES]
    document.close()
    gap = 12
    width = sum(image.width for image in images) + gap * (len(images) + 1)
    sheet = Image.new("RGB", (width, images[0].height + 2 * gap), "#b1b4b6")
    left = gap
    for image in images:
        sheet.paste(image, (left, gap))
        left += image.width + gap
    sheet.save(DOCS / PAPER, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
