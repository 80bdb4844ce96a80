"""Beside every headline figure stands an answer to "could this be chance?"."""

from __future__ import annotations

import math
import re

import pytest
from builders import shared_study

from iro_analysis import catalogue, charts, periods, wording
from iro_analysis.catalogue import PERIOD
from iro_analysis.contracts import ALL
from iro_analysis.exhibits import Exhibit
from iro_analysis.narrative import went

ANSWERS = re.compile(
    r"\b(no more than chance would explain|more than chance would explain|no clear change|"
    r"[Tt]he likely range is \d|likely range \d|By chance alone .* (between|up to|or more|stay)|"
    r"No likely range is given: \w+|not clearly different|not tested|about the same|"
    r"within what is usual here)"
)


def headlines(demo, name: str, audience: str) -> list[tuple[str, str]]:
    study = shared_study(demo, periods.single(name), audience)
    found = []
    for entry in catalogue.measures().values():
        given = list(study.published(entry.id, ALL)) if ALL in entry.breakdowns else []
        if any(row.status == "ok" for row in given):
            shown = study.show(entry.id)
            assert isinstance(shown, Exhibit)
            found.append((entry.id, shown.finding.text))
    return found


@pytest.mark.parametrize(
    ("name", "audience", "at_least"),
    [
        ("2019-20", "committee", 30),
        pytest.param("2019-20", "internal", 30, marks=pytest.mark.long),
        pytest.param("2019-20-Q3", "committee", 25, marks=pytest.mark.long),
    ],
)
def test_no_headline_is_silent_on_chance(demo, name, audience, at_least):
    found = headlines(demo, name, audience)
    assert len(found) >= at_least
    assert [text for _, text in found if not ANSWERS.search(text)] == []


def test_every_headline_measure_could_answer_alone():
    """Also where no earlier period and no other area is held: the catalogue says how."""
    silent = [
        entry.id
        for entry in catalogue.measures().values()
        if ALL in entry.breakdowns and entry.unit in ("children", "reviews", "count", "score")
        and not (entry.no_range or entry.unit == "children" or entry.again == "different")
    ]  # fmt: skip
    assert silent == []


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "said"),
    [
        (86.4, 93.9, "percent", "the figure could lie between 86% and 94%."),
        (0.05, 1.7, "percent", "the figure could be up to 2%."),
        (0.01, 0.3, "percent", "the figure would stay under 1%."),
        (99.6, 100, "percent", "the figure would stay at about 100%."),
        (83.2, 123.8, "children", "the figure could lie between 83 and 124."),
        (0, 3.7, "children", "the figure could be up to 4."),
        (12, math.nan, "days", "the figure could be 12 or more."),
    ],
)
def test_what_chance_alone_could_do_is_said_in_words(lower, upper, unit, said):
    assert wording.by_chance(lower, upper, unit) == f"By chance alone {said}"


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("looked_after", "Not clearly different from 348 on 31 March 2019"),
        ("started", "Down from 181 in 2018-19, more than chance would explain"),
        ("ceased", "Not clearly different from 144 in 2018-19"),
        ("reviews_held", "Not clearly different from 1,047 in 2018-19"),
        ("reviews_on_time", "Not clearly different from 90% in 2018-19"),
        ("caseload_per_officer", "60 on 31 March 2019, 54 now; not tested"),
        ("immunisations", "Up from 87% in 2018-19, more than chance would explain"),
        ("disputes", "66 in 2018-19, 22 now; not tested"),  # the service says: do not compare
        ("care_leavers_in_touch", "Up from 84% in 2018-19, more than chance would explain"),
        ("reviews_overdue", "The latest figure is not shown"),
    ],
)
def test_the_caption_of_a_trend_says_what_became_of_the_figure(demo, measure, said):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    assert went(study.published(measure, PERIOD), study.comparisons()) == said


@pytest.mark.parametrize(
    ("measure", "breakdown"),
    [
        ("minority_ethnic_parts", "part"),
        ("ethnicity_stay_ratio", "ethnicity"),
        ("age_share_difference", "age_band_by_comparator"),
    ],
)
def test_what_a_quarter_can_not_say_is_said_once_at_the_end_of_its_section(
    demo, measure, breakdown
):
    study = shared_study(demo, periods.single("2019-20-Q3"), "committee")
    assert study.show(measure, breakdown)._repr_html_() == ""
    entry = catalogue.measure(measure)
    assert study.gaps(entry.section).html.count(entry.title) == 1


def test_the_count_at_the_last_year_ends_is_said(demo):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    assert "From 348" in study.finding("looked_after_history", "date").text


def test_a_chance_is_drawn_and_told_in_percent_as_it_is_said(demo):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    published, finding = (
        study.published("placement_survival", "months"),
        study.finding("placement_survival", "months"),
    )
    chart = charts.intervals(published, finding.heading)
    said = re.findall(r"\d+%", finding.text)
    assert len(said) == 15
    assert chart.unit == "Chance, in percent"
    assert "20%" in re.findall(r"<text[^>]*>([^<]*)</text>", chart.svg)
    for part in said[::3]:  # the estimates; their ranges stand in the table
        assert part in chart.description
    assert [cell for cell in said if cell not in chart.table.html] == []
    assert "0." not in re.sub(r"<[^>]*>", "", chart.table.html)


def test_areas_published_for_another_base_are_shown_and_are_not_compared(demo):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    table = study.comparator_table("ehc_plan").html
    assert "27%" in re.sub(r"<[^>]*>", " ", table)  # England, 27.3% on 31 March 2020
    assert "Of children looked after for twelve months or more: another base" in table
    assert "England" not in study.show("ehc_plan").finding.text
    quarter = shared_study(demo, periods.single("2019-20-Q3"), "committee")
    assert quarter.comparator_table("ehc_plan")._repr_html_() == ""


def test_ages_are_also_said_together_where_every_band_is_shown(demo):
    study = shared_study(demo, periods.single("2019-20"), "committee")
    said = study.show("age_share", "age_band").finding.text
    assert "Together, under 5: 48 of 328 (15%); aged 10 to 17: 238 of 328 (73%)." in said


@pytest.mark.parametrize(
    ("measure", "breakdown", "name", "heading"),
    [
        ("ethnicity_rate", "ethnicity", "2019-20-Q3",
         "The rate is highest for the Other ethnic group: 246 in 10,000"),
        ("age_rate", "age_band", "2019-20",
         "The rate is highest for the age group 16 and over: 136 in 10,000"),
        ("permanence_achieved", "permanence_route", "2019-20",
         "By route, the largest group is Child arrangements order or long-term foster placement: "
         "33 of 101 (33%)"),
    ],
)  # fmt: skip
def test_headings_read_as_they_are_spoken(demo, measure, breakdown, name, heading):
    study = shared_study(demo, periods.single(name), "committee")
    assert study.show(measure, breakdown).finding.heading == heading
