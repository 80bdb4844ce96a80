"""papermill's engine ``iro``: warm kernels, and nothing of one notebook in the next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from iro_analysis.errors import NotebookError, ParameterError
from iro_analysis.runner import notebooks, start, warm
from iro_analysis.runner.kernel import SERVER

pytestmark = pytest.mark.slow
PARAMETERS = 'period = ""\ndata = ""\naudience = ""'
# What a notebook can leave behind, and how the next one would see it.
STATE = {
    "a name": ("left = 1", "'left' in globals()"),
    "an import": ("import sched", "'sched' in __import__('sys').modules"),
    "a module's state": (
        "import pandas; pandas.set_option('display.max_rows', 7)",
        "__import__('pandas').get_option('display.max_rows') == 7",
    ),
    "a changed library": (
        "import iro_analysis.rounding as r; r.half_up = None",
        "__import__('iro_analysis.rounding').rounding.half_up is None",
    ),
    "the folder": (
        "import os; os.chdir(os.sep)",
        "__import__('os').getcwd() == __import__('os').sep",
    ),
    "the environment": (
        "import os; os.environ['LEFT'] = '1'",
        "'LEFT' in __import__('os').environ",
    ),
    "a path": ("import sys; sys.path.append('left')", "'left' in __import__('sys').path"),
    "chart settings": (
        "import matplotlib; matplotlib.rcParams['font.size'] = 77",
        "__import__('matplotlib').rcParams['font.size'] == 77",
    ),
    "an open chart": (
        "import matplotlib.pyplot as p; p.switch_backend('agg'); p.figure(77)",
        "77 in __import__('matplotlib.pyplot').pyplot.get_fignums()",
    ),
    "a warning filter": (
        "import warnings; warnings.filterwarnings('ignore', 'left')",
        "any(str(f[1]).find('left') >= 0 for f in __import__('warnings').filters)",
    ),
    "a thread": (
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), name='left', daemon=True).start()",
        "any(t.name == 'left' for t in __import__('threading').enumerate())",
    ),
}
SEEN = "import json\nprint(json.dumps([{}]))".format(", ".join(seen for _, seen in STATE.values()))
DRAWN = "import random, numpy\nprint(json.dumps([random.random(), numpy.random.rand()]))"
SEEDED = "import random, numpy\nrandom.seed(1)\nnumpy.random.seed(1)"


def notebook(path, *cells):
    written = new_notebook(
        cells=[
            new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
            *map(new_code_cell, cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
    )
    nbformat.write(written, path)
    return path


def printed(path, *cells):
    """Execute a notebook of some cells, and return what each printed."""
    copy = path.with_suffix(".out.ipynb")
    notebooks.execute(notebook(path, *cells), copy, {})
    done = nbformat.read(copy, as_version=4)
    return [json.loads(c.outputs[0].text) for c in done.cells if c.cell_type == "code" and c.outputs
            and c.outputs[0].output_type == "stream"]  # fmt: skip


@pytest.fixture(
    params=[
        pytest.param(True, id="forked"),
        pytest.param(False, id="begun ahead", marks=pytest.mark.long),
    ]
)
def kind(request, monkeypatch):
    """Kernels of each kind; those begun ahead are all that Windows has."""
    if request.param and not warm.FORKS:
        pytest.skip("this system does not fork")
    monkeypatch.setattr(warm.WarmProvisioner, "forks", request.param)
    yield request.param
    if not request.param:
        warm.close()


def test_nothing_of_one_notebook_is_in_the_next(kind, tmp_path):
    before = printed(tmp_path / "before.ipynb", SEEN, DRAWN)
    leaves = [leave for leave, _ in STATE.values()]
    [left] = printed(tmp_path / "leaves.ipynb", *leaves, SEEDED, SEEN)
    after = printed(tmp_path / "after.ipynb", SEEN, DRAWN)
    assert left == [True] * len(STATE), "what is looked for can be seen where it was left"
    assert before[0] == after[0] == [False] * len(STATE)
    assert not set(before[1]) & set(after[1]), "each draws numbers of its own"


def test_libraries_are_there_before_the_notebook_asks(tmp_path):
    cell = (
        "import json, sys\nprint(json.dumps([name in sys.modules for name in "
        "('pandas', 'matplotlib.pyplot', 'iro_analysis.study')]))"
    )
    assert printed(tmp_path / "a.ipynb", cell) == [[True] * 3]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("while True: pass", "ran for more than 2 seconds"),
        ("import os; os._exit(3)", "process died"),
        ("raise KeyError('SYN' + '000123')", "stopped with KeyError"),
    ],
)
def test_a_notebook_that_hangs_or_dies_is_told_in_a_line_and_the_next_one_runs(
    cell, words, tmp_path, monkeypatch
):
    monkeypatch.setenv(notebooks.CELL_SECONDS, "2")
    with pytest.raises(NotebookError, match=words) as stopped:
        printed(tmp_path / "bad.ipynb", cell)
    [line] = stopped.value.lines
    assert line.startswith("bad.ipynb: ")
    assert "SYN000123" not in line
    assert printed(tmp_path / "good.ipynb", "print(2)") == [2]


def test_a_source_that_was_killed_is_begun_again(kind, tmp_path):
    kept = warm.source(forks=kind)
    waiting = kept.process if kind else kept.next
    waiting.kill()
    waiting.wait()
    assert kept.is_gone
    assert printed(tmp_path / "a.ipynb", "print(1)") == [1]


@pytest.mark.long
@pytest.mark.skipif(not warm.FORKS, reason="nothing is forked here")
def test_a_server_takes_what_it_forked_with_it(tmp_path):
    server = warm.Server(dict(os.environ))
    kernel = server.start(arguments=["-f", str(tmp_path / "none.json")],
                          environment=dict(os.environ), folder=str(tmp_path))  # fmt: skip
    assert kernel.poll() is None
    server.close()
    assert server.process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(kernel.pid, 0)
    assert kernel.wait() != 0


@pytest.mark.long
def test_a_server_that_nobody_waits_for_any_more_ends_without_a_word():
    process = subprocess.Popen(
        [sys.executable, "-m", "iro_analysis.runner.kernel", SERVER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    process.stdout.close()  # the run was stopped while the server was loading
    process.stdin.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(60) == 0


def test_anyone_can_name_the_engine(project):
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    [(name, place)] = settings["project"]["entry-points"]["papermill.engine"].items()
    module, _, found = place.partition(":")
    assert name == notebooks.ENGINE
    assert hasattr(__import__(module, fromlist=[found]), found)


def test_what_is_hidden_while_loading_is_there_again_afterwards():
    with start.without("sched_of_no_use", "json"):
        assert sys.modules["sched_of_no_use"] is None
        assert sys.modules["json"] is json, "what is loaded already stays"
    assert "sched_of_no_use" not in sys.modules


def test_a_limit_that_is_no_number_is_refused(monkeypatch):
    monkeypatch.setenv(notebooks.CELL_SECONDS, "ten")
    with pytest.raises(ParameterError, match="expected a number of seconds"):
        notebooks.cell_seconds()
