"""The documents: what is made is current, what can be typed runs, what is linked is there."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shutil
import textwrap
import tomllib

import pytest
from documented import MADE, PAGES, blocks, commands, of_iro

from iro_analysis import codes
from iro_analysis.cli import dictionary
from iro_analysis.cli.command import main, parser
from iro_analysis.disclosure.policy import policy

COMMANDS = (
    "report", "check", "demo", "init", "audit", "measures", "new", "chart", "compare", "reference",
)  # fmt: skip
# Run in tests of their own, which have the reports or files that they need.
ELSEWHERE = {"compare": "runner/test_compare.py", "reference": "comparators/test_comparators.py"}
# A file in DfE's layout.
PUBLISHED = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,la_name,new_la_code,characteristic,number,percentage\n"
    "2020,Reporting year,National,E92000001,England,,,,,,Total children,80080,100\n"
)
NO_FILES = ("os", "cls", "Study", "archive", "zipfile", "webbrowser")  # whose open opens no text


def test_every_page_that_has_code_is_looked_at(project):
    held = {path.relative_to(project).as_posix() for path in project.glob("docs/*.md")}
    others = {
        name for name in held - set(MADE) if "```" in (project / name).read_text(encoding="utf-8")
    }
    assert others <= set(PAGES)
    assert len(commands(project)) > 25


def test_the_definitions_are_those_of_the_catalogue(project, capsys):
    assert main(["measures", "--definitions"]) == 0
    said = capsys.readouterr().out
    held = (project / "docs" / "measures.md").read_text(encoding="utf-8")
    assert held == said, "iro measures --definitions > docs/measures.md renews it"
    assert said == dictionary.as_markdown() + "\n"


def test_the_page_of_the_lists_is_that_of_their_records(project, capsys):
    assert main(["check", "--lists"]) == 0
    said = capsys.readouterr().out
    held = (project / "docs" / "lists.md").read_text(encoding="utf-8")
    assert held == said, "iro check --lists > docs/lists.md renews it"
    for name, record in codes.record("local_lists").items():
        assert f"## `{name}`" in said
        assert set(record.get("words", {})) <= set(record["columns"])


def test_the_page_on_disclosure_says_what_the_policy_says(project):
    text = (project / "docs" / "disclosure.md").read_text(encoding="utf-8")
    rules = policy()
    assert f"counts from {rules.hide_from} to {rules.hide_to} are hidden" in text
    assert f"`{rules.symbol}`" in text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(project, page):
    place = project / page
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", place.read_text(encoding="utf-8")):
        if not link.startswith("http"):
            assert (place.parent / link).exists(), (page, link)


def test_the_page_on_architecture_has_the_layers_of_the_project(project):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    [layers] = [one["layers"] for one in settings["tool"]["importlinter"]["contracts"]
                if one["type"] == "layers"]  # fmt: skip
    text = (project / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    shown = [sorted(re.findall(r"`(\w+)`", row)) for row in rows]
    assert shown == [sorted(layer.split(" | ")) for layer in reversed(layers)]


def test_the_picture_of_the_imports_is_that_of_the_code(project):
    spec = importlib.util.spec_from_file_location("imports", project / "docs" / "imports.py")
    imports = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(imports)
    page = (project / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert imports.picture() in page, "make architecture renews it"
    assert imports.picture().count("-->") > 20


def test_the_readme_is_short(project):
    assert len((project / "README.md").read_text(encoding="utf-8").split()) <= 1200


def test_every_command_that_is_written_can_be_parsed(project):
    for words in of_iro(project):
        try:
            parser().parse_args(words)
        except SystemExit:
            pytest.fail(f"iro {' '.join(words)}")
    assert {words[0] for words in of_iro(project)} == set(COMMANDS)


def test_what_makes_an_environment_names_what_is_there(project):
    made = (project / "Makefile").read_text(encoding="utf-8")
    scripts = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for page, typed in commands(project):
        if typed.startswith("make "):
            assert re.search(rf"^{typed.split()[1]}:", made, re.MULTILINE), (page, typed)
        elif typed.startswith("conda env"):
            assert typed.split("-f ")[1] == "environment.yml"
            assert (project / "environment.yml").is_file()
        elif typed.startswith("conda activate"):
            named = (project / "environment.yml").read_text(encoding="utf-8")
            assert f"name: {typed.split()[-1]}\n" in named
        for name in re.findall(r"(?<!my_)notebooks/\w+\.ipynb|requirements\S*\.lock", typed):
            assert (project / name).is_file(), (page, typed)
        if extra := re.search(r"\.\[(\w+)\]", typed):
            assert extra[1] in scripts["optional-dependencies"], (page, typed)
        elif " -m pip install" in typed:  # on Windows by hand what the Makefile does
            wanted = typed.partition(" -m pip ")[2]
            quietly = "install --quiet --disable-pip-version-check"
            assert f"-m pip {wanted.replace('install', quietly, 1)}\n" in made, (page, typed)
    assert "iro" in scripts["scripts"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory, project):
    """A folder laid out like the project, in which what is typed writes and nothing is harmed."""
    place = tmp_path_factory.mktemp("desk")
    (place / "data").mkdir()
    shutil.copytree(project / "data" / "demo", place / "data" / "demo")
    shutil.copytree(project / "notebooks", place / "notebooks")
    (place / "published").mkdir()
    (place / "published" / "stability_2024.csv").write_text(PUBLISHED, encoding="utf-8")
    words = "In 2019-20 110 of 328 children (34%) were under 10.\n"
    (place / "printed.md").write_text(words, encoding="utf-8")
    (place / "printed.csv").write_text(
        "label,count,total,printed\nUnder 10,110,328,34%\n", encoding="utf-8"
    )
    return place


@pytest.mark.long
@pytest.mark.slow
def test_every_command_runs(project, desk, monkeypatch):
    """All but the reports, which are made in test_docs_reports.py."""
    monkeypatch.chdir(desk)
    done = 0
    for name, file in ELSEWHERE.items():
        assert f'main(["{name}"' in (project / "tests" / file).read_text(encoding="utf-8")
    for words in of_iro(project, *(name for name in COMMANDS[1:] if name not in ELSEWHERE)):
        if words[0] == "new":
            (desk / "my_notebooks" / f"{words[1]}.ipynb").unlink(missing_ok=True)
        if words[0] in ("demo", "init"):
            shutil.rmtree(desk / words[1], ignore_errors=True)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = main(words)
        assert status == 0 or (words[0] == "audit" and status == 1), words
        done += 1
    assert done >= 12


@pytest.mark.long
@pytest.mark.slow
def test_every_python_example_runs(project, desk, monkeypatch):
    monkeypatch.chdir(desk)
    ran = 0
    for page, text in blocks(project, "python"):
        if page == "CONTRIBUTING.md":  # shows functions that the suite has
            name = re.search(r"def (\w+)", text)[1]
            assert any(
                textwrap.dedent(text).strip() in path.read_text(encoding="utf-8")
                for path in (project / "iro_analysis").rglob("*.py")
            ), name
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, page, "exec"), {})
        ran += 1
    assert ran >= 3
    assert (desk / "outputs" / "looked-after.svg").is_file()


@pytest.mark.parametrize("language", ["toml"])
def test_every_record_that_is_shown_is_one(project, language):
    for page, text in blocks(project, language):
        held = textwrap.dedent(text)
        several = [held] if page != "CONTRIBUTING.md" or held.startswith("[") else held.splitlines()
        assert all(tomllib.loads(one) for one in several)


def test_a_log_holds_errors_and_status(tmp_path, capsys):
    log = tmp_path / "new" / "iro.log"
    assert main(["report", "2031-32", "--data", str(tmp_path / "none"), "--log", str(log)]) == 2
    capsys.readouterr()
    text = log.read_text(encoding="utf-8")
    assert "exit 2: iro report 2031-32" in text
    assert "there is no such folder" in text


def test_nothing_needs_a_shell_or_a_fork_and_every_file_has_its_encoding(project):
    forking = []
    for path in (project / "iro_analysis").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "shell=True" not in text, path.name
        assert not re.search(r"os\.(system|popen|startfile)\(", text), path.name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _opens_text(node):
                named = {word.arg for word in node.keywords}
                assert "encoding" in named, (path.name, ast.unparse(node))
        if "os.fork(" in text:
            forking.append(path.name)
    assert forking == ["kernel.py"], "only where warm.FORKS says that there is such a thing"
    warm = (project / "iro_analysis" / "runner" / "warm.py").read_text(encoding="utf-8")
    assert 'FORKS = hasattr(os, "fork")' in warm


def _opens_text(call):
    """Whether a call opens a file of text: by its name, and by its mode where one is given."""
    if isinstance(call.func, ast.Attribute):
        name, of = call.func.attr, ast.unparse(call.func.value)
    else:
        name, of = getattr(call.func, "id", ""), ""
    if of and name in ("read_text", "write_text"):
        return True
    modes = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    return name == "open" and of not in NO_FILES and not any("b" in str(mode) for mode in modes)
