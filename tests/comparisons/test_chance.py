"""Could this be chance? Results and the sentences that they get; no claim beyond the interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iro_analysis import catalogue, contracts, narrative
from iro_analysis.comparisons.groups import p_of_ratio
from iro_analysis.disclosure.publish import publish
from iro_analysis.estimates import proportions, ratios
from iro_analysis.narrative import chance

CLAIMS = ("more than chance would explain", "higher now", "lower now", "more likely", "less likely")
YEAR, BEFORE = "2019-20", "2018-19"


def published(measure, breakdown, groups, **parts):
    """Figures of one measure, through the gate for internal use."""
    unit = catalogue.measure(measure).unit
    frame = contracts.figures(measure, breakdown, groups, unit=unit, **parts)
    frame.insert(0, "period", YEAR)
    return publish(frame, "internal").select(measure, breakdown)


def shares(measure, breakdown, groups, x, n, note=""):
    x, n = np.asarray(x, float), np.asarray(n, float)
    low, high = proportions.wilson(x, n)
    return published(
        measure, breakdown, groups, numerator=x, denominator=n, value=x / n * 100,
        lower=low * 100, upper=high * 100, method=proportions.WILSON, note=note,
    )  # fmt: skip


def claims(text):
    return any(word in text.replace("no more than chance", "") for word in CLAIMS)


COUNTS = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(
    lambda pair: (min(pair), max(pair))
)
FEW = settings(max_examples=40)


GROUPS = [
    "White",
    "Asian or Asian British",
    "Mixed or multiple ethnic groups",
    "Other ethnic group",
]


@FEW
@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), st.integers(1, 200))
def test_no_group_is_named_that_its_interval_or_the_family_does_not_support(counts, white):
    sizes = [52_286, 3_703, 5_603, 610]
    found = [
        ratios.rate_ratio(x, n, white, sizes[0]) for x, n in zip(counts, sizes[1:], strict=True)
    ]
    value, low, high = zip((1.0, np.nan, np.nan), *found, strict=True)
    figures = published(
        "ethnicity_rate_ratio", "ethnicity", GROUPS, numerator=[white, *counts],
        denominator=white, value=value, lower=low, upper=high, method=ratios.RATE_RATIO,
    )  # fmt: skip
    heading = narrative.finding(figures).heading
    p = [ratios.rate_ratio_p(x, n, white, sizes[0]) for x, n in zip(counts, sizes[1:], strict=True)]
    for group, (_, lower, upper), own in zip(GROUPS[1:], found, p, strict=True):
        if group in heading:
            assert lower > 1 or upper < 1
            assert own < 0.05
    if sum(own < 0.05 for own in p) and min(p) > 0.05 / 3:
        assert heading.startswith("No ethnic group")


def test_a_p_value_read_off_a_published_ratio_is_that_of_the_counts():
    for x1, x0 in [(0, 40), (3, 40), (62, 197), (5, 1)]:
        value, low, high = ratios.rate_ratio(x1, 6_296, x0, 52_286)
        [row] = published(
            "ethnicity_rate_ratio", "ethnicity", ["Other ethnic group"], numerator=x1,
            denominator=x0, value=value, lower=low, upper=high, method=ratios.RATE_RATIO,
        )  # fmt: skip
        assert p_of_ratio(row) == pytest.approx(ratios.rate_ratio_p(x1, 6_296, x0, 52_286))


def test_a_hidden_member_of_the_family_makes_the_others_no_clearer():
    class Row:
        def __init__(self, group, lower):
            self.group, self.lower, self.upper, self.value = group, lower, 9.0, 2.0

    rows = [Row("a", 1.1), Row("b", 0.9)]
    p = {"a": 0.02, "b": 0.5}
    assert chance.clear(rows, 2, lambda row: p[row.group]) == {"a": "higher"}
    assert chance.clear(rows, 3, lambda row: p[row.group]) == {}


def test_every_measure_says_which_children_its_earlier_periods_count():
    for name, measure in catalogue.measures().items():
        if measure.again:
            assert measure.history or measure.again == "different", name
            assert measure.again in (catalogue.DIFFERENT, catalogue.SAME), name
        elif measure.history:
            assert measure.unit != "percent", name


BANDS = ["Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over"]
ENGLAND = [5.0, 14.0, 18.0, 39.0, 24.0]


@FEW
@given(st.lists(st.integers(1, 120), min_size=5, max_size=5))
def test_no_age_is_named_that_its_interval_does_not_support(counts):
    x = np.array(counts, float)
    low, high = (end * 100 for end in proportions.goodman(x))
    share = x / x.sum() * 100
    figures = published(
        "age_share_difference", "age_band_by_comparator", [f"{band}: England" for band in BANDS],
        numerator=x, denominator=x.sum(), value=share - ENGLAND, lower=low - ENGLAND,
        upper=high - ENGLAND,
    )  # fmt: skip
    found = narrative.finding(figures)
    for band, below, above in zip(BANDS, low - ENGLAND, high - ENGLAND, strict=True):
        if f"the age group {band} makes up" in found.text:
            assert below > 0 or above < 0
    assert ("makes up" in found.text) == ("Some ages" in found.heading)


@FEW
@given(st.integers(0, 200), st.integers(1, 400))
def test_minority_ethnic_children_are_not_said_to_differ_inside_the_interval(minority, white):
    value, low, high = ratios.rate_ratio(minority, 16_212, white, 52_286)
    figures = published(
        "minority_ethnic_ratio", "population", ["Census 2011"], numerator=minority,
        denominator=white, value=value, lower=low, upper=high, method=ratios.RATE_RATIO,
        note="population Census 2011",
    )  # fmt: skip
    found = narrative.finding(figures)
    if " as likely as White children" in found.heading:
        assert low > 1 or high < 1
    else:
        assert "not clearly more or less likely" in found.heading
        assert "no clear difference" in found.text


@FEW
@given(COUNTS, COUNTS)
def test_no_difference_of_two_pairs_of_cohorts_is_claimed_inside_its_interval(first, second):
    figures = shares(
        "gcse_5_any", "cohort_pair", ["2015 and 2016", "2017 and 2018"],
        [first[0], second[0]], [first[1], second[1]],
    )  # fmt: skip
    _, low, high = proportions.newcombe(*second, *first)
    assert claims(narrative.finding(figures).text) == (low > 0 or high < 0)
