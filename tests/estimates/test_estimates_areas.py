"""What must hold of estimates over bands, areas or several reviews of a child."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from iro_analysis.estimates import (
    clustered,
    funnels,
    goodness,
    proportions,
    rates,
    shrinkage,
    standardised,
    trends,
)

NEAR = 1e-9

NEAR = 1e-9
bands = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.lists(st.integers(0, 80), min_size=k, max_size=k),
        st.lists(st.integers(1, 20), min_size=k, max_size=k),
    )
)


@given(bands)
def test_residuals_of_a_profile_are_those_of_the_rest_turned_round(case):
    counts, weights = case
    shares = np.array(weights) / sum(weights)
    fit = goodness.against_shares(counts, shares, repeats=50)
    assume(sum(counts))
    assert math.isclose(fit.expected.sum(), sum(counts))
    assert 0 < fit.p <= 1 or fit.chi_squared > 100
    rest = goodness.against_shares(
        [counts[0], sum(counts[1:])], [shares[0], 1 - shares[0]], repeats=50
    )
    assert math.isclose(fit.residual[0], rest.residual[0], abs_tol=1e-6)
    assert math.isclose(rest.residual[0], -rest.residual[1], abs_tol=1e-6)


def test_a_profile_simulated_where_few_are_expected_agrees_with_an_exact_test():
    fit = goodness.against_shares([6, 1], [0.3, 0.7])
    assert fit.simulated
    assert math.isclose(fit.p, stats.binomtest(6, 7, 0.3).pvalue, abs_tol=0.002)
    assert goodness.against_shares([6, 1], [0.3, 0.7]).p == fit.p


def test_shares_that_are_not_of_one_whole_are_refused():
    with pytest.raises(ValueError, match="add up to 1"):
        goodness.against_shares([1, 2], [0.5, 0.6])


children = st.lists(
    st.integers(1, 4).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=40,
)


@given(children)
def test_a_share_of_reviews_lies_in_its_interval_and_children_never_tell_more(rows):
    met, of = (np.array(column) for column in zip(*rows, strict=True))
    found = clustered.clustered_share(met, of)
    assert found.lower <= found.share + NEAR
    assert found.share <= found.upper + NEAR
    assert found.design_effect >= 1
    assert found.effective_n <= of.sum() + NEAR
    mirrored = clustered.clustered_share(of - met, of)
    assert math.isclose(mirrored.lower, 1 - found.upper, abs_tol=NEAR)
    shuffled = clustered.clustered_share(met[::-1], of[::-1])
    assert math.isclose(shuffled.lower, found.lower, abs_tol=NEAR)


def test_reviews_of_one_each_are_as_good_as_plain_shares():
    met = np.array([1] * 30 + [0] * 10)
    found = clustered.clustered_share(met, np.ones(40, int))
    # The variance divides by children less one, so the base is one less in forty.
    assert math.isclose(found.design_effect, 40 / 39)
    assert np.allclose((found.lower, found.upper), proportions.wilson(30, 40), atol=0.003)


def test_reviews_all_on_time_are_known_as_well_as_children_are_many():
    found = clustered.clustered_share([3] * 20, [3] * 20)
    assert (found.effective_n, found.upper) == (20, 1)
    assert math.isclose(found.lower, float(proportions.wilson(20, 20)[0]))
    assert math.isnan(clustered.clustered_share([1], [2]).lower)
    assert math.isnan(clustered.clustered_share([], []).share)


authorities = st.lists(
    st.integers(5, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=30,
)


@given(authorities)
def test_a_funnel_holds_its_target_narrows_and_is_widened_by_spread(rows):
    x, n = (np.array(column) for column in zip(*rows, strict=True))
    found = funnels.spread(x, n)
    sizes = np.array([10, 100, 1000])
    plain, wide = (funnels.arcsine_limits(sizes, found.target, t) for t in (0.0, found.tau2))
    assert (plain[0] <= found.target + NEAR).all()
    assert (found.target <= plain[1] + NEAR).all()
    assert (np.diff(plain[1] - plain[0]) <= NEAR).all()
    assert (wide[0] <= plain[0] + NEAR).all()
    assert (plain[1] <= wide[1] + NEAR).all()
    back = funnels.spread(n - x, n)
    assert math.isclose(back.tau2, found.tau2, rel_tol=1e-6, abs_tol=1e-9)


def test_authorities_that_cannot_be_or_are_too_few_are_refused():
    with pytest.raises(ValueError, match="two authorities"):
        funnels.spread([1, 0], [10, 0])
    with pytest.raises(ValueError, match="two authorities"):
        shrinkage.shrunken_shares([1, 0], [10, 0])


@given(authorities)
def test_shrunken_shares_lie_between_their_own_and_the_common_one(rows):
    x, n = (np.array(column) for column in zip(*rows, strict=True))
    found = shrinkage.shrunken_shares(x, n)
    adjusted = np.where((x == 0) | (x == n), (x + 0.5) / (n + 1), found.raw)
    low, high = np.minimum(adjusted, found.centre), np.maximum(adjusted, found.centre)
    assert (low - 1e-7 <= found.value).all()
    assert (found.value <= high + 1e-7).all()
    assert (found.lower <= found.value + NEAR).all()
    assert (found.value <= found.upper + NEAR).all()


def test_the_smaller_the_base_the_more_it_is_drawn_in():
    found = shrinkage.shrunken_shares([2, 20, 200, 5, 60, 150], [10, 100, 1000, 50, 300, 1500])
    own = (found.value - found.centre) / (found.raw - found.centre)
    assert own[0] < own[1] < own[2]
    assert (found.lower[:3] < found.value[:3]).all()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(100, 5000)), min_size=2, max_size=6))
def test_standardising_to_oneself_changes_nothing(rows):
    x, n = (np.array(column) for column in zip(*rows, strict=True))
    value, lower, upper = standardised.direct(x, n, n, 10_000)
    if x.sum() < 10:
        assert math.isnan(value)
        return
    crude = rates.rate([x.sum()], [n.sum()], 10_000)
    assert np.allclose((value, lower, upper), [float(part[0]) for part in crude])
    ratio, low, high = standardised.indirect(x.sum(), standardised.expected(n, x / n))
    assert math.isclose(ratio, 1)
    assert low <= 1 <= high


def test_an_age_band_without_children_is_refused_and_not_dropped():
    with pytest.raises(ValueError, match="merge it"):
        standardised.direct([10, 0], [100, 0], [1, 1], 1000)
    assert math.isnan(standardised.indirect(3, 0)[0])


@given(st.floats(0, 0.95), st.integers(5, 500))
def test_a_change_shows_sooner_with_more_pupils(first, pupils):
    fewer, more = (trends.detectable_share(first, n) for n in (pupils, pupils * 2))
    assert math.isnan(fewer) or first < more < fewer <= 1


def test_no_rise_shows_from_all_and_some_rise_shows_from_none():
    assert math.isnan(trends.detectable_share(1, 50))
    assert 0.05 < trends.detectable_share(0, 50) < 0.2
    assert math.isnan(trends.detectable_share(0.9, 5))
