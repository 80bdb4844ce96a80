"""Write ``manifest.json``: what a report was made from and by, for the public and the service.

A list of few children can be guessed, and a guess confirmed by the list's hash. So the public
manifest names no hash of the return or of a local list; the internal one holds them all.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from iro_analysis import __version__
from iro_analysis.reading.authority import PUBLISHED, Authority
from iro_analysis.runner import outputs
from iro_analysis.runner.tasks import Task
from iro_analysis.study import Study, split_name

NAME = "manifest.json"
CORRECTIONS = "corrections"
OF_COMMITTEE = "committee_manifest.json"  # the internal manifest of the report for publication
# Inputs that are no list of children or of what happened to them.
_OPEN = ("authority.toml", "commentary/", f"{PUBLISHED}/")


def content(task: Task, study: Study, began: datetime, written: dict[str, Path]) -> dict:
    """Return the internal manifest of a report: every input by its hash.

    Parameters
    ----------
    task : Task
    study : Study
    began : datetime
    written : dict of Path
        Name of each file of the report -> where it is now.
    """
    authority = study.authority
    root = split_name(task.data)[0].resolve()
    return {
        "package": "iro_analysis",
        "version": __version__,
        "commit": commit(),
        "parameters": {
            "authority": authority.folder,
            "period": task.period.name,
            "audience": task.audience,
            "notebooks": list(task.notebooks),
            **dict(task.parameters),
        },
        "inputs": {
            Path(os.path.relpath(path.resolve(), root)).as_posix(): outputs.sha256(path)
            for path in sorted({*authority.sources, *_published(authority)})
        },
        "outputs": {name: outputs.sha256(written[name]) for name in sorted(written)},
        "rows": authority.account.totals(),
        "disclosure": _certified(study),
        CORRECTIONS: [
            {"on": each.on.isoformat(), "figures": each.figures} for each in study.corrections
        ],
        "started": began.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def public(whole: dict) -> dict:
    """Return what of a manifest may be published."""
    shown = {
        name: digest
        for name, digest in whole["inputs"].items()
        if name.removeprefix("../").startswith(_OPEN)
    }
    return {**whole, "inputs": shown, "inputs_not_named": len(whole["inputs"]) - len(shown)}


def write(whole: dict, path: Path) -> None:
    """Write a manifest."""
    path.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read(path: Path) -> dict:
    """Return a manifest; empty where there is none that can be read."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def _certified(study: Study) -> dict:
    """Return what was agreed not to be shown, and what the audit of this report found."""
    rules, certificate = study.everything.policy, study.everything.certificate
    agreed = {
        "hidden_from": rules.hide_from,
        "hidden_to": rules.hide_to,
        "agreed_by": rules.agreed_by,
        "agreed_on": rules.agreed_on,
    }
    if rules.round_to:
        agreed["rounded_to"] = rules.round_to
    if certificate is None:
        return {"policy": agreed, "audit": "none: nothing is hidden from internal readers"}
    return {"policy": agreed, "audit": "safe", **asdict(certificate)}


def _published(authority: Authority) -> list[Path]:
    """Return DfE's own files from which comparators may have come."""
    folder = authority.published_folder
    return [] if folder is None else [path for path in folder.rglob("*") if path.is_file()]


def commit() -> str:
    """Return the commit of the suite's own source, empty where it is not a checkout."""
    here = Path(__file__).parents[2]
    if not (here / ".git").exists():
        return ""
    try:
        found = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
