"""Find and read the authorities in the folders that a user names, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from iro_analysis.errors import AnalysisError, InputError
from iro_analysis.reading.authority import Authority, authority_folders, read_authority
from iro_analysis.runner.places import TAKEN


def folders(data: list[str]) -> list[Path]:
    """Return the authorities' folders in the folders that a user names."""
    return [folder for place in data for folder in authority_folders(Path(place))]


def authorities(data: list[str]) -> Iterator[tuple[str, Authority | AnalysisError]]:
    """Read the authorities that the user's folders hold, one when the one before is dealt with.

    A region's returns are more than a machine holds at once; and one that cannot be used is no
    reason to keep the reports of the others back.

    Yields
    ------
    tuple of str and Authority
        The words by which a notebook opens the same authority, and the authority; or the error,
        where it cannot be read or would be written over another.
    """
    seen: set[str] = set()
    for folder in folders(data):
        try:
            several = read_authority(folder)
        except AnalysisError as problem:
            yield str(folder), problem
            continue
        for authority in several:
            name = f"{folder}#{authority.folder}" if len(several) > 1 else str(folder)
            if authority.folder.lower() in TAKEN:
                yield (
                    name,
                    InputError(
                        f"{folder}: an authority's folder cannot be called {authority.folder}, "
                        "which the outputs keep for internal files; rename it"
                    ),
                )
                continue
            if authority.folder in seen:
                yield (
                    name,
                    InputError(
                        f"{folder}: two authorities would be written to the same folder "
                        f"{authority.folder}; expected different names: rename one of the folders"
                    ),
                )
                continue
            seen.add(authority.folder)
            yield name, authority
