"""The suite as it is installed: a wheel, outside the checkout, with its notebooks and templates."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile

import pytest

from iro_analysis.wording import INTERNAL_MARK


def test_the_wheel_names_every_notebook(project):
    record = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    named = record["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    files = sorted(path.name for path in (project / "notebooks").glob("*.ipynb"))
    assert named == {f"notebooks/{name}": f"iro_analysis/notebooks/{name}" for name in files}


@pytest.fixture(scope="module")
def installed(tmp_path_factory, project):
    """The wheel's files where nothing of the checkout is, and a way to run them."""
    built, site = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("site")
    desk = tmp_path_factory.mktemp("desk")
    program = f"from hatchling.build import build_wheel; build_wheel({str(built)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=project, check=True, timeout=120)
    [wheel] = built.glob("iro_analysis-*.whl")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(site)
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def run(*words):
        return subprocess.run(
            [sys.executable, *map(str, words)], cwd=desk, env=environment, timeout=500,
            capture_output=True, text=True, encoding="utf-8", check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    where = run("-c", "import iro_analysis; print(iro_analysis.__file__)").stdout
    assert where.startswith(str(site))
    return site, desk, run


@pytest.mark.long
@pytest.mark.slow
def test_the_wheel_holds_what_a_release_does_and_nothing_else(installed, project):
    site, _, _ = installed
    inside = {path.relative_to(site).parts[0] for path in site.rglob("*") if path.is_file()}
    assert {name.partition("-")[0] for name in inside} == {"iro_analysis"}
    for name in ("LICENSE", "NOTICE"):
        assert list(site.glob(f"*.dist-info/licenses/{name}"))
    assert (site / "iro_analysis" / "py.typed").is_file(), "editors read the types"
    for name in ("reference", "templates"):
        kept = {p.relative_to(project) for p in (project / "iro_analysis" / name).rglob("*.*")}
        kept = {path for path in kept if "__pycache__" not in path.parts and path.suffix != ".pyc"}
        assert {path for path in kept if not (site / path).exists()} == set()


@pytest.mark.long
@pytest.mark.slow
def test_every_command_runs_from_the_wheel(installed):
    _, desk, run = installed

    def iro(*words, status=0):
        done = run("-m", "iro_analysis", *words)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    iro("demo", "data/demo", "--children", "12")
    iro("check", "data/demo")
    iro("measures", "looked_after")
    iro("new", "how_settled")
    iro("report", "2019-20", "--notebook", "reviews", "--notebook", "how_settled")
    place = desk / "outputs" / "demo" / "2019-20"
    for name in ("report.html", "reviews.html", "how_settled.html", "figures.csv"):
        assert (place / name).stat().st_size > 1000, name
    iro("audit", place / "figures.csv", status=2)  # no list of printed figures, in one line
    report = desk / "report.md"
    report.write_text("In all 34% (110 of 328) do.\n", encoding="utf-8")
    iro("audit", report)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("audience", ["committee", "internal"])
def test_nbconvert_finds_the_committee_s_template_where_it_is_installed(installed, audience):
    site, desk, run = installed
    [shared] = site.glob("iro_analysis-*.data/data/share/jupyter")
    finds = f"import os; os.environ['JUPYTER_PATH'] = {str(shared)!r}; "
    run("-m", "iro_analysis", "demo", "data/demo", "--children", "12")
    book = desk / f"{audience}.ipynb"
    notebook = site / "iro_analysis" / "notebooks" / "reviews.ipynb"
    done = run("-m", "papermill", notebook, book, "-p", "audience", audience)
    assert done.returncode == 0, done.stderr[-2000:]
    words = ["jupyter-nbconvert", "--to", "html", "--template", "committee", str(book)]
    done = run(
        "-c", f"{finds}import sys; sys.argv = {words}; from nbconvert.nbconvertapp import main; "
        "main()",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    page = book.with_suffix(".html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert page.count("<h1") == 1
    assert "from iro_analysis" not in page, "no code"
    start = page[page.index("<main") :][:800]
    assert (INTERNAL_MARK in start) is (audience == "internal")
