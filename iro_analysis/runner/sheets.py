"""Second half of a run: execute one notebook for one period and convert it, in any process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis.errors import AnalysisError, NotebookError
from iro_analysis.runner import notebooks, pages, private, start

if TYPE_CHECKING:
    from iro_analysis.prepared import Store


@dataclass(frozen=True)
class Order:
    """A page to make: all that a process needs to make it.

    Attributes
    ----------
    notebook : str
        The notebook's path.
    name : str
        What its files are called, without their endings.
    parameters : tuple of (str, str)
    instead : tuple of (str, str)
        Text to replace in the executed copy -> replacement.
    page : Page
        What the page says around the notebook; its title comes from the notebook.
    store : Store
        What the run has read and released.
    kept : tuple of str
        Names of the store's files that this page needs.
    published : str
        The folder of DfE's files that comparators come from; empty where there is none.
    """

    notebook: str
    name: str
    parameters: tuple[tuple[str, str], ...]
    instead: tuple[tuple[str, str], ...]
    page: pages.Page
    store: Store
    kept: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True)
class Sheet:
    """A page made.

    Attributes
    ----------
    name : str
        As ordered.
    html : str
        Empty where the notebook stopped.
    copy : str
        The executed notebook, as far as it came.
    problems : tuple of str
        Why it stopped: one line each.
    exit_code : int
    fault : tuple of str
        Where an error that nobody expected arose, for the log of faults.
    """

    name: str
    html: str = ""
    copy: str = ""
    problems: tuple[str, ...] = ()
    exit_code: int = 0
    fault: tuple[str, ...] = ()


def get_ready() -> None:
    """Load what making pages needs, and begin a warm kernel; the first page waits for neither."""
    start.load()
    from iro_analysis.runner import warm

    warm.source()


def make(order: Order) -> Sheet:
    """Execute a notebook and lay it out; a notebook that stops is told, not raised."""
    start.load()
    import nbformat

    from iro_analysis import prepared

    given = {**order.store.environment, prepared.AUDIENCE: dict(order.parameters)["audience"]}
    with private.folder("page") as place, _environment(given):
        copy = place / f"{order.name}.ipynb"
        try:
            notebooks.execute(Path(order.notebook), copy, dict(order.parameters))
        except AnalysisError as problem:
            left = copy.read_text(encoding="utf-8") if copy.is_file() else ""
            fault = problem.fault if isinstance(problem, NotebookError) else ()
            return Sheet(order.name, "", left, problem.lines, problem.exit_code, fault)
        executed = notebooks.tidied(copy, dict(order.instead))
    page = replace(order.page, title=pages.title_of(executed))
    return Sheet(order.name, pages.render(executed, page), nbformat.writes(executed) + "\n")


@contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    """Name the run's store to the kernels that are started here, and to nothing after."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
