from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    ("text", "before", "year_before"),
    [
        ("2019-20", "2018-19", "2018-19"),
        ("2019-20-H1", "2018-19-H2", "2018-19-H1"),
        ("2019-20-H2", "2019-20-H1", "2018-19-H2"),
        ("2019-20-Q1", "2018-19-Q4", "2018-19-Q1"),
        ("2019-04-01:2020-03-31", "2018-19", "2018-19"),
        ("2019-01-01:2019-12-31", "2018-01-01:2018-12-31", "2018-01-01:2018-12-31"),
        ("2021-09-01:2022-08-31", "2020-09-01:2021-08-31", "2020-09-01:2021-08-31"),
        ("2021-09-15:2022-09-14", "2020-09-15:2021-09-14", "2020-09-15:2021-09-14"),
        ("2019-03-01:2020-02-29", "2018-03-01:2019-02-28", "2018-03-01:2019-02-28"),
        ("2020-02-01:2020-02-29", "2020-01-01:2020-01-31", "2019-02-01:2019-02-28"),
        ("2021-02-28:2021-02-28", "2021-02-27:2021-02-27", "2020-02-28:2020-02-28"),
        ("2020-02-29:2020-02-29", "2020-02-28:2020-02-28", "2019-02-28:2019-02-28"),
        ("2022-12-18:2023-01-03", "2022-12-01:2022-12-17", "2021-12-18:2022-01-03"),
        ("2022-12-18:2022-12-19", "2022-12-16:2022-12-17", "2021-12-18:2021-12-19"),
        ("2019-11-20:2020-01-02", "2019-10-07:2019-11-19", "2018-11-20:2019-01-02"),
        ("2019-05-01:2020-03-31", "2018-06-01:2019-04-30", "2018-05-01:2019-03-31"),
        ("2018-04-01:2020-03-31", "2016-04-01:2018-03-31", "2017-04-01:2019-03-31"),
        ("2019-03-01:2020-03-31", "2018-02-01:2019-02-28", "2018-03-01:2019-03-31"),
        ("2016-04-01:2021-03-31", "2011-04-01:2016-03-31", "2015-04-01:2020-03-31"),
    ],
)
def test_a_period_has_one_before_it_and_one_a_year_before(text, before, year_before):
    period = periods.single(text)
    found = periods.just_before(period)
    assert found.name == before
    assert found.end == period.start - timedelta(days=1)
    assert periods.moved(period, -12).name == year_before
    if not periods.whole_months(period):
        assert found.days == period.days


@given(st.dates(date(2001, 1, 1), date(2030, 12, 31)), st.integers(0, 2000))
def test_each_period_is_compared_with_another_once_and_is_found_by_its_name(start, more):
    period = periods.single(f"{start}:{start + timedelta(days=more)}")
    several = periods.compared_periods(period)
    assert several[-1] == period
    assert len({(each.start, each.end) for each in several}) == len(several)
    assert len({each.name for each in several}) == len(several)
    for each in several[:-1]:
        assert periods.single(each.name) == each
        assert each.end < period.end
        assert abs((each.end - each.start) - (period.end - period.start)) <= timedelta(days=6)
    before = periods.just_before(period)
    assert before in periods.apart(several, period)
    assert before.end == start - timedelta(days=1)
    assert not any(periods.overlap(each, period) for each in periods.apart(several, period)[:-1])


@pytest.mark.parametrize("text", ["0001-01-01:0001-02-01", "2019-01-01:9999-12-31"])
def test_dates_of_no_return_are_refused(text):
    with pytest.raises(PeriodError, match="no return is that old or new"):
        periods.single(text)


def test_only_the_statutory_year_is_a_year():
    assert periods.single("2019-04-01:2020-03-31").is_year
    assert not periods.single("2019-01-01:2019-12-31").is_year
    assert not periods.single("2018-04-01:2020-03-31").is_year


def test_year_ends_are_the_last_31_marches_up_to_the_day():
    assert [d.year for d in periods.year_ends(date(2020, 3, 31))] == [2016, 2017, 2018, 2019, 2020]
    assert [d.year for d in periods.year_ends(date(2020, 3, 30))] == [2015, 2016, 2017, 2018, 2019]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2019/20", "2019-20"), ("2019-21", "2019-20"), ("19-20", "2019-20"), ("2019", "2019-20"),
        ("2019-2020", "2019-20"), ("2019-20Q3", "2019-20-Q3"), ("Q3 2019/20", "2019-20-Q3"),
        ("H2 2019-20", "2019-20-H2"),
    ],
)  # fmt: skip
def test_a_period_that_is_written_otherwise_is_named(text, meant):
    with pytest.raises(PeriodError, match=rf"did you mean {meant}\?"):
        periods.single(text)


def test_words_without_a_year_name_no_period():
    with pytest.raises(PeriodError) as refused:
        periods.single("last year")
    assert "did you mean" not in str(refused.value)
