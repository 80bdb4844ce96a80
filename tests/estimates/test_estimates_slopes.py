"""Lines through years: values from R, worked examples, and how often they are clear by chance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from iro_analysis.estimates import differences, distributions, slopes

VALUES = json.loads((Path(__file__).parents[1] / "values" / "lines.json").read_text("utf-8"))
CLOSE = 1e-9


def named(kind):
    return pytest.mark.parametrize("case", VALUES[kind], ids=lambda case: case["name"])


def by_child(case):
    """What met something and what there was, children by years."""
    children = sorted(set(case["child"]))
    met = np.zeros((len(children), int(max(case["year"])) + 1))
    of = np.zeros_like(met)
    for child, year, one in zip(case["child"], case["year"], case["met"], strict=True):
        met[children.index(child), int(year)] += one
        of[children.index(child), int(year)] += 1
    return met, of


def error_of(found, freedom=np.inf):
    z = (
        distributions.t_quantile(0.975, freedom)
        if np.isfinite(freedom)
        else distributions.normal_quantile(0.975)
    )
    return (found.upper - found.lower) / 2 / float(z)


@named("shares")
def test_the_line_of_a_share_agrees_with_r(case):
    met, of = by_child(case)
    found = slopes.share_slope(met, of)
    assert found.difference == pytest.approx(case["slope"], rel=CLOSE)
    wanted = max(case["by_cluster"], case["by_chance"])
    assert error_of(found, len(of) - 1) == pytest.approx(wanted, rel=CLOSE)


def test_the_two_data_sets_have_one_error_of_each_kind():
    assert len({case["by_cluster"] > case["by_chance"] for case in VALUES["shares"]}) == 2


@named("means")
def test_the_line_of_an_average_agrees_with_r(case):
    found = slopes.mean_slope(case["value"], case["year"], case["child"])
    assert found.difference == pytest.approx(case["slope"], rel=CLOSE)
    assert found.p == pytest.approx(case["p"], rel=1e-6)
    many = len(set(case["child"]))
    assert error_of(found, many - 1) == pytest.approx(case["std_err"], rel=CLOSE)


@named("counts")
def test_the_line_of_a_count_agrees_with_r(case):
    found = slopes.count_slope(case["counts"], phi=case["phi"])
    assert found.difference == pytest.approx(case["slope"], rel=CLOSE)
    assert found.p == pytest.approx(case["p"], rel=1e-6)


def test_a_rate_has_the_line_of_its_count_where_the_population_stands_still():
    of_count, of_rate = (slopes.count_slope([30, 24, 21, 12], n, 2.0) for n in (1.0, [4.0] * 4))
    assert of_rate.difference == pytest.approx(of_count.difference / 4)
    assert of_rate.p == pytest.approx(of_count.p)
    assert of_rate.upper == pytest.approx(of_count.upper / 4)


def test_a_stock_worked_out_by_hand():
    # Three are there all the time; four came after the first day, two after the third, one left
    # before the last: 3, 7, 7, 8. The line: (-1.5 * 3 - 0.5 * 7 + 0.5 * 7 + 1.5 * 8) / 5 = 1.5.
    present = np.array([[1] * 4] * 3 + [[0, 1, 1, 1]] * 3 + [[0, 1, 1, 0]] + [[0, 0, 0, 1]] * 2)
    found = slopes.stock_slope(present)
    assert present.sum(axis=0).tolist() == [3, 7, 7, 8]
    assert found.difference == pytest.approx(1.5)
    # Who came first counts in three days after (weight 1.5), who came last or left in one (1.5).
    # By families: 3 * 1.5 ** 2, the one that came and left 0, 2 * 1.5 ** 2. By moves: 7 * 1.5 ** 2.
    assert error_of(found) == pytest.approx((7 * 1.5**2) ** 0.5 / 5)
    assert error_of(slopes.stock_slope(present, 2.0, phi=3.0)) == pytest.approx(
        (3 * 7 * 1.5**2) ** 0.5 / 10
    )


def test_families_who_come_together_widen_the_line_of_a_stock():
    alone = np.array([[0, 1, 1, 1]] * 12 + [[1, 1, 0, 0]] * 12)
    together = np.array([[0, 3, 3, 3]] * 4 + [[3, 3, 0, 0]] * 4)
    assert error_of(slopes.stock_slope(together)) == pytest.approx(
        3**0.5 * error_of(slopes.stock_slope(alone))
    )


def test_a_line_that_is_level_has_a_p_of_one():
    found = slopes.count_slope([5, 9, 9, 5])
    assert (found.difference, found.p) == (0, 1)


@pytest.mark.parametrize(
    "found",
    [
        slopes.share_slope([[1, 1, 1]] * 3, 1),
        slopes.share_slope([[1, 0, 0]] * 3, [[1, 0, 1]] * 3),
        slopes.share_slope([[0, 1, 0]], 1),
        slopes.count_slope([0, 0, 0]),
        slopes.stock_slope([[1, 1, 1]] * 3),
        slopes.mean_slope([1, 2, 3], [1, 1, 1], list("aba")),
    ],
)
def test_what_has_no_line_is_missing(found):
    assert np.isnan([found.difference, found.lower, found.upper, found.p]).all()


@pytest.mark.parametrize(
    "make",
    [
        lambda: slopes.count_slope([3, 4]),
        lambda: slopes.count_slope([3, 4, -1]),
        lambda: slopes.count_slope([3, 4, np.nan]),
        lambda: slopes.share_slope([[2, 1, 1]], [[1, 1, 1]]),
        lambda: slopes.share_slope([[1, 1]], [[1, 1]]),
        lambda: slopes.stock_slope([[1, 1]]),
        lambda: slopes.mean_slope([1, 2], [1, 2, 3], ["a", "b", "c"]),
    ],
)
def test_what_cannot_be_a_line_is_an_error(make):
    with pytest.raises(ValueError, match=r"line|counts|numerator|differ"):
        make()


# Fewest to many of what one council has: 4 to 6 years. A clear line where nothing changes, at most
# 5% and the error of the simulation; and the range of a change holds it in at least 93%.
REPEATS = 1200
MOST = 0.05 + 2.6 * (0.05 * 0.95 / REPEATS) ** 0.5
LEAST = 0.93 - 2.6 * (0.93 * 0.07 / REPEATS) ** 0.5


def held(years, once, seed):
    draw = np.random.default_rng([seed, years])
    found = [made for _ in range(REPEATS) if (made := once(draw)) is not None]
    clear = float(np.mean([made.p < 0.05 for made, _ in found]))
    inside = float(np.mean([made.lower <= truth <= made.upper for made, truth in found]))
    return clear, inside


@pytest.mark.parametrize("years", [4, 5, 6])
@pytest.mark.parametrize(("mean", "phi"), [(4, 1), (30, 1), (30, 3), (150, 2)])
def test_a_count_is_seldom_clear_by_chance(years, mean, phi):
    def once(draw, slope=0.0):
        means = mean * (1 + slope * (np.arange(years) - (years - 1) / 2))
        counts = (
            draw.poisson(means) if phi == 1 else draw.negative_binomial(means / (phi - 1), 1 / phi)
        )
        return (slopes.count_slope(counts, phi=phi), mean * slope) if counts.sum() >= 10 else None

    clear, inside = held(years, once, mean)
    assert clear <= MOST
    assert inside >= LEAST
    assert held(years, lambda draw: once(draw, -0.15), mean)[1] >= LEAST


@pytest.mark.parametrize("years", [4, 5, 6])
@pytest.mark.parametrize("children", [19, 31, 93, 328])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
def test_a_share_is_seldom_clear_by_chance(years, children, share):
    # A child is there for up to three years, and every other one stays as it is.
    def once(draw, slope=0.0):
        rows = 3 * children
        start = draw.integers(1 - years, years, rows)
        here = (np.arange(years) >= start[:, None]) & (np.arange(years) < start[:, None] + 3)
        chance = share + slope * (np.arange(years) - (years - 1) / 2)
        lasting = draw.random((rows, 1))
        own = np.where(draw.random((rows, 1)) < 0.5, lasting, draw.random((rows, years)))
        keep = draw.permutation(rows)[: max(children, 1) * (2 * years - 1) // 3]
        here, met = here[keep], (here & (own < chance))[keep]
        if here.sum(axis=0).min() < 10:
            return None
        return slopes.share_slope(met, here), slope

    clear, inside = held(years, once, children)
    assert clear <= MOST
    assert inside >= LEAST
    if share == 0.6:
        assert held(years, lambda draw: once(draw, 0.04), children)[1] >= LEAST


def test_two_years_by_line_and_by_difference_agree_where_there_are_many():
    # A line through three years whose middle lies between is the change from first to last, halved.
    present = np.array([[0, 1, 1]] * 40 + [[1, 0, 0]] * 10 + [[1, 1, 1]] * 100)
    line = slopes.stock_slope(present)
    change = differences.stock_difference(present[:, 2], present[:, 0])
    assert line.difference == pytest.approx(change.difference / 2)
    assert error_of(line) == pytest.approx(error_of(change) / 2)
