"""Comparisons of a report: everything is tested or named, and nothing hidden is told."""

from __future__ import annotations

import csv
import math

import pytest

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD
from iro_analysis.comparisons import COLUMNS, Comparison, Kind, Verdict, as_table, select
from iro_analysis.comparisons.compare import may_be_shown
from iro_analysis.runner import outputs
from iro_analysis.study import Study


@pytest.fixture(scope="module", params=["internal", "committee"])
def study(request, demo):
    return Study.open(str(demo), "2019-20", request.param)


def test_every_headline_with_a_year_before_is_tested_or_named_with_the_reason(study):
    compared = {each.measure: each for each in select(study.comparisons(), against="2018-19")}
    for entry in catalogue.measures().values():
        if not entry.history:
            continue
        rows = {row.group: row for row in study.published(entry.id, PERIOD)}
        if {rows[year].status for year in ("2018-19", "2019-20") if year in rows} != {"ok"}:
            continue
        found = compared[entry.id]
        assert (found.value, found.other) == (rows["2019-20"].value, rows["2018-19"].value)
        assert (found.verdict is Verdict.NOT_TESTED) == (not found.test)
        assert found.test or found.reason


def test_what_a_referee_found_unsaid_is_found(study):
    found = {each.measure: each for each in select(study.comparisons(), against="2018-19")}
    plans = found["ehc_plan"]
    assert plans.verdict is Verdict.HIGHER
    assert plans.difference == pytest.approx(7.4, abs=0.05)
    assert plans.lower == pytest.approx(2.3, abs=0.11)
    assert plans.upper == pytest.approx(12.6, abs=0.11)
    assert found["care_leavers_in_touch"].verdict is Verdict.HIGHER
    assert found["looked_after"].verdict is Verdict.NOT_CLEAR


def test_a_group_of_few_is_not_denied_its_difference(demo):
    found = Study.open(str(demo), "2019-20", "internal").comparisons()
    few = select(found, "ethnicity_rate_ratio", "ethnicity")
    other = next(each for each in few if each.group == "Other ethnic group")
    assert other.verdict is Verdict.HIGHER


def test_nothing_hidden_is_compared(study):
    hidden = study.everything.figures
    hidden = hidden[hidden["status"].eq("suppressed")]
    cells = {*hidden[["measure", "breakdown", "group"]].itertuples(index=False, name=None)}
    for each in study.comparisons():
        row = (each.measure, each.breakdown, each.group)
        past = (each.measure, PERIOD, each.against)
        if row in cells or past in cells:
            assert each.verdict is Verdict.NOT_TESTED
            assert math.isnan(each.difference)


def test_a_range_that_would_tell_a_small_number_is_left_out_and_its_verdict_stays(study):
    made = Comparison(
        "2019-20", "ehc_plan", "all", "all", Kind.PERIOD, "2018-19", 40.0, 33.0, 7.0, 2.31, 12.52,
        "a test", 0.0061, 0.3, "headlines", Verdict.HIGHER, rests_on=(12, 3),
    )  # fmt: skip
    shown = may_be_shown(made, study.everything)
    assert shown.verdict is Verdict.HIGHER
    assert shown.rests_on == ()
    if study.audience == "internal":
        assert (shown.lower, shown.p) == (2.31, 0.0061)
    else:
        assert math.isnan(shown.lower)
        assert math.isnan(shown.p)
        assert shown.reason


def test_a_caution_of_the_service_reaches_the_comparison(demo, tmp_path):
    from iro_analysis.comparisons.compare import compare

    study = Study.open(str(demo), "2019-20", "internal")
    cautions = {"disputes": "the way of recording changed in the year"}
    found = compare(study.record, study.period, study.everything, study.comparators, cautions)
    [mine] = select(found, "disputes", against="2018-19")
    assert mine.verdict is Verdict.NOT_TESTED
    assert (mine.value, mine.other) == (22, 66)
    assert mine.reason == cautions["disputes"]


def test_the_table_is_the_contracts_and_its_numbers_are_numbers(study, tmp_path):
    outputs.write_comparisons(study.comparisons(), tmp_path / "comparisons.csv")
    with (tmp_path / "comparisons.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == len(as_table(study.comparisons()))
    fell = next(row for row in rows if row["measure"] == "looked_after")
    assert fell["difference"] == "-20"
    assert {row["verdict"] for row in rows} <= {each.value for each in Verdict}


def test_a_comparison_comes_back_from_its_plain_values(study):
    for each in study.comparisons():
        again = Comparison.of_plain(each.plain())
        assert str(again) == str(each)
