"""What becomes of children who enter and leave care: worked examples, and values from R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from builders import CHILD, read, shared_record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import recurrent
from iro_analysis.indicators import breakdowns, evaluate, paths_through_care

YEAR = periods.single("2019-20")
YEARS = ("2016-17", "2017-18", "2018-19", "2019-20")


def episode(child, start, end="", rec="", rne="S", place="U6"):
    return {
        "CHILD": child, "DECOM": start, "DEC": end, "REC": rec or ("X1" if end else ""),
        "REASON_PLACE_CHANGE": "CARPL" if end and not rec else "", "RNE": rne, "PLACE": place,
        "PL_POST": f"ZZ{child} {place}",
    }  # fmt: skip


def record_of(tmp_path, rows, births=None):
    births = births or {}
    header = [
        {**CHILD, "CHILD": child, "DOB": births.get(child, CHILD["DOB"])}
        for child in dict.fromkeys(row["CHILD"] for row in rows)
    ]
    for year in YEARS:
        write_return(tmp_path, rows, year, header)
    return CareRecord.of(read(tmp_path))


# Each child entered on 10 October 2018; twelve months later is 10 October 2019.
SITUATIONS = {
    "stays": ([("10/10/2018", "", "")], "In care, first placement"),
    "moves once": (
        [("10/10/2018", "01/02/2019", ""), ("01/02/2019", "", "")], "In care, moved once",
    ),
    "moves on the very day": (
        [("10/10/2018", "10/10/2019", ""), ("10/10/2019", "", "")], "In care, moved once",
    ),
    "moves the day after": (
        [("10/10/2018", "11/10/2019", ""), ("11/10/2019", "", "")], "In care, first placement",
    ),
    "moves twice": (
        [
            ("10/10/2018", "01/02/2019", ""),
            ("01/02/2019", "01/03/2019", ""),
            ("01/03/2019", "", ""),
        ],
        "In care, moved twice or more",
    ),
    "goes home": ([("10/10/2018", "01/02/2019", "E4A")], "Home or with relatives"),
    "goes to relatives": ([("10/10/2018", "01/02/2019", "E13")], "Home or with relatives"),
    "special guardian": (
        [("10/10/2018", "01/02/2019", "E45")], "Special guardianship or child arrangements",
    ),
    "child arrangements": (
        [("10/10/2018", "01/02/2019", "E41")], "Special guardianship or child arrangements",
    ),
    "adopted": ([("10/10/2018", "01/09/2019", "E11")], "Adopted"),
    "custody": ([("10/10/2018", "01/02/2019", "E9")], "Turned 18 or left otherwise"),
    "leaves on the very day": ([("10/10/2018", "10/10/2019", "E4A")], "Home or with relatives"),
    "leaves the day after": ([("10/10/2018", "11/10/2019", "E4A")], "In care, first placement"),
    "seven days": ([("10/10/2018", "17/10/2018", "E4B")], "Left within a week"),
    "eight days": ([("10/10/2018", "18/10/2018", "E4B")], "Home or with relatives"),
    "back in care": (
        [("10/10/2018", "17/10/2018", "E4B"), ("01/02/2019", "", "")], "In care, first placement",
    ),
    "back and gone": (
        [("10/10/2018", "17/10/2018", "E4B"), ("01/02/2019", "01/06/2019", "E45")],
        "Special guardianship or child arrangements",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_where_a_child_is_twelve_months_after_entering(tmp_path, name):
    spells, expected = SITUATIONS[name]
    rows, before = [], ""
    for number, (start, end, rec) in enumerate(spells):
        rne = "P" if number and not before else "S"
        rows.append(episode("A", start, end, rec, rne, "U6" if number % 2 == 0 else "K2"))
        before = rec
    figures = evaluate.figures(record_of(tmp_path, rows), YEAR, "entry_outcome", "after_12_months")
    counted = figures[figures["value"].eq(1)]
    assert list(counted["group"]) == [expected]
    assert figures["denominator"].eq(1).all()


@pytest.mark.parametrize(
    ("period", "months", "first", "last"),
    [
        ("2019-20", 6, "2018-10-01", "2019-09-30"),
        ("2019-20", 12, "2018-04-01", "2019-03-31"),
        ("2019-20", 24, "2017-04-01", "2018-03-31"),
        ("2019-20-Q3", 12, "2018-01-01", "2018-12-31"),
    ],
)
def test_the_cohort_has_been_followed_in_full(period, months, first, last):
    found = paths_through_care.followed_period(periods.single(period), months)
    assert (found.start.isoformat(), found.end.isoformat()) == (first, last)


# Each child left care on 1 June 2018, within the year that ended a year before the last day.
@pytest.mark.parametrize(
    ("again", "born", "rec", "expected"),
    [
        ("", "15/06/2010", "E4A", (0, 1)),
        ("31/05/2019", "15/06/2010", "E4A", (1, 1)),  # the last day of the twelve months
        ("01/06/2019", "15/06/2010", "E4A", (0, 1)),  # twelve months to the day
        ("01/09/2018", "01/06/2001", "E4A", None),  # 17 on leaving: not followed
        ("01/09/2018", "02/06/2001", "E4A", (1, 1)),  # 16 on leaving
    ],
)
def test_who_came_back_within_twelve_months(tmp_path, again, born, rec, expected):
    rows = [episode("A", "01/01/2018", "01/06/2018", rec)]
    if again:
        rows.append(episode("A", again))
    record = record_of(tmp_path, rows, {"A": born})
    [row] = evaluate.figures(record, YEAR, "returned_to_care", "all").itertuples()
    found = (row.numerator, row.denominator) if row.status == "ok" else None
    assert found == expected
    by_route = evaluate.figures(record, YEAR, "returned_to_care", "exit_route")
    home = by_route[by_route["group"].eq("Home or with relatives")].iloc[0]
    assert (home["status"] == "ok") == (expected is not None)
    assert home["note"] == "3 years together" or home["status"] != "ok"


def test_moves_and_days_in_care_by_time_since_entry(tmp_path):
    # A entered on 1 January 2019 and moved on 1 May and 1 September 2019. Of the year from 1 April
    # 2019 to 31 March 2020: 91 days of the first six months (1 April to 30 June), 184 days from 6
    # to 12 months (1 July to 31 December), 91 from 12 months (1 January to 31 March 2020).
    rows = [
        episode("A", "01/01/2019", "01/05/2019"),
        episode("A", "01/05/2019", "01/09/2019", rne="P", place="K2"),
        episode("A", "01/09/2019", rne="P", place="U6"),
    ]
    record = record_of(tmp_path, rows)
    care = record.periods_of_care
    for months, expected in [((0, 6), (1, 91)), ((6, 12), (1, 184)), ((12, 24), (0, 91))]:
        found = paths_through_care._moves_and_days(record, YEAR, care, *months)
        assert tuple(found.loc["A", ["moves", "days"]]) == expected
    [row] = evaluate.figures(record, YEAR, "moves_per_1000_days", "all").itertuples()
    assert (row.numerator, row.denominator) == (2, 366)
    assert row.value == pytest.approx(2 / 366 * 1000)
    assert np.isnan(row.lower)  # one child tells nothing of how children differ


def test_moves_add_up_to_the_placement_changes_of_the_report(demo):
    record = shared_record(demo)
    [moves] = evaluate.figures(record, YEAR, "moves_per_1000_days", "all").itertuples()
    changes = evaluate.figures(record, YEAR, "placement_changes", "reason")
    assert moves.numerator == changes["value"].sum()


def test_the_third_move_ends_observation_and_leaving_competes(tmp_path):
    rows = [episode("A", "01/05/2019", "01/06/2019"),
            episode("A", "01/06/2019", "01/07/2019", rne="P", place="K2"),
            episode("A", "01/07/2019", "01/08/2019", rne="P"),
            episode("A", "01/08/2019", "01/09/2019", "E4A", "P", "K2"),
            episode("B", "01/05/2019", "01/09/2019", "E4A"),
            episode("C", "01/05/2019")]  # fmt: skip
    found = paths_through_care.spells_to_third_move(record_of(tmp_path, rows), YEAR)
    by_child = found.set_index("child")
    assert by_child["ending"].to_dict() == {"A": 1, "B": 2, "C": 0}
    assert by_child["time"].to_dict() == {"A": 92, "B": 123, "C": 336}
    assert (by_child["entry"] == 0).all()


VALUES = json.loads(
    (Path(__file__).parents[1] / "values" / "recurrent_events.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", VALUES["cases"], ids=lambda case: case["name"])
def test_a_rate_by_child_agrees_with_r(case):
    found = recurrent.clustered_rate(case["events"], case["exposure"])
    assert found.value == pytest.approx(case["rate"], rel=1e-8)
    assert found.std_err == pytest.approx(case["std_err"], rel=1e-8)
    assert found.lower == pytest.approx(case["rate"] * np.exp(-1.959963985 * case["std_err"]))


def test_a_rate_of_no_events_has_no_limits():
    found = recurrent.clustered_rate([0, 0], [10, 20])
    assert found.value == 0
    assert np.isnan(found.lower)


@pytest.mark.parametrize(("events", "exposure"), [([1], [1, 2]), ([-1], [1]), ([0], [0])])
def test_what_cannot_be_a_rate_is_an_error(events, exposure):
    with pytest.raises(ValueError, match="events and exposures"):
        recurrent.clustered_rate(events, exposure)


MEASURES = ["entry_outcome", "returned_to_care", "moves_per_1000_days", "third_move"]


@pytest.mark.parametrize("measure", MEASURES)
def test_one_return_follows_nobody_for_a_year(tmp_path, measure):
    rows = [episode("A", "01/05/2019", "01/06/2019", "E4A")]
    write_return(tmp_path, rows, "2019-20")
    found = evaluate.figures(CareRecord.of(read(tmp_path)), YEAR, measure)
    long = found[found["breakdown"].isin(["after_12_months", "after_24_months", "exit_route"])]
    assert long["status"].eq("not_available").all()
    assert long["note"].str.contains("the returns begin on 1 April 2019").all()


@pytest.mark.parametrize("measure", MEASURES)
def test_nobody_in_the_cohort_is_zero_or_no_figure(tmp_path, measure):
    record = record_of(tmp_path, [episode("A", "01/03/2020")])
    found = evaluate.figures(record, periods.single("2019-20-Q1"), measure)
    assert found["value"].fillna(0).eq(0).all()


def test_one_year_is_not_called_years_together():
    said = [breakdowns.years_together(years) for years in (1, 2, 3)]
    assert said == ["one year alone", "2 years together", "3 years together"]
