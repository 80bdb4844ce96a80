"""Promises of the project itself: layers, locks, notebooks, reference data, documents."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import LONGEST_FIRST

import iro_analysis
from iro_analysis import codes, contracts
from iro_analysis.reading.account import SEVERITIES
from iro_analysis.runner import notebooks
from iro_analysis.wording import INTERNAL_MARK

NOTEBOOKS = sorted(notebooks.folder().glob("*.ipynb"))
MODULES = [m.name for m in pkgutil.walk_packages(iro_analysis.__path__, "iro_analysis.")
           if not m.name.endswith("__main__")]  # fmt: skip


def test_no_module_imports_what_stands_above_it(project):
    lint = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    done = subprocess.run([lint], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.long] if ".explore" in name else [])
        for name in MODULES
    ],
)
def test_every_example_in_a_docstring_runs(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_says_what_it_is(name):
    module = importlib.import_module(name)
    assert module.__doc__
    for label, thing in vars(module).items():
        if label.startswith("_") or getattr(thing, "__module__", None) != name:
            continue
        if callable(thing):
            assert thing.__doc__, f"{name}.{label} has no docstring"


def test_python_reads_no_clock_and_prints_only_on_the_command_line(project):
    for path in (project / "iro_analysis").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "runner" not in path.parts:
            assert not re.search(r"\b(date\.today|datetime\.now|time\.time)\(", text), path.name
        assert len(text.splitlines()) < 700, path.name


def test_the_conda_environment_is_that_of_the_project(project):
    wanted = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (project / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^      - (\S+)$", text, re.MULTILINE)
    assert sorted(listed) == sorted(wanted["dependencies"])
    assert f"python{wanted['requires-python']}" in text


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_locks_have_hashes_and_name_no_index(project, name):
    text = (project / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--extra-index|--find-links", text)
    pins = re.findall(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    wanted = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[>=<\[]", line)[0].lower() for line in wanted["dependencies"]}
    assert needed <= {pin.lower() for pin in pins}


def test_each_file_of_tests_that_comes_first_is_there(project):
    assert len(set(LONGEST_FIRST)) == len(LONGEST_FIRST)
    assert [name for name in LONGEST_FIRST if not (project / "tests" / name).is_file()] == []


def test_every_command_is_in_the_readme_and_the_readmes_links_exist(project):
    text = (project / "README.md").read_text(encoding="utf-8")
    for command in ("report", "check", "demo", "audit", "measures"):
        assert f"iro {command}" in text
    for path in NOTEBOOKS:
        assert f"`{path.stem}`" in text
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (project / link).exists(), link


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_has_the_house_shape(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert sum(text.startswith("# ") for text in words) == 1
    assert code[0].metadata["tags"] == ["parameters"]
    assert set(notebooks.declared(path)) >= set(notebooks.REQUIRED)
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    for cell in code:
        tree = ast.parse(cell.source)
        loops = (ast.For, ast.While, ast.If, ast.FunctionDef, ast.ClassDef, ast.Try)
        assert not any(isinstance(node, loops) for node in ast.walk(tree)), cell.source
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] == "iro_analysis"
                assert not {"cli", "runner"} & set(node.module.split("."))
    figures = [text for text in words if re.search(r"\d+(\.\d+)?\s?%|\d+ children", text)]
    assert all("95%" in text for text in figures), "a figure typed in words"


ARGUMENT = ["## Who is counted", "## Can we trust the data?", "## What this does not show",
            "## Where this comes from"]  # fmt: skip


@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p.stem != notebooks.REPORT], ids=lambda p: p.stem
)
def test_an_analysis_reads_as_an_argument(path):
    cells = nbformat.read(path, as_version=4).cells
    heads = [c.source.splitlines()[0] for c in cells if c.source.startswith("## ")]
    assert [head for head in heads if head in ARGUMENT] == ARGUMENT
    assert len(heads) > len(ARGUMENT), "no finding between them"


def test_the_report_has_one_cell_for_each_chapter():
    cells = nbformat.read(notebooks.find("committee_report"), as_version=4).cells
    shown = [cell.source for cell in cells if cell.source.startswith("report.chapter")]
    chapters = [record["id"] for record in codes.record("report")["chapters"]]
    assert shown == [f'report.chapter("{name}")' for name in chapters]
    assert len(cells) < 30


@pytest.mark.parametrize(
    "name",
    ["ethnicity", "legal_status", "need", "placement", "placement_provider", "reason_ceased",
     "reason_new_episode", "reason_place_change", "sex", "participation", "missing_type"],
)  # fmt: skip
def test_every_code_has_a_label_a_source_and_dates_in_order(name):
    rows = codes.CodeList(name).rows
    assert rows["code"].is_unique
    assert rows[["code", "label", "source"]].ne("").all().all()
    both = rows[rows["valid_from"].ne("") & rows["valid_to"].ne("")]
    assert (both["valid_from"] <= both["valid_to"]).all()


def test_groups_of_the_code_lists_are_those_of_the_breakdowns():
    for breakdown, column, code_list in [
        ("ethnicity", "group", codes.ETHNICITY),
        ("provision", "provision", codes.PLACEMENT),
        ("provision", "foster_provision", codes.PLACEMENT_PROVIDER),
    ]:
        known = set(codes.record("breakdowns")[breakdown]["groups"])
        extra = set(code_list.groups(column)) - known - {"by provider", "Temporary absence"}
        assert extra == set(), (breakdown, extra)
    counted = codes.LEGAL_STATUS.rows[codes.LEGAL_STATUS.rows["counted"] == "yes"]
    assert set(counted["group"]) <= set(codes.record("breakdowns")["legal_status"]["groups"])


def test_comparators_and_populations_have_a_source_and_stand_once():
    for name, key in [
        (
            "comparators/earlier_releases",
            ["measure", "breakdown", "group", "area", "year", "release"],
        ),
        ("comparators/sources", ["measure", "breakdown", "release"]),
        ("comparators/neighbours", ["model", "authority", "rank"]),
        ("areas/authorities", ["code"]),
        ("areas/districts", ["code"]),
        ("populations", ["area", "reference_date", "vintage", "breakdown", "group"]),
    ]:
        rows = codes.table(name)
        assert not rows.duplicated(key).any(), name
        if "source" in rows:
            assert rows["source"].ne("").all(), name
        if name == "populations":
            assert rows["value"].astype(float).ge(0).all()


def test_every_check_says_what_is_expected_and_what_it_does():
    for name, record in codes.record("checks").items():
        parts = {"number", "message", "columns", "expected", "effect", "severity", "source"}
        assert set(record) in (parts, parts | {"with"}), name
        assert record["severity"] in SEVERITIES


def test_every_module_of_the_return_has_its_columns():
    assert set(contracts.modules()) >= {"Header", "Episodes", "Reviews", "UASC", "OC2", "OC3"}
    for module in contracts.modules().values():
        names = [column.name for column in module.columns]
        assert set(module.key) <= set(names)
        assert set(module.known_by) <= {column.statutory for column in module.columns}


SHOWS_WHAT_IS_OPEN = re.compile(r"\n(?:study|authority|report\.style\(\))$")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_first_result_of_a_notebook_is_what_was_opened_with_its_mark(path):
    cells = nbformat.read(path, as_version=4).cells
    first = next(
        cell for cell in cells
        if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", [])
    )  # fmt: skip
    assert SHOWS_WHAT_IS_OPEN.search(first.source)


def stock_tool(folder, *words):
    """Run papermill or jupyter as somebody would who has only these."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)], cwd=folder, capture_output=True, text=True,
        timeout=3600, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def shown_at_the_top(notebook, folder):
    """Return the first words of the page that nbconvert makes of a notebook."""
    stock_tool(folder, "jupyter", "nbconvert", "--to", "html", notebook)
    page = BeautifulSoup(notebook.with_suffix(".html").read_text(encoding="utf-8"), "html.parser")
    return (page.find("main") or page).get_text(" ")[:3000]


# Kinds of notebook: the report, an analysis, the panel. Each is turned into a page as well.
KINDS = ["committee_report", "disproportionality", "explore"]
FROM_ITS_OWN_FOLDER = "age_profile"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [KINDS[1], *(pytest.param(name, marks=pytest.mark.long) for name in (KINDS[0], KINDS[2]))],
)
def test_a_notebook_runs_by_papermill_alone_and_an_internal_run_is_marked(name, tmp_path, project):
    out = tmp_path / "out.ipynb"
    given = ["-p", "period", "2018-19", "-p", "audience", "internal"]
    stock_tool(project, "papermill", f"notebooks/{name}.ipynb", out, *given)
    assert INTERNAL_MARK in shown_at_the_top(out, project)


@pytest.mark.long
@pytest.mark.slow
def test_every_other_notebook_runs_by_papermill_alone(tmp_path, project):
    """One after the other in one kernel, whose names are cleared between: it loads once."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    others = [path for path in NOTEBOOKS if path.stem not in (*KINDS, FROM_ITS_OWN_FOLDER)]
    assert len(others) == len(NOTEBOOKS) - len(KINDS) - 1
    together = nbformat.v4.new_notebook(metadata=nbformat.read(others[0], 4).metadata)
    for path in others:
        cells = parameterize_notebook(load_notebook_node(str(path)), {"period": "2018-19"}).cells
        cleared = nbformat.v4.new_code_cell("%reset -f")
        for number, cell in enumerate([*cells, cleared]):
            cell["id"] = f"{path.stem}-{number}"
        together.cells += [*cells, cleared]
    written = tmp_path / "together.ipynb"
    nbformat.write(together, written)
    stock_tool(project, "papermill", written, tmp_path / "out.ipynb")
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    assert all(cell.execution_count for cell in done.cells if cell.cell_type == "code")


@pytest.mark.long
@pytest.mark.slow
def test_a_notebook_runs_from_its_own_folder_and_a_committees_run_has_no_mark(tmp_path, project):
    out = tmp_path / "out.ipynb"
    stock_tool(project / "notebooks", "papermill", f"{FROM_ITS_OWN_FOLDER}.ipynb", out)
    assert INTERNAL_MARK not in shown_at_the_top(out, project)


@pytest.mark.long
@pytest.mark.slow
def test_papermill_shows_the_parameters_and_refuses_yes_as_an_audience(tmp_path, project):
    def papermill(*words):
        return subprocess.run(
            [sys.executable, "-m", "papermill", *words], cwd=project, capture_output=True,
            text=True, timeout=900, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    shown = papermill("--help-notebook", "notebooks/explore.ipynb")
    assert shown.returncode == 0, shown.stderr[-2000:]
    for words in ('period: str (default "2019-20")', "committee: small numbers hidden"):
        assert words in shown.stdout
    given = tmp_path / "given.yml"
    given.write_text("audience: yes\n", encoding="utf-8")
    for stem in ("reviews", "explore"):
        out = str(tmp_path / f"{stem}.ipynb")
        refused = papermill(f"notebooks/{stem}.ipynb", out, "-f", str(given))
        assert refused.returncode != 0
        assert "audience True is not known; expected committee or internal" in refused.stderr
        assert "in quotes in a YAML file" in refused.stderr
