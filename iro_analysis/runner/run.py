"""One report: one authority, one period, one audience; and many of them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iro_analysis import __version__
from iro_analysis.errors import AnalysisError, InputError, NotebookError
from iro_analysis.periods import Period
from iro_analysis.reading.authority import Authority, authority_folders, read_authority
from iro_analysis.runner import notebooks, outputs, pages
from iro_analysis.study import Study, open_authority, split_name


@dataclass(frozen=True)
class Task:
    """A report to make.

    Attributes
    ----------
    data : str
        The authority's folder, ``folder#name`` for one of a regional extract.
    period : Period
    out : str
        The folder of all outputs.
    audience : str
    notebooks : tuple of str
        Names of the notebooks: the committee report and those asked for.
    parameters : tuple of (str, str)
        Further parameters of the notebooks.
    """

    data: str
    period: Period
    out: str
    audience: str
    notebooks: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass
class Result:
    """What became of a task.

    Attributes
    ----------
    folder : str
        Where the report is; empty if it was not made.
    lines : list of str
        What a user should know.
    problems : list of str
        What went wrong, one line each.
    exit_code : int
    """

    task: Task
    folder: str = ""
    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    exit_code: int = 0


def authorities(data: list[str]) -> list[tuple[str, Authority]]:
    """Read every authority that the user's folders hold.

    Returns
    -------
    list of (str, Authority)
        With the words by which a notebook opens the same authority.
    """
    found = []
    for place in data:
        for folder in authority_folders(Path(place)):
            several = read_authority(folder)
            for authority in several:
                name = f"{folder}#{authority.folder}" if len(several) > 1 else str(folder)
                found.append((name, authority))
    folders = [authority.folder for _, authority in found]
    if twice := sorted({folder for folder in folders if folders.count(folder) > 1}):
        raise InputError(
            f"two authorities would be written to the same folder {twice[0]}; expected different "
            "names: rename one of the folders"
        )
    return found


def make(task: Task, authority: Authority | None = None) -> Result:
    """Make one report: figures, executed notebooks, pages, manifest; whole or not at all.

    Parameters
    ----------
    task : Task
    authority : Authority, optional
        Already read; else it is read here.
    """
    result = Result(task)
    try:
        if authority is None:
            authority = open_authority(task.data)
        study = Study.of(authority, task.period, task.audience)
        _write(task, study, result)
    except AnalysisError as problem:
        result.problems.extend(problem.lines)
        result.exit_code = problem.exit_code
    return result


def _write(task: Task, study: Study, result: Result) -> None:
    began = datetime.now(UTC)
    place = Path(task.out) / study.authority.folder / task.period.folder
    internal = task.audience == "internal"
    target = place / outputs.INTERNAL if internal else place
    with outputs.aside(target) as draft:
        inside = draft if internal else draft / outputs.INTERNAL
        inside.mkdir(exist_ok=True)
        _write_account(study, inside)
        for name in task.notebooks:
            try:
                _write_page(task, study, name, draft)
            except NotebookError:
                _keep_failed_copy(draft, place, name)
                raise
        outputs.write_figures(study.everything.figures, draft / "figures.csv")
        _write_manifest(task, study, draft, began)
        if not internal:
            outputs.keep_internal(place, draft)
    result.folder = str(target)
    totals = study.authority.account.totals()
    result.lines.append(
        f"{study.authority.name}, {task.period}: {totals['read']} rows read = "
        f"{totals['used']} used + {totals['set_aside']} set aside"
    )
    if study.authority.account.unusable or totals["set_aside"]:
        result.exit_code = 1


def _write_account(study: Study, folder: Path) -> None:
    account = study.authority.account
    outputs.write_table(account.rows_set_aside, folder / "rows_set_aside.csv")
    outputs.write_table(account.findings, folder / "findings.csv")
    outputs.write_table(account.reconciliation(), folder / "reconciliation.csv")


def _output_name(name: str) -> str:
    stem = notebooks.find(name).stem
    return "report" if stem == notebooks.REPORT else stem


def _write_page(task: Task, study: Study, name: str, draft: Path) -> None:
    path = notebooks.find(name)
    copy = draft / f"{_output_name(name)}.ipynb"
    values: dict[str, Any] = {
        "period": task.period.name,
        "data": task.data,
        "audience": task.audience,
    }
    values.update(task.parameters)
    notebooks.execute(path, copy, values)
    import nbformat

    executed = notebooks.tidied(
        copy, {repr(task.data)[1:-1]: study.authority.folder, task.data: study.authority.folder}
    )
    nbformat.write(executed, copy)
    page = pages.Page(
        title=pages.title_of(executed),
        authority=study.authority.name,
        period=task.period.title,
        provenance=study.provenance().text,
        mark=pages.MARK if task.audience == "internal" else "",
        synthetic=study.authority.synthetic,
        style=pages.style(),
    )
    (draft / f"{_output_name(name)}.html").write_text(
        pages.render(executed, page), encoding="utf-8"
    )


def _keep_failed_copy(draft: Path, place: Path, name: str) -> None:
    """Leave the executed copy of a notebook that failed where an analyst finds it."""
    import shutil

    kept = place / outputs.INTERNAL / "failed"
    copy = draft / f"{_output_name(name)}.ipynb"
    if copy.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy2(copy, kept / copy.name)


def _write_manifest(task: Task, study: Study, draft: Path, began: datetime) -> None:
    authority = study.authority
    root = split_name(task.data)[0].resolve()
    written = sorted(
        path for path in draft.rglob("*") if path.is_file() and outputs.INTERNAL not in path.parts
    )
    outputs.write_manifest(
        {
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
            "outputs": {
                path.relative_to(draft).as_posix(): outputs.sha256(path) for path in written
            },
            "rows": authority.account.totals(),
            "started": began.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        draft / "manifest.json",
    )


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


def make_all(
    tasks: list[Task],
    read: dict[str, Authority],
    jobs: int = 1,
    progress: Callable[[int, int, float], None] | None = None,
) -> list[Result]:
    """Make many reports, one after another or several at a time; results in the order of tasks.

    Parameters
    ----------
    tasks : list of Task
    read : dict
        Authorities already read, by the task's ``data``; used where one runs at a time.
    jobs : int
        How many at a time.
    progress : callable, optional
        Told how many are done, of how many, after how many seconds.
    """
    began = time.monotonic()
    results = []
    if progress:
        progress(0, len(tasks), 0.0)
    if jobs <= 1 or len(tasks) == 1:
        for task in tasks:
            results.append(make(task, read.get(task.data)))
            if progress:
                progress(len(results), len(tasks), time.monotonic() - began)
        return results
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for result in pool.map(make, tasks):
            results.append(result)
            if progress:
                progress(len(results), len(tasks), time.monotonic() - began)
    return results
