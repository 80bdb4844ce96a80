"""What it takes to decide what a report shows and to audit it: alone, and with a year's quarters.

``python benchmarks/audit.py`` releases the demonstration's 2019-20 by itself, then its four
quarters and the year in the light of them, and prints the seconds beside the counts audited.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.publish import publish
from iro_analysis.disclosure.releases import Release
from iro_analysis.indicators import evaluate
from iro_analysis.study import open_authority

DEMO = Path(__file__).parents[1] / "data" / "demo"
PERIODS = ["2019-20-Q1", "2019-20-Q2", "2019-20-Q3", "2019-20-Q4", "2019-20"]


def row(record: CareRecord, name: str, earlier: list[Release]) -> Release:
    """Print one report's row and return its release."""
    figures = evaluate.all_figures(record, periods.single(name))
    began = time.perf_counter()
    published = publish(figures, "committee", earlier)
    decided = time.perf_counter()
    publish(figures, "committee", [*earlier, published.release])  # decided already: audit alone
    audited = time.perf_counter()
    counts = published.certificate.counts_audited
    taken = f"{decided - began:.1f} | {audited - decided:.1f}"
    sys.stdout.write(f"| {name} | {len(earlier)} | {counts} | {taken} |\n")
    return published.release


def main() -> None:
    """Print the table."""
    record = CareRecord.of(open_authority(str(DEMO)))
    import scipy.optimize  # noqa: F401  its loading is no part of the audit

    head = [
        "report",
        "in the ledger",
        "counts audited",
        "chosen and audited [s]",
        "audit alone [s]",
    ]
    sys.stdout.write(f"| {' | '.join(head)} |\n|---|--:|--:|--:|--:|\n")
    row(record, "2019-20", [])
    earlier: list[Release] = []
    for name in PERIODS:
        earlier.append(row(record, name, earlier))


if __name__ == "__main__":
    main()
