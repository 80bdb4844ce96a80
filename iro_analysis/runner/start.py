"""Load what makes pages, without optional packages that no report uses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# jsonschema takes these where they are installed, to check addresses in a schema. A notebook's
# schema holds none, and the package compiles its grammars when it is imported: most of the time in
# which papermill loads, and again in nbconvert.
_OF_NO_USE = ("rfc3987", "rfc3987_syntax")
_PAGES = ("papermill", "nbformat", "nbconvert.exporters.html")  # runs notebooks, lays them out


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Import what follows as where some optional packages are not installed."""
    hidden = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(hidden))  # None: what Python itself takes for "not there"
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, False) is None:
                del sys.modules[name]


def load(*names: str) -> None:
    """Load libraries by name; without names, what runs notebooks and lays them out."""
    with without(*_OF_NO_USE):
        for name in names or _PAGES:
            importlib.import_module(name)
