"""Errors that a user can act on: one plain line per problem, never a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class AnalysisError(Exception):
    """Something given cannot be used; the message says what, where, expected and effect.

    Attributes
    ----------
    lines : tuple of str
        One sentence a problem, safe to print in a committee run (no child's identifier).
    exit_code : int
        What the command line returns for it.
    """

    exit_code = 2

    def __init__(self, *lines: str) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(lines))

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: the plain lines, and no traceback."""
        return [f"{type(self).__name__}: {line}" for line in self.lines]


class InputError(AnalysisError):
    """The folder, file or list that was given cannot be read as what it should be."""


class PeriodError(AnalysisError):
    """The words given for a period name no period, or one that the returns do not cover."""


class ParameterError(AnalysisError):
    """A parameter, measure, breakdown or notebook that does not exist was asked for."""


class ReferenceDataError(AnalysisError):
    """A table or record of the suite's own reference data is wrong."""

    exit_code = 3


class DisclosureError(AnalysisError):
    """Publishing was refused, because a setting is unknown or a figure would give a child away."""


class NotebookError(AnalysisError):
    """A notebook stopped: the message names it, the cell and the error.

    Attributes
    ----------
    fault : tuple of str
        Where the error arose, for the log of faults; empty where the suite itself refused.
    """

    exit_code = 1

    def __init__(self, *lines: str, fault: tuple[str, ...] = ()) -> None:
        super().__init__(*lines)
        self.fault = fault


class OutputError(AnalysisError):
    """The results cannot be written where they should go."""


def near_name(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" for the known name nearest to a misspelt one, or nothing."""
    close = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
