"""Record which ledgers belong to an authority's data, to notice a copied, lost or second one.

What a report hides is protected by the ledger of the reports before it. A second folder of outputs
has a ledger of its own, a copied one goes its own way, a lost one protects nothing: each is noticed
here, and said before anything is written. No child and no figure stands in these files.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from iro_analysis.errors import OutputError
from iro_analysis.reading.authority import MARK
from iro_analysis.runner import outputs, places
from iro_analysis.runner.places import Places

IDENTITY = "identity.json"
_SHARE = "publish from one folder of outputs only, or give both the same ledger (--ledger)"


@dataclass(frozen=True)
class Register:
    """The mark that lies with an authority's data: which ledgers were begun of them.

    Attributes
    ----------
    data : Path
        The folder of the data.
    synthetic : bool
        Whether its children are invented. The mark of a demonstration lies beside its folder, so
        that the folder stays byte for byte what the generator writes.
    places : Places
    """

    data: Path
    synthetic: bool
    places: Places

    @property
    def folder(self) -> Path:
        """Where the mark lies."""
        data = self.data.resolve()
        return data.parent / MARK / "data" / data.name if self.synthetic else data / MARK

    def notices(self) -> list[str]:
        """Return what a user must know before a report is made: one line each, nothing written."""
        name, mine = self.places.authority, self.places.ledger
        known = _read(self.folder / IDENTITY).get("data", "")
        here = _read(mine / IDENTITY)
        lines = []
        if here:
            origin = Path(here.get("place", ""))
            if not _same(origin, mine) and _read(origin / IDENTITY).get("ledger") == here["ledger"]:
                lines.append(
                    f"{name}: the ledger {mine} is a copy of {origin}, which is still there: "
                    "neither knows what is released by the other; keep one of them"
                )
            if known and here.get("data") not in ("", known):
                lines.append(
                    f"{name}: the ledger {mine} was begun with other data than {self.data}; "
                    "where that is another authority, give another folder of outputs (--out)"
                )
        lines += self._lost(bool(here))
        lines += self._elsewhere()
        if not _can_be_written(self.folder):
            lines.append(
                f"{name}: nothing can be written to {self.folder}, so that reports of these data "
                "in a second folder of outputs would not be noticed"
            )
        return lines

    def _lost(self, has_ledger: bool) -> list[str]:
        """Say which published reports the ledger does not know."""
        name, mine = self.places.authority, self.places.ledger
        entered = {path.name.split("-", 1)[1] for path in mine.glob("[0-9]*-*.json")}
        unknown = [
            folder
            for folder in _published(self.places.public)
            if not any(
                entry.startswith((f"{folder}.json", f"{folder}.pending")) for entry in entered
            )
        ]
        if unknown:
            shown = ", ".join(unknown[:5]) + (", ..." if len(unknown) > 5 else "")
            return [
                f"{name}: {self.places.public} holds {len(unknown)} reports that the ledger "
                f"{mine} does not know ({shown}): what they hide may follow from this report; "
                "bring the ledger back from a copy, or make those reports again first"
            ]
        if not has_ledger and any(_same(place, mine) for _, place, _ in self._ledgers()):
            return [
                f"{name}: reports of these data were entered in the ledger {mine}, which is not "
                "there any more: what they hide is not protected; bring it back from a copy"
            ]
        return []

    def _elsewhere(self) -> list[str]:
        """Say where else reports of these data were made."""
        others = [one for one in self._ledgers() if not _same(one[1], self.places.ledger)]
        there = [(place, out) for _, place, out in others if place.is_dir() or out.is_dir()]
        lines = []
        if there:
            place, out = there[-1]
            more = f" and {len(there) - 1} more" if len(there) > 1 else ""
            lines.append(
                f"{self.places.authority}: reports of these data were made into {out} as well"
                f"{more}: what one folder hides another may show; {_SHARE} (that of {out.name}: "
                f"{place.parent})"
            )
        gone = [out for _, place, out in others if not (place.is_dir() or out.is_dir())]
        if gone and not self.synthetic:
            lines.append(
                f"{self.places.authority}: reports of these data were made into {gone[-1]}, which "
                "is not there any more, nor their ledger: if they were published, what they hide "
                "may follow from this report (said once)"
            )
        return lines

    def _ledgers(self) -> list[tuple[Path, Path, Path]]:
        """Return the ledgers begun of these data: file of the mark, ledger, folder of outputs."""
        found = []
        for path in sorted(self.folder.glob("ledger-*.json"), key=_age):
            held = _read(path)
            if held.get("authority") == self.places.authority:
                found.append((path, Path(held["place"]), Path(held["out"])))
        return found

    def enter(self) -> None:
        """Give data and ledger their identities, and forget the ledgers that are gone.

        Raises
        ------
        OutputError
            If the ledger's folder cannot be written. Data that cannot be written stay unmarked.
        """
        mine = self.places.ledger
        try:
            self.places.make_ledger()
            data = self._marked()
            held = _read(mine / IDENTITY)
            now = {
                "ledger": held.get("ledger") or secrets.token_hex(8),
                "data": held.get("data") or data,
                "place": str(mine.resolve()),
            }
            if now != held:
                _write(mine / IDENTITY, now)
        except OSError as problem:
            raise OutputError(
                f"{mine}: the ledger cannot be written ({problem.strerror}); nothing was changed; "
                "--ledger DIR names another place"
            ) from None
        if data:
            self._note(now["ledger"])

    def _marked(self) -> str:
        """Return the identity of the data, given now where they have none; empty where unmarked."""
        path = self.folder / IDENTITY
        if not _can_be_written(self.folder):
            return _read(path).get("data", "")
        top = self.data.resolve().parent if self.synthetic else self.data.resolve()
        try:
            places.make_private(self.folder, top)
            if not path.is_file():
                _write(path, {"data": secrets.token_hex(8)})
        except OSError:
            return ""
        return _read(path).get("data", "")

    def _note(self, ledger: str) -> None:
        own = self.folder / f"ledger-{ledger}.json"
        held = {
            "authority": self.places.authority,
            "place": str(self.places.ledger.resolve()),
            "out": str(self.places.out.resolve()),
        }
        try:
            for path, place, out in self._ledgers():
                if path != own and not (place.is_dir() or out.is_dir()):
                    path.unlink(missing_ok=True)
            if _read(own) != held:
                _write(own, held)
        except OSError:
            return  # said before: nothing can be written here


def _published(folder: Path) -> list[str]:
    """Return the folders of the committee reports of an authority's folder."""
    found = []
    for path in sorted(folder.glob("*/manifest.json")):
        if _read(path).get("parameters", {}).get("audience") == "committee":
            found.append(path.parent.name)
    return found


def _read(path: Path) -> dict:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _write(path: Path, content: dict) -> None:
    with outputs.replacing(path, private=True) as draft:
        draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one folder, by whatever letter or share a drive is reached."""
    try:
        return one.resolve() == other.resolve() or one.samefile(other)
    except OSError:
        return False


def _can_be_written(folder: Path) -> bool:
    """Whether a folder is there, or can be made, and takes files."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return os.access(place, os.W_OK)
