"""How often claims err where nothing changes: a short run of ``make simulate``."""

from __future__ import annotations

import numpy as np
import pytest
import simulated

MANY = 40


@pytest.fixture(scope="module")
def rates():
    return simulated.false_claims(MANY)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", simulated.SCENARIOS)
def test_a_kind_of_claim_is_seldom_wrong(rates, scenario):
    for kind, names in simulated.KINDS.items():
        chances = MANY * len(names)
        slack = 2.6 * np.sqrt(0.075 * 0.925 / chances)
        assert rates[scenario][kind] <= 0.075 + slack, kind


@pytest.mark.slow
@pytest.mark.parametrize("scenario", simulated.SCENARIOS)
def test_the_summary_seldom_claims_a_change_where_nothing_changed(rates, scenario):
    assert rates[scenario]["summary"] <= 0.20 + 2.6 * np.sqrt(0.2 * 0.8 / MANY)


@pytest.mark.parametrize("n", [19, 31, 93, 229, 328])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.9])
def test_the_interval_of_a_change_holds_it_as_often_as_it_says(n, share):
    assert simulated.coverage(n, 300, share, 0.5) >= 0.93 - 2.6 * np.sqrt(0.93 * 0.07 / 300)


@pytest.mark.slow
def test_a_rise_among_newcomers_is_found_at_least_as_often_as_by_pairs():
    assert simulated.power(MANY, 1.8) >= simulated.power_of_pairs(MANY, 1.8)


def test_the_table_is_the_one_that_the_command_writes(project):
    page = (project / "docs" / "estimates.md").read_text(encoding="utf-8")
    made = page.partition(simulated.START)[2].partition(simulated.END)[0]
    for kind in simulated.KINDS:
        row = next(line for line in made.splitlines() if line.startswith(f"| {kind} |"))
        assert all(float(cell.strip(" %")) <= 7.5 for cell in row.split("|")[2:-1]), kind
    whole = next(line for line in made.splitlines() if line.startswith("| summary as a whole"))
    assert all(float(cell.strip(" %")) <= 20 for cell in whole.split("|")[2:-1])
