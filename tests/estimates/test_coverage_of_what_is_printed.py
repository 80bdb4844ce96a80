"""How often each kind of range that a report prints holds the truth, at the sizes of one council.

The sizes are those met: one or two cohorts of pupils (19 to 31), children long in care (93), in
care all year (229), in care (328). Shares and counts are gone through; the rest is simulated from a
fixed seed, with 93% less 2.6 standard errors of the simulation as the bound.
"""

import numpy as np
import pytest
from scipy import stats

from iro_analysis import codes
from iro_analysis.estimates import (
    clustered,
    competing,
    decomposition,
    differences,
    means,
    proportions,
    rates,
    ratios,
    recurrent,
    standardised,
    survival,
)

pytestmark = pytest.mark.slow

LEAST = 0.93
COHORTS, LARGE = [19, 22, 25, 28, 31], [93, 229, 328]
SHARES = np.linspace(0.05, 0.95, 901)
EVENLY = np.linspace(0.02, 0.98, 4801)
POLICY_HIDES_TO = int(codes.record("disclosure")["hide_to"])


def share_held(once, repeats, seed):
    """Return how often `once` holds the truth; a draw that gives no range (None) does not count."""
    draw = np.random.default_rng(seed)
    held = [answer for _ in range(repeats) if (answer := once(draw)) is not None]
    return float(np.mean(held)), LEAST - 2.6 * np.sqrt(LEAST * (1 - LEAST) / len(held))


def exactly(interval, n):
    """Return the coverage of a share's interval without simulation, at shares of 2% to 98%.

    As an array of shares by: coverage of all, chance of being printed for the committee (six or
    more children, and six or more others), coverage of what is printed. The first 4,801 shares are
    evenly spaced, the others lie just beside each limit, where coverage jumps.
    """
    counts = np.arange(n + 1)
    lower, upper = interval(counts, n)
    ends = np.concatenate([lower, upper])
    beside = np.concatenate([ends - 1e-9, ends + 1e-9])
    shares = np.concatenate([EVENLY, beside[(beside > EVENLY[0]) & (beside < EVENLY[-1])]])
    chance = stats.binom.pmf(counts[:, None], n, shares)
    held = chance * ((lower[:, None] <= shares) & (upper[:, None] >= shares))
    printed = (counts > POLICY_HIDES_TO) & (n - counts > POLICY_HIDES_TO)
    of_printed = chance[printed].sum(axis=0)
    return np.array([held.sum(axis=0), of_printed, held[printed].sum(axis=0) / of_printed])


@pytest.mark.parametrize(
    ("n", "least", "mean", "below", "least_printed", "mean_printed"),
    [
        (19, 0.894, 0.953, 0.037, 0.921, 0.948),
        (20, 0.894, 0.953, 0.057, 0.919, 0.948),
        (22, 0.894, 0.953, 0.047, 0.916, 0.949),
        (25, 0.894, 0.953, 0.045, 0.912, 0.949),
        (28, 0.916, 0.953, 0.033, 0.910, 0.949),
        (31, 0.916, 0.953, 0.040, 0.908, 0.949),
        (93, 0.927, 0.951, 0.002, 0.920, 0.950),
        (229, 0.933, 0.950, 0.0, 0.917, 0.951),
        (328, 0.936, 0.950, 0.0, 0.931, 0.951),
    ],
)
def test_a_share_of_children_by_wilson_exactly(n, least, mean, below, least_printed, mean_printed):
    # The table of docs/estimates.md. On average 95%; whole counts make single shares fall below.
    found, of_printed, shown = exactly(proportions.wilson, n)
    even = slice(0, len(EVENLY))
    assert found.min() == pytest.approx(least, abs=0.0006)
    assert found[even].mean() == pytest.approx(mean, abs=0.0006)
    assert np.mean(found[even] < LEAST) == pytest.approx(below, abs=0.001)
    # Of what the committee's page prints: shares that it prints more often than not.
    assert shown[of_printed >= 0.5].min() == pytest.approx(least_printed, abs=0.0006)
    average = np.average(shown[even], weights=of_printed[even])
    assert average == pytest.approx(mean_printed, abs=0.0006)
    assert min(found[even].mean(), average) > LEAST


@pytest.mark.parametrize("n", [*COHORTS, *LARGE])
def test_an_interval_that_never_covers_less_than_it_says_covers_too_much(n):
    # Why it is not printed: at 19 to 31 children about half the misses that it allows.
    found, *_ = exactly(proportions.clopper_pearson, n)
    assert found.min() >= 0.95
    assert found[: len(EVENLY)].mean() > (0.972 if n <= 31 else 0.957)


@pytest.mark.parametrize("n", [*COHORTS, *LARGE])
def test_a_share_over_the_population_share(n):
    population = 0.21
    counts = np.arange(n + 1)
    rest = n - counts
    both = np.array([counts, rest]).T
    found = [ratios.representation(pair, n, [population, 1 - population]) for pair in both]
    lower, upper = (np.array([each[end][0] for each in found]) for end in (1, 2))
    truth = SHARES / population
    chance = stats.binom.pmf(counts[:, None], n, SHARES)
    held = (chance * ((lower[:, None] <= truth) & (upper[:, None] >= truth))).sum(axis=0)
    assert held.mean() >= 0.95


@pytest.mark.parametrize("n", [20, *COHORTS[2:], *LARGE])
@pytest.mark.parametrize("alike", [(4, 1), (1, 1.5), (6, 0.6)])
def test_a_share_of_what_comes_several_to_a_child(n, alike):
    truth = alike[0] / sum(alike)

    def once(draw):
        of = draw.integers(1, 5, n)
        made = clustered.clustered_share(draw.binomial(of, draw.beta(*alike, n)), of)
        return made.lower <= truth <= made.upper

    found, least = share_held(once, 1000, n)
    assert found >= least


@pytest.mark.parametrize("families", [31, 93, 229, 328])
def test_a_change_of_what_comes_several_to_a_child_of_families(families):
    def once(draw):
        leaning = draw.normal(1.5, 1, families)
        counts = []
        for _ in range(2):
            here = draw.random(families) < 0.75
            of = np.where(here, draw.integers(1, 7, families), 0)
            counts += [draw.binomial(of, 1 / (1 + np.exp(-leaning))), of]
        made = differences.share_difference(*counts)
        return made.lower <= 0 <= made.upper

    found, least = share_held(once, 1000, families)
    assert found >= least


@pytest.mark.parametrize("n", [31, 39, 93, 171, 229])
def test_an_average(n):
    # Days and scores are less skewed than the exponential of the table in docs/estimates.md.
    def once(draw):
        lower, upper = means.limits(draw.gamma(2.0, size=n))
        return lower <= 2.0 <= upper

    found, least = share_held(once, 2000, n)
    assert found >= least


@pytest.mark.parametrize("n", [31, 93, 171])
def test_a_change_of_an_average_of_families(n):
    def once(draw):
        family = np.repeat(np.arange(n), draw.integers(1, 3, n))[:n]
        shared = 3 * draw.normal(size=n)[family]
        now, before = (draw.normal(12, 5, n) + shared for _ in range(2))
        made = differences.mean_difference(now, family, before, family)
        return made.lower <= 0 <= made.upper

    found, least = share_held(once, 1000, n)
    assert found >= least


@pytest.mark.parametrize("mean", [*COHORTS, *LARGE])
def test_a_rate(mean):
    counts = np.arange(700)
    lower, upper = rates.poisson_limits(counts)
    assert stats.poisson.pmf(counts[(lower <= mean) & (upper >= mean)], mean).sum() >= 0.945


@pytest.mark.parametrize("mean", [8, *COHORTS, *LARGE])
@pytest.mark.parametrize("phi", [1, 3])
def test_a_change_of_a_count_that_varies_by_more_than_chance(mean, phi):
    def once(draw):
        size = mean / (phi - 1) if phi > 1 else 0
        pair = draw.negative_binomial(size, 1 / phi, 2) if phi > 1 else draw.poisson(mean, 2)
        if pair.sum() < 10:
            return None
        made = differences.count_difference(pair[0], 1, pair[1], 1, phi)
        return made.lower <= 0 <= made.upper

    found, least = share_held(once, 1000, mean)
    assert found >= least


@pytest.mark.parametrize("families", [93, 229, 328])
def test_a_change_of_who_is_looked_after(families):
    def once(draw):
        size = draw.choice([1, 2, 3], families, p=[0.62, 0.24, 0.14])
        state = draw.choice(3, families, p=[0.25, 0.25, 0.5])  # came, left, stayed
        made = differences.stock_difference(size * (state != 1), size * (state != 0))
        return made.lower <= 0 <= made.upper

    found, least = share_held(once, 1000, families)
    assert found >= least


@pytest.mark.parametrize("base", [77, 197])
@pytest.mark.parametrize("mean", [7, 13, 22, 49, 62])
def test_a_ratio_of_rates(mean, base):
    def once(draw):
        x, y = draw.poisson(mean), draw.poisson(base)
        if not x + y:
            return None
        _, lower, upper = ratios.rate_ratio(x, 6_000, y, 52_000)
        return lower <= (mean / 6_000) / (base / 52_000) <= upper

    found, least = share_held(once, 400, mean + base)
    assert found >= least


@pytest.mark.parametrize("shares", [(0.10, 0.10), (0.25, 0.12), (0.30, 0.45)])
@pytest.mark.parametrize("group", [19, 31, 62])
def test_a_ratio_of_shares_of_two_groups(group, shares):
    # As of rates: shares vary a little less than counts of no fixed total, so it covers more.
    white = 197

    def once(draw):
        x, y = draw.binomial(group, shares[0]), draw.binomial(white, shares[1])
        _, lower, upper = ratios.rate_ratio(x, group, y, white)
        return lower <= shares[0] / shares[1] <= upper

    found, least = share_held(once, 400, group)
    assert found >= least


@pytest.mark.parametrize("n", [*COHORTS[::2], *LARGE])
def test_all_shares_of_a_whole_at_once(n):
    shares = np.array([0.05, 0.10, 0.13, 0.42, 0.30])

    def once(draw):
        lower, upper = proportions.goodman(draw.multinomial(n, shares))
        return bool(((lower <= shares) & (shares <= upper)).all())

    found, least = share_held(once, 1000, n)
    assert found >= least


@pytest.mark.parametrize("children", [31, 93, 229, 328])
def test_a_rate_of_what_one_child_can_have_several_times(children):
    def once(draw):
        days = draw.uniform(30, 365, children)
        made = recurrent.clustered_rate(
            draw.poisson(days * draw.gamma(1.0, size=children) * 0.0044), days
        )
        return made.lower <= 0.0044 <= made.upper

    found, least = share_held(once, 1000, children)
    assert found >= least


@pytest.mark.parametrize("observed", [13, 22, 45])
@pytest.mark.parametrize("phi", [1.0, 2.0])
def test_coming_into_care_with_ages_allowed_for(observed, phi):
    population, white = np.array([800, 2500, 3000]), np.array([9_000, 21_000, 22_000])
    events = np.array([30.0, 20.0, 60.0])
    own = population * events / white
    ratio = observed / own.sum()

    def counts(draw, mean):
        return draw.poisson(mean) if phi == 1 else draw.negative_binomial(mean, 1 / phi)

    def once(draw):
        x = counts(draw, own * ratio).sum()
        if x < 10:
            return None
        _, lower, upper = standardised.compared(x, population, counts(draw, events), white, phi)
        return lower <= ratio <= upper

    found, least = share_held(once, 1000, observed)
    assert found >= least


@pytest.mark.parametrize("kinds", [(10, 39, 4), (12, 50, 10), (35, 130, 42)])
def test_children_looked_after_for_each_who_came(kinds):
    base = np.array([60.0, 137.0, 17.0])
    truth = ((kinds[0] + kinds[1]) / (kinds[0] + kinds[2])) / (197 / 77)

    def once(draw):
        mine, white = draw.poisson(kinds), draw.poisson(base)
        _, lower, upper = decomposition.stay_ratio(*mine, tuple(white), repeats=400)
        return None if np.isnan(lower) else lower <= truth <= upper

    found, least = share_held(once, 600, sum(kinds))
    assert found >= least


def placements(draw, children):
    """Return invented placements, several to a child, some running when the window opened."""
    child = np.repeat(np.arange(children), draw.integers(1, 4, children))
    length = draw.exponential(200, len(child))
    entry = np.where(draw.random(len(child)) < 0.3, draw.uniform(0, 60, len(child)), 0)
    seen = length > entry
    limit = np.maximum(draw.uniform(100, 500, len(child)), entry + 1)
    time = np.minimum(length, limit)
    ending = np.where(time < length, 0, np.where(draw.random(len(child)) < 0.4, 1, 2))
    return child[seen], entry[seen], time[seen], ending[seen]


@pytest.mark.parametrize("children", [31, 93, 229])
def test_how_placements_last_and_how_they_end(children):
    draw = np.random.default_rng(children)
    lasting, median, ending = [], [], []
    for _ in range(400):
        child, entry, time, kind = placements(draw, children)
        curve = survival.while_at_risk(survival.kaplan_meier(entry, time, kind > 0), 10)
        lasting.append(curve.at(90)[1] <= np.exp(-90 / 200) <= curve.at(90)[2])
        _, low, high = survival.quantile(curve)
        median.append((low <= 200 * np.log(2)) & (np.isnan(high) | (high >= 200 * np.log(2))))
        [low], [high] = competing.limits_by_child(child, entry, time, kind, 1, [90], repeats=150)
        ending.append(low <= 0.4 * (1 - np.exp(-90 / 200)) <= high)
    least = LEAST - 2.6 * np.sqrt(LEAST * (1 - LEAST) / 400)
    assert np.mean(lasting) >= least
    assert np.mean(median) >= least
    assert np.mean(ending) >= least
