"""Reviews not held: on which day one is overdue, and when the end of care spares it."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import add_module, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators import reviews
from iro_analysis.indicators.evaluate import figures

YEAR = periods.single("2019-20")
EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"
BEFORE = "Z 01/06/2018 S C2 U6 02/06/2018 E4A"  # the returns open in 2018: starts are seen
BORN = "15/06/2010"


def record_of(tmp_path, episodes: str, *held: str) -> CareRecord:
    write_return(tmp_path, EPISODES + BEFORE, "2018-19")
    write_return(tmp_path, EPISODES + episodes, "2019-20")
    heading = "CHILD REVIEW REVIEW_CODE\n"
    add_module(tmp_path, "reviews", heading + "Z 01/06/2018 PN1", "2018-19", DOB=BORN)
    rows = [f"{each} PN1" for each in held or ["Z 01/06/2019"]]
    add_module(tmp_path, "reviews", heading + "\n".join(rows), DOB=BORN)
    return CareRecord.of(read(tmp_path))


def share(record, measure):
    [row] = figures(record, YEAR, measure, "all").itertuples()
    return row.numerator, row.denominator


@pytest.mark.parametrize(
    ("begins", "overdue"),
    [
        ("02/03/2020", 1),  # a Monday: the twentieth working day is Monday 30 March
        ("03/03/2020", 1),  # the last day of the year
        ("04/03/2020", 0),  # the day after
    ],
)
def test_a_first_review_is_overdue_at_the_end_of_the_day_it_is_due(tmp_path, begins, overdue):
    record = record_of(tmp_path, f"A {begins} S C2 U6 - -")
    assert share(record, "reviews_overdue") == (overdue, 1)


@pytest.mark.parametrize(
    ("third", "overdue"), [("30/03/2020", 0), ("31/03/2020", 0), ("01/04/2020", 1)]
)
def test_a_late_review_held_on_the_last_day_is_overdue_no_longer(tmp_path, third, overdue):
    # The third is due six months after the second: on 29 February.
    held = [f"A {day}" for day in ("10/06/2019", "30/08/2019", third)]
    record = record_of(tmp_path, "A 03/06/2019 S C2 U6 - -", *held)
    assert share(record, "reviews_overdue") == (overdue, 1)
    assert share(record, "children_all_reviews_on_time") == (0, 1)  # late in any case


@pytest.mark.parametrize(
    ("ended", "on_time"),
    [
        ("30/06/2019", 1),
        ("01/07/2019", 1),  # the twentieth working day: no longer looked after on it
        ("02/07/2019", 0),
    ],
)
def test_a_review_due_on_the_day_care_ended_was_not_required(tmp_path, ended, on_time):
    record = record_of(
        tmp_path,
        f"A 03/06/2019 S C2 U6 {ended} E4A\nA 01/10/2019 S C2 U6 - -",
        "A 15/10/2019",
        "A 15/01/2020",
    )
    assert share(record, "children_all_reviews_on_time") == (on_time, 1)


@pytest.mark.parametrize(
    ("ended", "still_due"),
    [
        ("30/03/2020 E4A", False),
        ("31/03/2020 E4A", False),  # not looked after on the last day
        ("- -", True),
    ],
)
def test_a_review_due_before_the_year_is_still_due_only_while_care_goes_on(
    tmp_path, ended, still_due
):
    record = record_of(tmp_path, f"A 04/02/2019 S C2 U6 {ended}")
    rows = reviews.outstanding(record, YEAR)
    assert list(rows["child"]) == ["A"] * still_due
    assert list(rows["due"]) == [pd.Timestamp("2019-03-04")] * still_due
