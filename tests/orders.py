"""The orders in which people make a year's reports, and authorities to make them for.

`IRO_ORDERS=all` asks for seven sizes of authority and every order (`make attack`).
"""

from __future__ import annotations

import os

from builders import read

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure.contributors import children_behind
from iro_analysis.indicators import evaluate

EVERYTHING = os.environ.get("IRO_ORDERS") == "all"
SIZES = [40, 80, 150, 250, 400, 600, 800] if EVERYTHING else [250]
QUARTERS = [f"2019-20-Q{number}" for number in (1, 2, 3, 4)]
ORDERS = {
    "year, then quarters": ["2019-20", *QUARTERS],
    "quarters, then year": [*QUARTERS, "2019-20"],
    "halves": ["2019-20-H1", "2019-20-H2", "2019-20"],
    "the year before": ["2018-19", "2019-20", *QUARTERS],
    "overlapping days": ["2019-20-Q1", "2019-05-01:2019-12-31", "2019-20-H1", "2019-20"],
}
WANTED = list(ORDERS) if EVERYTHING else ["quarters, then year"]


def authority_of(children, place):
    """Return the figures of every period of the orders, and the children behind each count."""
    [folder] = write_demonstration(place, seed=children + 1, children=children)
    record = CareRecord.of(read(folder))
    found = {}
    for name in dict.fromkeys(n for order in WANTED for n in ORDERS[order]):
        period = periods.single(name)
        figures = evaluate.all_figures(record, period)
        found[name] = figures, children_behind(record, period, figures)
    return found
