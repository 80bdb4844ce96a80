"""What bounds alone settle is what a solver finds."""

from __future__ import annotations

import random

import numpy as np
import pytest

from iro_analysis.disclosure.constraints import Constraints
from iro_analysis.disclosure.narrowing import Ranges


def system(chance):
    """Return a small system with finite bounds; some of them, and some rows, contradict others."""
    size = chance.randint(1, 5)
    true = [chance.randint(0, 8) for _ in range(size)]
    names = [str(number) for number in range(size)]
    rows, low, high = [], [], []
    for _ in range(chance.randint(0, 4)):
        row = {name: chance.choice([-1, 1, 1, 2]) for name in names if chance.random() < 0.6}
        total = sum(weight * true[int(name)] for name, weight in row.items())
        off = chance.choice([0, 0, 0, 0, 1])
        rows.append(row)
        low.append(total + off)
        high.append(total + off + chance.choice([0, 0, 2]))
    lower = [chance.choice([0, 0, 1]) for _ in names]
    upper = [each + chance.randint(0, 9) for each in true]
    return Constraints.of(names, lower, upper, rows, low, high)


def test_what_bounds_settle_is_what_the_solver_finds():
    chance = random.Random(20261129)
    settled, impossible = 0, 0
    for _ in range(80):
        constraints = system(chance)
        for goal in [*np.eye(len(constraints.names)), np.zeros(len(constraints.names))]:
            goal = goal * chance.choice([-1, 1])
            whole = chance.random() < 0.3
            found = constraints.best(goal, whole=whole)
            searched = constraints._searched(goal, whole, 10.0)
            assert found.value == pytest.approx(searched.value, abs=1e-6, nan_ok=True)
            ranges = constraints._ranges
            impossible += not ranges.is_possible
            table = ranges.only_best(goal) if ranges.is_possible else None
            if table is not None and constraints.holds(table):
                settled += 1
                assert np.allclose(table, searched.table, atol=1e-6)
    assert settled > 20
    assert impossible > 20


def test_the_most_of_one_is_the_least_of_the_others():
    ranges = Ranges([1, 1, 0], [50, 50, 50], [([(0, 1), (1, 1), (2, 1)], 7, 7)])
    assert ranges.only_best(np.array([-1.0, 0, 0])).tolist() == [6, 1, 0]
    assert ranges.only_best(np.array([1.0, 0, 0])) is None  # the others have a choice


def test_bounds_that_close_in_for_ever_are_left_to_the_solver():
    rows = [([(0, 1), (1, 1)], 10, 10), ([(0, 1), (1, -1)], 0, 0)]
    ranges = Ranges([0, 0], [10, 10], rows)
    assert ranges.is_possible
    apart = Constraints.of(
        ["x", "y"], [0, 0], [10, 10], [{"x": 1, "y": 1}, {"x": 1, "y": -1}], [10, 0], [10, 0]
    )
    assert apart.limits("x") == (5, 5)


def test_rows_that_contradict_each_other_leave_no_table():
    rows = [([(0, 1)], 3, 3), ([(0, 1)], 4, 4)]
    assert not Ranges([0], [9], rows).is_possible
    assert not Ranges([2], [1], []).is_possible
