"""Run many reports: release their figures, hand out their pages, and write each folder whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.errors import AnalysisError, OutputError
from iro_analysis.exports.document import write_document
from iro_analysis.exports.figures_workbook import write_figures_workbook
from iro_analysis.exports.working_lists import write_working_lists
from iro_analysis.prepared import Store
from iro_analysis.runner import (
    earlier,
    index,
    manifest,
    notebooks,
    old_outputs,
    outputs,
    pages,
    printing,
    private,
    sheets,
)
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.places import Places
from iro_analysis.runner.prepare import private_store, released
from iro_analysis.runner.tasks import Batch, Result, Task
from iro_analysis.runner.workers import Making, Workers
from iro_analysis.study import Study, split_name

FAILED = "failed"
YOUNG_TITLE = "Our report for children and young people"
ANNEX_TITLE = "Annexes: every figure, definition and source"


def orders_of(task: Task, study: Study, store: Store) -> list[sheets.Order]:
    """Return the pages of a report, for any process to make."""
    internal = task.audience == INTERNAL
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
    places = task.places(study.authority.folder)
    try:
        _write(task, study, made, began, result)
    except AnalysisError as problem:
        result.problems.extend(problem.lines)
        result.exit_code = problem.exit_code
    finally:
        if task.audience != INTERNAL:
            ledger = Ledger(places)
            (ledger.settle if result.folder else ledger.withdraw)(task.period)
    return result


def _write(
    task: Task, study: Study, made: list[sheets.Sheet], began: datetime, result: Result
) -> None:
    places = task.places(study.authority.folder)
    account = _internal_folder(places, task)
    if stopped := [sheet for sheet in made if sheet.problems]:
        _keep_failed_copies(places, task, stopped)
        result.problems.extend(line for sheet in stopped for line in sheet.problems)
        result.exit_code = max(sheet.exit_code for sheet in stopped)
        result.faults = [sheet.fault for sheet in stopped if sheet.fault]
        return
    internal = task.audience == INTERNAL
    target = account if internal else places.published(task.period)
    with outputs.aside(target, private=internal) as draft:
        for sheet in made:
            _write_text(draft / f"{sheet.name}.ipynb", sheet.copy)
            _write_text(draft / f"{sheet.name}.html", sheet.html)
            _write_alone(draft, sheet)
        if task.pdf and (why_not := printing.to_pdf(draft / "report.html", draft / index.PDF)):
            result.problems.append(f"{study.authority.name}, {task.period}: {why_not}")
            result.exit_code = 1
        if task.docx:
            write_document(study, draft / "report.docx")
        if task.pdf:
            _print_annex(draft, made)
        outputs.write_figures(study.everything.figures, draft / "figures.csv")
        outputs.write_comparisons(study.comparisons(), draft / "comparisons.csv")
        write_figures_workbook(study, draft / "figures.xlsx")
        if internal:
            write_working_lists(study, draft / "working_lists.xlsx")
        result.problems += old_outputs.move_internal(places, task.period)
        made_now = sorted(path.name for path in draft.iterdir())
        kept = earlier.keep(target, draft, account, task.audience)
        result.problems += kept.lines
        written = {name: draft / name for name in [*made_now, *kept.pages]}
        whole = manifest.content(task, study, began, written)
        if internal:
            manifest.write(whole, draft / manifest.NAME)
            _write_account(study, draft)
        else:
            manifest.write(manifest.public(whole), draft / manifest.NAME)
            _write_account(study, account)
            with outputs.replacing(account / manifest.OF_COMMITTEE, private=True) as path:
                manifest.write(whole, path)
    result.folder = str(target)
    for sheet in made:  # that a notebook stopped once is over
        (account / FAILED / f"{sheet.name}.ipynb").unlink(missing_ok=True)
    if not internal:
        index.write(places.public, study.authority.name, study.authority.synthetic)
    totals = study.authority.account.totals()
    result.lines.append(
        f"{study.authority.name}, {task.period}: {totals['read']} rows read = "
        f"{totals['used']} used + {totals['set_aside']} set aside"
    )
    if not study.authority.account.whole:
        result.exit_code = 1


def _internal_folder(places: Places, task: Task) -> Path:
    try:
        return places.make_internal(task.period.folder)
    except OSError as problem:
        raise OutputError(
            f"{places.kept(task.period)}: cannot be written ({problem.strerror}); nothing was "
            "changed"
        ) from None


def _write_alone(draft: Path, sheet: sheets.Sheet) -> None:
    """Write the young people's part of the report as a page of its own, to print and hand out."""
    if sheet.name != "report":
        return
    young = pages.alone(sheet.html, "young-people", YOUNG_TITLE)
    if young:
        _write_text(draft / "young_people.html", young)


def _print_annex(draft: Path, made: list[sheets.Sheet]) -> None:
    """Print the report's annexes, which its own PDF leaves out, as ``annex.pdf``."""
    for sheet in made:
        if sheet.name == "report" and (page := pages.alone(sheet.html, "annex", ANNEX_TITLE)):
            with private.folder("annex") as place:
                _write_text(place / "annex.html", page)
                printing.to_pdf(place / "annex.html", draft / "annex.pdf")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _write_account(study: Study, folder: Path) -> None:
    """Write the account of the rows, each file in one step, next to any report."""
    account = study.authority.account
    for name, table in [
        ("rows_set_aside.csv", account.rows_set_aside),
        ("findings.csv", account.findings),
        ("reconciliation.csv", account.reconciliation()),
    ]:
        with outputs.replacing(folder / name, private=True) as path:
            outputs.write_table(table, path)


def _output_name(name: str) -> str:
    stem = notebooks.find(name).stem
    return "report" if stem == notebooks.REPORT else stem


def _keep_failed_copies(places: Places, task: Task, stopped: list[sheets.Sheet]) -> None:
    """Leave the executed copies of notebooks that stopped where an analyst finds them."""
    for sheet in stopped:
        if sheet.copy:
            kept = places.make_internal(task.period.folder, FAILED)
            with outputs.replacing(kept / f"{sheet.name}.ipynb", private=True) as path:
                _write_text(path, sheet.copy)


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
