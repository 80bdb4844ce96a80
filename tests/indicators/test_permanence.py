"""Permanence: which of two days counts, and whose second review can be told."""

from __future__ import annotations

import pytest
from builders import add_list, add_module, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.indicators.evaluate import figures
from iro_analysis.members import register

EPISODES = "CHILD DECOM RNE LS PLACE DEC REC\n"
BORN = "15/06/2010"


def row_of(record, measure, period):
    [row] = figures(record, periods.single(period), measure, "all").itertuples()
    return row


def three_returns(tmp_path, third):
    """Returns of three years: a child who left at once, a child of no interest, and the third."""
    write_return(tmp_path, EPISODES + "Y 01/06/2016 S C2 U6 02/06/2016 E4A", "2016-17")
    write_return(tmp_path, EPISODES + "Z 01/06/2017 S C2 U6 02/06/2017 E4A", "2017-18")
    return write_return(tmp_path, EPISODES + third, "2018-19")


def match(folder, year, day):
    return add_module(folder, "ad1", f"CHILD DATE_INT DATE_MATCH\nA 01/06/2018 {day}", year,
                      DOB=BORN, FOSTER_CARE="0", NB_ADOPTR="2", SEX_ADOPTR="MF",
                      LS_ADOPTR="L11")  # fmt: skip


def test_of_two_adoptive_families_the_last_one_counts(tmp_path):
    folder = three_returns(
        tmp_path,
        "A 03/04/2018 S E1 U6 03/05/2018 X1\n"
        "A 03/05/2018 P E1 A4 03/06/2018 X1\n"  # the first family, for a month
        "A 03/06/2018 P E1 U6 02/07/2018 X1\n"
        "A 02/07/2018 P E1 A4 05/03/2019 E11",
    )
    # 3 April to 2 July 2018: 27 days of April, 31 of May, 30 of June and 2 of July.
    row = row_of(CareRecord.of(read(folder)), "adoption_a1_days", "2018-19")
    assert (row.value, row.denominator) == (27 + 31 + 30 + 2, 1)


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({"2018-19": "01/07/2018"}, 30),
        ({"2017-18": "11/06/2018", "2018-19": "01/07/2018"}, 30),
        ({"2017-18": "01/07/2018", "2018-19": "11/06/2018"}, 10),
    ],
)
def test_of_two_rows_on_one_adoption_the_later_return_gives_the_match(tmp_path, given, days):
    folder = three_returns(
        tmp_path,
        "A 03/04/2018 S C2 U6 01/06/2018 X1\n"
        "A 01/06/2018 L E1 U6 02/07/2018 X1\n"  # the placement order
        "A 02/07/2018 P E1 A4 05/03/2019 E11",
    )
    for year, day in given.items():
        match(folder, year, day)
    row = row_of(CareRecord.of(read(folder)), "adoption_a2_days", "2018-19")
    assert (row.value, row.denominator) == (days, 1)


SEEN = "A 03/06/2019 S C2 U6 - -"
UNSEEN = "A 03/06/2015 S C2 U6 - -"  # four years of reviews before the first return


@pytest.mark.parametrize(
    ("episodes", "reviews", "counted"),
    [
        pytest.param(SEEN, ["25/06/2019"], False, id="a first review alone"),
        pytest.param(SEEN, ["25/06/2019", "19/09/2019"], True, id="a first and a second"),
        pytest.param(SEEN, ["25/06/2019", "31/03/2020"], True, id="held on the last day"),
        pytest.param(SEEN, ["25/06/2019", "19/09/2019", "01/02/2020"], True, id="and a third"),
        pytest.param(UNSEEN, ["25/06/2019", "19/09/2019"], False, id="not the first two"),
        pytest.param(UNSEEN, ["25/06/2019", "19/09/2019", "01/02/2020"], False, id="nor three"),
    ],
)
def test_whose_second_review_can_be_told(tmp_path, episodes, reviews, counted):
    other = "B 03/06/2019 S C2 U6 - -"
    write_return(tmp_path, f"{EPISODES}{episodes}\n{other}")
    held = [*(f"A {day} PN1" for day in reviews), "B 20/06/2019 PN1", "B 20/09/2019 PN1"]
    add_module(tmp_path, "reviews", "CHILD REVIEW REVIEW_CODE\n" + "\n".join(held), DOB=BORN)
    add_list(tmp_path, "permanence_plans", "child date\nA 10/06/2019\nX 01/01/2015\nX 31/03/2020")
    record = CareRecord.of(read(tmp_path))
    row = row_of(record, "permanence_plan_by_second_review", "2019-20")
    assert (row.numerator, row.denominator) == (int(counted), 1 + counted)  # B has no plan
    listed = register.behind(record, periods.single("2019-20"), "permanence_plan_by_second_review")
    assert dict(zip(listed["child"], listed["counted"], strict=True)) == (
        {"A": True, "B": False} if counted else {"B": False}
    )
