"""Find what changed between two runs of one period: each figure before and after, and why."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from iro_analysis import catalogue
from iro_analysis.errors import InputError
from iro_analysis.runner import earlier, manifest
from iro_analysis.runner.places import INTERNAL

FIGURES = "figures.csv"
COLUMNS = ["measure", "breakdown", "group", "period", "unit", "moved", "before", "after", "why"]
_KEY = ("period", "measure", "breakdown", "group")
_NUMBERS = ("value", "numerator", "denominator", "lower", "upper")
SHOWN, HIDDEN, MADE, GONE, CHANGED = (
    "shown now", "hidden now", "new", "no longer there", "changed"
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """The figures of a run, and what they were made from.

    Attributes
    ----------
    place : Path
    rows : dict
        Period, measure, breakdown and group -> row of ``figures.csv``.
    made : dict
        The manifest, as much of it as is there.
    """

    place: Path
    rows: dict[tuple[str, ...], dict[str, str]]
    made: dict


@dataclass(frozen=True)
class Move:
    """A figure that is not what it was.

    Attributes
    ----------
    key : tuple of str
        Period, measure, breakdown, group.
    unit : str
    moved : str
        What became of it.
    before, after : str
        As printed in ``figures.csv``; what stands there instead of a number otherwise.
    why : str
    size : float
        How large the move is, for the order: 1 where a figure came or went.
    """

    key: tuple[str, ...]
    unit: str
    moved: str
    before: str
    after: str
    why: str
    size: float


def read(path: Path) -> Run:
    """Read a folder of outputs, or a ``figures.csv``.

    Raises
    ------
    InputError
        If there are no figures there.
    """
    file = path / FIGURES if path.is_dir() else path
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        held = {tuple(row[name] for name in _KEY): row for row in rows}
        complete = all(set(_NUMBERS) <= set(row) for row in rows)
    except (OSError, ValueError, KeyError, csv.Error):
        held, complete = {}, False
    if not held or not complete:
        raise InputError(
            f"{path}: no figures are here; expected a folder of outputs, such as "
            f"outputs/demo/2019-20, or its {FIGURES}"
        )
    return Run(path, held, _manifest(file.parent))


def _manifest(folder: Path) -> dict:
    """Return the manifest of a run, the internal one of a committee report where it is at hand."""
    stood = manifest.read(folder / manifest.NAME)
    whole = manifest.read(account_of(folder) / manifest.OF_COMMITTEE)
    return whole if whole and whole.get("outputs") == stood.get("outputs") else stood


def account_of(folder: Path) -> Path:
    """Return the internal folder of a period's outputs, whichever of its two folders is named."""
    period = folder.resolve()
    out = period.parents[1] if len(period.parents) > 1 else period.parent
    return period if out.name == INTERNAL else out / INTERNAL / period.parent.name / period.name


def replaced_by(folder: Path) -> Run | None:
    """Return the run that the one in a folder replaced last; None where no figure has moved."""
    account = account_of(folder)
    audience = INTERNAL if account == folder.resolve() else "committee"
    place = earlier.replaced(account, audience)
    return None if place is None or not (place / FIGURES).is_file() else read(place)


def moves(before: Run, after: Run) -> list[Move]:
    """Return the figures that moved between two runs of one period, the worst first.

    Raises
    ------
    InputError
        If the runs are of different periods or authorities.
    """
    for name in ("period", "authority", "audience"):
        one, other = (run.made.get("parameters", {}).get(name) for run in (before, after))
        if one and other and one != other:
            raise InputError(
                f"{before.place} is of {one} and {after.place} of {other}; expected two runs of "
                f"the same {name}"
            )
    given = reasons(before, after)
    found = [
        move
        for key in sorted({*before.rows, *after.rows})
        if (move := _move(key, before.rows.get(key), after.rows.get(key), given))
    ]
    return sorted(found, key=lambda move: (-move.size, move.key[2] != "all", move.key))


def reasons(before: Run, after: Run) -> dict[str, str]:
    """Return what is different about two runs: inputs, rows, suite, policy; empty words where not.

    A run whose manifest is not at hand says so, since then nothing is known.
    """
    one, other = before.made, after.made
    if not one or not other:
        return {"unknown": "no manifest beside the figures, so the reason is not known"}
    inputs, given = one.get("inputs", {}), other.get("inputs", {})
    changed = [name for name in sorted({*inputs, *given}) if inputs.get(name) != given.get(name)]
    words = []
    for name in changed:
        kind = "changed" if name in inputs and name in given else "new"
        words.append(f"{name} {'gone' if name not in given else kind}")
    rows = [
        f"{name.replace('_', ' ')} {a:,} -> {b:,}"
        for name, a in one.get("rows", {}).items()
        if isinstance(a, int) and a != (b := other.get("rows", {}).get(name, a))
    ]
    suite = [(run.get("version", ""), run.get("commit", "")[:9]) for run in (one, other)]
    policy = [run.get("disclosure", {}).get("policy", {}) for run in (one, other)]
    return {
        "inputs": f"inputs: {_some(words)}" if words else "",
        "rows": f"rows: {', '.join(rows)}" if rows else "",
        "suite": f"suite: {' '.join(suite[0])} -> {' '.join(suite[1])}"
        if suite[0] != suite[1]
        else "",
        "policy": "policy of small numbers changed" if policy[0] != policy[1] else "",
    }


def _some(words: list[str], most: int = 4) -> str:
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def _move(
    key: tuple[str, ...], old: dict | None, new: dict | None, given: dict[str, str]
) -> Move | None:
    if old and new and all(old[name] == new[name] for name in (*_NUMBERS, "status")):
        return None
    row = new or old or {}
    why = [given.get(name, "") for name in ("inputs", "rows", "suite", "unknown")]
    if old and new and (old["method"], old["unit"]) != (new["method"], new["unit"]):
        why.insert(0, f"definition: {old['method']} -> {new['method']}")
    moved, size = _what(old, new)
    if moved in (SHOWN, HIDDEN):
        why.append(given.get("policy", ""))
    reason = "; ".join(filter(None, why))
    return Move(
        key, row["unit"], moved, _shown(old), _shown(new),
        reason or "nothing that was given: other reports were released in between", size,
    )  # fmt: skip


def _what(old: dict | None, new: dict | None) -> tuple[str, float]:
    """Return what became of a figure, and how large the move is."""
    if old is None or new is None:
        return (MADE if old is None else GONE), 1.0
    if old["status"] != new["status"]:
        return (SHOWN if new["status"] == "ok" else HIDDEN), 1.0
    try:
        one, other = float(old["value"]), float(new["value"])
    except ValueError:
        return CHANGED, 0.0
    most = max(abs(one), abs(other))
    if not math.isfinite(most):
        return CHANGED, 1.0
    return CHANGED, abs(one - other) / most if most else 0.0


def _shown(row: dict | None) -> str:
    """Return a figure in one cell: its value, its counts and its interval where it has them."""
    if row is None:
        return ""
    if not row["value"]:
        return row["status"].replace("_", " ")
    text = row["value"]
    if row["denominator"] and row["numerator"] != row["value"]:
        text += f" ({row['numerator']} of {row['denominator']})"
    elif row["denominator"]:
        text += f" of {row['denominator']}"
    return text + (f" [{row['lower']} to {row['upper']}]" if row["lower"] else "")


def title_of(measure: str) -> str:
    """Return a measure's title; its name where this version of the suite has no such measure."""
    known = catalogue.measures()
    return known[measure].title if measure in known else measure
