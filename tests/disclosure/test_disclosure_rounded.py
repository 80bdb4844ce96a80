"""An authority's policy that rounds counts: what is left of the exact ones, and what is said."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from attacker import Attacker

from iro_analysis import contracts
from iro_analysis.comparisons.comparison import Comparison, Kind, Verdict
from iro_analysis.comparisons.of_rounded import NOT_GIVEN, NOT_SEEN, UNSAID, of_rounded
from iro_analysis.contracts import FIGURE_COLUMNS
from iro_analysis.disclosure.policy import policy_for
from iro_analysis.disclosure.publish import publish, seal, unseal
from iro_analysis.disclosure.rounded import NOT_MADE_AGAIN
from iro_analysis.errors import DisclosureError
from iro_analysis.estimates.proportions import wilson
from iro_analysis.estimates.rates import poisson_limits
from iro_analysis.indicators import breakdowns
from iro_analysis.runner.outputs import figures_text
from iro_analysis.tables import notes

RULES = policy_for({"disclosure": {"round_to": 5}})
EXACT = policy_for({"disclosure": {"hide_to": 9}})


def figures(*tables, period="2019-20"):
    """Put figures of a report together."""
    return pd.concat(tables, ignore_index=True).assign(period=period)[FIGURE_COLUMNS]


def by_route(**groups):
    """Return a count of children by group, with their total."""
    values = list(groups.values())
    return contracts.figures(
        "advocacy", "route", list(groups), unit="children", numerator=values, value=values,
        denominator=sum(values), method="count",
    )  # fmt: skip


def share(met, of, measure="dental_check", note=""):
    """Return a percentage with its interval, as an indicator gives it."""
    return breakdowns.percentage(measure, met, of).assign(note=note)


def rows(published):
    """Return the figures by measure and group."""
    return {(row.measure, row.group): row for row in published.figures.itertuples(index=False)}


def test_counts_are_rounded_after_small_ones_are_hidden():
    frame = figures(by_route(one=4, two=33, three=22, four=18, none=0))
    shown = publish(frame, "committee", rules=RULES)
    found = rows(shown)
    assert found["advocacy", "one"].status == "suppressed"
    assert math.isnan(found["advocacy", "one"].value)
    assert found["advocacy", "none"].value == 0
    given = [row for row in found.values() if row.status == "ok" and row.value]
    assert given
    assert {(row.numerator % 5, row.value - row.numerator) for row in given} == {(0, 0)}
    assert {row.denominator for row in given} == {
        75
    }  # 77, rounded for itself: parts may not add up
    assert all("counts rounded to the nearest 5" in row.method for row in given)
    # What is hidden, and what the audit found, are those of the exact counts.
    alike = publish(frame, "committee", rules=EXACT)
    assert alike.exact is None
    assert shown.exact.figures.equals(alike.figures)
    assert shown.certificate == alike.certificate
    assert shown.release == alike.release


def test_a_table_says_that_its_counts_are_rounded():
    frame = figures(by_route(one=41, two=33))
    said = RULES.note_of_rounding
    assert "rounded to the nearest 5" in said
    assert said in notes(publish(frame, "committee", rules=RULES).select("advocacy", "route"))
    for other in (
        publish(frame, "committee", rules=EXACT),
        publish(frame, "internal", rules=RULES),
    ):
        assert not [each for each in notes(other.select("advocacy", "route")) if "rounded" in each]


def test_internal_figures_are_not_rounded():
    frame = figures(by_route(one=4, two=33))
    assert publish(frame, "internal", rules=RULES).figures.equals(frame)


@pytest.mark.parametrize(("first", "second"), [((43, 88), (47, 92)), ((58, 111), (62, 108))])
def test_nothing_tells_counts_apart_that_are_rounded_to_the_same(first, second):
    made = []
    for met, of in (first, second):
        rest = 500 - of - met
        frame = figures(share(met, of), by_route(one=met, two=of, three=rest))
        made.append(publish(frame, "committee", rules=RULES).figures.query("group != 'three'"))
    assert made[0]["status"].eq("ok").all()
    pd.testing.assert_frame_equal(*made)


def test_a_percentage_is_made_of_rounded_counts_and_its_range_holds_the_exact_one():
    [row] = publish(figures(share(44, 91)), "committee", rules=RULES).figures.itertuples()
    assert (row.numerator, row.denominator) == (45, 90)
    assert row.value == 50
    for met in range(43, 48):
        for of in range(88, 93):
            lower, upper = wilson([met], [of])
            assert row.lower <= 100 * lower[0]
            assert row.upper >= 100 * upper[0]
    lower, upper = wilson([43, 47], [92, 88])
    assert (row.lower, row.upper) == pytest.approx((100 * lower[0], 100 * upper[1]))


def test_a_rate_keeps_its_population_and_an_average_few_digits():
    rate = contracts.figures(
        "looked_after_rate", "all", ["all"], unit="per_10000", numerator=[328], value=[45.6],
        denominator=[71_929.8245614035], method="rate; exact Poisson interval below 10 events",
        lower=[40.0], upper=[51.0],
    )  # fmt: skip
    average = contracts.figures(
        "sdq_average", "all", ["all"], unit="score", value=[11.75438596491228], denominator=[171],
        method="mean", lower=[10.66104819], upper=[12.847723738],
    )  # fmt: skip
    found = rows(publish(figures(rate, average), "committee", rules=RULES))
    of_rate, of_score = found["looked_after_rate", "all"], found["sdq_average", "all"]
    assert (of_rate.numerator, of_rate.denominator) == (330, 71_929.8245614035)
    assert of_rate.value == pytest.approx(330 / 71_929.8245614035 * 10_000)
    limits = poisson_limits([328, 332])  # from 328 to 332 is rounded to 330
    ends = [10_000 * each / 71_929.8245614035 for each in (limits[0][0], limits[1][1])]
    assert [of_rate.lower, of_rate.upper] == pytest.approx(ends)
    assert (of_score.value, of_score.lower, of_score.upper) == (11.8, 10.6, 12.9)
    assert of_score.denominator == 170


@pytest.mark.parametrize(
    ("measure", "breakdown", "group", "unit"),
    [
        ("placement_survival", "months", "1", "probability"),
        ("ethnicity_rate_ratio", "ethnicity", "Other ethnic group", "ratio"),
        ("ethnicity_index", "ethnicity", "White", "ratio"),
        ("gcse_trend", "measure", "gcse_1_any", "ratio"),
    ],
)
def test_what_cannot_be_made_of_rounded_counts_is_not_given(measure, breakdown, group, unit):
    frame = contracts.figures(
        measure, breakdown, [group], unit=unit, numerator=[61], denominator=[85], value=[0.72],
        lower=[0.6], upper=[0.8], method="as it is", note="exact p = 0.643",
    )  # fmt: skip
    [row] = publish(figures(frame), "committee", rules=RULES).figures.itertuples()
    assert (row.status, row.note, row.method) == ("not_available", NOT_MADE_AGAIN, "")
    assert all(math.isnan(getattr(row, name)) for name in contracts.FIGURE_NUMBERS)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("not known for 12 of 46: the code is of no list", "not known for 10 of 45: the code"),
        ("not known for 3 of 46: the code is of no list", "not known for a few of 45: the code"),
        ("cohorts of 2017 to 2020 together", "cohorts of 2017 to 2020 together"),
    ],
)
def test_counts_in_a_note_are_rounded_too(note, said):
    [row] = publish(
        figures(share(44, 91, note=note)), "committee", rules=RULES
    ).figures.itertuples()
    assert row.note.startswith(said)


def test_the_policy_says_what_it_does_and_refuses_what_makes_no_sense():
    assert (RULES.hide_to, RULES.round_to, EXACT.round_to) == (9, 5, 0)
    assert "rounded to the nearest 5" in RULES.note
    assert "rounded" not in EXACT.note
    for own in (
        {"round_to": 3},
        {"round_to": "5"},
        {"round_to": True},
        {"round_to": 5, "hide_to": 5},  # 6 would be printed as 5
        {"round_to": 5, "hide_to": 10},  # and 11 as 10
        {"rounding": 5},
    ):
        with pytest.raises(DisclosureError, match=r"authority.toml \[disclosure\]") as refused:
            policy_for({"disclosure": own})
        assert len(refused.value.lines) == 1
    assert policy_for({"disclosure": {"round_to": 10}}).hide_to == 9


def test_rounded_figures_are_sealed_without_the_exact_ones():
    shown = publish(figures(by_route(one=41, two=33)), "committee", rules=RULES)
    opened = unseal(seal(shown, b"key"), b"key")
    assert opened.figures.equals(shown.figures)
    assert opened.policy == RULES
    assert opened.exact is None


def compared(**changes):
    """Return a comparison of an exact percentage with England's, as a test made it."""
    held = {
        "period": "2019-20", "measure": "dental_check", "breakdown": "all", "group": "all",
        "kind": Kind.AREA, "against": "England", "value": 100 * 44 / 91, "other": 60.0,
        "difference": 100 * 44 / 91 - 60, "lower": -22.0, "upper": -1.0, "test": "a test",
        "p": 0.02, "adjusted": 0.04, "verdict": Verdict.LOWER, "areas": 140, "above": 90,
    }  # fmt: skip
    return Comparison(**{**held, **changes})


def test_of_a_comparison_the_verdict_is_left_and_no_number_of_the_exact_counts():
    shown = publish(figures(share(44, 91)), "committee", rules=RULES)
    found = of_rounded(compared(), shown)
    assert (found.verdict, found.reason) == (Verdict.LOWER, UNSAID)
    assert (found.value, found.other, found.difference) == (50, 60, -10)
    assert all(math.isnan(each) for each in (found.lower, found.upper, found.p, found.adjusted))
    assert (found.areas, found.above, found.below) == (0, 0, 0)


def test_no_difference_is_claimed_that_rounded_figures_do_not_show():
    shown = publish(figures(share(44, 91)), "committee", rules=RULES)
    found = of_rounded(compared(other=49.0, difference=100 * 44 / 91 - 49), shown)
    assert (found.verdict, found.reason) == (Verdict.NOT_TESTED, NOT_SEEN)
    ratio = compared(measure="ethnicity_index", kind=Kind.GROUP, other=1.0, breakdown="ethnicity")
    frame = contracts.figures(
        "ethnicity_index", "ethnicity", ["all"], unit="ratio", numerator=[61], denominator=[85],
        value=[0.72],
    )  # fmt: skip
    found = of_rounded(ratio, publish(figures(frame), "committee", rules=RULES))
    assert (found.verdict, found.reason) == (Verdict.NOT_TESTED, NOT_GIVEN)
    assert math.isnan(found.value)


def test_the_attacker_knows_between_which_numbers_a_rounded_count_lies():
    truth = figures(by_route(one=11, two=8))
    shown = truth.assign(numerator=[10, None], value=[10, None], denominator=[20, None])
    shown["status"] = ["ok", "suppressed"]
    attacker, insider = Attacker(round_to=5), Attacker()
    attacker.read(figures_text(shown))
    insider.read(figures_text(truth))
    [(cell, low, high)] = attacker.ranges(insider.shown)
    assert cell[:3] == ("advocacy", "route", "two")
    assert (round(low), round(high)) == (18 - 12, 22 - 8)
