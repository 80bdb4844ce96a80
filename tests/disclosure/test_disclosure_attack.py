"""The attacker against worked systems: what each published row gives away, by R and GLPK."""

from __future__ import annotations

import csv
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vectors import numbers, vectors

from iro_analysis.disclosure.constraints import Constraints

PRINTED = {"PC1_gcse_2018_0dp": (15, 20), "PC3_asian_0dp": (2, 328), "PC5_white_0dp": (60, 328)}


def several(text):
    return [float("inf") if value == "Inf" else float(value) for value in text.split(";")]


@pytest.fixture(scope="module")
def systems():
    found = {}
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    rows = list(vectors("suppression_systems"))
    csv.field_size_limit(before)
    for row in rows:
        names = row["atoms"].split(";")
        weights = [dict(zip(names, numbers(line), strict=True)) for line in row["A"].split("|")]
        weights = [{name: w for name, w in line.items() if w} for line in weights]
        system = Constraints.of(
            names, several(row["lb"]), several(row["ub"]), weights,
            several(row["lo"]), several(row["hi"]),
        )  # fmt: skip
        found[row["case"]] = system, np.array(several(row["true"]))
    for case, (printed, whole) in PRINTED.items():
        low, high = (printed - 0.5) * whole / 100, (printed + 0.5) * whole / 100
        found[case] = Constraints.of(["x"], [0], [whole], [{"x": 1}], [low], [high]), None
    return found


def test_every_worked_system_gives_the_attackers_ranges(systems):
    rows = vectors("suppression_attack")
    assert {row["case"] for row in rows} == set(systems)
    for row in rows:
        system, true = systems[row["case"]]
        where = (row["case"], row["cell"])
        for kind, whole in [("lp", False), ("int", True)]:
            expected = [float(row[f"{kind}_{end}"]) for end in ("lower", "upper")]
            assert system.limits(row["cell"], whole=whole) == pytest.approx(expected, abs=1e-6), (
                where
            )
        if true is not None:
            assert system.holds(true), where


def test_a_search_without_time_says_nothing_or_what_a_whole_search_says(systems):
    system, _ = systems["E1_eth_x_placement_primary_only"]
    cells = ["Other | Secure", *list(system.names)[:5]]
    for cell in cells:
        assert system.limits(cell, seconds=0.0) in (None, system.limits(cell)), cell
    nobody = Constraints.of(["x"], [1], [0.5], [{"x": 1}], [1], [1])
    assert nobody.limits("x") is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6), st.integers(0, 5))
def test_a_further_row_never_widens_a_range(counts, other):
    names = [str(number) for number in range(6)]
    rows = [{"0": 1, "1": 1, "2": 1}, {"3": 1, "4": 1, "5": 1}]
    sums = [sum(counts[:3]), sum(counts[3:])]
    more = [*rows, {"0": 1, str(other): 1} if other else {"0": 1, "3": 1}]
    last = counts[0] + counts[other or 3]
    bounds = [0] * 6, [np.inf] * 6
    few = Constraints.of(names, *bounds, rows, sums, sums)
    many = Constraints.of(names, *bounds, more, [*sums, last], [*sums, last])
    for name in names:
        wide, narrow = few.limits(name), many.limits(name)
        assert wide[0] <= narrow[0] <= counts[int(name)] <= narrow[1] <= wide[1]
