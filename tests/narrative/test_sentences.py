"""From a result to its sentence: what a referee would let stand, and what he would not.

Each row is a comparison as its table has it, and the words it gets. The statements that were
questioned are named; what is not claimed is tested as much as what is.
"""

from __future__ import annotations

import re

import pytest

from iro_analysis.comparisons import Comparison, Kind, Verdict
from iro_analysis.narrative.verdicts import of_areas, of_change, of_many

NONE = float("nan")


def change(measure, value, other, verdict, lower=NONE, upper=NONE, reason=""):
    return Comparison(
        "2019-20", measure, "all", "all", Kind.PERIOD, "2018-19", value, other, value - other,
        lower, upper, verdict=verdict, reason=reason,
    )  # fmt: skip


def area(name, value, other, verdict, kind=Kind.AREA, **counted):
    return Comparison(
        "2019-20", "looked_after_rate", "all", "all", kind, name, value, other, value - other,
        verdict=verdict, **counted,
    )  # fmt: skip


HIGHER, LOWER = Verdict.HIGHER, Verdict.LOWER
NOT_CLEAR, SAME, UNTESTED = Verdict.NOT_CLEAR, Verdict.ABOUT_THE_SAME, Verdict.NOT_TESTED


@pytest.mark.parametrize(
    ("which", "made", "unit", "said"),
    [
        ("5: given how many came and left", change("looked_after", 328, 348, NOT_CLEAR, -63, 23),
         "children", "20 fewer (6% fewer) now, within what is usual here"),
        ("7: recording changed",
         change("disputes", 22, 66, UNTESTED, reason="the way of recording changed"),
         "count", "44 fewer (67% fewer) now; not tested: the way of recording changed"),
        ("13: tested and unsaid", change("ehc_plan", 41, 33.6, HIGHER, 2.3, 12.6), "percent",
         "higher now by 7 percentage points (likely range 2 to 13), more than chance would "
         "explain"),
        ("13: tested and unsaid", change("care_leavers_in_touch", 89.6, 83.7, HIGHER, 0.1, 11.6),
         "percent", "higher now by 5.9 percentage points (likely range 0.1 to 11.6), more than "
         "chance would explain"),
        ("15: about the same claims sameness", change("long_term_stability", 60, 57, NOT_CLEAR,
                                                      -8, 14), "percent",
         "not clearly different"),
        ("15: within the margin", change("no_participation", 3.7, 4.3, SAME, -2.6, 1.3),
         "percent", "about the same"),
        ("a fall of starts", change("started", 122, 181, LOWER, -104, -14), "children",
         "59 fewer (33% fewer) now, more than chance would explain"),
        ("a range that would tell a small number", change("immunisations", 95.2, 87.2, HIGHER),
         "percent", "higher now, more than chance would explain"),
        ("a rate", change("looked_after_rate", 43.7, 60.2, LOWER, -30, -4), "per_10000",
         "lower now by 17 in every 10,000, more than chance would explain"),
        ("19: averages", change("sdq_average", 11.8, 13.2, NOT_CLEAR, -3.1, 0.1), "score",
         "not clearly different"),
        ("the same count", change("adopted", 8, 8, NOT_CLEAR, -9, 9), "children", "the same now"),
    ],
)  # fmt: skip
def test_a_change_and_its_words(which, made, unit, said):
    assert of_change(made, unit) == said


@pytest.mark.parametrize(
    ("which", "made", "said"),
    [
        ("8: lower than England by far", [area("England", 44, 67, NOT_CLEAR)],
         "It is not clearly different from England (67)."),
        ("lower than most", [area("England", 21, 67, LOWER), area("London", 21, 49, NOT_CLEAR)],
         "It is lower than in England (67), by more than most authorities differ; and not clearly "
         "different from London (49)."),
        ("the spread is not held", [area("England", 44, 67, UNTESTED)],
         "It is not tested against England (67)."),
        ("the margin", [area("England", 66, 67, SAME)], "It is about the same as in England (67)."),
        ("nothing given", [], ""),
    ],
)  # fmt: skip
def test_other_areas_and_their_words(which, made, said):
    assert of_areas(made, "per_10000") == said


def test_nine_of_ten_neighbours_are_higher():
    """Statement 18: true, and better than a difference from their mean."""
    near = area("Statistical neighbours (2021 model)", 43.7, 62, NOT_CLEAR, areas=10, above=9,
                below=1)  # fmt: skip
    assert of_many(near) == "Of 10 similar authorities 9 are higher."
    assert of_many(area("England", 43.7, 67, NOT_CLEAR)) == ""


@pytest.fixture(scope="module")
def said(demo):
    from builders import shared_study

    from iro_analysis import catalogue, periods

    study = shared_study(demo, periods.single("2019-20"), "internal")
    found = {}
    for entry in catalogue.measures().values():
        for breakdown in entry.breakdowns:
            if breakdown != "period":
                shown = study.show(entry.id, breakdown)
                found[entry.id, breakdown] = getattr(shown, "finding", None)
    return {key: finding.text for key, finding in found.items() if finding is not None}


@pytest.mark.slow
def test_small_groups_are_not_denied_their_difference(said):
    """Statement 14: p is 0.0027, and a group that is not ranked may still differ."""
    assert (
        "Other ethnic group, no clear difference" not in said["ethnicity_rate_ratio", "ethnicity"]
    )


def test_at_englands_level_is_said_only_where_a_difference_is_claimed(said):
    """Statement 9."""
    for (measure, _), text in said.items():
        if "At England's" in text:
            assert re.search(r"(higher|lower) than in England", text), measure


def test_no_sentence_says_by_far_or_given_how_many_came_and_left(said):
    """Statements 5 and 8."""
    for text in said.values():
        assert "by far" not in text
        assert "how many came and left" not in text


def test_about_the_same_is_said_only_within_the_margin(demo, said):
    """Statement 15."""
    from builders import shared_study

    from iro_analysis import periods

    study = shared_study(demo, periods.single("2019-20"), "internal")
    within = {e.measure for e in study.comparisons() if e.verdict is Verdict.ABOUT_THE_SAME}
    for (measure, breakdown), text in said.items():
        if breakdown == "all" and "about the same" in text.lower():
            assert measure in within, measure
