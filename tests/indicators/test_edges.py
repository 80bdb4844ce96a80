"""The edges of the counting rules: a day, a month or a code more, and the figure is another."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from builders import add_module, read, record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import placements
from iro_analysis.indicators.evaluate import figures

YEAR = periods.single("2019-20")


def of(found, measure, breakdown="all", period=YEAR):
    rows = figures(found, period, measure, breakdown)
    return rows.set_index("group")


def test_a_review_on_the_day_of_being_placed_for_adoption_keeps_the_ordinary_timetable(tmp_path):
    write_return(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE LS DEC        REC
        SYN1  01/05/2019 S   U6    E1 20/08/2019 X1
        SYN1  20/08/2019 P   A6    E1 -          -
        """,
    )
    add_module(
        tmp_path,
        "reviews",
        """
        CHILD REVIEW     REVIEW_CODE
        SYN1  28/05/2019 PN1
        SYN1  20/08/2019 PN1
        SYN1  17/09/2019 PN1
        """,
        DOB="15/06/2010",
    )
    found = of(CareRecord.of(read(tmp_path)), "reviews_on_time", "timetable")
    held = found["denominator"].fillna(0).astype(int).to_dict()
    assert held["First review"] == 1
    assert held["Second review"] == 1
    assert held["Placed for adoption"] == 1


def test_a_first_placement_is_no_change_of_placement(tmp_path):
    found = record(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE DEC        REC REASON_PLACE_CHANGE
        SYN1  01/05/2019 S   U6    01/08/2019 X1  CARPL
        SYN1  01/08/2019 P   K2    -          -   -
        SYN2  01/06/2019 S   U6    -          -   -
        """,
    )
    assert list(placements.moves_in(found, YEAR)["reason"]) == ["CARPL"]
    assert of(found, "placement_changes", "reason")["value"].sum() == 1
    assert of(found, "placement_changes", "month")["value"].sum() == 1


@pytest.mark.parametrize(
    ("ceased", "group"),
    [("30/03/2020", "Not UASC"), ("31/03/2020", "Not UASC"), ("01/04/2020", "UASC"),
     ("", "UASC")],
)  # fmt: skip
def test_who_ceased_to_be_unaccompanied_on_the_day_is_no_longer(tmp_path, ceased, group):
    write_return(tmp_path, "CHILD DECOM\nSYN1 01/05/2019")
    add_module(tmp_path, "uasc", f"CHILD DUC\nSYN1 {ceased or '-'}", SEX="1", DOB="15/06/2010")
    people = CareRecord.of(read(tmp_path)).looked_after_on(date(2020, 3, 31))
    assert list(people["uasc"]) == [group]


@pytest.mark.parametrize(
    ("care", "carer", "counted"),
    [
        pytest.param("30/09/2017", "31/03/2018", (1, 1), id="30 and 24 months to the day"),
        pytest.param("30/09/2017", "01/04/2018", (0, 1), id="a day less with one carer"),
        pytest.param("01/10/2017", "31/03/2018", None, id="a day less in care"),
    ],
)
def test_long_term_stability_takes_its_cut_off_days_in(tmp_path, care, carer, counted):
    found = record(
        tmp_path,
        f"""
        CHILD DECOM   RNE PLACE DEC     REC REASON_PLACE_CHANGE
        SYN1  {care}  S   U6    {carer} X1  CARPL
        SYN1  {carer} P   U4    -       -   -
        """,
    )
    [row] = of(found, "long_term_stability").itertuples()
    assert (row.status == "ok") == (counted is not None)
    if counted:
        assert (row.numerator, row.denominator) == counted


def test_placements_are_followed_through_the_whole_last_day(tmp_path):
    found = record(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE DEC        REC
        SYN1  01/05/2019 S   U6    31/03/2020 E4A
        SYN2  01/05/2019 S   U6    30/03/2020 E4A
        SYN3  01/05/2019 S   U6    -          -
        SYN4  31/03/2020 S   U6    -          -
        SYN5  01/03/2019 S   U6    01/04/2019 E4A
        SYN6  01/03/2019 S   U6    02/04/2019 E4A
        """,
    )
    window = placements.twelve_months(YEAR)
    assert (window.start, window.end) == (date(2019, 4, 1), date(2020, 3, 31))
    rows = placements.spells(found.placements, window).set_index("child")
    assert rows["ended_here"].to_dict() == {
        "SYN1": True, "SYN2": True, "SYN3": False, "SYN4": False, "SYN6": True
    }  # fmt: skip
    assert rows["time"].to_dict() == {"SYN1": 335, "SYN2": 334, "SYN3": 336, "SYN4": 1, "SYN6": 32}
    assert rows["entry"].to_dict() == {"SYN1": 0, "SYN2": 0, "SYN3": 0, "SYN4": 0, "SYN6": 31}


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        pytest.param("-", "ZZ9", 1, id="the earlier postcode is blank"),
        pytest.param("ZZ9", "-", 1, id="the later postcode is blank"),
        pytest.param("ZZ9", "ZZ9", 1, id="the same"),
        pytest.param("ZZ8", "ZZ9", 2, id="another"),
    ],
)
def test_a_blank_postcode_makes_no_new_placement(tmp_path, before, after, moves):
    found = record(
        tmp_path,
        f"""
        CHILD DECOM      RNE PL_POST  DEC        REC
        SYN1  01/05/2019 S   {before} 01/08/2019 X1
        SYN1  01/08/2019 -   {after}  -          -
        """,
    )
    assert len(found.placements) == moves


@pytest.mark.parametrize(
    ("day", "held"),
    [("01/05/2019", 1), ("07/05/2019", 1), ("08/05/2019", 0), ("30/04/2019", 0)],
)
def test_a_review_on_the_day_a_short_break_ends_is_not_one_of_it(tmp_path, day, held):
    breaks = {"CHILD": "SYN1", "DECOM": "01/05/2019", "DEC": "08/05/2019", "LS": "V3", "REC": "E8"}
    write_return(tmp_path, [breaks])
    add_module(tmp_path, "reviews", f"CHILD REVIEW REVIEW_CODE\nSYN1 {day} PN1", DOB="15/06/2010")
    assert len(CareRecord.of(read(tmp_path)).reviews_of_short_breaks) == held


def test_the_index_is_of_children_of_known_ethnicity(tmp_path):
    children = [
        {"CHILD": f"SYN{n}", "ETHNIC": code}
        for n, code in enumerate(["WBRI"] * 6 + ["AIND"] * 3 + ["REFU"] * 2 + ["NOBT"])
    ]
    rows = [{"CHILD": child["CHILD"], "DECOM": "01/05/2019"} for child in children]
    place = write_return(tmp_path, rows, children=children)
    lines = ["reference_date,breakdown,group,value,source"]
    for group in (
        "White",
        "Asian or Asian British",
        "Mixed or multiple ethnic groups",
        "Other ethnic group",
        '"Black, African, Caribbean or Black British"',
    ):
        lines.append(f"30/06/2019,ethnicity,{group},1000,invented")  # fmt: skip
    (place / "local").mkdir()
    (place / "local" / "population.csv").write_text("\n".join(lines), encoding="utf-8")
    found = of(CareRecord.of(read(place)), "ethnicity_index", "ethnicity")
    assert found["denominator"].eq(9).all()
    assert found.loc["White", "value"] == pytest.approx((6 / 9) / (1 / 5))


def test_of_two_open_episodes_the_later_start_decides_and_the_later_row_of_one_start(tmp_path):
    found = record(
        tmp_path,
        """
        CHILD DECOM      RNE PLACE PL_POST
        SYN1  01/05/2019 S   K2    ZZ1
        SYN1  01/08/2019 P   U6    ZZ2
        """,
    )
    people = found.looked_after_on(date(2020, 3, 31))
    assert list(people["place"]) == ["U6"]
    assert people["period_start"].tolist() == [pd.Timestamp("2019-08-01")]
