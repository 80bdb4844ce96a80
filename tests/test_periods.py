from datetime import date

import pytest

from iro_analysis import periods
from iro_analysis.errors import PeriodError


@pytest.mark.parametrize(
    ("text", "start", "end", "folder"),
    [
        ("2019-20", "2019-04-01", "2020-03-31", "2019-20"),
        ("2019-20-H1", "2019-04-01", "2019-09-30", "2019-20-H1"),
        ("2019-20-H2", "2019-10-01", "2020-03-31", "2019-20-H2"),
        ("2019-20-Q1", "2019-04-01", "2019-06-30", "2019-20-Q1"),
        ("2019-20-q3", "2019-10-01", "2019-12-31", "2019-20-Q3"),
        ("2019-20-Q4", "2020-01-01", "2020-03-31", "2019-20-Q4"),
        ("1999-00", "1999-04-01", "2000-03-31", "1999-00"),
        ("2022-08-01:2023-01-31", "2022-08-01", "2023-01-31", "2022-08-01_to_2023-01-31"),
    ],
)
def test_a_period_has_both_its_ends_inside(text, start, end, folder):
    period = periods.single(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.folder == folder
    assert period.start in period
    assert period.end in period


def test_a_range_is_each_of_its_years():
    names = [period.name for period in periods.parse("2016-17..2019-20")]
    assert names == ["2016-17", "2017-18", "2018-19", "2019-20"]


@pytest.mark.parametrize(
    "text",
    ["2019", "2019-21", "2019-20-Q5", "2019-20-H3", "last year", "", "2020-01-31:2020-01-01",
     "2020-02-30:2020-03-31", "2019-20..2016-17", "2019-20-Q1..2019-20-Q3", "2019/20"],
)  # fmt: skip
def test_words_that_name_no_period_are_refused(text):
    with pytest.raises(PeriodError, match="period"):
        periods.parse(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        pytest.param("2020-03-31", -30, "2017-09-30", id="DfE's cut-off for time in care"),
        pytest.param("2020-03-31", -24, "2018-03-31", id="DfE's cut-off for the placement"),
        pytest.param("2020-02-29", 12, "2021-02-28", id="29 February plus a year"),
        pytest.param("2019-12-31", 2, "2020-02-29", id="into a leap February"),
        pytest.param("2020-01-31", -1, "2019-12-31", id="across the year's end"),
    ],
)
def test_months_are_added_by_the_same_day_or_the_months_last(day, months, expected):
    assert periods.add_months(date.fromisoformat(day), months).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "before"),
    [("2019-20", "2018-19"), ("2019-20-Q1", "2018-19-Q4"), ("2019-20-H2", "2019-20-H1")],
)
def test_the_period_before_is_of_the_same_kind(text, before):
    assert periods.previous(periods.single(text)).name == before


def test_only_the_statutory_year_is_a_year():
    assert periods.single("2019-04-01:2020-03-31").is_year
    assert not periods.single("2019-01-01:2019-12-31").is_year
    assert not periods.single("2018-04-01:2020-03-31").is_year


def test_year_ends_are_the_last_31_marches_up_to_the_day():
    assert [d.year for d in periods.year_ends(date(2020, 3, 31))] == [2016, 2017, 2018, 2019, 2020]
    assert [d.year for d in periods.year_ends(date(2020, 3, 30))] == [2015, 2016, 2017, 2018, 2019]
