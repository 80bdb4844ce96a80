"""Keep the ledger: what was released of an authority, so that no later report reveals more.

One file per report, outside the folder of outputs (``runner.places``). It holds the counts' names,
what was shown and that something was hidden; no hidden number, no child. A report enters it before
its pages are made, as pending, and is settled once it is in place: a run that is refused or killed
leaves ledger and reports agreeing. Internal runs do not touch it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iro_analysis.disclosure.releases import Release
from iro_analysis.errors import OutputError
from iro_analysis.periods import Period
from iro_analysis.runner import outputs
from iro_analysis.runner.places import Places, close_to_others

_FORMAT = 2
_PATIENCE = 600  # seconds for another run to decide what it shows
_NAME = re.compile(r"(\d{6})-(.+?)(?:\.pending-([0-9a-f]+)-(\d+))?\.json")


@dataclass(frozen=True)
class Ledger:
    """The ledger of one authority.

    Attributes
    ----------
    places : Places
        Of the authority.
    """

    places: Places

    @property
    def folder(self) -> Path:
        """Where the entries lie."""
        return self.places.ledger

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Hold the ledger while it is decided what a report shows: one run after another.

        The system lets go of it when a run ends, however it ends.

        Raises
        ------
        OutputError
            If another run does not let go of it, or the folder cannot be written.
        """
        try:
            self.places.make_ledger()
            stream = (self.folder / "lock").open("a+b")
            close_to_others(self.folder / "lock")
        except OSError as problem:
            raise OutputError(
                f"{self.folder}: the ledger cannot be written ({problem.strerror}); nothing was "
                "changed; --ledger DIR names another place"
            ) from None
        with stream:
            until = time.monotonic() + _PATIENCE
            while not _held(stream):
                if time.monotonic() > until:
                    raise OutputError(
                        f"{self.folder}: another run has been deciding for {_PATIENCE} seconds "
                        "what it shows of this authority; nothing was written"
                    )
                time.sleep(0.05)
            yield

    def releases(self) -> list[Release]:
        """Return what was released, the latest last; what killed runs left is settled first.

        Raises
        ------
        OutputError
            If an entry cannot be read: what it hides could not be protected.
        """
        found = []
        for path, period, alive in self._entries():
            held = _read(path)
            if not alive:
                report = self.places.public / period / "figures.csv"
                if not report.is_file() or outputs.sha256(report) != held["figures"]:
                    path.unlink()
                    continue
                self._settle(path)
            found.append(Release.of_plain(held["release"]))
        return found

    def reserve(self, release: Release, figures: str, period: Period) -> None:
        """Enter a report that is about to be written.

        Parameters
        ----------
        release : Release
        figures : str
            What its ``figures.csv`` will be.
        period : Period
        """
        content = {
            "format": _FORMAT,
            "issued": datetime.now(UTC).date().isoformat(),
            "figures": hashlib.sha256(figures.encode()).hexdigest(),
            "release": release.plain(),
        }
        last = max((int(_parts_of(p)[0]) for p, _, _ in self._entries()), default=0)
        name = f"{last + 1:06d}-{period.folder}{_mine()}.json"
        with outputs.replacing(self.folder / name, private=True) as draft:
            draft.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")

    def settle(self, period: Period) -> None:
        """Say that a report which this run entered is in its place."""
        for path in self._pending(period):
            self._settle(path)

    def withdraw(self, period: Period) -> None:
        """Say that a report which this run entered is not going to be written."""
        for path in self._pending(period):
            path.unlink(missing_ok=True)

    def _settle(self, path: Path) -> None:
        """Make an entry stand; one that says the same as an earlier one is not needed."""
        number, period, *_ = _parts_of(path)
        release = _read(path)["release"]
        for other, its_period, _ in self._entries():
            stands = _parts_of(other)[2] is None
            if stands and its_period == period and _read(other)["release"] == release:
                path.unlink(missing_ok=True)
                return
        path.replace(self.folder / f"{number}-{period}.json")

    def _pending(self, period: Period) -> list[Path]:
        return sorted(self.folder.glob(f"*-{period.folder}{_mine()}.json"))

    def _entries(self) -> list[tuple[Path, str, bool]]:
        """Return each entry with its period, and whether it stands or its run is still going."""
        found = []
        for path in sorted(self.folder.glob("[0-9]*.json")):
            if matched := _NAME.fullmatch(path.name):
                machine, process = matched[3], matched[4]
                alive = machine is None or not outputs.is_over(path, machine, process)
                found.append((path, matched[2], alive))
        return found


def _mine() -> str:
    return f".pending-{outputs.here()}-{os.getpid()}"


def _parts_of(path: Path) -> tuple[str, ...]:
    """Return number, period and, of an entry that is not settled, its mark."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path.name} is no entry of a ledger")
    return found.groups()


def _read(path: Path) -> dict:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] not in (1, _FORMAT):
            raise ValueError(held["format"])
        Release.of_plain(held["release"])
        return {"figures": held["figures"], "release": held["release"]}
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        raise OutputError(
            f"{path}: this entry of the ledger cannot be read, so what that report hides could "
            "not be protected; expected the file as the suite wrote it: bring it back from a copy"
        ) from None


def _held(stream: Any) -> bool:
    """Take hold of an open file, unless another process has; whether it was taken."""
    try:
        if sys.platform == "win32":
            import msvcrt

            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
