"""Caseloads of reviewing officers: worked examples at the edges of each rule."""

from __future__ import annotations

import pytest
from builders import add_list, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import evaluate

YEAR = periods.single("2019-20")
FULL_TIME = "officer role full_time_equivalent started left\nR1 Full_time 1.0 01/01/2015 -\n"


def per_officer(tmp_path, caseload, staff=""):
    """The figure of children per officer, where R1 is always there and works full time."""
    write_return(tmp_path, "CHILD DECOM LS\nA 03/06/2019 C2")
    add_list(tmp_path, "caseload", "officer date children\n" + caseload)
    add_list(tmp_path, "officers", FULL_TIME + staff)
    record = CareRecord.of(read(tmp_path))
    [row] = evaluate.figures(record, YEAR, "caseload_per_officer", "all").itertuples()
    return row


@pytest.mark.parametrize(
    ("caseload", "children", "day"),
    [
        ("R1 30/09/2019 60\nR1 31/03/2020 50", 50, "31 March 2020"),
        ("R1 31/03/2020 50\nR1 30/09/2019 60", 50, "31 March 2020"),
        ("R1 30/09/2019 60\nR1 01/04/2020 50", 60, "30 September 2019"),
        ("R1 31/03/2019 60\nR1 01/04/2019 40", 40, "1 April 2019"),
    ],
)
def test_the_caseload_is_that_of_the_last_date_of_the_list_in_the_period(
    tmp_path, caseload, children, day
):
    row = per_officer(tmp_path, caseload)
    assert (row.numerator, row.denominator, row.value) == (children, 1, children)
    assert row.note == f"on {day}"


@pytest.mark.parametrize(
    ("held", "staff", "children", "time"),
    [
        pytest.param(0, "", 50, 1, id="none: need not be in the list of officers"),
        pytest.param(0, "R2 Part_time 0.5 01/01/2015 -", 50, 1, id="none: is not in the divisor"),
        pytest.param(1, "R2 Part_time 0.5 01/01/2015 -", 51, 1.5, id="one child"),
        pytest.param(25, "R2 Part_time 0.1 01/01/2014 -\nR2 Part_time 0.5 01/01/2015 -", 75, 1.5,
                     id="two rows for one officer: the later one"),
        pytest.param(25, "R2 Part_time 0.5 01/01/2015 -\nR2 Part_time 0.1 01/01/2014 -", 75, 1.1,
                     id="the later row in the list, not the later day"),
        pytest.param(25, "R2 Part_time 0.5 31/03/2020 -", 75, 1.5, id="came on the day"),
        pytest.param(25, "R2 Part_time 0.5 01/04/2020 -", None, None, id="came a day later"),
        pytest.param(25, "R2 Part_time 0.5 01/01/2015 01/04/2020", 75, 1.5, id="left a day later"),
        pytest.param(25, "R2 Part_time 0.5 01/01/2015 31/03/2020", 75, 1.5,
                     id="the day is the last day at work"),
        pytest.param(25, "R2 Part_time 0.5 01/01/2015 30/03/2020", None, None,
                     id="had left the day before"),
        pytest.param(25, "R2 Part_time 0.05 01/01/2015 -", 75, 1.05, id="a day a month"),
        pytest.param(25, "R2 Part_time 0 01/01/2015 -", None, None, id="works no time at all"),
    ],
)  # fmt: skip
def test_whose_children_and_whose_time_count(tmp_path, held, staff, children, time):
    row = per_officer(tmp_path, f"R1 31/03/2020 50\nR2 31/03/2020 {held}", staff)
    if children is None:
        assert row.status == "not_available"
        assert row.note.startswith("1 of the officers with a caseload on 31 March 2020 have no")
    else:
        assert (row.numerator, row.denominator) == (children, time)
        assert row.value == pytest.approx(children / time)


@pytest.mark.parametrize(
    ("caseload", "why"),
    [
        ("R1 31/03/2020 50\nR2 31/03/2020 -", "1 of the rows of local/caseload.csv of 31 March"),
        ("R1 31/03/2020 0", "local/caseload.csv gives no children on 31 March 2020"),
        ("R1 31/03/2019 50", "local/caseload.csv has no row dated in the period"),
    ],
)
def test_a_blank_number_none_and_no_row_give_no_figure(tmp_path, caseload, why):
    row = per_officer(tmp_path, caseload)
    assert row.status == "not_available"
    assert row.note.startswith(why)


def test_officers_are_counted_once_and_by_their_later_row(tmp_path):
    write_return(tmp_path, "CHILD DECOM LS\nA 03/06/2019 C2")
    staff = "R2 Part_time 0.5 01/01/2015 31/12/2018\nR2 Full_time 1.0 01/01/2019 -"
    add_list(tmp_path, "officers", FULL_TIME + staff)
    found = evaluate.figures(CareRecord.of(read(tmp_path)), YEAR, "officers", "all")
    assert found["value"].tolist() == [2]
