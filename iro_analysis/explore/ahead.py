"""Work out the years that an analyst may look at next, a step at a time, while nobody asks.

For the committee, what a year may show is decided over all its figures, and that takes some
seconds. In a notebook that is open in JupyterLab the kernel does it between questions. A step only
asks what an analyst could ask, and the answers are kept where a question finds them: what is shown
does not depend on how far this came. A question waits for the step that is being done, at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator

from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.errors import AnalysisError
from iro_analysis.explore.explorer import Explorer
from iro_analysis.explore.remembered import NOTEBOOK
from iro_analysis.prepared import Store

FIRST_PAUSE, PAUSE = 2.0, 0.1  # seconds: the view before the work; questions between the steps


def steps(explorer: Explorer, names: list[str]) -> Iterator[None]:
    """Work out the studies of periods in small steps, the first named first.

    One of which something is wrong is left to the question that asks for it, which says what.
    """
    for name in names:
        with contextlib.suppress(AnalysisError):
            yield from explorer.in_steps(name)


def nearest_first(names: list[str], shown: list[str]) -> list[str]:
    """Return the periods that are not shown, those next to the last one shown before others."""
    if not shown or shown[-1] not in names:
        return [name for name in reversed(names) if name not in shown]
    here = names.index(shown[-1])
    others = [name for name in names if name not in shown]
    return sorted(others, key=lambda name: abs(names.index(name) - here))


def begin(explorer: Explorer, shown: list[str], turn: threading.RLock) -> None:
    """Begin the work where it is of use: for the committee, in a notebook open in JupyterLab.

    Parameters
    ----------
    explorer : Explorer
    shown : list of str
        The periods that are shown now.
    turn : RLock
        Held by whoever answers a question; a step is done only when nobody holds it.
    """
    if explorer.audience == INTERNAL or not os.environ.get(NOTEBOOK):
        return
    if Store.of_environment() is not None:  # a notebook of a run, which has released its periods
        return
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    work = steps(explorer, nearest_first(explorer.periods, shown))
    loop.call_later(FIRST_PAUSE, _next, loop, work, turn)


def _next(loop: asyncio.AbstractEventLoop, work: Iterator[None], turn: threading.RLock) -> None:
    if turn.acquire(blocking=False):
        try:
            next(work)
        except StopIteration:
            return
        finally:
            turn.release()
    loop.call_later(PAUSE, _next, loop, work, turn)
