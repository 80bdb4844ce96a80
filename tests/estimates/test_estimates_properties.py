"""What must hold of any estimate, whatever the counts."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from iro_analysis.estimates import (
    clustered,
    comparisons,
    multiplicity,
    proportions,
    rates,
    ratios,
    trends,
)

NEAR = 1e-9
SHARES = [proportions.wilson, proportions.clopper_pearson]
COUNTS = [rates.exact_limits, rates.byar_limits, rates.poisson_limits]
parts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
events = st.integers(0, 400)
people = st.integers(50, 50_000)


def one(limits):
    return float(limits[0]), float(limits[1])


@pytest.mark.parametrize("interval", SHARES)
@given(parts, st.sampled_from([0.5, 0.95, 0.998]))
def test_a_share_lies_in_its_interval_which_mirrors_and_widens_with_the_level(
    interval, part, level
):
    x, n = part
    lower, upper = one(interval(x, n, level))
    assert 0 <= lower <= x / n + NEAR
    assert x / n - NEAR <= upper <= 1
    assert (lower == 0) == (x == 0)
    assert (upper == 1) == (x == n)
    mirrored = one(interval(n - x, n, level))
    assert math.isclose(mirrored[0], 1 - upper, abs_tol=NEAR)
    assert math.isclose(mirrored[1], 1 - lower, abs_tol=NEAR)
    wider = one(interval(x, n, 0.999))
    assert wider[0] <= lower + NEAR
    assert upper <= wider[1] + NEAR


@pytest.mark.parametrize("interval", SHARES)
@given(parts, st.integers(2, 5))
def test_the_interval_of_a_share_shrinks_with_n(interval, part, times):
    x, n = part
    lower, upper = one(interval(x, n))
    closer = one(interval(x * times, n * times))
    assert closer[1] - closer[0] < upper - lower


@pytest.mark.parametrize("interval", SHARES)
@given(st.integers(1, 150))
def test_one_more_of_the_same_number_moves_the_interval_up(interval, n):
    lower, upper = interval(np.arange(n + 1), n)
    assert (np.diff(lower) > 0).all()
    assert (np.diff(upper)[:-1] > 0).all()


@pytest.mark.parametrize("interval", SHARES)
def test_intervals_of_a_share_agree_with_the_normal_curve_for_many(interval):
    n = 1_000_000
    for share in (0.1, 0.5, 0.9):
        reach = 1.959964 * math.sqrt(share * (1 - share) / n)
        lower, upper = one(interval(share * n, n))
        assert math.isclose(lower, share - reach, rel_tol=1e-4)
        assert math.isclose(upper, share + reach, rel_tol=1e-4)


@pytest.mark.parametrize("interval", SHARES)
def test_a_share_of_nobody_or_of_an_unknown_number_is_missing(interval):
    lower, upper = interval([0, math.nan, 3], [0, 10, math.nan])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


@pytest.mark.parametrize("interval", [*SHARES, clustered.clustered_share])
@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (1.5, 5), (1, 5.5), (math.inf, math.inf)])
def test_counts_that_cannot_be_are_refused(interval, x, n):
    with pytest.raises(ValueError, match="numerator"):
        interval([x], [n])


@given(st.lists(st.integers(0, 60), min_size=2, max_size=9))
def test_shares_of_one_whole_are_wider_apart_than_each_alone(counts):
    assume(sum(counts))
    lower, upper = proportions.goodman(counts)
    alone = proportions.wilson(counts, sum(counts))
    assert (lower <= alone[0] + NEAR).all()
    assert (upper >= alone[1] - NEAR).all()
    assert lower.sum() <= 1 <= upper.sum() + NEAR


@given(parts, parts)
def test_a_difference_of_shares_turned_round_is_its_opposite(one_part, other):
    there = proportions.newcombe(*one_part, *other)
    back = proportions.newcombe(*other, *one_part)
    assert -1 - NEAR <= there[1] <= there[0] + NEAR
    assert there[0] - NEAR <= there[2] <= 1 + NEAR
    assert math.isclose(there[0], -back[0], abs_tol=NEAR)
    assert math.isclose(there[1], -back[2], abs_tol=NEAR)


@given(parts, st.floats(0.01, 0.99))
def test_a_share_against_a_fixed_one_mirrors(part, share):
    x, n = part
    z, p = proportions.against_fixed(x, n, share)
    back_z, back_p = proportions.against_fixed(n - x, n, 1 - share)
    assert math.isclose(z, -back_z, abs_tol=1e-6)
    assert math.isclose(p, back_p, abs_tol=1e-6)


def test_a_share_against_a_fixed_one_is_exact_where_few_are_expected():
    assert proportions.against_fixed(3, 20, 0.1)[1] == stats.binomtest(3, 20, 0.1).pvalue
    z, p = proportions.against_fixed(38, 328, 0.11)
    assert math.isclose(p, 2 * stats.norm.sf(abs(z)))


@pytest.mark.parametrize("interval", COUNTS)
@given(events)
def test_a_count_lies_in_its_interval_and_its_scale_does_not_matter(interval, x):
    lower, upper = one(interval(x))
    assert lower <= x <= upper
    assert (lower == 0) == (x == 0)
    (value,), (low,), (high,) = rates.rate([x], [8000], 10_000)
    (again,), (again_low,), (again_high,) = rates.rate([x], [80], 100)
    assert np.allclose([value, low, high], [again, again_low, again_high])


@given(st.integers(10, 5000))
def test_byar_is_near_the_exact_interval_from_ten_events(x):
    exact, byar = one(rates.exact_limits(x)), one(rates.byar_limits(x))
    assert math.isclose(exact[0], byar[0], rel_tol=5e-3)
    assert math.isclose(exact[1], byar[1], rel_tol=5e-3)


@pytest.mark.parametrize("interval", COUNTS)
def test_intervals_of_a_count_agree_with_the_normal_curve_for_many(interval):
    lower, upper = one(interval(4_000_000))
    assert math.isclose(lower, 4_000_000 - 1.959964 * 2000, rel_tol=1e-5)
    assert math.isclose(upper, 4_000_000 + 1.959964 * 2000, rel_tol=1e-5)


@given(st.integers(1, 200), st.integers(2, 5))
def test_the_interval_of_a_rate_shrinks_with_more_events(x, times):
    once, again = one(rates.poisson_limits(x)), one(rates.poisson_limits(x * times))
    assert (again[1] - again[0]) / times < once[1] - once[0]


@given(events, people, events, people)
def test_a_ratio_lies_in_its_interval_which_turns_round(x1, n1, x0, n0):
    found, back = ratios.rate_ratio(x1, n1, x0, n0), ratios.rate_ratio(x0, n0, x1, n1)
    if x1 + x0 == 0:
        assert all(math.isnan(value) for value in found)
        return
    ratio, lower, upper = found
    assert lower <= ratio * (1 + NEAR)
    assert ratio <= upper * (1 + NEAR)
    assert (lower == 0) == (x1 == 0)
    assert math.isinf(upper) == (x0 == 0)
    for value, other in zip(found, (back[0], back[2], back[1]), strict=True):
        inverse = 1 / other if other else math.inf
        assert math.isclose(value, inverse, rel_tol=1e-7)


@given(st.integers(10, 400), people, st.integers(10, 400), people, st.integers(2, 1000))
def test_a_ratio_does_not_depend_on_the_unit_of_the_population(x1, n1, x0, n0, times):
    there = ratios.rate_ratio(x1, n1, x0, n0)
    assert np.allclose(there, ratios.rate_ratio(x1, n1 / times, x0, n0 / times), rtol=1e-7)


def test_a_ratio_of_many_agrees_with_the_interval_of_its_logarithm():
    exact = ratios.rate_ratio(200_000, 1e6, 100_000, 1e6)
    half = stats.norm.ppf(0.975) * math.sqrt(1 / 200_000 + 1 / 100_000)
    assert np.allclose(exact, 2 * np.exp([0, -half, half]), rtol=1e-4)


@given(st.integers(0, 40), people, st.integers(1, 40), people)
def test_p_values_and_intervals_of_a_ratio_say_nearly_the_same(x1, n1, x0, n0):
    # The interval leaves half of 5% at each side: it excludes 1 just where a tail is less than
    # that. The p value adds what is no likelier on the other side, which may be more or less.
    _, lower, upper = ratios.rate_ratio(x1, n1, x0, n0)
    tails = stats.binom(x1 + x0, n1 / (n1 + n0))
    smaller = min(tails.cdf(x1), tails.sf(x1 - 1))
    if abs(smaller - 0.025) > NEAR:
        assert (lower <= 1 <= upper) == (smaller > 0.025)
    assert ratios.rate_ratio_p(x1, n1, x0, n0) >= smaller - NEAR


@given(st.integers(1, 100), st.integers(1, 100), st.floats(0.05, 0.9))
def test_the_ratio_of_two_representations_is_the_rate_ratio(x1, x0, share):
    value, _, _ = ratios.representation([x1, x0], x1 + x0, [share, 1 - share])
    assert math.isclose(value[0] / value[1], ratios.rate_ratio(x1, share, x0, 1 - share)[0])


def test_the_ratio_of_the_printed_ethnicity_table_with_what_rounding_hides():
    # STATISTICS part 3 has 2.14 to 2.32, outermost 1.70 to 2.91, over counts of White children
    # from 196 to 198 as well.
    found = [ratios.ratio_with_rounded_share(328 - white, white, 0.23) for white in (196, 198)]
    (_, highest), (_, top) = found[0]
    (lowest, _), (bottom, _) = found[1]
    assert [round(v, 2) for v in (lowest, highest, bottom, top)] == [2.14, 2.32, 1.70, 2.91]


def test_children_of_an_unknown_group_give_a_range():
    found = ratios.ratio_with_unknown_group(20, 1000, 50, 5000, 5)
    assert [round(value[0], 2) for value in found.values()] == [1.82, 2.0, 2.5]


@given(parts, parts)
def test_tests_of_two_shares_do_not_depend_on_which_comes_first(one_part, other):
    forward = comparisons.fisher_p(*one_part, *other)
    assert math.isclose(forward, comparisons.fisher_p(*other, *one_part), rel_tol=1e-7)
    assert 0 < forward <= 1 + NEAR


tables = st.lists(st.lists(st.integers(0, 8), min_size=2, max_size=2), min_size=2, max_size=4)


@given(tables)
def test_an_exact_test_of_a_table_does_not_depend_on_its_order(table):
    table = np.array(table)
    found = comparisons.any_difference_exact(table)
    if math.isnan(found):
        assert comparisons.any_difference(table)[1] == 0
        return
    assert 0 < found <= 1
    assert math.isclose(found, comparisons.any_difference_exact(table[::-1].T), rel_tol=1e-9)
    if len(table) == 2:
        (a, b), (c, d) = table
        assert math.isclose(found, comparisons.fisher_p(a, a + b, c, c + d), rel_tol=1e-6)


def test_exact_tests_of_a_table_agree_with_the_curve_for_many():
    table = np.array([[300, 700], [330, 670], [290, 710]])
    exact, curve = comparisons.any_difference_exact(table), comparisons.any_difference(table)[2]
    assert math.isclose(exact, curve, abs_tol=0.005)


cohorts = st.lists(
    st.integers(1, 25).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=4,
)


@given(cohorts)
def test_a_trend_backwards_is_the_same_trend_down(years):
    x, n = (list(column) for column in zip(*years, strict=True))
    scores = list(range(len(x)))
    there, back = (trends.exact_trend_p(a, b, scores) for a, b in ((x, n), (x[::-1], n[::-1])))
    if not trends.testable(x, n):
        assert math.isnan(there)
        return
    assert math.isclose(there, back)
    ratio, lower, upper = trends.odds_ratio_per_step(x, n, scores)
    assert lower <= ratio * (1 + NEAR)
    assert ratio <= upper * (1 + NEAR)
    if lower > 0 and upper < math.inf:
        returned = trends.odds_ratio_per_step(x[::-1], n[::-1], scores)
        assert np.allclose([1 / ratio, 1 / upper, 1 / lower], returned, rtol=1e-6)


def test_a_trend_of_cohorts_that_part_cleanly_has_one_limit():
    ratio, lower, upper = trends.odds_ratio_per_step([0, 8], [10, 8], [0, 1])
    assert (ratio, upper) == (math.inf, math.inf)
    assert 1 < lower < math.inf
    ratio, lower, upper = trends.odds_ratio_per_step([10, 0], [10, 8], [0, 1])
    assert (ratio, lower) == (0, 0)
    assert 0 < upper < 1


def test_exact_trends_agree_with_the_curve_for_many():
    x, n, scores = [40, 45, 52, 51], [150] * 4, [0, 1, 2, 3]
    exact, (_, curve) = trends.exact_trend_p(x, n, scores), trends.cochran_armitage(x, n, scores)
    assert math.isclose(exact, curve, abs_tol=0.01)


@given(cohorts, st.integers(1, 4), st.integers(-5, 5))
def test_a_trend_does_not_depend_on_where_years_are_counted_from(years, times, shift):
    x, n = (list(column) for column in zip(*years, strict=True))
    scores = list(range(len(x)))
    moved = [score * times + shift for score in scores]
    ways = (trends.exact_trend_p, lambda *a: trends.cochran_armitage(*a)[1])
    for way in ways:
        assert np.allclose(way(x, n, scores), way(x, n, moved), equal_nan=True)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=12))
def test_p_values_of_a_family_only_grow_and_keep_their_order(p):
    p = np.array(p, float)
    holm, known = multiplicity.holm(p), ~np.isnan(p)
    strictest = np.minimum(p[known] * known.sum(), 1.0)  # Bonferroni's
    assert np.array_equal(np.isnan(holm), ~known)
    assert (p[known] <= holm[known] + NEAR).all()
    assert (holm[known] <= strictest + NEAR).all()
    if known.any():  # bit for bit: what is printed does not depend on whose it is
        assert np.array_equal(holm[known], multipletests(p[known], method="holm")[1])
    order = np.argsort(p[known])
    assert (np.diff(holm[known][order]) >= -NEAR).all()
