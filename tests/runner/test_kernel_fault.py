"""A fault inside a notebook's kernel: where it arose is told, never a value or a message."""

from __future__ import annotations

import nbformat
import pytest

from iro_analysis.errors import NotebookError
from iro_analysis.runner import kernel_fault, notebooks

CHILD = "SECRET-CHILD-0042"
PARAMETERS = {"period": "2019-20", "data": "data/demo", "audience": "committee"}


def stopped(path, *cells):
    """Return the error of a notebook that holds a cell of parameters and these cells."""
    head = nbformat.v4.new_code_cell("\n".join(f"{k} = {v!r}" for k, v in PARAMETERS.items()))
    head.metadata["tags"] = ["parameters"]
    rest = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=[head, *rest])
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": ""}
    nbformat.write(notebook, path)
    with pytest.raises(NotebookError) as caught:
        notebooks.execute(path, path.with_name("copy.ipynb"), PARAMETERS)
    return caught.value


@pytest.mark.long
@pytest.mark.slow
def test_places_and_kinds_are_kept_and_no_value(tmp_path):
    helper = tmp_path / "Leeds_helper.py"
    helper.write_text("def read(value):\n    return int(value)\n", encoding="utf-8")
    error = stopped(
        tmp_path / "Leeds.ipynb",
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import Leeds_helper\n"
        "from iro_analysis.rounding import half_up\n"
        f"child = {CHILD!r}",
        "def one():\n"
        "    try:\n"
        "        Leeds_helper.read(child)\n"
        "    except ValueError as problem:\n"
        "        raise KeyError(f'{child}\\nFile /a/{child}.py:1, in {child}()') from problem\n"
        "one()",
    )
    assert error.fault[0] == kernel_fault.OWN
    assert error.fault[1] == "ValueError"
    assert error.fault[2].startswith("  cell run 4, line ")  # IPython says which line it left
    assert error.fault[3] == "  own file:2 read"
    assert error.fault[4:] == ("KeyError", "  cell run 4, line 6", "  cell run 4, line 5 one")
    for secret in (CHILD, "Leeds", str(tmp_path)):
        assert secret not in "".join(error.fault)


def test_the_suites_own_code_is_named(tmp_path):
    error = stopped(
        tmp_path / "own.ipynb",
        f"from iro_analysis.report.figure import Ref\nRef({CHILD!r}).entry",
    )
    assert error.fault == ()  # refused in plain words, no fault
    error = stopped(
        tmp_path / "own.ipynb",
        f"from iro_analysis.report.figure import Ref\nRef.of_key({CHILD!r})",
    )
    assert any(line.startswith("  iro_analysis/report/figure.py:") for line in error.fault)
    assert CHILD not in "".join(error.fault)


def test_a_notebook_of_the_suite_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(notebooks, "folder", lambda: tmp_path)
    assert stopped(tmp_path / "reviews.ipynb", "1 / 0").fault == (
        "notebook reviews", "ZeroDivisionError", "  cell run 3, line 1",
    )  # fmt: skip
