"""Make temporary folders for a run that only this user can open, and clear those left behind.

A run that is killed cannot clear its own; the next one does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iro_analysis.runner.outputs import here, is_over

_MARK = "iro-"


@contextmanager
def folder(what: str) -> Iterator[Path]:
    """Give a folder in the system's temporary folder, and clear it when done.

    Parameters
    ----------
    what : str
        One word for what it holds, part of its name.
    """
    clear()
    # Made for the user alone, by tempfile; the name says whose it is (``clear``).
    prefix = f"{_MARK}{what}-{here()}-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as place:
        yield Path(place)


def clear() -> None:
    """Clear what runs of this user that are over have left in the temporary folder."""
    for path in sorted(Path(tempfile.gettempdir()).glob(f"{_MARK}*-*-*-*")):
        _, machine, process, _ = path.name.rsplit("-", 3)
        if _is_own_folder(path) and is_over(path, machine, process):
            shutil.rmtree(path, ignore_errors=True)


def _is_own_folder(path: Path) -> bool:
    """Whether it is a folder of this user, and no link: the temporary folder may be everyone's."""
    try:
        whose = path.lstat().st_uid
    except OSError:
        return False
    mine = not hasattr(os, "getuid") or whose == os.getuid()
    return mine and path.is_dir() and not path.is_symlink()
