"""Say how months compare with the limits of their usual ups and downs."""

from __future__ import annotations

import pandas as pd

from iro_analysis.disclosure.publish import Published
from iro_analysis.estimates.spc import xmr
from iro_analysis.narrative.finding import Finding, hidden_whole
from iro_analysis.narrative.parts import label, shown
from iro_analysis.wording import joined, number, span

MOST_NAMED = 3


def ups_and_downs(published: Published, others: pd.DataFrame) -> Finding:
    """Which months stand out from a figure's own ups and downs; none where too few are known."""
    rows = shown(published)
    if not rows:
        return hidden_whole(published)
    title, unit = published.measure.title, published.measure.unit
    if len(rows) < len(published.figures):
        return Finding(f"{title}: not judged", ("Some months have no figure.",))
    chart = xmr([row.value for row in rows])
    if not chart.enough:
        return Finding(f"{title}: too few months to judge", ("Limits need thirteen.",))
    outside = [label(row) for row, is_out in zip(rows, chart.outside, strict=True) if is_out]
    runs = chart.unusual & ~chart.outside
    low, high = max(chart.lower, 0), chart.upper
    if unit == "percent":
        high = min(high, 100)
    usual = f"The usual ups and downs are {span(low, high, unit)}, around "
    middle = f"{number(chart.mean, unit)}, over {len(rows)} months."
    if len(outside) > MOST_NAMED:
        heading = (
            f"{title}: {len(outside)} of {len(rows)} months lie outside the usual ups and "
            "downs, so that one level does not describe them"
        )
    elif outside:
        heading = f"{title}: {joined(outside)} stood out, by more than the usual ups and downs"
    elif runs.any():
        marked = [label(row) for row, run in zip(rows, runs, strict=True) if run]
        first, last = marked[0], marked[-1]
        heading = f"{title}: between {first} and {last} a run that chance would seldom make"
    else:
        heading = f"{title}: no month stood out from the usual ups and downs"
    return Finding(heading, (usual + middle,))
