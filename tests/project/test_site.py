"""The documentation site: built without a warning, complete, and sound without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from iro_analysis import catalogue
from iro_analysis.runner import printing

WIDTHS = (1200, 390)


@pytest.fixture(scope="module")
def site(project, tmp_path_factory):
    """Build the site; Sphinx takes a warning for an error."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(project / "docs" / "site" / "build.py"), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return out


@pytest.fixture(scope="module")
def pages(site):
    """Return every page, read."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in site.rglob("*.html")
    }


@pytest.mark.slow
@pytest.mark.long
def test_every_measure_has_its_page_and_the_list_leads_to_it(pages):
    listed = {
        link.get("href", "").split("#")[0] for link in pages["docs/measures.html"].select("a")
    }
    for entry in catalogue.measures().values():
        assert f"measures/{entry.id}.html" in listed, entry.id
        page = pages[f"docs/measures/{entry.id}.html"]
        assert page.h1.get_text().startswith(entry.title)
        said = " ".join(page.select_one("article").get_text().split())
        assert f"Name: {entry.id}" in said
        assert " ".join(entry.numerator.replace("`", "").split()) in said
        assert page.select_one(f'a[href*="iro_analysis.indicators.{dotted(entry)}"]'), entry.id


def dotted(entry):
    return entry.computed_by.replace(":", ".")


@pytest.mark.slow
@pytest.mark.long
def test_every_link_of_the_site_leads_somewhere(site, pages):
    anchors = {name: {one["id"] for one in page.select("[id]")} for name, page in pages.items()}
    followed = 0
    for name, page in pages.items():
        for link in page.select("a[href], img[src], link[href], script[src]"):
            target = urlsplit(link.get("href") or link.get("src"))
            if target.scheme or target.netloc:
                continue
            file = (site / name).parent / unquote(target.path) if target.path else site / name
            file = file.resolve()
            assert file.is_file(), (name, link)
            place = file.relative_to(site.resolve()).as_posix()
            if target.fragment and place in anchors:
                assert unquote(target.fragment) in anchors[place], (name, link)
            followed += 1
    assert followed > 5000


@pytest.mark.slow
@pytest.mark.long
def test_no_page_asks_another_host_for_anything(site, pages):
    for name, page in pages.items():
        for part in page.select("link[href], script[src], img[src], iframe, object, embed"):
            place = part.get("href") or part.get("src") or part.get("data") or ""
            if "canonical" not in (part.get("rel") or []):
                assert not re.match(r"(https?:)?//", place), (name, part)
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", text), sheet


@pytest.mark.slow
@pytest.mark.long
def test_the_reference_shows_what_a_notebook_calls(pages):
    explore, study = pages["reference/explore.html"], pages["reference/study.html"]
    assert explore.find(id="iro_analysis.explore.explorer.open_authority")
    assert explore.find(id="iro_analysis.explore.explorer.Explorer.ask")
    assert study.find(id="iro_analysis.study.Study.open")
    assert "Parameters" in explore.get_text()


@pytest.mark.slow
@pytest.mark.long
def test_a_reader_finds_a_measure_and_no_page_is_wider_than_the_screen(site):
    from playwright.sync_api import sync_playwright

    asked = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=printing.browser(), args=list(printing.FLAGS)
        )
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 844})
            page.on("request", lambda request: asked.append(request.url))
            for name in ("index", "docs/measures/started", "reference/periods", "docs/tutorial"):
                page.goto((Path(site) / f"{name}.html").as_uri())
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (name, width, wide)
            page.goto((site / "search.html").as_uri() + "?q=unaccompanied")
            found = page.locator("#search-results a", has_text="Unaccompanied").first
            found.wait_for(timeout=10_000)
            page.close()
        browser.close()
    assert asked
    assert all(url.startswith(("file:", "data:")) for url in asked), asked
