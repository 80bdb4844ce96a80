"""Every notebook opened, run and saved in JupyterLab; the panel driven in a real browser."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from contextlib import contextmanager

import lab
import nbformat
import openpyxl
import PIL.Image
import pytest

from iro_analysis.demonstration import write_demonstration
from iro_analysis.periods import single
from iro_analysis.prepared import AUDIENCE, INTERNAL
from iro_analysis.runner import notebooks
from iro_analysis.runner.prepare import Batch, private_store, released
from iro_analysis.runner.tasks import Task
from iro_analysis.study import open_authority

pytestmark = [pytest.mark.slow, pytest.mark.long]
NAMES = sorted(path.stem for path in notebooks.folder().glob("*.ipynb"))
ANOTHER_PERIOD = "reviews"  # is run for a period that nothing has prepared
CHILD = re.compile(r"SYN\d{6}")
FORMS = {"Picture (SVG)": ".svg", "Picture (PNG)": ".png", "Table (CSV)": ".csv",
         "Table (XLSX)": ".xlsx", "Notebook": ".ipynb"}  # fmt: skip
VIEW = "internal-age-share-by-age-band-2019-20"  # the name that the panel gives the view's files
AGES = [15, 33, 42, 140, 98]
# The contrast of an element's text, in HTML or SVG, with what lies behind it.
CONTRAST = """element => {
    const light = colour => {
        const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(each => {
            const part = Number(each) / 255;
            return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const own = getComputedStyle(element);
    let behind = element.closest('svg') || element, back = 'rgba(0, 0, 0, 0)';
    while (behind && back === 'rgba(0, 0, 0, 0)') {
        back = getComputedStyle(behind).backgroundColor;
        behind = behind.parentElement;
    }
    const [a, b] = [light(element.closest('svg') ? own.fill : own.color), light(back)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory, project):
    """A server whose notebooks find the year 2019-20 prepared; what else they ask for, they read.

    A run for the committee would refuse the rest: an analyst's own session is of the internal kind.
    """
    root = lab.copy_of_project(project, tmp_path_factory.mktemp("analyst"))
    write_demonstration(root / "data" / "borough", 7, children=12)  # another, to be picked
    data = str(root / "data" / "demo")
    with private_store() as store:
        for audience in ("committee", INTERNAL):  # the last one keeps the rows as well
            task = Task(data, single("2019-20"), str(root / "outputs"), audience, ())
            assert len(list(released(Batch([task], open_authority(data)), store))) == 1
        own = tmp_path_factory.mktemp("jupyter")
        with lab.server(root, own, store.environment | {AUDIENCE: INTERNAL}) as started:
            yield started


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_runs_and_saves(running, name):
    change = {'"2019-20"': '"2018-19"'} if name == ANOTHER_PERIOD else None
    running.run(f"notebooks/{name}.ipynb", change)
    saved = nbformat.read(running.root / "notebooks" / f"{name}.ipynb", as_version=4)
    nbformat.validate(saved)
    code = [cell for cell in saved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    said = [output for output in outputs if output.output_type in ("error", "stream")]
    assert said == []
    shown = [cell for cell in code if cell.metadata.get("tags", []) == []]
    assert all(cell.outputs for cell in shown)
    assert not CHILD.search(nbformat.writes(saved))
    if name == ANOTHER_PERIOD:
        assert "year to 31 March 2019" in nbformat.writes(saved) or "2018-19" in str(outputs)


@contextmanager
def panel_page(running, audience="internal"):
    """The panel's notebook in a browser, run from the top; no view of a test before is kept."""
    (running.root / ".iro" / "panel.json").unlink(missing_ok=True)
    place = running.root / "notebooks" / "explore.ipynb"
    text = (notebooks.folder() / "explore.ipynb").read_text(encoding="utf-8")
    place.write_text(text.replace('\\"committee\\"', f'\\"{audience}\\"'), encoding="utf-8")
    with lab.page_of(running, "notebooks/explore.ipynb") as opened:
        if opened is None:
            pytest.skip("NO BROWSER: the panel was not driven; install Chromium to test it")
        from playwright.sync_api import expect

        expect.set_options(timeout=lab.SECONDS * 1000)
        lab.run_all(opened)
        yield opened


def shows(page, words: str) -> None:
    """Wait until the panel's view holds words."""
    page.wait_for_function(
        "words => [...document.querySelectorAll('.iro-panel .iro-view')].some("
        "each => each.innerText.includes(words))",
        arg=words,
    )


def calls(page, ending: str) -> None:
    """Wait until the call below the view ends so."""
    from playwright.sync_api import expect

    expect(page.get_by_label("The call", exact=True)).to_have_value(re.compile(ending))


def test_the_panel_in_a_browser(running):
    """Every widget of the panel, in an internal session, as a hand would use it."""
    place = running.root / "notebooks" / "explore.ipynb"
    with panel_page(running) as page:
        _drive(page, place)
    saved = nbformat.read(place, as_version=4)
    assert any(cell.get("outputs") for cell in saved.cells)
    assert not CHILD.search(nbformat.writes(saved)), "a child's identifier was saved"
    _holds_the_view(running, running.root / "outputs" / "internal" / "demo" / VIEW)


def _drive(page, place):
    from playwright.sync_api import expect

    panel = page.locator(".iro-panel").first
    shows(page, "33 of 328 (10%)")
    for area in ("England", "London", "Outer London"):
        expect(panel.get_by_label(area, exact=True)).to_be_checked()
    lab.find(page, "share age")
    lab.pick(page, "Measure", "Share of children looked after by age")
    shows(page, "140 of 328 children looked after (43%) are")
    tips = panel.locator("svg title").all_text_contents()
    assert "10 to 15: 43% (likely range 36% to 50%)" in tips
    assert "England, 10 to 15: 39%" in tips
    lab.pick(page, "Sort by", "Percentage, largest first")
    first = panel.locator("tbody th").first
    expect(first).to_have_text("10 to 15")
    page.get_by_label("Find in table", exact=True).fill("under")
    expect(first).to_have_text("Under 1")
    page.get_by_label("Find in table", exact=True).fill("")
    for area in ("London", "Outer London", "Statistical neighbours (2021 model)"):
        panel.get_by_label(area, exact=True).uncheck()
    calls(page, r'by="age_band", against="England"\)$')
    for form, ending in FORMS.items():
        page.get_by_label("Save as", exact=True).select_option(label=form)
        panel.get_by_role("button", name="Save", exact=True).click()
        folder = "my_notebooks" if ending == ".ipynb" else "outputs/internal/demo"
        page.get_by_text(re.compile(rf"^Saved: .*{folder}/{VIEW}{re.escape(ending)}$")).wait_for()
    panel.get_by_role("button", name="Open as notebook").click()
    expect(page.get_by_role("link", name=f"Open {VIEW}-2.ipynb")).to_be_visible()
    _is_remembered(page)
    for area in ("London", "Outer London", "Statistical neighbours (2021 model)"):
        panel.get_by_label(area, exact=True).check()
    calls(page, r'by="age_band"\)$')
    lab.pick(page, "Measure", "Children looked after")
    shows(page, "By age, the largest group")
    lab.pick(page, "Broken down by", "Legal status")
    lab.pick(page, "Part of year", "Q3")
    shows(page, "31 December 2019")
    panel.get_by_label("2018-19", exact=True).check()
    calls(page, r'\["2018-19-Q3", "2019-20-Q3"\], by="legal_status"\)$')
    panel.get_by_label("2019-20", exact=True).uncheck()
    shows(page, "31 December 2018")
    lab.pick(page, "Authority", "borough")
    calls(page, r'open_authority\("data/borough", audience="internal"\)\n.*"2018-19-Q3"')
    lab.pick(page, "Authority", "demo")
    calls(page, r'open_authority\("data/demo", audience="internal"\)\n.*"2018-19-Q3"')
    panel.get_by_label("2019-20", exact=True).check()
    panel.get_by_label("2018-19", exact=True).uncheck()
    shows(page, "31 December 2019")
    lab.pick(page, "Group", "Youth justice")
    panel.get_by_role("button", name="List the children").click()
    page.get_by_text("Identifiable children").wait_for()
    assert CHILD.search(panel.inner_text())
    _is_saved_by_itself(page, place)
    panel.get_by_role("button", name="Clear the list").click()
    expect(page.get_by_text("Identifiable children")).to_have_count(0)


def _is_remembered(page):
    """Restart the kernel and run all cells: the panel shows what it showed."""
    page.keyboard.press("Escape")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells", exact=False).click()
    page.evaluate("document.querySelectorAll('.iro-panel').forEach(each => each.remove())")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_selector(".iro-panel .iro-view svg")
    calls(page, r'by="age_band", against="England"\)$')


def _is_saved_by_itself(page, place):
    """Change a cell, and wait until JupyterLab has saved the notebook without being asked."""
    before = place.stat().st_mtime_ns
    page.locator(".jp-CodeCell .cm-content").last.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # Looked at.")
    for _ in range(lab.SECONDS * 2):
        if place.stat().st_mtime_ns != before and "Looked at." in place.read_text("utf-8"):
            return
        page.wait_for_timeout(500)
    raise AssertionError("JupyterLab did not save the notebook by itself")


def test_tab_lists_the_measures_and_the_dark_theme_is_readable(running):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import expect

    running.set_theme("JupyterLab Dark")
    with panel_page(running) as page:
        page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
        lab.pick(page, "Measure", "Share of children looked after by age")
        shows(page, "140 of 328 children looked after (43%) are")
        for what in (".iro-panel .iro-view p", ".iro-panel svg text", ".iro-panel td",
                     ".iro-panel .widget-label", ".iro-panel .take a"):  # fmt: skip
            found = page.locator(what).first
            if found.count():
                assert found.evaluate(CONTRAST) >= 4.5, what
        found = Axe().run(page, context=".iro-panel").response["violations"]
        assert [(each["id"], [n["html"][:150] for n in each["nodes"]]) for each in found] == []
        page.locator(".jp-CodeCell .cm-content").last.click()
        page.keyboard.press("Control+End")
        page.keyboard.press("Enter")
        page.keyboard.type("authority.measures.looked_")
        lab.complete(page)
        expect(page.locator(".jp-Completer").first).to_contain_text("looked_after_rate")


def test_the_picture_is_copied_and_downloaded_and_the_view_opens_as_a_notebook(running):
    with panel_page(running, "committee") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        lab.pick(page, "Measure", "Share of children looked after by age")
        shows(page, "140 of 328 children looked after (43%) are")
        page.wait_for_selector(f'a[download="{VIEW.removeprefix("internal-")}.png"]')
        button = page.locator(".iro-panel .take button").first
        # The browser refuses its clipboard while the page is not the one in front: press again.
        for _ in range(lab.SECONDS):
            button.click()
            page.wait_for_timeout(1000)
            if button.text_content() == "Copied":
                break
        assert button.text_content() == "Copied"
        copied = "async () => (await navigator.clipboard.read()).flatMap(each => each.types)"
        assert page.evaluate(copied) == ["image/png"]
        with page.expect_download() as found:
            page.get_by_role("link", name="Download picture (PNG)").click()
        with PIL.Image.open(found.value.path()) as picture:
            assert min(picture.size) > 200
        page.get_by_role("button", name="Open as notebook").click()
        page.get_by_role("link", name=f"Open {VIEW.removeprefix('internal-')}").click()
        page.wait_for_url("**/my_notebooks/age-share-by-age-band-2019-20.ipynb*")


def _holds_the_view(running, written):
    """Open each file that the panel saved, by what opens such a file; run the notebook."""
    drawn = ET.parse(written.with_suffix(".svg")).getroot()
    assert drawn.tag.endswith("svg")
    assert "10 to 15" in "".join(drawn.itertext())
    with PIL.Image.open(written.with_suffix(".png")) as picture:
        picture.load()
        assert min(picture.size) > 200
        assert len(picture.convert("L").getcolors()) > 10, "not one even surface"
    with written.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        assert [int(row["numerator"]) for row in csv.DictReader(stream)] == AGES
    book = openpyxl.load_workbook(written.with_suffix(".xlsx"))
    heads, *rows = book["Figures"].iter_rows(values_only=True)
    assert [row[heads.index("numerator")] for row in rows] == AGES
    again = running.run(f"my_notebooks/{written.name}.ipynb")
    outputs = [output for cell in again["cells"] for output in cell.get("outputs", [])]
    assert all(output["output_type"] == "execute_result" for output in outputs)
    assert any("140 of 328 children looked after (43%)" in str(one) for one in outputs)
    assert not CHILD.search(str(again))
