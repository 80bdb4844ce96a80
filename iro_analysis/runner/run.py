"""One report: one authority, one period, one audience; and many of them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from iro_analysis import __version__
from iro_analysis.errors import AnalysisError, InputError
from iro_analysis.prepared import Store
from iro_analysis.reading.authority import Authority, authority_folders, read_authority
from iro_analysis.runner import index, notebooks, outputs, pages, printing, sheets
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.prepare import Batch, private_store, released
from iro_analysis.runner.tasks import Result, Task
from iro_analysis.runner.workers import Making, Workers
from iro_analysis.study import Study, split_name


def folders(data: list[str]) -> list[Path]:
    """Return the authorities' folders in the folders that a user names."""
    return [folder for place in data for folder in authority_folders(Path(place))]


def authorities(data: list[str]) -> Iterator[tuple[str, Authority | AnalysisError]]:
    """Read the authorities that the user's folders hold, one when the one before is dealt with.

    A region's returns are more than a machine holds at once; and one that cannot be used is no
    reason to keep the reports of the others back.

    Yields
    ------
    tuple of str and Authority
        The words by which a notebook opens the same authority, and the authority; or the error,
        where it cannot be read or would be written over another.
    """
    seen: set[str] = set()
    for folder in folders(data):
        try:
            several = read_authority(folder)
        except AnalysisError as problem:
            yield str(folder), problem
            continue
        for authority in several:
            name = f"{folder}#{authority.folder}" if len(several) > 1 else str(folder)
            if authority.folder in seen:
                yield (
                    name,
                    InputError(
                        f"{folder}: two authorities would be written to the same folder "
                        f"{authority.folder}; expected different names: rename one of the folders"
                    ),
                )
                continue
            seen.add(authority.folder)
            yield name, authority


def orders_of(task: Task, study: Study, store: Store) -> list[sheets.Order]:
    """Return the pages of a report, for any process to make."""
    internal = task.audience == "internal"
    folder = study.authority.folder
    around = pages.Page(
        title="",
        authority=study.authority.name,
        period=task.period.title,
        provenance=study.provenance().text,
        mark=pages.MARK if internal else "",
        synthetic=study.authority.synthetic,
        style=pages.style(),
    )
    place, name = split_name(task.data)
    data = f"{place.resolve()}#{name}" if name else str(place.resolve())
    published = study.authority.published_folder
    values = {"period": task.period.name, "data": data, "audience": task.audience}
    return [
        sheets.Order(
            notebook=str(notebooks.find(notebook)),
            name=_output_name(notebook),
            parameters=(*values.items(), *task.parameters),
            instead=((repr(data)[1:-1], folder), (data, folder)),
            page=around,
            store=store,
            kept=store.names(place, name, task.period, task.audience),
            published=str(published.resolve()) if published else "",
        )
        for notebook in task.notebooks
    ]


def assemble(task: Task, study: Study, made: list[sheets.Sheet], began: datetime) -> Result:
    """Write one report of its pages: figures, pages, manifest; whole or not at all."""
    result = Result(task)
    try:
        _write(task, study, made, began, result)
    except AnalysisError as problem:
        result.problems.extend(problem.lines)
        result.exit_code = problem.exit_code
    finally:
        if task.audience != "internal":
            ledger = Ledger(Path(task.out), study.authority.folder)
            (ledger.settle if result.folder else ledger.withdraw)(task.period)
    return result


def _write(
    task: Task, study: Study, made: list[sheets.Sheet], began: datetime, result: Result
) -> None:
    place = Path(task.out) / study.authority.folder / task.period.folder
    if stopped := [sheet for sheet in made if sheet.problems]:
        _keep_failed_copies(place, stopped)
        result.problems.extend(line for sheet in stopped for line in sheet.problems)
        result.exit_code = max(sheet.exit_code for sheet in stopped)
        return
    internal = task.audience == "internal"
    target = place / outputs.INTERNAL if internal else place
    with outputs.aside(target) as draft:
        inside = draft if internal else draft / outputs.INTERNAL
        inside.mkdir(exist_ok=True)
        _write_account(study, inside)
        for sheet in made:
            _write_text(draft / f"{sheet.name}.ipynb", sheet.copy)
            _write_text(draft / f"{sheet.name}.html", sheet.html)
        if task.pdf and (why_not := printing.to_pdf(draft / "report.html", draft / index.PDF)):
            result.problems.append(f"{study.authority.name}, {task.period}: {why_not}")
            result.exit_code = 1
        outputs.write_figures(study.everything.figures, draft / "figures.csv")
        outputs.write_comparisons(study.comparisons(), draft / "comparisons.csv")
        _write_manifest(task, study, draft, began)
        if not internal:
            outputs.keep_internal(place, draft)
    result.folder = str(target)
    if not internal:
        index.write(place.parent, study.authority.name, study.authority.synthetic)
    totals = study.authority.account.totals()
    result.lines.append(
        f"{study.authority.name}, {task.period}: {totals['read']} rows read = "
        f"{totals['used']} used + {totals['set_aside']} set aside"
    )
    if study.authority.account.unusable or totals["set_aside"]:
        result.exit_code = 1


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _write_account(study: Study, folder: Path) -> None:
    account = study.authority.account
    outputs.write_table(account.rows_set_aside, folder / "rows_set_aside.csv")
    outputs.write_table(account.findings, folder / "findings.csv")
    outputs.write_table(account.reconciliation(), folder / "reconciliation.csv")


def _output_name(name: str) -> str:
    stem = notebooks.find(name).stem
    return "report" if stem == notebooks.REPORT else stem


def _keep_failed_copies(place: Path, stopped: list[sheets.Sheet]) -> None:
    """Leave the executed copies of notebooks that stopped where an analyst finds them."""
    kept = place / outputs.INTERNAL / "failed"
    for sheet in stopped:
        if sheet.copy:
            kept.mkdir(parents=True, exist_ok=True)
            _write_text(kept / f"{sheet.name}.ipynb", sheet.copy)


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
            "disclosure": _certified(study),
            "started": began.isoformat(timespec="seconds"),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        },
        draft / "manifest.json",
    )


def _certified(study: Study) -> dict:
    """Return what was agreed not to be shown, and what the audit of this report found."""
    rules, certificate = study.everything.policy, study.everything.certificate
    agreed = {
        "hidden_from": rules.hide_from,
        "hidden_to": rules.hide_to,
        "agreed_by": rules.agreed_by,
        "agreed_on": rules.agreed_on.isoformat(),
    }
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


@dataclass
class _Report:
    """A report whose pages are being made."""

    task: Task
    study: Study
    began: datetime
    pages: list[Making]

    @property
    def is_ready(self) -> bool:
        return all(page.done() for page in self.pages)

    def finish(self) -> Result:
        return assemble(self.task, self.study, [page.result() for page in self.pages], self.began)


def make_all(
    batches: Iterable[Batch],
    workers: Workers,
    progress: Callable[[int, float], None] | None = None,
) -> list[Result]:
    """Make many reports; results in the order in which they were asked for.

    What may be shown is decided here, period after period; the pages are laid out as soon as it is,
    by as many processes as wanted. The bytes are the same whatever their number.

    Parameters
    ----------
    batches : iterable of Batch
        What is asked of each authority; the next is taken once the last one's figures are released.
    workers : Workers
        Who makes the pages.
    progress : callable, optional
        Told how many reports are done, after how many seconds.
    """
    began = time.monotonic()
    asked: list[Task] = []
    results: dict[Task, Result] = {}

    def done(result: Result) -> None:
        results[result.task] = result
        if progress:
            progress(len(results), time.monotonic() - began)

    with private_store() as store:
        under_way: list[_Report] = []
        for batch in batches:
            asked += batch.tasks
            for task, study in released(batch, store):
                if isinstance(study, AnalysisError):
                    done(Result(task, problems=list(study.lines), exit_code=study.exit_code))
                    continue
                making = [workers.submit(order) for order in orders_of(task, study, store)]
                under_way.append(_Report(task, study, datetime.now(UTC), making))
                for report in [each for each in under_way if each.is_ready]:
                    under_way.remove(report)
                    done(report.finish())
        for report in under_way:
            done(report.finish())
    return [results[task] for task in asked]
