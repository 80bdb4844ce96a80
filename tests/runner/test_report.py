"""The whole run: notebooks executed, pages made, figures written, nothing given away."""

from __future__ import annotations

import csv
import html
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta

import nbformat
import pytest
from builders import write_return
from conftest import ANALYSES
from typed import iro

from iro_analysis.rounding import half_up
from iro_analysis.runner import outputs, pages
from iro_analysis.runner.places import Places

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_maker")]
NOTEBOOKS = ANALYSES


def plain_text(page):
    """Return the words of a page."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def process(*arguments, cwd):
    """Run the command as a process of its own, with several jobs."""
    return subprocess.run(
        [sys.executable, "-m", "iro_analysis", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=1800, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture(scope="module")
def committee(year_report):
    """The demonstration's year, with every analysis notebook."""
    said = (year_report.parents[1] / "said.txt").read_text(encoding="utf-8")
    assert "47180 rows read = 47180 used" in said
    return year_report


@pytest.fixture(scope="module")
def internal(tmp_path_factory, project, one_maker):
    out = tmp_path_factory.mktemp("internal")
    done = iro("report", "2019-20", "--out", out, "--audience", "internal", cwd=project)
    assert done.returncode == 0, done.stderr
    return out / "internal" / "demo" / "2019-20"


def figures(folder):
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def published_files(folder):
    return [path for path in folder.iterdir() if path.is_file()]


def text_of(path):
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as packed:
            return "\n".join(packed.read(name).decode("utf-8") for name in packed.namelist())
    if path.suffix != ".pdf":
        return path.read_text(encoding="utf-8")
    import pypdfium2

    paper = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in paper)
    paper.close()
    assert len(text) > 10_000
    return text


def test_the_outputs_of_the_contract_are_there(committee):
    names = {path.name for path in committee.iterdir()}
    assert {"report.html", "report.ipynb", "figures.csv", "manifest.json"} <= names
    assert {f"{name}.html" for name in NOTEBOOKS} <= names
    assert all(path.is_file() for path in committee.iterdir())
    assert sorted(path.name for path in committee.parent.iterdir()) == ["2019-20", "index.html"]


def test_figures_are_sorted_and_hidden_ones_are_empty(committee):
    rows = figures(committee)
    keys = [(r["period"], r["measure"], r["breakdown"], r["group"]) for r in rows]
    assert keys == sorted(keys)
    hidden = [row for row in rows if row["status"] == "suppressed"]
    assert hidden
    for row in hidden:
        assert not any(row[name] for name in ("numerator", "denominator", "value", "lower"))


@pytest.mark.long
def test_two_runs_give_the_same_bytes_whatever_the_number_of_workers(committee, project, tmp_path):
    done = process("report", "2019-20", "--out", tmp_path, "--notebook", "reviews", "--jobs", "2",
                   cwd=project)  # fmt: skip
    assert done.returncode == 0
    again = tmp_path / "demo" / "2019-20"
    for name in ("figures.csv", "report.html", "report.ipynb", "reviews.html", "reviews.ipynb"):
        assert (again / name).read_bytes() == (committee / name).read_bytes(), name


@pytest.mark.long
def test_the_internal_report_is_whole_and_marked(internal):
    assert not any(row["status"] == "suppressed" for row in figures(internal))
    page = (internal / "report.html").read_text(encoding="utf-8")
    assert pages.MARK in page


def identifying(demo):
    """Every identifier, pupil number, postcode and date of birth of the input."""
    found = set()
    for path in demo.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column in ("CHILD", "UPN", "HOME_POST", "PL_POST", "child", "postcode", "URN"):
                    if row.get(column) and not re.fullmatch(r"UN[1-5]|X+", row[column]):
                        found.add(row[column])
    return found


def released_files(folder):
    """Everything that a committee run leaves and says, but what is marked as internal."""
    out = folder.parents[1]
    return [*published_files(folder), *Places(out, "demo").ledger.rglob("*.json"), out / "said.txt",
            folder.parent / "index.html"]  # fmt: skip


def test_no_child_can_be_found_in_what_is_published(committee, demo):
    values = identifying(demo)
    assert len(values) > 3000
    assert any("ledger" in path.parts for path in released_files(committee))
    for path in released_files(committee):
        words = set(re.findall(r"[A-Z0-9]+(?: [0-9][A-Z]{2})?", text_of(path)))
        assert not words & values, path.name


def births(demo):
    """Every date of birth of the input, of children and of their own children."""
    found = set()
    for path in demo.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found |= {row[column] for column in ("DOB", "MC_DOB") if row.get(column)}
    return {datetime.strptime(text, "%d/%m/%Y").date() for text in found}


FORMS = [
    "%d/%m/%Y",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %B %Y",
    "%d %b %Y",
]


def test_no_date_of_birth_is_published_in_any_form(committee, demo):
    days = births(demo)
    assert len(days) > 500
    # The first and last days of months are those of periods, and stand on every page.
    days = {day for day in days if day.day != 1 and (day + timedelta(days=1)).day != 1}
    forms = {day.strftime(form) for day in days for form in FORMS}
    forms |= {text.removeprefix("0") for text in forms if text.startswith("0")}
    pattern = re.compile(
        r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}[/-]\d{2}[/-]\d{2}|\b\d{8}\b|\d{1,2} [A-Z][a-z]+ \d{4}"
    )
    for path in released_files(committee):
        assert not forms & set(pattern.findall(text_of(path))), path.name


def test_the_executed_notebooks_hold_no_hidden_figure(committee, demo):
    hidden = {
        (row["measure"], row["group"])
        for row in figures(committee)
        if row["status"] == "suppressed"
    }
    assert hidden
    for name in ["report", *NOTEBOOKS]:
        notebook = nbformat.read(committee / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                # Pages and text only: no table of figures, no object of the kernel.
                assert set(output.get("data", {})) <= {
                    "text/html", "text/plain", "text/markdown", "image/svg+xml", "image/png",
                }, name  # fmt: skip
                plain = "".join(output.get("data", {}).get("text/plain", ""))
                assert not re.search(r"numerator|suppressed", plain), name


def test_the_page_has_no_code_no_script_no_path_and_one_title(committee, project):
    for name in ["report", *NOTEBOOKS]:
        page = (committee / f"{name}.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert not re.search(r"(?:study|report)\.\w+\(", plain_text(page))
        assert "Traceback" not in page
        assert "Warning" not in page
        assert str(project) not in page
        assert not re.search(r'(?:src|href)="(?!#)', page)
        assert page.count("<h1") == 1
        assert "every child in this report is invented" in page


def test_the_executed_notebook_tells_nothing_of_the_machine(committee, project):
    for name in ["report", *NOTEBOOKS]:
        notebook = nbformat.read(committee / f"{name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        text = nbformat.writes(notebook)
        assert str(project) not in text
        assert "papermill" not in notebook.metadata
        assert 'period = "2019-20"' in text.replace('\\"', '"')


def test_every_marked_number_of_the_page_is_that_of_the_figures(committee):
    page = (committee / "report.html").read_text(encoding="utf-8")
    marked = re.findall(r'<span data-figure="([^"]*)"(?: data-what="([^"]*)")?>([^<]*)<', page)
    assert len(marked) > 500
    rows = {
        "|".join(row[name] for name in ("measure", "breakdown", "group", "period")): row
        for row in figures(committee)
    }
    wrong = [
        (key, what, said)
        for key, what, said in marked
        if (expected := expected_of(rows, html.unescape(key), what or "value")) is not None
        and html.unescape(said) not in expected
    ]
    assert wrong == []


def test_no_hidden_number_is_on_the_page(committee):
    text = (committee / "report.html").read_text(encoding="utf-8")
    page = plain_text(text)
    # Hidden for the committee: five of nineteen pupils, three held by youth justice.
    assert not re.search(r"\b5 of 19\b", page)
    assert "(3 of 328)" not in page
    for row in figures(committee):
        if row["status"] == "suppressed":
            key = "|".join(row[name] for name in ("measure", "breakdown", "group", "period"))
            # Another area's published number beside it carries the area's name.
            own = f'data-figure="{re.escape(html.escape(key))}"(?! data-what="[A-Z])'
            assert not re.search(own, text), key


def expected_of(rows, key, what):
    """What may be printed of a figure, from ``figures.csv`` alone; None where it is not there."""
    row = rows.get(key)
    measure, breakdown, _, period = key.split("|")
    if row is None or (breakdown == "all" and row["status"] != "ok"):
        row = rows.get(f"{measure}|period|{period}|2019-20")  # a total of an earlier period
    if row is None or row["status"] != "ok":
        return None
    value = float(row["value"])
    sign = {"percent": "%"}.get(row["unit"], "")
    if what == "value":
        value = value * 100 if row["unit"] == "probability" else value
        sign = "%" if row["unit"] == "probability" else sign
        return {f"{half_up(value, places):,}{sign}" for places in (0, 1)} | {f"under 1{sign}"}
    if what not in ("numerator", "denominator", "rest", "share"):
        return None
    out_of = float(row["denominator"])
    if what == "denominator":  # an average has no numerator
        return {f"{half_up(out_of):,}"}
    part = value if row["unit"] in ("children", "reviews", "count") else float(row["numerator"])
    return {
        "numerator": {f"{half_up(part):,}"},
        "rest": {f"{half_up(out_of - part):,}"},
        "share": {f"{half_up(part / out_of * 100)}%", "under 1%"},
    }[what]


def test_the_manifest_holds_the_hashes_of_inputs_and_outputs(committee, demo):
    manifest = json.loads((committee / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert outputs.sha256(committee / name) == digest
    every = {p.relative_to(demo).as_posix() for p in demo.rglob("*") if p.is_file()}
    # A small list can be guessed, and its hash would confirm the guess.
    of_children = {name for name in every if not name.startswith(("authority.toml", "commentary"))}
    assert {name.partition("/")[0] for name in of_children} >= {"ssda903", "local"}
    assert set(manifest["inputs"]) == every - of_children
    assert manifest["inputs_not_named"] == len(of_children)
    account = committee.parents[1] / "internal" / "demo" / "2019-20"
    whole = json.loads((account / "committee_manifest.json").read_text(encoding="utf-8"))
    assert set(whole["inputs"]) == every
    assert whole["outputs"] == manifest["outputs"]
    text = (committee / "manifest.json").read_text(encoding="utf-8")
    for name, digest in whole["inputs"].items():
        assert outputs.sha256(demo / name) == digest
        assert (digest in text) == (name not in of_children)
    assert manifest["rows"]["read"] == manifest["rows"]["used"] + manifest["rows"]["set_aside"]


@pytest.mark.long
def test_the_sample_made_elsewhere_gives_a_page_for_each_year(sample, tmp_path, project):
    done = process("report", "2017-18", "2018-19", "2019-20", "--data", sample, "--out", tmp_path,
                   "--jobs", "2", cwd=project)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "21441 rows read = 21441 used" in done.stdout
    for year in ("2017-18", "2018-19", "2019-20"):
        assert (tmp_path / "ssda903_sample" / year / "report.html").is_file()


@pytest.mark.long
def test_an_in_year_report_puts_no_national_figure_beside_it(tmp_path, project):
    done = iro("report", "2019-20-Q3", "--out", tmp_path, cwd=project)
    assert done.returncode == 0, done.stderr
    page = plain_text(
        (tmp_path / "demo" / "2019-20-Q3" / "report.html").read_text(encoding="utf-8")
    )
    assert "1 October 2019 to 31 December 2019" in page
    assert "than in England" not in page
    assert "above England" not in page
    assert "No national figure is set beside a period of less than a year." in page


def test_a_row_set_aside_is_written_and_makes_exit_1(tmp_path, project):
    rows = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    rows.append({"CHILD": "SYN99", "DECOM": "01/05/2019", "DEC": "01/04/2019", "REC": "E4A"})
    data = write_return(tmp_path / "small", rows)
    done = iro("report", "2019-20", "--data", data, "--out", tmp_path / "out", cwd=project)
    assert done.returncode == 1
    assert "2019-20/episodes.csv line 42" in done.stderr
    assert "SYN99" not in done.stderr + done.stdout
    with (tmp_path / "out/internal/small/2019-20/rows_set_aside.csv").open() as stream:
        [row] = csv.DictReader(stream)
    assert list(row) == ["file", "line", "column", "value", "reason"]
    assert (row["line"], row["column"]) == ("42", "DEC")


def broken_notebook(path, project):
    notebook = nbformat.read(project / "notebooks" / "age_profile.ipynb", as_version=4)
    notebook.cells.insert(3, nbformat.v4.new_code_cell('raise KeyError("SYN" + "000123")'))
    nbformat.write(notebook, path)


@pytest.mark.long
def test_a_notebook_that_fails_leaves_its_copy_and_the_last_good_report(
    tmp_path, project, committee
):
    place = tmp_path / "demo" / "2019-20"
    shutil.copytree(committee, place)
    before = {path.name: path.read_bytes() for path in published_files(place)}
    broken_notebook(tmp_path / "broken.ipynb", project)
    done = iro("report", "2019-20", "--out", tmp_path, "--notebook", tmp_path / "broken.ipynb",
               cwd=project)  # fmt: skip
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "broken.ipynb" in line]
    assert "KeyError" in line
    assert "SYN000123" not in done.stderr
    assert "to report it, open an issue" in done.stderr
    log = (project / ".iro" / "fault.log").read_text(encoding="utf-8")
    assert "KeyError\n  cell run 4, line 1" in log
    assert "SYN000123" not in log
    assert {path.name: path.read_bytes() for path in published_files(place)} == before
    failed = tmp_path / "internal" / "demo" / "2019-20" / "failed"
    copy = nbformat.read(failed / "broken.ipynb", as_version=4)
    assert any(
        output.output_type == "error" for cell in copy.cells for output in cell.get("outputs", [])
    )
    leftovers = [path for path in place.parent.iterdir() if path.name.startswith(".")]
    assert leftovers == []


@pytest.mark.long
def test_a_name_with_markup_stays_text(tmp_path, project):
    rows = [{"CHILD": f"SYN{n}", "DECOM": "01/05/2019"} for n in range(40)]
    data = write_return(tmp_path / "evil", rows)
    (data / "authority.toml").write_text(
        "name = '<script>alert(1)</script> & *Borough*'\nons_code = 'E09000006'\n", encoding="utf-8"
    )
    done = iro("report", "2019-20", "--data", data, "--out", tmp_path / "out", cwd=project)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "evil" / "2019-20" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
