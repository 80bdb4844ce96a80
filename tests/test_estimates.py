"""Estimators against values from other implementations, and against what must always hold."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_analysis.estimates import proportions, rates, survival, trends


def vectors(shared, name):
    with (shared / "vectors" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(text):
    return float(text) if text else math.nan


def same(found, expected, tolerance=1e-9):
    if math.isnan(expected):
        return True
    if math.isinf(expected):
        return math.isinf(found)
    return math.isclose(found, expected, rel_tol=tolerance, abs_tol=tolerance)


def test_wilson_agrees_with_r(shared):
    rows = [row for row in vectors(shared, "proportions") if row["method"] == "wilson"]
    assert len(rows) > 20
    for row in rows:
        lower, upper = proportions.wilson(
            [float(row["x"])], [float(row["n"])], float(row["confidence"])
        )
        assert same(lower[0], number(row["lower"])), row
        assert same(upper[0], number(row["upper"])), row


def test_goodman_agrees_with_its_formula_in_r(shared):
    # The seven groups printed in section 6.2 of the report for 2019-20.
    counts = [197, 26, 49, 23, 13, 7, 13]
    rows = [row for row in vectors(shared, "multinomial_goodman") if row["case"] == "ethnicity_328"]
    lower, upper = proportions.goodman(counts)
    assert rows
    for row in rows:
        place = counts.index(int(row["x"]))
        assert same(lower[place], number(row["lower"])), row
        assert same(upper[place], number(row["upper"])), row


def test_newcombe_differences_agree_with_r(shared):
    rows = [
        row
        for row in vectors(shared, "two_proportions")
        if row["measure"] == "difference" and row["method"].startswith("Newcombe")
    ]
    assert rows
    for row in rows:
        counts = [float(row[name]) for name in ("x1", "n1", "x0", "n0")]
        found = proportions.newcombe(*counts, float(row["confidence"]))
        for value, name in zip(found, ("estimate", "lower", "upper"), strict=True):
            assert same(value, number(row[name]), 1e-8), row


def test_rates_agree_with_r_below_and_from_ten_events(shared):
    for row in vectors(shared, "rates"):
        exact, few = row["method"].startswith("exact"), float(row["x"]) < 10
        if exact != few:
            continue
        value, lower, upper = rates.rate(
            [float(row["x"])], [float(row["n"])], float(row["multiplier"]), float(row["confidence"])
        )
        for found, name in [(value, "value"), (lower, "lower"), (upper, "upper")]:
            assert same(found[0], number(row[name])), row


def test_rate_ratios_agree_with_r(shared):
    rows = [r for r in vectors(shared, "rate_ratios") if r["method"].startswith("exact")]
    assert len(rows) >= 5
    for row in rows:
        counts = [float(row[name]) for name in ("x1", "n1", "x0", "n0")]
        found = rates.rate_ratio(*counts, float(row["confidence"]))
        for value, name in zip(found, ("estimate", "lower", "upper"), strict=True):
            assert same(value, number(row[name])), row


def test_representation_ratios_agree_with_r(shared):
    for row in vectors(shared, "representation_ratio"):
        found = rates.representation([float(row["x"])], float(row["n"]), [float(row["pop_share"])])
        for value, name in zip(found, ("ratio", "lower", "upper"), strict=True):
            assert same(value[0], number(row[name])), row


def test_stay_is_what_is_left_of_the_stock_ratio_after_entry(shared):
    [row] = vectors(shared, "decomposition")
    assert math.isclose(
        float(row["rr_stock"]), float(row["rr_entry"]) * float(row["rr_duration"]), rel_tol=1e-9
    )
    ratio, lower, upper = rates.stay_ratio(10, 90, 30, (40, 160, 60))
    assert math.isclose(ratio, (100 / 40) / (200 / 100))
    assert lower < ratio < upper


def trend_cases(shared, method):
    for row in vectors(shared, "trend"):
        scores = [float(value) for value in row["scores"].split(";")]
        if method in row["method"] and not any(score % 1 for score in scores):
            counts = [int(value) for value in row["counts"].split(";")]
            totals = [int(value) for value in row["totals"].split(";")]
            yield row, counts, totals, [int(score) for score in scores]


def test_exact_trends_agree_with_r(shared):
    cases = list(trend_cases(shared, "exact conditional (permutation)"))
    assert len(cases) >= 2
    for row, counts, totals, scores in cases:
        found = trends.exact_trend_p(counts, totals, scores)
        assert same(found, number(row["p_value"])), row


def test_odds_ratios_per_year_and_their_profile_limits_agree_with_r(shared):
    wanted = {"statistic is odds ratio": 0, "LOWER limit": 1, "UPPER limit": 2}
    checked = 0
    for method, place in wanted.items():
        for row, counts, totals, scores in trend_cases(shared, method):
            found = trends.odds_ratio_per_step(counts, totals, scores)
            # R reads its profile limits off a spline; ours are roots found to 1e-10.
            assert same(found[place], number(row["statistic"]), 2e-4), row
            checked += 1
    assert checked >= 8


def test_odds_ratio_of_the_printed_gcse_cohorts():
    # STATISTICS part 3: 1.00 (0.65 to 1.56), exact p = 1.000
    ratio, lower, upper = trends.odds_ratio_per_step([5, 3, 9, 6], [19, 20, 31, 28], [0, 1, 2, 3])
    assert (round(ratio, 2), round(lower, 2), round(upper, 2)) == (1.00, 0.65, 1.56)
    assert trends.exact_trend_p([5, 3, 9, 6], [19, 20, 31, 28], [0, 1, 2, 3]) == 1.0


def test_detectable_change_agrees_with_r(shared):
    # R's power.prop.test stops its search at a tolerance of 1.2e-4.
    for row in vectors(shared, "detectable_change"):
        found = trends.detectable_share(float(row["p_first"]), float(row["n_each_year"]))
        assert same(found, number(row["p_second_needed_for_80pct_power"]), 1.2e-4), row


def km_cases(shared):
    cases = {}
    for row in vectors(shared, "km_inputs"):
        cases.setdefault(row["case"], []).append(row)
    return {
        case: [np.array([float(row[name]) for row in rows]) for name in ("entry", "time", "status")]
        for case, rows in cases.items()
    }


def test_survival_curves_agree_with_r(shared):
    cases, checked = km_cases(shared), 0
    for row in vectors(shared, "km_curve"):
        if row["conf_type"] != "log-log":
            continue
        entry, time, status = cases[row["case"]]
        curve = survival.kaplan_meier(entry, time, status == 1)
        value, lower, upper = curve.at(float(row["time"]))
        assert same(value, number(row["survival"])), row
        if 0 < value < 1:
            assert same(lower, number(row["lower"])), row
            assert same(upper, number(row["upper"])), row
        checked += 1
    assert checked > 20


def test_median_survival_agrees_with_r(shared):
    cases, checked = km_cases(shared), 0
    for row in vectors(shared, "km_quantiles"):
        if row["conf_type"] != "log-log":
            continue
        entry, time, status = cases[row["case"]]
        curve = survival.kaplan_meier(entry, time, status == 1)
        found = survival.quantile(curve, float(row["quantile_of_time"]))
        assert same(found[0], number(row["time"])), row
        assert same(found[1], number(row["lower"])), row
        checked += 1
    assert checked > 5


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_a_wilson_interval_holds_its_share_and_mirrors(pair):
    x, n = pair
    lower, upper = proportions.wilson([x], [n])
    assert 0 <= lower[0] <= x / n <= upper[0] <= 1
    mirrored = proportions.wilson([n - x], [n])
    assert math.isclose(mirrored[0][0], 1 - upper[0], abs_tol=1e-12)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_rate_ratio_turned_round_is_its_inverse(x1, x0):
    if x1 + x0 == 0:
        assert all(math.isnan(value) for value in rates.rate_ratio(x1, 100, x0, 300))
        return
    ratio, lower, upper = rates.rate_ratio(x1, 100, x0, 300)
    back, back_lower, back_upper = rates.rate_ratio(x0, 300, x1, 100)
    assert lower <= ratio <= upper
    if x1 and x0:
        assert math.isclose(ratio * back, 1, rel_tol=1e-9)
        assert math.isclose(lower * back_upper, 1, rel_tol=1e-9)
        assert math.isclose(upper * back_lower, 1, rel_tol=1e-9)


@pytest.mark.parametrize(("x", "n"), [(-1, 5), (6, 5), (1.5, 5)])
def test_impossible_counts_are_refused(x, n):
    with pytest.raises(ValueError, match="numerator"):
        proportions.wilson([x], [n])


def test_a_trend_of_all_or_none_is_not_tested():
    assert math.isnan(trends.exact_trend_p([0, 0], [10, 12], [0, 1]))
    assert all(math.isnan(v) for v in trends.odds_ratio_per_step([10, 12], [10, 12], [0, 1]))
