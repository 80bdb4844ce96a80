"""Proof-read one report: against itself, DfE's tables and the authority's data; return findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.publications import Publications
from iro_analysis.errors import InputError, ParameterError
from iro_analysis.periods import Period
from iro_analysis.proofreading import checks, comparators, documents, own_data, spans
from iro_analysis.proofreading.figures import Document
from iro_analysis.proofreading.findings import WRONG, Finding, worst_first
from iro_analysis.reading.authority import Authority
from iro_analysis.study import open_authority


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
    small_numbers : bool
        Whether the authority's own data speak in it, nothing hidden: not for publication then.
    """

    document: Document
    findings: tuple[Finding, ...]
    against: tuple[str, ...] = ("itself",)
    small_numbers: bool = False

    @property
    def summary(self) -> str:
        """How much was read and found, in one line."""
        wrong = sum(one.severity == WRONG for one in self.findings)
        return (
            f"{len(self.document.figures):,} figures read, {len(self.document.unread):,} not read; "
            f"found: {wrong:,} wrong, {len(self.findings) - wrong:,} to look at"
        )


def audit(
    path: Path, dfe: Path | None = None, data: str | None = None, period: Period | None = None
) -> Audit:
    """Proof-read a file of printed figures.

    Parameters
    ----------
    path : Path
        The report, or the list of figures.
    dfe : Path, optional
        A folder of DfE's files, against which comparators are looked up.
    data : str, optional
        The authority's folder, as ``study.open_authority`` takes it.
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
    authority = open_authority(data) if data else None
    if dfe is None and authority is None:
        return Audit(document, tuple(worst_first(found)), tuple(against), False)
    period = period or _period(document)
    if authority is not None:
        authority.check_covers(period)
        own = own_data.OwnData(CareRecord.of(authority), period)
        found = [*found, *own_data.check(document, own)]
        against.append(f"the data of {authority.name} for {period.title}")
    if dfe is not None:
        more, what = _against_published(document, dfe, authority, period)
        found, against = [*found, *more], [*against, what]
    return Audit(document, tuple(worst_first(found)), tuple(against), authority is not None)


def _period(document: Document) -> Period:
    period = spans.report_period(document)
    if period is None:
        raise ParameterError(
            f"{document.file}: which year is it of? It names none; give --period, such as 2019-20"
        )
    return period


def _against_published(
    document: Document, dfe: Path, authority: Authority | None, period: Period
) -> tuple[list[Finding], str]:
    publications = Publications.of(dfe)
    code = authority.ons_code if authority else ""
    own = publications.area_of(code) or comparators.report_area(document, publications)
    year = period.end.year
    found = comparators.Comparison(document, publications, own, year).check()
    releases = sorted({file.release for file in publications.files})
    of = f" for {own}" if own else ""
    return found, f"DfE's tables ({', '.join(releases)}){of}, year to 31 March {year}"
