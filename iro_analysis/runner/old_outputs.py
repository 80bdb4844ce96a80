"""Find and move what earlier versions left among published files: internal files, the ledger.

They kept internal files in ``<authority>/<period>/internal`` and the ledger in
``outputs/.ledger``, where they were copied with whatever was published.
"""

from __future__ import annotations

import shutil

from iro_analysis.errors import OutputError
from iro_analysis.periods import Period
from iro_analysis.runner.places import INTERNAL, Places

LEDGER = ".ledger"
CHECK = "check"


def notices(places: Places) -> list[str]:
    """Return what of an authority lies in the wrong place: one line each."""
    lines = []
    old = sorted(path for path in places.public.glob(f"*/{INTERNAL}") if path.is_dir())
    old += [path for path in [places.public / CHECK] if path.is_dir()]
    if old:
        shown = ", ".join(str(path) for path in old[:3]) + (", ..." if len(old) > 3 else "")
        lines.append(
            f"{places.authority}: an earlier version left internal files in the folder for "
            f"publication ({shown}); they hold rows and small numbers: a report of that period "
            f"moves its own to {places.internal}; move or delete the others before anything of "
            f"{places.public} is copied"
        )
    ledger = places.out / LEDGER / places.authority
    if ledger.is_dir():
        lines.append(
            f"{places.authority}: an earlier version left the ledger in the folder for "
            f"publication ({ledger}); the next committee report moves it to {places.ledger}. "
            "Delete it wherever the folder was copied to"
        )
    return lines


def move_ledger(places: Places) -> None:
    """Move an old ledger to its place, unless there is one already.

    Raises
    ------
    OutputError
        If both hold entries: which of them is right only the user knows.
    """
    old = places.out / LEDGER / places.authority
    entries = [path for path in old.glob("*.json") if path.is_file()]
    if not old.is_dir():
        return
    if entries and any(places.ledger.glob("[0-9]*.json")):
        raise OutputError(
            f"{old}: an earlier version left a ledger here, and there is another in "
            f"{places.ledger}; nothing was written. Keep the files of both in the second folder "
            "where both were published (number them on), and delete the first"
        )
    try:
        places.make_ledger()
        for path in entries:
            shutil.move(path, places.ledger / path.name)
        shutil.rmtree(old)
        if not any(old.parent.iterdir()):
            old.parent.rmdir()
    except OSError as problem:
        raise OutputError(f"{old}: cannot be moved ({problem.strerror})") from None


def move_internal(places: Places, period: Period) -> list[str]:
    """Move the internal files of an old report to their place, and say so.

    What is there already is newer and stays.
    """
    old = places.published(period) / INTERNAL
    if not old.is_dir():
        return []
    target = places.make_internal(period.folder)
    for path in sorted(old.iterdir()):
        if not (target / path.name).exists():
            shutil.move(path, target / path.name)
    shutil.rmtree(old)
    return [f"{old}: internal files of an earlier version were moved to {target}"]
