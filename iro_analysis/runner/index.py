"""Write the page over all reports of an authority: ``outputs/<authority>/index.html``.

Made again from what lies in the folder after each report. Nothing for internal use is linked.
"""

from __future__ import annotations

import json
import os
import string
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from iro_analysis.errors import AnalysisError, OutputError
from iro_analysis.periods import Period, in_words, single
from iro_analysis.rounding import printed
from iro_analysis.runner import pages
from iro_analysis.tables import framed
from iro_analysis.wording import in_html

NAME = "index.html"
PDF = "report.pdf"
_MARK = ".index-"  # how a draft of the page is named


@dataclass(frozen=True)
class Report:
    """A committee report that lies in an authority's folder.

    Attributes
    ----------
    folder : str
        Its folder's name.
    period : Period
    manifest : dict
    """

    folder: str
    period: Period
    manifest: dict

    @property
    def made_on(self) -> str:
        """The day on which it was made, in words."""
        return in_words(datetime.fromisoformat(self.manifest["finished"]).date())

    @property
    def certificate(self) -> str:
        """What the audit before publication found, in few words."""
        found = self.manifest.get("disclosure", {})
        if "figures_shown" not in found:
            return "Small numbers hidden"
        return (
            f"Small numbers hidden, audit {found['audit']}: {printed(found['figures_shown'])} "
            f"figures shown, {printed(found['figures_hidden'])} hidden"
        )


def found(place: Path) -> list[Report]:
    """Return the committee reports of an authority's folder, the latest first."""
    reports = []
    for path in place.glob("*/manifest.json"):
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            period = single(manifest["parameters"]["period"])
            published = manifest["parameters"]["audience"] == "committee"
        except (OSError, ValueError, KeyError, TypeError, AnalysisError):
            continue  # being replaced this moment, or none of ours
        if published and "report.html" in manifest.get("outputs", {}):
            reports.append(Report(path.parent.name, period, manifest))
    return sorted(reports, key=lambda one: (one.period.end, one.period.start), reverse=True)


def write(place: Path, name: str, synthetic: bool) -> Path:
    """Write the page over all reports of an authority, in one step.

    Several runs may end at once: each looks again after it has written, and writes again if another
    report has come meanwhile, so that whoever writes last has seen them all.

    Parameters
    ----------
    place : Path
        ``outputs/<authority>``.
    name : str
        The authority's name.
    synthetic : bool
        Whether its children are invented.

    Raises
    ------
    OutputError
        If the page cannot be written; the last one stands.
    """
    target = place / NAME
    try:
        wanted = page(found(place), name, synthetic)
        while True:
            _put(wanted, target)
            again = page(found(place), name, synthetic)
            if again == wanted:
                return target
            wanted = again
    except OSError as problem:
        raise OutputError(
            f"{target}: cannot be written ({problem.strerror}); the last one stands"
        ) from None


def _put(text: str, target: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=_MARK, dir=target.parent)
    os.close(handle)
    draft = Path(name)
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o644)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def page(reports: list[Report], name: str, synthetic: bool) -> str:
    """Return the page over some reports: the same bytes for the same reports."""
    template = (
        resources.files("iro_analysis")
        .joinpath("templates", "periods", NAME)
        .read_text(encoding="utf-8")
    )
    several = "report" if len(reports) == 1 else "reports"
    note = (
        '<p class="synthetic" role="note">Demonstration: every child in these reports is '
        "invented.</p>"
        if synthetic
        else ""
    )
    return string.Template(template).substitute(
        name=in_html(name),
        style=pages.style(),
        count=f"{len(reports)} {several}",
        synthetic=note,
        latest=_latest(reports),
        reports=framed(
            "Reports, the latest first",
            ["Period", "Days", "Made on", "Files", "Before publication"],
            [_row(report) for report in reports],
            [],
            numbers=frozenset(),
        ),
    )


def _latest(reports: list[Report]) -> str:
    if not reports:
        return "<p>There is no report yet.</p>"
    first = reports[0]
    link = f"{first.folder}/report.html"
    return (
        f'<h2>The latest</h2><p class="latest"><a href="{in_html(link)}">'
        f"{in_html(first.period.title)}</a>. In plain words, "
        f'<a href="{in_html(link)}#for-young-people">for young people</a>.</p>'
    )


def _row(report: Report) -> str:
    folder = report.folder
    named = report.period.name.replace(":", " to ")
    files = [
        ("figures.xlsx", "workbook"),
        ("figures.csv", "figures"),
        ("report.docx", "Word"),
        (PDF, "to print"),
        ("annex.pdf", "annex to print"),
        ("manifest.json", "provenance"),
    ]
    pages_besides = [
        (name, name.removesuffix(".html").replace("_", " "))
        for name in report.manifest["outputs"]
        if name.endswith(".html") and name != "report.html"
    ]
    there = {*report.manifest["outputs"], "manifest.json"}
    links = ", ".join(
        f'<a href="{in_html(f"{folder}/{name}")}">{in_html(label)}'
        f'<span class="unseen">, {in_html(named)}</span></a>'
        for name, label in [*pages_besides, *files]
        if name in there
    )
    return (
        f'<tr><th scope="row"><a href="{in_html(f"{folder}/report.html")}">{in_html(named)}</a>'
        f"</th><td>{in_html(report.period.title)}</td><td>{in_html(report.made_on)}</td>"
        f"<td>{links}</td><td>{in_html(report.certificate)}</td></tr>"
    )
