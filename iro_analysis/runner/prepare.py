"""First half of a run: read each authority once, release each period's figures once, in order.

The second half lays out exactly what was released here, in any number of processes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.errors import AnalysisError
from iro_analysis.periods import Period
from iro_analysis.prepared import Store
from iro_analysis.runner import earlier, old_outputs, outputs, private
from iro_analysis.runner.ledger import Ledger
from iro_analysis.runner.places import Places
from iro_analysis.runner.register import Register
from iro_analysis.runner.tasks import Batch, Task
from iro_analysis.study import Study, open_authority, split_name


@contextmanager
def private_store() -> Iterator[Store]:
    """Give a folder that only this user can open, and clear it when the run is over."""
    with private.folder("run") as folder:
        yield Store(folder, secrets.token_bytes(32))


def released(batch: Batch, store: Store) -> Iterator[tuple[Task, Study | AnalysisError]]:
    """Work out and release the figures of an authority's reports, and keep them for the notebooks.

    In the order in which the periods end: what may be shown of a period can depend on what was
    shown of the periods before it.

    Parameters
    ----------
    batch : Batch
    store : Store

    Yields
    ------
    tuple of Task and Study
        The study as released; or the error, where it cannot be made.
    """
    order = attrgetter("period.end", "period.start", "audience")
    tasks = sorted(batch.tasks, key=order)
    if isinstance(batch.authority, AnalysisError):
        yield from ((task, batch.authority) for task in tasks)
        return
    place = split_name(tasks[0].data)
    record = CareRecord.of(batch.authority)
    store.keep_record(*place, record, tasks[0].audience)
    for task in tasks:
        try:
            study = _released(record, task)
            store.keep_study(
                *place,
                task.period,
                study.everything,
                study.words,
                study.comparisons(),
                study.corrections,
            )
        except AnalysisError as problem:
            yield task, problem
            continue
        yield task, study


def study_of(data: str, period: Period, audience: str, out: Path) -> Study:
    """Work out the figures of a period as its report shows them; nothing is entered or written.

    Parameters
    ----------
    data : str
        The authority's folder, ``folder#name`` for one of a regional extract.
    period : Period
    audience : str
    out : Path
        The folder of all outputs: what was released from there is taken to be known.
    """
    record = CareRecord.of(open_authority(data))
    if audience == INTERNAL:
        return Study.of_record(record, period, audience)
    places = Places(out, record.authority.folder)
    return Study.of_record(record, period, audience, Ledger(places).releases())


def _released(record: CareRecord, task: Task) -> Study:
    """Decide what a report shows, in the light of what was released before; the ledger keeps it."""
    if task.audience == INTERNAL:
        return Study.of_record(record, task.period, task.audience)
    authority = record.authority
    places = task.places(authority.folder)
    old_outputs.move_ledger(places)
    ledger = Ledger(places)
    with ledger.deciding():
        Register(split_name(task.data)[0], authority.synthetic, places).enter()
        study = Study.of_record(record, task.period, task.audience, ledger.releases())
        if study.everything.release is not None:
            figures = outputs.figures_text(study.everything.figures)
            ledger.reserve(study.everything.release, figures, task.period)
            changed = earlier.corrections(places.published(task.period), figures)
            study = replace(study, corrections=changed)
    return study
