"""Choose which files of an authority's folder are read: never what a link leads to outside."""

from __future__ import annotations

import os
from pathlib import Path

from iro_analysis import codes
from iro_analysis.errors import InputError


def leaves(path: Path, root: Path) -> bool:
    """Whether a path leads out of a folder by way of a symbolic link."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def files_below(folder: Path, root: Path) -> tuple[list[Path], list[str]]:
    """Return the files of a folder and those below it, sorted by name; hidden ones left out.

    Parameters
    ----------
    folder : Path
        Where to look.
    root : Path
        The authority's folder, which no link may leave.

    Returns
    -------
    list of Path
    list of str
        One line for each link that is not followed, and for each file that is too large.

    Raises
    ------
    InputError
        If the folder itself is a link that leaves.
    """
    if leaves(folder, root):
        raise InputError(
            f"{folder.name}: a link that leads out of the authority's folder; expected the folder "
            "itself"
        )
    files, refused = [], []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts):
            continue
        if problem := _why_not(path, root):
            refused.append(f"{inside.as_posix()}: {problem}")
        elif path.is_file():
            files.append(path)
    return files, refused


def _why_not(path: Path, root: Path) -> str:
    if path.is_symlink():
        if leaves(path, root):
            return "a link that leads out of the authority's folder; what it leads to is not read"
        if not path.is_file():
            return "a link to a folder or to nothing; it is not followed"
    limit = codes.record("return")["limits"]["file_bytes"]
    if path.is_file() and path.stat().st_size > limit:
        return f"larger than the {limit:,} bytes that a return can have; the file is not used"
    return ""
