"""Say where a fault arose in a notebook's kernel, without its message or a value of the data.

A kernel sends IPython's traceback: one entry per frame, with lines of code, and the exceptions'
messages between them. Only the kinds of the exceptions and the places of the frames are kept.
"""

from __future__ import annotations

import re
import sysconfig
from collections.abc import Iterable
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))
OWN = "a notebook of the user's own"
_COMPILED = (".pyx", ".pxi", ".pxd")  # of libraries; named without a folder of this computer
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_KIND = re.compile(r"([A-Za-z_][\w.]*)\s+Traceback \(most recent call last\)$")
_FRAME = re.compile(r"(?:File (?P<file>.+?):|Cell In\[(?P<cell>\d+)\], line )(?P<line>\d+)\b")
_NAME = re.compile(r", in ([A-Za-z_<][\w.<>]*)")


def place_of(file: str) -> str:
    """Return a code file's place without the folders of this computer."""
    path = Path(file)
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return "/".join(path.parts[-2:])


def described(notebook: str, traceback: Iterable[str]) -> tuple[str, ...]:
    """Return the lines for the log of faults.

    Parameters
    ----------
    notebook : str
        Its name where the suite ships it; else empty.
    traceback : iterable of str
        As the kernel sends it.

    Examples
    --------
    >>> described("reviews", ["KeyError   Traceback (most recent call last)",
    ...                       "File /a/own.py:7, in f(x)", "KeyError: 'a value'"])
    ('notebook reviews', 'KeyError', '  own file:7 f')
    """
    lines = [f"notebook {notebook}" if notebook else OWN]
    for entry in traceback:
        first = _COLOUR.sub("", entry).strip().split("\n", 1)[0]
        if kind := _KIND.match(first):
            lines.append(kind[1])
        elif frame := _FRAME.match(first):
            name = _NAME.match(first, frame.end())
            at = f"{_file(frame['file'])}:" if frame["file"] else f"cell run {frame['cell']}, line "
            lines.append(f"  {at}{frame['line']} {name[1] if name else ''}".rstrip())
    return tuple(lines)


def _file(printed: str) -> str:
    """Return a frame's file where it is the suite's or a library's; the user's is not named."""
    path = Path(printed).expanduser()
    if path.is_relative_to(_PACKAGE) or any(map(path.is_relative_to, _LIBRARIES)):
        return place_of(str(path))
    return path.as_posix() if path.suffix in _COMPILED and not path.is_absolute() else "own file"
