"""Charts of monthly figures, against NHSRplotthedots and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import check, numbers, vectors

from iro_analysis.estimates import spc

RULES = ("outside", "seven_one_side", "seven_trend", "two_of_three")
# The file has every other point of each series. Those between were found by a search for whole
# numbers that give R's mean, both of its limits and its marks at the points it has.
SERIES = {
    "steady": numbers("92;96;91;94;96;93;92;93;94;96;96;93;94;94;93;91;94;91;93;98;92;92;93;97"),
    "shift": numbers("92;93;91;96;96;92;92;93;94;94;96;92;86;81;87;88;86;86;88;83;85;87;86;88"),
    "spike": numbers("92;94;91;93;96;94;92;90;94;96;96;95;94;90;70;96;94;98;93;92;92;91;93;99"),
    "trend7": numbers("92;93;91;93;96;92;92;94;94;92;87;88;89;90;91;92;93;95;93;90;92;91;93;101"),
    "short8": numbers("92;95;91;93;96;90;92;84"),
}


def test_charts():
    rows = vectors("spc_xmr")
    assert len(rows) == 104
    for row in rows:
        series, place = SERIES[row["case"]], int(row["i"]) - 1
        assert series[place] == float(row["y"])
        chart = spc.xmr(series, screen=row["screen_outliers"] == "TRUE")
        check(row, (chart.mean, chart.lower, chart.upper), ("mean", "lower", "upper"))
        check(row, [getattr(chart, rule)[place] for rule in RULES], RULES)
        assert chart.enough == (row["case"] != "short8")


def marked(values, rule):
    return [place for place, mark in enumerate(getattr(spc.xmr(values), rule)) if mark]


def test_one_leap_is_outside():
    assert marked([10, 11] * 7 + [30], "outside") == [14]


@pytest.mark.parametrize(
    ("values", "places"),
    [
        pytest.param([1] * 6 + [5] * 6, [], id="six on each side"),
        pytest.param([1] * 7 + [5] * 7, list(range(14)), id="seven on each side"),
        pytest.param([1, 5] * 4 + [1] * 8 + [9], list(range(8, 16)), id="eight below, all marked"),
        pytest.param([3] * 14, [], id="on the mean is on no side"),
    ],
)
def test_seven_on_one_side(values, places):
    assert marked(values, "seven_one_side") == places


@pytest.mark.parametrize(
    ("values", "places"),
    [
        pytest.param([5, 1, 2, 3, 4, 5, 6, 5, 4], [], id="six points rising"),
        pytest.param([5, 1, 2, 3, 4, 5, 6, 7, 4], list(range(1, 8)), id="seven points rising"),
        pytest.param([5, 9, 8, 7, 6, 5, 4, 3, 4], list(range(1, 8)), id="seven points falling"),
        pytest.param([5, 1, 2, 3, 3, 4, 5, 6, 4], [], id="one step level"),
    ],
)
def test_seven_in_a_trend(values, places):
    assert marked(values, "seven_trend") == places


def test_two_of_three_near_a_limit_lie_on_one_side():
    # Mean 10; the moves come to 48.3 over 44 (the leap between the groups is screened out), so the
    # limits are 2.9 away and two thirds of that is 1.95.
    calm = [9.5, 10.5] * 20
    chart = spc.xmr([*calm, 12.2, 10.3, 12.2, 7.8, 9.7, 7.8])
    assert round(chart.upper, 1) == 12.9
    assert list(np.flatnonzero(chart.two_of_three)) == [40, 42, 43, 45]
    assert not spc.xmr([*calm, 12.2, 7.8, 10.0]).two_of_three.any()


def test_a_level_series_has_limits_on_itself_and_nothing_unusual():
    chart = spc.xmr([4.0] * 13)
    assert (chart.lower, chart.mean, chart.upper) == (4.0, 4.0, 4.0)
    assert not chart.unusual.any()


series = st.lists(st.integers(0, 100), min_size=2, max_size=40)


@given(series, st.integers(-50, 50), st.integers(2, 10))
def test_a_chart_does_not_depend_on_the_unit(values, shift, times):
    once, again = spc.xmr(values), spc.xmr([value * times + shift for value in values])
    assert np.isclose(once.upper * times + shift, again.upper)
    assert np.array_equal(once.seven_trend, again.seven_trend)


@given(series)
def test_a_chart_upside_down_marks_the_same_points(values):
    once, again = spc.xmr(values), spc.xmr([-value for value in values])
    assert np.isclose(once.lower, -again.upper)
    assert np.array_equal(once.unusual, again.unusual)


@given(series)
def test_screening_never_widens_limits(values):
    once, again = spc.xmr(values, screen=True), spc.xmr(values, screen=False)
    assert once.upper <= again.upper + 1e-9
    assert once.lower <= once.mean <= once.upper


@pytest.mark.parametrize("values", [[], [1], [1, float("nan"), 2], [1, float("inf")]])
def test_a_chart_of_too_little_is_refused(values):
    with pytest.raises(ValueError, match="two points"):
        spc.xmr(values)


def test_false_alarms_of_a_steady_figure_are_few():
    # Limits of three standard deviations, estimated from 24 points.
    draw = np.random.default_rng(6)
    charts = [spc.xmr(draw.normal(90, 3, 24)) for _ in range(1000)]
    outside = np.mean([chart.outside.mean() for chart in charts])
    assert 0.001 < outside < 0.012
    assert np.mean([chart.seven_trend.any() for chart in charts]) < 0.02
