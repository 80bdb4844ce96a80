"""What a reader of the pages and of figures.csv found; held here so that it stays fixed."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from builders import add_list, add_module, read, shared_record, write_return

from iro_analysis import periods
from iro_analysis.cohorts.record import CareRecord
from iro_analysis.disclosure.publish import publish
from iro_analysis.errors import InputError, ReferenceDataError
from iro_analysis.indicators.evaluate import all_figures, figures
from iro_analysis.reading.commentary import read_commentary

pytestmark = pytest.mark.slow

YEAR = periods.single("2019-20")
ONE = "CHILD DECOM RNE LS PLACE DEC REC\nA 03/06/2019 S C2 U6 - -"


def one(record, measure, group="all", breakdown="all", period=YEAR):
    rows = figures(record, period, measure, breakdown)
    [row] = rows[rows["group"] == group].itertuples()
    return row


@pytest.mark.parametrize(
    ("module", "measure"),
    [
        ("reviews", "reviews_held"),
        ("missing", "children_missing"),
        pytest.param("reviews", "reviews_overdue", marks=pytest.mark.long),
        pytest.param("oc2", "health_assessment", marks=pytest.mark.long),
        pytest.param("oc3", "care_leavers_in_touch", marks=pytest.mark.long),
    ],
)
def test_a_module_with_a_header_and_no_row_is_not_zero(demo, tmp_path, module, measure):
    place = tmp_path / "demo"
    shutil.copytree(demo, place, ignore=shutil.ignore_patterns("202?-*"))  # the years after it
    path = place / "ssda903" / "2019-20" / f"{module}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    row = one(CareRecord.of(read(place)), measure)
    assert row.status == "not_available"
    assert "of 2019-20 holds no row that can be used" in row.note


def test_a_list_whose_children_are_in_no_return_is_not_zero(tmp_path):
    write_return(tmp_path, ONE)
    add_list(tmp_path, "ehc_plans", "child from to\n00A 01/01/2019 -\n00B 01/01/2019 -")
    row = one(CareRecord.of(read(tmp_path)), "ehc_plan")
    assert row.note == "no child of local/ehc_plans.csv is in the return"


def test_a_list_that_cannot_be_used_was_given_all_the_same(tmp_path):
    write_return(tmp_path, ONE)
    add_list(tmp_path, "disputes", "raised theme resolved\n01/05/2019 x -")
    row = one(CareRecord.of(read(tmp_path)), "disputes")
    assert row.note == "local/disputes.csv could not be used"


def test_a_caseload_list_of_one_day_will_do(tmp_path):
    write_return(tmp_path, ONE)
    add_list(tmp_path, "caseload", "officer date children\nR1 31/03/2020 50")
    add_list(tmp_path, "officers", "officer role full_time_equivalent started left\n"
             "R1 Full 1.0 01/01/2015 -")  # fmt: skip
    assert one(CareRecord.of(read(tmp_path)), "caseload_per_officer").value == 50


def test_a_dispute_resolved_before_it_was_raised_is_not_in_time(tmp_path):
    write_return(tmp_path, ONE)
    add_list(tmp_path, "disputes", "raised stage theme resolved\n03/06/2019 T D 01/05/2019")
    assert one(CareRecord.of(read(tmp_path)), "disputes_within_20_working_days").numerator == 0


def test_who_ceased_on_the_first_day_was_looked_after_in_the_period(tmp_path):
    write_return(tmp_path, ONE + "\nB 03/06/2018 S C2 U6 01/04/2019 E4A")
    add_module(tmp_path, "missing", "CHILD MISSING MIS_START MIS_END\nA M 01/07/2019 02/07/2019",
               DOB="15/06/2010")  # fmt: skip
    record = CareRecord.of(read(tmp_path))
    assert one(record, "ceased").value == 1
    assert one(record, "children_missing").denominator == 2


def test_a_trend_of_few_pupils_is_not_given(tmp_path):
    write_return(tmp_path, ONE)
    rows = "\n".join(f"{c} {y} 5 {g} 1 1" for c, y, g in
                     [("A", 2019, 5), ("B", 2019, 2), ("C", 2020, 5), ("D", 2020, 1)])  # fmt: skip
    add_list(tmp_path, "key_stage_4",
             "child year gcses_any gcses_grade4 english_grade4 maths_grade4\n" + rows)  # fmt: skip
    record = CareRecord.of(read(tmp_path))
    trend = publish(all_figures(record, YEAR), "committee").select("gcse_trend")
    assert set(trend.figures["status"]) == {"not_available"}


@pytest.mark.parametrize(
    "name",
    [
        "2019-20",
        pytest.param("2019-20-Q2", marks=pytest.mark.long),
        pytest.param("2020-21", marks=pytest.mark.long),
    ],
)
def test_no_small_count_by_adoptions_ages_or_stock_and_flow(demo, name):
    period = periods.single(name)
    record = shared_record(demo)
    shown = publish(all_figures(record, period), "committee").figures.set_index(
        ["measure", "breakdown", "group"]
    )

    def number(measure, breakdown="all", group="all", column="numerator"):
        row = shown.loc[(measure, breakdown, group)]
        return row[column] if row["status"] == "ok" else None

    def shown_as(*values):
        return None if None in values else values

    def safe(difference):
        return difference is None or not 1 <= difference <= 5

    averages = shown_as(number("adoption_a1_days", column="denominator"),
                    number("adoption_a2_days", column="denominator"))  # fmt: skip
    assert safe(averages and abs(averages[0] - averages[1]))
    during = number("children_missing", column="denominator")
    left = shown_as(during, number("looked_after"), number("ceased"))
    assert safe(left and left[1] + left[2] - left[0])
    bands = shown_as(*(number("looked_after", "age_band", band)
                   for band in ("5 to 9", "10 to 15", "16 and over")))  # fmt: skip
    of_age = number("ehc_plan", column="denominator")
    assert safe(None if bands is None or of_age is None else of_age - sum(bands))
    returns = number("return_interviews", column="denominator")
    incidents = number("missing_incidents")
    assert safe(None if None in (returns, incidents) else incidents - returns)


def test_a_measure_whose_record_lacks_its_counts_is_told_what_to_write(demo, monkeypatch):
    from iro_analysis import catalogue

    record = shared_record(demo)
    found = all_figures(record, YEAR)
    entry = catalogue.measures()["incidents_per_child"]
    known = {**catalogue.measures(), "incidents_per_child": replace(entry, counts={})}
    monkeypatch.setattr(catalogue, "measures", lambda: known)
    with pytest.raises(ReferenceDataError, match=r"counts = \{ denominator ="):
        publish(found, "committee")


@pytest.mark.parametrize("value", ["5", '["a", "b"]', "true"])
def test_a_fact_of_the_cover_is_text_or_a_date(tmp_path, value):
    import tomllib

    settings = tomllib.loads(f"[cover]\nward = {value}")
    with pytest.raises(InputError, match="ward should be text in quotes, or a date"):
        read_commentary(tmp_path, settings, YEAR)
