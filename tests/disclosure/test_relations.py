"""Relations between counts are found, not remembered: what always holds, the audit knows.

`IRO_RELATIONS=all` searches reports of seven authorities, whole years and parts (`make attack`).
"""

from __future__ import annotations

import os
from dataclasses import replace

import mining
import pandas as pd
import pytest
from builders import read, shared_record

from iro_analysis import catalogue, codes, contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure import scope
from iro_analysis.disclosure.cells import system_of
from iro_analysis.disclosure.policy import policy
from iro_analysis.disclosure.publish import publish
from iro_analysis.errors import DisclosureError
from iro_analysis.indicators import evaluate

EVERYTHING = os.environ.get("IRO_RELATIONS") == "all"
SIZES = [40, 80, 150, 250, 400, 600, 800] if EVERYTHING else [150]
YEARS = ["2018-19", "2019-20", "2020-21", "2021-22", "2022-23"]
PARTS = ["2018-19-Q2", "2019-20-Q1", "2019-20-Q3", "2020-21-H1", "2021-22-Q4"]
# Hold in the synthetic returns alone: they have no foster placement of other providers.
FOSTER = [f"looked_after|provision|{group}" for group in (
    "Connected persons", "In-house foster care", "Independent agency foster care"
)]  # fmt: skip
BY_CHANCE = {mining.Relation(("looked_after|placement|Foster placements",), tuple(FOSTER))}


@pytest.fixture(scope="module")
def figures(demo, tmp_path_factory):
    """Figures that the committee could be given, of several authorities and years."""
    records = [shared_record(demo)]
    for size in SIZES:
        place = tmp_path_factory.mktemp(f"of_{size}")
        [folder] = write_demonstration(place, seed=size, children=size)
        records.append(CareRecord.of(read(folder)))
    names = [*YEARS, *PARTS] if EVERYTHING else YEARS
    return {
        (number, name): evaluate.all_figures(record, periods.single(name))
        for number, record in enumerate(records)
        for name in names
    }


def searched(figures, names, change=lambda frame: frame):
    """Return what always holds in some reports and is unknown to the audit of one of them."""
    apart = replace(policy(), in_year="full")
    systems = [
        system_of(change(scope.figures_for_committee(frame, apart)), apart)
        for (_, name), frame in figures.items()
        if name in names
    ]
    cells, values = mining.table(systems)
    relations = mining.mined(cells, values)
    found = {each for system in systems[::3] for each in mining.unknown(relations, system)}
    return len(cells), found - BY_CHANCE


# Parts of a year are searched by `make relations` and `make attack`: an hour.
SEARCHES = [pytest.param(YEARS, 150, id="in a year")]
SEARCHES += [pytest.param(PARTS, 100, id="in a part of one")] if EVERYTHING else []


@pytest.mark.parametrize(("names", "at_least"), SEARCHES)
def test_every_relation_that_always_holds_is_known_to_the_audit(figures, names, at_least):
    counts, unknown = searched(figures, names)
    assert counts > at_least
    assert not unknown, "\n".join(map(str, unknown))


def placed_for_adoption(frame):
    """Add the measure of HOUSE's example: a count of another breakdown under a new name."""
    mine = frame["measure"].eq("looked_after") & frame["group"].eq("Placed for adoption")
    [row] = frame[mine & frame["breakdown"].eq("placement")].to_dict("records")
    new = {**row, "measure": "unplaced", "breakdown": "all", "group": "all", "unit": "percent"}
    return pd.concat([frame, pd.DataFrame([new])], ignore_index=True)


def test_a_measure_that_counts_what_another_breakdown_counts_is_named(figures, monkeypatch):
    entry = catalogue.measure("three_or_more_placements")
    added = replace(
        entry, id="unplaced", breakdowns=("all",), counts={"denominator": "looked_after|all"}
    )
    known = {**catalogue.measures(), "unplaced": added}
    monkeypatch.setattr(catalogue, "measures", lambda: known)
    _, unknown = searched(figures, YEARS, placed_for_adoption)
    assert any("unplaced|all|all" in (*each.left, *each.right) for each in unknown)
    frame = placed_for_adoption(figures[0, "2019-20"])
    with pytest.raises(DisclosureError, match=r"unplaced by all: .*make relations"):
        publish(frame, "committee")


def test_every_count_of_the_committee_has_been_searched():
    """`make relations` writes the list where the search above finds nothing unknown."""
    listed, wanted = codes.record("searched")["counts"], mining.counts_to_search()
    new = [name for name in wanted if name not in listed]
    assert not new, f"{new} not searched: make relations (CONTRIBUTING, add a measure, step 4)"
    assert listed == wanted, "searched.toml holds counts that are no more: make relations renews it"


def test_a_count_whose_record_changed_after_the_search_is_refused(figures, monkeypatch):
    entry = catalogue.measure("three_or_more_placements")
    assert "numerator" in entry.counts
    changed = replace(entry, counts={"denominator": entry.counts["denominator"]})
    known = {**catalogue.measures(), entry.id: changed}
    monkeypatch.setattr(catalogue, "measures", lambda: known)
    with pytest.raises(DisclosureError, match=r"three_or_more_placements by all: .*make relations"):
        publish(figures[0, "2019-20"], "committee")


def test_counts_behind_a_relation_are_in_the_catalogue_or_derived_from_it(figures):
    """A record that names a count which no report has is a slip of the pen."""
    known = set()
    for frame in figures.values():
        told = scope.figures_for_committee(frame, policy())
        known |= {cell.split("|")[0] for cell in system_of(told, policy()).values}
    for entry in codes.record("relations")["sum"]:
        for spec in [*entry["left"], *entry["right"]]:
            assert spec.split("|")[0] in known, entry["what"]
    assert contracts.ALL == "all"
