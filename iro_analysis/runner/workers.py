"""Make pages in several processes of this machine, and again where a process died."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from iro_analysis.runner import private, sheets

TRIES = 3
PER_CORE = 4  # processes: more of them only wait for each other
_GRACE = 2.0  # seconds for a process to end when it is told to
DIED = (
    "{name}: the process that made it died {tries} times (out of memory, perhaps); no page is "
    "written, the last one stands"
)


class Making(Protocol):
    """A page that is being made somewhere."""

    def done(self) -> bool:
        """Whether it is made, or has failed for good."""

    def result(self) -> sheets.Sheet:
        """Wait for it and return it; a page that cannot be made says why."""


class Workers(Protocol):
    """Whoever makes pages."""

    def submit(self, order: sheets.Order) -> Making:
        """Have a page made."""

    def close(self) -> None:
        """Let the workers go when they are done."""

    def stop(self) -> None:
        """End the workers at once: the run was stopped."""


def processes_for(jobs: int) -> int:
    """Return how many processes are begun at most where a number of jobs is asked for."""
    return min(jobs, PER_CORE * (os.cpu_count() or 1))


class Local:
    """Processes begun for a run: while it reads the data, they load what they need.

    Parameters
    ----------
    jobs : int
        How many at most (``processes_for``). Processes beyond `pages` are begun when there are
        pages for them.
    pages : int, optional
        How many pages there are at least.
    """

    def __init__(self, jobs: int, pages: int = 1) -> None:
        self.jobs = processes_for(jobs)
        self.early = min(self.jobs, pages)
        self._begin()

    def _begin(self) -> None:
        # Spawned, not forked: the same on every system, and safe whatever threads run here.
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(self.jobs, mp_context=context)
        for _ in range(self.early):
            with _ignoring_interrupts():
                self.pool.submit(sheets.get_ready)

    def submit(self, order: sheets.Order) -> Attempt:
        """Have a page made."""
        return Attempt(self, order, self._submit(order))

    def _submit(self, order: sheets.Order) -> Future:
        with _ignoring_interrupts():
            try:
                return self.pool.submit(sheets.make, order)
            except BrokenProcessPool:
                self.pool.shutdown(wait=False)
                self._begin()
                return self.pool.submit(sheets.make, order)

    def close(self) -> None:
        """End the processes, and what has not begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)

    def stop(self) -> None:
        """End the processes at once, and clear what they leave; their kernels go with them."""
        running = multiprocessing.active_children()
        for process in running:
            process.terminate()
        until = time.monotonic() + _GRACE
        for process in running:
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
        self._close_within(_GRACE)
        private.clear()

    def _close_within(self, seconds: float) -> None:
        """Wait for the pool's own thread, which ends once its processes have.

        At its exit Python wakes such a thread without a lock: one that is just closing its pipe
        would end the run with a traceback (``_python_exit`` in ``concurrent.futures.process``).
        """
        closing = threading.Thread(
            target=self.pool.shutdown, kwargs={"wait": True, "cancel_futures": True}, daemon=True
        )
        closing.start()
        closing.join(seconds)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Have processes that are begun here leave Ctrl-C to the run that began them.

    A terminal sends it to all of them at once, and each would print a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class Attempt:
    """A page being made by a process that may die: then another makes it."""

    workers: Local
    order: sheets.Order
    future: Future

    def done(self) -> bool:
        """Whether it is made, or its process has died."""
        return self.future.done()

    def result(self) -> sheets.Sheet:
        """Wait for the page."""
        for _ in range(TRIES - 1):
            try:
                return self.future.result()
            except BrokenProcessPool:
                self.future = self.workers._submit(self.order)
        try:
            return self.future.result()
        except BrokenProcessPool:
            problem = DIED.format(name=self.order.name, tries=TRIES)
            return sheets.Sheet(self.order.name, problems=(problem,), exit_code=1)
