"""Reports in the orders in which people make them, against one who knows every sum that holds.

`IRO_ORDERS=all` makes them for seven sizes of authority in five orders (`make attack`).
"""

from __future__ import annotations

from dataclasses import replace

import mining
import pandas as pd
import pytest
from attacker_who_searched import Report, found_out_with
from builders import read, shared_record
from orders import EVERYTHING, ORDERS, SIZES, WANTED, authority_of

from iro_analysis import contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure import scope
from iro_analysis.disclosure.figure_cells import system_of
from iro_analysis.disclosure.policy import policy
from iro_analysis.disclosure.publish import publish
from iro_analysis.indicators import evaluate

SEARCHED = ["2018-19", "2019-20", "2020-21", "2021-22", "2022-23"]
IN_FULL = replace(policy(), in_year="full")


@pytest.fixture(scope="module")
def sums(demo, tmp_path_factory):
    """What always holds between the counts of ten reports of two authorities."""
    [folder] = write_demonstration(tmp_path_factory.mktemp("searched"), seed=150, children=150)
    records = [shared_record(demo), CareRecord.of(read(folder))]
    systems = [
        system_of(scope.figures_for_committee(figures, IN_FULL), IN_FULL)
        for record in records
        for figures in (evaluate.all_figures(record, periods.single(name)) for name in SEARCHED)
    ]
    found = mining.mined(*mining.table(systems))
    assert len(found) >= 30
    return found


@pytest.fixture(scope="module", params=SIZES)
def authority(request, tmp_path_factory):
    """The figures of one authority by period, each worked out once."""
    return authority_of(request.param, tmp_path_factory.mktemp(f"of_{request.param}"))


def reports_of(known, order):
    """Publish the reports of an order one after another."""
    earlier, made = [], []
    for name in ORDERS[order]:
        figures, behind = known[name]
        published = publish(figures, "committee", earlier, behind)
        earlier.append(published.release)
        made.append(Report(name, published.figures, scope.figures_for_committee(figures, IN_FULL)))
    return made


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("order", WANTED)
def test_nothing_is_found_out_by_one_who_knows_every_sum(authority, sums, order):
    revealed, _, hidden, used = found_out_with(reports_of(authority, order), sums)
    assert hidden
    assert used > (30 if EVERYTHING else 60)
    assert not [each for each in revealed if each[1] is None or policy().is_small(each[1])]


def placement_changes(breakdown, counts, hidden=()):
    rows = contracts.figures(
        "placement_changes",
        breakdown,
        [*counts],
        unit="count",
        numerator=[*counts.values()],
        denominator=sum(counts.values()),
        value=[*counts.values()],
        method="count",
    ).assign(period="2019-20")
    numbers = ["value", "numerator", "denominator"]
    rows.loc[rows["group"].isin(hidden), "status"] = "suppressed"
    rows.loc[rows["group"].isin(hidden), numbers] = float("nan")
    return rows


PLANNED = {"Planned": 40, "Unplanned": 30, "Not known": 3}
REASONS = {
    "Change to/Implementation of care plan": 40,
    "Carer requests placement end": 30,
    "Other": 3,
}
SAME_CHANGES = mining.Relation(
    ("placement_changes|planned|Not known",), ("placement_changes|reason|Other",)
)


@pytest.mark.parametrize(
    ("sums", "found"), [([], set()), ([SAME_CHANGES], {"Not known", "Planned"})]
)
def test_a_count_hidden_in_one_table_and_shown_in_another_is_found_by_its_sum(sums, found):
    """Nobody says which reasons are of which kind: only who has searched knows that."""
    true = pd.concat([placement_changes("planned", PLANNED), placement_changes("reason", REASONS)])
    printed = pd.concat(
        [
            placement_changes("planned", PLANNED, ["Planned", "Not known"]),
            placement_changes("reason", REASONS, ["Carer requests placement end"]),
        ]
    )
    revealed, *_ = found_out_with([Report("2019-20", printed, true)], sums)
    exactly = {cell[2] for cell, count, low, high in revealed if low == high == count}
    assert exactly & {"Not known", "Planned"} == found
