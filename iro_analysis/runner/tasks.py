"""Records of what a run is asked for, and of what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from iro_analysis.errors import AnalysisError
from iro_analysis.periods import Period
from iro_analysis.reading.authority import Authority
from iro_analysis.runner.places import Places


@dataclass(frozen=True)
class Task:
    """A report to make.

    Attributes
    ----------
    data : str
        The authority's folder, ``folder#name`` for one of a regional extract.
    period : Period
    out : str
        The folder of all outputs.
    audience : str
    notebooks : tuple of str
        Names of the notebooks: the committee report and those asked for.
    parameters : tuple of (str, str)
        Further parameters of the notebooks.
    pdf : bool
        Whether the report is printed to a PDF as well.
    docx : bool
        Whether the report is written as a Word document as well.
    ledger : str
        The folder of the ledgers, where the user named one.
    """

    data: str
    period: Period
    out: str
    audience: str
    notebooks: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()
    pdf: bool = False
    docx: bool = False
    ledger: str = ""

    def places(self, authority: str) -> Places:
        """Return where the files of an authority go."""
        return Places(Path(self.out), authority, Path(self.ledger) if self.ledger else None)


@dataclass(frozen=True)
class Batch:
    """The reports asked for of one authority.

    Attributes
    ----------
    tasks : list of Task
        All of the same ``data``.
    authority : Authority or AnalysisError
        As read; or why it cannot be used, and no report of it made.
    """

    tasks: list[Task]
    authority: Authority | AnalysisError


@dataclass
class Result:
    """What became of a task.

    Attributes
    ----------
    folder : str
        Where the report is; empty if it was not made.
    lines : list of str
        What a user should know.
    problems : list of str
        What went wrong, one line each.
    exit_code : int
    faults : list of tuple of str
        Where errors that nobody expected arose in notebooks, for the log of faults.
    """

    task: Task
    folder: str = ""
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    exit_code: int = 0
    faults: list[tuple[str, ...]] = field(default_factory=list)
