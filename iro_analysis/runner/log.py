"""Append an unattended run to a log: when, what was asked, what came of it. No child's data.

The lines are those that a committee run prints: they name authorities, periods and files, never a
value of a row, whatever the audience of the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path


def append(path: Path, status: int, arguments: Iterable[str], lines: Iterable[str]) -> None:
    """Add a run to the log.

    Parameters
    ----------
    path : Path
        Made with its folder where it is not there.
    status : int
        Exit status.
    arguments : iterable of str
        As typed behind ``iro``.
    lines : iterable of str
        What was done, and what went wrong.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    path.parent.mkdir(parents=True, exist_ok=True)
    said = [f"{when} exit {status}: iro {' '.join(arguments)}", *(f"  {line}" for line in lines)]
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("\n".join(said) + "\n")
