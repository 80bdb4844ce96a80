"""Differences between two periods: against published values, and an interval and p that agree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_analysis.estimates.differences import (
    count_difference,
    mean_difference,
    share_difference,
    stock_difference,
)
from iro_analysis.estimates.proportions import newcombe


def of_different_children(x, n, x0, n0):
    """Each child once: in the later period, or in the earlier one."""
    met = np.r_[np.ones(x), np.zeros(n - x), np.zeros(n0)]
    of = np.r_[np.ones(n), np.zeros(n0)]
    met_before = np.r_[np.zeros(n), np.ones(x0), np.zeros(n0 - x0)]
    of_before = np.r_[np.zeros(n), np.ones(n0)]
    return share_difference(met, of, met_before, of_before)


@pytest.mark.parametrize(("x", "n", "x0", "n0"), [(56, 70, 48, 80), (9, 10, 3, 10)])
def test_of_different_children_it_is_newcombes_interval_but_for_t(x, n, x0, n0):
    found = of_different_children(x, n, x0, n0)
    difference, lower, upper = newcombe(x, n, x0, n0)
    assert found.difference == pytest.approx(difference)
    # t in place of z: a little wider, never narrower.
    assert lower - 0.03 < found.lower <= lower + 1e-9
    assert upper - 1e-9 <= found.upper < upper + 0.03


def test_of_the_same_children_nothing_but_who_changed_counts():
    same = np.ones(100)
    met = np.r_[np.ones(60), np.zeros(40)]
    before = np.r_[np.ones(50), np.zeros(50)]
    found = share_difference(met, same, before, same)
    paired = math.sqrt(10 - 100 / 100) / 100  # ten gained and none lost
    assert found.difference == pytest.approx(0.1)
    assert (found.upper - found.lower) / 2 == pytest.approx(1.984 * paired, rel=0.15)
    assert found.p < 0.01


def test_all_in_both_periods_is_no_certainty():
    found = of_different_children(12, 12, 15, 15)
    assert found.difference == 0
    assert found.lower < -0.15
    assert found.upper > 0.15
    assert found.p == 1


def test_counts_of_events_agree_with_the_exact_ratio_test():
    # R: poisson.test(c(122, 181)) p = 0.00082; mid-P is a little smaller.
    assert count_difference(122, 1, 181, 1).p == pytest.approx(0.00082, rel=0.2)
    assert count_difference(8, 1, 17, 1).p == pytest.approx(0.0755, rel=0.12)  # mid-P of 25


def test_more_spread_than_chance_widens_and_a_longer_period_is_allowed_for():
    plain, spread = count_difference(122, 1, 181, 1), count_difference(122, 1, 181, 1, phi=3.0)
    assert spread.upper - spread.lower == pytest.approx(
        math.sqrt(3) * (plain.upper - plain.lower), rel=0.02
    )
    assert count_difference(50, 1, 100, 2).difference == 0


def test_who_came_and_who_left_make_the_error_of_a_change_of_stock():
    now, before = np.r_[np.ones(300), np.zeros(40)], np.r_[np.ones(280), np.zeros(20), np.ones(40)]
    found = stock_difference(now, before)
    assert found.difference == -20
    assert found.upper - found.lower == pytest.approx(2 * 1.96 * math.sqrt(60), rel=1e-3)


def test_brothers_and_sisters_together_tell_less_than_as_many_children_apart():
    apart = stock_difference(np.ones(20), np.zeros(20))
    together = stock_difference(np.full(10, 2), np.zeros(10))
    assert together.upper - together.lower > 1.4 * (apart.upper - apart.lower)


def test_means_of_different_children_agree_with_welch():
    draw = np.random.default_rng(1)
    one, other = draw.normal(13, 5, 60), draw.normal(11, 8, 90)
    from scipy import stats

    welch = stats.ttest_ind(one, other, equal_var=False)
    found = mean_difference(one, range(60), other, range(100, 190))
    assert found.difference == pytest.approx(one.mean() - other.mean())
    assert found.p == pytest.approx(welch.pvalue, rel=0.1)


@given(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_the_p_value_and_the_interval_never_disagree(own, before):
    found = of_different_children(*own, *before)
    outside = found.lower > 0 or found.upper < 0
    assert outside == (found.p < 0.05)
    assert -1 <= found.lower <= found.difference <= found.upper <= 1


@given(st.integers(0, 80), st.integers(0, 80), st.floats(1, 5))
def test_a_count_and_its_interval_never_disagree(x, x0, phi):
    found = count_difference(x, 1, x0, 1, phi)
    if x + x0 == 0:
        assert math.isnan(found.p)
        return
    assert (found.lower > 0 or found.upper < 0) == (found.p < 0.05)


def test_what_cannot_be_told_is_missing():
    none = share_difference([0, 0], [0, 0], [1, 0], [1, 1])
    assert all(math.isnan(value) for value in vars(none).values())
    assert math.isnan(count_difference(0, 1, 0, 1).p)
    assert math.isnan(mean_difference([1.0], ["a"], [2.0], ["b"]).p)
    with pytest.raises(ValueError, match="numerator"):
        share_difference([2], [1], [0], [1])
