"""Keep what a run has read and released for its notebooks: each authority and period once.

The folder is private to the run and goes with it; the environment names it to the run's kernels.
For the committee a notebook gets what was released, and no child's row to make anything else from;
what the run has not released it refuses. For internal use a notebook that finds nothing kept reads
and works out for itself.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons import Comparison
from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.disclosure.publish import Published, seal, unseal
from iro_analysis.disclosure.releases import Correction
from iro_analysis.errors import DisclosureError
from iro_analysis.packing import packed, unpacked
from iro_analysis.periods import Period
from iro_analysis.reading.account import Account, FileAccount
from iro_analysis.reading.authority import Authority
from iro_analysis.reading.commentary import Commentary, Passage, Promise

FOLDER, KEY = "IRO_PREPARED", "IRO_PREPARED_KEY"  # environment variables
AUDIENCE = "IRO_PREPARED_FOR"
_CLASSES = (
    Account, Authority, CareRecord, Commentary, Correction, FileAccount, Passage, Period, Promise
)  # fmt: skip
NOT_RELEASED = (
    "this run has not released it; a notebook shows what iro report was asked for, its periods and "
    "its audience"
)
_DIGEST = hashlib.sha256().digest_size
_RECORDS = ".record"
_HELD: dict[Path, CareRecord] = {}  # loaded by this process, or by the one it was forked from


class Prepared(NamedTuple):
    """What a run prepared of an authority for a period and audience."""

    record: CareRecord
    period: Period
    everything: Published
    words: Commentary
    released: tuple[Comparison, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Store:
    """A run's folder of what was read and released.

    Attributes
    ----------
    folder : Path
        Private to the user, and to one run.
    key : bytes
        The run's secret, by which the gate knows what it released itself.
    """

    folder: Path
    key: bytes

    @classmethod
    def of_environment(cls) -> Store | None:
        """Return the store that the environment names; None outside a run."""
        folder, key = os.environ.get(FOLDER), os.environ.get(KEY)
        return cls(Path(folder), bytes.fromhex(key)) if folder and key else None

    @property
    def environment(self) -> dict[str, str]:
        """What names this store to a process of the run."""
        return {FOLDER: str(self.folder), KEY: self.key.hex()}

    def keep_record(self, place: Path, name: str, record: CareRecord, audience: str) -> None:
        """Keep what was read of an authority, its children for internal use only."""
        kept = record if audience == INTERNAL else record.without_children()
        _write(self._record(place, name, audience), packed(kept))

    def keep_study(
        self,
        place: Path,
        name: str,
        period: Period,
        everything: Published,
        words: Commentary,
        comparisons: tuple[Comparison, ...],
        corrections: tuple[Correction, ...] = (),
    ) -> None:
        """Keep what was released for a period, the comparisons made of it and the words."""
        released = seal(everything, self.key)
        content = (
            len(released).to_bytes(8, "big")
            + released
            + packed([words, [each.plain() for each in comparisons], list(corrections)])
        )
        _write(self._study(place, name, period, everything.audience), content)

    def _record(self, place: Path, name: str, audience: str) -> Path:
        return self.folder / f"{_named(place, name, audience)}{_RECORDS}"

    def _study(self, place: Path, name: str, period: Period, audience: str) -> Path:
        return self.folder / f"{_named(place, name, period.name, audience)}.study"

    def names(self, place: Path, name: str, period: Period, audience: str) -> tuple[str, ...]:
        """Return the names of the files that a period's notebooks need."""
        study = self._study(place, name, period, audience)
        return (self._record(place, name, audience).name, study.name)

    def record(self, place: Path, name: str, audience: str) -> CareRecord | None:
        """Return what was read of an authority, None where nothing is kept for an audience."""
        return _record(self._record(place, name, audience))


def find(place: Path, name: str, period: Period, audience: str) -> Prepared | None:
    """Return what the run prepared of an authority for a period and audience.

    Parameters
    ----------
    place : Path
        The authority's folder.
    name : str
        The authority of a regional extract; empty where the folder is one authority's.
    period : Period
    audience : str

    Returns
    -------
    Prepared or None
        None outside a run, and for what an internal run has not prepared (or was deleted since).

    Raises
    ------
    DisclosureError
        If what is kept is not what the run wrote; or if a run for the committee has not released
        what is asked for: nobody has looked whether it may be shown.
    """
    store = Store.of_environment()
    if store is None:
        return None
    content = _read(store._study(place, name, period, audience))
    record = store.record(place, name, audience)
    if content is None or record is None:
        if _nothing_is_hidden():
            return None
        raise DisclosureError(f"{period}, for {audience}: {NOT_RELEASED}")
    length = int.from_bytes(content[:8], "big")
    everything = unseal(content[8 : 8 + length], store.key)
    words, compared, corrections = unpacked(content[8 + length :], _CLASSES)
    comparisons = tuple(Comparison.of_plain(each) for each in compared)
    return Prepared(record, period, everything, words, comparisons, tuple(corrections))


def record_of_the_run(place: Path, name: str, audience: str) -> CareRecord | None:
    """Return what the run has read of an authority, None outside a run; see ``find``.

    Raises
    ------
    DisclosureError
        If a notebook of a run for the committee asks for the children.
    """
    store = Store.of_environment()
    if store is None:
        return None
    if audience == INTERNAL and not _nothing_is_hidden():
        raise DisclosureError(f"{audience}: {NOT_RELEASED}")
    return store.record(place, name, audience)


def _nothing_is_hidden() -> bool:
    return os.environ.get(AUDIENCE) == INTERNAL


def _named(place: Path, *parts: str) -> str:
    """Return the file's name for what is meant: the same from every current folder."""
    whole = "\n".join([os.path.normcase(place.resolve()), *parts])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _write(path: Path, content: bytes) -> None:
    """Write a file whose first bytes are the hash of the rest; whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(hashlib.sha256(content).digest() + content)
    draft.replace(path)


def _read(path: Path) -> bytes | None:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    mark, content = whole[:_DIGEST], whole[_DIGEST:]
    if hashlib.sha256(content).digest() != mark:
        raise DisclosureError(
            "a file that this run keeps for its notebooks was changed or cut short; run it again"
        )
    return content


def _record(path: Path) -> CareRecord | None:
    if path not in _HELD:
        content = _read(path)
        if content is None:
            return None
        _HELD[path] = unpacked(content, _CLASSES)
    return _HELD[path]
