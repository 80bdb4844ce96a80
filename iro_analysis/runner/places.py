"""Say where the files of a run go: for publication, internal, and the ledger outside both.

::

    outputs/<authority>/<period>/             for publication, and nothing else
    outputs/region/<period>/                  several authorities side by side, of published figures
    outputs/internal/<authority>/<period>/    internal reports, findings, rows set aside
    .iro/ledger/outputs/<authority>/          the ledger, beside the folder of outputs

A folder of outputs is copied to web servers and sent by post; the ledger is not, and so it does not
lie in it. ``iro report --ledger DIR`` names another place for it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from iro_analysis.periods import Period
from iro_analysis.reading.authority import MARK

INTERNAL = "internal"
AUDIT = "audit"
COMPARED = "compare"  # in the internal folder: comparisons of runs
REGION = "region"
# Names of folders of the outputs that no authority's folder can have.
TAKEN = frozenset([INTERNAL, AUDIT, REGION, COMPARED])
_LEDGER = "ledger"


@dataclass(frozen=True)
class Places:
    """The folders of one authority.

    Attributes
    ----------
    out : Path
        The folder of all outputs.
    authority : str
        The authority's folder in it.
    ledgers : Path or None
        The folder of the ledgers of all authorities, where the user named one.
    """

    out: Path
    authority: str
    ledgers: Path | None = None

    @property
    def public(self) -> Path:
        """The authority's folder for publication."""
        return self.out / self.authority

    @property
    def internal(self) -> Path:
        """The authority's folder for internal use."""
        return self.out / INTERNAL / self.authority

    @property
    def ledger(self) -> Path:
        """The authority's ledger."""
        if self.ledgers is not None:
            return self.ledgers / self.authority
        whole = self.out.resolve()
        return whole.parent / MARK / _LEDGER / (whole.name or "outputs") / self.authority

    def published(self, period: Period) -> Path:
        """Return the folder of a period's report for publication."""
        return self.public / period.folder

    def kept(self, period: Period) -> Path:
        """Return the folder of what is internal of a period."""
        return self.internal / period.folder

    def make_internal(self, *below: str) -> Path:
        """Make a folder of the authority's internal files, for this user alone."""
        return make_private(self.internal.joinpath(*below), self.out)

    def make_ledger(self) -> Path:
        """Make the folder of the ledger, for this user alone."""
        top = self.ledgers.parent if self.ledgers is not None else self.out.resolve().parent
        return make_private(self.ledger, top)


def make_private(folder: Path, top: Path) -> Path:
    """Make a folder that only this user can open, and those between it and `top` likewise.

    Parameters
    ----------
    folder : Path
    top : Path
        A folder above it, whose own mode is left alone.

    Raises
    ------
    OSError
        If a folder cannot be made.
    """
    top.mkdir(parents=True, exist_ok=True)
    place = top
    for part in folder.relative_to(top).parts:
        place = place / part
        place.mkdir(mode=0o700, exist_ok=True)
        close_to_others(place)
    return folder


def close_to_others(path: Path) -> None:
    """Let only this user open a file or folder, whatever the umask.

    On Windows and on drives without modes the rights of the folder above hold.
    """
    with contextlib.suppress(OSError):
        path.chmod(0o700 if path.is_dir() else 0o600)
