"""Run a notebook for ``runner.engine`` and save it less often than papermill does."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

from iro_analysis.runner.warm import WarmKernelManager


class Keeper(NotebookExecutionManager):
    """Writes the notebook when it ends, and between cells when the last writing is a while ago.

    papermill's own writes it whole before and after every cell: with 200 cells, 400 times.
    """

    def save(self, **kwargs: Any) -> None:
        """Write the notebook, unless that was done a moment ago."""
        if kwargs.get("nb"):
            self.nb = kwargs["nb"]
        ago = (self.now() - self.last_save_time).total_seconds()
        if ago >= (self.autosave_cell_every or 0):
            super().save()

    def notebook_complete(self, **kwargs: Any) -> None:
        """Write the notebook as it ended, well or not."""
        self.last_save_time = datetime.fromtimestamp(0, UTC)
        super().notebook_complete(**kwargs)


class KeepingEngine(NBClientEngine):
    """papermill's own engine, with pre-loaded kernels, saving the notebook less often."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: float = 30,
        **kwargs: Any,
    ) -> Any:
        """Run a notebook; see ``papermill.engines.Engine``."""
        keeper = Keeper(nb, output_path, log_output, progress_bar, autosave_cell_every)
        keeper.notebook_start()
        try:
            cls.execute_managed_notebook(keeper, kernel_name, log_output=log_output, **kwargs)
        finally:
            keeper.cleanup_pbar()
            keeper.notebook_complete()
        return keeper.nb

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        """Run the cells in a warm kernel."""
        kwargs.setdefault("kernel_manager_class", WarmKernelManager)
        super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
