"""Every notebook opened, run and saved in JupyterLab; the panel driven in a real browser."""

from __future__ import annotations

import csv
import re

import lab
import nbformat
import pytest

from iro_analysis.periods import single
from iro_analysis.runner import notebooks
from iro_analysis.runner.prepare import private_store, released
from iro_analysis.runner.tasks import Task

pytestmark = pytest.mark.slow
NAMES = sorted(path.stem for path in notebooks.folder().glob("*.ipynb"))
ANOTHER_PERIOD = "reviews"  # is run for a period that nothing has prepared
CHILD = re.compile(r"SYN\d{6}")


@pytest.fixture(scope="module")
def running(tmp_path_factory, project):
    """A server whose notebooks find the year 2019-20 prepared, as those of a run do."""
    root = lab.copy_of_project(project, tmp_path_factory.mktemp("analyst"))
    data = str(root / "data" / "demo")
    with private_store() as store:
        task = Task(data, single("2019-20"), "", "committee", ())
        assert len(list(released([task], {}, store))) == 1
        own = tmp_path_factory.mktemp("jupyter")
        with lab.server(root, own, store.environment) as started:
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

        shows("33 of 328 (10%)")
        lab.pick(page, "Measure", "Age profile: Share of children looked after by age")
        shows("140 of 328 children looked after (43%) are")
        assert view.locator("svg").count() == 1
        lab.pick(page, "Beside", "England")
        call = re.compile(r'by="age_band", against="England"\)$')
        expect(page.get_by_label("The call", exact=True)).to_have_value(call)
        page.get_by_label("Save as", exact=True).select_option(label="Table (CSV)")
        page.locator(".widget-button", has_text="Save").click()
        page.get_by_text("Saved:").wait_for()
        lab.pick(page, "Measure", "Children looked after: Children looked after")
        shows("By age, the largest group")
        lab.pick(page, "By", "legal_status")
        lab.pick(page, "Part", "Q3")
        shows("31 December 2019")
        lab.pick(page, "Group", "Youth justice")
        page.locator(".widget-button", has_text="List the children").click()
        page.get_by_text("Identifiable children").wait_for()
        assert CHILD.search(page.locator(".iro-view").nth(1).inner_text())
        page.keyboard.press("Escape")
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_text("Save Notebook", exact=True).click()
        page.get_by_text("Saving completed").wait_for()
    saved = nbformat.read(place, as_version=4)
    assert any(cell.get("outputs") for cell in saved.cells)
    assert not CHILD.search(nbformat.writes(saved)), "a child's identifier was saved"
    [written] = (running.root / "notebooks").glob("internal-age-share*.csv")
    with written.open(encoding="utf-8", newline="") as stream:
        assert [row["numerator"] for row in csv.DictReader(stream)] == [
            "15",
            "33",
            "42",
            "140",
            "98",
        ]
