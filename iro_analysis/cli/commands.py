"""Carry out iro report, audit, measures, new and reference; `command.py` parses the arguments."""

from __future__ import annotations

import itertools
import shutil
import sys
import textwrap
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from iro_analysis import catalogue
from iro_analysis.cli import fault
from iro_analysis.cli.chart import chart as chart
from iro_analysis.errors import AnalysisError, ParameterError
from iro_analysis.reading.account import SET_ASIDE, Account, without_value

if TYPE_CHECKING:
    from iro_analysis.periods import Period
    from iro_analysis.reading.authority import Authority
    from iro_analysis.runner.tasks import Batch, Task
    from iro_analysis.runner.workers import Workers

SHOWN_AT_MOST = 20
DOUBTFUL = ["value ignored", "measure at risk"]


def _warn(line: str) -> None:
    print(f"iro: {line}", file=sys.stderr)


def report(given: Namespace) -> int:
    """Make the reports asked for."""
    from iro_analysis.periods import parse
    from iro_analysis.runner import inputs, notebooks, workers

    periods = list(dict.fromkeys(p for text in given.periods for p in parse(text)))
    if given.jobs < 1:
        raise ParameterError(f"--jobs {given.jobs}: expected 1 or more")
    names = tuple(dict.fromkeys([notebooks.REPORT, *given.notebook]))
    parameters = tuple((name, value) for name, value in given.parameter)
    for name, _ in parameters:
        if name in notebooks.REQUIRED:
            raise ParameterError(
                f"-p {name}: the period, the data and the audience are given by PERIOD, --data and "
                "--audience, so that figures and pages agree"
            )
    for name in names:
        notebooks.check_parameters(notebooks.find(name), dict(parameters))
    given.data = given.data or ["data/demo"]
    folders = inputs.folders(given.data)  # what is not there is refused before anything is begun
    if workers.processes_for(given.jobs) < given.jobs:
        _warn(
            f"--jobs {given.jobs}: {workers.processes_for(given.jobs)} processes at most, "
            f"{workers.PER_CORE} for each core of this machine"
        )
    if given.cluster:
        from iro_analysis.runner.cluster import Cluster

        made_by: Cluster | workers.Local = Cluster(given.cluster, given.jobs)
    else:
        made_by = workers.Local(given.jobs, len(folders) * len(periods) * len(names))
    try:
        status = _report(given, periods, names, parameters, made_by)
    except BaseException:
        made_by.stop()
        raise
    made_by.close()
    return status


def _report(
    given: Namespace,
    periods: list[Period],
    names: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    makers: Workers,
) -> int:
    """Read, decide and print, while the workers load and then make the pages."""
    from iro_analysis.reading.authority import slug
    from iro_analysis.runner import inputs
    from iro_analysis.runner.tasks import Batch, Task

    invented: list[bool] = []
    together: dict[str, str] = {}  # folder in the outputs -> name, of every authority asked for

    def batches() -> Iterator[Batch]:
        for name, found in inputs.authorities(given.data):
            if isinstance(found, AnalysisError):
                together.setdefault(slug(Path(name).name), Path(name).name)
            else:
                together[found.folder] = found.name
                invented.append(found.synthetic)
            tasks = [
                Task(
                    name,
                    period,
                    given.out,
                    given.audience,
                    names,
                    parameters,
                    given.pdf,
                    given.docx,
                    given.ledger or "",
                )
                for period in periods
            ]
            if isinstance(found, AnalysisError):
                yield Batch(tasks, found)
            else:
                looked_at = _looked_at(found, periods, given.audience == "internal")
                _say_what_lies_where(tasks[0], found)
                yield Batch(tasks, looked_at)

    expected = len(inputs.folders(given.data)) * len(periods)
    waiting = batches()
    # The first return is read, and what is wrong with it said, before the analysis is loaded.
    asked = itertools.chain(iter([next(waiting)]), waiting)
    from iro_analysis.runner import run

    results = run.make_all(asked, makers, _progress(expected))
    for result in results:
        given.messages += [*result.lines, *result.problems]
        for line in result.lines:
            print(line)
        if result.folder:
            others = [f"{Path(name).stem}.html" for name in names[1:]]
            for page in ("report.html", "report.pdf", "report.docx", *others):
                if page == "report.html" or (Path(result.folder) / page).is_file():
                    print(f"  {Path(result.folder) / page}")
    for line in dict.fromkeys(line for result in results for line in result.problems):
        _warn(line)  # what is wrong with an authority is said once, not for every period
    if faults := list(dict.fromkeys(each for result in results for each in result.faults)):
        for line in fault.report_of_notebooks(faults, given.command):
            _warn(line)
    if len(results) > 1 and (lost := [result for result in results if not result.folder]):
        named = ", ".join(f"{result.task.data} {result.task.period}" for result in lost)
        _warn(f"{len(lost)} of {len(results)} reports were not made: {named}")
    status = max(result.exit_code for result in results)
    return max(status, _side_by_side(given, periods, together, any(invented)))


def _side_by_side(
    given: Namespace, periods: list[Period], together: dict[str, str], synthetic: bool
) -> int:
    """Write the page over several authorities for each period; return the exit status."""
    from iro_analysis.runner import region

    if len(together) < 2:
        return 0
    status = 0
    for period in periods:
        try:
            page = region.write(
                Path(given.out), together, period, given.audience, synthetic=synthetic
            )
            print(f"  {page}")
        except AnalysisError as problem:
            for line in problem.lines:
                _warn(line)
            status = problem.exit_code
    return status


def _looked_at(
    authority: Authority, periods: list[Period], with_values: bool
) -> Authority | AnalysisError:
    """Say what was read of an authority; return why it is refused where its returns lack a period.

    Whole or not at all: a period that was mistyped is put right before anything is released.
    """
    try:
        for period in periods:
            authority.check_covers(period)
    except AnalysisError as problem:
        return problem
    for period in periods:
        if warning := authority.may_end_early(period):
            _warn(f"{authority.name}, {period}: {warning[0].lower()}{warning[1:]}")
    _print_account(authority.name, authority.account, with_values)
    return authority


def _say_what_lies_where(task: Task, authority: Authority) -> None:
    """Say, before anything is written, what earlier runs left, and which ledger does not know."""
    from iro_analysis.runner import old_outputs
    from iro_analysis.runner.register import Register
    from iro_analysis.study import split_name

    places = task.places(authority.folder)
    lines = old_outputs.notices(places)
    if task.audience != "internal":
        lines += Register(split_name(task.data)[0], authority.synthetic, places).notices()
    for line in lines:
        _warn(line)


def _progress(expected: int) -> Callable[[int, float], None] | None:
    """Return a progress line for a terminal, nothing where the output goes elsewhere.

    How many reports are `expected`; a folder of several authorities shows that there are more.
    """
    if not sys.stderr.isatty():
        return None

    def show(done: int, seconds: float) -> None:
        width, total = 24, max(expected, done)
        bar = "#" * (width * done // total)
        end = "\n" if done == total else ""
        left = f", about {seconds * (total - done) / done:.0f} s left" if done < total else ""
        line = f"[{bar:<{width}}] {done} of {total} reports, {seconds:.0f} s{left}"
        print(f"\r{line:<79}", end=end, file=sys.stderr, flush=True)  # over what was longer

    return show


def _print_account(name: str, account: Account, with_values: bool) -> None:
    """Print what was read and what is wrong: a line per excluded row and per kind of other error.

    Values are printed only where they may be seen, never in a committee run.
    """
    _print_totals(name, account)
    found = account.findings
    aside = found[found["severity"] == SET_ASIDE].drop_duplicates(["file", "line"])
    aside = aside[~aside["check"].isin(["column_missing", "not_a_module", "month_before_day"])]
    for row in aside.head(SHOWN_AT_MOST).itertuples(index=False):
        what = row.message if with_values else without_value(row.check, row.column)
        _warn(f"{row.file} line {row.line}: {what}; expected {row.expected}; {row.effect}")
    if len(aside) > SHOWN_AT_MOST:
        _warn(f"and {len(aside) - SHOWN_AT_MOST} more rows, all in rows_set_aside.csv")
    summary = account.summary()
    for row in summary[summary["severity"].isin(DOUBTFUL)].itertuples(index=False):
        line = f"{row.count} x {row.message}; expected {row.expected}; {row.effect}"
        _warn(f"{row.where}: {line}")


def _print_totals(name: str, account: Account) -> None:
    totals = account.totals()
    print(
        f"{name}: {totals['read']} rows read = {totals['used']} used "
        f"({totals['replaced']} replaced by a later return, {totals['repeated']} repeated) + "
        f"{totals['set_aside']} set aside"
    )
    for line in account.remarks:
        print(f"  {line}")
    for line in account.unusable:
        _warn(line)


def audit(given: Namespace) -> int:
    """Proof-read a printed report, and write what was found."""
    from iro_analysis.periods import single
    from iro_analysis.proofreading import documents
    from iro_analysis.proofreading.audit import audit as proof_read
    from iro_analysis.proofreading.page import figures_table, findings_table, page
    from iro_analysis.reading.authority import slug
    from iro_analysis.runner import outputs

    path = Path(given.file)
    period = single(given.period) if given.period else None
    if sys.stderr.isatty() and (given.dfe or given.data):
        print("reading the data, some seconds ...", file=sys.stderr)
    result = proof_read(path, Path(given.dfe) if given.dfe else None, given.data, period)
    place = Path(given.out) / "audit" / slug(path.stem)
    with outputs.aside(place, private=True) as draft:
        (draft / "audit.html").write_text(page(result), encoding="utf-8")
        outputs.write_table(findings_table(result), draft / "findings.csv")
        outputs.write_table(figures_table(result), draft / "figures_read.csv")
    print(f"{path.name}: {result.summary}")
    width = shutil.get_terminal_size((100, 24)).columns
    for one in result.findings[:SHOWN_AT_MOST]:
        text = f"{one.place}: [{one.number}] {one.says} Print instead: {one.instead}"
        print(textwrap.fill(text, width, initial_indent="  ", subsequent_indent="    "))
    if len(result.findings) > SHOWN_AT_MOST:
        print(f"  and {len(result.findings) - SHOWN_AT_MOST} more")
    print(f"  {place / 'audit.html'}")
    not_read = [one for one in result.document.unread if one.why == documents.NO_COLUMN]
    for unread in not_read:
        _warn(f"{path.name}: {unread.text}: {unread.why}")
    return 1 if result.findings or not_read else 0


def measures(given: Namespace) -> int:
    """List the measures, or one of them in full."""
    if given.definitions:
        from iro_analysis.cli import dictionary

        print(dictionary.as_markdown())
        return 0
    if given.name:
        entry = catalogue.measure(given.name)
        for label, text in [
            ("measure", entry.id),
            ("title", entry.title),
            ("section", entry.section),
            ("unit", entry.unit),
            ("better", entry.better),
            ("counted", entry.numerator),
            ("out of", entry.denominator),
            ("source", entry.source),
            ("since", entry.since),
            ("breakdowns", ", ".join(entry.breakdowns)),
        ]:
            if text:
                print(textwrap.fill(f"{label}: {text}", 96, subsequent_indent="    "))
        return 0
    for section, entries in catalogue.sections().items():
        print(section)
        for entry in entries:
            text = f"{entry.id} [{entry.unit}] {entry.title}. {entry.numerator}. {entry.source}"
            print(textwrap.fill(text, 96, initial_indent="  ", subsequent_indent="      "))
    return 0


def new(given: Namespace) -> int:
    """Write a new analysis notebook."""
    from iro_analysis.runner import new_notebook

    place = new_notebook.place_of(given.notebook, Path.cwd())
    if given.shipped:
        new_notebook.copy(given.shipped, place)
        print(place)
        print(f"  jupyter lab {place.as_posix()}")
        return 0
    question = given.question or f"{place.stem.replace('_', ' ').replace('-', ' ').capitalize()}"
    contents = new_notebook.Contents(question, given.measure, data=given.data)
    new_notebook.write(place, contents)
    print(place)
    print(f"  iro report 2019-20 --notebook {place.stem}   # or open it in JupyterLab")
    return 0


def reference(given: Namespace) -> int:
    """Build the package's published figures from the files as downloaded; print what changed."""
    from iro_analysis.comparators import build, held

    target = Path(given.out) if given.out else held.place()
    for change in build.build(Path(given.folder), target):
        print(change)
    return 0
