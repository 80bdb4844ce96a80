"""Reviews: worked examples of what was due when, one row for each rule that can be disputed."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import add_module, read, shared_record, write_return

from iro_analysis import periods, working_days
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.estimates import clustered
from iro_analysis.indicators.evaluate import figures
from iro_analysis.indicators.reviews import judged

YEAR = periods.single("2019-20")
NOBODY_BEFORE = (
    "CHILD DECOM RNE DEC REC\nZ 01/06/2018 S 02/06/2018 E4A"  # opens the returns in 2018
)


def record_of(tmp_path, episodes: str, reviews: str, *, born: str = "15/06/2010") -> CareRecord:
    """A record of two returns; the first holds nobody of interest, so that starts are seen."""
    write_return(tmp_path, NOBODY_BEFORE, "2018-19")
    write_return(tmp_path, episodes, "2019-20", children=[
        {"CHILD": child, "DOB": born}
        for child in dict.fromkeys(line.split()[0] for line in episodes.strip().splitlines()[1:])
    ])  # fmt: skip
    add_module(tmp_path, "reviews", "CHILD REVIEW REVIEW_CODE\nZ 01/06/2018 PN1", "2018-19",
               DOB="15/06/2010")  # fmt: skip
    add_module(tmp_path, "reviews", "CHILD REVIEW REVIEW_CODE\n" + reviews, DOB=born)
    return CareRecord.of(read(tmp_path))


def one(record, measure, group="all", breakdown="all", period=YEAR):
    rows = figures(record, period, measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples()
    return row


@pytest.mark.parametrize(
    ("begins", "twentieth"),
    [
        ("03/06/2019", "01/07/2019"),  # a Monday; no bank holiday between
        ("01/06/2019", "28/06/2019"),  # a Saturday is day 0: Monday is working day 1
        ("02/12/2019", "02/01/2020"),  # Christmas, Boxing Day and New Year between
        ("15/04/2019", "16/05/2019"),  # Good Friday, Easter Monday, early May between
        ("20/04/2020", "19/05/2020"),  # the early May holiday of 2020 was on Friday 8 May
    ],
)
def test_the_twentieth_working_day(begins, twentieth):
    found = working_days.after(pd.Series(pd.to_datetime([begins], dayfirst=True)), 20)
    assert found[0].strftime("%d/%m/%Y") == twentieth


ONE_CHILD = "CHILD DECOM RNE LS PLACE DEC REC\n"


@pytest.mark.parametrize(
    ("episodes", "reviews", "on_time", "judged"),
    [
        pytest.param("A 03/06/2019 S C2 U6 - -", "A 01/07/2019 PN1", 1, 1,
                     id="first review on the twentieth working day"),
        pytest.param("A 03/06/2019 S C2 U6 - -", "A 02/07/2019 PN1", 0, 1,
                     id="first review a day after it"),
        pytest.param("A 03/06/2019 S C2 U6 - -", "A 01/07/2019 PN1\nA 01/10/2019 PN1", 2, 2,
                     id="second within three months of the first, to the day"),
        pytest.param("A 03/06/2019 S C2 U6 - -", "A 01/07/2019 PN1\nA 02/10/2019 PN1", 1, 2,
                     id="second a day later"),
        pytest.param("A 03/06/2019 S C2 U6 - -",
                     "A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 28/02/2020 PN1", 3, 3,
                     id="third within six months, clipped to the month's end"),
        pytest.param("A 03/06/2019 S C2 U6 - -",
                     "A 10/06/2019 PN1\nA 11/09/2019 PN1\nA 11/03/2020 PN1", 2, 3,
                     id="a late one moves the next: the interval runs from the actual review"),
        pytest.param("A 03/06/2019 S E1 U6 02/09/2019 X1\nA 02/09/2019 P E1 A4 - -",
                     "A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 30/09/2019 PN1", 3, 3,
                     id="placed for adoption: within four weeks of being placed"),
        pytest.param("A 03/06/2019 S E1 U6 02/09/2019 X1\nA 02/09/2019 P E1 A4 - -",
                     "A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 01/10/2019 PN1", 2, 3,
                     id="placed for adoption: a day after the four weeks"),
        pytest.param("A 03/06/2019 S E1 U6 20/09/2019 X1\nA 20/09/2019 P E1 A4 - -",
                     "A 10/06/2019 PN1\nA 30/09/2019 PN1\nA 15/01/2020 PN1", 1, 3,
                     id="placed for adoption: overdue before it, and then three months"),
        pytest.param("A 03/06/2019 S V4 U6 - -", "A 01/07/2019 PN1", 0, 0,
                     id="short breaks are not counted"),
        pytest.param("A 03/06/2019 S C2 U6 01/08/2019 E4A", "A 01/08/2019 PN1", 0, 0,
                     id="not looked after on the day care ended"),
        pytest.param("A 10/05/2018 L C2 U6 - -", "A 01/07/2019 PN1\nA 01/10/2019 PN1", 1, 2,
                     id="an RNE other than S within the returns: care began there all the same"),
    ],
)  # fmt: skip
def test_reviews_on_time(tmp_path, episodes, reviews, on_time, judged):
    record = record_of(tmp_path, ONE_CHILD + episodes, reviews)
    row = one(record, "reviews_on_time")
    if not judged:
        assert row.status == "not_available"
    else:
        assert (row.numerator, row.denominator) == (on_time, judged)


def test_the_first_review_seen_of_a_child_long_in_care_is_not_judged(tmp_path):
    write_return(tmp_path, "CHILD DECOM RNE LS PLACE\nA 03/06/2015 S C2 U6", "2019-20")
    add_module(tmp_path, "reviews", "CHILD REVIEW REVIEW_CODE\nA 01/07/2019 PN1\nA 10/12/2019 PN1",
               DOB="15/06/2010")  # fmt: skip
    record = CareRecord.of(read(tmp_path))
    row = one(record, "reviews_on_time")
    assert (row.numerator, row.denominator) == (1, 1)  # the second seen: within six months
    assert one(record, "reviews_held").value == 2


@pytest.mark.parametrize(
    ("reviews", "good", "children", "overdue"),
    [
        pytest.param("A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 10/02/2020 PN1", 1, 1, 0,
                     id="all held on time"),
        pytest.param("A 10/06/2019 PN1\nA 30/08/2019 PN1", 0, 1, 1,
                     id="one due in February and never held"),
        pytest.param("A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 10/02/2020 PN1\nA 09/04/2020 PN1",
                     1, 1, 0, id="what comes after the year does not matter"),
        pytest.param("A 10/06/2019 PN1\nA 30/08/2019 PN1\nA 09/04/2020 PN1", 0, 1, 1,
                     id="held after the year's end, and due before it"),
        pytest.param("A 03/07/2019 PN1\nA 30/08/2019 PN1\nA 10/02/2020 PN1", 0, 1, 0,
                     id="one late of three makes the child late"),
    ],
)  # fmt: skip
def test_per_child_and_overdue(tmp_path, reviews, good, children, overdue):
    record = record_of(tmp_path, ONE_CHILD + "A 03/06/2019 S C2 U6 - -", reviews)
    row = one(record, "children_all_reviews_on_time")
    assert (row.numerator, row.denominator) == (good, children)
    assert one(record, "reviews_overdue").numerator == overdue


def test_someone_just_come_into_care_has_no_review_due_yet(tmp_path):
    record = record_of(tmp_path, ONE_CHILD + "A 20/03/2020 S C2 U6 - -", "A 27/03/2020 PN1")
    assert one(record, "children_all_reviews_on_time").status == "not_available"


def test_participation_has_three_rates_and_blanks_are_not_absence(tmp_path):
    codes = ["PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7", "PN7", "-"]
    reviews = "\n".join(f"A {day:02}/07/2019 {code}" for day, code in enumerate(codes, start=1))
    record = record_of(tmp_path, ONE_CHILD + "A 03/06/2019 S C2 U6 - -", reviews)
    assert one(record, "reviews_held").value == 10
    assert one(record, "review_participation", "Not known", "code").value == 1
    rates = {
        name: (one(record, name).numerator, one(record, name).denominator)
        for name in ("reviews_attended", "views_conveyed", "no_participation")
    }
    # PN4 attended and conveyed nothing; PN5 and PN6 conveyed and did not attend; PN7 neither.
    assert rates == {
        "reviews_attended": (4, 8),
        "views_conveyed": (5, 8),
        "no_participation": (2, 8),
    }


def test_under_fives_by_the_age_on_the_day_and_the_review_before(tmp_path):
    reviews = "A 10/06/2019 PN0\nA 10/09/2019 PN0\nA 11/12/2019 PN0\nA 12/02/2020 PN0"
    record = record_of(tmp_path, ONE_CHILD + "A 03/06/2019 S C2 U6 - -", reviews, born="12/02/2015")
    # 10/09 is three months after 10/06 to the day; 11/12 is a day too late; on 12/02/2020 five.
    row = one(record, "under_five_three_monthly")
    assert (row.numerator, row.denominator) == (1, 2)


def test_reviews_in_short_breaks_stand_apart(tmp_path):
    episodes = "A 03/06/2019 S V4 U6 05/06/2019 E8\nA 03/09/2019 S V4 U6 05/09/2019 E8"
    record = record_of(tmp_path, ONE_CHILD + episodes, "A 03/09/2019 PN1")
    row = one(record, "reviews_on_time", "Short breaks", "short_breaks")
    assert (row.numerator, row.denominator) == (1, 1)  # three months after the first, to the day
    assert one(record, "reviews_held").value == 0


def test_the_range_of_each_timetable_allows_for_one_childs_reviews_being_alike(demo):
    record = shared_record(demo)
    rows = judged(record, YEAR)
    found = figures(record, YEAR, "reviews_on_time", "timetable").set_index("group")
    later = rows[rows["timetable"].eq("Later reviews")]
    by_child = later.groupby("child")["on_time"].agg(["sum", "size"])
    share = clustered.clustered_share(by_child["sum"], by_child["size"])
    row = found.loc["Later reviews"]
    assert (row["lower"], row["upper"]) == (share.lower * 100, share.upper * 100)
    assert (row["numerator"], row["denominator"]) == (later["on_time"].sum(), len(later))
