"""Relations between counts are found, not remembered: what always holds, the audit knows.

`IRO_RELATIONS=all` searches reports of seven authorities, whole years and parts (`make attack`).
"""

from __future__ import annotations

import os
from dataclasses import replace
from fnmatch import fnmatchcase

import members_behind
import mining
import pandas as pd
import pytest
from builders import read, shared_record

from iro_analysis import catalogue, codes, contracts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure import scope
from iro_analysis.disclosure.figure_cells import system_of
from iro_analysis.disclosure.linear_system import LinearSystem
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


# Of things that are always among others in the synthetic returns alone: part, whole, and why.
IN_THESE_RETURNS = [
    ("*", "*|uasc|Not UASC", "few are unaccompanied, and those alike"),
    ("*|uasc|UASC", "*", "unaccompanied children are alike: their need, age and legal status"),
    ("*", "looked_after|ethnicity_known|all", "the ethnicity of every child is known"),
    ("ceased|reason|Other reason", "ceased|age_band|16 and over", "a choice of the simulation"),
    ("exploitation_tracked|all|all", "*", "only children of ten and over are tracked"),
    ("looked_after|distance|More than 20 miles", "*|Outside the authority", "one small county"),
    ("looked_after|locality|Inside the authority", "*|20 miles or less", "one small county"),
    ("looked_after|need|*", "*|all|all", "needs of few children, or that begin with age"),
    ("looked_after|ethnicity_detail|*", "*|all|all", "groups of few children"),
    ("looked_after|legal_status|* order", "looked_after_two_months|all|all", "orders take time"),
    ("looked_after|provision|Semi-independent", "*", "all are 16 and over, in one kind of place"),
    ("looked_after|provision|Placed for adoption", "*", "all are under a placement order"),
    ("looked_after|placement|Secure units*", "looked_after_4_to_17|all|all", "none is under four"),
    ("gcse_cohort|*", "looked_after_during|all|all", "one year's pupils are few of all children"),
    ("gcse_5_grade4|*", "gcse_5_grade4_with_english_maths|*", "nearly all passed these two too"),
    ("started|need|*", "looked_after|*", "few start in a quarter, and most of them stay"),
    ("missing_incidents|all|all", "returns_from_missing|all|all", "the lists are complete"),
    ("substance_misuse|all|all", "oc2_ten_to_seventeen|all|all", "a choice of the simulation"),
    ("three_or_more_by_definition|*", "*", "the definitions differ on few children"),
]
# Which of the two is the larger may change: the audit knows their difference ([[compared]]).
COMPARED = [
    ("second_reviews|all|all", "reviews_judged|timetable|Second review"),
    ("permanence_plan_by_second_review|all|all", "reviews_judged|timetable|Second review"),
]


@pytest.fixture(scope="module")
def records(demo, tmp_path_factory):
    """Care records of several authorities."""
    found = [shared_record(demo)]
    for size in SIZES:
        place = tmp_path_factory.mktemp(f"of_{size}")
        [folder] = write_demonstration(place, seed=size, children=size)
        found.append(CareRecord.of(read(folder)))
    return found


@pytest.fixture(scope="module")
def figures(records):
    """Figures that the committee could be given, of several authorities and years."""
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


@pytest.mark.slow
@pytest.mark.parametrize(("names", "at_least"), SEARCHES)
def test_every_relation_that_always_holds_is_known_to_the_audit(figures, names, at_least):
    counts, unknown = searched(figures, names)
    assert counts > at_least
    assert not unknown, "\n".join(map(str, unknown))


@pytest.fixture(scope="module")
def listed(records, figures):
    """The system of each report, and the children and events behind its counts."""
    apart = replace(policy(), in_year="full")
    found = {}
    for (number, name), frame in figures.items():
        if EVERYTHING or name in YEARS[1:4]:
            carried = scope.figures_for_committee(frame, apart)
            things = members_behind.things_behind(records[number], periods.single(name), carried)
            found[number, name] = system_of(carried, apart), things
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [pytest.param(YEARS, id="in a year")]
    + ([pytest.param(PARTS, id="in a part of one")] if EVERYTHING else []),
)
def test_what_is_always_among_something_else_is_known_to_the_audit(listed, names):
    reports = [each for (_, name), each in listed.items() if name in names]
    pairs = members_behind.always_inside(reports)
    assert len(pairs) > 100
    unknown = {
        p for system, _ in reports[::3] for p in members_behind.unknown_inside(pairs, system)
    }
    named = {p for p in unknown if (p.part, p.whole) in COMPARED or is_of_these_returns(p)}
    assert not unknown - named, "\n".join(sorted(map(str, unknown - named)))


def is_of_these_returns(pair):
    return any(
        fnmatchcase(pair.part, part) and fnmatchcase(pair.whole, whole)
        for part, whole, _ in IN_THESE_RETURNS
    )


@pytest.mark.slow
def test_a_relation_that_is_taken_out_is_missed(listed, figures, monkeypatch):
    """Care leavers in suitable accommodation are among those in touch."""
    pairs = members_behind.always_inside(list(listed.values()))
    pair = members_behind.Inside(
        "care_leavers_accommodation_suitable|all|all", "care_leavers_in_touch|all|all"
    )
    assert pair in pairs
    relations = dict(codes.record("relations"))
    chains = [each for each in relations["nested"] if pair.part.split("|")[0] not in each["chain"]]
    assert len(chains) < len(relations["nested"])
    known = codes.record

    def without(name):
        return {**relations, "nested": chains} if name == "relations" else known(name)

    frame = scope.figures_for_committee(figures[0, "2019-20"], policy())
    assert not members_behind.unknown_inside([pair], system_of(frame, policy()))
    monkeypatch.setattr(codes, "record", without)
    assert members_behind.unknown_inside([pair], system_of(frame, policy())) == [pair]


def test_a_pair_that_holds_by_chance_is_none():
    """Three children of 150 that happen to be among 140 say nothing; 60 of 70 do."""
    cells = {"started|all|all": 60, "ceased|all|all": 3, "looked_after|all|all": 140}
    children = [(f"child {number}",) for number in range(150)]
    things = {cell: set(children[:count]) for cell, count in cells.items()}
    things["reviews_held|all|all"] = set(children)
    system = LinearSystem(values={cell: len(some) for cell, some in things.items()})
    found = members_behind.always_inside([(system, things)] * 4)
    assert members_behind.Inside("ceased|all|all", "looked_after|all|all") not in found
    assert members_behind.Inside("ceased|all|all", "started|all|all") not in found
    smaller = {**things, "looked_after|all|all": set(children[:70])}
    found = members_behind.always_inside([(system, smaller)] * 4)
    assert members_behind.Inside("started|all|all", "looked_after|all|all") in found


def placed_for_adoption(frame):
    """Add the measure of HOUSE's example: a count of another breakdown under a new name."""
    mine = frame["measure"].eq("looked_after") & frame["group"].eq("Placed for adoption")
    [row] = frame[mine & frame["breakdown"].eq("placement")].to_dict("records")
    new = {**row, "measure": "unplaced", "breakdown": "all", "group": "all", "unit": "percent"}
    return pd.concat([frame, pd.DataFrame([new])], ignore_index=True)


@pytest.mark.slow
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


def test_a_count_whose_record_changed_after_the_search_is_refused(demo, monkeypatch):
    entry = catalogue.measure("three_or_more_placements")
    assert "numerator" in entry.counts
    changed = replace(entry, counts={"denominator": entry.counts["denominator"]})
    known = {**catalogue.measures(), entry.id: changed}
    monkeypatch.setattr(catalogue, "measures", lambda: known)
    figures = evaluate.figures(shared_record(demo), periods.single("2019-20"), entry.id)
    with pytest.raises(DisclosureError, match=r"three_or_more_placements by all: .*make relations"):
        publish(figures, "committee")


@pytest.mark.slow
def test_counts_behind_a_relation_are_in_the_catalogue_or_derived_from_it(figures):
    """A record that names a count which no report has is a typing error."""
    known = set()
    for frame in figures.values():
        carried = scope.figures_for_committee(frame, policy())
        known |= {cell.split("|")[0] for cell in system_of(carried, policy()).values}
    for entry in codes.record("relations")["sum"]:
        for spec in [*entry["left"], *entry["right"]]:
            assert spec.split("|")[0] in known, entry["what"]
    assert contracts.ALL == "all"
