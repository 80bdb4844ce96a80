"""Log a fault of the program itself, without any value of the data, so that it can be sent on.

An exception's message can hold a value that was being read, and a path an authority's name. So the
log has the kinds of the exceptions and the places in the code, never their messages, the command's
arguments, or the values of variables.
"""

from __future__ import annotations

import contextlib
import platform
import traceback
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from iro_analysis import __version__
from iro_analysis.reading.authority import MARK
from iro_analysis.runner import kernel_fault
from iro_analysis.runner.kernel_fault import place_of
from iro_analysis.runner.places import make_private

_LIBRARIES = ("pandas", "numpy", "matplotlib", "papermill", "nbconvert")


def report(fault: BaseException, command: str) -> list[str]:
    """Write the log of a fault, and say how to report it.

    Parameters
    ----------
    fault : BaseException
        The exception that ended the command.
    command : str
        The command's name, without its arguments.

    Returns
    -------
    list of str
        The lines for the user.
    """
    where = traceback.extract_tb(fault.__traceback__)[-1]
    first = (
        f"a fault in the program itself ({type(fault).__name__} in {where.name}, "
        f"line {where.lineno}); nothing that it had not finished is to be used"
    )
    return [first, _how_to_report(described(fault, command))]


def report_of_notebooks(faults: list[tuple[str, ...]], command: str) -> list[str]:
    """Write the log of faults that arose in the kernels of notebooks, and say how to report them.

    Parameters
    ----------
    faults : list of tuple of str
        As ``runner.kernel_fault.described`` returns them.
    command : str
        The command's name, without its arguments.

    Returns
    -------
    list of str
        The lines for the user.
    """
    lines = _versions(command)
    for each in faults:
        lines += ["", *each]
    own = any(each[0] == kernel_fault.OWN for each in faults)
    return [("unless the fault is in a cell of your own: " if own else "") + _how_to_report(lines)]


def _how_to_report(log: list[str]) -> str:
    """Write the log, readable by its owner alone, and return how to report the fault."""
    path = None
    with contextlib.suppress(OSError):
        top = Path.cwd()
        path = make_private(top / MARK, top) / "fault.log"
        path.touch(mode=0o600)
        path.write_text("\n".join(log) + "\n", encoding="utf-8")
    how = "to report it, open an issue of the project (see CONTRIBUTING.md)"
    if path is None:
        return f"{how} with the line above; the log could not be written here"
    return f"{how} and attach {path}: it holds no value of your data and no name of a file of yours"


def _versions(command: str) -> list[str]:
    lines = [
        f"iro_analysis {__version__}, iro {command}",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    ]
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            lines.append(f"{name} {version(name)}")
    return lines


def described(fault: BaseException, command: str) -> list[str]:
    """Return the lines of the log: versions, kinds of exception, places in the code."""
    lines = _versions(command)
    seen: set[int] = set()
    at: BaseException | None = fault
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines += ["", f"{type(at).__module__}.{type(at).__qualname__}"]
        for frame in traceback.extract_tb(at.__traceback__):
            lines.append(f"  {place_of(frame.filename)}:{frame.lineno} {frame.name}")
        at = at.__cause__ or at.__context__
    return lines
