"""papermill's engine ``iro``: pre-loaded kernels and fewer saves of the notebook.

``papermill --engine iro in.ipynb out.ipynb`` works for any notebook, of the suite or not. papermill
loads every engine whenever it is imported, so this module holds only the entry point.
"""

from __future__ import annotations

from typing import Any


class WarmEngine:
    """Runs a notebook in a kernel in which the libraries are loaded, made for it alone."""

    @staticmethod
    def execute_notebook(nb: Any, kernel_name: str, **settings: Any) -> Any:
        """Run a notebook; see ``papermill.engines.Engine``."""
        from iro_analysis.runner.keeper import KeepingEngine

        return KeepingEngine.execute_notebook(nb, kernel_name, **settings)

    @staticmethod
    def nb_kernel_name(nb: Any, name: str | None = None) -> str:
        """Return the name of a notebook's kernel, as papermill finds it."""
        from papermill.utils import nb_kernel_name

        return nb_kernel_name(nb, name)

    @staticmethod
    def nb_language(nb: Any, language: str | None = None) -> str:
        """Return a notebook's language, as papermill finds it."""
        from papermill.utils import nb_language

        return nb_language(nb, language)
