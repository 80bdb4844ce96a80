"""The first half of a run: each authority read once, each period's figures released once, in order.

The second half lays out exactly what was released here, in any number of processes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.errors import AnalysisError
from iro_analysis.prepared import Store
from iro_analysis.reading.authority import Authority
from iro_analysis.runner import outputs, private
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.tasks import Task
from iro_analysis.study import Study, open_authority, split_name


@contextmanager
def private_store() -> Iterator[Store]:
    """Give a folder that only this user can open, and clear it when the run is over."""
    with private.folder("run") as folder:
        yield Store(folder, secrets.token_bytes(32))


def released(
    tasks: list[Task], read: dict[str, Authority], store: Store
) -> Iterator[tuple[Task, Study | AnalysisError]]:
    """Work out and release the figures of every task, and keep them for its notebooks.

    Authority by authority, and within one in the order in which its periods end: what may be shown
    of a period can depend on what was shown of the periods before it.

    Parameters
    ----------
    tasks : list of Task
    read : dict
        Authorities already read, by the task's ``data``; others are read here, once.
    store : Store

    Yields
    ------
    tuple of Task and Study
        The study as released; or the error, where it cannot be made.
    """
    for data in dict.fromkeys(task.data for task in tasks):
        mine = [task for task in tasks if task.data == data]
        mine.sort(key=lambda task: (task.period.end, task.period.start, task.audience))
        yield from _of_one_authority(data, mine, read.get(data), store)


def _of_one_authority(
    data: str, tasks: list[Task], authority: Authority | None, store: Store
) -> Iterator[tuple[Task, Study | AnalysisError]]:
    place = split_name(data)
    try:
        record = CareRecord.of(authority or open_authority(data))
    except AnalysisError as problem:
        yield from ((task, problem) for task in tasks)
        return
    store.keep_record(*place, record)
    for task in tasks:
        try:
            study = _released(record, task)
        except AnalysisError as problem:
            yield task, problem
            continue
        store.keep_study(*place, task.period, study.everything, study.words)
        yield task, study


def _released(record: CareRecord, task: Task) -> Study:
    """Decide what a report shows, in the light of what was released before; the ledger keeps it."""
    if task.audience == "internal":
        return Study.of_record(record, task.period, task.audience)
    ledger = Ledger(Path(task.out), record.authority.folder)
    with ledger.deciding():
        study = Study.of_record(record, task.period, task.audience, ledger.releases())
        if study.everything.release is not None:
            figures = outputs.figures_text(study.everything.figures)
            ledger.reserve(study.everything.release, figures, task.period)
    return study
