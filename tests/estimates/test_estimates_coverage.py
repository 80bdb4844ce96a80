"""How often intervals hold the truth and tests cry wolf, at the small numbers of one council.

By going through every possible count where that can be done, else by simulation from a fixed seed.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from iro_analysis.estimates import (
    clustered,
    comparisons,
    competing,
    funnels,
    goodness,
    means,
    proportions,
    rates,
    ratios,
    shrinkage,
    standardised,
    survival,
    trends,
)

SHARES = np.linspace(0.02, 0.98, 9601)  # fine enough to find where an interval covers least


def covered(limits, truth):
    lower, upper = limits
    return (lower <= truth) & (truth <= upper)


def coverage_of_shares(interval, n):
    """Return the exact coverage at each share, over every count that n pupils can give."""
    counts = np.arange(n + 1)
    lower, upper = interval(counts, n)
    chance = stats.binom.pmf(counts[:, None], n, SHARES)
    return (chance * covered((lower[:, None], upper[:, None]), SHARES)).sum(axis=0)


@pytest.mark.parametrize(
    ("interval", "n", "least", "mean"),
    [
        # STATISTICS 1.2
        (proportions.wilson, 19, 0.894, 0.953),
        (proportions.wilson, 31, 0.916, 0.953),
        (proportions.clopper_pearson, 19, 0.952, 0.977),
        (proportions.clopper_pearson, 31, 0.952, 0.972),
    ],
)
def test_coverage_of_shares(interval, n, least, mean):
    found = coverage_of_shares(interval, n)
    assert abs(found.min() - least) < 0.001
    assert abs(found.mean() - mean) < 0.001


@pytest.mark.parametrize("n", [1, 2, 5, 10, 25])
def test_the_exact_interval_of_a_share_never_covers_less_than_said(n):
    assert coverage_of_shares(proportions.clopper_pearson, n).min() >= 0.95


def test_coverage_of_differences_of_two_small_cohorts():
    n1, n0 = 19, 20
    grid = list(itertools.product(range(n1 + 1), range(n0 + 1)))
    limits = np.array([proportions.newcombe(x1, n1, x0, n0)[1:] for x1, x0 in grid])
    counts = np.array(grid)
    found = []
    for p1, p0 in itertools.product([0.1, 0.2, 0.35, 0.5, 0.7], repeat=2):
        chance = stats.binom.pmf(counts[:, 0], n1, p1) * stats.binom.pmf(counts[:, 1], n0, p0)
        found.append((chance * covered(limits.T, p1 - p0)).sum())
    assert min(found) > 0.93
    assert 0.945 < np.mean(found) < 0.97


def coverage_of_counts(interval, means):
    counts = np.arange(0, 300)
    lower, upper = interval(counts)
    chance = stats.poisson.pmf(counts[:, None], means)
    return (chance * covered((lower[:, None], upper[:, None]), means)).sum(axis=0)


def test_coverage_of_counts():
    means = np.linspace(0.05, 60, 1200)
    for interval in (rates.exact_limits, rates.poisson_limits):
        found = coverage_of_counts(interval, means)
        assert found.min() >= 0.95
        assert abs(found.mean() - 0.962) < 0.001


def test_coverage_of_rate_ratios():
    n1, n0, most = 900, 12_000, 45
    grid = np.array(list(itertools.product(range(25), range(most))))
    exact = np.array([ratios.rate_ratio(x1, n1, x0, n0)[1:] for x1, x0 in grid])
    held = []
    for ratio, mean in itertools.product([0.5, 1, 2.2, 4], [4, 10, 20]):
        chance = stats.poisson.pmf(grid[:, 0], mean * ratio * n1 / n0)
        chance = chance * stats.poisson.pmf(grid[:, 1], mean)
        # Of no events in all the ratio has no interval: that is neither right nor wrong.
        some = chance[grid.sum(axis=1) > 0].sum()
        held.append((chance * covered(exact.T, ratio)).sum() / some)
    assert min(held) >= 0.95


def test_an_exact_test_of_two_cohorts_cries_wolf_no_more_than_said():
    n1, n0 = 19, 20
    grid = list(itertools.product(range(n1 + 1), range(n0 + 1)))
    exact = np.array([comparisons.fisher_p(x1, n1, x0, n0) for x1, x0 in grid])
    alarms = []
    for share in (0.1, 0.235, 0.5):
        x1, x0 = np.array(grid).T
        chance = stats.binom.pmf(x1, n1, share) * stats.binom.pmf(x0, n0, share)
        alarms.append(chance[exact <= 0.05].sum())
    assert max(alarms) <= 0.05


def cohorts_of(totals, share):
    """Return every set of counts that cohorts can give, and its chance where all are alike."""
    grid = np.array(list(itertools.product(*(range(n + 1) for n in totals))))
    return grid, stats.binom.pmf(grid, totals, share).prod(axis=1)


def test_exact_tests_of_three_cohorts_cry_wolf_no_more_than_said():
    totals, scores = [6, 7, 6], [0, 1, 3]
    grid, _ = cohorts_of(totals, 0.5)
    trend = np.array([trends.exact_trend_p(list(x), totals, scores) for x in grid.tolist()])
    change = np.array(
        [comparisons.any_difference_exact(np.column_stack([x, totals - x])) for x in grid]
    )
    for share in (0.2, 0.4, 0.5):
        _, chance = cohorts_of(totals, share)
        assert 0.01 < chance[trend <= 0.05].sum() <= 0.05
        assert 0.01 < chance[change <= 0.05].sum() <= 0.05


def test_coverage_of_the_odds_ratio_per_year():
    totals, scores, ratio = [7, 7, 7], [0, 1, 2], 1.5
    grid, _ = cohorts_of(totals, 0.5)
    limits = np.array(
        [trends.odds_ratio_per_step(list(x), totals, scores)[1:] for x in grid.tolist()]
    )
    chances = stats.logistic.cdf(np.log(ratio) * (np.array(scores) - 1))
    chance = stats.binom.pmf(grid, totals, chances).prod(axis=1)
    testable = ~np.isnan(limits[:, 0])
    found = (chance * covered(limits.T, ratio))[testable].sum() / chance[testable].sum()
    assert 0.925 < found < 0.97


def test_the_change_said_to_be_detectable_is_found_four_times_in_five():
    first, pupils = 0.235, 100
    second = trends.detectable_share(first, pupils)
    x = np.arange(pupils + 1)
    before, after = np.meshgrid(x, x)
    mean = (before + after) / (2 * pupils)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (after - before) / pupils / np.sqrt(2 * mean * (1 - mean) / pupils)
    chance = stats.binom.pmf(before, pupils, first) * stats.binom.pmf(after, pupils, second)
    assert abs(chance[np.abs(z) >= stats.norm.ppf(0.975)].sum() - 0.8) < 0.02


def test_all_shares_of_a_whole_are_covered_at_once():
    draw = np.random.default_rng(1)
    shares = np.array([0.6, 0.08, 0.15, 0.07, 0.04, 0.02, 0.04])
    held = [
        covered(proportions.goodman(counts), shares).all()
        for counts in draw.multinomial(328, shares, size=600)
    ]
    assert np.mean(held) > 0.94


def test_coverage_of_a_directly_standardised_rate_of_few_events():
    draw = np.random.default_rng(2)
    population = np.array([4000, 6000, 8000, 5000])
    weights = np.array([1, 1.2, 1.4, 0.6])
    risk = np.array([12, 4, 5, 16]) / 10_000
    truth = float((weights * risk).sum() / weights.sum()) * 10_000
    held = [
        covered(standardised.direct(events, population, weights, 10_000)[1:], truth)
        for events in draw.poisson(population * risk, size=(600, 4))
        if events.sum() >= 10
    ]
    assert 0.93 < np.mean(held) < 0.985


def test_coverage_of_reviews_clustered_in_children():
    draw, held, naive = np.random.default_rng(3), [], []
    for _ in range(600):
        reviews = draw.integers(1, 5, 60)
        on_time = draw.binomial(reviews, draw.beta(4, 1, 60))
        found = clustered.clustered_share(on_time, reviews)
        held.append(covered((found.lower, found.upper), 0.8))
        naive.append(covered(proportions.wilson(on_time.sum(), reviews.sum()), 0.8))
    assert 0.92 < np.mean(held) < 0.975
    assert np.mean(naive) < np.mean(held) - 0.02


def test_coverage_of_whole_children_drawn_again():
    draw, held = np.random.default_rng(4), []
    for repeat in range(120):
        reviews = draw.integers(1, 5, 40)
        child = np.repeat(np.arange(40), reviews)
        met = draw.random(len(child)) < np.repeat(draw.beta(2, 2, 40), reviews)
        limits = clustered.by_resampling_children(
            child, lambda rows, met=met: met[rows].mean(), repeats=200, seed=repeat
        )
        held.append(covered(limits, 0.5))
    assert 0.88 < np.mean(held) < 0.99


def observed(draw, children):
    """Return made-up placements: exponential to one of two endings, seen from late to a limit."""
    length = draw.exponential(200, children)
    entry = np.where(draw.random(children) < 0.3, draw.uniform(0, 60, children), 0)
    seen = length > entry
    limit = draw.uniform(100, 500, children)
    time = np.minimum(length, np.maximum(limit, entry + 1))[seen]
    ending = np.where(draw.random(children) < 0.4, 1, 2)[seen]
    return entry[seen], time, np.where(time == length[seen], ending, 0)


def test_coverage_of_curves_of_few_placements():
    draw = np.random.default_rng(5)
    lasting, ending, mean, median = [], [], [], []
    for _ in range(300):
        entry, time, kind = observed(draw, 40)
        curve = survival.kaplan_meier(entry, time, kind > 0)
        lasting.append(covered(curve.at(90)[1:], np.exp(-90 / 200)))
        low, high = survival.quantile(curve)[1:]
        median.append(covered((low, np.inf if np.isnan(high) else high), 200 * np.log(2)))
        chance = competing.incidence(entry, time, kind).at(1, 90)
        ending.append(covered(chance[1:], 0.4 * (1 - np.exp(-90 / 200))))
        within = survival.restricted_mean(entry, time, kind > 0, 90)
        mean.append(covered(within[2:], 200 * (1 - np.exp(-90 / 200))))
    assert 0.92 < np.mean(lasting) < 0.98
    assert 0.92 < np.mean(ending) < 0.985
    assert 0.90 < np.mean(mean) < 0.98
    assert 0.91 < np.mean(median) < 0.985


def test_about_one_in_twenty_lies_outside_a_funnel_where_authorities_differ():
    draw = np.random.default_rng(6)
    n = draw.integers(80, 1200, 150)
    plain, adjusted = [], []
    for _ in range(60):
        x = draw.binomial(n, np.sin(np.arcsin(np.sqrt(0.1)) + draw.normal(0, 0.03, 150)) ** 2)
        found = funnels.spread(x, n, winsorise=0.0)
        for tau2, outside in ((0.0, plain), (found.tau2, adjusted)):
            limits = funnels.arcsine_limits(n, found.target, tau2)
            outside.append(1 - covered(limits, x / n).mean())
    assert np.mean(plain) > 0.15
    assert 0.03 < np.mean(adjusted) < 0.07


def test_drawing_small_groups_in_is_nearer_the_truth_and_covers_it():
    draw = np.random.default_rng(7)
    n = draw.integers(20, 200, 60)
    held, own, drawn = [], [], []
    for _ in range(40):
        truth = draw.beta(12, 100, 60)
        found = shrinkage.shrunken_shares(draw.binomial(n, truth), n)
        held.append(covered((found.lower, found.upper), truth).mean())
        own.append(((found.raw - truth) ** 2).mean())
        drawn.append(((found.value - truth) ** 2).mean())
    assert 0.88 < np.mean(held) < 0.98
    assert np.mean(drawn) < 0.6 * np.mean(own)


def test_a_profile_like_its_comparator_cries_wolf_as_often_as_said():
    draw = np.random.default_rng(8)
    shares = np.array([0.05, 0.13, 0.19, 0.39, 0.24])
    large = [
        goodness.against_shares(counts, shares).p
        for counts in draw.multinomial(328, shares, size=1000)
    ]
    assert 0.03 < np.mean(np.array(large) <= 0.05) < 0.07
    few = [
        goodness.against_shares(counts, shares, repeats=400).p
        for counts in draw.multinomial(25, shares, size=400)
    ]
    assert 0.02 < np.mean(np.array(few) <= 0.05) < 0.08


@pytest.mark.parametrize(("n", "least"), [(20, 0.91), (30, 0.925), (39, 0.93), (171, 0.94)])
def test_coverage_of_the_range_of_an_average_of_skewed_values(n, least):
    samples = np.random.default_rng(n).exponential(size=(4000, n))
    held = [covered(means.limits(sample), 1.0) for sample in samples]
    assert np.mean(held) > least
