"""Reports of a year, quarter after quarter, and random linked tables, against the attacker.

`IRO_ATTACKS` sets how many random tables are tried, `IRO_AUTHORITIES` how many synthetic
authorities of different size: 200 and 20 are the long run.
"""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from attacker import found_out
from builders import read
from scipy.optimize import linprog

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.demonstration.writing import write_demonstration
from iro_analysis.disclosure.linear_system import LinearSystem
from iro_analysis.disclosure.policy import policy
from iro_analysis.disclosure.publish import publish
from iro_analysis.disclosure.suppression import cells_to_hide
from iro_analysis.indicators import evaluate
from iro_analysis.runner.outputs import figures_text

TABLES = int(os.environ.get("IRO_ATTACKS", "12"))
AUTHORITIES = int(os.environ.get("IRO_AUTHORITIES", "1"))
QUARTERS = ["2019-20-Q1", "2019-20-Q2", "2019-20-Q3", "2019-20-Q4"]


def linked_tables(seed):
    """Two tables with a common margin: counts by a and b, and by a and c."""
    draw = random.Random(seed)
    rows, columns, others = (draw.randint(2, 4) for _ in range(3))
    counts = {}
    for a in range(rows):
        total = 0
        for b in range(columns):
            counts[f"ab|{a}|{b}"] = draw.choice([0, 1, 2, 3, 5, 7, 9, 14, 25, 60])
            total += counts[f"ab|{a}|{b}"]
        cuts = sorted(draw.randint(0, total) for _ in range(others - 1))
        for c, (low, high) in enumerate(zip([0, *cuts], [*cuts, total], strict=True)):
            counts[f"ac|{a}|{c}"] = high - low
        counts[f"a|{a}|x"] = total
    sums = []
    for name, groups in [("ab", columns), ("ac", others)]:
        for a in range(rows):
            sums.append((f"a|{a}|x", [f"{name}|{a}|{n}" for n in range(groups)]))
        for n in range(groups):
            counts[f"{name[1]}|{n}|x"] = sum(counts[f"{name}|{a}|{n}"] for a in range(rows))
            sums.append((f"{name[1]}|{n}|x", [f"{name}|{a}|{n}" for a in range(rows)]))
        counts["all|x|x"] = sum(counts[f"a|{a}|x"] for a in range(rows))
        sums.append(("all|x|x", [f"{name[1]}|{n}|x" for n in range(groups)]))
    sums.append(("all|x|x", [f"a|{a}|x" for a in range(rows)]))
    return counts, sums


def limits(counts, sums, hidden):
    """Bound each hidden count by everything that is shown."""
    order = sorted(counts)
    matrix = np.zeros((len(sums), len(order)))
    for number, (total, parts) in enumerate(sums):
        matrix[number, order.index(total)] -= 1
        for part in parts:
            matrix[number, order.index(part)] += 1
    beside = {c: {o for t, p in sums if c in p for o in p} for c in order}
    bounds = []
    for cell in order:
        may_be_zero = any(counts[other] == 0 for other in (beside[cell] | {cell}) & hidden)
        floor = 0 if may_be_zero else 1
        bounds.append((floor, None) if cell in hidden else (counts[cell], counts[cell]))
    for cell in sorted(hidden):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(order))
            goal[order.index(cell)] = sign
            found = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(sums)), bounds=bounds)
            ends.append({0: sign * (found.fun or 0), 3: sign * -np.inf}[found.status])
        yield cell, *ends


@pytest.mark.parametrize("seed", range(TABLES))
def test_no_small_count_of_linked_tables_is_found_out(seed):
    counts, sums = linked_tables(seed)
    hidden = cells_to_hide(LinearSystem(values=dict(counts), sums=sums), policy())
    assert {cell for cell, count in counts.items() if 1 <= count <= 5} <= hidden
    for cell, low, high in limits(counts, sums, hidden):
        if 1 <= counts[cell] <= 5:
            assert high >= 5 - 1e-6, cell
            assert high - low >= 4 - 1e-6, cell
        else:
            assert high - low >= 1 - 1e-6, cell


def quarters_of(record, names=QUARTERS):
    """Release quarter after quarter; return what is shown, and what is true."""
    earlier, shown, true = [], [], []
    for name in names:
        figures = evaluate.all_figures(record, periods.single(name))
        published = publish(figures, "committee", earlier)
        earlier.append(published.release)
        shown.append(published.figures)
        true.append(figures)
    return shown, true


def judge(shown, true):
    """Assert that nothing is found out, and that a headline is hidden only where it is small."""
    revealed, again, hidden = found_out(map(figures_text, shown), map(figures_text, true))
    assert hidden
    assert not revealed, revealed[:5]
    assert not again, again[:5]
    for frame, real in zip(shown, true, strict=True):
        given = frame[frame["status"].ne("not_available")]
        if _of(real, "looked_after|all|all")["value"].iloc[0] < 250:
            continue  # of few children more has to be hidden
        assert given["status"].eq("ok").mean() >= 0.8, frame["period"].iloc[0]
        for cell in policy().keep_if_possible:
            if _of(frame, cell)["status"].eq("suppressed").any():
                [(part, whole)] = _of(real, cell)[["numerator", "denominator"]].to_numpy()
                assert any(map(policy().is_small, (part, whole, whole - part))), cell


def _of(figures, cell):
    measure, breakdown, group = cell.split("|")
    mine = figures["measure"].eq(measure) & figures["breakdown"].eq(breakdown)
    return figures[mine & figures["group"].eq(group)]


@pytest.mark.long
@pytest.mark.slow
def test_no_hidden_figure_of_four_quarters_is_found_out(demo):
    shown, true = quarters_of(CareRecord.of(read(demo)))
    judge(shown, true)


@pytest.mark.slow
def test_no_hidden_figure_of_any_authority_is_found_out(tmp_path):
    for folder in write_demonstration(tmp_path, seed=7, children=300, authorities=AUTHORITIES):
        shown, true = quarters_of(CareRecord.of(read(folder)))
        judge(shown, true)
