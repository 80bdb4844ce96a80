"""The gallery of the notebooks, made from the demonstration: ``make pictures``.

docs/gallery.md and docs/gallery/<notebook>.png: the first screen of the report, and of each
notebook's findings.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from PIL import Image

from iro_analysis import cli
from iro_analysis.runner import notebooks, printing

DOCS = Path(__file__).parent
PERIOD = "2019-20"
WIDTH, HEIGHT = 1000, 700
COLOURS = 200  # enough for the chart; the file is a third as large
# Every analysis begins with who is counted and whether the data can be trusted: they look alike.
TO_FINDINGS = """() => {
    const heads = [...document.querySelectorAll('main h2')];
    const trust = heads.findIndex(head => head.innerText.includes('trust the data'));
    heads[trust + 1].scrollIntoView();
}"""
HEAD = """# Gallery

The first screen of the committee's report for 2019-20, and of each notebook's findings in the
internal edition. The authority is the demonstration: no real child is in it. Made by
`make pictures`. Copy one to work in: `iro new mine --from explore`.
"""


def main() -> int:
    """Run and photograph every notebook, write the gallery; 1 where there is no browser."""
    browser = printing.browser()
    if browser is None:
        sys.stderr.write("no browser was found: the gallery stands as it was\n")
        return 1
    found = sorted(notebooks.folder().glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as out:
        flags = [flag for path in found for flag in ("--notebook", path.stem)]
        # Some notebooks have findings in the internal edition alone.
        internal = ["--audience", "internal", *flags]
        for words in ([], internal):
            status = cli.main(["report", PERIOD, "--out", out, *words])
            if status:
                return status
        made = Path(out, "internal", "demo", PERIOD)
        pages = {path.stem: made / f"{path.stem}.html" for path in found}
        report = {notebooks.REPORT: Path(out, "demo", PERIOD, "report.html")}
        photograph(browser, pages | report)
    (DOCS / "gallery.md").write_text(page(found), encoding="utf-8", newline="\n")
    return 0


def question(path: Path) -> str:
    """Return a notebook's title."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    words = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return next(text for text in words if text.startswith("# ")).splitlines()[0].removeprefix("# ")


def page(found: list[Path]) -> str:
    """Return the gallery as Markdown."""
    parts = [HEAD]
    for path in found:
        asked = question(path)
        picture = f"![First findings: {asked}](gallery/{path.stem}.png)"
        parts.append(f"\n## {asked}\n\n`{path.stem}`\n\n{picture}\n")
    return "".join(parts)


def photograph(browser: str, pages: dict[str, Path]) -> None:
    """Save the first screen of each page, in few colours."""
    from playwright.sync_api import sync_playwright

    (DOCS / "gallery").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=list(printing.FLAGS))
        for name, file in pages.items():
            screen = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            screen.goto(file.as_uri())
            if name != notebooks.REPORT:
                screen.evaluate(TO_FINDINGS)
            target = DOCS / "gallery" / f"{name}.png"
            screen.screenshot(path=target)
            screen.close()
            with Image.open(target) as picture:
                picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
        opened.close()


if __name__ == "__main__":
    sys.exit(main())
