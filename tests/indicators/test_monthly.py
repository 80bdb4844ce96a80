"""Months against their usual ups and downs: from thirteen on, whole ones, none left out."""

from __future__ import annotations

import pytest
from builders import add_list, add_module, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import monthly
from iro_analysis.study import Study
from iro_analysis.tables import HtmlTable


def place(tmp_path, years):
    for year in years:
        write_return(tmp_path, "CHILD DECOM\nA 01/05/2018", year)
    return tmp_path


@pytest.mark.parametrize(
    ("years", "period", "months"),
    [
        (["2018-19", "2019-20"], "2019-20", 24),
        (["2018-19", "2019-20"], "2018-04-01:2019-04-30", 13),
        (["2018-19", "2019-20"], "2018-19", None),
        (["2018-19", "2019-20"], "2018-04-01:2019-05-15", 13),  # half a month is none
        (["2016-17", "2017-18", "2018-19", "2019-20"], "2019-20", 36),
    ],
)
def test_whole_months_up_to_three_years(tmp_path, years, period, months):
    record = CareRecord.of(read(place(tmp_path, years)))
    found = monthly.window(record, periods.single(period), "started")
    assert (found is None) == (months is None)
    if months:
        assert round(found.days / 30.44) == months


def disputes(tmp_path, each, leap=0):
    rows = "raised stage theme resolved"
    number = 0
    for year, month in [(y, m) for y in (2018, 2019) for m in range(1, 13)]:
        if (year, month) < (2018, 4):
            continue
        count = each(month) + (leap if (year, month) == (2019, 8) else 0)
        for _ in range(count):
            rows += f"\n{year}-{month:02d}-{number % 28 + 1:02d} first x -"
            number += 1
    for month in (1, 2, 3):
        for _ in range(each(month)):
            rows += f"\n2020-{month:02d}-11 first x -"
    add_list(place(tmp_path, ["2018-19", "2019-20"]), "disputes", rows)
    return Study.of(read(tmp_path), periods.single("2019-20"), "internal")


def test_a_month_that_leaps_stands_out_and_is_drawn(tmp_path):
    study = disputes(tmp_path, lambda month: 8 + month % 3, leap=30)
    shown = study.show("disputes_by_month", "recent_month")
    assert "August 2019 stood out" in shown.finding.heading
    assert "These stand out:" in shown.pieces[0].description
    assert "August 2019" in shown.pieces[0].description.partition("stand out")[2]


def test_where_nothing_leaps_nothing_is_said_to(tmp_path):
    study = disputes(tmp_path, lambda month: 8 + month % 3)
    assert "no month stood out" in study.finding("disputes_by_month", "recent_month").heading


def test_incidents_count_in_the_month_in_which_they_began(tmp_path):
    folder = place(tmp_path, ["2018-19", "2019-20"])
    rows = "CHILD MISSING MIS_START MIS_END\nA M 30/08/2018 02/09/2018\nA M 05/09/2018 06/09/2018"
    rows += "\nA A 07/09/2018 08/09/2018\nZ M 05/09/2018 06/09/2018"
    add_module(folder, "missing", rows, "2018-19", SEX="1", DOB="15/06/2010")
    add_module(folder, "missing", rows.partition("\n")[0] + "\nA M 01/12/2019 02/12/2019",
               "2019-20", SEX="1", DOB="15/06/2010")  # fmt: skip
    study = Study.of(read(folder), periods.single("2019-20"), "internal")
    found = study.published("missing_incidents_by_month", "recent_month").figures
    found = found.set_index("group")["value"]
    assert found["August 2018"] == 1
    assert found["September 2018"] == 1  # away is not missing, and Z is in nobody's care
    assert found["December 2019"] == 1
    assert found.sum() == 3


def test_a_month_without_a_review_is_no_point_and_no_chart(tmp_path):
    study = Study.of(
        read(place(tmp_path, ["2018-19", "2019-20"])), periods.single("2019-20"), "internal"
    )
    assert not isinstance(study.show("reviews_on_time_by_month", "recent_month"), HtmlTable)
    assert study.published("reviews_on_time_by_month", "recent_month").reason
