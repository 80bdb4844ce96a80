"""Build the HTML page and the tables of what a proof-reading found, the worst first."""

from __future__ import annotations

from importlib import resources
from string import Template

import pandas as pd

from iro_analysis import __version__, codes
from iro_analysis.proofreading.audit import Audit
from iro_analysis.proofreading.figures import COUNT
from iro_analysis.proofreading.findings import WRONG, Finding
from iro_analysis.wording import in_html, joined

UNREAD_SHOWN = 200
MARK = (
    '<p class="mark" role="note"><strong>OFFICIAL-SENSITIVE: contains small numbers, not for '
    "publication</strong></p>"
)


def findings_table(audit: Audit) -> pd.DataFrame:
    """Return the findings, one per row, in the order of the page."""
    rows = [
        (
            order, one.severity, one.number, one.title, one.place.file, one.place.line,
            one.place.cell, one.printed, one.says, one.arithmetic, one.instead,
        )
        for order, one in enumerate(audit.findings, 1)
    ]  # fmt: skip
    columns = [
        "order", "severity", "check", "check_title", "file", "line", "cell", "printed", "says",
        "arithmetic", "instead",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def figures_table(audit: Audit) -> pd.DataFrame:
    """Return what was read, so that anyone can see what was checked, and what could not be."""
    rows = [
        (
            one.place.line, one.place.cell, one.text, one.label, _text(one.count),
            _text(one.total), _text(one.printed), one.unit if one.unit != COUNT else "",
            one.area, one.period, one.measure, "",
        )
        for one in audit.document.figures
    ]  # fmt: skip
    rows += [
        (one.place.line, one.place.cell, one.text, "", "", "", "", "", "", "", "", one.why)
        for one in audit.document.unread
    ]
    columns = [
        "line", "cell", "text", "label", "count", "total", "printed", "unit", "area", "period",
        "measure", "not_read",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).sort_values("line", kind="stable")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def page(audit: Audit) -> str:
    """Return the page: one file, no script, nothing loaded from elsewhere."""
    folder = resources.files("iro_analysis").joinpath("templates")
    style = folder.joinpath("committee", "style.css").read_text(encoding="utf-8")
    whole = Template(folder.joinpath("audit", "index.html").read_text(encoding="utf-8"))
    return whole.substitute(
        title=in_html(audit.document.file),
        mark=MARK if audit.small_numbers else "",
        style=style,
        summary=in_html(f"{audit.summary}."),
        findings=_findings(audit),
        checked=_checked(audit),
        unread=_unread(audit),
        provenance=in_html(
            f"iro_analysis {__version__}. Arithmetic is exact; percentages round half up, as "
            "DfE's do. A finding says that figures disagree, not which of them is right."
        ),
    )


def _findings(audit: Audit) -> str:
    if not audit.findings:
        return "<p>Nothing was found.</p>"
    return "".join(_finding(order, one) for order, one in enumerate(audit.findings, 1))


def _finding(order: int, one: Finding) -> str:
    kind = "wrong" if one.severity == WRONG else "look"
    parts = [
        ("Printed", one.printed, ""),
        ("Where", str(one.place), ""),
        ("Arithmetic", one.arithmetic, ""),
        ("Print instead", one.instead, ' class="instead"'),
        ("Check", f"{one.number}. {one.title} ({one.severity})", ""),
    ]
    details = "".join(f"<dt>{name}</dt><dd{how}>{in_html(text)}</dd>" for name, text, how in parts)
    return (
        f'<section class="finding {kind}" aria-labelledby="finding-{order}">'
        f'<h3 id="finding-{order}">{order}. {in_html(one.says)}</h3><dl>{details}</dl></section>'
    )


def _checked(audit: Audit) -> str:
    counts = {one.number: 0 for one in audit.findings}
    for one in audit.findings:
        counts[one.number] += 1
    entries = [entry for name, entry in codes.record("audit_checks").items() if name != "source"]
    rows = "".join(
        f'<tr><th scope="row">{entry["number"]}. {in_html(entry["title"])}</th>'
        f'<td class="number">{counts.get(entry["number"], 0)}</td></tr>'
        for entry in entries
    )
    against = in_html(joined(list(audit.against)))
    return (
        f"<p>The figures were checked against {against}.</p>"
        '<div class="table-frame" role="region" aria-label="Checks" tabindex="0"><table>'
        '<caption>Checks</caption><thead><tr><th scope="col">Check</th>'
        f'<th scope="col" class="number">Findings</th></tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _unread(audit: Audit) -> str:
    unread = audit.document.unread
    if not unread:
        return "<p>Everything that looks like a figure was read.</p>"
    items = "".join(
        f"<li>{in_html(str(one.place))}: {in_html(one.text)}: {in_html(one.why)}</li>"
        for one in unread[:UNREAD_SHOWN]
    )
    left = len(unread) - UNREAD_SHOWN
    more = f"<p>And {left:,} more, all in figures_read.csv.</p>" if left > 0 else ""
    return f"<ul>{items}</ul>{more}"
