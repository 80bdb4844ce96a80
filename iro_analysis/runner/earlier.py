"""Keep or archive an earlier run's files before a report replaces them; list its corrections.

A page that this run does not make again stays beside the report while it says the same; where the
figures have changed it would contradict them, so it goes to the internal folder, with the figures
that are replaced (``iro compare --since last`` reads them).
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from iro_analysis.disclosure.releases import Correction
from iro_analysis.runner import manifest, places
from iro_analysis.runner.places import INTERNAL

REPLACED = "replaced"
FIGURES = "figures.csv"
_WHICH = ("measure", "breakdown", "group", "period")
_SAYS = ("status", "value", "numerator", "denominator", "lower", "upper")
# Made of the page, not only of its figures: they are out of date when a word of it changes.
_OF_THE_PAGE = frozenset(["report.pdf", "annex.pdf", "report.docx"])


@dataclass
class Kept:
    """What became of an earlier run's files.

    Attributes
    ----------
    pages : list of str
        Files of the earlier report that stand in the new one.
    others : list of str
        Files that the suite did not write, which stay as well.
    lines : list of str
        What a user should know: one line each.
    """

    pages: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def corrections(old: Path, figures: str) -> tuple[Correction, ...]:
    """Return when the figures that were published of a period changed, this time included.

    Only what was released is compared, so that it reveals nothing hidden.

    Parameters
    ----------
    old : Path
        The folder of the report that was published before, if there is one.
    figures : str
        ``figures.csv`` of this report.
    """
    try:
        before = (old / FIGURES).read_text(encoding="utf-8")
    except OSError:
        return ()
    held = manifest.read(old / manifest.NAME).get(manifest.CORRECTIONS, [])
    found = [Correction(date.fromisoformat(each["on"]), each["figures"]) for each in held]
    one, other = _shown(before), _shown(figures)
    moved = sum(one.get(key) != other.get(key) for key in {*one, *other})
    return (*found, Correction(date.today(), moved)) if moved else tuple(found)


def contradicts(report: Path, figures: str, measure: str) -> bool:
    """Whether a report in its place shows other figures of a measure; False where there is none.

    Parameters
    ----------
    report : Path
        The folder of the report.
    figures : str
        ``figures.csv`` as it would be written now.
    measure : str
    """
    try:
        stands = (report / FIGURES).read_text(encoding="utf-8")
    except OSError:
        return False
    of_report, now = (
        {key: row for key, row in _shown(each).items() if key[0] == measure}
        for each in (stands, figures)
    )
    return of_report != now


def _shown(figures: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return what each row of ``figures.csv`` shows."""
    return {
        tuple(row.get(name, "") for name in _WHICH): tuple(row.get(name, "") for name in _SAYS)
        for row in csv.DictReader(io.StringIO(figures))
    }


def keep(old: Path, draft: Path, account: Path, audience: str) -> Kept:
    """Carry over what stays of an earlier report, and archive what it replaces.

    Parameters
    ----------
    old : Path
        The folder of the earlier report, which is going to be replaced.
    draft : Path
        The new report; its figures and pages are written.
    account : Path
        The internal folder of the period, made.
    audience : str
    """
    kept = Kept()
    if not old.is_dir():
        return kept
    held = _whole_manifest(old, account, audience)
    same_figures, same_page = (_same(old / n, draft / n) for n in (FIGURES, "report.html"))
    stale = []
    for path in sorted(old.iterdir()):
        if (draft / path.name).exists() or path.name in (manifest.NAME, INTERNAL):
            continue
        ours = path.name in held.get("outputs", {})
        if ours and not (same_page if path.name in _OF_THE_PAGE else same_figures):
            stale.append(path)
            continue
        (shutil.copytree if path.is_dir() else shutil.copy2)(path, draft / path.name)
        (kept.pages if ours else kept.others).append(path.name)
    if ((old / FIGURES).is_file() and not same_figures) or stale:
        away = _archived(old, account, audience, held, stale)
        if stale:
            names = ", ".join(path.name for path in stale)
            kept.lines.append(
                f"{old}: {names} of the earlier report would contradict this one, and this run was "
                f"not asked to make it again (--pdf, --notebook NAME); it was moved to {away}"
            )
    return kept


def replaced(account: Path, audience: str) -> Path | None:
    """Return the folder of the report that was replaced last; None where none was."""
    found = sorted(path for path in (account / REPLACED).glob(f"{audience}-*") if path.is_dir())
    return found[-1] if found else None


def _archived(old: Path, account: Path, audience: str, held: dict, stale: list[Path]) -> Path:
    when = re.sub(r"[^0-9T]", "", held.get("finished", "")[:19]) or "unknown"
    away = places.make_private(account / REPLACED / f"{audience}-{when}", account)
    for path in [old / FIGURES, *stale]:
        if path.is_file():
            shutil.copy2(path, away / path.name)
    manifest.write(held, away / manifest.NAME)
    for path in away.iterdir():
        places.close_to_others(path)
    return away


def _whole_manifest(old: Path, account: Path, audience: str) -> dict:
    """Return the manifest of the earlier report, the internal one where it is that report's."""
    stood = manifest.read(old / manifest.NAME)
    if audience != INTERNAL:
        whole = manifest.read(account / manifest.OF_COMMITTEE)
        if whole.get("outputs") == stood.get("outputs"):
            return whole
    return stood


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()
