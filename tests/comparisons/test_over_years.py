"""Whether a headline rises or falls over all years held: each is tested, or named."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from builders import shared_study

from iro_analysis import catalogue
from iro_analysis.catalogue import PERIOD
from iro_analysis.comparisons import Comparison, Kind, Verdict, over_years, select
from iro_analysis.comparisons.compare import SUMMARISED
from iro_analysis.comparisons.over_years import ALL_YEARS, both_spreads
from iro_analysis.comparisons.spread import Spread, of_clusters, of_clusters_by_year
from iro_analysis.estimates.multiplicity import holm
from iro_analysis.narrative import history
from iro_analysis.periods import single
from iro_analysis.report import conditions, opening
from iro_analysis.report.figure import Ref

YEAR = single("2019-20")
YEARS = ["2016-17", "2017-18", "2018-19", "2019-20"]


@pytest.fixture(scope="module", params=["internal", "committee"])
def study(request, demo):
    return shared_study(demo, YEAR, request.param)


def lines(study):
    return {each.measure: each for each in select(study.comparisons(), kind=Kind.YEARS)}


def without_cautions(study):
    """The lines as they are where the service says of no measure that its years do not compare."""
    return tuple(over_years.trends(study.record, study.period, study.everything, {}))


def test_every_headline_with_four_years_is_tested_or_named_with_the_reason(study):
    found = lines(study)
    for entry in catalogue.measures().values():
        if not entry.history:
            continue
        rows = {row.group: row for row in study.published(entry.id, PERIOD)}
        held = all(year in rows and rows[year].status != "not_available" for year in YEARS)
        assert (entry.id in found) == held, entry.id
        if held:
            made = found[entry.id]
            assert made.family == ALL_YEARS
            assert bool(made.test) != (made.verdict is Verdict.NOT_TESTED)
            assert made.test or made.reason
            assert made.against.endswith(" to 2019-20")


def test_no_line_runs_across_a_change_of_method_or_through_what_is_hidden(study):
    for made in lines(study).values():
        entry = catalogue.measure(made.measure)
        rows = [row for row in study.published(made.measure, PERIOD) if row.group in YEARS]
        if any(row.status == "suppressed" for row in rows):
            assert made.verdict is Verdict.NOT_TESTED
        if entry.breaks_between(study.period.start.replace(year=2017), study.period.end):
            assert made.verdict is Verdict.NOT_TESTED


def test_the_line_of_challenges_falls_and_that_of_starts_is_not_clear(study):
    # 118, 59, 66 and 22 of disputes; 177, 175, 181 and 122 of starts.
    found = {each.measure: each for each in without_cautions(study)}
    counts = [row.value for row in study.published("disputes", PERIOD) if row.group in YEARS]
    assert found["disputes"].verdict is Verdict.LOWER
    slope = np.polyfit(range(4), counts, 1)[0]
    assert found["disputes"].difference == pytest.approx(slope)
    assert found["started"].verdict is Verdict.NOT_CLEAR
    assert found["started_rate"].test == found["started"].test


def test_a_line_that_the_service_says_not_to_compare_is_not_tested(study):
    caution = study.words.cautions["disputes"]
    found = lines(study)["disputes"]
    assert (found.verdict, found.reason) == (Verdict.NOT_TESTED, caution)
    assert math.isnan(found.p)
    assert not found.leads


def test_the_opening_page_names_what_stays_clear_over_all_lines(demo):
    study = shared_study(demo, YEAR, "internal")
    every = [e for e in study.comparisons() if (e.family, e.kind) in SUMMARISED]
    tested = [each for each in every if not math.isnan(each.p)]
    for each, p in zip(tested, holm([each.p for each in tested]), strict=True):
        assert each.adjusted == pytest.approx(p)
        assert each.leads == (each.is_clear and p < 0.15)
    made = [each for each in tested if each.kind is Kind.YEARS]
    assert {each.measure for each in made if each.leads} < {
        each.measure for each in made if each.is_clear
    }


def test_the_difference_of_a_line_is_not_that_of_a_year(study):
    [line] = select(study.comparisons(), "disputes", "all", Kind.YEARS)
    [year] = select(study.comparisons(), "disputes", "all", Kind.PERIOD, "2018-19")
    assert line.other != year.other
    assert line.difference != year.difference


def test_a_fall_in_each_year_that_is_not_clear_says_that_it_may_be_chance(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    figures = source.figures
    assert conditions.holds("returned_home | falls", figures)
    assert conditions.holds("returned_home | not falling", figures)
    [topic] = [each for each in source.findings.needs_attention if each.id == "permanence"]
    assert str(topic.lead).endswith("The whole fall may be chance.")
    assert not conditions.holds("disputes | falling", figures)  # the service says: do not compare
    tested = without_cautions(shared_study(demo, YEAR, "committee"))
    compared = replace(figures, comparisons=tested)
    assert conditions.holds("disputes | falling", compared)
    assert not conditions.holds("disputes | rising", compared)
    assert figures.over_years(Ref("looked_after", "sex", "Male")) is None


def test_at_a_glance_says_whether_a_figure_rises_or_falls_over_all_years(demo):
    source = shared_study(demo, YEAR, "committee").report().source
    note = str(opening.at_a_glance(source).blocks[-1].line)
    assert "Tested together, none clearly rises or falls over the years." in note


def line(verdict, test="a line"):
    return Comparison(
        "2019-20", "disputes", "all", "all", Kind.YEARS, "2016-17 to 2019-20", 22.0, 118.0,
        -28.0, -40.0, -16.0, test, 0.004, family=ALL_YEARS, verdict=verdict,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.LOWER, "From 2016-17 to 2019-20 it falls, more than chance would explain."),
        (Verdict.HIGHER, "From 2016-17 to 2019-20 it rises, more than chance would explain."),
        (
            Verdict.NOT_CLEAR,
            "From 2016-17 to 2019-20 it goes up and down no more than chance would make it.",
        ),
    ],
)
def test_a_sentence_on_all_years_is_chosen_by_the_verdict(demo, verdict, said):
    published = shared_study(demo, YEAR, "internal").published("disputes", PERIOD)
    assert said in history.beside(published, None, (line(verdict),)).sentences
    silent = history.beside(published, None, (line(Verdict.NOT_TESTED, ""),)).sentences
    assert not any(each.startswith("From 2016-17") for each in silent)


def test_families_count_as_in_a_pair_of_years():
    now, before = np.array([2, 0, 1, 3]), np.array([0, 1, 1, 0])
    pair, line_of_two = of_clusters(now, before), of_clusters_by_year(np.array([before, now]).T)
    assert line_of_two.phi == pytest.approx(pair.phi)
    assert line_of_two.freedom == pytest.approx(pair.freedom)
    assert of_clusters_by_year(np.zeros((3, 4))) is None


def test_ups_and_downs_of_a_year_come_on_top_of_families():
    both = both_spreads(Spread(2.0, 10.0, "12 earlier quarters"), Spread(1.5, 30.0, "families"))
    assert (both.phi, both.freedom) == (2.5, 10.0)
    assert both.source == "12 earlier quarters and families"
    assert both_spreads(None, Spread(0.7, 3.0, "families")) == Spread(1.0, math.inf, "")
