"""Run every check of a report against itself; return the findings, the worst first."""

from __future__ import annotations

from iro_analysis.proofreading import (
    changes,
    directions,
    parts,
    repeated,
    shares,
    stated_totals,
    together,
    totals,
)
from iro_analysis.proofreading.figures import Document
from iro_analysis.proofreading.findings import Finding, worst_first

MODULES = (shares, totals, stated_totals, parts, together, directions, changes, repeated)


def against_itself(document: Document) -> list[Finding]:
    """Return what is wrong inside a report, worst first."""
    return worst_first(finding for module in MODULES for finding in module.check(document))
