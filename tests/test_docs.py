"""The documents: what is made is current, what can be typed runs, what is linked is there."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib

import pytest

from iro_analysis.cli import dictionary
from iro_analysis.cli.command import main, parser
from iro_analysis.disclosure.policy import policy

FENCE = re.compile(r"^( *)```([\w-]*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
PAGES = ["README.md", "CONTRIBUTING.md", "docs/tutorial.md", "docs/real-data.md", "docs/windows.md",
         "docs/scheduling.md", "docs/methods.md", "docs/disclosure.md"]  # fmt: skip
# Stands for what a user has: here the demonstration has it.
PLACEHOLDERS = {"data/<authority>": "data/demo", "<DfE's files>": "published"}
# Makes or opens an environment, or a window: its words are looked at, and not carried out.
NO_FILES = ("os", "cls", "Study", "archive", "zipfile", "webbrowser")  # whose open opens no text
LOOKED_AT = ("make ", "conda ", "jupyter lab", ".venv/bin/jupyter lab", "py -3.12 ", "start ",
             ".venv\\Scripts", "0 6 5 ")  # fmt: skip


def blocks(project, language):
    return [
        (page, text)
        for page in PAGES
        for _, kind, text in FENCE.findall((project / page).read_text(encoding="utf-8"))
        if kind == language
    ]


def commands(project):
    lines = []
    for page, text in blocks(project, ""):
        for line in text.splitlines():
            typed = re.sub(r"\s{2,}#.*", "", line).strip()
            if typed.startswith(("iro ", ".venv/bin/papermill", *LOOKED_AT)):
                lines.append((page, typed))
    return list(dict.fromkeys(lines))


def test_every_page_that_has_code_is_looked_at(project):
    held = {path.relative_to(project).as_posix() for path in project.glob("docs/*.md")}
    made = {"docs/input.md", "docs/measures.md", "docs/rules.md"}
    others = {name for name in held - made if "```" in (project / name).read_text(encoding="utf-8")}
    assert others <= set(PAGES)
    assert len(commands(project)) > 25


def test_the_definitions_are_those_of_the_catalogue(project, capsys):
    assert main(["measures", "--definitions"]) == 0
    said = capsys.readouterr().out
    assert (project / "docs" / "measures.md").read_text(encoding="utf-8") == said
    assert said == dictionary.as_markdown() + "\n"


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


def test_every_command_that_is_written_can_be_parsed(project):
    for page, typed in commands(project):
        words = shlex.split(_filled(typed), posix=True)
        if words[0] == "iro":
            try:
                parser().parse_args(words[1:])
            except SystemExit:
                pytest.fail(f"{page}: {typed}")


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
        for name in re.findall(r"notebooks/\w+\.ipynb|requirements\S*\.lock", typed):
            assert (project / name).is_file(), (page, typed)
    assert "iro" in scripts["scripts"]


def _filled(typed):
    for old, new in PLACEHOLDERS.items():
        typed = typed.replace(old, new)
    return re.sub(r"\breport\.(md|txt|html)\b", "printed.md", typed).replace(
        "iro audit figures.csv", "iro audit printed.csv"
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory, project):
    """A folder laid out like the project, in which what is typed writes and nothing is harmed."""
    import shutil

    place = tmp_path_factory.mktemp("desk")
    (place / "data").mkdir()
    shutil.copytree(project / "data" / "demo", place / "data" / "demo")
    shutil.copytree(project / "notebooks", place / "notebooks")
    (place / "published").mkdir()
    words = "In 2019-20 110 of 328 children (34%) were under 10.\n"
    (place / "printed.md").write_text(words, encoding="utf-8")
    (place / "printed.csv").write_text(
        "label,count,total,printed\nUnder 10,110,328,34%\n", encoding="utf-8"
    )
    return place


def typed_cheaply(project):
    """The commands that make no report: those are all made in one run, below."""
    return [
        typed for _, typed in commands(project)
        if typed.startswith("iro ") and not typed.startswith("iro report")
    ]  # fmt: skip


@pytest.mark.slow
def test_every_command_runs(project, desk, monkeypatch):
    monkeypatch.chdir(desk)
    done = 0
    for typed in typed_cheaply(project):
        words = shlex.split(_filled(typed))
        words = ["new_folder" if word == "FOLDER" else word for word in words]
        if words[1] == "new":
            (desk / "notebooks" / f"{words[2]}.ipynb").unlink(missing_ok=True)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            status = main(words[1:])
        expected = {0, 1, 2} if "--dfe" in words else {0, 1} if words[1] == "audit" else {0}
        assert status in expected, typed
        done += 1
    assert done >= 8


@pytest.mark.slow
def test_every_report_that_is_written_is_made(project, desk):
    """One run with every period, notebook and option that the pages show."""
    periods, names, internal = [], [], False
    for _, typed in commands(project):
        if typed.startswith("iro report"):
            given = parser().parse_args(shlex.split(_filled(typed))[1:])
            periods += given.periods
            names += given.notebook
            internal = internal or given.audience == "internal"
    assert internal
    assert {"2019-20", "2019-20-Q3", "2016-17..2019-20"} <= set(periods)
    made = [
        name for name in dict.fromkeys(names) if (project / "notebooks" / f"{name}.ipynb").is_file()
    ]
    assert set(names) - set(made) == {"how_settled"}, "the notebook that the tutorial makes"
    assert main(["new", str(desk / "notebooks" / "how_settled.ipynb")]) in (0, 2)
    extra = [part for name in ["how_settled"] for part in ("--notebook", name)]
    done = subprocess.run(
        [sys.executable, "-m", "iro_analysis", "report", "2019-20-Q3", "--log", "outputs/iro.log",
         "--audience", "internal", *extra],
        cwd=desk, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (desk / "outputs/demo/2019-20-Q3/internal/how_settled.html").is_file()
    log = (desk / "outputs" / "iro.log").read_text(encoding="utf-8")
    assert "exit 0: iro report 2019-20-Q3" in log
    assert not re.search(r"SYN\d+", log)


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
