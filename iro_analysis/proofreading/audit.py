"""The whole proof-reading of one file: read it, check it, keep what was found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iro_analysis.errors import InputError, ParameterError
from iro_analysis.periods import Period
from iro_analysis.proofreading import checks, comparators, documents
from iro_analysis.proofreading.figures import Document
from iro_analysis.proofreading.findings import WRONG, Finding, worst_first
from iro_analysis.published.lookup import Publications


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


def audit(path: Path, dfe: Path | None = None, period: Period | None = None) -> Audit:
    """Proof-read a file of printed figures.

    Parameters
    ----------
    path : Path
        The report, or the list of figures.
    dfe : Path, optional
        A folder of DfE's files, against which comparators are looked up.
    period : Period, optional
        The report's; read from the report where not given.

    Raises
    ------
    InputError
        If something cannot be read, or the report holds no figure.
    """
    document = documents.read(path)
    if not document.figures and not document.unread:
        raise InputError(f"{path}: no figure was found in it; is it the right file?")
    found, against = checks.against_itself(document), ["itself"]
    if dfe is not None:
        more, what = _against_published(document, dfe, period)
        found, against = [*found, *more], [*against, what]
    return Audit(document, tuple(worst_first(found)), tuple(against))


def _against_published(
    document: Document, dfe: Path, period: Period | None
) -> tuple[list[Finding], str]:
    publications = Publications.of(dfe)
    year = period.end.year if period else comparators.report_year(document)
    if year is None:
        raise ParameterError(
            f"{document.file}: which year is it of? It names none; give --period, such as 2019-20"
        )
    own = comparators.report_area(document, publications)
    found = comparators.Comparison(document, publications, own, year).check()
    releases = sorted({file.release for file in publications.files})
    of = f" for {own}" if own else ""
    return found, f"DfE's tables ({', '.join(releases)}){of}, year to 31 March {year}"
