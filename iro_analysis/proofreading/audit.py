"""The whole proof-reading of one file: read it, check it, keep what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iro_analysis.errors import InputError
from iro_analysis.proofreading import checks, documents
from iro_analysis.proofreading.figures import Document
from iro_analysis.proofreading.findings import WRONG, Finding


@dataclass(frozen=True)
class Audit:
    """What a proof-reading gave.

    Attributes
    ----------
    document : Document
        The report as read.
    findings : tuple of Finding
        Worst first.
    against : tuple of str
        What it was checked against, in words.
    """

    document: Document
    findings: tuple[Finding, ...]
    against: tuple[str, ...] = ("itself",)

    @property
    def summary(self) -> str:
        """How much was read and found, in one line."""
        wrong = sum(one.severity == WRONG for one in self.findings)
        return (
            f"{len(self.document.figures):,} figures read: {wrong:,} findings are wrong, "
            f"{len(self.findings) - wrong:,} to look at, {len(self.document.unread):,} things "
            "could not be read"
        )


def audit(path: Path) -> Audit:
    """Proof-read a file of printed figures against itself.

    Raises
    ------
    InputError
        If it cannot be read, or holds no figure.
    """
    document = documents.read(path)
    if not document.figures and not document.unread:
        raise InputError(f"{path}: no figure was found in it; is it the right file?")
    return Audit(document, tuple(checks.against_itself(document)))
