"""Disproportionality at entry: who is counted, the ages, the spread; worked out by hand."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from builders import CHILD, read, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.comparators.populations import Population
from iro_analysis.indicators import ethnicity_at_entry

YEAR = periods.single("2019-20")
MEASURE = "ethnicity_entry_ratio"
BLACK = "Black, African, Caribbean or Black British"
MIXED, ASIAN = "Mixed or multiple ethnic groups", "Asian or Asian British"
OTHER = "Other ethnic group"
# Children under 10, and from 10 to 17.
SIZES = {
    "White": (2000, 2000), BLACK: (200, 400), MIXED: (1, 300), ASIAN: (500, 500), OTHER: (0, 50),
}  # fmt: skip
ONE_EACH_QUARTER = ["{:02d}/05/2019", "{:02d}/08/2019", "{:02d}/11/2019", "{:02d}/02/2020"]


def came(code, number, age, letter):
    """Children of a group who came on their birthday, in each quarter of 2019-20 in turn."""
    days = [ONE_EACH_QUARTER[n % 4].format(1 + n // 4) for n in range(number)]
    return [
        (f"{letter}{n:03d}", code, f"{day[:6]}{int(day[6:]) - age}", day)
        for n, day in enumerate(days)
    ]


def returned(tmp_path, children, years=("2019-20",), one_home=()):
    """Returns of children as (name, ethnic code, birth, first day), each of a home of its own."""
    for year in years:
        last = f"{int(year[:4]) + 1}0331"
        held = [each for each in children if "".join(reversed(each[3].split("/"))) <= last]
        write_return(
            tmp_path,
            [{"CHILD": name, "DECOM": day,
              "HOME_POST": "ZZ1 1ZZ" if name in one_home else f"ZZ1 {name}"}
             for name, _, _, day in held],
            year,
            [{**CHILD, "CHILD": name, "DOB": born, "ETHNIC": code} for name, code, born, _ in held],
        )  # fmt: skip
    return CareRecord.of(read(tmp_path))


def ratios(record, monkeypatch, sizes):
    """The figures by group, with these children of the area under 10 and from 10 to 17."""
    day = date(2019, 6, 30)
    both = (
        Population(day, "own list", {k: young + old for k, (young, old) in sizes.items()}, ""),
        Population(day, "own list", {k: old for k, (_, old) in sizes.items()}, ""),
    )
    monkeypatch.setattr(ethnicity_at_entry, "populations", lambda record: both)
    return ethnicity_at_entry.entry_ratio(record, YEAR, "ethnicity").set_index("group")


@pytest.fixture
def of_two_ages(tmp_path):
    """20 White children aged 4 and 20 aged 10; 12 Black, 10 Mixed and 9 Asian ones aged 10."""
    unknown = [
        ("U000", "NOBT", "15/06/2012", "03/07/2019"),
        ("U001", "WBRI", "15/06/2001", "03/07/2019"),
        ("U002", "WBRI", "15/08/2019", "03/07/2019"),  # born after the day: a wrong date
    ]
    return returned(
        tmp_path,
        came("WBRI", 20, 4, "V") + came("WBRI", 20, 10, "W") + came("BAFR", 12, 10, "B")
        + came("MWAS", 10, 10, "M") + came("AIND", 9, 10, "A") + unknown,
    )  # fmt: skip


def test_those_expected_are_of_the_same_ages_and_a_child_of_10_is_of_the_older(
    of_two_ages, monkeypatch
):
    found = ratios(of_two_ages, monkeypatch, SIZES)
    # White: 20 of 2,000 under 10 and 20 of 2,000 older, 1 in 100 of each. Of 200 and 400 Black
    # children 2 and 4 are expected; 12 came.
    black = found.loc[BLACK]
    assert (black["numerator"], black["denominator"], black["value"]) == (12, 40, 2)
    # As many came in each quarter and none with another, so the variance is that of chance alone:
    # 1/12, and (0.1² of 20 + 0.2² of 20) / 6² = 1/36 for those expected; 1/9 together.
    assert black["upper"] == pytest.approx(2 * math.exp(1.959963985 / 3))
    assert black["lower"] == pytest.approx(2 / math.exp(1.959963985 / 3))
    # Ten are enough, one child of the area under 10 too: 0.01 and 3 are expected.
    assert found.loc[MIXED, "value"] == pytest.approx(10 / 3.01)
    assert found.loc[ASIAN, "note"] == "fewer than 10 came into care"
    assert "gives no children of the group and age" in found.loc[OTHER, "note"]


def test_an_unknown_group_an_adult_and_a_wrong_birth_date_are_left_out_and_said(
    of_two_ages, monkeypatch
):
    found = ratios(of_two_ages, monkeypatch, SIZES)
    assert found.loc["White", "numerator"] == 40
    assert found.loc[BLACK, "note"].endswith("; 3 of unknown ethnic group or age are left out")


def test_where_everyone_is_known_nothing_is_said_of_unknown_ones(tmp_path, monkeypatch):
    """And where no child under 10 came, none is expected of that age."""
    record = returned(tmp_path, came("WBRI", 20, 12, "W") + came("BAFR", 12, 12, "B"))
    black = ratios(record, monkeypatch, SIZES).loc[BLACK]
    assert (black["numerator"], black["denominator"]) == (12, 20)
    assert black["value"] == 12 / 4  # White: 20 of 2,000; of 400 Black children 4 are expected
    assert "unknown" not in black["note"]


def test_without_white_children_of_an_age_there_is_no_ratio(of_two_ages, monkeypatch):
    found = ratios(of_two_ages, monkeypatch, SIZES | {"White": (0, 2000)})
    assert found["note"].str.startswith("there are no White children").all()
    # One is enough: 20 to each child under 10, and 20 of 2,000 older; of 1 and 300 Mixed children
    # 20 and 3 are expected.
    found = ratios(of_two_ages, monkeypatch, SIZES | {"White": (1, 2000)})
    assert found.loc[MIXED, "value"] == pytest.approx(10 / 23)


def test_where_no_white_child_came_there_is_no_ratio(tmp_path, monkeypatch):
    found = ratios(returned(tmp_path, came("BAFR", 12, 12, "B")), monkeypatch, SIZES)
    assert found["note"].str.startswith("there are no White children, or none who came").all()


def test_years_are_the_oldest_first_and_none_without_the_last(tmp_path):
    children = [*came("WBRI", 4, 4, "W"), ("V000", "WBRI", "01/01/2014", "01/05/2017")]
    record = returned(tmp_path, children, ("2017-18", "2018-19", "2019-20"))
    several = ethnicity_at_entry.years(record, YEAR, MEASURE)
    assert [each.name for each in several] == ["2017-18", "2018-19", "2019-20"]
    after = periods.single("2020-21-Q1")  # the returns give nine of the twelve months to its end
    assert ethnicity_at_entry.years(record, after, MEASURE) == []


def spread(record, *ends):
    """The spread of those who came in years that end on these days."""
    several = [periods.of_days(start, end) for start, end in ends]
    people = pd.concat([record.started(year) for year in several], ignore_index=True)
    return ethnicity_at_entry._spread(
        record, people, ethnicity_at_entry._counts(people), several
    ), len(people)


def on(days, code="WBRI"):
    """Children of a group who came on these days."""
    return [(f"{code[0]}{n:03d}", code, "15/06/2012", day) for n, day in enumerate(days.split())]


def test_the_spread_over_the_quarters_of_three_years(tmp_path):
    """24 White children over 12 quarters, 2 to each; one Black child, a twelfth to each."""
    white = on(
        "01/04/2017 02/04/2017 01/05/2017 02/05/2017 29/06/2017 30/06/2017 "  # the first: 6
        "01/07/2017 01/08/2017 30/09/2017 "  # the second: 3
        "01/04/2019 02/04/2019 01/05/2019 02/05/2019 29/06/2019 30/06/2019 "  # the ninth: 6
        "01/10/2019 01/11/2019 31/12/2019 "  # the eleventh: 3
        "01/01/2020 02/01/2020 01/02/2020 02/02/2020 30/03/2020 31/03/2020"  # the twelfth: 6
    )
    record = returned(tmp_path, white + on("01/05/2018", "BAFR"), ("2017-18", "2018-19", "2019-20"))
    ends = [(date(year, 4, 1), date(year + 1, 3, 31)) for year in (2017, 2018, 2019)]
    (phi, freedom), people = spread(record, *ends)
    assert people == 25
    # White: 3 quarters are 4 over 2, 2 are 1 over, 7 are 2 under: (48 + 2 + 28) / 2 = 39.
    # The Black child: (11/12)² and 11 times (1/12)², over 1/12: 11.
    assert phi == pytest.approx((39 + 11) / 22)
    assert freedom == 22


def test_quarters_of_a_year_that_does_not_begin_on_the_first_of_a_month(tmp_path):
    """From 16 March: 4 until 15 June, then 1, 1 and 2; each 2 but for chance."""
    days = "16/03/2019 20/03/2019 10/04/2019 15/06/2019 16/06/2019 20/10/2019 16/12/2019 15/03/2020"
    record = returned(tmp_path, on(days), ("2018-19", "2019-20"))
    (phi, freedom), people = spread(record, (date(2019, 3, 16), date(2020, 3, 15)))
    assert people == 8
    # (2² + 1 + 1) / 2 over three degrees of freedom is 1, as much as that of children who come
    # alone; the degrees are then kept.
    assert (phi, freedom) == (1.0, 3.0)


def test_the_last_day_of_a_year_to_the_end_of_february_is_of_the_last_quarter(tmp_path):
    """From 28 February 2019 to 28 February 2020: 2, 1, 1, and 4 with the child of the last day."""
    days = "01/03/2019 10/04/2019 10/06/2019 10/09/2019 10/12/2019 10/01/2020 10/02/2020 28/02/2020"
    record = returned(tmp_path, on(days), ("2018-19", "2019-20"))
    (phi, freedom), people = spread(record, (date(2019, 2, 28), date(2020, 2, 28)))
    assert people == 8
    assert (phi, freedom) == (1.0, 3.0)


def test_two_pairs_of_brothers_and_sisters_and_four_children_alone(tmp_path):
    """2 in each quarter, so that only who comes together tells: (4 + 4 + 4) / 8."""
    days = "01/05/2019 01/05/2019 01/08/2019 01/08/2019 01/11/2019 02/11/2019 01/02/2020 02/02/2020"
    record = returned(tmp_path, on(days), one_home=("W000", "W001", "W002", "W003"))
    found, people = spread(record, (date(2019, 4, 1), date(2020, 3, 31)))
    assert people == 8
    assert found == (1.5, math.inf)
