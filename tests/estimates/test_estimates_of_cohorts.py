"""Entry cohorts, returns and the third move: the estimates beside R's on its own data sets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from iro_analysis.estimates import competing, proportions, survival

VALUES = json.loads(
    (Path(__file__).parents[1] / "values" / "entry_cohorts.json").read_text("utf-8")
)
CLOSE = 1e-9


def named(kind):
    return pytest.mark.parametrize("case", VALUES[kind], ids=lambda case: case["name"])


@named("competing")
def test_the_chance_of_an_ending_agrees_with_r(case):
    found = competing.incidence(case["entry"], case["time"], case["ending"])
    places = np.searchsorted(found.times, case["at"], side="right") - 1
    for kind in (1, 2):
        assert found.chance[kind][places] == pytest.approx(case["chance"][kind - 1], rel=CLOSE)
        if "std_err" in case:  # of late entry R gives another one, the infinitesimal jackknife
            error = np.array(case["std_err"][kind - 1])
            assert found.std_err[kind][places] == pytest.approx(error, rel=CLOSE)


def test_the_error_of_an_ending_is_held_to_three_data_sets():
    assert sum("std_err" in case for case in VALUES["competing"]) == 3


@named("closed")
def test_the_share_of_a_closed_cohort_is_the_curve_of_r(case):
    back = (np.array(case["status"]) == 1) & (np.array(case["time"]) < case["day"])
    assert back.mean() == pytest.approx(case["share"], rel=CLOSE)
    lower, upper = proportions.wilson(back.sum(), len(back))
    assert (lower, upper) == pytest.approx((case["lower"], case["upper"]), rel=CLOSE)


@named("closed")
def test_a_closed_cohort_has_the_same_share_by_competing_endings(case):
    status = np.array(case["status"])
    time = np.minimum(case["time"], case["day"])
    ending = np.where((status == 1) & (np.array(case["time"]) < case["day"]), 1, 0)
    found = competing.incidence(np.zeros(len(time)), time, ending)
    assert found.at(1, case["day"])[0] == pytest.approx(case["share"], rel=CLOSE)


@named("survival")
def test_who_has_not_left_agrees_with_r(case):
    curve = survival.kaplan_meier(case["entry"], case["time"], np.array(case["status"]) == 1)
    for place, day in enumerate(case["at"]):
        wanted = [case[name][place] for name in ("surv", "lower", "upper")]
        assert curve.at(day) == pytest.approx(wanted, rel=CLOSE)
