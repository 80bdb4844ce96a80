"""Comparisons of a report: everything is tested or named, and nothing hidden is told."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders import shared_record, shared_study

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD
from iro_analysis.comparisons import (
    AreaData,
    Comparison,
    Kind,
    Verdict,
    as_table,
    compare,
    select,
)
from iro_analysis.comparisons.compare import without_small_numbers
from iro_analysis.comparisons.comparison import COLUMNS
from iro_analysis.comparisons.elsewhere import standing
from iro_analysis.periods import single
from iro_analysis.runner import outputs
from iro_analysis.study import Study


@pytest.fixture(scope="module", params=["internal", "committee"])
def study(request, demo):
    return shared_study(demo, single("2019-20"), request.param)


def a_year_before(study):
    found = select(study.comparisons(), breakdown="all", against="2018-19")
    return {each.measure: each for each in found}


def test_one_measure_asked_alone_is_compared_as_in_the_whole_report(study):
    alone = replace(study)  # the same figures, of which nothing is compared yet
    assert "_compared" not in vars(alone)
    asked = {
        (entry.id, breakdown): alone.comparators(entry.id, breakdown)["compared"]
        for entry in catalogue.measures().values()
        for breakdown in entry.breakdowns
        if breakdown != PERIOD
    }
    assert "_compared" not in vars(alone), "the whole report was compared for one measure"
    whole = select(study.comparisons(), kind=Kind.AREA)
    mine = [each for column in asked.values() for each in column if each is not None]
    assert len(mine) > 100
    assert sorted(map(repr, mine)) == sorted(map(repr, whole))


def test_every_headline_with_a_year_before_is_tested_or_named_with_the_reason(study):
    compared = {
        each.measure: each
        for each in select(study.comparisons(), breakdown="all", against="2018-19")
    }
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
    found = {
        each.measure: each
        for each in select(study.comparisons(), breakdown="all", against="2018-19")
    }
    plans = found["ehc_plan"]
    assert plans.verdict is Verdict.HIGHER
    assert plans.difference == pytest.approx(7.4, abs=0.05)
    assert plans.lower == pytest.approx(2.3, abs=0.11)
    assert plans.upper == pytest.approx(12.6, abs=0.11)
    assert found["care_leavers_in_touch"].verdict is Verdict.HIGHER
    assert found["looked_after"].verdict is Verdict.NOT_CLEAR


def test_a_group_of_few_is_not_denied_its_difference(demo):
    found = shared_study(demo, single("2019-20"), "internal").comparisons()
    few = select(found, "ethnicity_rate_ratio", "ethnicity")
    other = next(each for each in few if each.group == "Other ethnic group")
    assert other.verdict is Verdict.HIGHER


def test_the_fall_of_those_who_came_is_among_minority_ethnic_groups(demo):
    found = shared_study(demo, single("2019-20"), "internal").comparisons()
    mine = {e.group: e for e in select(found, "started", "ethnicity", Kind.PERIOD)}
    several = mine["Minority ethnic groups together"]
    assert (several.value, several.other, several.verdict) == (45, 97, Verdict.LOWER)
    assert mine["White"].verdict is Verdict.NOT_CLEAR
    # One family: of six p values the smallest is multiplied by six.
    assert several.adjusted == pytest.approx(6 * several.p)


def test_groups_together_tell_no_number_that_is_not_shown(study):
    mine = select(study.comparisons(), "started", "ethnicity", Kind.PERIOD)
    together = [each for each in mine if each.group == "Minority ethnic groups together"]
    if study.audience == "committee":  # no report has released the groups of the year before
        assert together == []
    else:
        parts = {each.group: each for each in mine}
        left_out = parts["White"].value + parts["Refused or not yet known"].value
        whole = a_year_before(study)["started"]
        assert together[0].value == whole.value - left_out


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
    shown = without_small_numbers(made, study.everything)
    assert shown.verdict is Verdict.HIGHER
    assert shown.rests_on == ()
    if study.audience == "internal":
        assert (shown.lower, shown.p) == (2.31, 0.0061)
    else:
        assert math.isnan(shown.lower)
        assert math.isnan(shown.p)
        assert shown.reason


def test_a_caution_of_the_service_reaches_the_comparison(demo, tmp_path):
    study = shared_study(demo, single("2019-20"), "internal")
    cautions = {"disputes": "the way of recording changed in the year"}
    none = AreaData(*(lambda *_: pd.DataFrame(),) * 3)
    found = compare(study.record, study.period, study.everything, none, cautions)
    [mine] = select(found, "disputes", "all", against="2018-19")
    assert mine.verdict is Verdict.NOT_TESTED
    assert (mine.value, mine.other) == (22, 66)
    assert mine.reason == cautions["disputes"]


def test_the_table_is_the_contracts_and_its_numbers_are_numbers(study, tmp_path):
    outputs.write_comparisons(study.comparisons(), tmp_path / "comparisons.csv")
    with (tmp_path / "comparisons.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == len(as_table(study.comparisons()))
    own = [r for r in rows if (r["measure"], r["breakdown"]) == ("looked_after", "all")]
    fell = next(row for row in own if row["against"] == "2018-19")
    assert fell["difference"] == "-20"
    assert {row["verdict"] for row in rows} <= {each.value for each in Verdict}


def test_a_comparison_comes_back_from_its_plain_values(study):
    for each in study.comparisons():
        again = Comparison.of_plain(each.plain())
        assert str(again) == str(each)


@pytest.mark.slow
def test_groups_a_year_before_are_compared_only_where_a_report_released_them(demo):
    record = shared_record(demo)
    before = shared_study(demo, single("2018-19"), "committee")
    alone = shared_study(demo, single("2019-20"), "committee")
    after = Study.of_record(record, single("2019-20"), "committee", [before.everything.release])
    [old] = [e for e in select(alone.comparisons(), "started", "age_band") if e.group[:2] == "16"]
    assert old.verdict is Verdict.NOT_TESTED
    assert math.isnan(old.other)
    [new] = [e for e in select(after.comparisons(), "started", "age_band") if e.group[:2] == "16"]
    assert (new.value, new.other, new.verdict) == (24, 77, Verdict.LOWER)
    shown = before.everything.release.shown
    for each in after.comparisons():
        if each.group == "Minority ethnic groups together":  # the whole less what is released
            whole = a_year_before(after)["started"].other
            white = select(after.comparisons(), "started", "ethnicity", against="2018-19")
            assert each.other == whole - next(e.other for e in white if e.group == "White")
            continue
        if each.kind is Kind.PERIOD and each.breakdown != "all" and not math.isnan(each.other):
            cell = f"{each.measure}|{each.breakdown}|{each.group} @ "
            assert each.other in [n for name, n in shown.items() if name.startswith(cell)] or (
                catalogue.measure(each.measure).unit == "percent"
            )


def authorities(values, counts=None):
    counts = counts or [(math.nan, math.nan)] * len(values)
    return pd.DataFrame(
        {"value": values, "count": [c for c, _ in counts], "total": [n for _, n in counts]}
    )


def test_a_difference_from_england_that_most_authorities_have_is_no_news():
    draw = np.random.default_rng(3)
    rates = authorities(np.exp(draw.normal(np.log(66), 0.35, 150)))
    spread = standing(rates, "per_10000")
    usual = spread.against(44, 66, 0)  # far outside the 95% of chance at 328 children
    assert usual.p > 0.2
    assert spread.against(20, 66, 0).p < 0.01


def test_of_simulated_authorities_the_funnel_calls_as_many_unlike_as_it_promises():
    draw = np.random.default_rng(5)
    of = draw.integers(100, 900, 150)
    share = np.sin(np.arcsin(np.sqrt(0.1)) + draw.normal(0, 0.04, 150)) ** 2
    met = draw.binomial(of, share)
    spread = standing(authorities(100 * met / of, list(zip(met, of, strict=True))), "percent")
    unlike = [
        spread.against(100 * x / n, spread.usual, 1 / (2 * np.sqrt(n))).p < 0.05
        for x, n in zip(met, of, strict=True)
    ]
    assert 0.01 <= np.mean(unlike) <= 0.10


def test_ten_neighbours_are_counted_and_their_own_spread_decides():
    ten = authorities([35, 48, 50, 55, 60, 62, 66, 70, 80, 99])
    spread = standing(ten, "per_10000", few=True)
    assert (spread.values > 43.7).sum() == 9
    assert spread.against(43.7, 62.5, 0).p > 0.05
    assert standing(authorities([1.0, 2.0]), "per_10000", few=True) is None
