"""How results are said: a table of results and the words they get."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iro_analysis import rounding, wording


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-2.5, 0, "-3"), (2.4999, 0, "2"),
        (23 / 80 * 100, 1, "28.8"), (0.125, 2, "0.13"), (1.005, 2, "1.01"), (-0.2, 0, "0"),
    ],
)  # fmt: skip
def test_halves_go_up_as_dfe_rounds(value, places, expected):
    assert rounding.half_up(value, places) == Decimal(expected)


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_is_never_more_than_half_a_point_off(x, n):
    value = min(x, n) / n * 100
    assert abs(float(rounding.half_up(value)) - value) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (348, 328, "20 fewer (6% fewer)"),
        (286, 328, "42 more (15% more)"),
        (328, 328, "the same"),
        (1000, 999, "1 fewer (less than 1% fewer)"),
        (0, 4, "4 more"),
        (6, 22, "16 more"),  # 267% more says less
    ],
)
def test_a_change_is_said_in_number_and_share(before, after, said):
    assert wording.change(before, after) == said


@pytest.mark.parametrize(
    ("numerator", "denominator", "said"),
    [
        (110, 328, "110 of 328 (34%)"),
        (1, 328, "1 of 328 (under 1%)"),
        (0, 328, "0 of 328 (0%)"),
        (3, 9, "3 of 9"),
    ],
)
def test_a_share_comes_with_its_frequency_and_no_percentage_under_ten(numerator, denominator, said):
    assert wording.share(numerator, denominator) == said


def test_a_share_says_of_which_people_it_is_before_its_percentage():
    assert wording.share(33, 328, "children") == "33 of 328 children (10%)"
    assert wording.share(1, 8, "children") == "1 of 8 children"


def test_what_is_not_ours_is_escaped_for_markdown_and_html():
    name = '<script>alert(1)</script> *Bold* [x](http://e.x) "q"'
    assert "<" not in wording.in_html(name)
    assert '"' not in wording.in_html(name)
    assert "<" not in wording.in_markdown(name)
    assert "\\*Bold\\*" in wording.in_markdown(name)
    assert "\\[x\\]\\(http" in wording.in_markdown(name)
