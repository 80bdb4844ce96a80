"""Remember what the panel showed last, for *Restart and run all*: names, never figures.

It is kept for a notebook that is open in JupyterLab, beside the ledger in ``.iro``, so that neither
the notebook nor the checkout changes. A notebook that papermill runs begins with its parameters.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from iro_analysis.reading.authority import MARK

NOTEBOOK = "JPY_SESSION_NAME"  # set by Jupyter's server in the kernel of a notebook that is open
MOST_KEPT = 50


def recall(place: Path, opened: list[Any]) -> dict[str, Any]:
    """Return what was kept of this notebook; nothing where it was opened in another way.

    Parameters
    ----------
    place : Path
        The project's folder.
    opened : list
        What the panel was opened with: other parameters than last time win over what was kept.
    """
    kept = _read(place).get(os.environ.get(NOTEBOOK, ""), {})
    same = isinstance(kept, dict) and kept.get("opened") == opened
    shown = kept.get("shown", {}) if same else {}
    return shown if isinstance(shown, dict) else {}


def keep(place: Path, opened: list[Any], shown: dict[str, Any]) -> None:
    """Keep what is shown; where the folder cannot be written nothing is kept."""
    notebook = os.environ.get(NOTEBOOK)
    if not notebook:
        return
    others = {name: each for name, each in _read(place).items() if name != notebook}
    whole = dict(list(others.items())[1 - MOST_KEPT :]) | {
        notebook: {"opened": opened, "shown": shown}
    }
    file = _file(place)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_name(f"{file.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(whole, indent=1), encoding="utf-8")
        unfinished.replace(file)
    except OSError:
        return  # optional: the panel works without it


def _file(place: Path) -> Path:
    return place / MARK / "panel.json"


def _read(place: Path) -> dict[str, Any]:
    try:
        found = json.loads(_file(place).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
