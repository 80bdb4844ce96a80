"""The parts of the age projection by hand: time in each cell, leavings, ages ahead, chances."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from builders import CHILD, read, write_return

from iro_analysis import codes, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import age_projection, evaluate

YEAR = periods.single("2019-20")
# Five bands of age (from 0, 1, 5, 10 and 16), new to care; then those a year or more in care.
NEW, SETTLED = 0, 5
TO_1, TO_5, TO_10, TO_16, TO_18 = range(5)


def record_of(tmp_path, children, years=("2018-19", "2019-20")):
    """Children as (born, started, ended), each in every return."""
    rows, header = [], []
    for n, (born, start, end) in enumerate(children):
        end_of = {"DEC": end, "REC": "E4A"} if end else {}
        rows.append({"CHILD": f"C{n}", "DECOM": start, **end_of})
        header.append({**CHILD, "CHILD": f"C{n}", "DOB": born})
    for year in years:
        write_return(tmp_path, rows, year, header)
    return CareRecord.of(read(tmp_path))


@pytest.mark.parametrize(
    ("age", "care", "cell"),
    [
        (-0.1, 0, TO_1),  # not born when the return says that care began
        (0, 0, TO_1), (0.99, 0, TO_1), (1, 0, TO_5), (4.99, 0, TO_5), (5, 0, TO_10),
        (9.99, 0, TO_10), (10, 0, TO_16), (15.99, 0, TO_16), (16, 0, TO_18), (17.99, 0, TO_18),
        (10, 0.99, TO_16), (10, 1, SETTLED + TO_16), (0.5, 3, SETTLED + TO_1),
        (18, 0, -1), (18, 2, -1), (25, 2, -1),
    ],
)  # fmt: skip
def test_the_cell_of_an_age_and_a_time_in_care(age, care, cell):
    found = age_projection._cell(np.array([age], float), np.array([care], float))
    assert found.tolist() == [cell]


@pytest.mark.parametrize(
    ("born", "start", "end", "spent", "left"),
    [
        # Came before the period, stays: 91 days in care on 1 April 2019. Each twelfth of a year
        # (30.4 days) counts where it begins; a year in care is full before the eleventh.
        pytest.param("01/01/2007", "31/12/2018", "", {3: 10, 8: 2}, None, id="a year in care"),
        pytest.param("01/01/2007", "01/05/2015", "", {8: 12}, None, id="settled"),
        # Ten on 1 October 2019, the 183rd day: the seventh twelfth begins on the 182nd.
        pytest.param("01/10/2009", "01/05/2015", "", {7: 7, 8: 5}, None, id="turns ten"),
        # Eighteen on 1 October 2019: nothing after it counts.
        pytest.param("01/10/2001", "01/05/2015", "", {9: 7}, None, id="turns eighteen"),
        pytest.param("31/03/2001", "01/05/2015", "", {}, None, id="eighteen the day before"),
        pytest.param("01/06/2018", "01/05/2019", "", {0: 2, 1: 9 + 12 / 365.25}, None, id="a baby"),
        # Came on the last day: one day. Of a part of a twelfth, whole days count.
        pytest.param("01/01/2007", "31/03/2020", "", {3: 12 / 365.25}, None, id="the last day"),
        # 30 days in care, all in the first twelfth: left from it.
        pytest.param("01/01/2007", "01/05/2019", "31/05/2019", {3: 360 / 365.25}, 3, id="left"),
        pytest.param("01/01/2007", "01/05/2015", "01/05/2019", {8: 360 / 365.25}, 8,
                     id="left after years"),
        pytest.param("01/01/2007", "01/05/2015", "31/03/2020", {8: 11 + 12 * 30 / 365.25}, 8,
                     id="left on the last day"),
        pytest.param("01/01/2007", "01/05/2015", "01/04/2019", None, None,
                     id="left on the first day: not a day in it"),
        pytest.param("", "01/05/2015", "", None, None, id="no date of birth"),
    ],
)  # fmt: skip
def test_time_in_each_cell_and_leavings(tmp_path, born, start, end, spent, left):
    other = ("01/01/2010", "01/05/2012", "01/05/2017")  # nothing of it lies in the period
    record = record_of(tmp_path, [other, (born, start, end)])
    children, time, gone = age_projection._exposure(record, YEAR)
    if spent is None:
        assert list(children) == []
        return
    assert list(children) == ["C1"]
    assert time.shape == gone.shape == (1, 10)
    expected = np.zeros(10)
    for cell, months in spent.items():
        expected[cell] = months / 12
    assert time[0] == pytest.approx(expected, abs=2e-5)
    assert np.flatnonzero(gone[0]).tolist() == ([] if left is None else [left])
    assert gone.sum() == (left is not None)


@pytest.mark.parametrize(
    ("end", "leaves"),
    [
        ("30/09/2019", True),  # 17 years and 6,573 days: the day before the birthday
        ("01/10/2019", False),  # the 18th birthday is no leaving: it comes for everybody
    ],
)
def test_the_eighteenth_birthday_is_no_leaving(tmp_path, end, leaves):
    record = record_of(tmp_path, [("01/10/2001", "01/05/2015", end)])
    _, _, gone = age_projection._exposure(record, YEAR)
    assert gone.sum() == leaves


def test_who_leaves_the_day_after_the_period_has_not_left_in_it(tmp_path):
    children = [("01/01/2007", "01/05/2015", "01/04/2020"), ("01/01/2007", "01/05/2015", "")]
    record = record_of(tmp_path, children, ("2019-20", "2020-21"))
    _, time, gone = age_projection._exposure(record, YEAR)
    assert gone.sum() == 0
    assert time[:, SETTLED + TO_16] == pytest.approx(1, abs=1e-6)


def test_a_child_that_vanishes_from_the_returns_is_no_leaving(tmp_path):
    write_return(tmp_path, "CHILD DECOM\nA 01/05/2018\nB 01/05/2018", "2018-19")
    write_return(tmp_path, "CHILD DECOM\nB 01/05/2018", "2019-20")
    record = CareRecord.of(read(tmp_path))
    assert not record.periods_of_care.set_index("child").loc["A", "ended"]
    for name in ("2018-19", "2019-20"):
        assert age_projection._exposure(record, periods.single(name))[2].sum() == 0


def test_months_ahead_by_the_cell_in_which_each_begins():
    # A: 9 and a half, half a year in care, for a year: six months each side of both birthdays.
    # B: 17 and a half, new, for a year: six months, then eighteen. C: a month and a half.
    # D: not at all ahead.
    spent, band = age_projection._months_in_cells(
        np.array([9.5, 17.5, 2.0, 3.0]),
        np.array([0.5, 0.0, 4.0, 4.0]),
        np.array([1.0, 1.0, 1.5 / 12, 0.0]),
    )
    expected = np.zeros((4, 10))
    expected[0, NEW + TO_10] = expected[0, SETTLED + TO_16] = expected[1, NEW + TO_18] = 6 / 12
    expected[2, SETTLED + TO_5] = 1.5 / 12
    assert spent == pytest.approx(expected)
    assert band.tolist() == [TO_16, -1, TO_5, TO_5]
    spent, band = age_projection._months_in_cells(np.array([]), np.array([]), 3)
    assert (spent.shape, band.shape) == ((0, 10), (0,))


def test_a_babys_months_ahead_begin_at_its_age():
    spent, band = age_projection._months_in_cells(np.array([0.0]), np.array([0.0]), 3)
    expected = np.zeros(10)
    expected[NEW + TO_1], expected[SETTLED + TO_5] = 1.0, 2.0
    assert spent[0] == pytest.approx(expected)
    assert band.tolist() == [TO_5]


def test_ages_and_times_in_years(tmp_path):
    children = [
        ("31/03/2010", "01/10/2019", ""), ("15/06/2015", "01/04/2019", ""), ("", "01/05/2019", ""),
    ]  # fmt: skip
    record = record_of(tmp_path, children)
    lives = age_projection._lives(record.looked_after_on(date(2020, 3, 31)), "period_start", YEAR)
    # 3,653 days old, 182 days in care; 1,751 days old, 365 in care.
    assert lives * 365.25 == pytest.approx(np.array([[3653, 182], [1751, 365]]))
    # On entry: 3,471 days old, the 183rd day of the year; 1,386 days old, the first day.
    entrants, came = age_projection._entrants(record, YEAR)
    assert came.tolist() == ["C0", "C1"]
    assert entrants * 365.25 == pytest.approx(np.array([[3471, 183], [1386, 0]]))


def exposure(cell, years, leavings, children=1):
    """Families of one child who spent so many years in one cell, and how many of them left it."""
    spent, left = np.zeros((children, 10)), np.zeros((children, 10))
    spent[:, cell], left[:leavings, cell] = years, 1
    return spent, left


def expected(stock, entrants, seen):
    """Return what is expected where every child is a family of its own."""
    return age_projection._expected(
        stock, entrants, seen, np.arange(len(stock)), np.arange(len(entrants))
    )


NOBODY = np.zeros((0, 2))


@pytest.mark.parametrize("at_once", [8_000_000, 1000])  # all draws together; ten at a time
def test_the_children_expected_are_those_who_stay_at_the_rate_of_their_cell(monkeypatch, at_once):
    monkeypatch.setattr(age_projection, "_AT_ONCE", at_once)
    # Two of four left in 4 years of care: a half a year. Of 100 aged 10 and settled: e^-1.5 stay.
    stock = np.column_stack([np.full(100, 10.0), np.full(100, 2.0)])
    value, lower, upper = expected(stock, NOBODY, exposure(SETTLED + TO_16, 1.0, 2, children=4))
    assert value == pytest.approx([0, 0, 0, 100 * math.exp(-1.5), 0])
    assert (lower <= value).all()
    assert (upper >= value).all()
    # The rate of four children drawn again lies between 0 and 1 a year: nearly nobody is sure.
    assert lower[3] < 100 * math.exp(-3) + 5
    # All stay, and some come of the half a child a year that may though none was seen.
    assert 100 <= upper[3] <= 106


def test_who_is_in_a_cell_that_nobody_was_in_stays():
    value, lower, upper = expected(
        np.array([[10.0, 2.0]] * 3), NOBODY, exposure(NEW + TO_1, 1.0, 0)
    )
    assert value.tolist() == lower.tolist() == [0, 0, 0, 3, 0]
    # That nobody came in one year does not tell that nobody will.
    assert upper[3] > 3
    assert 0 < upper[0] < 6


def steady(draw, measure, count, shape):
    """Years that vary by no more than chance."""
    return np.ones(shape)


def test_entrants_of_a_year_come_in_each_of_three_years(monkeypatch):
    # One came at ten, half-way through the year; nobody leaves. In three years: of 12 and a half,
    # 11 and a half and 10 and a half. One coming tells its rate as an exponential does, and half a
    # child a year may come besides, for the upper limit: a rate of gamma 1.5, so that as many again
    # come as a negative binomial of size 1.5 and mean 4.5, 16 or fewer in 97.5% of cases.
    monkeypatch.setattr(age_projection, "_varying", steady)
    value, lower, upper = expected(
        np.array([[10.0, 2.0]]), np.array([[10.0, 0.5]]), exposure(NEW + TO_1, 1.0, 0)
    )
    assert value == pytest.approx([0, 0, 0, 1 + 3, 0])
    assert lower[3] == 1
    assert upper[3] == pytest.approx(1 + 16, abs=3)


def test_a_range_of_entrants_allows_for_what_one_year_tells(monkeypatch):
    # 100 come at ten a year, nobody leaves: 300 in three years, whose variance is 3 times 100 by
    # chance and 9 times 100 for the level. With phi, all of it phi times.
    def reach():
        entrants = np.array([[10.0, 0.5]] * 100)
        value, lower, upper = expected(NOBODY, entrants, exposure(NEW + TO_1, 1.0, 0))
        assert value[3] == pytest.approx(300)
        return (upper[3] - lower[3]) / 2 / 1.96

    phi = float(codes.table("overdispersion").set_index("measure").loc["started", "phi"])
    assert reach() == pytest.approx(math.sqrt(phi * 1200), rel=0.15)
    monkeypatch.setattr(age_projection, "_varying", steady)
    assert reach() == pytest.approx(math.sqrt(1200), rel=0.15)


def test_brothers_and_sisters_come_and_leave_together(monkeypatch):
    # 50 pairs, of which half leave in three years, and 50 pairs who come each year: all or none of
    # a pair. Alone, 100 children have half the variance.
    monkeypatch.setattr(age_projection, "_varying", steady)
    pairs = np.repeat(np.arange(50), 2)
    rate = math.log(2) / 3
    seen = np.full((1, 10), 1000.0), np.full((1, 10), 1000.0 * rate)
    stock, entrants = np.array([[10.0, 2.0]] * 100), np.array([[10.0, 0.5]] * 100)

    def spread(stock, entrants, *families):
        _, lower, upper = age_projection._expected(stock, entrants, seen, *families)
        return (upper[3] - lower[3]) / 2 / 1.96

    nobody, alone = np.arange(0), np.arange(100)
    assert spread(stock, NOBODY, alone, nobody) == pytest.approx(math.sqrt(25), rel=0.15)
    assert spread(stock, NOBODY, pairs, nobody) == pytest.approx(math.sqrt(50), rel=0.15)
    more = spread(NOBODY, entrants, nobody, pairs) / spread(NOBODY, entrants, nobody, alone)
    assert 1.2 < more < 1.6


@pytest.mark.parametrize(("measure", "count"), [("started", 120), ("ceased", 40.0)])
def test_a_year_varies_about_its_level_by_more_than_chance(measure, count):
    found = age_projection._varying(np.random.default_rng(4), measure, count, (20_000, 2))
    phi = float(codes.table("overdispersion").set_index("measure").loc[measure, "phi"])
    assert found.shape == (20_000, 2)
    assert found.mean() == pytest.approx(1, abs=0.01)
    assert found.var() == pytest.approx((phi - 1) / count, rel=0.05)


def test_nothing_varies_where_nothing_came_or_chance_is_all(monkeypatch):
    draw = np.random.default_rng(4)
    assert (age_projection._varying(draw, "started", 0, (3, 2)) == 1).all()
    table = pd.DataFrame({"measure": ["started"], "phi": ["0.9"]})
    monkeypatch.setattr(codes, "table", lambda name: table)
    assert (age_projection._varying(draw, "started", 5, (3, 2)) == 1).all()


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_half_a_child_a_year_of_each_age_may_come_though_none_was_seen(rate):
    # At a quarter of each band, in the middle of each of three years: after 0.5, 1.5 and 2.5 years
    # those of 0.25 are 0.75, 1.75 and 2.75; of 16.5, 17 and then 18. All leave at one rate.
    drawn = np.full((40_000, 10), rate)
    found = age_projection._unlike_any_seen(np.random.default_rng(6), drawn, 3)
    stay = {years: math.exp(-rate * years) for years in (0.5, 1.5, 2.5)}
    all_three = sum(stay.values())
    expected = [stay[0.5], all_three + stay[1.5] + stay[2.5], all_three, all_three, stay[0.5]]
    assert found.mean(axis=0) == pytest.approx(0.5 * np.array(expected), rel=0.03)
    # Poisson about a rate that is drawn too, with mean and variance of 0.5.
    chance = stay[0.5]
    assert found[:, TO_1].var() == pytest.approx(0.5 * chance + 0.5 * chance**2, rel=0.06)


def test_children_are_numbered_by_family():
    family = pd.Series({"A": "A", "B": "A", "C": "C"})
    assert age_projection._numbered(family, ["C", "B", "A", "no episode"]).tolist() == [0, 1, 1, 2]
    assert age_projection._numbered(family, []).tolist() == []
    found = age_projection._sums(np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([0, 1, 0]))
    assert found.tolist() == [[6, 8], [3, 4]]


def test_entrants_leave_at_the_rate_of_those_new_to_care():
    # Four of ten children left in 8 years of care at 2, new: half a year each. Those who came at
    # two half-way through a year: in care 2.5, 1.5 and 0.5 years, one at most at that rate.
    settled = exposure(NEW + TO_5, 0.8, 4, children=10)
    entrants = np.array([[2.0, 0.5]] * 40)
    value, lower, upper = expected(NOBODY, entrants, settled)
    stay = 2 * math.exp(-0.5) + math.exp(-0.25)
    assert value == pytest.approx([0, 40 * stay, 0, 0, 0])
    assert lower[1] < value[1] < upper[1]
    # More than chance alone (two Poisson standard deviations): the rate is not sure either.
    assert upper[1] - lower[1] > 4 * math.sqrt(value[1])


def test_the_stock_leaves_at_the_rate_of_its_own_time_in_care():
    # One child left after half a year at ten, new: 2 a year. Half a year in care: half one to go.
    value, *_ = expected(np.array([[10.0, 0.5]] * 50), NOBODY, exposure(NEW + TO_16, 0.5, 1))
    assert value == pytest.approx([0, 0, 0, 50 * math.exp(-2 * 0.5), 0])


def test_many_newcomers_are_drawn_by_their_sum(monkeypatch):
    drawn = np.zeros((400, 10))
    drawn[:, NEW + TO_5] = 1.0
    spent = np.zeros((60, 10))
    spent[:, NEW + TO_5] = 0.5
    band = np.array([TO_5] * 60)

    def newcomers():
        found = age_projection._newcomers(
            np.random.default_rng(1), drawn, spent, band, np.arange(20), np.ones((400, 3))
        )
        assert found.shape == (400, 5)
        return found[:, TO_5]

    stay = math.exp(-0.5)
    expected = 60 * stay  # 36.4, of 20 who came in each of three years
    variance = expected + 20 * (3 * stay) ** 2  # chance, and how often each of the 20 comes
    each = newcomers()
    monkeypatch.setattr(age_projection, "_AT_ONCE", 12000)
    together = newcomers()
    for found in (each, together):
        assert found.mean() == pytest.approx(expected, abs=3 * math.sqrt(variance / 400))
        assert found.var() == pytest.approx(variance, rel=0.25)
    assert each.tolist() != together.tolist()


@pytest.mark.parametrize(
    ("draws", "lives", "parts"),
    [
        (10, 2, [(0, 4), (4, 8), (8, 10)]),
        (8, 2, [(0, 4), (4, 8)]),
        (10, 0, [(0, 8), (8, 10)]),
        (2, 20, [(0, 1), (1, 2)]),
        (4, 2, [(0, 4)]),
    ],
)
def test_draws_come_in_parts_that_fit(monkeypatch, draws, lives, parts):
    monkeypatch.setattr(age_projection, "_AT_ONCE", 8)
    found = age_projection._parts(draws, lives)
    assert [(part.start, part.stop) for part in found] == parts


def test_sums_by_band_leave_out_who_is_eighteen():
    each = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
    found = age_projection._by_band(each, np.array([0, 4, -1, 4]))
    assert found.tolist() == [[1, 0, 0, 0, 6], [5, 0, 0, 0, 14]]


def test_the_year_before_has_to_be_in_the_returns(tmp_path):
    children = [("01/01/2007", "01/05/2015", "")]
    record = record_of(tmp_path / "a", children, ("2019-20",))
    found = evaluate.figures(record, YEAR, "age_profile_ahead")
    assert found["note"].tolist() == ["the returns do not cover the year before"]
    record = record_of(tmp_path / "b", children, ("2018-19", "2019-20"))
    assert evaluate.figures(record, YEAR, "age_profile_ahead")["status"].eq("ok").all()


def test_without_a_child_of_known_age_no_rate_is_held(tmp_path):
    record = record_of(tmp_path, [("", "01/05/2015", "")])
    found = evaluate.figures(record, YEAR, "age_profile_ahead")
    assert found["note"].str.contains("no child of known age").all()


def test_one_child_is_enough_and_each_scenario_has_its_entries(tmp_path):
    # Twelve now, one who came at five in the year before, none in the year.
    record = record_of(
        tmp_path, [("01/06/2008", "01/05/2015", ""), ("01/05/2013", "02/05/2018", "")]
    )
    found = evaluate.figures(record, YEAR, "age_profile_ahead").set_index("group")["value"]
    assert (found["10 to 15: now"], found["5 to 9: now"]) == (1, 1)
    assert found["5 to 9: in three years"] == pytest.approx(1)  # nine and eleven months
    before = "in three years, entries as the year before"
    assert found[f"5 to 9: {before}"] == pytest.approx(1 + 3)
