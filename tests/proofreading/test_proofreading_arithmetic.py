"""Exact arithmetic of printed shares, against a list made by counting every possibility."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vectors

from iro_analysis import rounding
from iro_analysis.proofreading import arithmetic
from iro_analysis.proofreading.arithmetic import RULES, Span


def test_grim_agrees_with_the_enumerated_list():
    for row in vectors("grim"):
        printed, total = Decimal(row["reported"]), int(row["n"])
        fitting = arithmetic.counts_that_fit(total, printed)
        assert arithmetic.possible(total, printed) is (row["consistent"] == "True")
        listed = row["source"].split("counts that fit:")[1].replace(" ", "")
        assert fitting == [int(n) for n in listed.split(";") if n]


@pytest.mark.parametrize(
    ("count", "total", "printed", "rules"),
    [
        pytest.param(110, 328, "34", RULES[:3], id="half up, even and up agree on 33.5366"),
        pytest.param(1, 8, "12.5", RULES, id="exact to the place: every rule"),
        pytest.param(1, 8, "13", ("half up", "rounded up"), id="a half goes up"),
        pytest.param(1, 8, "12", ("half to even", "cut off"), id="a half goes to the even number"),
        pytest.param(207, 348, "60", ("rounded up",), id="59.48 only rounds up to 60"),
        pytest.param(64, 348, "19", ("rounded up",), id="last year's total, rounded up"),
        pytest.param(18, 31, "45", (), id="no rounding makes 45 of 58.06"),
        pytest.param(23, 80, "28.8", ("half up", "half to even", "rounded up"), id="28.75"),
        pytest.param(23, 80, "28.7", ("cut off",), id="a float's 28.75 is under a half"),
        pytest.param(0, 28, "0", RULES, id="none"),
        pytest.param(28, 28, "100", RULES, id="all"),
    ],
)
def test_roundings_are_told_apart(count, total, printed, rules):
    assert arithmetic.rules_that_fit(count, total, Decimal(printed)) == rules


counted = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counted, st.integers(0, 2), st.sampled_from(RULES))
def test_what_is_printed_can_be_traced_back(pair, places, rule):
    count, total = pair
    printed = arithmetic.rounded(count, total, places, rule)
    assert count in arithmetic.counts_that_fit(total, printed, (rule,))
    assert total in arithmetic.totals_that_fit(count, printed, rule)
    assert arithmetic.possible(total, printed) or rule in ("rounded up", "cut off")


@given(counted, st.integers(0, 1))
def test_half_up_is_the_one_rule_of_the_suite(pair, places):
    count, total = pair
    mine = arithmetic.rounded(count, total, places)
    assert mine == rounding.half_up(count / total * 100, places)


@given(st.integers(1, 60), st.integers(0, 100), st.sampled_from(RULES))
def test_the_totals_that_fit_are_all_of_them(count, share, rule):
    printed = Decimal(share)
    span = arithmetic.totals_that_fit(count, printed, rule, most=800)
    slow = [n for n in range(1, 801) if arithmetic.fits(count, n, printed, rule)]
    assert slow == list(range(span.low, min(span.high, 800) + 1))


def test_ten_shares_have_one_total_between_them():
    pairs = [(110, "32"), (97, "28"), (51, "15"), (69, "20"), (207, "60")]
    pairs += [(177, "51"), (64, "19"), (12, "4"), (72, "21"), (3, "1")]
    pairs = [(count, Decimal(share)) for count, share in pairs]
    assert not arithmetic.totals_that_fit_all(pairs)
    assert arithmetic.totals_that_fit_all(pairs, "rounded up") == Span(348, 350)


@pytest.mark.parametrize(
    ("parts", "whole", "can"),
    [
        pytest.param([30, 43, 15, 13], 100, True, id="101 of four parts is rounding"),
        pytest.param([59, 41], 100, True, id="two that make the whole"),
        pytest.param([59, 40], 100, True, id="99 of two halves"),
        pytest.param([58, 40], 100, False, id="98 of two is no rounding"),
        pytest.param(["14.7", "63.4", "1.9", "0.2", "0.2", "0.9", "15.5", "3.1"], 100, True,
                     id="99.9 of eight at one place"),
        pytest.param([43, 30], 73, True, id="a named sum"),
        pytest.param([43, 30], 75, False, id="a named sum that is none"),
    ],
)  # fmt: skip
def test_parts_make_a_whole_as_far_as_rounding_goes(parts, whole, can):
    assert arithmetic.can_sum_to([Decimal(part) for part in parts], Decimal(whole)) is can
