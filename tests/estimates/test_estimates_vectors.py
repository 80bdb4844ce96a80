"""Every worked value from R and from publications, at the tolerance its README gives."""

import math
from collections import defaultdict

import numpy as np
import pytest
from vectors import agrees, check, number, numbers, vectors

from iro_analysis.estimates import (
    clustered,
    comparisons,
    funnels,
    goodness,
    multiplicity,
    proportions,
    rates,
    ratios,
    shrinkage,
    standardised,
    trends,
)

LIMITS = ("lower", "upper")


def counts_of(row, *names):
    return [float(row[name]) for name in names]


@pytest.mark.parametrize(
    ("method", "interval"),
    [("wilson", proportions.wilson), ("clopper-pearson", proportions.clopper_pearson)],
)
def test_proportions(method, interval):
    rows = [row for row in vectors("proportions") if row["method"] == method]
    assert len(rows) == 24
    for row in rows:
        x, n, level = counts_of(row, "x", "n", "confidence")
        check(row, (x / n, *interval(x, n, level)), ("value", *LIMITS))


def test_rates():
    ways = {"exact": rates.exact_limits, "byar": rates.byar_limits}
    rows = vectors("rates")
    assert len(rows) == 15
    for row in rows:
        [way] = [way for name, way in ways.items() if row["method"].lower().startswith(name)]
        x, n, per, level = counts_of(row, "x", "n", "multiplier", "confidence")
        found = np.array([x, *way(x, level)]) / n * per
        check(row, found, ("value", *LIMITS))


def test_rates_change_from_exact_to_byar_at_ten_events():
    assert rates.poisson_limits([9])[0] == rates.exact_limits([9])[0]
    assert rates.poisson_limits([10])[0] == rates.byar_limits([10])[0]
    assert math.isnan(rates.byar_limits(1, 0.998)[0])


def test_rate_ratios():
    rows = vectors("rate_ratios")
    assert len(rows) == 9  # eight by the exact conditional method, one that is not defined
    for row in rows:
        counts = counts_of(row, "x1", "n1", "x0", "n0")
        found = ratios.rate_ratio(*counts, float(row["confidence"]))
        check(row, found, ("estimate", *LIMITS))
        check(row, [ratios.rate_ratio_p(*counts)], ["p_value"])


def test_differences_of_proportions():
    rows = vectors("two_proportions")
    assert len(rows) == 14
    for row in rows:
        assert row["measure"] == "difference"
        counts = counts_of(row, "x1", "n1", "x0", "n0")
        found = proportions.newcombe(*counts, float(row["confidence"]))
        check(row, found, ("estimate", *LIMITS), 1e-8)


def test_fisher_exact():
    rows = vectors("fisher_exact")
    assert len(rows) == 3
    for row in rows:
        table = np.reshape(numbers(row["cells_row_major"]), (int(row["rows"]), int(row["cols"])))
        (a, b), (c, d) = table
        check(row, [comparisons.fisher_p(a, a + b, c, c + d)], ["p_value"])
        check(row, [comparisons.any_difference_exact(table)], ["p_value"])


def test_published_tables_larger_than_two_by_two():
    # Agresti 2002, job satisfaction by income: 0.7827, as R's fisher.test prints.
    table = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    assert round(comparisons.any_difference_exact(table), 4) == 0.7827


@pytest.mark.parametrize("table", [[[500] * 5] * 4, [[20, 20]] * 12])
def test_a_table_with_too_many_others_like_it_is_refused_at_once(table):
    with pytest.raises(ValueError, match="combine"):
        comparisons.any_difference_exact(table)


def trend_rows(*words):
    rows = [row for row in vectors("trend") if all(word in row["method"] for word in words)]
    for row in rows:
        yield row, [numbers(row[name]) for name in ("counts", "totals", "scores")]


def test_every_row_of_the_trends_is_checked_below():
    known = ("asymptotic", "exact conditional", "Freeman", "Pearson", "logistic slope")
    rows = vectors("trend")
    assert len(rows) == 20
    assert all(any(word in row["method"] for word in known) for row in rows)


def test_trends_by_the_curve():
    rows = list(trend_rows("asymptotic"))
    assert len(rows) == 4
    for row, cohorts in rows:
        check(row, trends.cochran_armitage(*cohorts), ("statistic", "p_value"))


def test_exact_trends():
    two_sided = list(trend_rows("two-sided"))
    assert len(two_sided) == 2
    for row, (x, n, scores) in two_sided:
        chi_squared, _ = trends.cochran_armitage(x, n, scores)
        permutation = chi_squared * (sum(n) - 1) / sum(n)
        check(row, (permutation, trends.exact_trend_p(x, n, scores)), ("statistic", "p_value"))


def test_any_difference_between_cohorts():
    exact, curve = list(trend_rows("Freeman")), list(trend_rows("Pearson"))
    assert (len(exact), len(curve)) == (4, 1)
    for row, (x, n, _) in exact:
        table = np.column_stack([x, np.subtract(n, x)])
        check(row, [comparisons.any_difference_exact(table)], ["p_value"])
    for row, (x, n, _) in curve:
        table = np.column_stack([x, np.subtract(n, x)])
        check(row, comparisons.any_difference(table), ("statistic", "df", "p_value"))


def test_slopes():
    rows = list(trend_rows("statistic is odds ratio"))
    assert len(rows) == 4
    for row, cohorts in rows:
        ratio, _, _ = trends.odds_ratio_per_step(*cohorts)
        check(row, [ratio], ["statistic"])


def test_detectable_changes_have_the_power_said_where_r_stops_short():
    rows = vectors("detectable_change")
    assert len(rows) == 8
    for row in rows:
        first, pupils = counts_of(row, "p_first", "n_each_year")
        ours, r = (
            trends.detectable_share(first, pupils),
            number(row["p_second_needed_for_80pct_power"]),
        )
        # R's power.prop.test stops its search when it is within 1.2e-4.
        assert abs(ours - r) < 1.2e-4
        assert abs(power(first, ours, pupils) - 0.8) < 1e-9
        assert abs(power(first, r, pupils) - 0.8) > abs(power(first, ours, pupils) - 0.8)


def power(first, second, pupils):
    from scipy import stats

    mean = (first + second) / 2
    spread = math.sqrt(first * (1 - first) + second * (1 - second))
    needed = stats.norm.ppf(0.975) * math.sqrt(2 * mean * (1 - mean))
    return stats.norm.cdf((math.sqrt(pupils) * abs(second - first) - needed) / spread)


def test_multiplicity():
    rows = vectors("multiplicity")
    assert len(rows) == 10
    p = [float(row["p"]) for row in rows]
    for row, found in zip(rows, multiplicity.holm(p), strict=True):
        check(row, [found], ["holm"])


def test_simultaneous_shares():
    # The file leaves out some groups of each case: only the number of groups and the whole matter.
    others = {
        "ethnicity_328": [197, 26, 49, 23, 13, 7, 13],
        "may_johnson_psych_220": [91, 49, 37, 43],
    }
    rows = vectors("multinomial_goodman")
    assert len(rows) == 6
    for row in rows:
        counts = others[row["case"]]
        assert sum(counts) == int(row["n"])
        place = counts.index(int(row["x"]))
        lower, upper = proportions.goodman(counts)
        found = (counts[place] / sum(counts), lower[place], upper[place])
        check(row, found, ("p", *LIMITS))


def test_representation():
    rows = vectors("representation_ratio")
    assert len(rows) == 2
    for row in rows:
        x, n, share = counts_of(row, "x", "n", "pop_share")
        found = ratios.representation(x, n, share)
        check(row, (*found, proportions_p(x, n, share)), ("ratio", *LIMITS, "exact_binomial_p"))
    values = {row["group"]: float(row["ratio"]) for row in rows}
    assert agrees(values["BAME"] / values["White"], ratios.rate_ratio(131, 0.23, 197, 0.77)[0])


def proportions_p(x, n, share):
    """Return the exact binomial p value, which is that of a rate ratio over shares."""
    return ratios.rate_ratio_p(x, share, n - x, 1 - share)


def test_age_profile():
    rows = vectors("age_gof")
    assert len(rows) == 5
    observed = [int(row["observed"]) for row in rows]
    fit = goodness.against_shares(observed, [float(row["comparator_share"]) for row in rows])
    assert not fit.simulated
    for place, row in enumerate(rows):
        check(row, (fit.expected[place], fit.residual[place]), ("expected", "std_residual"))
        check(row, (fit.chi_squared, fit.freedom, fit.p), ("chisq", "df", "p"))


def test_reviews_in_children():
    rows = vectors("clustered_inputs")
    assert len(rows) == 60
    [row] = vectors("clustered")
    reviews = [int(child["reviews"]) for child in rows]
    found = clustered.clustered_share([int(child["on_time"]) for child in rows], reviews)
    assert sum(reviews) == int(row["naive_n"])
    check(
        row,
        (
            found.share,
            found.variance,
            found.design_effect,
            found.effective_n,
            found.lower,
            found.upper,
        ),
        ("p", "variance", "deff", "n_eff", *LIMITS),
    )


def authorities():
    return vectors("overdispersion_inputs")


def test_overdispersion():
    rows = authorities()
    assert len(rows) == 150
    found = funnels.spread(
        *([int(row[name]) for row in rows] for name in ("numerator", "denominator"))
    )
    scores = vectors("overdispersion_z")
    assert len(scores) == 75
    place = {row["id"]: i for i, row in enumerate(rows)}
    for row in scores:
        here = place[row["id"]]
        check(row, (found.z[here], found.z_winsorised[here]), ("z", "z_winsorised"))
    limits = vectors("overdispersion_limits")
    assert len(limits) == 4
    for row in limits:
        check(row, (found.target, found.phi, found.tau2), ("target", "phi_winsorised", "tau2"))
        for prefix, tau2 in (("od", found.tau2), ("", 0.0)):
            for suffix, level in (("95", 0.95), ("998", 0.998)):
                pair = funnels.arcsine_limits(float(row["denominator"]), found.target, tau2, level)
                check(row, pair, (f"{prefix}ll{suffix}", f"{prefix}ul{suffix}"))


def test_made_up_authorities_outside_the_limits():
    # STATISTICS 5.1: 48 of the 150 outside the plain 95% limits, 21 outside the adjusted.
    x, n = (
        np.array([int(row[name]) for row in authorities()]) for name in ("numerator", "denominator")
    )
    found = funnels.spread(x, n)
    outside = defaultdict(int)
    for tau2 in (0.0, found.tau2):
        lower, upper = funnels.arcsine_limits(n, found.target, tau2)
        outside[tau2] = int(((x / n < lower) | (x / n > upper)).sum())
    assert outside == {0.0: 48, found.tau2: 21}
    lower, upper = funnels.arcsine_limits(328, found.target, found.tau2)
    assert (round(float(lower) * 100, 1), round(float(upper) * 100, 1)) == (5.7, 15.1)


def test_shrinkage():
    # The file has every other one of the first 40 authorities, the model was fitted to all 40.
    rows = vectors("shrinkage_metafor")
    assert len(rows) == 20
    first = authorities()[:40]
    x, n = ([int(row[name]) for row in first] for name in ("numerator", "denominator"))
    found = shrinkage.shrunken_shares(x, n)
    for row in rows:
        here = int(row["id"]) - 1
        assert first[here]["denominator"] == row["denominator"]
        values = (found.raw[here], found.value[here], found.lower[here], found.upper[here])
        check(row, values, ("raw", "shrunk", *LIMITS), 1e-4)
        logit = math.log(found.centre / (1 - found.centre))
        check(row, (found.between, logit), ("tau2", "mu_logit"), 1e-4)


def test_indirect_standardisation_by_hand():
    # 12 seen where 1,000 x 0.005 + 500 x 0.002 = 6 are expected.
    expected = standardised.expected([1000, 500], [0.005, 0.002])
    ratio, lower, upper = standardised.indirect(12, expected)
    assert (expected, ratio) == (6.0, 2.0)
    byar = rates.byar_limits(12)
    assert (lower, upper) == (float(byar[0]) / 6, float(byar[1]) / 6)


def test_direct_standardisation_by_hand():
    # Equal weights of 10/1,000 and 20/500: a rate of 25 per 1,000.
    rate, lower, upper = standardised.direct([10, 20], [1000, 500], [1, 1], 1000)
    assert agrees(rate, 25.0)
    variance = 0.25 * 10 / 1000**2 + 0.25 * 20 / 500**2
    count_lower, count_upper = rates.byar_limits(30)
    stretch = math.sqrt(variance / 30) * 1000
    assert agrees(lower, 25 + stretch * (float(count_lower) - 30))
    assert agrees(upper, 25 + stretch * (float(count_upper) - 30))


def test_a_printed_interval_of_few_gives_the_count_away():
    sizes = np.arange(1, 401)
    n = np.repeat(sizes, sizes + 1)
    x = np.concatenate([np.arange(size + 1) for size in sizes])
    low, high = (np.floor(end * 100 + 0.5).astype(int) for end in proportions.wilson(x, n))
    for row in vectors("interval_leak"):
        printed = [int(end) for end in row["published_interval"].split("-")]
        fits = (low == printed[0]) & (high == printed[1])
        assert fits.sum() == int(row["pairs_consistent_n_up_to_400"])
        assert (x[fits].min(), x[fits].max()) == (int(row["x_min"]), int(row["x_max"]))
        assert (n[fits].min(), n[fits].max()) == (int(row["n_min"]), int(row["n_max"]))
        given = x[fits & (n == int(row["n"]))]
        assert list(given) == numbers(row["x_values_given_n"])
