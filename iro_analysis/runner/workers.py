"""Processes of this machine that make pages, several at a time."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Protocol

from iro_analysis.runner import sheets

TRIES = 3
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
        """Let the workers go."""


class Local:
    """Processes begun for a run: while it reads the data, they load what they need.

    Parameters
    ----------
    jobs : int
        How many.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._begin()

    def _begin(self) -> None:
        # Spawned, not forked: the same on every system, and safe whatever threads run here.
        context = multiprocessing.get_context("spawn")
        self.pool = ProcessPoolExecutor(self.jobs, mp_context=context)
        for _ in range(self.jobs):
            self.pool.submit(sheets.get_ready)

    def submit(self, order: sheets.Order) -> Attempt:
        """Have a page made."""
        return Attempt(self, order, self._submit(order))

    def _submit(self, order: sheets.Order) -> Future:
        try:
            return self.pool.submit(sheets.make, order)
        except BrokenProcessPool:
            self.pool.shutdown(wait=False)
            self._begin()
            return self.pool.submit(sheets.make, order)

    def close(self) -> None:
        """End the processes, and what has not begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)


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
            told = DIED.format(name=self.order.name, tries=TRIES)
            return sheets.Sheet(self.order.name, problems=(told,), exit_code=1)
