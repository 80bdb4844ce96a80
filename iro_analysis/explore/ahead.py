"""In an open notebook, work out the committee's other periods in small steps between questions.

For the committee, what a year may show is decided over all its figures, and that takes some
seconds. In a notebook that is open in JupyterLab the panel is there before it, and the kernel does
it between questions. A step only asks what an analyst could ask, and the answers are kept where a
question finds them: what is shown does not depend on how far this came. A question waits for the
step that is being done, at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Iterator

from iro_analysis.disclosure.policy import INTERNAL
from iro_analysis.errors import AnalysisError
from iro_analysis.explore.explorer import Explorer
from iro_analysis.explore.remembered import NOTEBOOK
from iro_analysis.prepared import Store

# Seconds: the view before the work on others; questions between the steps; a step of the first
# view, for which somebody waits.
FIRST_PAUSE, PAUSE, BRIEF_PAUSE = 2.0, 0.1, 0.001


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


def is_of_use(explorer: Explorer) -> bool:
    """Return whether there is something to decide, and a notebook in JupyterLab to do it in."""
    if explorer.audience == INTERNAL or not os.environ.get(NOTEBOOK):
        return False
    if Store.of_environment() is not None:  # a notebook of a run, which has released its periods
        return False
    return _loop() is not None


def begin(
    explorer: Explorer,
    shown: list[str],
    turn: threading.RLock,
    then: Callable[[], None] | None = None,
) -> None:
    """Begin the work where it is of use: for the committee, in a notebook open in JupyterLab.

    Parameters
    ----------
    explorer : Explorer
    shown : list of str
        The periods that are shown now.
    turn : RLock
        Held by whoever answers a question; a step is done only when nobody holds it.
    then : callable, optional
        Shows the periods once they are worked out. None where they are shown already.
    """
    loop = _loop()
    if loop is not None and is_of_use(explorer):
        loop.call_later(0, _next, loop, _paced(explorer, shown, then), turn)


def _loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _paced(
    explorer: Explorer, shown: list[str], then: Callable[[], None] | None
) -> Iterator[float]:
    """Do the steps; yield after each how long to leave the kernel to others."""
    if then is not None:
        yield BRIEF_PAUSE  # the cell that made the panel ends first
        for _ in steps(explorer, shown):
            yield BRIEF_PAUSE
        then()
    yield FIRST_PAUSE
    for _ in steps(explorer, nearest_first(explorer.periods, shown)):
        yield PAUSE


def _next(loop: asyncio.AbstractEventLoop, work: Iterator[float], turn: threading.RLock) -> None:
    pause = PAUSE
    if turn.acquire(blocking=False):
        try:
            pause = next(work)
        except StopIteration:
            return
        finally:
            turn.release()
    loop.call_later(pause, _next, loop, work, turn)
