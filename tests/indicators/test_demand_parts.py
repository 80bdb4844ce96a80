"""What quarters count and forecasts learn from: small returns worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from builders import add_module, read, write_return

from iro_analysis import codes, periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import demand, evaluate
from iro_analysis.indicators.placements import rules

YEAR = periods.single("2019-20")
BORN = "15/06/2010"


def record_of(tmp_path, rows, births=None, years=("2018-19", "2019-20", "2020-21")):
    """A little table of episodes, the same in each return; births other than 15 June 2010."""
    names = dict.fromkeys(line.split()[0] for line in rows.strip().splitlines())
    children = [{"CHILD": name, "DOB": (births or {}).get(name, BORN)} for name in names]
    for year in years:
        write_return(tmp_path, f"CHILD DECOM RNE DEC REC\n{rows.strip()}", year, children)
    return CareRecord.of(read(tmp_path))


@pytest.mark.parametrize(
    ("period", "ends"),
    [
        ("2019-04-01:2020-03-31", "2020-03-31"), ("2019-04-01:2020-03-30", "2019-12-31"),
        ("2019-04-01:2020-01-31", "2019-12-31"), ("2019-04-01:2019-12-31", "2019-12-31"),
        ("2019-04-01:2019-11-30", "2019-09-30"), ("2019-04-01:2019-06-30", "2019-06-30"),
        ("2019-04-01:2019-06-29", None),
    ],
)  # fmt: skip
def test_quarters_end_by_the_periods_end(tmp_path, period, ends):
    record = record_of(tmp_path, "A 01/05/2015 S - -", years=("2019-20",))
    found = demand.quarters(record, periods.single(period), "started_by_quarter")
    assert [each.start.isoformat() for each in found] == [
        day for day in ("2019-04-01", "2019-07-01", "2019-10-01", "2020-01-01")
        if ends and day < ends
    ]  # fmt: skip
    assert [each.end.isoformat() for each in found][-1:] == ([ends] if ends else [])


def test_no_more_quarters_than_the_rule_says(tmp_path, monkeypatch):
    record = record_of(tmp_path, "A 01/05/2015 S - -")
    monkeypatch.setattr(demand, "rules", lambda name: {**rules(name), "most_quarters": 3})
    found = demand.quarters(record, YEAR, "started_by_quarter")
    assert [each.name for each in found] == ["2019-20-Q2", "2019-20-Q3", "2019-20-Q4"]


def test_an_incident_counts_in_the_quarter_in_which_it_began(tmp_path):
    write_return(tmp_path, "CHILD DECOM\nA 01/05/2018")
    add_module(
        tmp_path, "missing",
        "CHILD MISSING MIS_START MIS_END\n"
        "A M 01/04/2019 02/04/2019\nA M 30/06/2019 01/07/2019\nA M 01/07/2019 02/07/2019\n"
        "A M 31/03/2020 -",
        DOB=BORN,
    )  # fmt: skip
    found = evaluate.figures(CareRecord.of(read(tmp_path)), YEAR, "missing_incidents_by_quarter")
    assert found["value"].tolist() == [2, 1, 0, 1]


def test_moves_and_days_of_each_quarter(tmp_path):
    rows = """
        A 01/05/2018 S 01/04/2019 X1
        A 01/04/2019 P 01/07/2019 X1
        A 01/07/2019 P 01/10/2019 E4A
        B 01/09/2019 S 01/10/2019 E4A"""
    record = record_of(tmp_path, rows, years=("2018-19", "2019-20"))
    found = evaluate.figures(record, YEAR, "moves_per_1000_days_by_quarter").set_index("group")
    # A moves on the first day of the first and of the second quarter; both left on 1 October.
    moves = found["numerator"].tail(4).tolist()
    assert moves == [1, 1, 0, 0]
    assert found["denominator"].tail(4).tolist() == [91, 92 + 30, 0, 0]
    assert found["value"].tail(4).tolist()[:2] == pytest.approx([1000 / 91, 1000 / 122])
    assert found["status"].tail(4).tolist() == ["ok", "ok", "not_available", "not_available"]
    assert found["note"].tail(4).tolist() == ["", "", *["there is nobody to count"] * 2]
    # 2018-19: from 1 May, 61 days of the first quarter; the move of 1 April is not in it.
    assert found["denominator"].head(4).tolist() == [61, 92, 92, 90]
    assert found["numerator"].head(4).tolist() == [0, 0, 0, 0]


def test_one_day_in_care_is_enough_for_a_rate(tmp_path):
    record = record_of(tmp_path, "A 31/03/2020 S - -", years=("2019-20",))
    found = evaluate.figures(record, YEAR, "moves_per_1000_days_by_quarter")
    assert found["denominator"].tolist() == [0, 0, 0, 1]
    assert found["status"].tolist() == ["not_available"] * 3 + ["ok"]
    assert found["value"].tolist()[-1] == 0


def test_a_child_without_a_date_of_birth_who_never_left_is_in_care_every_day(tmp_path):
    record = record_of(tmp_path, "C 01/04/2019 S - -", {"C": ""}, years=("2019-20",))
    found = evaluate.figures(record, YEAR, "moves_per_1000_days_by_quarter")
    assert found["denominator"].tolist() == [91, 92, 92, 91]  # 366 days to 31 March 2020


def test_until_when_each_period_of_care_can_last(tmp_path):
    rows = "A 01/05/2018 S - -\nB 01/05/2016 L - -\nC 01/06/2018 S - -"
    found = demand.spells(record_of(tmp_path, rows, {"C": ""})).set_index("child")
    assert found["adult"].fillna(pd.Timestamp(0)).dt.date.tolist() == [
        date(2028, 6, 15), date(2028, 6, 15), date(1970, 1, 1),
    ]  # fmt: skip
    # Nobody has seen B come: two years and a day (731 days) before, to be among the long settled.
    assert found["start"].dt.date.tolist() == [
        date(2018, 5, 1), date(2014, 5, 1), date(2018, 6, 1),
    ]  # fmt: skip


# child, first day, how it began, last day, how it ended; what of it is known on 31 March 2020.
LEARNT = """
    A 01/05/2018 S -          -
    B 01/04/2019 S 01/10/2019 E4A
    C 31/03/2019 S -          -
    D 01/05/2016 L -          -
    E 01/05/2018 S 01/01/2020 E7
    F 01/05/2018 S 01/01/2020 E4A
    G 01/06/2019 S 31/03/2020 E4A
    H 01/06/2019 S 01/04/2020 E4A
    I 01/04/2020 S -          -
    J 01/09/2019 S -          -
    K 01/07/2019 S -          -
    L 01/07/2019 S -          -
    M 01/08/2018 S -          -
    M 01/11/2019 S -          -
    N 01/05/2017 S 01/04/2018 E4A
    O 01/05/2019 S -          -
    """
BIRTHS = {
    "E": "01/01/2002",  # left on the 18th birthday
    "F": "02/01/2002",  # left the day before it
    "J": "01/09/2001",  # eighteen on the first day
    "K": "",
    "L": "01/04/2002",  # eighteen the day after
    "O": "01/01/2002",  # eighteen on 1 January 2020, and no end is given
}


@pytest.fixture
def learnt(tmp_path, monkeypatch):
    """What is handed to the estimates: of leaving, and of the stock ahead."""
    given = {}

    def spy(name):
        real = getattr(demand.stock, name)

        def called(*values):
            given[name] = values
            return real(*values)

        monkeypatch.setattr(demand.stock, name, called)

    spy("leaving")
    spy("ahead")
    record = record_of(tmp_path, LEARNT, BIRTHS)
    assert demand.expected(record, date(2020, 3, 31), 12, date(2018, 4, 1)) is not None
    return given


def test_rates_of_leaving_are_learnt_from_two_years(learnt):
    since, until, left, edges = (np.asarray(each) for each in learnt["leaving"])
    seen = pd.DataFrame({"since": since, "until": until, "left": left})
    expected = pd.DataFrame(
        [
            (0, 701, False),  # A, until now, 1 April 2020
            (0, 183, True),  # B
            (0, 367, False),  # C
            (1431, 2162, False),  # D, who counts as there since 1 May 2014
            (0, 610, False),  # E: the 18th birthday is no leaving
            (0, 610, True),  # F
            (0, 304, True),  # G
            (0, 305, False),  # H leaves on 1 April, which nobody knows yet
            (0, 275, False),  # K
            (0, 275, False),  # L
            (0, 609, False),  # M, twice
            (0, 152, False),
            (0, 245, False),  # O, until eighteen
        ],  # not I, who comes later; not J, who is no child; not N, who left as the two years began
        columns=["since", "until", "left"],
    )
    assert seen.astype(int).to_numpy().tolist() == expected.astype(int).to_numpy().tolist()
    assert edges == pytest.approx([0, 182.625, 365.25, 730.5])


def test_the_stock_ahead_is_of_who_is_there_and_who_came_in_a_year(learnt):
    since, until, _, came, days, stays, ahead, phi_coming, phi_leaving = learnt["ahead"]
    # A, C, D, H, K, L and M on 31 March 2020: days since they came, days until they are eighteen.
    assert list(since) == [700, 366, 2161, 304, 274, 274, 151]
    grown = (date(2028, 6, 15) - date(2020, 3, 31)).days
    assert list(until) == [grown, grown, grown, grown, np.inf, 1, grown]
    assert came == 7  # B, G, H, K, L, M once and O came from 1 April 2019 on
    assert days == 366
    of_june = date(2028, 6, 15)
    assert list(stays) == [
        (of_june - date(2019, 4, 1)).days, *[(of_june - date(2019, 6, 1)).days] * 2, np.inf, 275,
        (of_june - date(2019, 11, 1)).days, 245,
    ]  # fmt: skip
    assert ahead == 365
    phi = codes.table("overdispersion").set_index("measure")["phi"].astype(float)
    assert (phi_coming, phi_leaving) == (phi["started"], phi["ceased"])


@pytest.mark.parametrize(
    ("known_from", "known"), [(date(2019, 4, 1), True), (date(2019, 4, 2), False)]
)
def test_a_whole_year_has_to_be_known(tmp_path, known_from, known):
    record = record_of(tmp_path, "A 01/05/2018 S - -")
    found = demand.expected(record, date(2020, 3, 31), 12, known_from)
    assert (found is not None) == known


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("A 01/05/2017 S 01/06/2018 E4A", False),  # nobody is there and nobody came
        ("A 01/05/2019 S 01/06/2019 E4A", True),  # somebody came, and left
        ("A 01/05/2017 S - -", True),
    ],
)
def test_of_nobody_nothing_is_expected(tmp_path, rows, expected):
    record = record_of(tmp_path, rows)
    found = demand.expected(record, date(2020, 3, 31), 12, date(2018, 4, 1))
    assert (found is not None) == expected


def test_a_forecast_has_its_range_and_says_from_when(tmp_path):
    rows = "\n".join(f"C{n} {1 + n:02d}/0{1 + n % 9}/201{7 + n % 3} S - -" for n in range(15))
    record = record_of(tmp_path, rows)
    found = evaluate.figures(record, YEAR, "looked_after_forecast")
    assert found["status"].eq("ok").all()
    assert found["note"].eq("from 31 March 2020").all()
    for breakdown, level in [("quarters_ahead", 0.95), ("quarters_ahead_80", 0.8)]:
        rows = found[found["breakdown"].eq(breakdown)].set_index("group")
        for group in ("1", "4", "8"):
            one = demand.expected(record, date(2020, 3, 31), 3 * int(group), date(2018, 4, 1))
            assert rows.loc[group, "value"] == one.mean
            assert tuple(rows.loc[group, ["lower", "upper"]]) == one.within(level)


def test_without_a_year_to_learn_from_there_is_no_forecast(tmp_path):
    record = record_of(tmp_path, "A 01/05/2018 S - -", years=("2019-20",))
    part = periods.single("2019-20-Q3")
    found = evaluate.figures(record, part, "looked_after_forecast")
    assert found["note"].eq("a year of returns before the day is needed to learn from").all()
    found = evaluate.figures(record, periods.single("2019-04-01:2019-05-31"),
                             "looked_after_forecast")  # fmt: skip
    assert found["status"].eq("not_available").all()


# Half the width of the range of a forecast is so many standard deviations: at 79% 1.254, at 80%
# 1.282, at 81% 1.311; at 94% 1.881, at 95% 1.960, at 96% 2.054.
@pytest.mark.parametrize(
    ("off", "std_dev", "in_80", "in_95"),
    [
        pytest.param(3, 2.333, False, True, id="2.99 at 80%, 3.06 at 81%"),
        pytest.param(3, 2.349, True, True, id="3.01 at 80%, 2.94 at 79%"),
        pytest.param(4, 2.0357, False, False, id="3.99 at 95%, 4.18 at 96%"),
        pytest.param(4, 2.046, False, True, id="4.01 at 95%, 3.85 at 94%"),
        pytest.param(0, 0, True, True, id="as forecast, to the child"),
        pytest.param(-3, 2.349, True, True, id="below"),
    ],
)
def test_whether_a_past_forecast_held_what_came(tmp_path, monkeypatch, off, std_dev, in_80, in_95):
    # Nine children until the end of 2019-20; ten from then on.
    rows = "\n".join(f"C{n} 01/05/2015 S - -" for n in range(9)) + "\nD 31/03/2020 S - -"
    record = record_of(tmp_path, rows)
    asked = []

    def expected(of, day, months, known_from):
        asked.append((day, months, known_from))
        known = day >= date(2019, 3, 31)
        return demand.stock.Prediction(10 - off, std_dev) if known and months == 12 else None

    monkeypatch.setattr(demand, "expected", expected)
    scored = demand.past_forecasts(record, YEAR)
    # Eight quarters: four and eight ahead lie within them from four and from none of them; 31
    # March 2019 is the only day with a year before and after it.
    ends = [date(2018, 6, 30), date(2018, 9, 30), date(2018, 12, 31), date(2019, 3, 31)]
    assert asked == [(day, 12, date(2018, 4, 1)) for day in ends]
    assert len(scored) == 1
    row = scored.iloc[0]
    came, before = 10, 9
    assert (row["quarters"], row["carried"]) == (4, came - before)
    assert row["crps"] == demand.stock.Prediction(10 - off, std_dev).crps(came)
    assert (row["held_80"], row["held_95"]) == (in_80, in_95)


def test_reviews_by_quarter_without_a_whole_quarter(tmp_path):
    record = record_of(tmp_path, "A 01/05/2018 S - -", years=("2019-20",))
    part = periods.single("2019-04-01:2019-05-31")
    for measure in ("reviews_on_time_by_quarter", "started_by_quarter"):
        found = evaluate.figures(record, part, measure)
        assert found["status"].eq("not_available").all()
