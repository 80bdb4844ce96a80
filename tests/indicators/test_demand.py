"""Quarters against their usual ups and downs, and the stock carried forward; values from R."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from builders import add_module, read, shared_record, write_return

from iro_analysis import catalogue, charts, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparisons import quarters as usual
from iro_analysis.estimates import laney, stock
from iro_analysis.indicators import demand, evaluate
from iro_analysis.study import Study

YEAR = periods.single("2019-20")
YEARS = ("2016-17", "2017-18", "2018-19", "2019-20")
VALUES = json.loads((Path(__file__).parents[1] / "values" / "demand.json").read_text("utf-8"))
FORECASTS = json.loads((Path(__file__).parents[1] / "values" / "forecast.json").read_text("utf-8"))
MEASURES = [entry.id for entry in catalogue.sections()["Demand"]]
BY_QUARTER = [name for name in MEASURES if name.endswith("_by_quarter")]


@pytest.mark.parametrize("case", VALUES["laney"], ids=lambda case: case["name"])
def test_limits_and_runs_agree_with_r(case):
    chart = (laney.shares if case["kind"] == "share" else laney.rates)(case["x"], case["n"])
    assert chart.centre == pytest.approx(case["centre"], rel=1e-9)
    assert chart.sigma_z == pytest.approx(case["sigma_z"], rel=1e-9)
    assert chart.lower == pytest.approx(np.array(case["lower"]), rel=1e-9)
    assert chart.upper == pytest.approx(np.array(case["upper"]), rel=1e-9)
    runs = case["runs"]
    assert (chart.longest_run, chart.most_run) == (runs["longest"], runs["longest_max"])
    assert (chart.crossings, chart.least_crossings) == (runs["crossings"], runs["crossings_min"])


def test_rates_of_leaving_agree_with_r():
    case = VALUES["leaving"]
    opens, closes = case["window"]
    start, stops = np.array(case["start"]), np.array(case["stop"])
    begins, ends = np.maximum(start, opens), np.minimum(stops, closes)
    seen = ends > begins
    left = (np.array(case["dead"]) == 1) & (stops < closes)
    edges = [0, 182.625, 365.25, 730.5]
    found = stock.leaving((begins - start)[seen], (ends - start)[seen], left[seen], edges)
    assert found.days == pytest.approx(case["days"], rel=1e-9)
    assert found.left.tolist() == case["left"]


@pytest.mark.parametrize("case", FORECASTS["cases"], ids=lambda case: case["name"])
def test_a_forecast_agrees_with_r(case):
    opens, closes = case["window"]
    start, stops, until = (np.array(case[name]) for name in ("start", "stop", "until"))
    begins, ends = np.maximum(start, opens), np.minimum(stops, closes)
    seen = ends > begins
    left = (np.array(case["dead"]) == 1) & (stops < closes)
    rates = stock.leaving((begins - start)[seen], (ends - start)[seen], left[seen], case["edges"])
    assert rates.days == pytest.approx(case["days"], rel=1e-9)
    assert rates.left.tolist() == case["left"]
    here, came = (start < closes) & (stops >= closes), (start >= opens) & (start < closes)
    there = closes - start[here]
    found = stock.ahead(
        there, until[here] - there, rates, came.sum(), closes - opens, until[came],
        int(case["ahead"]), *case["phi"],
    )  # fmt: skip
    assert came.sum() == case["came"]
    assert found.mean == pytest.approx(case["mean"], rel=1e-8)
    assert found.std_dev == pytest.approx(case["std_dev"], rel=1e-7)


@pytest.mark.parametrize("case", VALUES["crps"])
def test_the_score_of_a_forecast_agrees_with_r(case):
    found = stock.Prediction(case["mean"], case["std_dev"]).crps(case["observed"])
    assert found == pytest.approx(case["crps"], rel=1e-8)


def test_a_forecast_worked_out_by_hand():
    # In the first 100 days 1 in 100 leaves a day, later 1 in 1,000. Three children are there: one
    # for 50 days, one for 200, one for 200 who turns 18 in 30. Ten came in 100 days. 100 days on:
    # exp(-50/100 - 50/1000) + exp(-100/1000) + 0, and of a child a tenth a day who comes
    # exp(-0.01 u) after u days, u from 0 to 99.
    rates = stock.Leaving(np.array([0.0, 100.0]), np.array([1e3, 1e4]), np.array([10.0, 10.0]))
    stays = np.array([np.exp(-0.55), np.exp(-0.1)])
    came = 0.1 * (1 - np.exp(-1)) / (1 - np.exp(-0.01))
    found = stock.ahead(
        [50, 200, 200], [np.inf, np.inf, 30], rates, 10, 100, [np.inf] * 10, 100, 3.0, 2.0
    )
    assert found.mean == pytest.approx(stays.sum() + came)
    # The spread: leaving, coming, the rate of coming, and the two rates of leaving.
    of_new = 0.1 * sum(u * np.exp(-0.01 * u) for u in range(100))
    early = (stays[0] * 50 + of_new) * 0.01
    late = (stays[0] * 50 + stays[1] * 100) * 0.001
    variance = (
        2 * (stays * (1 - stays)).sum() + 3 * came + 3 * came**2 / 10
        + (early**2 + late**2) * 2 / 10
    )  # fmt: skip
    assert found.std_dev == pytest.approx(variance**0.5)
    low, high = found.within(0.95)
    assert (high - found.mean) / found.std_dev == pytest.approx(1.959964, abs=1e-6)
    assert low == max(found.mean - (high - found.mean), 0)


def test_ranges_hold_what_they_promise_where_nothing_changes():
    # 300 authorities: 30 come a quarter, one in 400 leaves a day; a year is learnt from.
    chance, held = np.random.default_rng(18), {0.8: 0, 0.95: 0}
    edges, authorities = [0, 182.6, 365.25, 730.5], 300
    for _ in range(authorities):
        began = np.sort(chance.uniform(-4000, 730, chance.poisson(4730 * 30 / 91)))
        ended = began + chance.exponential(400, len(began))
        seen = (began < 365) & (ended > 0)
        since, until = np.maximum(began, 0) - began, np.minimum(ended, 365) - began
        rates = stock.leaving(since[seen], until[seen], (ended <= 365)[seen], edges)
        there = (began <= 365) & (ended > 365)
        came = int(((began > 0) & (began <= 365)).sum())
        found = stock.ahead(
            365 - began[there], [np.inf] * there.sum(), rates, came, 365, [np.inf], 365
        )
        number = int(((began <= 730) & (ended > 730)).sum())
        for level in held:
            low, high = found.within(level)
            held[level] += low <= number <= high
    assert 0.75 <= held[0.8] / authorities <= 0.87
    assert 0.92 <= held[0.95] / authorities <= 0.98


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (laney.rates, ([1], [1])),
        (laney.rates, ([0, 0], [1, 1])),
        (laney.rates, ([1, 2], [1, 0])),
        (laney.shares, ([1, 1], [1, 1])),
        (laney.shares, ([0, 0], [0, 5])),
        (stock.leaving, ([5], [4], [True], [0])),
    ],
)
def test_what_cannot_be_a_chart_or_a_rate_is_an_error(function, given):
    with pytest.raises(ValueError, match=r"needs|before it begins"):
        function(*given)


def place(tmp_path, episodes, years=YEARS):
    for year in years:
        write_return(tmp_path, "CHILD DECOM DEC REC\n" + episodes, year)
    return tmp_path


def test_quarters_worked_out_by_hand(tmp_path):
    # A enters in the first quarter of 2019-20 and leaves in the second, B enters on its last day.
    rows = "A 10/05/2019 01/07/2019 E4A\nB 30/06/2019 - -\nC 31/03/2016 - -"
    record = CareRecord.of(read(place(tmp_path, rows)))
    for measure, expected in [
        ("started_by_quarter", [2, 0, 0, 0]),
        ("ceased_by_quarter", [0, 1, 0, 0]),
        ("looked_after_by_quarter", [3, 2, 2, 2]),
    ]:
        found = evaluate.figures(record, YEAR, measure)
        assert found["value"].tail(4).tolist() == expected
        assert found["group"].iloc[0] == "2016-17-Q1"
        assert len(found) == 16
    days = evaluate.figures(record, YEAR, "moves_per_1000_days_by_quarter")
    # A 10 May to 30 June, B one day, C 91 days; then B and C 92 days each, A ends on 1 July.
    assert days["denominator"].iloc[-4:-2].tolist() == [52 + 1 + 91, 184]


@pytest.mark.parametrize(
    ("period", "last"),
    [("2019-20", "2019-20-Q4"), ("2019-20-Q3", "2019-20-Q3"),
     ("2019-04-01:2020-02-29", "2019-20-Q3")],
)  # fmt: skip
def test_the_last_quarter_is_whole(demo, period, last):
    record = shared_record(demo)
    found = demand.quarters(record, periods.single(period), "started_by_quarter")
    assert (found[0].name, found[-1].name) == ("2016-17-Q1", last)


def test_a_year_without_a_return_or_a_file_is_no_zero(tmp_path):
    place(tmp_path, "A 31/03/2016 - -", ("2016-17", "2018-19", "2019-20"))
    rows = "CHILD DOB MISSING MIS_START MIS_END\nA 15/06/2010 M 01/03/2020 -"
    add_module(tmp_path, "Missing", rows, "2019-20")
    record = CareRecord.of(read(tmp_path))
    assert demand.quarters(record, YEAR, "started_by_quarter")[0].name == "2018-19-Q1"
    found = demand.quarters(record, YEAR, "missing_incidents_by_quarter")
    assert found[0].name == "2019-20-Q1"


def test_quarters_add_up_to_the_figures_of_the_report(demo):
    record = shared_record(demo)
    for measure, whole in [("missing_incidents_by_quarter", "missing_incidents"),
                           ("ceased_by_quarter", "ceased")]:  # fmt: skip
        mine = evaluate.figures(record, YEAR, measure)["value"].tail(4).sum()
        [row] = evaluate.figures(record, YEAR, whole, "all").itertuples()
        assert mine == pytest.approx(row.value, rel=0.01)  # open at its start; a child twice
    moves = evaluate.figures(record, YEAR, "moves_per_1000_days_by_quarter").tail(4)
    [year] = evaluate.figures(record, YEAR, "moves_per_1000_days", "all").itertuples()
    assert moves["numerator"].sum() == year.numerator
    assert moves["denominator"].sum() == year.denominator


def test_a_forecast_begins_with_who_is_looked_after_and_knows_nothing_later(demo):
    record = shared_record(demo)
    day = date(2018, 3, 31)
    known = CareRecord(
        record.authority, record.episodes,
        record.periods_of_care.assign(
            stops=record.periods_of_care["stops"].where(
                record.periods_of_care["stops"] <= "2018-03-31")
        )[record.periods_of_care["start"] <= "2018-03-31"],
        record.placements,
    )  # fmt: skip
    first = date(2016, 4, 1)
    then, now = (demand.expected(each, day, 12, first) for each in (known, record))
    assert then == now
    care = demand.spells(record)
    running = (care["start"] <= "2018-03-31") & ~(care["stops"] <= "2018-03-31")
    counted = care[running & ~(care["adult"] <= "2018-03-31")]
    assert counted["child"].nunique() == len(record.looked_after_on(day))


def test_ranges_of_the_demonstrations_past_are_counted_and_scored(demo):
    record = shared_record(demo)
    found = evaluate.figures(record, YEAR, "forecast_coverage").set_index("group")
    # A year is learnt from: origins from 31 March 2017, a year ahead to 31 March 2019, two to 2018.
    assert found["denominator"].to_dict() == {
        "80 at 4": 9, "95 at 4": 9, "80 at 8": 5, "95 at 8": 5
    }  # fmt: skip
    scored = demand.past_forecasts(record, YEAR)
    first = scored.iloc[0]  # 289 on 31 March 2017, 310 a year later
    assert first["carried"] == 21
    errors = evaluate.figures(record, YEAR, "forecast_error").set_index("group")["value"]
    four = scored[scored["quarters"].eq(4)]
    assert errors["forecast at 4"] == pytest.approx(four["crps"].mean())
    assert errors["carried at 4"] == pytest.approx(four["carried"].mean())


@pytest.mark.parametrize("measure", MEASURES)
def test_one_return_has_quarters_and_no_forecast_to_look_back_on(tmp_path, measure):
    record = CareRecord.of(read(place(tmp_path, "A 01/05/2019 - -", ("2019-20",))))
    found = evaluate.figures(record, YEAR, measure)
    if measure in ("forecast_coverage", "forecast_error"):
        assert found["status"].eq("not_available").all()
    elif measure in ("started_by_quarter", "ceased_by_quarter", "looked_after_by_quarter"):
        assert len(found) == 4


def test_the_committee_is_not_given_them(demo):
    study = Study.of_record(shared_record(demo), YEAR, "committee")
    for measure in MEASURES:
        published = study.published(measure, catalogue.measure(measure).breakdowns[0])
        assert "internal report only" in published.reason, measure


@pytest.fixture(scope="module")
def internal(demo):
    return Study.of_record(shared_record(demo), YEAR, "internal")


def test_a_quarter_beyond_the_limits_is_named_and_drawn(internal):
    shown = internal.show("missing_incidents_by_quarter", "recent_quarter")
    assert "2019-20 Q1 lies beyond the usual ups and downs" in shown.finding.heading
    assert "Beyond the limits: 2019-20 Q1." in shown.pieces[0].description


@pytest.mark.parametrize("measure", BY_QUARTER)
def test_limits_are_in_the_unit_of_the_figure(internal, measure):
    [part] = usual.stretches(internal.published(measure, "recent_quarter"))
    if measure == "looked_after_by_quarter":
        assert part.limits is None
        return
    values = [row.value for row in part.rows]
    assert part.limits.values * part.per == pytest.approx(values)


def test_limits_start_again_at_a_named_break(internal, monkeypatch):
    published = internal.published("started_by_quarter", "recent_quarter")
    new = catalogue.Break(date(2016, 10, 1), "counting changed")
    measure = published.measure
    object.__setattr__(measure, "breaks", (new,))
    monkeypatch.setattr(published.__class__, "measure", property(lambda self: measure))
    before, after = usual.stretches(published)
    assert [len(before.rows), len(after.rows)] == [2, 14]
    assert before.limits is None
    assert after.since == "counting changed"
    mean = sum(row.value for row in after.rows) / 14
    assert after.limits.centre == pytest.approx(mean)
    drawn = charts.quarters(published, "x").description
    object.__setattr__(measure, "breaks", ())
    assert "New from 2016-17 Q3: counting changed." in drawn


def test_reviews_of_a_quarter_are_those_of_the_report(demo):
    record = shared_record(demo)
    found = evaluate.figures(record, YEAR, "reviews_on_time_by_quarter").tail(4)
    [year] = evaluate.figures(record, YEAR, "reviews_on_time", "all").itertuples()
    assert found["numerator"].sum() == year.numerator
    assert found["denominator"].sum() == year.denominator


def test_the_forecast_of_a_year_is_of_the_last_quarters_end_and_widens(demo):
    record = shared_record(demo)
    found = evaluate.figures(record, YEAR, "looked_after_forecast")
    wide, narrow = (found[found["breakdown"].eq(name)].set_index("group")
                    for name in ("quarters_ahead", "quarters_ahead_80"))  # fmt: skip
    a_year = demand.expected(record, date(2020, 3, 31), 12, date(2016, 4, 1))
    assert wide.loc["4", "value"] == narrow.loc["4", "value"] == a_year.mean
    assert tuple(wide.loc["4", ["lower", "upper"]]) == a_year.within(0.95)
    reach = (wide["upper"] - wide["lower"]).to_numpy()
    assert (np.diff(reach) > 0).all()
    assert (reach > (narrow["upper"] - narrow["lower"]).to_numpy()).all()
    assert found["note"].eq("from 31 March 2020").all()
