"""Find notebooks, check their parameters before a run, and execute them by papermill."""

from __future__ import annotations

import ast
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iro_analysis.errors import NotebookError, ParameterError, near_name
from iro_analysis.runner import kernel_fault, start

OWN = "my_notebooks"  # of the analyst; ignored by git, so that a checkout stays clean
REQUIRED = ("period", "data", "audience")
REPORT = "committee_report"
PARAMETERS = "parameters"
INJECTED = "injected-parameters"
WIDGET = "application/vnd.jupyter.widget-view+json"
ENGINE = "iro"
CELL_SECONDS = "IRO_CELL_SECONDS"  # environment variable
# Errors whose words are the suite's own, and hold no value of a child.
_OURS = {"InputError", "PeriodError", "ParameterError", "DisclosureError", "AnalysisError"}


def folder() -> Path:
    """Return the folder of the suite's notebooks.

    In a checkout it lies beside the package, and in an installed suite in it.
    """
    installed = Path(__file__).parents[1] / "notebooks"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "notebooks"


def find(name: str) -> Path:
    """Return a notebook by its name (with or without its ending, or as a path).

    Raises
    ------
    ParameterError
        If there is none; the nearest name is suggested.
    """
    given = Path(name)
    file = f"{name}.ipynb"
    shipped = (folder() / name, folder() / file, Path("notebooks", file))
    places = (given, *shipped, Path(file), Path(OWN, file))
    for candidate in places:
        if candidate.suffix == ".ipynb" and candidate.is_file():
            return candidate
    known = sorted(path.stem for path in folder().glob("*.ipynb"))
    raise ParameterError(
        f"there is no notebook {name!r}{near_name(name, known)}; there are {', '.join(known)}"
    )


def declared(path: Path) -> dict[str, Any]:
    """Return the parameters that a notebook declares, with their defaults.

    Raises
    ------
    ParameterError
        If it is no notebook, has no cell (or several) tagged ``parameters``, or one that holds
        anything but plain values.
    """
    # Read as plain JSON: nbformat's checks take seconds to load, and papermill makes them anyway.
    try:
        notebook = json.loads(path.read_text(encoding="utf-8-sig"))
        cells = [
            "".join(cell["source"])
            for cell in notebook["cells"]
            if cell["cell_type"] == "code" and PARAMETERS in cell["metadata"].get("tags", [])
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ParameterError(f"{path.name} is not a notebook: {problem!r}") from None
    if len(cells) != 1:
        raise ParameterError(
            f"{path.name}: expected one cell tagged {PARAMETERS}, found {len(cells)}"
        )
    values = {}
    for statement in ast.parse(cells[0]).body:
        target, given = _assigned(statement)
        if given is None or not isinstance(target, ast.Name):
            raise ParameterError(f"{path.name}: the parameters cell holds more than plain values")
        try:
            values[target.id] = ast.literal_eval(given)
        except ValueError:
            raise ParameterError(f"{path.name}: parameter {target.id} is no plain value") from None
    return values


def _assigned(statement: ast.stmt) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the target and value of an assignment, typed or not; nothing of other statements."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return statement.target, statement.value
    if isinstance(statement, ast.Assign):
        return statement.targets[0], statement.value
    return None, None


def check_parameters(path: Path, given: dict[str, Any]) -> None:
    """Refuse parameters that a notebook does not declare, and notebooks that lack the usual ones.

    papermill itself only warns, and runs on with the default.

    Raises
    ------
    ParameterError
    """
    known = declared(path)
    if missing := [name for name in REQUIRED if name not in known]:
        raise ParameterError(
            f"{path.name}: its parameters cell lacks {', '.join(missing)}; every notebook "
            f"declares {', '.join(REQUIRED)}"
        )
    for name, value in given.items():
        if isinstance(value, bool) and isinstance(known.get(name), str):
            raise ParameterError(
                f"{path.name}: parameter {name} is {value}, expected text; a YAML file reads yes, "
                "no, on and off without quotes as true and false"
            )
        if name not in known:
            raise ParameterError(
                f"{path.name} has no parameter {name!r}{near_name(name, known)}; "
                f"it has {', '.join(known)}"
            )


@dataclass(frozen=True)
class Failure:
    """Where and why a notebook stopped."""

    notebook: str
    cell: int
    source: str
    error: str

    @property
    def line(self) -> str:
        """The failure in one plain line."""
        return (
            f"{self.notebook}: cell {self.cell} ({self.source}) stopped with {self.error}; "
            "no page is written, the last one stands"
        )


def execute(path: Path, output: Path, parameters: dict[str, Any]) -> None:
    """Execute a notebook with parameters; its executed copy is written even when it fails.

    Parameters
    ----------
    path, output : Path
    parameters : dict
        Every one must be declared.

    Raises
    ------
    ParameterError
        Before anything runs.
    NotebookError
        If a cell fails: the notebook, the cell and the kind of error, with its words where they
        are the suite's own.
    """
    check_parameters(path, parameters)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    start.load()
    import papermill
    import zmq
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from iro_analysis.runner.engine import WarmEngine

    papermill_engines.register(ENGINE, WarmEngine)  # also where the package is not installed again
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # What passes between here and the kernel is about children: encrypted, where ZeroMQ can.
    encryption = "auto" if zmq.has("curve") else "disabled"
    config = Config({"KernelManager": {"transport_encryption": encryption}})
    seconds = cell_seconds()
    try:
        papermill.execute_notebook(
            str(path),
            str(output),
            engine_name=ENGINE,
            parameters=parameters,
            kernel_name="python3",
            progress_bar=False,
            log_output=False,
            config=config,
            extra_arguments=["--IPKernelApp.log_level=50"],
            execution_timeout=seconds,
            shutdown_kernel="immediate",  # it has nothing to put in order, and is used once
        )
    except PapermillExecutionError as problem:
        raise NotebookError(_failure(path, problem).line, fault=_fault(path, problem)) from None
    except CellTimeoutError:
        raise NotebookError(
            f"{path.name}: a cell ran for more than {seconds} seconds and was stopped; no page is "
            f"written, the last one stands ({CELL_SECONDS} sets another limit)"
        ) from None
    except DeadKernelError:
        raise NotebookError(
            f"{path.name}: its process died (killed, or out of memory); no page is written, the "
            "last one stands"
        ) from None


def cell_seconds() -> int:
    """Return how long one cell may run [seconds].

    Raises
    ------
    ParameterError
        If the environment sets a limit that is no number of seconds.
    """
    given = os.environ.get(CELL_SECONDS, "600")
    if not given.isdigit() or int(given) < 1:
        raise ParameterError(f"{CELL_SECONDS}={given}: expected a number of seconds")
    return int(given)


def _failure(path: Path, problem: Any) -> Failure:
    """Return in our words what papermill says of a cell that stopped."""
    source = problem.source.strip().splitlines()
    words = f": {problem.evalue}" if problem.ename in _OURS else ""
    # papermill puts a cell with the error at the head of the executed copy.
    return Failure(
        path.name,
        int(problem.cell_index) + 1,
        source[0][:60] if source else "",
        f"{problem.ename}{words}",
    )


def _fault(path: Path, problem: Any) -> tuple[str, ...]:
    """Return where a cell stopped, for the log; nothing where the suite refused in plain words."""
    if problem.ename in _OURS:
        return ()
    shipped = path.resolve().parent == folder().resolve()
    return kernel_fault.described(path.stem if shipped else "", problem.traceback)


def tidied(path: Path, replace: dict[str, str]) -> Any:
    """Return an executed notebook without paths, times and other traces of the machine.

    Parameters
    ----------
    path : Path
    replace : dict
        Text in the injected parameters -> what should stand there.
    """
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)  # their state: for a live front end, and never the same
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", []):
            for old, new in replace.items():
                cell.source = cell.source.replace(old, new)
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET, None)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook
