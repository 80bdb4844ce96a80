"""Every notebook opened, run and saved in JupyterLab; the panel driven in a real browser."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET

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

pytestmark = pytest.mark.slow
NAMES = sorted(path.stem for path in notebooks.folder().glob("*.ipynb"))
ANOTHER_PERIOD = "reviews"  # is run for a period that nothing has prepared
CHILD = re.compile(r"SYN\d{6}")
FORMS = {"Picture (SVG)": ".svg", "Picture (PNG)": ".png", "Table (CSV)": ".csv",
         "Table (XLSX)": ".xlsx", "Notebook": ".ipynb"}  # fmt: skip
VIEW = "internal-age-share-by-age-band-2019-20"  # the name that the panel gives the view's files
AGES = [15, 33, 42, 140, 98]


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


def test_the_panel_in_a_browser(running):
    """Every widget of the panel, in an internal session, as a hand would use it."""
    place = running.root / "notebooks" / "explore.ipynb"
    text = (notebooks.folder() / "explore.ipynb").read_text(encoding="utf-8")
    place.write_text(text.replace('\\"committee\\"', '\\"internal\\"'), encoding="utf-8")
    with lab.page_of(running, "notebooks/explore.ipynb") as page:
        if page is None:
            pytest.skip("NO BROWSER: the panel was not driven; install Chromium to test it")
        from playwright.sync_api import expect

        expect.set_options(timeout=lab.SECONDS * 1000)
        lab.run_all(page)
        view = page.locator(".iro-view").first

        def shows(words: str) -> None:
            page.wait_for_function(
                "words => document.querySelector('.iro-view').innerText.includes(words)", arg=words
            )

        def chosen(label: str) -> str:
            picked = page.get_by_label(label, exact=True).locator("option:checked")
            return " ".join(picked.inner_text().split())  # the widget keeps blanks from breaking

        shows("33 of 328 (10%)")
        assert chosen("Beside") == "All that are held"
        assert chosen("Authority") == "demo"
        lab.pick(page, "Measure", "Age profile: Share of children looked after by age")
        shows("140 of 328 children looked after (43%) are")
        assert view.locator("svg").count() == 1
        lab.pick(page, "Beside", "England")
        call = re.compile(r'by="age_band", against="England"\)$')
        expect(page.get_by_label("The call", exact=True)).to_have_value(call)
        for form, ending in FORMS.items():
            page.get_by_label("Save as", exact=True).select_option(label=form)
            page.locator(".widget-button", has_text="Save").click()
            page.get_by_text(re.compile(rf"^Saved: .*{VIEW}{re.escape(ending)}$")).wait_for()
        lab.pick(page, "Beside", "All that are held")
        expect(page.get_by_label("The call", exact=True)).to_have_value(
            re.compile(r'by="age_band"\)$')
        )
        assert chosen("Beside") == "All that are held"
        lab.pick(page, "Measure", "Children looked after: Children looked after")
        shows("By age, the largest group")
        lab.pick(page, "By", "legal_status")
        lab.pick(page, "Part", "Q3")
        shows("31 December 2019")
        lab.pick(page, "Year", "2018-19")
        shows("31 December 2018")
        assert chosen("Part") == "Q3"
        lab.pick(page, "Authority", "borough")
        expect(page.get_by_label("The call", exact=True)).to_have_value(
            re.compile(r'open_authority\("data/borough", audience="internal"\)\n.*"2018-19-Q3"')
        )
        assert re.search(r"\b\d of 1?\d\b", view.inner_text()), "few children: it is the other one"
        lab.pick(page, "Authority", "demo")
        lab.pick(page, "Year", "2019-20")
        shows("31 December 2019")
        assert chosen("Group") == "All groups"
        lab.pick(page, "Group", "Youth justice")
        page.locator(".widget-button", has_text="List the children").click()
        page.get_by_text("Identifiable children").wait_for()
        assert CHILD.search(page.locator(".iro-view").nth(1).inner_text())
        page.keyboard.press("Escape")
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_text("Save Notebook", exact=True).click()
        page.get_by_text("Saving completed").wait_for()
        page.locator(".widget-button", has_text="Clear the list").click()
        expect(page.get_by_text("Identifiable children")).to_have_count(0)
    saved = nbformat.read(place, as_version=4)
    assert any(cell.get("outputs") for cell in saved.cells)
    assert not CHILD.search(nbformat.writes(saved)), "a child's identifier was saved"
    _holds_the_view(running, running.root / "outputs" / "internal" / "demo" / VIEW)


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
    again = running.run(f"notebooks/{written.name}.ipynb")
    outputs = [output for cell in again["cells"] for output in cell.get("outputs", [])]
    assert all(output["output_type"] == "execute_result" for output in outputs)
    assert any("140 of 328 children looked after (43%)" in str(one) for one in outputs)
    assert not CHILD.search(str(again))
