"""What was not tested is named, with both numbers and the reason."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from builders import shared_study

from iro_analysis import catalogue, periods
from iro_analysis.contracts import ALL
from iro_analysis.report import closing
from iro_analysis.report.annex import annex
from iro_analysis.report.figure import Ref
from iro_analysis.report.figures import NOT_TESTED
from iro_analysis.report.verdicts import untested

YEAR = periods.single("2019-20")
RECORDING = "Recording changed in the year: the two years may not compare."


def source_of(demo, period=YEAR, audience="committee"):
    return shared_study(demo, period, audience).report().source


@pytest.mark.parametrize("audience", ["committee", "internal"])
def test_every_total_shown_for_two_years_is_tested_or_named(demo, audience):
    figures = source_of(demo, audience=audience).figures
    named = {now.ref.measure for now, _, _ in untested(figures)}
    both = [
        ref
        for ref in map(Ref, catalogue.measures())
        if ALL in ref.entry.breakdowns and figures.get(ref) and figures.earlier(ref)
    ]
    assert len(both) > 30
    for ref in both:
        compared = figures.verdict(ref, figures.before.name)
        assert compared is not None, f"{ref.measure} has a year before and no comparison"
        assert (compared.verdict == NOT_TESTED) == (ref.measure in named), ref.measure


def test_the_demonstration_names_four_and_says_why(demo):
    source = source_of(demo)
    found = {
        now.ref.measure: (then.value, now.value, why) for now, then, why in untested(source.figures)
    }
    assert list(found) == [
        "caseload_per_officer", "disputes", "consultation_forms", "suspended_days",
    ]  # fmt: skip
    assert found["disputes"] == (66, 22, RECORDING)
    said = str(closing.how_sure(source).html)
    assert (
        "Not tested against last year: children for each full-time officer; formal challenges by "
        "reviewing officers; consultation forms returned; school days lost to suspension."
    ) in said
    table = annex(source).html.split("Totals whose change since a year before was not tested")[1]
    row = table.split("Consultation forms received")[1].split("</tr>")[0]
    for words in ("142", "95", "follows how they are asked for"):
        assert words in row


def test_a_long_list_of_what_was_not_tested_is_left_to_the_annex(demo, monkeypatch):
    source = source_of(demo)
    monkeypatch.setattr(closing, "_MOST_NAMED", 3)
    said = str(closing.how_sure(source).html)
    assert "Of 4 figures the change was not tested: see the annex." in said


def test_a_warning_of_the_service_reaches_the_summary_and_takes_the_place_of_the_test(demo):
    """Why two years may not compare: no test says that their difference may be chance."""
    page = BeautifulSoup(shared_study(demo, YEAR, "committee").report().for_decision().html, "lxml")
    said = [" ".join(item.get_text(" ").split()) for item in page.select("li")]
    [item] = {each for each in said if each.startswith("Officers raised")}
    assert RECORDING in item
    assert "may be chance" not in item
